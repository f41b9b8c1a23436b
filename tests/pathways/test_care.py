"""Care for addictions inside: treated in order, by as many as an establishment can, broken off by a move."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.population.person import CareStage
from sim.records.codes import Outcome
from tests.worlds import FinishedRun, run, scenario

SMALL: dict[str, Any] = {"start": "2022-01-01", "end": "2024-06-01", "fraction": 0.03}
CARE, SLOTS = "practices.care", "means.care.slots"
ON = {f"{CARE}.asking_share": 0.75, SLOTS: 5_000.0}


@cache
def world(*changes: tuple[str, float]) -> FinishedRun:
    """A small country where care is waited for, with what a test changes."""
    return run(scenario(overrides={**ON, **dict(changes)}, **SMALL))


def cared(of: FinishedRun) -> float:
    """Share of the people in need who leave treated, or under treatment, after a year of the run."""
    exits = of.tables["exits"]
    exits = exits[(exits["care"] == 1) & (exits["day"] >= of.world.start_day + 365)]
    return float((exits["care_stage"] >= CareStage.TREATED).mean())


def test_no_more_people_are_treated_than_there_is_room_for() -> None:
    """And those treated, or on the line, are people in need, each where they are held."""
    of = world()
    units, people = of.state.care_units, of.people
    treated, waiting = (people[people["care_stage"] == stage] for stage in (CareStage.TREATED, CareStage.WAITING))
    assert (np.bincount(treated["site"], minlength=len(units)) == units.treated).all()
    assert (np.bincount(waiting["site"], minlength=len(units)) == of.state.queues.length[units.queue]).all()
    assert (units.treated <= units.slots).all()
    assert treated["care"].all()
    assert waiting["care"].all()
    assert len(treated) > 50 < len(waiting)
    assert (treated["quarter"] >= 0).all()


def test_nobody_waits_while_there_is_room() -> None:
    table = world().tables["care"]
    assert ((table["treated"] == table["slots"]) | (table["waiting"] == 0)).all()
    assert table["slots"][-len(world().state.care_units) :].sum() == pytest.approx(5_000 * SMALL["fraction"], abs=1)


def test_more_room_more_people_cared_for_and_a_shorter_wait() -> None:
    none, usual, plenty = world((SLOTS, 0.0)), world(), world((SLOTS, 50_000.0))
    assert cared(none) == 0
    assert 0 < cared(usual) < cared(plenty) - 0.1
    waits = [of.tables["care"]["wait_days"].sum() / of.tables["care"]["started"].sum() for of in (usual, plenty)]
    assert waits[1] < 1 < waits[0]


def test_quicker_treatments_reach_more_people() -> None:
    short = world((f"{CARE}.treatment_days", 60.0))
    assert short.tables["care"]["completed"].sum() > world().tables["care"]["completed"].sum() * 1.5


def test_care_counts_before_the_judge() -> None:
    """By its weight: with room for all, more is granted."""
    heavy = ("practices.hearings.decision.care", 4.0)
    granted = [
        int((world(heavy, (SLOTS, slots)).tables["decisions"]["outcome"] == Outcome.GRANTED).sum()) for slots in (0.0, 50_000.0)
    ]
    assert granted[1] > granted[0]


def test_where_nobody_asks_a_file_has_care_arranged() -> None:
    off = world((f"{CARE}.asking_share", 0.0))
    assert off.tables["care"]["treated"].sum() == off.tables["care"]["waiting"].sum() == 0
    assert off.tables["decisions"].tobytes() == world((f"{CARE}.asking_share", 0.0), (SLOTS, 1.0)).tables["decisions"].tobytes()


def test_room_that_opens_on_a_day_changes_nothing_before_it() -> None:
    lines = f"changes:\n  - {{on: 2023-07-01, set: {SLOTS}, to: 20000}}\n"
    later, before = run(scenario(lines, ON, **SMALL)), world()
    day = int(np.datetime64("2023-07-01").astype(int))
    one, other = (of.tables["exits"] for of in (later, before))
    assert one[one["day"] < day].tobytes() == other[other["day"] < day].tobytes()
    assert cared(later) > cared(before)
