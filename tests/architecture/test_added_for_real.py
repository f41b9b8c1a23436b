"""What CONTRIBUTING says people add, added to a copy of the project, in the places it names and no other."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from textwrap import dedent

import pytest

from tests.law.test_new_adjustment import MODULE

pytestmark = pytest.mark.nightly

SMALL = """extends: baseline.yaml
title: {fr: Petit, en: Small}
start: 2022-01-01
measure_from: 2022-01-01
end: 2022-05-31
sampling_fraction: 0.002
"""


class Project:
    """A copy of the project, in which somebody writes."""

    def __init__(self, folder, root):
        self.folder = folder
        ignored = shutil.ignore_patterns("__pycache__")
        for name in ("sim", "scenarios", "docs", "tests/law/cases"):
            shutil.copytree(root / name, folder / name, ignore=ignored)
        self.write("small.yaml", SMALL)
        self.before = self.files()

    def files(self):
        """What people write: results and caches are the machine's."""
        paths = [path for room in ("sim", "scenarios", "docs", "tests") for path in (self.folder / room).rglob("*")]
        kept = [path for path in paths if path.suffix in {".py", ".yaml"}]
        return {str(path.relative_to(self.folder)): path.read_text(encoding="utf-8") for path in kept}

    def touched(self):
        after = self.files()
        return {name for name in after if after[name] != self.before.get(name)}

    def read(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def write(self, name, text):
        (self.folder / name).write_text(dedent(text), encoding="utf-8")

    def edit(self, name, *pairs):
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert text.count(old) == 1, (name, old)
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def run(self, *arguments):
        """Run Python on the copy, the engine uncompiled."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SORTIE")}
        environment = {**clean, "PYTHONPATH": str(self.folder), "SORTIE_PLAIN": "1", "SORTIE_CACHE": str(self.folder / "cache")}
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)

    def python(self, *arguments, fails=False):
        """Run it, and return what it said."""
        done = self.run(*arguments)
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return done.stderr if fails else done.stdout

    def table(self, name, scenario=SMALL):
        """A table of a small run: its columns, and the regimes of its codebook."""
        return json.loads(self.python("-c", TABLE.format(scenario=scenario, name=name)))


TABLE = """
import json
from sim.scenario import read_scenario
from sim.simulation.run import simulate
records = simulate(read_scenario('''{scenario}''', name="small"), seed=1, replication=0)
table = records.tables["{name}"].array()
print(json.dumps({{"regimes": list(records.codebook.regimes), **{{name: table[name].tolist() for name in table.dtype.names}}}}))
"""


@pytest.fixture
def project(tmp_path, root):
    return Project(tmp_path, root)


# ---- an adjustment, with places of its own --------------------------------------------------------------------------------

RULES = """\
    notion: mobile_bracelet
    title: {en: Mobile bracelet, fr: Bracelet mobile}
    references:
      none: {title: "A fiction of the tests"}
    rules:
      max_months:
        label: {en: Longest remainder, fr: Reliquat au plus}
        unit: months
        article: fictitious
        basis: date_of_decision
        values:
          - {from: 2020-01-01, value: 24, reference: none, quality: derived}
    """
CASE = """\
    - case: "a year, eight months left"
      article: fictitious
      sentence: {committed: 2024-02-01, quantum: 30 months}
      expect: {PBM: 2024-06-01}
    """
PRACTICE = {
    "practices.files.hours": 2,
    "practices.files.external_days": 20,
    "practices.files.asked_housed": 0.9,
    "practices.files.asked_unhoused": 0.9,
    "practices.placements.fitting_days": 5,
    "practices.placements.shortest_measure_days": 15,
    "practices.measures.withdrawn": 0.05,
    "practices.measures.withdrawn_over_days": 120,
    "practices.measures.probation_days": 90,
    "reconviction.effects": -0.1,
}
"""What `sortie check` asks for, one table after the other, and what is answered."""
WHY = 'kind: assumption, why: "a fiction of the tests"'
NUMBER = f"{{label: {{fr: Bracelets, en: Bracelets}}, value: 1500, unit: bracelets, {WHY}, range: [0, 3000]}}"
COST = f"{{label: {{fr: Jour de bracelet, en: Day of one}}, value: 20, unit: EUR/day, {WHY}, range: [10, 40]}}"
POOL = """POOLS = (
    KindOfPlaces(
        "bracelets",
        PlaceKind.BRACELETS,
        regional=False,
        parameter="means.placements.bracelets",
        cause=Cause.NO_DEVICE,
        waiting_list=WaitingList.DEVICE,
    ),
"""
QUICK = """changes:
  - {on: 2022-01-01, scale: means.enforcement_courts.hearing_slots, by: 50}
  - {on: 2022-01-01, scale: means.probation_service.posts, by: 10}
"""
"""Queues do not shrink with the country: files and hearings without any, so that measures are granted within months."""
SHIPPED = """
from sim.policies import POLICIES
from sim.scenario import available_scenarios, load_scenario
names = [card.name for card in available_scenarios()]
assert len(names) > 30
for name in names:
    load_scenario(name, known_policies=frozenset(POLICIES))
"""


def write_adjustment(project):
    """The first four places: the law."""
    last = "from sim.law.adjustments.release_under_constraint import"
    project.write("sim/law/adjustments/mobile_bracelet.py", MODULE)
    project.edit(
        "sim/law/adjustments/__init__.py",
        ("    ReleaseUnderConstraintAsOfRight(),\n", "    ReleaseUnderConstraintAsOfRight(),\n    MobileBracelet(),\n"),
        (
            last,
            f"from sim.law.adjustments.mobile_bracelet import MobileBracelet\n{last}",
        ),
    )
    project.write("sim/law/texts/mobile_bracelet.yaml", RULES)
    project.write("tests/law/cases/mobile_bracelet.yaml", CASE)


PRICES = ("costs.marginal_day", "costs.per_day")


def write_practice(project):
    """The fifth: the baseline, as `sortie check` asks for it. Return the paths asked for, in order."""
    asked = []
    while True:
        done = project.run("-m", "sim", "check", "baseline")
        if not done.returncode:
            return asked
        assert "no entry 'PBM' (Mobile bracelet" in done.stderr, done.stdout + done.stderr
        path = re.search(r"parameters\.([a-z_.]+[a-z])", done.stderr).group(1)
        assert path not in asked, done.stderr
        asked.append(path)
        name = path.rpartition(".")[2]
        if path in PRICES:
            project.edit("scenarios/baseline.yaml", (f"    {name}:\n", f"    {name}:\n      PBM: {COST}\n"))
        else:
            lines = project.read("scenarios/baseline.yaml").splitlines(keepends=True)
            at = 0
            for depth, part in enumerate(path.split("."), start=1):
                at = next(n for n in range(at, len(lines)) if lines[n].startswith(f"{'  ' * depth}{part}:"))
            at = next(number for number in range(at, len(lines)) if "value: {DDSE: " in lines[number])
            lines[at] = lines[at].replace("value: {DDSE: ", f"value: {{PBM: {PRACTICE[path]}, DDSE: ", 1)
            lines[at] = lines[at].replace("range: {DDSE: ", "range: {PBM: [0.5, 2], DDSE: ", 1)
            if path == "reconviction.effects":
                below = lines.index("        DDSE: [-0.252, 0.012]\n", at)
                lines[below] = f"        PBM: [-0.3, 0.1]\n{lines[below]}"
                prior = next(number for number in range(below, len(lines)) if "prior: {normal: [DDSE, " in lines[number])
                lines[prior] = lines[prior].replace("normal: [DDSE, ", "normal: [PBM, DDSE, ")
            project.write("scenarios/baseline.yaml", "".join(lines))


@pytest.mark.slow
def test_an_adjustment_takes_five_places_and_six_with_places_of_its_own(project):
    before = project.table("standing")
    assert "PBM" not in before["regimes"]

    write_adjustment(project)
    assert set(write_practice(project)) == {*PRACTICE, *PRICES}
    five = project.touched()
    said = project.python("-m", "sim", "run", "small.yaml", "-n", "1", "-w", "1", "--progress", "none", fails=True)
    assert "regime PBM: places: met 'bracelets', expected a kind of places that is declared ('SL', 'PE', 'devices')" in said
    assert "Declare it in POOLS, in sim/institutions/placements.py, with the parameter that says how many." in said
    assert "Traceback" not in said
    project.edit(
        "sim/institutions/placements.py",
        ("    DEVICES = 3\n", "    DEVICES = 3\n    BRACELETS = 4\n"),
        ("POOLS = (\n", POOL),
    )
    project.edit(
        "scenarios/baseline.yaml", ("      external_places: {", f"      bracelets: {NUMBER}\n      external_places: {{")
    )

    assert five == {
        "sim/law/adjustments/mobile_bracelet.py",
        "sim/law/adjustments/__init__.py",
        "sim/law/texts/mobile_bracelet.yaml",
        "tests/law/cases/mobile_bracelet.yaml",
        "scenarios/baseline.yaml",
    }
    assert project.touched() == five | {"sim/institutions/placements.py"}
    project.python("-c", SHIPPED)

    standing = project.table("standing", SMALL + QUICK)
    mine = standing["regimes"].index("PBM")
    rows = [number for number, regime in enumerate(standing["regime"]) if regime == mine]
    assert {standing["places"][row] for row in rows} == {3}, "1,500 bracelets in the country, at 0.002"
    assert max(standing["custody"][row] for row in rows) == 3, "all are taken, and no more"
    project.edit("scenarios/baseline.yaml", ("value: 1500, unit: bracelets", "value: 0, unit: bracelets"))
    none = project.table("standing", SMALL + QUICK)
    rows = [number for number, regime in enumerate(none["regime"]) if regime == mine]
    assert {none["custody"][row] for row in rows} == {0}
    assert max(none["waiting"][row] for row in rows) >= 3, "at least those who had one"


# ---- an indicator ---------------------------------------------------------------------------------------------------------

WOMEN = '''
"""Women among those who leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.indicators.tidy import ALL, Figures, integers, within

if TYPE_CHECKING:
    from sim.indicators.context import Context
    from sim.indicators.tidy import Tables


def women(tables: Tables, context: Context, figures: Figures) -> None:
    """Add the share of women among exits from detention."""
    for window in context.windows():
        left = within(tables.table("exits")[["day", "female"]], window)
        if len(left):
            figures.add(window.label, "women_leaving", ALL, float(integers(left, "female").mean()))
'''


def test_an_indicator_takes_three_places_and_is_measured_on_a_run_already_made(project):
    project.python("-m", "sim", "run", "small.yaml", "-n", "1", "-w", "1", "--progress", "none")
    (run,) = (project.folder / "results" / "small").iterdir()
    tables = {path.name: path.read_bytes() for path in (run / "replications" / "000").glob("*.parquet")}
    project.before = project.files()

    project.write("sim/indicators/women.py", WOMEN)
    project.edit(
        "sim/indicators/summary.py",
        (
            "from sim.indicators.waits import waits\n",
            "from sim.indicators.waits import waits\nfrom sim.indicators.women import women\n",
        ),
        ("    costs,\n)", "    costs,\n    women,\n)"),
    )
    project.edit(
        "sim/indicators/catalogue.py",
        (
            "CATALOGUE: dict[str, Entry] = {\n",
            'CATALOGUE: dict[str, Entry] = {\n    "women_leaving": Entry("Women", "share", "Women among exits."),\n',
        ),
    )

    assert project.touched() == {
        "sim/indicators/women.py",
        "sim/indicators/summary.py",
        "sim/indicators/catalogue.py",
    }
    project.python("-m", "sim", "remeasure", str(run))
    assert [path.name for path in (project.folder / "results" / "small").iterdir()] == [run.name]
    found = (run / "indicators.csv").read_text(encoding="utf-8")
    assert "women_leaving" in found
    after = {path.name: path.read_bytes() for path in (run / "replications" / "000").glob("*.parquet")}
    assert {name for name in tables if after[name] != tables[name]} == {"indicators.parquet"}


# ---- an attribute of a person -----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_attribute_of_a_person_takes_three_places_and_moves_nothing_else(project):
    before = project.table("exits")

    project.edit(
        "sim/population/person.py",
        (
            "    felony: bool =",
            '    reads: bool = field(False, drawn="stay", published=True)\n    felony: bool =',
        ),
    )
    project.edit(
        "sim/population/drawing.py",
        ('    CONVICTION = "stay.conviction"\n', '    CONVICTION = "stay.conviction"\n    READS = "stay.reads"\n'),
        (
            "    stay.further = stay.others_longer",
            "    stay.reads = uniform_of(keys[StayPoint.READS], luck, number) < 0.9\n    stay.further = stay.others_longer",
        ),
    )
    project.edit(
        "sim/records/tables.py",
        (
            "female        b  1 for a woman\n",
            "female        b  1 for a woman\nreads         b  1 for somebody who reads French\n",
        ),
    )

    assert project.touched() == {"sim/population/person.py", "sim/population/drawing.py", "sim/records/tables.py"}
    after = project.table("exits")
    assert set(after.pop("reads")) == {0, 1}
    assert after == before
