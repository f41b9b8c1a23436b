"""What was published month by month since 2018, and the same months of a run."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from sim.dates import iso, parse_day
from sim.scenario import observed_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.records.run_folder import RunFolder

TABLES = ("standing",)
"""Tables of a run that its history needs beside its indicators."""


@dataclass(frozen=True)
class Series:
    """One series, published on the first of some months."""

    name: str
    what: str
    published: str
    """Name in ``series.csv``; two names with a stroke are the ratio of two series on the same days."""
    tolerance: float
    """Accepted departure, as a share of the published figure (figures.md §6)."""
    scale: float = 1.0


SERIES = (
    Series("detained", "Détenus", "detenus", 0.015),
    Series("remand", "Prévenus", "prevenus_detenus", 0.05),
    Series("remand_share", "Share of prévenus", "prevenus_detenus/detenus", 0.05),
    Series("not_detained", "Écroués non détenus", "ecroues_non_detenus", 0.05),
    Series("density_ma", "Density of maisons d'arrêt", "densite_MA", 0.03, 0.01),
    Series("ddse", "DDSE in stock", "DDSE_stock", 0.10),
    Series("floor", "Mattresses on the floor", "matelas_au_sol", 0.15),
)
_OTHER_SCOPE = ("DDSE all forms",)


def published(first: str = "2018-01-01") -> dict[str, dict[str, float]]:
    """Read every series from a day on: ``series → ISO day → value``; days other than the first of a month are left out."""
    raw: dict[str, dict[str, list[float]]] = {}
    with observed_file("series.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            day = row["date"]
            monthly = len(day) == 10 and day >= first and day.endswith("-01")
            if monthly and row["confidence"] == "read" and not row["population_or_scope"].startswith(_OTHER_SCOPE):
                raw.setdefault(row["series"], {}).setdefault(day, []).append(float(row["value"]))
    known = {name: {day: sum(v) / len(v) for day, v in sorted(days.items())} for name, days in raw.items()}
    found = {}
    for series in SERIES:
        top, _, bottom = series.published.partition("/")
        days = known.get(top, {})
        if bottom:
            days = {day: value / known[bottom][day] for day, value in days.items() if day in known[bottom]}
        found[series.name] = {day: value * series.scale for day, value in days.items()}
    return found


def simulated(run: RunFolder, replication: int = 0) -> dict[str, dict[str, float]]:
    """The same series of a run: ``series → ISO day → value``, each first of a month."""
    frame = run.indicators()
    frame = frame[frame["replication"] == replication]
    weight = 1.0 / run.manifest.sampling_fraction
    found: dict[str, dict[str, float]] = {}
    for name, indicator, group in (
        ("detained", "stock", "status=detained"),
        ("remand", "stock", "status=remand"),
        ("not_detained", "stock", "status=not detained"),
        ("density_ma", "density", "kind=MA"),
        ("floor", "on_the_floor", "all"),
    ):
        rows = frame[(frame["indicator"] == indicator) & (frame["group"] == group) & (frame["period"].str.len() == 10)]
        found[name] = dict(zip(rows["period"].astype(str), rows["value"].astype(float), strict=True))
    found["remand_share"] = {day: found["remand"][day] / held for day, held in found["detained"].items() if held}
    standing = run.table("standing", replication)
    of_ddse = standing[standing["regime"].to_numpy() == run.codebook.regimes.index("DDSE")]
    people = ((of_ddse["custody"] + of_ddse["liberty"]) * weight).tolist()
    found["ddse"] = {iso(day): float(number) for day, number in zip(of_ddse["day"].tolist(), people, strict=True)}
    return found


def nearest(days: Mapping[str, float], day: str, within: int = 62) -> tuple[str, float] | None:
    """Day with a value nearest to a day, no farther than so many days, and its value."""
    wanted = parse_day(day)
    best = min(days, key=lambda other: (abs(parse_day(other) - wanted), other), default=None)
    if best is None or abs(parse_day(best) - wanted) > within:
        return None
    return best, days[best]


def last_value(days: Mapping[str, float], origin: str) -> float:
    """Naive rival: the last value published by a day; NaN without one."""
    known = [day for day in sorted(days) if day <= origin]
    return days[known[-1]] if known else nan


def linear_trend(days: Mapping[str, float], origin: str, target: str, back: int = 731) -> float:
    """Naive rival: the line through what was published in the two years before a day, drawn on to another; NaN if unknown."""
    start = parse_day(origin)
    known = [day for day in sorted(days) if start - back <= parse_day(day) <= start]
    if len(known) < 2:
        return nan
    slope, level = np.polyfit([parse_day(day) - start for day in known], [days[day] for day in known], 1)
    return float(level + slope * (parse_day(target) - start))
