"""``query`` and ``solve``, and the tables that ``compare`` writes."""

from __future__ import annotations

import math
import sys
import warnings
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.cli.language import say, spoken, written
from sim.cli.output import TIED, difference, folded, interval, number, print_json, progress_of, table, tied
from sim.dates import iso
from sim.errors import RequestError
from sim.experiments.compare import Comparison, latest_run, people_who_change, route_changes
from sim.experiments.execution import Backend
from sim.experiments.export import to_csv, write_tables
from sim.experiments.levers import Search, of_file, seek
from sim.experiments.policy_differences import differences
from sim.experiments.querying import SampleWarning, open_results
from sim.experiments.solve import read_target
from sim.indicators.catalogue import CATALOGUE
from sim.indicators.context import MEASURED
from sim.indicators.drift import run_in
from sim.indicators.summary import TablesOnDisk

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

UNREACHED = 1
SHOWN = 200
"""Rows of an answer that are printed as a table."""


def query(question: str, *, output: Path, form: str, to: Path | None, seconds: float | None) -> None:
    """Print the answer to a question in SQL, ``table``, ``csv``, ``excel-fr`` or ``json``; or write it into a file.

    Raises
    ------
    RequestError
        If it cannot be answered, or the file cannot be written.
    """
    if seconds is not None and not seconds > 0:
        msg = f"--seconds: met {seconds:g}, expected a number above 0."
        raise RequestError(msg)
    with open_results(output) as results:
        for notice in results.notices(question):
            print(say(notice), file=sys.stderr)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SampleWarning)  # told above, once
            if to is not None and form == "excel-fr":
                write_tables(to.parent, {to.stem: results.sql(question, seconds=seconds)}, french=True)
            elif to is not None:
                results.write(question, to, seconds=seconds)
            elif form == "table":
                # One row more than is printed says whether there are others.
                frame = _in_words(results.sql(question, seconds=seconds, most=SHOWN + 1))
                print_frame(frame.head(SHOWN), form)
                if len(frame) > SHOWN:
                    print(say(f"the first {SHOWN} rows: --form csv prints all of them, --to writes a file"), file=sys.stderr)
            else:
                print_frame(results.sql(question, seconds=seconds), form)


def _in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Return an answer about views with what a row of each is in the language of the reader."""
    if spoken() == "en" or "a_row_is" not in frame.columns:
        return frame
    return frame.assign(a_row_is=[say(text) if isinstance(text, str) else text for text in frame["a_row_is"]])


def print_frame(frame: pd.DataFrame, form: str) -> None:
    """Print a table on standard output.

    Raises
    ------
    RequestError
        If two columns have one name, in JSON, where the second would hide the first.
    """
    if form == "json":
        twice = frame.columns[frame.columns.duplicated()]
        if len(twice):
            msg = f"two columns are called '{twice[0]}': give one of them another name with `as`."
            raise RequestError(msg)
        print_json(frame.to_dict("records"))
    elif form == "table" and list(frame.columns) == ["name", "a_row_is"]:
        for name, meaning in zip(frame["name"], frame["a_row_is"], strict=True):  # one sentence each: no table to be folded
            print(f"{name}\n    {meaning}")
    elif form == "table":
        print(folded(frame))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(to_csv(frame, french=form == "excel-fr"))
        sys.stdout.buffer.flush()


def comparison_tables(comparison: Comparison) -> dict[str, pd.DataFrame]:
    """Return the tables of a comparison: per indicator, establishment and cause, who changes route, and the people who do."""
    figures = comparison.figures[comparison.figures["period"] == MEASURED].drop(columns="period")
    sites = figures[figures["group"].str.startswith("site=")]
    causes = figures[(figures["indicator"] == "dry_cause") & ~figures["group"].str.contains(",")]
    return {
        "indicators": figures[~figures["group"].str.startswith("site=")],
        "establishments": _by_establishment(sites),
        "causes": causes.assign(group=causes["group"].str.removeprefix("cause=")).rename(columns={"group": "cause"}),
        "routes": route_changes(comparison),
        "people": _with_dates(people_who_change(comparison)),
    }


def _with_dates(people: pd.DataFrame) -> pd.DataFrame:
    """Write days as dates (2026-03-01), empty where somebody does not leave within the run."""
    days = [name for name in people.columns if name.endswith("_day")]
    return people.assign(**{name: people[name].map(lambda day: iso(day) if day >= 0 else "") for name in days})


def _by_establishment(sites: pd.DataFrame) -> pd.DataFrame:
    """Tell the establishment from the rest of a group (``site=Fresnes,list=judge``), which is ``all`` where there is none."""
    parts = sites["group"].str.removeprefix("site=").str.partition(",")
    told = sites.assign(group=parts[2].where(parts[2] != "", "all"))
    told.insert(list(told.columns).index("group"), "establishment", parts[0])
    return told


def write_comparison(comparison: Comparison, folder: Path, *, french: bool) -> None:
    """Write the tables of a comparison as CSV files into a folder."""
    tables = {name: headed(frame, french=french) for name, frame in comparison_tables(comparison).items()}
    for path in write_tables(folder, tables, french=french):
        print(path, file=sys.stderr)


def headed(frame: pd.DataFrame, *, french: bool) -> pd.DataFrame:
    """Return a table for people, with headings in their language: French for a French reader or a French spreadsheet."""
    from sim.presentation.headings import in_french  # noqa: PLC0415 (English files need none)

    return in_french(frame) if french or spoken() == "fr" else frame


def run_in_of(run: str, *, output: Path, as_json: bool) -> None:
    """Print how many months each series of a run still shows how it began (:mod:`sim.indicators.drift`), a replication each."""
    folder = latest_run(run, output)
    found = [
        {"replication": number, **row._asdict()}
        for number in folder.replications
        for row in run_in(TablesOnDisk(folder, number))
    ]
    if as_json:
        print_json(found)
        return
    import pandas as pd  # noqa: PLC0415

    print_frame(pd.DataFrame(found), "table")
    print(say("months to drop by MSER-5; settled: the cut falls in the first half, else the series has no level of its own"))


def compare_experiment(folder: Path, *, form: str, csv: Path | None = None, french: bool = False) -> None:
    """Print every arm of an experiment against its base, with the intervals for chance, parameters and both.

    Raises
    ------
    RequestError
        If the experiment has no arm besides its base.
    """
    frame = differences(folder)
    if frame.empty:
        msg = f"{folder}: this experiment has one arm only: nothing can be compared."
        raise RequestError(msg)
    if csv is not None:
        write_tables(csv, {"differences": headed(frame, french=french)}, french=french)
    if form == "table":
        _print_arms(frame[frame["group"] == "all"])
        return
    print_frame(frame, form)


_KINDS = {"share": "share", "people/place": "density", "days": "days", "euros/year": "euros"}
_COUNTS = frozenset({"people", "people/year", "posts", "requests", "hours/year", "files/year", "hearings/year",
                     "person-days/year"})  # fmt: skip


def kind_of(indicator: str) -> str:
    """How an indicator is written; see :func:`sim.cli.output.number`."""
    unit = CATALOGUE[indicator].unit
    return _KINDS.get(unit, "people" if unit in _COUNTS else "ratio")


def _print_arms(frame: pd.DataFrame) -> None:
    """Print a table an arm: each figure of the base, of the arm, their difference and its interval."""
    drawn = bool((frame["draws"] > 1).any())
    some_tied = False
    for arm, figures in frame.groupby("scenario", sort=False):
        first = figures.iloc[0]
        print("\n" + say(f"{arm}, against the base ({first['replications']} replications, {first['draws']} draws)"))
        rows = []
        for row in figures.to_dict("records"):
            entry, kind = CATALOGUE[row["indicator"]], kind_of(row["indicator"])
            low, high = (row[f"{'both' if drawn else 'chance'}_{end}"] for end in ("low", "high"))
            half_width = (high - low) / 2
            alike = tied(row["difference"], half_width, row["replications"])
            some_tied |= alike
            moved = difference(row["difference"], kind, exactly=not half_width > 0)
            spread = "–" if alike else interval((low + high) / 2, half_width, kind, signed=True)
            rows.append((say(entry.label), number(row["base"], kind), number(row["policy"], kind), moved, spread))
        table(("figure", "base", "arm", "difference", "interval"), rows, words=1)
    told = "chance and parameters drawn within their ranges; --json gives each apart" if drawn else (
        "chance only; parameter uncertainty not yet included"
    )  # fmt: skip
    print(say(f"90 % interval: {told}"))
    if some_tied:
        print(say(TIED))


def solve(search: dict[str, Any], target: str, *, output: Path, workers: int | None, progress: str, as_json: bool) -> int:
    """Search, print the answer, and return the exit code: 0, or 1 if no setting reaches the target."""
    frame = search.pop("frame")
    asked = Search(target=read_target(target), **search)
    with progress_of(progress) as listener:
        answer = seek(asked, of_file(asked, frame), output=output, means=Backend(workers).checked(), listener=listener)
    if as_json:
        plain = asdict(answer)
        plain["high"] = answer.high if math.isfinite(answer.high) else None
        plain["lever"], plain["target"] = asked.lever, asked.target._asdict()
        print_json(plain)
        return 0 if answer.reached else UNREACHED
    print(f"{asked.lever}: {say(answer.words)}")
    if answer.reached:
        high = f"{answer.high:g}" if math.isfinite(answer.high) else "not reached with certainty"
        print(f"    {say(f'90 % interval: {answer.low:g} to {high} (chance only, {asked.replications} replications)')}")
    if not answer.one_way:
        print(f"    {say('the output does not move one way with the lever: read the settings tried')}", file=sys.stderr)
    for setting, value, width in answer.tried:
        spread = "–" if tied(value, width, 2) or not width > 0 else f"{width:.2g}"
        print(written(f"    {setting:12g}  {value:12.5g} ± {spread}"))
    return 0 if answer.reached else UNREACHED
