"""How a month is written: table, series and their source notes, whole or not at all; what was there stays to the byte."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import DataError, reason
from sim.scenario.months.table import COLUMNS, SERIES, same_figures, total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.scenario.months.reading import Published
    from sim.scenario.months.series import Value
    from sim.scenario.months.table import Row, Table, Tables

_SERIES_COLUMNS = (
    "series", "date", "value", "unit", "population_or_scope", "source_title", "source_url", "confidence", "note",
)  # fmt: skip
_NATION = "France entière (métropole + outre-mer)"


class Use(StrEnum):
    """What a new month is for."""

    observed = "observed"
    """Kept apart: the model is held against it, and nothing reads it."""
    places = "places"
    """Its places are the model's from its date on; the base date stays."""
    base = "base"
    """The model starts from it."""


class Source(NamedTuple):
    """Where a month was read."""

    file: str
    url: str = ""


def note_of(path: Path) -> Path:
    """Source note of a packaged table."""
    return path.with_suffix(".source.yaml")


def write_month(
    tables: Tables,
    rows: Sequence[Row],
    published: Published,
    *,
    use: Use = Use.observed,
    values: Sequence[Value] = (),
    source: Source | None = None,
) -> list[Path]:
    """Write a month into the table it is for, with its source note and the national series it brings.

    All files are written in full under other names first, so that a failure leaves the old ones.

    Parameters
    ----------
    values
        National series not yet in the packaged ones; those of days before the base date are left out unless ``use`` is
        ``base``.

    Raises
    ------
    DataError
        If a note has not the lines that are to be moved, or the folder cannot be written.
    """
    into = tables.later if use is Use.observed else tables.model
    day = rows[0].date
    texts: dict[Path, str] = {}
    try:
        texts[into.path] = _table(into, rows)
        note = note_of(into.path)
        texts[note] = _note(note.name, _read(note), rows, published, use=use)
        if use is not Use.observed and day in tables.later.rows:
            # Read by the model from now on, it is no longer a month kept apart.
            note = note_of(tables.later.path)
            texts[tables.later.path] = _without(tables.later, day)
            texts[note] = _note_without(_read(note), day)
        kept = (tables.model if use is Use.base else tables.later).path.with_name(SERIES)
        first = max((known for known in tables.model.rows if known < day), default="")
        fresh = [value for value in values if use is Use.base or value.date > first]
        lines = _series(fresh, rows, published, source or Source("n/a"), _known(kept))
        if lines and kept.exists():
            texts[kept] = _read(kept) + lines
        return _replace({path: text for path, text in texts.items() if not path.exists() or _read(path) != text})
    except OSError as problem:
        where = problem.filename or into.path.parent
        message = f"{where}: cannot be written ({reason(problem)}); the tables are as they were."
        raise DataError(message) from problem


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _replace(texts: Mapping[Path, str]) -> list[Path]:
    ready = dict[Path, Path]()
    try:
        for path, content in texts.items():
            descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
            ready[path] = Path(name)
            _fill(descriptor, content)
            if path.exists():
                ready[path].chmod(path.stat().st_mode)
        for path, made in ready.items():
            made.replace(path)
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
    if same_figures(table.rows.get(rows[0].date, ()), rows):
        return table.text
    end = "\r\n" if "\r\n" in table.text else "\n"
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator=end)
    for row in sorted(rows, key=lambda row: (row.interregion, row.quarter_type, row.establishment)):
        plain = {column: getattr(row, column) for column in COLUMNS}
        writer.writerow(["" if value is None else value for value in plain.values()])
    return _without(table, rows[0].date) + sink.getvalue()


def _without(table: Table, day: str) -> str:
    end = "\r\n" if "\r\n" in table.text else "\n"
    return end.join(line for line in table.text.split(end) if line and not line.startswith(f"{day},")) + end


def _note(name: str, text: str, rows: Sequence[Row], published: Published, *, use: Use) -> str:
    """Text of a source note with the month in its vintage, its checks, and the base date if the model starts from it."""
    day, lines = rows[0].date, text.rstrip("\n").split("\n")
    needed = ["vintage: [", "checks:", *(["base: "] if use is Use.base else [])]
    places = {start: at for at, line in enumerate(lines) for start in needed if line.startswith(start)}
    if len(places) < len(needed):
        expected = ", ".join(f"'{start.rstrip('[ ')} …'" for start in needed)
        message = f"{name}: expected lines {expected}, to be moved; restore the file."
        raise DataError(message)
    at = places["vintage: ["]
    dates = {met.strip() for met in lines[at].partition("[")[2].rstrip("]").split(",")} - {""} | {day}
    lines[at] = f"vintage: [{', '.join(sorted(dates))}]"
    if use is Use.base:
        lines[places["base: "]] = f"base: {day}"
    for column in ("capacity_operational", "detainees"):
        start = f"  - {{date: {day}, column: {column}, "
        at = next((at for at, line in enumerate(lines) if line.startswith(start)), len(lines))
        met = re.search(r"published: (\d+)", lines[at]) if at < len(lines) else None
        # A total that was published stays written down, whoever reads the month again without it.
        said = getattr(published, column) if getattr(published, column) is not None else int(met[1]) if met else None
        summed = total(rows, column)
        if at < len(lines) and f"sum: {summed}" in lines[at] and (said is None or f"published: {said}" in lines[at]):
            continue
        why = ", why: the difference is masked cells" if said not in {None, summed} and column == "detainees" else ""
        told = "" if said is None else f", published: {said}{why}"
        lines[at : at + 1] = [f"{start}sum: {summed}{told}}}"]
    return "\n".join(lines) + "\n"


def _note_without(text: str, day: str) -> str:
    """Text of a source note without a month that went elsewhere."""
    lines = [line for line in text.rstrip("\n").split("\n") if not line.startswith(f"  - {{date: {day},")]
    return "\n".join(re.sub(rf"{day}(, )?", "", line) if line.startswith("vintage: [") else line for line in lines) + "\n"


def _known(path: Path) -> set[tuple[str, str]]:
    if not path.exists():
        return set()
    with path.open(encoding="utf-8", newline="") as stream:
        return {(row["series"], row["date"]) for row in csv.DictReader(stream)}


def _series(
    values: Sequence[Value], rows: Sequence[Row], published: Published, source: Source, known: set[tuple[str, str]]
) -> str:
    """Lines of the national series: those of Tab2, and the totals of the month itself."""
    day, title = rows[0].date, "Ministère de la Justice, Statistique des établissements et des personnes écrouées en France"
    told = [(value.series, value.date, value.value, "persons", value.place.sheet) for value in values]
    if published.detainees is not None:
        told.append(("detenus", day, published.detainees, "persons", "totals"))
    if published.capacity_operational is not None:
        told.append(("places_operationnelles", day, published.capacity_operational, "places", "totals"))
    sink = io.StringIO()
    writer = csv.DictWriter(sink, _SERIES_COLUMNS, lineterminator="\n")
    for series, date, value, unit, where in told:
        if (series, date) in known:
            continue
        known.add((series, date))
        writer.writerow({
            "series": series, "date": date, "value": value, "unit": unit, "population_or_scope": _NATION,
            "source_title": f"{title}, {source.file}, {where}", "source_url": source.url or "n/a", "confidence": "read",
            "note": "",
        })  # fmt: skip
    return sink.getvalue()
