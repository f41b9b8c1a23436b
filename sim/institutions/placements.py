"""Scarce places outside the cell: semi-liberty quarters, hosts of external placements, tags.

Places are shared between those who ask for them by any procedure. Whoever is granted one waits in order of the day it was
due. Semi-liberty and external placements belong to an interregion, devices to the country.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import LawError
from sim.institutions.prisons import QuarterKind
from sim.institutions.queues import QueueKind, enqueue, leave_queue
from sim.records.codes import Cause, WaitingList

if TYPE_CHECKING:
    from sim.engine.compile import Code, Count
    from sim.institutions.state import State
    from sim.law.adjustments import Regime
    from sim.population.person import Person


class PlaceKind(IntEnum):
    """Kinds of scarce places."""

    UNLIMITED = 0
    SEMI_LIBERTY = 1
    EXTERNAL = 2
    DEVICES = 3


class KindOfPlaces(NamedTuple):
    """A kind of scarce places, declared once."""

    code: str
    """What a regime calls it (:attr:`sim.law.adjustments.Regime.places`)."""
    kind: PlaceKind
    regional: bool
    """Whether places belong to an interregion; to the country if not."""
    parameter: str
    """Path of the number of places in the whole country, shared between interregions if it is regional."""
    cause: Cause
    """Cause of a dry release for want of one."""
    waiting_list: WaitingList
    """List of those who wait for one."""
    quarters: QuarterKind | None = None
    """Kind of quarter whose own places are added."""
    fitted: bool = False
    """Whether somebody must fit it: so many a week (``means.placements.fittings_a_week``)."""
    hosted: bool = False
    """Whether a share of those who have one sleep in prison."""


POOLS = (
    KindOfPlaces(
        "SL",
        PlaceKind.SEMI_LIBERTY,
        regional=True,
        parameter="means.placements.semi_liberty_elsewhere",
        cause=Cause.NO_PLACE_SL,
        waiting_list=WaitingList.SEMI_LIBERTY,
        quarters=QuarterKind.SL,
    ),
    KindOfPlaces(
        "PE",
        PlaceKind.EXTERNAL,
        regional=True,
        parameter="means.placements.external_places",
        cause=Cause.NO_PLACE_PE,
        waiting_list=WaitingList.EXTERNAL_PLACE,
        hosted=True,
    ),
    KindOfPlaces(
        "devices",
        PlaceKind.DEVICES,
        regional=False,
        parameter="means.placements.devices",
        cause=Cause.NO_DEVICE,
        waiting_list=WaitingList.DEVICE,
        fitted=True,
    ),
)
"""Kinds of scarce places that there are: a new one is a member of :class:`PlaceKind` and a line here."""

NO_LIMIT = 1e9


def kind_of_places(regime: Regime) -> PlaceKind:
    """Kind of places a regime needs.

    Raises
    ------
    LawError
        If it names a kind that is not declared: its places would be unlimited.
    """
    if regime.places is None:
        return PlaceKind.UNLIMITED
    for pool in POOLS:
        if pool.code == regime.places:
            return pool.kind
    declared = ", ".join(f"'{pool.code}'" for pool in POOLS)
    message = (
        f"sim/law/adjustments: regime {regime.code}: places: met '{regime.places}', expected a kind of places that is declared"
        f" ({declared}). Declare it in POOLS, in sim/institutions/placements.py, with the parameter that says how many."
    )
    raise LawError(message)


class PlaceKindRow:
    """A kind of places, as the engine sees it; the row of those that are unlimited says nothing."""

    first: Count
    """Its first pool, -1 if there is none."""
    regional: bool
    fitted: bool
    cause: int


class Pool:
    """Places of one kind in one interregion, or in the country."""

    kind: Code
    regime: Code
    """First regime that needs them, -1 if none does."""
    places: Count
    used: Count
    fitted: float
    """Fittings still possible this week, for places that need one."""
    queue: Count
    """Queue of those who were granted one and wait."""


def pool_of_kind(state: State, kind: int, region: int) -> int:
    """Pool of a kind of places for an interregion; -1 if they are not limited."""
    row = state.place_kinds[kind]
    return int(row.first + region) if row.regional else int(row.first)


def pool_number(state: State, regime: int, quarter: int) -> int:
    """Pool of the places a regime needs in the interregion of a quarter; -1 if they are not limited."""
    return pool_of_kind(state, state.regimes[regime].places, state.quarters[quarter].region)


def free_places(pool: Pool) -> int:
    """Places nobody has and that can be taken today: a tag needs somebody to fit it."""
    free = pool.places - pool.used
    return free if pool.fitted >= 1.0 or free < 0 else 0


def take_place(pool: Pool) -> None:
    """Take a place."""
    pool.used += 1
    pool.fitted -= 1.0


def open_week(state: State, fraction: float) -> None:
    """Give the places that somebody must fit the fittings of a week; others need none."""
    for pool in state.pools:
        if state.place_kinds[pool.kind].fitted:
            pool.fitted = state.parameters.placements.fittings_a_week * fraction + pool.fitted % 1.0
        else:
            pool.fitted = NO_LIMIT


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
