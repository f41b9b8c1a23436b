"""Scarce places outside the cell: semi-liberty quarters, hosts of external placements, tags.

Places are shared between those who ask for them by any procedure. Whoever is granted one waits in order of the day it was
due. Semi-liberty and external placements belong to an interregion, devices to the country.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.queues import FOR_PLACE, enqueue, leave_queue

if TYPE_CHECKING:
    from sim.engine.compile import Code, Count
    from sim.institutions.state import State
    from sim.population.person import Person

# Kinds of scarce places (``Regime.places``).
UNLIMITED, SEMI_LIBERTY, EXTERNAL, DEVICES = range(4)
_NO_LIMIT = 1e9
KIND_OF_PLACES = {"SL": SEMI_LIBERTY, "PE": EXTERNAL, "devices": DEVICES}


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
    if kind == SEMI_LIBERTY:
        return int(state.quarters[quarter].region)
    if kind == EXTERNAL:
        return int(regions + state.quarters[quarter].region)
    if kind == DEVICES:
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
        if state.regimes[pool.regime].places == DEVICES:
            pool.fitted = state.parameters.fittings * fraction + pool.fitted % 1.0
        else:
            pool.fitted = _NO_LIMIT


def wait_for_place(state: State, pool: Pool, person: Person) -> None:
    """Put someone with a grant on the waiting list."""
    person.effect_day = state.nation.day
    person.waiting_place = True
    enqueue(state, FOR_PLACE, pool.queue, person)


def give_up_waiting(state: State, person: Person) -> None:
    """Take someone off the waiting list."""
    leave_queue(state, FOR_PLACE, person)
    person.waiting_place = False


def next_waiting(state: State, pool: Pool) -> int:
    """Slot of the next person waiting, taken off the list; -1 if nobody waits."""
    slot = state.queues[pool.queue].first
    if slot >= 0:
        give_up_waiting(state, state.people[slot])
    return int(slot)
