"""Whom a session of the board takes where room is short: whoever fell due first, under either paragraph; permissions alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.institutions.agenda import Step, schedule
from sim.institutions.order_of_service import Order
from sim.pathways.sessions import limited, put_off_first
from sim.pathways.steps import apply_due
from sim.records.codes import Outcome
from tests.neutral import NO_HEARINGS, OFF
from tests.pathways.lives import Small, prison

NEVER_GRANTED = dict.fromkeys(
    ("housing", "occupation", "care", "months", "score", "seen", "removal", "felony", "requisition"), 0.0
) | {"level": -50.0}
REFUSED = {
    **OFF,
    **NO_HEARINGS,
    "practices.files.shortest_remaining_days": 5_000,
    "practices.boards.decision": NEVER_GRANTED,
    "practices.boards.same_standard": 0.0,
    "practices.boards.right_informed_share": 0.0,
    "practices.boards.examined_with_counsellor": 1.0,
    "practices.boards.examined_without_counsellor": 1.0,
}
"""Nobody asks for anything, and the board refuses whomever it examines."""


def with_room(number: int, files: float, facts: dict[str, Any], order: Order = Order.FIRST_COME) -> Small:
    """A prison whose board takes so many files a session."""
    small = prison(number, REFUSED | {"practices.boards.order": order}, facts)
    small.state.courts[small.site].board_room = files
    return small


def test_whoever_is_put_off_comes_before_whoever_falls_due_later() -> None:
    """One file a session; the first person falls due a session or two after the four others, and is examined last."""
    small = with_room(5, 1.0, {"lsc_excluded": True, "total_months": np.array([20, 18, 18, 18, 18])})
    ids = small.people["id"].copy()
    small.live(600)
    found = small.rows("decisions")
    assert len(found) == 5
    assert found["person"].tolist() == ids[[1, 2, 3, 4, 0]].tolist()
    assert (np.diff(found["day"]) == 28).all()


def due_today(order: Order, since: int, files: float = 2.0) -> Small:
    """Two people before the board under § I and two, who came after them, under § II: these since so many days."""
    small = with_room(4, files, {"total_months": 16}, order)
    state = small.state
    day = int(state.nation.day)
    for slot in small.slots[:2]:
        state.people[slot].board_day = day
        schedule(state, day, Step.BOARD, state.people[slot])
    for slot in small.slots[2:]:
        state.people[slot].board_right_day = day
        state.people[slot].board_right_since_day = day - since if since else -1
        schedule(state, day, Step.BOARD_OF_RIGHT, state.people[slot])
    for step in (Step.BOARD, Step.BOARD_OF_RIGHT):
        apply_due(state, step)
    return small


def examined(small: Small) -> list[bool]:
    """Who of the four was examined."""
    people = small.people
    return [*(people["board_outcome"][:2] >= 0).tolist(), *(people["board_right_outcome"][2:] >= 0).tolist()]


@pytest.mark.parametrize(("since", "who"), [(28, [False, False, True, True]), (0, [True, True, False, False])])
def test_two_thirds_does_not_go_before_the_release_as_of_right(since: int, who: list[bool]) -> None:
    """Room for two: those who fell due a session ago, or, if all fall due today, those who came to prison first."""
    small = due_today(Order.FIRST_COME, since)
    assert examined(small) == who
    people = small.people
    put_off = people["board_since_day"][:2] if since else people["board_right_since_day"][2:]
    assert (put_off == small.state.nation.day).all(), "they keep the day they fell due"
    left = people["board_right_since_day"][2:] if since else people["board_since_day"][:2]
    assert (left == -1).all()


def test_the_nearest_end_comes_first_under_either_paragraph() -> None:
    """Room for two, and the two of § II leave sooner: they are taken though the two of § I were due a session before."""
    small = with_room(4, 2.0, {"total_months": np.array([16, 16, 15, 15])}, Order.NEAREST_END)
    state = small.state
    day = int(state.nation.day)
    for place, slot in enumerate(small.slots):
        person: Any = state.people[slot]
        if place < 2:
            person.board_day, person.board_since_day = day, day - 28
            schedule(state, day, Step.BOARD, person)
        else:
            person.board_right_day = day
            schedule(state, day, Step.BOARD_OF_RIGHT, person)
    for step in (Step.BOARD, Step.BOARD_OF_RIGHT):
        apply_due(state, step)
    assert examined(small) == [False, False, True, True]


def test_boards_without_a_limit_examine_everybody_paragraph_by_paragraph() -> None:
    small = due_today(Order.FIRST_COME, 28, 1_000_000.0)
    assert not limited(small.state)
    assert examined(small) == [True] * 4
    # § I is written before § II, whoever fell due first.
    assert small.rows("decisions")["person"].tolist() == small.people["id"].tolist()
    assert set(small.people["board_outcome"][:2].tolist()) == {Outcome.REFUSED_PROJECT}


def test_permissions_put_off_come_before_new_ones() -> None:
    small = prison(4, REFUSED, {})
    for slot, times in zip(small.slots, (0, 1, 0, 2), strict=True):
        small.state.people[slot].leave_put_off = times
    assert put_off_first(small.state, small.slots).tolist() == small.slots[[3, 1, 0, 2]].tolist()


@pytest.mark.parametrize("of_right_first", [False, True])
def test_an_examination_put_off_is_not_forgotten_for_another_that_is_held(of_right_first: bool) -> None:
    """Room for one of a person's two: the one under the other paragraph waits for the next session, and is told as waiting."""
    small = with_room(1, 1.0, {"total_months": 16})
    state = small.state
    day = int(state.nation.day)
    person: Any = state.people[small.slots[0]]
    person.board_day = person.board_right_day = day
    person.board_right_since_day = day - 28 if of_right_first else -1
    schedule(state, day, Step.BOARD, person)
    schedule(state, day, Step.BOARD_OF_RIGHT, person)
    for step in (Step.BOARD, Step.BOARD_OF_RIGHT):
        apply_due(state, step)
    assert (person.board_outcome >= 0, person.board_right_outcome >= 0) == (not of_right_first, of_right_first)
    assert (person.board_put_off, person.board_right_put_off) == (of_right_first, not of_right_first)
