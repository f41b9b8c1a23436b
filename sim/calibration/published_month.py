"""A published month beside the same day of a run: the nation, kinds of prison, interregions, establishments.

Only what can be read is compared: where a count is masked (*secret statistique*), the quarter is left out on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from sim.dates import iso, parse_day
from sim.errors import RequestError
from sim.scenario.months import series
from sim.scenario.months.table import LATER, SERIES, Row, read_tables
from sim.scenario.observed import observed_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.records.run_folder import RunFolder
    from sim.records.tables import Codebook

Level = Literal["nation", "kind", "interregion", "establishment"]
LEVELS: tuple[Level, ...] = ("nation", "kind", "interregion", "establishment")

KIND_OF = {
    "MA/QMA": "MA", "CD/QCD": "CD", "MC/QMC": "MC", "SAS": "SAS", "CPA/QPA": "SAS", "CSL/QSL": "SL", "EPM": "EPM", "CNE": "CNE",
    "EPSN": "EPSN",
}  # fmt: skip
"""Kind of quarter of the model that each of the ministry's is."""
_OVERSEAS = {"Mom": "Outre-mer"}

ENOUGH = 5
"""Replications from which an interval is told."""

_NATION = (
    ("détenus", ("detenus", "detenus_derive"), ("remand", "sentenced", "inside")),
    ("prévenus", ("prevenus_detenus",), ("remand",)),
    ("condamnés détenus", ("condamnes_detenus",), ("sentenced", "inside")),
    ("écroués non détenus", ("ecroues_non_detenus",), ("outside",)),
)
"""Name, published series (the first that has the day), columns of the run's table of the nation."""


class Beside(NamedTuple):
    """One figure, published and simulated."""

    level: Level
    name: str
    what: Literal["people", "places", "density"]
    """``density`` in people a place."""
    published: float
    model: float
    """Mean of the replications."""
    low: float
    """5th percentile of the replications; NaN with fewer than :data:`ENOUGH`."""
    high: float
    source: str
    """Series the published figure is of, empty for the table by establishment."""
    masked: int = 0
    """Quarters left out on both sides, their count being masked."""

    @property
    def gap(self) -> float:
        """Model minus published."""
        return self.model - self.published


@dataclass(frozen=True)
class Month:
    """A month beside a run."""

    day: str
    observed: bool
    """Whether the month is kept apart: no run and no fit has read it."""
    lines: tuple[Beside, ...]
    unknown: tuple[Row, ...]
    """Published quarters that the run has not."""
    elsewhere: float
    """People of the run in quarters whose count is masked or not published."""
    replications: int
    fraction: float
    """Share of the country that was simulated."""


def beside(run: RunFolder, day: str | None = None, folder: Path | None = None) -> Month:
    """Set a published month beside a run.

    Parameters
    ----------
    day
        ISO day of the month; by default the last that both have.
    folder
        Folder of the packaged tables; by default that of the installed ones.

    Raises
    ------
    RequestError
        If the day is not published, or not in the run.
    RunFolderError
        If the run was made without the tables this needs.
    """
    folder = folder or observed_file("establishments.csv").parent
    tables = read_tables(folder)
    first = run.table("quarters", run.replications[0], ["day"]) if run.replications else run.indicators()
    simulated = {iso(number) for number in np.unique(first["day"].to_numpy()).tolist()}
    both = [known for known in tables.months if known in simulated]
    if not both:
        message = (
            f"{run.path}: its days, {min(simulated)} to {max(simulated)}, are none of those published: run to a later end."
        )
        raise RequestError(message)
    day = day or both[-1]
    if day not in both:
        message = f"--date: met {day}, expected a day that is published and simulated: {', '.join(both)}."
        raise RequestError(message)
    rows = tables.months[day]
    counts = _Counts(run, parse_day(day))
    lines = [*_nation(counts, day, folder), *_quarters(counts, rows)]
    keys = set(counts.keys)
    readable = {_key(row) for row in rows if row.detainees is not None}
    return Month(
        day=day,
        observed=day not in tables.model.rows,
        lines=tuple(lines),
        unknown=tuple(row for row in rows if _key(row) not in keys and (row.detainees or row.capacity_operational)),
        elsewhere=float(counts.people[:, [key not in readable for key in counts.keys]].sum(axis=1).mean()),
        replications=len(run.replications),
        fraction=run.manifest.sampling_fraction,
    )


def _key(row: Row) -> tuple[str, str]:
    return row.site, KIND_OF[row.quarter_type]


class _Counts:
    """People and places of each quarter of a run on a day, of the whole country, by replication."""

    def __init__(self, run: RunFolder, day: int) -> None:
        book: Codebook = run.codebook
        weight = 1.0 / run.manifest.sampling_fraction
        self.keys = [
            (book.site_ids[site], book.kinds[kind]) for site, kind in zip(book.quarter_site, book.quarter_kind, strict=True)
        ]
        shape = len(run.replications), len(self.keys)
        self.people, self.places = np.zeros(shape), np.zeros(shape)
        self.nation: dict[str, NDArray[np.float64]] = {}
        totals: dict[str, list[float]] = {}
        for at, number in enumerate(run.replications):
            frame = run.table("quarters", number)
            frame = frame[frame["day"] == day]
            quarter = frame["quarter"].to_numpy()
            self.people[at, quarter] = (frame["remand"] + frame["sentenced"]).to_numpy() * weight
            self.places[at, quarter] = frame["capacity"].to_numpy() * weight
            nation = run.table("nation", number)
            for name in ("remand", "sentenced", "inside", "outside"):
                value = nation.loc[nation["day"] == day, name].to_numpy()
                totals.setdefault(name, []).append(float(value[0]) * weight if len(value) else nan)
        self.nation = {name: np.array(values) for name, values in totals.items()}


def _spread(values: NDArray[np.float64]) -> tuple[float, float, float]:
    mean = float(values.mean())
    if len(values) < ENOUGH:
        return mean, nan, nan
    low, high = np.quantile(values, [0.05, 0.95]).tolist()
    return mean, low, high


def _nation(counts: _Counts, day: str, folder: Path) -> list[Beside]:
    known = {**series.published(folder / LATER / SERIES), **series.published(folder / SERIES)}
    lines = []
    for name, names, columns in _NATION:
        found = next((source for source in names if (source, day) in known), None)
        if found is not None:
            simulated = np.sum([counts.nation[column] for column in columns], axis=0)
            lines.append(Beside("nation", name, "people", known[found, day], *_spread(simulated), found))
    return lines


def _quarters(counts: _Counts, rows: Sequence[Row]) -> list[Beside]:
    """Sums of the table by establishment, and of the same quarters of the run."""
    position = {key: at for at, key in enumerate(counts.keys)}
    both = [row for row in rows if _key(row) in position]
    lines = []
    groupings: tuple[tuple[Level, Callable[[Row], str]], ...] = (
        ("nation", lambda _: "table by establishment"),
        ("kind", lambda row: KIND_OF[row.quarter_type]),
        ("interregion", lambda row: _OVERSEAS.get(row.region, row.region)),
        ("establishment", lambda row: row.establishment),
    )
    for level, of in groupings:
        groups: dict[str, list[Row]] = {}
        for row in both:
            groups.setdefault(of(row), []).append(row)
        for name in sorted(groups):
            lines += _group(level, name, groups[name], counts, position)
    return lines


def _group(level: Level, name: str, rows: Sequence[Row], counts: _Counts, position: dict[tuple[str, str], int]) -> list[Beside]:
    readable = [row for row in rows if row.detainees is not None]
    masked = len(rows) - len(readable)
    every, seen = (sorted({position[_key(row)] for row in side}) for side in (rows, readable))
    places = float(sum(row.capacity_operational for row in rows))
    lines = [Beside(level, name, "places", places, *_spread(counts.places[:, every].sum(axis=1)), "")]
    if not readable:
        return lines
    people, room = sum(row.detainees or 0 for row in readable), sum(row.capacity_operational for row in readable)
    simulated, simulated_room = counts.people[:, seen].sum(axis=1), counts.places[:, seen].sum(axis=1)
    lines.append(Beside(level, name, "people", float(people), *_spread(simulated), "", masked))
    if room and simulated_room.min() > 0:
        lines.append(Beside(level, name, "density", people / room, *_spread(simulated / simulated_room), "", masked))
    return lines
