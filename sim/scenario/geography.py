"""The prisons there are, quarter by quarter, as the ministry's table by establishment says (``observed/establishments.csv``).

What a scenario names when it says *where* (:mod:`sim.scenario.where`), and what a run places people in
(:mod:`sim.institutions.prisons`).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.dates import parse_day
from sim.errors import DataError, reason
from sim.scenario.observed import base_day, observed_file
from sim.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class QuarterKind(IntEnum):
    """Kinds of quarter; the member's name is what the tables call it."""

    MA = 0
    """*Maison d'arrêt*."""
    CD = 1
    """*Centre de détention*."""
    MC = 2
    """*Maison centrale*."""
    SAS = 3
    """*Structure d'accompagnement vers la sortie*."""
    SL = 4
    """Semi-liberty quarter (*quartier de semi-liberté*)."""
    EPM = 5
    """*Établissement pour mineurs*."""
    CNE = 6
    """*Centre national d'évaluation*."""
    EPSN = 7
    """*Établissement public de santé national*."""


KINDS = tuple(kind.name for kind in QuarterKind)

_KIND_OF = {
    "MA/QMA": QuarterKind.MA,
    "CD/QCD": QuarterKind.CD,
    "MC/QMC": QuarterKind.MC,
    "SAS": QuarterKind.SAS,
    "CPA/QPA": QuarterKind.SAS,  # quarters for prepared releases, which became the SAS
    "CSL/QSL": QuarterKind.SL,
    "EPM": QuarterKind.EPM,
    "CNE": QuarterKind.CNE,
    "EPSN": QuarterKind.EPSN,
}
_OVERSEAS = {"Mom": "Outre-mer", "Mspom - Mission Outre Mer": "Outre-mer"}


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter of an establishment."""

    index: int
    name: str
    kind: int
    site: int
    interregion: int
    places: Timeline[int]
    """Operational places by date."""
    base_detainees: int
    """People held there on the base date (masked counts imputed at the density of the kind)."""
    steps: Timeline[int] | None = None
    """Places that a scenario gives it by date, in place of those of the table."""
    closes: bool = False
    """Whether a scenario closes it in the end."""
    opened: bool = False
    """Whether a scenario opens it."""

    def places_on(self, day: int) -> int:
        """Places on a day."""
        return self.places.at(day) if self.steps is None or day < self.steps.days[0] else self.steps.at(day)

    def closed_on(self, day: int) -> bool:
        """Whether a scenario has closed it."""
        return self.closes and self.steps is not None and day >= self.steps.days[0]

    def people_on(self, day: int | None) -> float:
        """Weight of the quarter where national means are shared out: people of the base date, with the places a scenario moves.

        A quarter that a scenario opens weighs the places it has; one it enlarges or closes, its people in proportion.
        """
        if self.steps is None or day is None or day < self.steps.days[0]:
            return self.base_detainees
        before = self.places.at(self.steps.days[0] - 1)
        if self.opened or not before:
            return float(self.steps.at(day))
        return self.base_detainees * self.steps.at(day) / before


@dataclass(frozen=True, slots=True)
class Geography:
    """The quarters and what they belong to."""

    quarters: tuple[Quarter, ...]
    sites: tuple[str, ...]
    site_ids: tuple[str, ...]
    site_interregion: tuple[int, ...]
    interregions: tuple[str, ...]
    base_day: int = 0
    """Base date: the day of ``base_detainees``."""
    published_sites: int = 0
    """Establishments of the published table: those that a scenario opens come after."""
    opened_in: tuple[tuple[str, str], ...] = ()
    """Identifier and département of those that a scenario opens."""
    own: tuple[tuple[int, str, Timeline[float]], ...] = ()
    """Establishment, ``posts`` or ``hearing_slots``, and how many of its own a scenario gives it by date."""

    def given(self, what: str, day: int) -> dict[int, float]:
        """What a scenario gives establishments of their own, by establishment, from the first of its days on."""
        return {site: steps.at(day) for site, word, steps in self.own if word == what and day >= steps.days[0]}

    def site_shares(
        self, weights: Mapping[str, float] | None = None, day: int | None = None, apart: Collection[int] = ()
    ) -> list[float]:
        """Share of each establishment in the people held on the base date, shape ``(n_sites,)``, adding up to 1.

        Parameters
        ----------
        weights
            By kind of quarter (1 where a kind is not named).
        day
            Day whose places count where a scenario opens, closes or resizes quarters; None before it does.
        apart
            Establishments that take no part in it.
        """
        people = [0.0] * len(self.sites)
        for quarter in self.quarters:
            if quarter.site in apart:
                continue
            weight = (weights or {}).get(KINDS[quarter.kind], 1.0)
            people[quarter.site] += weight * quarter.people_on(day)
        total = sum(people)
        return [count / total for count in people]

    def region_shares(self, *, long: bool = False, day: int | None = None) -> list[float]:
        """Share of each interregion in the people held on the base date, ``long``: in those held for long sentences."""
        people = [0.0] * len(self.interregions)
        for quarter in self.quarters:
            if not long or quarter.kind in (QuarterKind.CD, QuarterKind.MC):
                people[quarter.interregion] += quarter.people_on(day)
        total = sum(people)
        return [count / total for count in people]


def read_geography(path: Path, base_day: int) -> Geography:
    """Read the ministry's table by establishment.

    Raises
    ------
    DataError
        If the file is missing, a kind of quarter is unknown, or the base date is not among its dates.
    """
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
    except OSError as problem:
        message = f"{path}: cannot be read ({reason(problem)}); reinstall the package or restore scenarios/observed/"
        raise DataError(message) from problem
    found: dict[tuple[str, int], dict[int, list[int]]] = {}
    labels: dict[tuple[str, int], tuple[str, str]] = {}
    for line, row in enumerate(rows, start=2):
        kind = _KIND_OF.get(row["quarter_type"])
        if kind is None:
            message = f"{path}: line {line}: quarter_type '{row['quarter_type']}' is unknown; known: {', '.join(_KIND_OF)}"
            raise DataError(message)
        key = (row["establishment_id"] or row["establishment"], kind)
        labels[key] = (row["establishment"], _OVERSEAS.get(row["interregion"], row["interregion"]))
        places, people = row["capacity_operational"], row["detainees"]
        counts = found.setdefault(key, {}).setdefault(parse_day(row["date"]), [0, 0, 0])
        counts[0] += int(float(places or 0))
        counts[1] += int(float(people or 0))
        counts[2] += people == ""
    dates = sorted({day for by_day in found.values() for day in by_day})
    if base_day not in dates:
        message = f"{path}: no line for the base date; lines are dated {dates}"
        raise DataError(message)
    return _assemble(found, labels, dates, base_day)


def _assemble(
    found: dict[tuple[str, int], dict[int, list[int]]],
    labels: dict[tuple[str, int], tuple[str, str]],
    dates: list[int],
    base_day: int,
) -> Geography:
    density = {}
    for kind in range(len(KINDS)):
        open_counts = [d[base_day] for (_, k), d in found.items() if k == kind and base_day in d and not d[base_day][2]]
        density[kind] = sum(c[1] for c in open_counts) / max(1, sum(c[0] for c in open_counts))
    keys = sorted(found, key=lambda key: (labels[key][1], labels[key][0], key[1]))
    interregions = tuple(sorted({labels[key][1] for key in keys}))
    site_keys = sorted({key[0] for key in keys}, key=lambda s: next((labels[k][1], labels[k][0]) for k in keys if k[0] == s))
    site_of = {site: index for index, site in enumerate(site_keys)}
    quarters = []
    for index, key in enumerate(keys):
        counts = found[key]
        places = Timeline([(day, counts[day][0] if day in counts else 0) for day in dates])
        base = counts.get(base_day, [0, 0, 0])
        people = round(base[0] * density[key[1]]) if base[2] else base[1]
        name, region = labels[key]
        quarters.append(
            Quarter(
                index=index,
                name=f"{name} — {KINDS[key[1]]}",
                kind=key[1],
                site=site_of[key[0]],
                interregion=interregions.index(region),
                places=places,
                base_detainees=people,
            )
        )
    names = tuple(next(labels[k][0] for k in keys if k[0] == site) for site in site_keys)
    regions = tuple(next(interregions.index(labels[k][1]) for k in keys if k[0] == site) for site in site_keys)
    return Geography(tuple(quarters), names, tuple(site_keys), regions, interregions, base_day, published_sites=len(names))


@cache
def published_geography() -> Geography:
    """Read the packaged table of quarters."""
    return read_geography(Path(observed_file("establishments.csv")), base_day())
