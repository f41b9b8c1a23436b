"""Table ``lists``: people on each waiting list on the first of each month, and the days they have waited.

A SimPy process that calls the compiled count (:mod:`sim.institutions.waiting`) and gives each queue its list, establishment and
interregion. The census (:mod:`sim.simulation.census`) counts lengths of queues, this counts people: the two can be compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import first_of_month, first_of_next_month
from sim.institutions.clock import CENSUS, wait_until
from sim.institutions.lodging import LOTS
from sim.institutions.placements import POOLS
from sim.institutions.prisons import QuarterKind
from sim.institutions.waiting import count_waiting
from sim.records.codes import WaitingList

if TYPE_CHECKING:
    from collections.abc import Generator

    from numpy.typing import NDArray

    from sim.institutions.world import World

    Ints = NDArray[np.int64]

_OF_TRANSFERS = {
    QuarterKind.CD: WaitingList.DETENTION_CENTRE,
    QuarterKind.MC: WaitingList.CENTRAL_PRISON,
    QuarterKind.SAS: WaitingList.RELEASE_UNIT,
}


def watch(world: World) -> Generator[Any, None, None]:
    """Count the lists on the days of the census: the first day of the run, then the first of each month."""
    lists = Lists(world)
    day = world.start_day
    while day < world.end_day:
        yield wait_until(world, day, CENSUS)
        lists.count(day)
        day = first_of_next_month(day)
    yield wait_until(world, world.end_day, CENSUS)
    if first_of_month(world.end_day) == world.end_day:
        lists.count(world.end_day)


class Lists:
    """Which list each line of the run is: its code, establishment and interregion, three arrays by number of the line."""

    def __init__(self, world: World) -> None:
        self.world = world
        state: Any = world.state
        number = len(state.queues)
        self.code = np.full(number, -1, dtype=np.int64)
        self.site = np.full(number, -1, dtype=np.int64)
        self.region = np.full(number, -1, dtype=np.int64)
        sites = np.arange(len(state.offices))
        of_site = np.asarray(world.geography.site_interregion)
        regions = np.arange(len(world.geography.interregions))
        self._name(state.offices.queue, WaitingList.COUNSELLOR, of_site, sites)
        self._name(state.courts.queue[: len(sites)], WaitingList.JUDGE, of_site, sites)
        self._name(state.courts.queue[len(sites) :], WaitingList.COURT_OF_THREE, regions)
        for kind in POOLS:
            lines = state.pools.queue[state.pools.kind == kind.kind]
            self._name(lines, kind.waiting_list, regions if kind.regional else np.full(len(lines), -1))
        self._name(state.offices.lodging_queue, WaitingList.LODGING_REQUEST, of_site, sites)
        self._name(state.lodgings.queue[::LOTS], WaitingList.LODGING, regions)
        self._name(state.care_units.queue, WaitingList.CARE, of_site, sites)
        quarter: Any = state.quarters
        self._name(state.workshops.queue, WaitingList.JOB, quarter.region, quarter.site)
        for quarters, code in _OF_TRANSFERS.items():
            self._name(state.transfer_queues[quarters], code, regions)

    def _name(self, lines: Ints, code: int, regions: Ints, sites: Ints | None = None) -> None:
        self.code[lines] = code
        self.region[lines] = regions
        if sites is not None:
            self.site[lines] = sites

    def count(self, day: int) -> None:
        """Write a row for each list somebody is on; the chamber has no line of ours, nor any establishment."""
        waiting, waited = np.zeros((2, len(self.code)), dtype=np.int64)
        seized, since = np.zeros((2, len(self.world.geography.interregions)), dtype=np.int64)
        self.world.call(count_waiting, day, waiting, waited, seized, since)
        lines, regions = np.flatnonzero(waiting), np.flatnonzero(seized)
        self._write(day, self.code[lines], self.site[lines], self.region[lines], waiting[lines], waited[lines])
        chamber, nowhere = np.full(len(regions), int(WaitingList.CHAMBER)), np.full(len(regions), -1)
        self._write(day, chamber, nowhere, regions, seized[regions], since[regions])

    def _write(self, day: int, *columns: Ints) -> None:
        table = self.world.records.tables["lists"]
        rows = np.zeros(len(columns[0]), dtype=table.dtype)
        rows["day"] = day
        for column, values in zip(table.columns[1:], columns, strict=True):
            rows[column.name] = values
        table.rows += rows.tobytes()
