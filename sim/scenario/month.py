"""What a new month of the table by establishment changes, and how it is written: table and source note, whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import DataError
from sim.scenario.refresh import COLUMNS, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.refresh import Published, Row, Table

NOTE = "establishments.source.yaml"


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


def compare(table: Table, rows: Sequence[Row]) -> Changes:
    """Compare a month with the one before it."""
    last = table.before(rows[0].date)
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


def write_month(table: Table, rows: Sequence[Row], published: Published, *, base: bool) -> list[Path]:
    """Write the table and its source note: both in full under other names first, so that a failure leaves the old files.

    Raises
    ------
    DataError
        If the note has not the lines that are to be moved, or the folder cannot be written.
    """
    note, ready = table.path.with_name(NOTE), dict[Path, Path]()
    try:
        said = _note(note.read_bytes().decode("utf-8"), rows, published, base=base)
        for path, content in ((table.path, _table(table, rows)), (note, said)):
            descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
            ready[path] = Path(name)
            _fill(descriptor, content)
            ready[path].chmod(path.stat().st_mode)
        for path, made in ready.items():
            made.replace(path)
    except OSError as problem:
        message = f"{table.path.parent}: cannot be written ({problem.strerror}); the table is as it was."
        raise DataError(message) from problem
    finally:
        for made in ready.values():
            made.unlink(missing_ok=True)
    return list(ready)


def _fill(descriptor: int, content: str) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(content.encode())
        file.flush()
        os.fsync(file.fileno())


def _table(table: Table, rows: Sequence[Row]) -> str:
    """Text of the table with a month added below, or written anew in its place; other rows stay to the byte."""
    end = "\r\n" if "\r\n" in table.text else "\n"
    kept = [line for line in table.text.split(end) if line and not line.startswith(f"{rows[0].date},")]
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator=end)
    for row in sorted(rows, key=lambda row: (row.interregion, row.quarter_type, row.establishment)):
        plain = {column: getattr(row, column) for column in COLUMNS}
        writer.writerow(["" if value is None else value for value in plain.values()])
    return end.join(kept) + end + sink.getvalue()


def _note(text: str, rows: Sequence[Row], published: Published, *, base: bool) -> str:
    day, lines = rows[0].date, text.rstrip("\n").split("\n")
    places = {
        name: place for place, line in enumerate(lines) for name in ("vintage: [", "base: ", "checks:") if line.startswith(name)
    }
    if len(places) < 3:
        message = f"{NOTE}: expected lines 'vintage: […]', 'base: …' and 'checks:', to be moved; restore the file."
        raise DataError(message)
    at = places["vintage: ["]
    dates = {met.strip() for met in lines[at].partition("[")[2].rstrip("]").split(",")} | {day}
    lines[at] = f"vintage: [{', '.join(sorted(dates))}]"
    if base:
        lines[places["base: "]] = f"base: {day}"
    lines = [line for line in lines if not line.startswith(f"  - {{date: {day},")]
    for column in ("capacity_operational", "detainees"):
        said, summed = getattr(published, column), total(rows, column)
        if said is not None:
            why = "" if said == summed else ", why: the difference is masked cells"
            lines.append(f"  - {{date: {day}, column: {column}, sum: {summed}, published: {said}{why}}}")
    return "\n".join(lines) + "\n"
