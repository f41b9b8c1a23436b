"""``sortie data compare``: a published month beside the model."""

from __future__ import annotations

import csv
import math
from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.language import say, spoken, written
from sim.cli.output import console, difference, number, print_json
from sim.errors import DataError, RequestError, reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.calibration.published_month import Beside, Month
    from sim.records.run_folder import RunFolder

_SHOWN = 20
_KINDS = {"people": "people", "places": "people", "density": "density"}


def compare_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run: results/SCENARIO/RUN, or results/SCENARIO for its latest.")],
    *,
    day: Annotated[str | None, typer.Option("--date", help="Day of the month; by default the last that both have.")] = None,
    by: Annotated[
        list[str] | None, typer.Option(help="nation, kind, interregion or establishment; by default all. May be repeated.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every establishment, not only those farthest off.")] = False,
    to: Annotated[Path | None, typer.Option("--csv", help="Also write every line to this CSV file.")] = None,
    into: Annotated[Path | None, typer.Option(help="Folder of the published tables; by default those of this copy.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output, and nothing else.")] = False,
) -> None:
    """Set a published month beside the same day of a run: published, simulated, gap.

    Quarters whose count is masked are left out on both sides. Months after those the model starts from are observed and
    never fitted: their gaps are those of a forecast.
    """
    from sim.calibration.published_month import LEVELS, beside  # noqa: PLC0415 (--help needs none of it)
    from sim.cli.data import day_asked  # noqa: PLC0415

    levels = by or list(LEVELS)
    for level in levels:
        if level not in LEVELS:
            message = f"--by: met '{level}', expected one of {', '.join(LEVELS)}."
            raise RequestError(message)
    month = beside(_opened(run), None if day is None else day_asked(day).isoformat(), into)
    lines = [line for line in month.lines if line.level in levels]
    if to is not None:
        _write(to, month, lines)
    if as_json:
        print_json({
            "day": month.day, "never_fitted": month.observed, "replications": month.replications,
            "sampling_fraction": month.fraction,
            "people_elsewhere": month.elsewhere,
            "unknown_quarters": [[row.establishment, row.quarter_type] for row in month.unknown],
            "lines": [line._asdict() | {"gap": line.gap} for line in lines],
        })  # fmt: skip
        return
    _tell(month, lines, every=every)


def _opened(path: Path) -> RunFolder:
    from sim.errors import RunFolderError  # noqa: PLC0415
    from sim.records.run_folder import find_runs, open_run  # noqa: PLC0415

    if (path / "manifest.json").exists() or not path.is_dir():
        return open_run(path)
    runs = find_runs(path.parent, path.name)
    if not runs:
        message = f"{path}: no run here. Make one with `sortie run`."
        raise RunFolderError(message)
    return runs[0]


def _tell(month: Month, lines: Sequence[Beside], *, every: bool) -> None:
    from rich.table import Table as Grid  # noqa: PLC0415

    from sim.calibration.published_month import ENOUGH  # noqa: PLC0415

    out = console()
    kept = "observed, never fitted" if month.observed else "a month the model reads its places from"
    print(say(f"{month.day}, {kept}; replications: {month.replications}"))
    for level in dict.fromkeys(line.level for line in lines):
        shown = [line for line in lines if line.level == level]
        if level == "establishment":
            shown = sorted((line for line in shown if line.what == "people"), key=lambda line: -abs(line.gap))
        rest = 0 if every or level != "establishment" else max(0, len(shown) - _SHOWN)
        grid = Grid(title=say(level), title_justify="left", box=None, pad_edge=False)
        grid.add_column("")
        for name in ("", "published", "model", "90 %", "gap", "gap %"):
            grid.add_column(say(name), justify="right")
        for line in shown[: len(shown) - rest]:
            grid.add_row(*_cells(line))
        out.print(grid)
        if rest:
            print(say(f"… and {rest} more, nearer (--all)"))
    if month.replications < ENOUGH:
        print(say(f"no interval from fewer than {ENOUGH} replications"))
    if month.fraction < 1:
        share = written(f"{100 * month.fraction:.2f}")
        print(say(f"a run of {share} % of the country: kinds and establishments with few people are noise"))
    if month.elsewhere:
        people = written(f"{month.elsewhere:,.0f}")
        print(say(f"in the model, in quarters whose count is masked or not published: {people} people"))
    if month.unknown:
        names = [f"{row.establishment} ({row.quarter_type})" for row in month.unknown]
        print(say("published and not in the model: ") + ", ".join(names[:_SHOWN]))
        if len(names) > _SHOWN:
            print(say(f"  … and {len(names) - _SHOWN} more (--json lists them all)"))


def _cells(line: Beside) -> tuple[str, ...]:
    kind = _KINDS[line.what]
    interval = "–" if math.isnan(line.low) else say(f"{number(line.low, kind)} to {number(line.high, kind)}")
    share = written(f"{100 * line.gap / line.published:+.1f}") + " %" if line.published and line.what != "density" else ""
    name = line.name + (f" ({line.source})" if line.source.endswith("derive") else "")
    return (
        name,
        say(line.what),
        number(line.published, kind),
        number(line.model, kind),
        interval,
        difference(line.gap, kind),
        share,
    )


def _write(path: Path, month: Month, lines: Sequence[Beside]) -> None:
    from sim.presentation.headings import FRENCH  # noqa: PLC0415 (it reads scenarios: not for `sortie --help`)

    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            names = ("day", "level", "name", "what", "published", "model", "low", "high", "gap", "masked", "source")
            writer.writerow([FRENCH[name] for name in names] if spoken() == "fr" else names)
            for line in lines:
                bounds = ("" if math.isnan(line.low) else line.low, "" if math.isnan(line.high) else line.high)
                writer.writerow((
                    month.day, line.level, line.name, line.what, line.published, line.model, *bounds, line.gap, line.masked,
                    line.source,
                ))  # fmt: skip
    except OSError as problem:
        message = f"{path}: cannot be written ({reason(problem)})."
        raise DataError(message) from problem
