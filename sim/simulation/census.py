"""The census: what is counted at 0 h on the first of each month, and the work done in the month before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.institutions.placements import KIND_OF_PLACES

if TYPE_CHECKING:
    from sim.institutions.world import PenalSystem


_WORK = ("hours_duty", "hours_arrivals", "hours_reports", "hours_interviews", "interviews", "files_lost")
"""Work of antennae that is counted month by month."""


def take_census(world: PenalSystem) -> None:
    """Write the stocks of the day and the flows and services since the last census."""
    world.collect(all_rows=True)
    _count_quarters(world)
    _count_nation(world)
    _count_services(world)
    _count_open_setting(world)
    _count_measures(world)


def _append(world: PenalSystem, name: str, columns: dict[str, Any], number: int = 1) -> None:
    table = world.records.tables[name]
    rows = np.zeros(number, dtype=table.dtype)
    rows["day"] = world.day
    for column, values in columns.items():
        rows[column] = values
    table.rows += rows.tobytes()


def _count_quarters(world: PenalSystem) -> None:
    quarters: Any = world.system.quarters
    columns = {name: quarters[name] for name in ("remand", "sentenced", "capacity")}
    _append(world, "quarters", {"quarter": np.arange(len(quarters)), **columns}, len(quarters))


def _count_nation(world: PenalSystem) -> None:
    nation, quarters = world.system.nation, world.system.quarters
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
    _append(world, "flows", {name: getattr(nation, name) for name in ("entries", "home_starts", "exits", "returns", "recalls")})
    nation.entries = nation.home_starts = nation.exits = nation.returns = nation.recalls = 0


def _count_services(world: PenalSystem) -> None:
    antennae: Any = world.system.antennae
    sites: Any = world.system.courts
    courts: Any = sites[: len(antennae)]
    lines: Any = world.system.lines
    columns = {
        "site": antennae.site,
        "posts": antennae.posts,
        "held": antennae.held,
        "waiting": lines.length[antennae.waiting],
        "assigned": antennae.assigned,
        "wait_days": antennae.wait_days,
        "files_open": antennae.active,
        "files_done": antennae.done,
        "hours_offered": antennae.hours_offered,
        "hours_used": antennae.hours_used,
        **{name: antennae[name] for name in _WORK},
        "queue": lines.length[courts.waiting],
        "slots": courts.slots,
        "heard": courts.heard,
        "adjourned": courts.adjourned,
    }
    _append(world, "services", columns, len(antennae))
    antennae.assigned = antennae.wait_days = antennae.done = 0
    antennae.hours_offered = antennae.hours_used = 0.0
    for name in _WORK:
        antennae[name] = 0
    _count_panels(world)
    sites.slots = sites.heard = sites.adjourned = 0


def _count_panels(world: PenalSystem) -> None:
    """Write what the courts of three did, by interregion."""
    panels: Any = world.system.courts[len(world.system.antennae) :]
    lines: Any = world.system.lines
    columns = {name: panels[name] for name in ("slots", "heard", "adjourned")}
    columns |= {"interregion": np.arange(len(panels)), "queue": lines.length[panels.waiting]}
    _append(world, "panels", columns, len(panels))


def _count_open_setting(world: PenalSystem) -> None:
    territories: Any = world.system.territories
    columns = {
        "interregion": np.arange(len(territories)),
        "posts": territories.open_posts,
        "followed": territories.followed,
        "background": territories.background,
    }
    _append(world, "open_setting", columns, len(territories))


def _count_measures(world: PenalSystem) -> None:
    pools: Any = world.system.pools
    lines: Any = world.system.lines
    forms: Any = world.system.regimes
    for code, regime in enumerate(world.regimes):
        mine = (pools.regime == code) & (regime.places in KIND_OF_PLACES)
        columns = {
            "regime": code,
            "custody": forms.from_cell[code],
            "liberty": forms.from_liberty[code],
            "waiting": lines.length[pools.waiting[mine]].sum(),
            "places": pools.places[mine].sum() if mine.any() else -1,
        }
        _append(world, "standing", columns)
