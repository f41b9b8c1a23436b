"""What a new month of the table by establishment changes: quarters added, closed, renamed, places, sums by kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.scenario.months.table import total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.months.table import Row, Tables


@dataclass(frozen=True)
class Sum:
    """Quarters, places and people of a kind, before and after."""

    kind: str
    quarters: tuple[int, int]
    places: tuple[int, int]
    people: tuple[int, int]


@dataclass(frozen=True)
class Changes:
    """A month beside the one before."""

    day: str
    before: str
    added: tuple[Row, ...]
    closed: tuple[Row, ...]
    renamed: tuple[tuple[Row, Row], ...]
    """Before and after."""
    places: tuple[tuple[Row, Row], ...]
    """Quarters whose operational places change, the largest change first."""
    sums: tuple[Sum, ...]
    """By kind, then all."""
    masked: int


def compare(tables: Tables, rows: Sequence[Row]) -> Changes:
    """Compare a month with the one before it."""
    last = tables.before(rows[0].date)
    old, new = {row.key: row for row in last}, {row.key: row for row in rows}
    both = [(old[key], new[key]) for key in old if key in new]
    moved = [pair for pair in both if pair[0].capacity_operational != pair[1].capacity_operational]
    moved.sort(key=lambda pair: (-abs(pair[1].capacity_operational - pair[0].capacity_operational), pair[1].key))
    sums = []
    for kind in [*sorted({row.quarter_type for row in (*last, *rows)}), "all"]:
        sides = [[row for row in side if kind in {row.quarter_type, "all"}] for side in (last, rows)]
        quarters, places, people = (
            tuple(reckon(side) for side in sides)
            for reckon in (len, lambda side: total(side, "capacity_operational"), lambda side: total(side, "detainees"))
        )
        sums.append(Sum(kind, quarters, places, people))  # type: ignore[arg-type]
    return Changes(
        day=rows[0].date,
        before=last[0].date,
        added=tuple(row for key, row in new.items() if key not in old),
        closed=tuple(row for key, row in old.items() if key not in new),
        renamed=tuple(pair for pair in both if pair[0].establishment != pair[1].establishment),
        places=tuple(moved),
        sums=tuple(sums),
        masked=sum(row.detainees is None for row in rows),
    )
