"""What docs/api.md and the README show runs as it stands, on a small part of the country; the wheel carries all it needs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

import sim
from sim.api.page import BELOW, PARTS, TEN_LINES, examples

SMALL = 'fraction=0.002, start="2026-01-01", measure_from="2026-02-01", end="2026-12-31"'
POSTS = """scenarios: [baseline]
start: 2026-01-01
measure_from: 2026-02-01
end: 2026-12-31
sampling_fraction: 0.002
replications: 2
levers: [{on: 2026-07-01, add: means.probation_service.posts, by: [700]}]
"""
UNCERTAIN = POSTS.replace("replications: 2", "replications: 1\ndraws: {number: 2, parameters: practices.files}")


def small(script, *, output=""):
    """Return a script that asks for a small part of the country, a year, two replications, and writes where it is told."""
    asked = script.count("fraction=0.05")
    assert asked, "the example says a fraction"
    script = script.replace("fraction=0.05", SMALL + (f', output="{output}"' if output else ""))
    return re.sub(r"replications=\d+", "replications=2", script)


def test_every_public_name_is_on_the_page():
    told = {name for names in PARTS.values() for name in names} | set(BELOW)
    assert told == set(sim.__all__) | {"open"}
    assert all(hasattr(sim, name) for name in told)


def test_the_readme_opens_on_the_ten_lines(root):
    text = (root / "README.md").read_text(encoding="utf-8")
    assert f"```python\n{TEN_LINES}```" in text.partition("\n## ")[0]
    assert text.partition("\n## ")[0].count("\n") < 50, "one screen"
    assert len(TEN_LINES.splitlines()) == 10


@pytest.mark.nightly
def test_the_examples_of_the_page_run(tmp_path, monkeypatch):
    """One script, in the order of the page: what an example makes, the next ones use."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "posts.yaml").write_text(POSTS)
    (tmp_path / "uncertain.yaml").write_text(UNCERTAIN)
    script = small(examples(), output="runs")
    for asked in ('experiment("posts.yaml"', 'answers("uncertain.yaml"'):
        script = script.replace(asked, f'{asked}, output="runs"')
    names: dict[str, object] = {}
    exec(compile(script, "docs/api.md", "exec"), names)  # noqa: S102 (our own page)
    assert repr(names["results"]).startswith("<Results baseline, 700 more CPIP, half-sentence: 2 replications, fraction 0.002")
    assert repr(names["answer"]).startswith("<Answer means.probation_service.posts for caseload <= 60")
    assert repr(names["found"]) == "<PolicyAnswers uncertain: baseline+posts=700>"
    assert set(names["gap"].parts["hypothesis"]) == {"means.enforcement_courts.hearing_slots"}
    assert (tmp_path / "dry.html").stat().st_size > 1000
    assert (tmp_path / "note.html").stat().st_size > 1000


def test_the_wheel_carries_the_alias_the_scenarios_and_the_texts(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = ("sortie.py", "sim/api/results.py", "sim/_scenarios/baseline.yaml", "sim/_scenarios/observed/establishments.csv",
              "sim/law/texts/remission.yaml", "sim/presentation/locales/en.yaml", "sim/_reference/reference.json",
              "sim/_reference/figures.parquet", "sim/explorer/entry/app.py", "sim/explorer/entry/.streamlit/config.toml",
              "sim/explorer/assets/favicon.png")  # fmt: skip
    assert [name for name in wanted if name not in names] == []
    assert wheel.stat().st_size < 5_000_000


def test_the_source_archive_makes_the_same_wheel(wheel, root, tmp_path):
    (made,) = SdistBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])
    shutil.unpack_archive(made, tmp_path, "gztar", filter="data")
    (source,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert (source / "app.py").is_file()
    assert (source / "results" / "make.py").is_file()
    again = next(iter(WheelBuilder(str(source)).build(directory=str(tmp_path / "again"), versions=["standard"])))
    assert set(zipfile.ZipFile(again).namelist()) == set(zipfile.ZipFile(wheel).namelist())


def pasted(folder, python, env):
    """Run the README's lines, pasted into a file of a folder that is no checkout, with no guard; return what it said."""
    file = folder / "ten_lines.py"
    file.write_text(small(TEN_LINES, output=str(folder / "runs")), encoding="utf-8")
    said = subprocess.run([python, file], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "CALENDAR_TOO_SHORT" in said.stdout
    assert re.search(r"baseline +measured +>5 years", said.stdout)
    assert "vega" in (folder / "dry.html").read_text(encoding="utf-8")
    return said


@pytest.mark.slow
def test_the_ten_lines_give_a_table_and_a_plot_outside_the_checkout(wheel, tmp_path, root):
    """From the wheel, taken apart in a folder of its own: nothing of the checkout is read."""
    shutil.unpack_archive(wheel, tmp_path / "installed", "zip")
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "PYTHONSAFEPATH": "1"}
    said = pasted(tmp_path, sys.executable, env)
    assert "6 replications to run" in said.stderr
    where = subprocess.run(
        [sys.executable, "-c", "import sortie, sim; print(sortie.__file__, sim.__file__)"],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert all(Path(file).is_relative_to(tmp_path / "installed") for file in where)
    assert not any(Path(file).is_relative_to(root) for file in where)


def test_importing_the_package_loads_nothing_heavy(root):
    script = (
        "import sys, sortie; dir(sortie); sortie.SimError\n"
        "print('loaded:', *({'pandas', 'scipy', 'pyarrow', 'simpy', 'numba', 'altair', 'pydantic'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True).stdout
    assert said.split() == ["loaded:"]


def test_the_two_names_are_one_package():
    import sortie  # noqa: PLC0415

    assert sortie.Scenario is sim.Scenario
    assert set(sim.__all__) | {"open"} <= set(dir(sortie))
    assert "open" not in sim.__all__, "from sortie import * would take Python's own away"
    with pytest.raises(AttributeError, match="no attribute 'Scenari'"):
        sortie.Scenari  # noqa: B018
