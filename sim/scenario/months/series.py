"""National series of a monthly workbook: Tab2, twenty-five months of *prévenus* and *condamnés*, read by the words above them.

Months stand in the first column, or in a line above the figures; one or more lines of column names say what is counted.
A column whose words are not understood is not read.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, NamedTuple

from sim.scenario.months import cells, words
from sim.scenario.months.findings import Place
from sim.scenario.months.table import SERIES, total
from sim.scenario.observed import intact

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.scenario.months.findings import Finding
    from sim.scenario.months.sheets import Sheet
    from sim.scenario.months.table import Row, Tables

_SHEET = re.compile(r"tab(leau)? ?0?2")
_NOT_COUNTS = re.compile(r"%|\b(part|taux|densite|evolution|variation|ecart|proportion|capacite|places)\b")
_FORMS = (
    # First that is found; None for what is counted elsewhere or not at all.
    (r"non detenu", None, r"condamne|prevenu"),
    (r"non detenu", "ecroues_non_detenus", ""),
    (r"condamnee?s? prevenu|\bcp\b", "condamnes_prevenus_detenus", ""),
    (r"prevenu|\bpr\b", "prevenus_detenus", ""),
    (r"condamne|\bco\b", "condamnes_detenus", ""),
    (r"detenu", "detenus", ""),
    (r"ecroue", "ecroues_total", ""),
)
_MONTHS_NEEDED = 3
_REVISED = 0.03
"""Share by which a figure of an earlier month may differ from the one read before; beyond it is asked."""


class Value(NamedTuple):
    """One published value."""

    series: str
    date: str
    value: int
    place: Place


def read(file: str, sheets: Sequence[Sheet], notes: list[str]) -> list[Value]:
    """Read the national series of a workbook; what cannot be understood is told in the notes and left."""
    found: list[Value] = []
    for sheet in sheets:
        if not _SHEET.fullmatch(cells.plain(sheet.name)):
            continue
        rows = sheet.rows
        across = next((at for at, (_, row) in enumerate(rows) if sum(map(_is_month, row[1:])) >= _MONTHS_NEEDED), None)
        if across is not None:
            rows = _turned(rows[across:])
        values = _down(Place(file, sheet.name), rows)
        if not values:
            notes.append(words.series_unread(Place(file, sheet.name), "no column of prévenus or condamnés beside months"))
        found += values
    return found


def _is_month(text: str) -> bool:
    return _month(text) is not None


def _month(text: str) -> str | None:
    """First of the month a cell names; None for a year alone, a count, a word."""
    if re.fullmatch(r"\d+", text) and not re.fullmatch(r"[3-6]\d{4}", text):
        return None
    try:
        found = cells.day(text)
    except ValueError:
        return None
    return found.isoformat() if found.day == 1 else None


def _turned(rows: Sequence[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Columns as rows: a table whose months stand side by side."""
    width = max(len(row) for _, row in rows)
    columns = [[row[at] if at < len(row) else "" for _, row in rows] for at in range(width)]
    return [(rows[0][0], column) for column in columns]


def _down(place: Place, rows: Sequence[tuple[int, list[str]]]) -> list[Value]:
    """Values of a table with a month in the first cell of each row."""
    begins = next((at for at, (_, row) in enumerate(rows) if row and _is_month(row[0])), None)
    if begins is None:
        return []
    heads = [row for _, row in rows[:begins] if sum(map(bool, row)) > 1]
    width = max(len(row) for _, row in rows)
    names = [_series(_head(heads, at)) for at in range(width)]
    names = [name if names.count(name) == 1 else None for name in names]  # two that look alike: neither is sure
    found = []
    for number, row in rows[begins:]:
        month = _month(row[0]) if row else None
        if month is None:
            continue
        for at, name in enumerate(names):
            if at == 0 or name is None or at >= len(row):
                continue
            try:
                value = cells.count(row[at])
            except ValueError:
                continue
            if value is not None and value >= 0:
                found.append(Value(name, month, value, place._replace(row=number)))
    return _with_condamnes_prevenus(found)


def _with_condamnes_prevenus(values: Sequence[Value]) -> list[Value]:
    """Count *condamnés-prévenus* among the *condamnés*, as the packaged series does (détenus less prévenus).

    Where they stand apart and the three parts do not make the total, which of them counts them is not known: the *condamnés*
    are left out.
    """
    by_month: dict[str, dict[str, int]] = {}
    for value in values:
        by_month.setdefault(value.date, {})[value.series] = value.value
    found = []
    for value in values:
        parts = by_month[value.date]
        if value.series == "condamnes_detenus" and "condamnes_prevenus_detenus" in parts:
            apart = parts["condamnes_prevenus_detenus"]
            rest = parts.get("detenus", -1) - parts.get("prevenus_detenus", 0)
            if rest not in {value.value, value.value + apart}:
                continue
            found.append(value._replace(value=rest))
        else:
            found.append(value)
    return found


def _head(heads: Sequence[Sequence[str]], at: int) -> str:
    """Words above a column, those of a group of columns taken from its first."""
    told = []
    for line, row in enumerate(heads):
        own = row[at] if at < len(row) else ""
        if not own and line < len(heads) - 1:
            own = next((cell for cell in reversed(row[1 : at + 1]) if cell), "")
        told.append(own)
    return cells.plain(" ".join(told))


def _series(head: str) -> str | None:
    if not head or _NOT_COUNTS.search(head):
        return None
    for form, name, unless in _FORMS:
        if re.search(form, head) and (name is not None or re.search(unless, head)):
            return name
    return None


def published(path: Path) -> dict[tuple[str, str], float]:
    """Values of a packaged table of series, by series and day; the mean of those that several pages give."""
    if not path.exists():
        return {}
    found: dict[tuple[str, str], list[float]] = {}
    with intact(path).open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["confidence"] == "read":
                found.setdefault((row["series"], row["date"]), []).append(float(row["value"]))
    return {key: sum(values) / len(values) for key, values in found.items()}


def compared(values: Sequence[Value], tables: Tables, day: str, rows: Sequence[Row]) -> tuple[tuple[Value, ...], list[Finding]]:
    """Hold series against those read before, and their last month against the table's own total.

    Returns
    -------
    values
        Those not yet in the packaged series.
    findings
    """
    known = {**published(tables.later.path.with_name(SERIES)), **published(tables.model.path.with_name(SERIES))}
    findings, new = [], []
    masked = sum(row.detainees is None for row in rows)
    summed = total(rows, "detainees")
    for value in values:
        before = known.get((value.series, value.date))
        if before is None:
            new.append(value)
        elif abs(value.value - before) > _REVISED * before:
            findings.append(words.series_jump(value.place, value.series, value.date, value.value, before))
        if (value.series, value.date) == ("detenus", day) and not 0 <= value.value - summed <= 0.02 * summed * bool(masked):
            findings.append(words.series_apart(value.place, value.value, summed, masked))
    return tuple(new), findings
