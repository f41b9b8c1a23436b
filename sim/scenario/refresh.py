"""A new month of the ministry's table by establishment: looked at row by row, compared with the last one, then added.

Nothing is written before everything has been looked at, and all that is wrong is told at once. The table keeps every month
it had: a new one is added below, so the old rows stay as they are, to the byte.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import suggestion
from sim.scenario.sheets import day_of_excel, read_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

COLUMNS = (
    "date", "establishment_id", "establishment", "quarter_type", "interregion", "city", "latitude", "longitude",
    "capacity_theoretical", "capacity_operational", "detainees",
)  # fmt: skip
NEEDED = ("establishment", "quarter_type", "interregion", "capacity_operational", "detainees")
"""Columns a new table must have; the others are taken from the last table when it knows the quarter."""

LARGEST = 5_000
"""Places of a quarter beyond which a number must be a mistake (the largest holds some 2,800)."""
DENSEST = 4.0
"""People a place, in a quarter of more than twenty places, beyond which one must be."""
_SMALL = 20
_REPEATED = 3
_CUT_OFF, _MASKED, _JUMP = 0.8, 0.2, 0.15


class Problem(NamedTuple):
    """One thing that is wrong in a table."""

    file: str
    row: int
    """Line of the file; 0 for the table as a whole."""
    column: str
    met: str
    expected: str
    way_out: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.row}" if self.row else self.file
        column = f": {self.column}" if self.column else ""
        return f"{where}{column}: met {self.met}, expected {self.expected}. {self.way_out}".rstrip()


@dataclass(frozen=True, slots=True)
class Row:
    """One quarter on one date."""

    date: str
    establishment_id: str
    establishment: str
    quarter_type: str
    interregion: str
    city: str
    latitude: str
    longitude: str
    capacity_theoretical: int
    capacity_operational: int
    detainees: int | None
    """None where masked by statistical secrecy."""

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same quarter in two tables: its establishment's number (its name without one), and its kind."""
        return self.establishment_id or self.establishment, self.quarter_type


@dataclass(frozen=True)
class Published:
    """National totals of the publication, against which sums are held."""

    detainees: int | None = None
    capacity_operational: int | None = None


@dataclass(frozen=True)
class Table:
    """The packaged table: its text, and its rows by date."""

    path: Path
    text: str
    rows: Mapping[str, tuple[Row, ...]]

    def before(self, day: str) -> tuple[Row, ...]:
        """Rows of the last date before a day, of the first date if there is none."""
        dates = sorted(self.rows)
        return self.rows[max((known for known in dates if known < day), default=dates[0])]

    def known(self, of: Callable[[Row], str]) -> list[str]:
        """Values met so far, in order."""
        return sorted({of(row) for rows in self.rows.values() for row in rows})


@dataclass(frozen=True)
class Read:
    """A new table, read."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def read_table(path: Path) -> Table:
    """Read the packaged table, which the tests of the project hold to its own rules."""
    text = path.read_bytes().decode("utf-8")  # with its own line ends
    rows = defaultdict(list)
    for plain in csv.DictReader(io.StringIO(text)):
        people = plain["detainees"]
        counts = {name: int(plain[name]) for name in ("capacity_theoretical", "capacity_operational")}
        made = {**plain, **counts, "detainees": int(float(people)) if people else None}
        rows[plain["date"]].append(Row(**made))  # type: ignore[arg-type]
    return Table(path, text, {day: tuple(found) for day, found in rows.items()})


def read_new(
    path: Path,
    table: Table,
    *,
    day: str | None = None,
    names: Mapping[str, str] | None = None,
    published: Published | None = None,
    replacing: bool = False,
) -> Read:
    """Read a new month and say all that is wrong with it.

    Parameters
    ----------
    day
        Day of the count, for a table that has no column of dates.
    names
        Names of its columns that differ from ours: ours → theirs.
    replacing
        Whether a date that is already there may be written again.

    Raises
    ------
    DataError
        If the file is no table at all.
    """
    numbered = read_rows(path)
    at, problems = _header(path.name, numbered[0], names or {}, day)
    if problems:
        return Read((), tuple(problems))
    reader = _Reader(path.name, table, at, day)
    rows = [row for number, cells in numbered[1:] if (row := reader.row(number, cells)) is not None]
    problems += _told_once(reader.problems)
    if not problems or rows:
        problems += _whole(path.name, rows, table, published or Published(), broken=bool(problems), replacing=replacing)
    return Read(tuple(rows), tuple(problems))


def _told_once(problems: Sequence[Problem]) -> list[Problem]:
    """Say a mistake that every row makes once, with how many make it."""
    alike = defaultdict(list)
    for problem in problems:
        alike[problem._replace(row=0)].append(problem)
    found = []
    for same in alike.values():
        if len(same) <= _REPEATED:
            found += same
        else:
            found.append(same[0]._replace(way_out=f"{same[0].way_out} The same in {len(same) - 1} other rows.".strip()))
    return sorted(found, key=lambda problem: problem.row)


def _header(
    file: str, first: tuple[int, list[str]], names: Mapping[str, str], day: str | None
) -> tuple[dict[str, int], list[Problem]]:
    number, cells = first
    ours = {theirs.casefold(): mine for mine, theirs in names.items()}
    met = [ours.get(cell.casefold(), cell.casefold()) for cell in cells]
    problems = [
        Problem(file, number, name, f"the column {many} times", "it once", "Take the copies out.")
        for name, many in Counter(met).items()
        if many > 1 and name
    ]
    problems += [
        Problem(file, number, "", f"a column '{cell}'", f"one of {', '.join(COLUMNS)}",
                f"Take it out, or say which of ours it is: --column 'OURS={cell}'.{suggestion(name, COLUMNS)}")
        for cell, name in zip(cells, met, strict=True)
        if name not in COLUMNS and name
    ]  # fmt: skip
    needed = NEEDED if day else ("date", *NEEDED)
    problems += [
        Problem(file, number, name, "no such column", "it among the column names of the first row",
                "Say the day with --date." if name == "date" else f"If it has another name: --column '{name}=ITS NAME'.")
        for name in needed
        if name not in met
    ]  # fmt: skip
    if day is not None and "date" in met:
        problems.append(Problem(file, number, "date", "a column of dates and --date", "one of the two", "Leave --date out."))
    return {name: place for place, name in enumerate(met) if name}, problems


class _Reader:
    """Rows of one file, and what is wrong with them."""

    def __init__(self, file: str, table: Table, at: Mapping[str, int], day: str | None) -> None:
        self.file, self.at, self.day = file, at, day
        self.problems: list[Problem] = []
        self.kinds, self.regions = table.known(lambda row: row.quarter_type), table.known(lambda row: row.interregion)
        self.width = max(at.values()) + 1
        latest: dict[str, Row] = {}
        exact: dict[tuple[str, str], Row] = {}
        for date_ in sorted(table.rows):
            for row in table.rows[date_]:
                latest[row.establishment] = latest[row.establishment_id or row.establishment] = row
                exact[row.key] = row
        self.latest, self.exact = latest, exact

    def wrong(self, number: int, column: str, met: str, expected: str, way_out: str = "") -> None:
        self.problems.append(Problem(self.file, number, column, met, expected, way_out))

    def row(self, number: int, cells: Sequence[str]) -> Row | None:
        before = len(self.problems)
        if len(cells) > self.width and any(cells[self.width :]):
            met = f"{len(cells)} cells, the last '{cells[-1]}'"
            self.wrong(number, "", met, f"{self.width}", "A cell that holds a comma must be in quotation marks.")
            return None
        text = {name: cells[place] if place < len(cells) else "" for name, place in self.at.items()}
        day = self._day(number, text.get("date", self.day or ""))
        name, kind, region = text["establishment"], text["quarter_type"], text["interregion"]
        if not name:
            self.wrong(number, "establishment", "an empty cell", "the name as published")
        for column, value, known in (("quarter_type", kind, self.kinds), ("interregion", region, self.regions)):
            if value not in known:
                new = "a new kind also needs a line in sim/institutions/prisons.py" if column == "quarter_type" else ""
                self.wrong(
                    number, column, f"'{value}'", f"one of {', '.join(known)}", (suggestion(value, known).strip() or new)
                )
        identity = text.get("establishment_id", "")
        if identity and not (identity.isdigit() and 5 <= len(identity) <= 9):
            self.wrong(number, "establishment_id", f"'{identity}'", "the ministry's number, five to nine figures, or nothing")
        places = self._count(number, "capacity_operational", text["capacity_operational"])
        people = None if text["detainees"] == "" else self._count(number, "detainees", text["detainees"])
        last = self.exact.get((identity or name, kind))
        theoretical = text.get("capacity_theoretical", "")
        planned = (
            self._count(number, "capacity_theoretical", theoretical) if theoretical else (last or _Nothing).capacity_theoretical
        )
        where = self.latest.get(identity or name) or self.latest.get(name)
        place = {
            column: self._coordinate(number, column, text.get(column, ""), most, where)
            for column, most in (("latitude", 90.0), ("longitude", 180.0))
        }
        if places is not None and people is not None:
            self._plausible(number, places, people)
        if len(self.problems) > before:
            return None
        assert places is not None
        return Row(
            date=day, establishment_id=identity or (where.establishment_id if where else ""), establishment=name,
            quarter_type=kind, interregion=region, city=text.get("city") or (where.city if where else ""), **place,
            capacity_theoretical=places if planned is None else planned, capacity_operational=places, detainees=people,
        )  # fmt: skip

    def _day(self, number: int, text: str) -> str:
        day = day_of_excel(text)
        try:
            day = day or date.fromisoformat(text.partition(" ")[0].partition("T")[0])
        except ValueError:
            self.wrong(number, "date", f"'{text}'", "a day as 2026-04-01")
            return ""
        if day.day != 1:
            self.wrong(number, "date", day.isoformat(), "the first of a month", "Counts are of the 1st at 0 h.")
        return day.isoformat()

    def _count(self, number: int, column: str, text: str) -> int | None:
        plain = text.replace("\u202f", "").replace("\xa0", "").replace(" ", "")
        if not plain.removeprefix("-").isdecimal() or not plain.isascii():
            met = f"'{text}'" if text else "an empty cell"
            way_out = "Leave a masked count empty." if column == "detainees" else ""
            self.wrong(number, column, met, "a whole number", way_out)
            return None
        count = int(plain)
        if not 0 <= count <= LARGEST:
            self.wrong(number, column, f"{count:,}", f"0 to {LARGEST:,}")
            return None
        return count

    def _coordinate(self, number: int, column: str, text: str, most: float, where: Row | None) -> str:
        if text == "" and where is not None:
            return str(getattr(where, column))
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            met = f"'{text}'" if text else "an empty cell"
            self.wrong(number, column, met, "degrees, for an establishment not yet known", "Take them from any map (WGS 84).")
            return ""
        if not -most <= value <= most:
            self.wrong(number, column, f"{value:g}", f"degrees from −{most:g} to {most:g}")
        return str(round(value, 4))

    def _plausible(self, number: int, places: int, people: int) -> None:
        # People for no place at all are no mistake: a quarter under works, or the day it opens (Vendin-le-Vieil, January 2026).
        if places > _SMALL and people > DENSEST * places:
            met = f"{people} people for {places} places"
            self.wrong(number, "detainees", met, f"{DENSEST:g} people a place at most", "Are two columns exchanged?")


class _Nothing:
    capacity_theoretical = None


def _whole(
    file: str, rows: Sequence[Row], table: Table, published: Published, *, broken: bool, replacing: bool
) -> list[Problem]:
    """Say what is wrong with the table as a whole; of a table with broken rows, only what they do not explain."""
    problems = []
    days = sorted({row.date for row in rows})
    if len(days) > 1:
        problems.append(
            Problem(file, 0, "date", f"{len(days)} dates, {', '.join(days[:4])}", "one month", "Cut the file by month.")
        )
        return problems
    problems += [
        Problem(
            file,
            0,
            "establishment",
            f"'{name}', {kind}, {many} times",
            "each quarter once",
            "Add its rows up, or take one out.",
        )
        for (name, kind), many in Counter((row.establishment, row.quarter_type) for row in rows).items()
        if many > 1
    ]
    if days and days[0] in table.rows and not replacing and set(rows) != set(table.rows[days[0]]):
        problems.append(
            Problem(file, 0, "date", f"{days[0]}, which the table has", "a new month", "To write it anew: --replace.")
        )
    if broken:
        return problems
    last = table.before(days[0]) if days else next(iter(table.rows.values()))
    if len(rows) < _CUT_OFF * len(last):
        met, expected = f"{len(rows)} quarters", f"about the {len(last)} of the month before"
        problems.append(Problem(file, 0, "", met, expected, "The table looks cut off: hand over all of it."))
        return problems
    masked = sum(row.detainees is None for row in rows)
    if masked > _MASKED * len(rows):
        problems.append(
            Problem(
                file, 0, "detainees", f"{masked} empty cells of {len(rows)}", "a few masked counts", "Is the column complete?"
            )
        )
    for column in ("capacity_operational", "detainees"):
        now, before = total(rows, column), total(last, column)
        if abs(now - before) > _JUMP * before:
            met, expected = f"{now:,} in all", f"within {_JUMP:.0%} of the {before:,} of the month before"
            problems.append(Problem(file, 0, column, met, expected, "Is a kind of quarter missing, or counted twice?"))
        said = getattr(published, column)
        short = said is not None and column == "detainees" and masked > 0 and 0 < said - now <= 0.02 * said
        if said is not None and now != said and not short:
            what = f"--published-{'places' if column == 'capacity_operational' else 'detainees'}"
            problems.append(
                Problem(file, 0, column, f"{now:,} in all", f"the published {said:,}", f"Look for the row, or mend {what}.")
            )
    return problems


def total(rows: Iterable[Row], column: str) -> int:
    """Sum of a column, masked cells left out."""
    return sum(getattr(row, column) or 0 for row in rows)
