"""Jobs inside: had by those who asked first, freed at the exit, and what that gives."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.population.person import WorkState
from sim.records.codes import Status
from tests.worlds import FinishedRun, run, scenario

SMALL: dict[str, Any] = {"start": "2022-01-01", "end": "2024-06-01", "fraction": 0.03}
WORK = "practices.work"
ON = {f"{WORK}.asking_share": 0.75}
OCCUPATION = "means.establishments.occupation"


@cache
def world(*changes: tuple[str, float], on: bool = True) -> FinishedRun:
    """A small country where jobs are waited for, with what a test changes."""
    return run(scenario(overrides={**(ON if on else {}), **dict(changes)}, **SMALL))


def never_worked(of: FinishedRun) -> float:
    """Share of the people who leave after a year of the run without ever a job."""
    exits = of.tables["exits"]
    return float((exits["jobs"][exits["day"] >= of.world.start_day + 365] == 0).mean())


def test_no_more_people_work_than_there_are_jobs() -> None:
    """And those who do are the people who have one, each in the quarter where they sleep."""
    of = world()
    shops, people = of.state.workshops, of.people
    working = people[people["work"] == WorkState.WORKING]
    assert (np.bincount(working["quarter"], minlength=len(shops)) == shops.working).all()
    waiting = people[people["work"] == WorkState.WAITING]
    assert (np.bincount(waiting["quarter"], minlength=len(shops)) == of.state.queues.length[shops.queue]).all()
    table = of.tables["jobs"]
    assert (table["working"] <= table["jobs"]).all()
    assert len(working) > 100
    assert np.isin(working["status"], (Status.REMAND, Status.SENTENCED)).all()


def test_no_job_stays_free_while_somebody_waits() -> None:
    """On any first of the month."""
    table = world().tables["jobs"]
    assert ((table["working"] == table["jobs"]) | (table["waiting"] == 0)).all()


def test_the_published_share_works_in_each_kind_of_quarter() -> None:
    """23 % in remand prisons, 41 % in detention centres, 61 % in maisons centrales of the people of the base date."""
    of = world()
    kinds = np.array([quarter.kind for quarter in of.world.geography.quarters])
    held = np.array([quarter.base_detainees for quarter in of.world.geography.quarters])
    # A quarter that nobody was in on the base date has jobs for its places.
    held = np.where(held > 0, held, of.state.quarters.capacity / SMALL["fraction"])
    for kind, share in enumerate((0.23, 0.41, 0.61)):
        jobs = of.state.workshops.jobs[kinds == kind].sum()
        assert jobs == pytest.approx(share * held[kinds == kind].sum() * SMALL["fraction"], abs=1)


def test_who_stays_longer_has_worked_more_often() -> None:
    """In order of arrival: short stays leave before their turn comes."""
    exits = world().tables["exits"]
    stay = exits["day"] - exits["committed_day"]
    assert (exits["jobs"][stay > 365] > 0).mean() > (exits["jobs"][stay < 120] > 0).mean() + 0.2
    assert (exits["jobs"][stay < 14] == 0).all()


def test_more_jobs_fewer_who_never_worked() -> None:
    more = world((f"{OCCUPATION}.MA", 0.6))
    none = world((f"{OCCUPATION}.MA", 0.0), (f"{OCCUPATION}.CD", 0.0), (f"{OCCUPATION}.MC", 0.0))
    assert never_worked(more) < never_worked(world()) - 0.1 < never_worked(none)
    assert none.tables["jobs"]["working"][-1] == 0


def test_jobs_that_last_are_had_by_fewer_people() -> None:
    assert never_worked(world((f"{WORK}.job_days", 400.0))) > never_worked(world((f"{WORK}.job_days", 40.0))) + 0.1


def test_a_job_counts_once_it_has_lasted() -> None:
    """Before the judge, after so many days: later, fewer grants."""
    at_once, never = world((f"{WORK}.shown_days", 0.0)), world((f"{WORK}.shown_days", 10_000.0))
    granted = [int((of.tables["decisions"]["outcome"] == 0).sum()) for of in (at_once, never)]
    assert granted[0] > granted[1]


def test_where_nobody_asks_the_same_people_always_work() -> None:
    """The line is empty, and what a job does hangs on a share of people, as before."""
    off = world(on=False)
    assert off.tables["jobs"]["working"].sum() == off.tables["jobs"]["waiting"].sum() == 0
    assert (off.tables["exits"]["jobs"] == 0).all()


def test_jobs_added_on_a_day_are_filled_that_week() -> None:
    lines = f"changes:\n  - {{on: 2023-07-01, set: {OCCUPATION}.MA, to: 0.6}}\n"
    later, before = run(scenario(lines, ON, **SMALL)), world()
    day = int(np.datetime64("2023-07-01").astype(int))
    one, other = (of.tables["exits"] for of in (later, before))
    assert one[one["day"] < day].tobytes() == other[other["day"] < day].tobytes()
    working = [of.tables["jobs"]["working"][of.tables["jobs"]["day"] == day + 31].sum() for of in (later, before)]
    assert working[0] > working[1] * 1.5
