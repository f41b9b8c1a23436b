"""Arms that share their past: the bytes of separate runs, whatever differs and whenever."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sim.dates import iso, parse_day
from sim.errors import ScenarioError
from sim.experiments import forking
from sim.experiments.execution import Backend
from sim.experiments.forking import families, parting_day
from sim.experiments.replicate import replicate
from sim.experiments.units import Unit
from sim.institutions import clock
from sim.policies import POLICIES
from tests.worlds import scenario

pytestmark = pytest.mark.nightly

ARMS = {
    "base": "",
    "posts": "changes: [{on: 2022-09-15, scale: means.probation_service.posts, by: 0.2}]\n",
    "hearings": "changes: [{on: 2022-07-01, scale: means.enforcement_courts.hearing_slots, by: 0}]\n",
    "law": "changes: [{on: 2022-05-10, set: law.release_under_constraint.fraction_served, to: 0.5, applies_to: everyone}]\n",
    "newcomers": (
        "changes: [{on: 2022-03-10, set: law.release_under_constraint.fraction_served, to: 0.5, applies_to: new_committals}]\n"
    ),
    "flow": "changes: [{on: 2022-08-20, scale: flows.committals.fast_track, by: 0.4}]\n",
    "cap": "policies: [{name: population_cap, on: 2022-06-13, with: {density: 0.9}}]\n",
    "same": "changes: [{on: 2022-09-15, scale: means.probation_service.posts, by: 1}]\n",
}
SHORT = {"end": "2023-01-01", "fraction": 0.003}


def arm(name: str, **settings):
    return replace(scenario(ARMS[name], **{**SHORT, **settings}), name=name)


def bytes_of(path: Path) -> dict[str, bytes]:
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in sorted(path.rglob("*.parquet"))}


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("posts", "2022-09-01"),
        ("law", "2022-05-01"),
        ("newcomers", "2022-03-01"),
        ("flow", "2022-08-01"),
        ("cap", "2022-06-01"),
        ("same", "2023-01-01"),
    ],
)
def test_arms_part_on_the_first_of_the_month_of_their_first_difference(name, day):
    assert iso(parting_day(arm("base"), arm(name))) == day
    assert iso(parting_day(arm(name), arm("base"))) == day


@pytest.mark.parametrize("settings", [{"fraction": 0.004}, {"end": "2023-02-01"}])
def test_worlds_of_another_frame_share_nothing(settings):
    assert parting_day(arm("base"), arm("posts", **settings)) == parse_day("2022-01-01")


def test_two_policies_one_of_which_has_begun_are_run_apart():
    two = scenario(
        "policies: [{name: population_cap, on: 2022-03-07}, {name: population_cap, on: 2022-06-06, with: {density: 1}}]\n",
        **SHORT,
    )
    one = scenario("policies: [{name: population_cap, on: 2022-03-07}]\n", **SHORT)
    assert parting_day(one, two) == parse_day("2022-01-01")


def test_a_family_is_the_arms_of_one_draw_and_replication(tmp_path):
    base, posts, law = arm("base"), arm("posts"), arm("law")
    apart = arm("hearings", fraction=0.004)
    units = [
        Unit(world, 1, number, keep_events=False, folder=tmp_path / world.name)
        for number in (0, 1)
        for world in (base, posts, law, apart)
    ]
    tasks = [[f"{unit.scenario.name}{unit.replication}" for unit in task] for task in families(units, fork=True)]
    assert tasks == [["base0", "law0", "posts0"], ["hearings0"], ["base1", "law1", "posts1"], ["hearings1"]]
    assert all(len(task) == 1 for task in families(units, fork=False))
    cut = [[f"{unit.scenario.name}{unit.replication}" for unit in task] for task in families(units, fork=True, workers=4)]
    assert cut == [["base0", "posts0"], ["law0"], ["hearings0"], ["base1", "posts1"], ["law1"], ["hearings1"]]
    several = families([unit for unit in units if unit.scenario is not apart], fork=True, workers=50)
    assert [len(task) for task in several] == [1] * 6, "nobody is idle, nobody is asked for nothing"


def test_forked_arms_have_the_bytes_of_separate_runs(tmp_path):
    worlds = [arm(name, fraction=0.01) for name in ARMS]  # enough people for every arm to change somebody's life
    apart = replicate(worlds, replications=1, output=tmp_path / "apart", means=Backend(backend="serial"), events="all")
    forked = replicate(worlds, replications=1, output=tmp_path / "forked", means=Backend(2), events="all", fork=True)
    assert (apart.failures, forked.failures) == ((), ())
    assert bytes_of(tmp_path / "forked") == bytes_of(tmp_path / "apart")
    assert len({(run.path / "replications/000/exits.parquet").read_bytes() for run in forked.runs}) == len(ARMS) - 1


def test_a_change_without_effect_is_refused_before_it_can_be_forked():
    with pytest.raises(ScenarioError, match="is read once, on the first day of the run"):
        scenario("changes: [{on: 2022-06-01, scale: flows.candidates.fast_track, by: 2}]\n", **SHORT)


@pytest.mark.parametrize(
    "error", [ScenarioError("law.leave: met a thing"), ZeroDivisionError("nobody is left")], ids=["mendable", "ours"]
)
@pytest.mark.parametrize("where", ["in an arm", "in the past of all"])
def test_a_failure_in_a_fork_is_told_as_it_is_alone(tmp_path, monkeypatch, error, where):
    def breaks(self, world):
        yield clock.wait_until(world, self.on_day, clock.POLICIES)
        raise error

    short = {"end": "2022-10-01", "fraction": 0.001}
    monkeypatch.setattr(POLICIES["population_cap"], "act", breaks)
    if where == "in an arm":
        worlds, broken = [arm(name, **short) for name in ("base", "posts", "cap")], {"cap"}
    else:
        later = replace(scenario(ARMS["cap"] + ARMS["posts"], **short), name="cap and posts")
        worlds, broken = [arm("cap", **short), later], {"cap", "cap and posts"}
        assert iso(parting_day(*worlds)) == "2022-09-01", "the past they share holds the failure"

    def failures(folder, *, fork):
        means = Backend(backend="serial")
        outcome = replicate(worlds, replications=1, output=tmp_path / folder, means=means, events="none", fork=fork)
        assert [run.replications for run in outcome.runs] == [() if world.name in broken else (0,) for world in worlds]
        return {failure.unit: failure for failure in outcome.failures}

    alone, forked = failures("alone", fork=False), failures("forked", fork=True)

    assert alone.keys() == forked.keys() == {f"{name} #0" for name in broken}
    for unit, failure in alone.items():
        assert str(error) in failure.message
        assert replace(forked[unit], details="") == replace(failure, details="")
        # The traceback is that of the policy, and the user who can mend the scenario is shown none.
        assert bool(failure.details) == bool(forked[unit].details) == isinstance(error, ZeroDivisionError)
        assert ("in breaks" in failure.details) == ("in breaks" in forked[unit].details) == bool(failure.details)


def test_an_arm_is_charged_its_past_and_its_own_future_only(monkeypatch, tmp_path):
    finish = forking.finish_unit

    def slow(unit, future, began):
        if unit.scenario.name == "posts":
            time.sleep(0.5)
        return finish(unit, future, began)

    monkeypatch.setattr(forking, "finish_unit", slow)
    began = time.perf_counter()
    means = Backend(backend="serial")
    outcome = replicate([arm("base"), arm("posts")], replications=1, output=tmp_path, events="none", means=means, fork=True)
    elapsed = time.perf_counter() - began
    assert outcome.failures == ()
    spent = json.loads(next((tmp_path / "base").rglob("unit.json")).read_text())["resources"]["wall_seconds"]
    assert spent < elapsed - 0.5, "the plan would take the slow arm's future for the base's"


ORPHAN = """
import os, time
from types import SimpleNamespace
from sim.experiments import forking

def future(scenario):
    print(os.getpid(), flush=True)
    time.sleep(60)

forking.finish_unit = lambda unit, future, began: future()
unit = SimpleNamespace(scenario=None)
trunk, world = SimpleNamespace(branch=future), SimpleNamespace(check=lambda scenario: None)
next(forking._in_a_fork(unit, trunk, world, [unit], 0.0))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_an_arm_ends_with_the_worker_that_forked_it():
    worker = subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True)
    arm_of_it = int(worker.stdout.readline())
    worker.kill()
    worker.wait()
    worker.stdout.close()
    for _ in range(3_000):
        try:
            state = Path(f"/proc/{arm_of_it}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return
        if state == "Z":
            return
        time.sleep(0.1)
    os.kill(arm_of_it, 9)
    pytest.fail("the arm went on, and would have been saved beside the worker that took it over")
