"""``sortie data``: the published tables the model starts from, and a new month of them."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.output import console, print_json
from sim.errors import RequestError, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.month import Changes
    from sim.scenario.refresh import Problem, Row

data_app = typer.Typer(name="data", help="Published tables the model starts from.", no_args_is_help=True)

USER_ERROR = 2
_SHOWN = 12
NEXT = (
    "python docs/generate.py",
    "move the values of scenarios/baseline.yaml that this month settles, with their date",
    "sortie validate, then sortie calibrate if a target is missed",
    "sortie library and make results",
    "say in CHANGELOG.md, under data and model, what moved",
)


@data_app.callback()
def _data() -> None:
    """Published tables the model starts from."""


@data_app.command()
def refresh(
    file: Annotated[Path, typer.Argument(help="New month of the ministry's table by establishment, .csv or .xlsx.")],
    *,
    day: Annotated[str | None, typer.Option("--date", help="Day of the count, if the table has no column of dates.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="A column that has another name there: OURS=THEIRS. May be repeated.")
    ] = None,
    published_detainees: Annotated[
        int | None, typer.Option(help="National total of people detained, as published: the sum is held against it.")
    ] = None,
    published_places: Annotated[int | None, typer.Option(help="National total of operational places, as published.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write a month anew that the table already has.")] = False,
    keep_base: Annotated[bool, typer.Option("--keep-base", help="Add the month, leave the base date of the model.")] = False,
    into: Annotated[
        Path | None, typer.Option(help="Folder of the table and its note; by default those of this copy of sortie.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write; without it, only say what would change.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output, and nothing else.")] = False,
) -> None:
    """Look at a new month of the table by establishment, say what it changes and, with --apply, add it.

    Everything that is wrong is told at once, by row and column, and nothing is written then. With --apply the table and its
    source note are written whole, and the base date of the model moves to that month.
    """
    from sim.scenario.month import compare, write_month  # noqa: PLC0415 (--help needs none of it)
    from sim.scenario.observed import observed_file  # noqa: PLC0415
    from sim.scenario.refresh import Published, read_new, read_table  # noqa: PLC0415

    names = _names(column or [])
    if day is not None:
        _checked(day)
    table = read_table(observed_file("establishments.csv") if into is None else into / "establishments.csv")
    published = Published(published_detainees, published_places)
    read = read_new(file, table, day=day, names=names, published=published, replacing=replace)
    if read.problems:
        _tell_problems(file, read.problems, as_json=as_json)
        raise typer.Exit(USER_ERROR)
    found = compare(table, read.rows)
    written = write_month(table, read.rows, published, base=not keep_base) if apply else []
    if as_json:
        print_json({"ok": True, "problems": [], "changes": asdict(found), "written": [path.name for path in written]})
        return
    _tell_changes(found)
    if written:
        print(f"\nwritten: {', '.join(str(path) for path in written)}")
        print("Next:\n" + "\n".join(f"  {number}. {text}" for number, text in enumerate(NEXT, start=1)))
    else:
        print("\nNothing is written. Again with --apply to add this month.")


def _names(pairs: Sequence[str]) -> dict[str, str]:
    from sim.scenario.refresh import COLUMNS  # noqa: PLC0415

    names = {}
    for pair in pairs:
        ours, equal, theirs = pair.partition("=")
        if not equal or not theirs or ours not in COLUMNS:
            message = (
                f"--column: met '{pair}', expected OURS=THEIRS, ours one of {', '.join(COLUMNS)}.{suggestion(ours, COLUMNS)}"
            )
            raise RequestError(message)
        names[ours] = theirs
    return names


def _checked(day: str) -> None:
    try:
        date.fromisoformat(day)
    except ValueError as problem:
        message = f"--date: met '{day}', expected a day as 2026-04-01."
        raise RequestError(message) from problem


def _tell_problems(file: Path, problems: Sequence[Problem], *, as_json: bool) -> None:
    if as_json:
        print_json({"ok": False, "problems": [problem._asdict() for problem in problems], "changes": None, "written": []})
        return
    for problem in problems:
        print(problem, file=sys.stderr)
    many = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    print(f"{file.name}: {many}; nothing is written.", file=sys.stderr)


def _tell_changes(found: Changes) -> None:
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table as Grid  # noqa: PLC0415

    out = console()
    grid = Grid(title=f"{found.before} → {found.day}", title_justify="left", box=None, pad_edge=False)
    grid.add_column("kind")
    for name in ("quarters", "places", "people", "density"):
        grid.add_column(name, justify="right")
    for row in found.sums:
        density = (f"{people / places:.1%}" if places else "–" for people, places in zip(row.people, row.places, strict=True))
        grid.add_row(row.kind, _moved(row.quarters), _moved(row.places), _moved(row.people), " → ".join(density))
    out.print(grid)
    _tell_rows("added", [_named(row) for row in found.added])
    _tell_rows("closed", [_named(row) for row in found.closed])
    _tell_rows("renamed", [f"{old.establishment} → {new.establishment}" for old, new in found.renamed])
    _tell_rows(
        "other places",
        [f"{_title(new)}: {old.capacity_operational} → {new.capacity_operational}" for old, new in found.places],
    )
    out.print(escape(f"masked counts: {found.masked}"))


def _tell_rows(what: str, lines: Sequence[str]) -> None:
    print(f"{what}: {len(lines) or 'none'}")
    for line in lines[:_SHOWN]:
        print(f"  {line}")
    if len(lines) > _SHOWN:
        print(f"  … and {len(lines) - _SHOWN} more (--json lists them all)")


def _moved(pair: tuple[int, int]) -> str:
    before, after = pair
    sign = "−" if after < before else "+"
    return f"{after:,}" + ("" if before == after else f" ({sign}{abs(after - before):,})")


def _title(row: Row) -> str:
    return f"{row.establishment} ({row.quarter_type}, {row.interregion})"


def _named(row: Row) -> str:
    return f"{_title(row)}: {row.capacity_operational} places"
