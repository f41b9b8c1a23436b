"""``sortie data``: the published tables the model starts from, a new month of them, and a month beside the model."""

from __future__ import annotations

import re
import sys
import tempfile
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.data_compare import compare_command
from sim.cli.language import say
from sim.cli.language import written as as_written
from sim.cli.output import console, print_json
from sim.errors import RequestError, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sim.scenario.months.changes import Changes
    from sim.scenario.months.fetching import Month
    from sim.scenario.months.findings import Finding
    from sim.scenario.months.reading import Read
    from sim.scenario.months.table import Row, Tables

data_app = typer.Typer(name="data", help="Published tables: a new month, and the model beside it.", no_args_is_help=True)
data_app.command("compare")(compare_command)

USER_ERROR, NOT_YET = 2, 3
_SHOWN = 12
_GROUPED = re.compile(r"(?<![\w'.,])\d{1,3}(?:,\d{3})+(?![\d'])")


class UseName(StrEnum):
    """What a new month is for (:class:`sim.scenario.months.writing.Use`)."""

    observed = "observed"
    places = "places"
    base = "base"


NEXT = {
    UseName.observed: ("sortie data compare RUN, to see this month beside the model",),
    UseName.places: (
        "python docs/generate.py",
        "sortie library and make results",
        "say in CHANGELOG.md, under data, what moved",
    ),
    UseName.base: (
        "python docs/generate.py",
        "sortie run baseline --start DAY --measure-from LATER, which begins with the people of that day",
        "move the other values of scenarios/baseline.yaml that this month settles, with their date",
        "sortie validate, then sortie calibrate if a target is missed",
        "sortie library and make results",
        "say in CHANGELOG.md, under data and model, what moved",
    ),
}

Many = list[str] | None


@data_app.callback()
def _data() -> None:
    """Published tables: a new month, and the model beside it."""


@data_app.command()
def refresh(
    file: Annotated[
        Path | None,
        typer.Argument(help="The ministry's monthly workbook, or a table by establishment: .xlsx, .ods, .xls, .csv."),
    ] = None,
    *,
    where: Annotated[
        str | None,
        typer.Option(
            "--from", help="Folder, page or address in which to look for the next month; exit code 3 if it is not there."
        ),
    ] = None,
    day: Annotated[
        str | None,
        typer.Option("--date", help="Day of the count, if the file does not say it; with --from, the month to look for."),
    ] = None,
    use: Annotated[
        UseName,
        typer.Option(help="observed: held against the model; places: its places from then on; base: the model starts there."),
    ] = UseName.observed,
    accept: Annotated[
        Many, typer.Option(metavar="ROW", help="A surprising figure that is true, as its message names it. May be repeated.")
    ] = None,
    renamed: Annotated[Many, typer.Option(help="A prison under a new name: 'OLD=NEW'. May be repeated.")] = None,
    at: Annotated[Many, typer.Option("--at", help="Where a new prison is: 'NAME=LATITUDE LONGITUDE'. May be repeated.")] = None,
    column: Annotated[Many, typer.Option(help="A column that has another name there: OURS=THEIRS. May be repeated.")] = None,
    published_detainees: Annotated[
        int | None, typer.Option(help="National total of people detained, as published: the sum is held against it.")
    ] = None,
    published_places: Annotated[int | None, typer.Option(help="National total of operational places, as published.")] = None,
    source: Annotated[str, typer.Option(help="Address the file was read at, kept with its national series.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Write a month anew that the table already has.")] = False,
    into: Annotated[
        Path | None, typer.Option(help="Folder of the tables and their notes; by default those of this copy of sortie.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write; without it, only say what would change.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what is wrong or must be answered.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output, and nothing else.")] = False,
) -> None:
    """Look at a new month of the ministry's table, say what it changes and, with --apply, add it.

    The monthly workbook is read as published. Everything that is wrong is told at once, by row and column, and nothing is
    written then; a figure that is surprising and true is answered with --accept. By default the month is kept apart: the
    model is held against it (sortie data compare), and no run and no fit reads it.

    Exit codes: 0 done, 2 refused or to be answered, 3 the month is not there yet.
    """
    from sim.scenario.months.changes import compare  # noqa: PLC0415 (--help needs none of it)
    from sim.scenario.months.reading import Asked, Published, read_new  # noqa: PLC0415
    from sim.scenario.months.table import read_tables  # noqa: PLC0415
    from sim.scenario.months.writing import Source, Use, write_month  # noqa: PLC0415
    from sim.scenario.observed import observed_file  # noqa: PLC0415

    tables = read_tables(observed_file("establishments.csv").parent if into is None else into)
    wanted = None if day is None else day_asked(day)
    asked = Asked(
        day=wanted if where is None else None,  # what was looked for says itself of which month it is
        names=_names(column or []),
        published=Published(published_detainees, published_places),
        replacing=replace,
        accepted=tuple(accept or ()),
        renamed=tuple(renamed or ()),
        positions=_positions(at or []),
    )
    with tempfile.TemporaryDirectory(prefix="sortie-") as fetched:
        found = _file(file, where, wanted, tables, Path(fetched))
        read = None if found is None else read_new(found.path, tables, asked)
    if found is None or read is None or (where is not None and wanted is None and read.same):
        _tell_not_yet(where or "", wanted, tables, as_json=as_json, quiet=quiet)
        raise typer.Exit(NOT_YET)
    refused = bool(read.stops) or (apply and bool(read.questions))
    written = list[Path]()
    if apply and not refused and not (read.same and use is UseName.observed):
        seen = Source(found.path.name, source or found.url)
        country = _country(tables, read) if use is UseName.base else None
        written = write_month(tables, read.rows, read.published, use=Use(use.value), values=read.series, source=seen)
        written += _described_again(tables.model.path.parent) if written else []
        written += _country_written(country) if use is UseName.base else []
    changes = None if read.stops else compare(tables, read.rows)
    if as_json:
        _print_read(read, changes, written, refused=refused)
    else:
        _tell(found.path.name, read, None if quiet or refused else changes, written, use, apply=apply, refused=refused)
    if refused:
        raise typer.Exit(USER_ERROR)


def _file(file: Path | None, where: str | None, wanted: date | None, tables: Tables, into: Path) -> Month | None:
    from sim.scenario.months.fetching import Month, look_for, next_month  # noqa: PLC0415

    if file is not None and where is None:
        return Month(file)
    if file is not None or where is None:
        message = "expected the file of a month, or --from with where to look for it: one of the two."
        raise RequestError(message)
    return look_for(where, wanted or next_month(tables.months), into)


def _country(tables: Tables, read: Read) -> tuple[Path, str] | None:
    """Baseline beside the tables and its text with the stock of the month; nothing if the stock is not published with it."""
    from sim.scenario.months.rebase import rebased, stock_of  # noqa: PLC0415
    from sim.scenario.months.series import published  # noqa: PLC0415
    from sim.scenario.months.table import SERIES  # noqa: PLC0415

    baseline, day = tables.model.path.parent.parent / "baseline.yaml", read.rows[0].date
    if not baseline.is_file():
        return None
    folders = (tables.later.path, tables.model.path)
    known = {key: value for path in folders for key, value in published(path.with_name(SERIES)).items()}
    known |= {(value.series, value.date): float(value.value) for value in read.series}
    if read.published.detainees is not None:
        known["detenus", day] = float(read.published.detainees)
    stock = stock_of(baseline, day, {series: value for (series, on), value in known.items() if on == day})
    return (baseline, rebased(baseline, day, stock)) if stock else None


def _country_written(country: tuple[Path, str] | None) -> list[Path]:
    """Write the baseline with the stock of the month."""
    from sim.records.atomic import write_atomically  # noqa: PLC0415

    if country is None:
        print(
            say("the stock of the first day stays: détenus and prévenus of that month are not published with it"),
            file=sys.stderr,
        )
        return []
    path, text = country
    if path.read_bytes().decode("utf-8") == text:
        return []
    write_atomically(path, text.encode())
    return [path]


def _described_again(folder: Path) -> list[Path]:
    """Write the description of the tables anew, where there is one: it holds the hash of each of them."""
    from sim.publication.observed import write_description  # noqa: PLC0415
    from sim.publication.package import PACKAGE  # noqa: PLC0415

    return write_description(folder) if (folder / PACKAGE).is_file() else []


def _pairs(option: str, pairs: Sequence[str], form: str) -> list[tuple[str, str]]:
    found = []
    for pair in pairs:
        one, equal, other = pair.partition("=")
        if not equal or not one.strip() or not other.strip():
            message = f"{option}: met '{pair}', expected {form}."
            raise RequestError(message)
        found.append((one.strip(), other.strip()))
    return found


def _names(pairs: Sequence[str]) -> dict[str, str]:
    from sim.scenario.months.table import COLUMNS  # noqa: PLC0415

    columns = (*COLUMNS, "density")
    names = dict(_pairs("--column", pairs, f"OURS=THEIRS, ours one of {', '.join(columns)}"))
    for ours in names:
        if ours not in columns:
            message = f"--column: met '{ours}', expected one of {', '.join(columns)}.{suggestion(ours, columns)}"
            raise RequestError(message)
    return names


def _positions(pairs: Sequence[str]) -> dict[str, tuple[float, float]]:
    positions = {}
    for name, text in _pairs("--at", pairs, "'NAME=LATITUDE LONGITUDE'"):
        try:
            latitude, longitude = (float(part) for part in text.replace(";", " ").split())
        except ValueError as problem:
            message = f"--at: met '{text}', expected a latitude and a longitude in degrees, as '48.76 2.32'."
            raise RequestError(message) from problem
        positions[name] = latitude, longitude
    return positions


def day_asked(text: str) -> date:
    """Day of an option ``--date``.

    Raises
    ------
    RequestError
        If it is no first of a month.
    """
    from sim.scenario.months import cells  # noqa: PLC0415

    try:
        day = cells.day(text)
    except ValueError as problem:
        message = f"--date: met '{text}', expected a day as 2026-04-01."
        raise RequestError(message) from problem
    if day.day != 1:
        message = f"--date: met {day.isoformat()}, expected the first of a month: counts are of the 1st at 0 h."
        raise RequestError(message)
    return day


def _tell_not_yet(where: str, wanted: date | None, tables: Tables, *, as_json: bool, quiet: bool) -> None:
    from sim.scenario.months.fetching import next_month  # noqa: PLC0415

    day = (wanted or next_month(tables.months)).isoformat()
    if as_json:
        print_json({"ok": True, "not_yet": day, "problems": [], "questions": [], "changes": None, "written": []})
    elif not quiet:
        print(say(f"{where}: the month of {day} is not there yet."))


def _print_read(read: Read, changes: Changes | None, paths: Sequence[Path], *, refused: bool) -> None:
    print_json({
        "ok": not refused, "problems": [finding.as_dict() for finding in read.stops],
        "questions": [finding.as_dict() for finding in read.questions], "notes": list(read.notes),
        "held_against": read.held, "changes": None if changes is None else asdict(changes),
        "series": [{"series": value.series, "date": value.date, "value": value.value} for value in read.series],
        "written": [path.name for path in paths],
    })  # fmt: skip


def _tell(
    name: str, read: Read, changes: Changes | None, paths: Sequence[Path], use: UseName, *, apply: bool, refused: bool
) -> None:
    for finding in (*read.stops, *(read.questions if refused else ())):
        print(_told(finding), file=sys.stderr)
    if refused:
        what = "problems" if read.stops else "questions"
        print(say(f"{name}: {what}: {len(read.stops) or len(read.questions)}; nothing is written."), file=sys.stderr)
        return
    if changes is None:
        return
    _tell_changes(changes)
    _tell_rows("national series", [f"{value.series} {value.date}: {as_written(f'{value.value:,}')}" for value in read.series])
    print(say(f"held against {read.held} published totals of its own"))
    for note in read.notes:
        print(say("note: ") + _thousands(say(note)))
    if read.questions:
        print("\n" + say(f"to be answered before it is written ({len(read.questions)}):"))
        for finding in read.questions:
            print(f"  {_told(finding)}")
    if paths:
        print("\n" + say("written: ") + ", ".join(str(path) for path in paths))
        print(say("Next:") + "\n" + "\n".join(f"  {number}. {say(text)}" for number, text in enumerate(NEXT[use], start=1)))
    elif read.same and (apply or use is UseName.observed):
        print("\n" + say("This month is there already, with the same figures: nothing to write."))
    else:
        print("\n" + say("Nothing is written. Again with --apply to add this month."))


def _tell_changes(found: Changes) -> None:
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table as Grid  # noqa: PLC0415

    out = console()
    grid = Grid(title=f"{found.before} → {found.day}", title_justify="left", box=None, pad_edge=False)
    grid.add_column(say("kind"))
    for name in ("quarters", "places", "people", "density"):
        grid.add_column(say(name), justify="right")
    for row in found.sums:
        density = (_percent(people / places) if places else "–" for people, places in zip(row.people, row.places, strict=True))
        grid.add_row(row.kind, _moved(row.quarters), _moved(row.places), _moved(row.people), " → ".join(density))
    out.print(grid)
    _tell_rows("added", [_named(row) for row in found.added])
    _tell_rows("closed", [_named(row) for row in found.closed])
    _tell_rows("renamed", [f"{old.establishment} → {new.establishment}" for old, new in found.renamed])
    _tell_rows(
        "other places",
        [f"{_title(new)}: {old.capacity_operational} → {new.capacity_operational}" for old, new in found.places],
    )
    out.print(escape(say(f"masked counts: {found.masked}")))


def _tell_rows(what: str, lines: Sequence[str]) -> None:
    print(say(f"{what}: {len(lines) or 'none'}"))
    for line in lines[:_SHOWN]:
        print(f"  {line}")
    if len(lines) > _SHOWN:
        print(say(f"  … and {len(lines) - _SHOWN} more (--json lists them all)"))


def _moved(pair: tuple[int, int]) -> str:
    before, after = pair
    sign = "−" if after < before else "+"
    return as_written(f"{after:,}" + ("" if before == after else f" ({sign}{abs(after - before):,})"))


def _title(row: Row) -> str:
    return f"{row.establishment} ({row.quarter_type}, {row.interregion})"


def _named(row: Row) -> str:
    return say(f"{_title(row)}: {row.capacity_operational} places")


def _percent(share: float) -> str:
    return as_written(f"{100 * share:.1f}") + " %"


def _told(finding: Finding) -> str:
    return _thousands(finding.told(say))


def _thousands(text: str) -> str:
    """Write the numbers of a text as the reader writes them; what is quoted stays as it was met."""
    return _GROUPED.sub(lambda found: as_written(found[0]), text)
