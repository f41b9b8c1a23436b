"""The census: what is counted at 0 h on the first of each month, and the work done in the month before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.institutions.system import PenalSystem


def take_census(system: PenalSystem) -> None:
    """Write the stocks of the day and the flows and services since the last census."""
    _count_quarters(system)
    _count_nation(system)
    _count_services(system)
    _count_measures(system)


def _count_quarters(system: PenalSystem) -> None:
    prisons = system.establishments
    table = system.records.tables["quarters"]
    for quarter in range(len(prisons.capacity)):
        table.rows += table.row(
            system.day, quarter, prisons.remand[quarter], prisons.sentenced[quarter], prisons.capacity[quarter]
        )


def _count_nation(system: PenalSystem) -> None:
    prisons = system.establishments
    remand, sentenced = sum(prisons.remand), sum(prisons.sentenced)
    records = system.records.tables
    nation = records["nation"]
    nation.rows += nation.row(
        system.day, remand + sentenced, remand, sentenced - system.inside, system.inside, system.outside, system.pool
    )
    flows = records["flows"]
    flows.rows += flows.row(system.day, system.entries, system.home_starts, system.exits, system.returns, system.recalls)
    system.entries = system.home_starts = system.exits = system.returns = system.recalls = 0


def _count_services(system: PenalSystem) -> None:
    table = system.records.tables["services"]
    for antenna, court in zip(system.antennae, system.courts, strict=True):
        table.rows += table.row(
            system.day,
            antenna.site,
            antenna.posts,
            antenna.held,
            antenna.waiting,
            antenna.assigned,
            antenna.wait_days,
            antenna.active,
            antenna.done,
            antenna.hours_offered,
            antenna.hours_used,
            court.waiting,
            court.slots,
            court.heard,
        )
        antenna.assigned = antenna.wait_days = antenna.done = 0
        antenna.hours_offered = antenna.hours_used = 0.0
        court.slots = court.heard = 0


def _count_measures(system: PenalSystem) -> None:
    table = system.records.tables["standing"]
    pools = system.placements
    for code, regime in enumerate(system.regimes):
        waiting, places = 0, -1
        if regime.places == "SL":
            waiting, places = sum(p.waiting for p in pools.semi_liberty), sum(p.places for p in pools.semi_liberty)
        elif regime.places == "PE":
            waiting, places = sum(p.waiting for p in pools.external), sum(p.places for p in pools.external)
        elif regime.places == "devices":
            waiting, places = pools.devices.waiting, pools.devices.places
        custody, liberty = system.on_measure[code]
        table.rows += table.row(system.day, code, custody, liberty, waiting, places)
