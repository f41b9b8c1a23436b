"""The real engine on one person in a hundred: the same bytes however it is run, and figures that hold together."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sim import load_scenario, replicate
from sim.experiments.compare import compare, route_changes
from sim.experiments.run_options import adapted
from sim.indicators.catalogue import CATALOGUE
from tests.experiments.conftest import FakeScenario

if TYPE_CHECKING:
    from sim.experiments.replicate import Outcome
    from sim.scenario import Scenario

pytestmark = pytest.mark.nightly

DATES = {"start": "2024-01-01", "measure_from": "2024-07-01", "end": "2025-12-31"}
FRACTION = 0.01
OPTIONS = [word for name, day in DATES.items() for word in (f"--{name.replace('_', '-')}", day)]
COMMAND = [sys.executable, "-m", "sim", "run", "baseline", *OPTIONS, "--fraction", str(FRACTION)]


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory) -> list[Scenario]:
    """The baseline; a world that says the same in another file; one with half the home-detention devices."""
    folder = tmp_path_factory.mktemp("worlds")
    same, fewer = folder / "same.yaml", folder / "fewer.yaml"
    same.write_text("extends: baseline.yaml\ntitle: {fr: Pareil, en: Same}\n", encoding="utf-8")
    fewer.write_text(
        "extends: baseline.yaml\ntitle: {fr: Moins, en: Fewer}\n"
        "changes: [{on: 2024-04-01, scale: means.probation_service.posts, by: 0.5}]\n",
        encoding="utf-8",
    )
    return [adapted(load_scenario(name), days=DATES, fraction=FRACTION) for name in ("baseline", same, fewer)]


@pytest.fixture(scope="module")
def serial(scenarios, tmp_path_factory) -> Outcome:
    return replicate(scenarios, replications=2, workers=1, output=tmp_path_factory.mktemp("serial"))


def bytes_of(path: Path) -> dict[str, bytes]:
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in sorted(path.rglob("*.parquet"))}


def test_nothing_fails(serial):
    assert serial.failures == ()
    assert [run.replications for run in serial.runs] == [(0, 1)] * 3


def test_side_by_side_gives_the_same_bytes(scenarios, serial, tmp_path, monkeypatch):
    """In other processes, which hash in another order."""
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    parallel = replicate(scenarios[:1], replications=2, workers=2, output=tmp_path)
    assert parallel.failures == ()
    assert bytes_of(parallel.runs[0].path) == bytes_of(serial.runs[0].path)
    assert parallel.runs[0].manifest.identity() == serial.runs[0].manifest.identity()


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["0", "12345"])
def test_the_order_python_hashes_in_moves_nothing(serial, tmp_path, root, hash_seed):
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [*COMMAND, "-n", "1", "-w", "1", "--output", str(tmp_path), "--json", "--progress", "none"]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=root, env=environment, check=False)
    assert answer.returncode == 0, answer.stderr
    (run,) = json.loads(answer.stdout)["runs"]
    mine = bytes_of(Path(run["path"]))
    theirs = bytes_of(serial.runs[0].path)
    assert mine == {name: content for name, content in theirs.items() if name.startswith("replications/000")}


def test_a_world_without_changes_differs_by_exactly_nothing(serial):
    comparison = compare(serial.runs[0], serial.runs[1])
    assert len(comparison.figures) > 1000
    assert (comparison.figures["difference"] == 0).all()
    changes = route_changes(comparison)
    assert (changes["base"] == changes["policy"]).all()


def test_a_change_that_bites_changes_lives_and_not_who_is_committed(serial):
    comparison = compare(serial.runs[0], serial.runs[2])
    figures = comparison.figures.set_index(["period", "indicator", "group"])["difference"]["measured"]
    assert figures["caseload"]["all"] > 0
    changes = route_changes(comparison)
    moved = changes[changes["base"] != changes["policy"]]["people_per_year"].sum()
    assert 0 < moved < changes["people_per_year"].sum() / 2


def test_definitions_reconcile_and_ledgers_add_up(serial):
    for run in serial.runs:
        figures = run.indicators().set_index(["replication", "period", "indicator", "group"])["value"]
        for replication in run.replications:
            mine = figures[replication]
            for period in ("measured", "2024", "2025"):
                of = mine[period]
                assert of["bridge_people"]["step=± not reconciled"] == 0
                assert of["bridge_dry"]["step=± not reconciled"] == 0
                causes = of["dry_cause"]
                total = causes[[group for group in causes.index if "class" not in group]].sum()
                assert total == pytest.approx(of["dry_releases"]["all"])
                assert of["releases"]["route=dry"] == pytest.approx(of["dry_releases"]["all"])
                held = of["stock"]
                parts = ("status=remand", "status=sentenced in a cell", "status=measure inside")
                assert sum(held[part] for part in parts) == pytest.approx(held["status=detained"])


def test_every_figure_is_explained(serial):
    assert set(serial.runs[0].indicators()["indicator"]) <= set(CATALOGUE)


def _ends(group: int) -> bool:
    """Say whether a group of processes goes (the system takes a moment to bury them, more on a busy machine)."""
    for _ in range(3_000):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


HEARING = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from sim.cli import main
main(sys.argv[1:])
"""
"""The command, which hears Ctrl-C wherever it is started: what is run in the background is told to ignore it."""


def test_ctrl_c_keeps_what_is_finished_and_leaves_no_process(root, tmp_path):
    told = ["--fraction", "0.002", "-n", "400", "-w", "2", "--output", str(tmp_path), "--progress", "json", "--json"]
    command = [sys.executable, "-c", HEARING, *COMMAND[COMMAND.index("run") : COMMAND.index("--fraction")], *told]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root, start_new_session=True
    )
    try:
        while json.loads(process.stderr.readline())["event"] != "done":
            pass
        os.killpg(process.pid, signal.SIGINT)  # what a terminal does: the command and its workers all receive it
        out, err = process.communicate(timeout=900)
    finally:
        process.kill()
    assert process.returncode == 130
    assert out == ""
    assert "the same command goes on from there" in err
    assert "Traceback" not in err
    assert _ends(process.pid), "a worker is still there"
    (path,) = (tmp_path / "baseline").iterdir()
    kept = sorted(p.name for p in (path / "replications").iterdir() if not p.name.startswith("."))
    assert kept
    assert len(kept) < 400
    assert sorted(f"{int(n):03d}" for n in json.loads((path / "manifest.json").read_text())["replications"]) == kept


class Deadly(FakeScenario):
    """Kills the process that receives it, as the system does when memory runs out."""

    def __setstate__(self, state: object) -> None:
        os._exit(9)


@pytest.mark.slow
def test_a_worker_that_dies_is_told_and_does_not_hang(monkeypatch, tmp_path):
    from tests.fabricated import context  # noqa: PLC0415

    monkeypatch.setattr("sim.experiments.units.context_for", lambda _scenario: context())
    outcome = replicate([Deadly("deadly")], replications=2, workers=2, output=tmp_path)
    assert len(outcome.failures) == 2
    assert "a worker process died" in outcome.failures[0].message
    assert "fewer --workers" in outcome.failures[0].message
    assert outcome.runs[0].replications == ()
