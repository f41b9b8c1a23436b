"""The packaged tables by establishment: the months the model reads, and later ones that are only held against it.

``scenarios/observed/establishments.csv`` is what a run starts from: places by date, people on the base date.
``scenarios/observed/later/establishments.csv`` holds months that no run and no fit has read.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import DataError, reason
from sim.scenario.observed import intact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

COLUMNS = (
    "date", "establishment_id", "establishment", "quarter_type", "interregion", "city", "latitude", "longitude",
    "capacity_theoretical", "capacity_operational", "detainees",
)  # fmt: skip
FILE, SERIES, LATER = "establishments.csv", "series.csv", "later"
OVERSEAS = {"Mspom - Mission Outre Mer": "Mom"}
"""Two names of one interregion in the months the model reads: what is read anew has the second."""


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
    """Degrees, as text; empty where nobody has said it."""
    longitude: str
    capacity_theoretical: int
    capacity_operational: int
    detainees: int | None
    """None where masked by statistical secrecy."""

    @property
    def site(self) -> str:
        """What makes it the same establishment in two tables: the ministry's number, its name without one."""
        return self.establishment_id or self.establishment

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same quarter in two tables: its establishment, and its kind."""
        return self.site, self.quarter_type

    @property
    def region(self) -> str:
        """Its interregion, by one name."""
        return OVERSEAS.get(self.interregion, self.interregion)

    @property
    def figures(self) -> tuple[str, str, int, int, int | None]:
        """What the ministry counted there."""
        return *self.key, self.capacity_theoretical, self.capacity_operational, self.detainees


@dataclass(frozen=True)
class Table:
    """One packaged table: its text, and its rows by date."""

    path: Path
    text: str
    rows: Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True)
class Tables:
    """The months the model reads, and the later ones that it is held against."""

    model: Table
    later: Table

    @property
    def months(self) -> dict[str, tuple[Row, ...]]:
        """Every month there is, by date, in order; a month the model reads comes before the same one kept apart."""
        return dict(sorted({**self.later.rows, **self.model.rows}.items()))

    def before(self, day: str) -> tuple[Row, ...]:
        """Rows of the last month before a day, of the first month if there is none."""
        months = self.months
        return months[max((known for known in months if known < day), default=next(iter(months)))]

    def known(self, of: Callable[[Row], str]) -> list[str]:
        """Values met in the months the model reads, in order."""
        return sorted({of(row) for rows in self.model.rows.values() for row in rows})


def read_table(path: Path) -> Table:
    """Read a packaged table, which the tests of the project hold to its own rules.

    Raises
    ------
    DataError
        If the file cannot be read, is no such table, or is not the one that was described.
    """
    try:
        text = intact(path).read_bytes().decode("utf-8")  # with its own line ends
        rows = defaultdict(list)
        for plain in csv.DictReader(io.StringIO(text)):
            people = plain["detainees"]
            counts = {name: int(plain[name]) for name in ("capacity_theoretical", "capacity_operational")}
            made = {**plain, **counts, "detainees": int(float(people)) if people else None}
            rows[plain["date"]].append(Row(**made))  # type: ignore[arg-type]
    except OSError as problem:
        message = f"{path}: cannot be read ({reason(problem)}); reinstall the package or restore scenarios/observed/."
        raise DataError(message) from problem
    except (KeyError, TypeError, ValueError, csv.Error) as problem:
        message = f"{path}: is not the packaged table ({problem}); restore it from the repository."
        raise DataError(message) from problem
    return Table(path, text, {day: tuple(found) for day, found in rows.items()})


def read_tables(observed: Path) -> Tables:
    """Read both tables of a folder ``observed``; without later months, that table is empty.

    Raises
    ------
    DataError
        If one of them cannot be read.
    """
    later = observed / LATER / FILE
    empty = Table(later, ",".join(COLUMNS) + "\n", {})
    return Tables(read_table(observed / FILE), read_table(later) if later.exists() else empty)


def total(rows: Iterable[Row], column: str) -> int:
    """Sum of a column, masked cells left out."""
    return sum(getattr(row, column) or 0 for row in rows)


def same_figures(one: Iterable[Row], other: Iterable[Row]) -> bool:
    """Whether two months have the same quarters with the same figures, however they spell them."""
    return {row.figures for row in one} == {row.figures for row in other}
