"""The penal system in numbers: what every step and every decision of a run receives.

One tuple of tables and records, of which compiled code knows the types. It holds no rule: law is in ``sim.law``, what
happens to a person in ``sim.pathways``. :class:`~sim.institutions.world.World` builds it, and holds what only
Python needs.
"""

from __future__ import annotations

from enum import IntEnum
from math import exp
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.engine.compile import PLAIN, import_numba
from sim.randomness import normal_quantile, uniform_of
from sim.records.tables import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.engine.compile import Code, Count, Day
    from sim.institutions.care import CareUnit
    from sim.institutions.community_supervision import CommunityTeam
    from sim.institutions.decision_points import DecisionPoint
    from sim.institutions.enforcement_court import Court
    from sim.institutions.jobs import Workshop
    from sim.institutions.lodging import LodgingPool
    from sim.institutions.parameter_readers import Row
    from sim.institutions.parameters import ParametersOfDay
    from sim.institutions.placements import PlaceKindRow, Pool
    from sim.institutions.prisons import QuarterRow
    from sim.institutions.probation_service import OpenFile, ProbationOffice
    from sim.institutions.queues import Queue
    from sim.law.statutes import StatutesInForce
    from sim.population.person import Person
    from sim.records.codes import Movement


class Table(IntEnum):
    """Tables that steps write; the others are counted at the census."""

    EVENTS = 0
    EXITS = 1
    ENDS = 2
    DECISIONS = 3
    MEASURES = 4
    LEAVES = 5


TABLES = tuple(table.name.lower() for table in Table)
assert set(TABLES) <= set(SCHEMA)


class NationalTotals:
    """The day, and what is counted once for the whole country."""

    day: Day
    season: float
    """Sittings of this month, relative to the mean month."""
    start_day: Day
    end_day: Day
    """Day after the last one simulated."""
    fraction: float
    """Sampling fraction."""
    regions: Count
    release_code: Code
    """Adjustment that ends the committal by a hearing: what a probationary measure leads to."""
    release_regime: Code
    tag_regime: Code
    """Regime a measure from liberty falls back on when its places stay full."""
    moved: bool
    """Whether a scenario has opened or closed a prison."""
    writes: bool
    """Whether movements are written down."""
    entries: Count
    home_starts: Count
    exits: Count
    returns: Count
    released: Count
    soon: Count
    free_days: Count
    removed: Count
    programme_wanted: Count
    """People directed to a programme who agreed."""
    programme_begun: Count
    programme_room: float
    """People programmes can still take."""
    programme_day: Day
    recalls: Count
    incidents: Count
    """Incidents of measures under way."""
    reminded: Count
    widened: Count
    """Incidents answered by more hours out of the home."""
    remission_lost: Count
    suspended: Count
    turned: Count
    converted: Count
    """Measures from liberty that found no tag, converted into another sentence."""
    enforced: Count
    """The same, enforced in a cell."""
    pool: Count
    """Free convicts awaiting the judge."""
    inside: Count
    """People on a measure under committal who sleep in prison."""
    outside: Count
    free_page: Count
    """First free page of the register."""
    pages_left: Count
    applied: int
    """Steps applied so far (a determinism check and the unit of the benchmarks)."""
    free_slots: Count
    """Slots of the table of people that nobody has."""
    search_extra: float
    """Days that searches for a home have gained on the usual pace by ``search_since_day``; below 0: lost."""
    search_since_day: Day
    return_queue: Count
    """Queue of the returns of the first month."""


class AdjustmentRow:
    """An adjustment, as the engine sees it."""

    needs_hearing: bool
    of_right: bool
    consent_needed: bool
    first_regime: Code
    """First regime it may take the form of."""


class RegimeRow:
    """A regime, as the engine sees it."""

    ends_committal: bool
    sleeps_inside: bool
    places: Code
    """Kind of scarce places it needs (:mod:`sim.institutions.placements`)."""
    hosted: bool
    """Whether a share sleeps in prison (external placement)."""
    closed_by_cap: bool
    """Whether a cap keeps it closed to new grants today (:mod:`sim.policies.type_cap`)."""
    absorbs: float
    """Share of the people displaced by a cap who are granted it instead."""
    from_cell: Count
    """People on it who came from a cell."""
    from_liberty: Count


class Reconviction:
    """What dates a new offence (:func:`sim.reconviction.hazard.months_to_offence`), under the central assumption."""

    edges: NDArray[Any]
    hazard: NDArray[Any]
    effect: NDArray[Any]
    """Factor exp(θ) by route (0: dry), kind of procedure (1: release under constraint) and interval."""
    on_seen: float
    on_unseen: float


class State(NamedTuple):
    """Tables and records of a run."""

    nation: NationalTotals
    parameters: ParametersOfDay
    """What holds in the whole country: where nothing else is said."""
    local: Sequence[ParametersOfDay]
    """What holds in each set of places that a scenario tells apart; the first row is ``parameters``, in the same memory."""
    reconviction: Reconviction
    people: Sequence[Person]
    laws: Sequence[StatutesInForce]
    """Law in force today, one for each class of committals (reforms may apply to new committals only)."""
    law_from: Sequence[Day]
    """First committal of each class."""
    adjustments: Sequence[AdjustmentRow]
    regimes: Sequence[RegimeRow]
    hearing_codes: Sequence[Code]
    board_codes: Sequence[Code]
    right_codes: Sequence[Code]
    regimes_of_adjustment: Sequence[Sequence[Code]]
    """Regimes of each adjustment in the order examined, -1 beyond, shape ``(n_adjustments, n_regimes)``."""
    place_kinds: Sequence[PlaceKindRow]
    """By number of the kind of scarce places."""
    quarters: Sequence[QuarterRow]
    by_group: Sequence[Count]
    """Quarters by kind and interregion."""
    first_of_group: Sequence[Count]
    offices: Sequence[ProbationOffice]
    files: Sequence[OpenFile]
    """Files being prepared, those of an office side by side."""
    courts: Sequence[Court]
    community_teams: Sequence[CommunityTeam]
    """The open setting, by interregion."""
    pools: Sequence[Pool]
    lodgings: Sequence[LodgingPool]
    """Lots of places to live in, two for each interregion (:mod:`sim.institutions.lodging`)."""
    workshops: Sequence[Workshop]
    """Jobs of each quarter (:mod:`sim.institutions.jobs`)."""
    care_units: Sequence[CareUnit]
    """Care in each establishment (:mod:`sim.institutions.care`)."""
    lodging_ends: NDArray[Any]
    """People whose time in a place is over, by lot and week of the run, shape ``(n_lots, n_weeks)``."""
    transfer_queues: NDArray[Any]
    """Queue of those who wait for a kind of quarter in an interregion, shape ``(n_kinds, n_regions)``."""
    queues: Sequence[Queue]
    links: NDArray[Any]
    """Where each person stands in each kind of queue, shape ``(n_slots, n_kinds_of_queue)``."""
    last_page: NDArray[Any]
    """Last page of the register for each kind of step and day, shape ``(n_steps, n_days)``."""
    pages: NDArray[Any]
    """Pages of the register, shape ``(n_pages, 8)``."""
    free: NDArray[Any]
    """Free slots of the table of people, the last ``nation.free_slots`` of which count."""
    months: Sequence[Day]
    """First days of the months of the run."""
    keys: Sequence[int]
    """Keys of the decision points (:mod:`sim.institutions.decision_points`)."""
    written: NDArray[Any]
    """Rows written to each of :data:`TABLES` since they were last collected."""
    events: Any
    exits: Any
    ends: Any
    decisions: Any
    measures: Any
    leaves: Any
    addresses: Any = None
    """Where each of the tables above is, for compiled code (:mod:`sim.institutions.state_type`)."""
    handle: int = 0
    """Address of that list."""

    def with_addresses(self) -> State:
        """Return the system ready to be handed to compiled code: again after a table has been replaced."""
        if PLAIN:
            return self
        import_numba()  # told where to keep what it makes, before anything else imports it
        from sim.institutions.state_type import addresses  # noqa: PLC0415 (numba)

        words = addresses(self)
        return self._replace(addresses=words, handle=words.ctypes.data)


def law_for(state: State, person: Person) -> StatutesInForce:
    """Law in force today for a person."""
    group = len(state.law_from) - 1
    while group > 0 and person.committed_day < state.law_from[group]:
        group -= 1
    return state.laws[group]


def parameters_for(state: State, person: Person) -> ParametersOfDay:
    """What holds today where a person sleeps; of somebody outside, where they come from."""
    quarter = person.quarter if person.quarter >= 0 else person.home_quarter
    return state.local[state.quarters[quarter].place]


def parameters_at_office(state: State, person: Person) -> ParametersOfDay:
    """What holds today at the counsellors of the establishment a person is in."""
    return state.local[state.offices[person.site].place]


def parameters_of_region(state: State, region: int) -> ParametersOfDay:
    """What holds today in an interregion as such."""
    return state.local[state.community_teams[region].place]


def parameters_in(state: State, place: Code) -> ParametersOfDay:
    """What holds today in the place of an office, a court, a quarter or an interregion."""
    return state.local[place]


def draw(state: State, decision: DecisionPoint, person: Person, occurrence: int) -> float:
    """One uniform number in [0, 1): this person, this decision point, this nth time."""
    return uniform_of(state.keys[decision], person.luck, occurrence)


def lognormal_at(spread: Row, uniform: float) -> float:
    """Value of a log-normal (location, scale) that a uniform number stands for."""
    return exp(spread[0] + spread[1] * normal_quantile(uniform if uniform > _TINY else _TINY))


_TINY = 1e-12


def new_row(state: State, table: Table, capacity: int) -> int:
    """Position of a new row of a table."""
    row = int(state.written[table])
    assert row < capacity, "more rows than a day may write"
    state.written[table] = row + 1
    return row


def write(state: State, movement: Movement, person: Person, detail: int, value: int) -> None:
    """Record a movement of a person, when movements are written down."""
    if not state.nation.writes:
        return
    row = state.events[new_row(state, Table.EVENTS, len(state.events))]
    row.day = state.nation.day
    row.person = person.id
    row.stay = person.stay
    row.movement = movement
    row.detail = detail
    row.status = person.status
    row.quarter = person.quarter
    row.value = value
