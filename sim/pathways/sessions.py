"""In which order the sessions of a day take the people due: across both releases under constraint, where room is short.

First come is whose examination first fell due longest ago; whoever is put off keeps that day. Where boards have no limit
everybody due is examined that day: by identifier, § I before § II, as the order only says who has the last place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.institutions.agenda import Step, take_due
from sim.institutions.enforcement_court import BOARD_PERIOD
from sim.institutions.order_of_service import Order, in_order, turn_of
from sim.pathways.boards import examine, examine_of_right
from sim.scenario.boards import NO_LIMIT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.institutions.state import State

_BEFORE_ALL = -(1 << 40)
"""Turn of those whose board has no limit: they stay as they came."""


def limited(state: State) -> bool:
    """Whether any board has a limit today."""
    for site in range(len(state.offices)):  # noqa: SIM110 (compiled code has no generator)
        if state.courts[site].board_room < NO_LIMIT:
            return True
    return False


def hold_boards(state: State) -> None:
    """Examine everybody due today under either paragraph, where boards are limited: one order for both."""
    order = state.parameters.boards.order
    two_thirds = in_order(state, take_due(state, Step.BOARD), order)
    of_right = in_order(state, take_due(state, Step.BOARD_OF_RIGHT), order)
    slots = np.concatenate((two_thirds, of_right))
    turns = np.empty(len(slots), dtype=np.int64)
    names = np.empty(len(slots), dtype=np.int64)
    for place in range(len(slots)):
        person = state.people[slots[place]]
        names[place] = person.id
        since = person.board_since_day if place < len(two_thirds) else person.board_right_since_day
        if state.courts[person.site].board_room >= NO_LIMIT:
            turns[place], names[place] = _BEFORE_ALL, place
        elif order != Order.FIRST_COME:
            turns[place] = turn_of(person, order, state)
        else:
            turns[place] = since if since >= 0 else state.nation.day
    for place in _by_turn(turns, names):
        if place < len(two_thirds):
            examine(state.people[slots[place]], state)
        else:
            examine_of_right(state.people[slots[place]], state)


def put_off_first(state: State, slots: NDArray[Any]) -> NDArray[Any]:
    """Put requests for a permission in the order they first came before a board: those put off most often first.

    Parameters
    ----------
    slots
        People by identifier, shape ``(n,)``.

    Returns
    -------
        The same, shape ``(n,)``.
    """
    turns = np.empty(len(slots), dtype=np.int64)
    for place in range(len(slots)):
        turns[place] = -BOARD_PERIOD * state.people[slots[place]].leave_put_off
    return slots[np.argsort(turns, kind="mergesort")]


def _by_turn(turns: NDArray[np.int64], names: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places by turn, those of one turn by name."""
    named = np.argsort(names, kind="mergesort")
    return named[np.argsort(turns[named], kind="mergesort")]
