"""The tables of a run on its first day: every row of the law, of the institutions and of their queues, and nobody in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.compile import fields_of
from sim.institutions.agenda import PAGE, Step
from sim.institutions.care import CareUnit
from sim.institutions.community_supervision import CommunityTeam
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.enforcement_court import BOARD_PERIOD, Court
from sim.institutions.jobs import Workshop
from sim.institutions.lodging import LOTS, WEEK, LodgingPool
from sim.institutions.parameters import as_record, as_records, read_parameters
from sim.institutions.placements import NO_LIMIT, POOLS, PlaceKind, PlaceKindRow, Pool, kind_of_places
from sim.institutions.prisons import KINDS, QuarterKind, QuarterRow, groups
from sim.institutions.probation_service import OpenFile, ProbationOffice
from sim.institutions.queues import KINDS_OF_QUEUE, Queue, QueueLink
from sim.institutions.state import TABLES, AdjustmentRow, NationalTotals, RegimeRow, State
from sim.population.entrants import month_starts
from sim.population.person import PERSON
from sim.randomness import normal_quantile
from sim.records.codes import Cause
from sim.scenario.where import departements

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sim.institutions.world import World

    Ints = NDArray[np.int64]

_TINY = 1e-12
MOST_ROWS = 1 << 16
"""Rows a table takes before they are collected; half of it is more than any day writes."""
_TRANSFERS = (QuarterKind.CD, QuarterKind.MC, QuarterKind.SAS)
"""Kinds of quarter people are transferred to."""


def first_tables(world: World, laws: Any, reconviction: Mapping[str, Any]) -> tuple[State, Any]:
    """Build every table of a run, without people.

    Parameters
    ----------
    laws
        The law in force on the first day, as a table.
    reconviction
        What dates a new offence, by the names of :class:`~sim.institutions.state.Reconviction`.

    Returns
    -------
        The tables, and that of the national totals as an array of one row.

    Raises
    ------
    LawError
        If a regime needs places of a kind that is not declared.
    """
    geography, records = world.geography, world.records
    sites, regions = len(geography.sites), len(geography.interregions)
    quarters = len(geography.quarters)
    months = month_starts(world.start_day, world.end_day)
    pools = _pools(world)
    # Queues: counsellors and hearings by site, places, transfers, returns; requests for a lodging, such places; jobs; care.
    lines = [sites, sites + regions, len(pools), len(_TRANSFERS) * regions, len(months), sites, regions, quarters, sites]
    first = list(np.cumsum([0, *lines]))
    assert first[-1] < 1 << 15, "more queues than a link can number"
    pools.queue[:] = first[2] + np.arange(len(pools))
    transfer_queues = np.full((len(KINDS), regions), -1, dtype=np.int64)
    for number, kind in enumerate(_TRANSFERS):
        transfer_queues[kind] = first[3] + number * regions + np.arange(regions)
    order, bounds = groups(geography)
    hearing = [i for i, a in reversed(list(enumerate(world.adjustments))) if a.needs_hearing]
    totals = _totals(world, int(first[4]))
    # The places a scenario tells apart come with the first day put in force (World.apply_parameters).
    parameters = as_records([read_parameters(world.scenario, world.start_day, world.adjustments, world.regimes)])
    tables: dict[str, Any] = {
        "nation": totals[0],
        "parameters": parameters[0],
        "local": parameters,
        "reconviction": as_record(reconviction),
        "people": np.zeros(0, dtype=PERSON).view(np.recarray),
        "laws": laws,
        "law_from": np.zeros(1, dtype=np.int64),
        "adjustments": _adjustments(world),
        "regimes": _regimes(world),
        "hearing_codes": np.array(hearing, dtype=np.int64),
        "board_codes": _board_codes(world, of_right=False),
        "right_codes": _board_codes(world, of_right=True),
        "regimes_of_adjustment": _regime_lists(world),
        "place_kinds": _place_kinds(world),
        "quarters": _quarters(world),
        "by_group": order,
        "first_of_group": bounds,
        "offices": _offices(sites, int(first[0]), int(first[5])),
        "files": _empty(OpenFile, 0),
        "courts": _courts(world, sites + regions, int(first[1])),
        "community_teams": _empty(CommunityTeam, regions),
        "pools": pools,
        "lodgings": _lodgings(regions, int(first[6])),
        "workshops": _with_queues(Workshop, quarters, int(first[7])),
        "care_units": _with_queues(CareUnit, sites, int(first[8])),
        "lodging_ends": np.zeros((LOTS * regions, (world.end_day - world.start_day) // WEEK + 1), dtype=np.int64),
        "transfer_queues": transfer_queues,
        "queues": _queues(int(first[-1])),
        "links": np.zeros((0, KINDS_OF_QUEUE), dtype=fields_of(QueueLink)).view(np.recarray),
        "last_page": np.full((len(Step), world.end_day - world.start_day), -1, dtype=np.int32),
        "pages": np.zeros((0, PAGE), dtype=np.int64),
        "free": np.zeros(0, dtype=np.int32),
        "months": np.array(months, dtype=np.int64),
        "keys": np.array([world.draws.key(point.key) for point in DecisionPoint], dtype=np.uint64),
        "written": np.zeros(len(TABLES), dtype=np.int64),
    }
    for name in TABLES:
        rows = 0 if name == "events" and not records.keep_events else MOST_ROWS
        tables[name] = np.zeros(rows, dtype=records.tables[name].dtype).view(np.recarray)
    return State(**tables), totals


def _empty(record: type, number: int) -> Any:
    return np.zeros(number, dtype=fields_of(record)).view(np.recarray)


def _totals(world: World, return_queue: int) -> Any:
    release = next(i for i, a in enumerate(world.adjustments) if a.needs_hearing and a.regimes[0].ends_committal)
    table = _empty(NationalTotals, 1)
    nation = table[0]
    nation.day = nation.start_day = nation.search_since_day = nation.programme_day = world.start_day
    nation.end_day = world.end_day
    nation.fraction = world.fraction
    nation.regions = len(world.geography.interregions)
    nation.release_code = release
    nation.release_regime = world.regime_code[world.adjustments[release].regimes[0].code]
    tags = (i for i, regime in enumerate(world.regimes) if kind_of_places(regime) == PlaceKind.DEVICES)
    nation.tag_regime = next(tags, -1)
    nation.writes = world.records.keep_events
    nation.free_page = -1
    nation.return_queue = return_queue
    return table


def _adjustments(world: World) -> Any:
    table = _empty(AdjustmentRow, len(world.adjustments))
    for row, adjustment in zip(table, world.adjustments, strict=True):
        row.needs_hearing, row.of_right = adjustment.needs_hearing, adjustment.of_right
        row.consent_needed = adjustment.consent_needed
        row.first_regime = world.regime_code[adjustment.regimes[0].code]
    return table


def _regimes(world: World) -> Any:
    hosted = {pool.kind for pool in POOLS if pool.hosted}
    table = _empty(RegimeRow, len(world.regimes))
    for row, regime in zip(table, world.regimes, strict=True):
        row.ends_committal, row.sleeps_inside = regime.ends_committal, regime.sleeps_inside
        row.places = kind_of_places(regime)
        row.hosted = row.places in hosted
    return table


def _board_codes(world: World, *, of_right: bool) -> Ints:
    found = [i for i, a in enumerate(world.adjustments) if not a.needs_hearing and a.of_right == of_right]
    return np.array(found, dtype=np.int64)


def _regime_lists(world: World) -> Ints:
    lists = np.full((len(world.adjustments), len(world.regimes)), -1, dtype=np.int64)
    for row, adjustment in zip(lists, world.adjustments, strict=True):
        row[: len(adjustment.regimes)] = [world.regime_code[regime.code] for regime in adjustment.regimes]
    return lists


def _place_kinds(world: World) -> Any:
    regions = len(world.geography.interregions)
    table = _empty(PlaceKindRow, len(PlaceKind))
    table.first[:] = -1
    table.cause[:] = Cause.NO_DEVICE  # of a form without scarce places that a cap keeps closed
    first = 0
    for pool in POOLS:
        row = table[pool.kind]
        row.first, row.regional, row.fitted, row.cause = first, pool.regional, pool.fitted, pool.cause
        first += regions if pool.regional else 1
    return table


def _pools(world: World) -> Any:
    regions = len(world.geography.interregions)
    kinds = [pool.kind for pool in POOLS for _ in range(regions if pool.regional else 1)]
    table = _empty(Pool, len(kinds))
    table.kind[:] = kinds
    users = [kind_of_places(regime) for regime in world.regimes]
    table.regime[:] = [users.index(kind) if kind in users else -1 for kind in kinds]
    table.fitted[:] = NO_LIMIT  # until the first week opens
    return table


def _quarters(world: World) -> Any:
    table = _empty(QuarterRow, len(world.geography.quarters))
    of_site = departements(world.geography)
    number = {code: position for position, code in enumerate(sorted({*of_site.values()} - {""}))} | {"": -1}
    for row, quarter in zip(table, world.geography.quarters, strict=True):
        row.kind, row.site, row.region = quarter.kind, quarter.site, quarter.interregion
        row.departement, row.opened = number[of_site[world.geography.site_ids[quarter.site]]], quarter.opened
    return table


def _offices(number: int, first_queue: int, first_lodging_queue: int) -> Any:
    table = _empty(ProbationOffice, number)
    table.site[:] = np.arange(number)
    table.queue[:] = first_queue + np.arange(number)
    table.lodging_queue[:] = first_lodging_queue + np.arange(number)
    return table


def _with_queues(record: type, number: int, first_queue: int) -> Any:
    table = _empty(record, number)
    table.queue[:] = first_queue + np.arange(number)
    return table


def _lodgings(regions: int, first_queue: int) -> Any:
    table = _empty(LodgingPool, LOTS * regions)
    table.region[:] = np.arange(LOTS * regions) // LOTS
    table.reserved[:] = np.arange(LOTS * regions) % LOTS > 0
    table.queue[:] = first_queue + table.region
    table.week[:] = -1
    return table


def _courts(world: World, number: int, first_queue: int) -> Any:
    sites = len(world.geography.sites)
    table = _empty(Court, number)
    table.site[:] = np.where(np.arange(number) < sites, np.arange(number), -1)
    table.queue[:] = first_queue + np.arange(number)
    table.board_day[:] = -1
    # Those that a scenario opens come after all others: nobody's board moves for them.
    published, index = world.geography.published_sites, np.arange(number)
    turn = np.where(index < published, index, np.where(index < sites, index + number - sites, index - sites + published))
    table.board_offset[:] = (turn * 11) % BOARD_PERIOD
    table.leaning[:] = court_leanings(world)
    return table


def court_leanings(world: World) -> NDArray[np.float64]:
    """How each court leans: judges by establishment, then courts of three by interregion, shape ``(n_courts,)``.

    Standard normals named by the court, so that it leans alike in every scenario of a replication; less their mean over the
    people held, so that no replication has harder judges than another in all.
    """

    def centred(names: Sequence[str], shares: Sequence[float]) -> NDArray[np.float64]:
        luck = np.array([world.draws.one(f"court.leaning.{name}", 0) for name in names])
        found = np.array([normal_quantile(number) for number in np.clip(luck, _TINY, 1.0 - _TINY).tolist()])
        counted = min(len(names), world.geography.published_sites)  # one that opens makes no other lean otherwise
        less: NDArray[np.float64] = found - np.average(found[:counted], weights=shares[:counted])
        return less

    regions = world.geography.interregions
    return np.concatenate((centred(world.geography.site_ids, world.site_share), centred(regions, [1.0] * len(regions))))


def _queues(number: int) -> Any:
    table = _empty(Queue, number)
    table.first = table.last = -1
    return table
