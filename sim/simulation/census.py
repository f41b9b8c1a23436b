"""The census: what is counted at 0 h on the first of each month, and the work done in the month before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.institutions.lodging import LOTS
from sim.institutions.working_week import TASKS
from sim.records.tables import SCHEMA

if TYPE_CHECKING:
    from sim.institutions.world import World


_WORK = (
    *(f"hours_{task}" for task in TASKS if task not in {"preparation", "more_interviews"}),
    "hours_unused",
    "interviews",
    "files_lost",
)
"""Work of offices that is counted month by month."""
_FLOWS = tuple(column.name for column in SCHEMA["flows"] if column.name != "day")
"""Movements that are counted month by month for the whole country."""


_LODGING = (
    *("asked", "filed", "queued", "unwritten", "dropped", "refused", "admitted", "wait_days", "expired", "returned"),
    *("moved_in", "moved_out", "vacated", "unclaimed"),
)
"""Movements of requests for a place to live in, and of those places, that are counted month by month."""


def take_census(world: World) -> None:
    """Write the stocks of the day and the flows and services since the last census."""
    world.collect(all_rows=True)
    _count_quarters(world)
    _count_nation(world)
    _count_services(world)
    _count_open_setting(world)
    _count_measures(world)
    _count_lodging(world)
    _count_jobs(world)
    _count_care(world)
    ledger, day = world.probation, world.day
    standing, more = int(ledger.standing(day).sum()), int(ledger.more(day).sum())
    stocks = {"standing": standing, "more": more, "hours_waiting": max(0, ledger.hours_waiting)}
    _append(world, "probation", {**stocks, **ledger.take()})


def _append(world: World, name: str, columns: dict[str, Any], number: int = 1) -> None:
    table = world.records.tables[name]
    rows = np.zeros(number, dtype=table.dtype)
    rows["day"] = world.day
    for column, values in columns.items():
        rows[column] = values
    table.rows += rows.tobytes()


def _count_quarters(world: World) -> None:
    quarters: Any = world.state.quarters
    columns = {name: quarters[name] for name in ("remand", "sentenced", "capacity")}
    _append(world, "quarters", {"quarter": np.arange(len(quarters)), **columns}, len(quarters))


def _count_nation(world: World) -> None:
    nation, quarters = world.state.nation, world.state.quarters
    remand, sentenced = int(quarters.remand.sum()), int(quarters.sentenced.sum())  # type: ignore[attr-defined]
    stocks = {
        "detained": remand + sentenced,
        "remand": remand,
        "sentenced": sentenced - nation.inside,
        "inside": nation.inside,
        "outside": nation.outside,
        "free_convicts": nation.pool,
    }
    _append(world, "nation", stocks)
    _append(world, "free_convicts", {"waiting": nation.pool, **world.free_convicts.take()})
    _append(world, "flows", {name: getattr(nation, name) for name in _FLOWS})
    for name in _FLOWS:
        setattr(nation, name, 0)


def _count_services(world: World) -> None:
    offices: Any = world.state.offices
    sites: Any = world.state.courts
    courts: Any = sites[: len(offices)]
    lines: Any = world.state.queues
    columns = {
        "site": offices.site,
        "posts": offices.posts,
        "held": offices.held,
        "waiting": lines.length[offices.queue],
        "assigned": offices.assigned,
        "wait_days": offices.wait_days,
        "files_open": offices.active,
        "files_done": offices.done,
        "hours_offered": offices.hours_offered,
        "hours_used": offices.hours_used,
        **{name: offices[name] for name in _WORK},
        "queue": lines.length[courts.queue],
        "slots": courts.slots,
        "heard": courts.heard,
        "adjourned": courts.adjourned,
        "cancelled": courts.cancelled,
        "beyond": courts.beyond,
    }
    _append(world, "services", columns, len(offices))
    offices.assigned = offices.wait_days = offices.done = 0
    offices.hours_offered = offices.hours_used = 0.0
    for name in _WORK:
        offices[name] = 0
    _count_panels(world)
    world.beyond_slots = int(sites.beyond.sum())
    sites.slots = sites.heard = sites.adjourned = sites.cancelled = sites.beyond = 0


def _count_panels(world: World) -> None:
    """Write what the courts of three did, by interregion."""
    panels: Any = world.state.courts[len(world.state.offices) :]
    lines: Any = world.state.queues
    columns = {name: panels[name] for name in ("slots", "heard", "adjourned", "cancelled", "beyond")}
    columns |= {"interregion": np.arange(len(panels)), "queue": lines.length[panels.queue]}
    _append(world, "panels", columns, len(panels))


def _count_open_setting(world: World) -> None:
    community_teams: Any = world.state.community_teams
    columns = {
        "interregion": np.arange(len(community_teams)),
        "posts": community_teams.open_posts,
        "followed": community_teams.followed,
        "background": community_teams.background,
        "probation": community_teams.on_probation,
    }
    _append(world, "open_setting", columns, len(community_teams))


def _count_measures(world: World) -> None:
    pools: Any = world.state.pools
    lines: Any = world.state.queues
    forms: Any = world.state.regimes
    for code in range(len(world.regimes)):
        mine = pools.regime == code
        columns = {
            "regime": code,
            "custody": forms.from_cell[code],
            "liberty": forms.from_liberty[code],
            "waiting": lines.length[pools.queue[mine]].sum(),
            "places": pools.places[mine].sum() if mine.any() else -1,
        }
        _append(world, "standing", columns)


def _count_lodging(world: World) -> None:
    """Write the places to live in and the requests for them, by interregion, and begin the month."""
    lots: Any = world.state.lodgings
    offices: Any = world.state.offices
    lines: Any = world.state.queues
    open_to_all = ~lots.reserved
    to_file = np.bincount(
        np.asarray(world.geography.site_interregion), weights=lines.length[offices.lodging_queue], minlength=len(lots) // LOTS
    )
    columns = {name: lots[name] for name in ("places", "rivals", "lodged", "kept", "reserved", *_LODGING)}
    columns |= {
        "interregion": lots.region,
        "with_siao": lots.filed_with,
        "to_file": np.where(open_to_all, to_file[lots.region], 0),
        "waiting": np.where(open_to_all, lines.length[lots.queue], 0),
    }
    _append(world, "lodging", columns, len(lots))
    for name in _LODGING:
        lots[name] = 0


def _count_jobs(world: World) -> None:
    """Write the jobs of each quarter and the line for them, and begin the month."""
    workshops: Any = world.state.workshops
    lines: Any = world.state.queues
    columns = {name: workshops[name] for name in ("jobs", "working", "started", "wait_days")}
    columns |= {"quarter": np.arange(len(workshops)), "waiting": lines.length[workshops.queue]}
    _append(world, "jobs", columns, len(workshops))
    workshops.started = workshops.wait_days = 0


def _count_care(world: World) -> None:
    """Write the care of each establishment and the line for it, and begin the month."""
    units: Any = world.state.care_units
    lines: Any = world.state.queues
    columns = {name: units[name] for name in ("slots", "treated", "started", "completed", "wait_days")}
    _append(world, "care", {"site": np.arange(len(units)), "waiting": lines.length[units.queue], **columns}, len(units))
    units.started = units.completed = units.wait_days = 0
