"""Scarce places outside the cell: semi-liberty quarters, hosts of external placements, tags.

Places are shared between those who ask for them by any procedure. Whoever is granted one waits in order of the day it was
due. Semi-liberty and external placements belong to an interregion, devices to the country.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from sim.institutions.queues import QueueKind, enqueue, leave_queue

if TYPE_CHECKING:
    from sim.engine.compile import Code, Count
    from sim.institutions.state import State
    from sim.population.person import Person


class PlaceKind(IntEnum):
    """Kinds of scarce places a regime may need (:attr:`~sim.law.adjustments.Regime.places`)."""

    UNLIMITED = 0
    SEMI_LIBERTY = 1
    EXTERNAL = 2
    DEVICES = 3


_NO_LIMIT = 1e9
KIND_OF_PLACES = {"SL": PlaceKind.SEMI_LIBERTY, "PE": PlaceKind.EXTERNAL, "devices": PlaceKind.DEVICES}


class Pool:
    """Places of one regime in one territory."""

    regime: Code
    places: Count
    used: Count
    fitted: float
    """Fittings still possible this week, for tags."""
    queue: Count
    """Queue of those who were granted one and wait."""


def pool_number(state: State, regime: int, quarter: int) -> int:
    """Pool of the places a regime needs in the interregion of a quarter; -1 if they are not limited."""
    kind = state.regimes[regime].places
    regions = state.nation.regions
    if kind == PlaceKind.SEMI_LIBERTY:
        return int(state.quarters[quarter].region)
    if kind == PlaceKind.EXTERNAL:
        return int(regions + state.quarters[quarter].region)
    if kind == PlaceKind.DEVICES:
        return int(2 * regions)
    return -1


def free_places(pool: Pool) -> int:
    """Places nobody has and that can be taken today: a tag needs somebody to fit it."""
    free = pool.places - pool.used
    return free if pool.fitted >= 1.0 or free < 0 else 0


def take_place(pool: Pool) -> None:
    """Take a place."""
    pool.used += 1
    pool.fitted -= 1.0


def open_week(state: State, fraction: float) -> None:
    """Give the pool of tags the fittings of a week; other places need none."""
    for pool in state.pools:
        if state.regimes[pool.regime].places == PlaceKind.DEVICES:
            pool.fitted = state.parameters.placements.fittings_a_week * fraction + pool.fitted % 1.0
        else:
            pool.fitted = _NO_LIMIT


def wait_for_place(state: State, pool: Pool, person: Person) -> None:
    """Put someone with a grant on the waiting list."""
    person.place_wanted_day = state.nation.day
    person.waiting_place = True
    enqueue(state, QueueKind.PLACE, pool.queue, person)


def give_up_waiting(state: State, person: Person) -> None:
    """Take someone off the waiting list."""
    leave_queue(state, QueueKind.PLACE, person)
    person.waiting_place = False


def next_waiting(state: State, pool: Pool) -> int:
    """Slot of the next person waiting, taken off the list; -1 if nobody waits."""
    slot = state.queues[pool.queue].first
    if slot >= 0:
        give_up_waiting(state, state.people[slot])
    return int(slot)
