"""In which order files, hearings and boards take the people who wait: first come, nearest end, or nearest opening.

The baseline is first come first served; at a board, whoever fell due first (:mod:`sim.pathways.sessions`). A service may
instead take first whoever leaves soonest, or whoever the law opens a measure to soonest: the others then wait longer, those
with much left to serve first of all.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.institutions.expected_end import planned_end

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.institutions.state import State
    from sim.population.person import Person


class Order(IntEnum):
    """Who is taken first (``practices.files.order``, ``practices.hearings.order``, ``practices.boards.order``)."""

    FIRST_COME = 0
    NEAREST_END = 1
    NEAREST_OPENING = 2


def turn_of(person: Person, order: int, state: State) -> int:
    """Day a person is ranked by: the end that is planned on, or the first day the law opens a measure, if it does."""
    if order == Order.NEAREST_OPENING and person.eligible_day >= 0:
        return int(person.eligible_day)
    return planned_end(person, state)


def in_order(state: State, slots: NDArray[Any], order: int) -> NDArray[Any]:
    """Put people in the order of a service; those ranked alike stay as they came.

    Parameters
    ----------
    slots
        People as they came, shape ``(n,)``.

    Returns
    -------
        The same, shape ``(n,)``.
    """
    if order == Order.FIRST_COME:
        return slots
    turns = np.empty(len(slots), dtype=np.int64)
    for place in range(len(slots)):
        turns[place] = turn_of(state.people[slots[place]], order, state)
    return slots[np.argsort(turns, kind="mergesort")]
