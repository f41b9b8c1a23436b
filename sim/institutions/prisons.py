"""Prisons, quarter by quarter: who sleeps where, how full, who waits for a transfer.

Remand and short remainders go to a *maison d'arrêt*, which is never full (its density rises); detention centres and the
other establishments for sentenced people fill to their places and queue (law.md §9). Places come, dated, from the
ministry's monthly table by establishment (``scenarios/observed/establishments.csv``).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from sim.dates import parse_day
from sim.errors import DataError, reason
from sim.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.engine.compile import Code, Count
    from sim.institutions.state import State


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

    def site_shares(self, weights: Mapping[str, float] | None = None) -> list[float]:
        """Share of each establishment in the people held on the base date, shape ``(n_sites,)``, adding up to 1.

        ``weights`` by kind of quarter (1 where a kind is not named).
        """
        people = [0.0] * len(self.sites)
        for quarter in self.quarters:
            weight = (weights or {}).get(KINDS[quarter.kind], 1.0)
            people[quarter.site] += weight * quarter.base_detainees
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
    return Geography(tuple(quarters), names, tuple(site_keys), regions, interregions, base_day)


class QuarterRow:
    """One quarter in a run: who sleeps there, and for how many there is room."""

    kind: Code
    site: Code
    region: Code
    remand: Count
    sentenced: Count
    capacity: Count
    limit: Count
    """People it takes when it does not overflow: its places at the filling practised for its kind."""


def free(quarter: QuarterRow) -> int:
    """Places left in a quarter for sentenced people."""
    return quarter.limit - quarter.remand - quarter.sentenced


def roomiest(state: State, kind: QuarterKind, region: int) -> int:
    """Quarter of a kind and interregion with most free places, -1 if none is free."""
    best, room = -1, 0
    group = kind * state.nation.regions + region
    for place in range(state.first_of_group[group], state.first_of_group[group + 1]):
        quarter = state.by_group[place]
        left = free(state.quarters[quarter])
        if left > room:
            best, room = quarter, left
    return int(best)


def groups(geography: Geography) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Quarters ordered by kind and interregion, shape ``(n_quarters,)``, and where each group begins in that order."""
    regions = len(geography.interregions)
    number = np.array([q.kind * regions + q.interregion for q in geography.quarters])
    first = np.searchsorted(np.sort(number), np.arange(len(KINDS) * regions + 1))
    return np.argsort(number, kind="stable"), first


def places_on(geography: Geography, day: int, extra_places: Mapping[int, float], fraction: float) -> NDArray[np.int64]:
    """Places of each quarter on a day: the table's, a scenario's extra ones, at the sampling fraction, rounded in cumulation.

    ``extra_places`` by kind are shared in proportion to the places there are.
    """
    capacity = np.zeros(len(geography.quarters), dtype=np.int64)
    order, first = groups(geography)
    regions = len(geography.interregions)
    for kind in range(len(KINDS)):
        mine = order[first[kind * regions] : first[(kind + 1) * regions]].tolist()
        places = [geography.quarters[index].places.at(day) for index in mine]
        total = sum(places)
        factor = 1.0 + (extra_places.get(kind, 0.0) / total if total else 0.0)
        exact, given = 0.0, 0
        for index, number in zip(mine, places, strict=True):
            exact += number * factor * fraction
            capacity[index] = round(exact) - given
            given += int(capacity[index])
    return capacity


def home_shares(geography: Geography) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Cumulative share of committals of each *maison d'arrêt*, from the people held on the base date.

    An interregion has its share of all people held, since those moved on stay in it; within it each remand prison has its
    share of those held in remand prisons. With shares of remand prisons alone, theirs would empty where there are many
    places for sentenced people.
    """
    quarters = [q for q in geography.quarters if q.kind == QuarterKind.MA and q.base_detainees > 0]
    held, on_remand = np.zeros(len(geography.interregions)), np.zeros(len(geography.interregions))
    for quarter in geography.quarters:
        held[quarter.interregion] += quarter.base_detainees
    for quarter in quarters:
        on_remand[quarter.interregion] += quarter.base_detainees
    weights = np.array([q.base_detainees * held[q.interregion] / on_remand[q.interregion] for q in quarters])
    return np.cumsum(weights / weights.sum()), np.array([q.index for q in quarters])
