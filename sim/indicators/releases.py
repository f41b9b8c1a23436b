"""How people leave: dry-release rates in both published definitions, releases by route, causes of dry releases.

Two definitions are in use (model.md §9). (a) *IRJ* (Infos rapides justice): exits **from detention** of people
sentenced for a délit, the passage to a measure counting as the exit. (b) *Levée d'écrou*: **ends of committal** of
sentenced people, no measure running at the end. They answer different questions; :mod:`sim.indicators.bridge` leads
from one to the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.errors import DataError
from sim.indicators.tidy import ALL, Figures, counts, group, integers, names_with, share, within
from sim.records.codes import Cause, Offence

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.indicators.context import Context, Window
    from sim.indicators.tidy import Tables
    from sim.records.tables import Codebook

BANDS = ("≤6 months", "6–12 months", "1–2 years", "2–5 years", ">5 years")
"""Bands of the firm part. Those of the published tables; ``≤1 year`` is added as the sum of the first two."""
BAND_LIMITS = np.array([184, 366, 731, 1827])
"""Longest firm part of each band but the last, in days: six months hold at most 184, one, two, five years 366, 731, 1,827."""
_UP_TO_ONE_YEAR = "≤1 year"


_OF_EXITS = [
    "day", "person", "sentenced", "felony", "offence", "female", "foreign", "removal", "recidive", "housed", "site", "kind",
    "interregion", "stream", "quantum_days", "regime", "adjustment", "cause",
]  # fmt: skip


def releases(tables: Tables, context: Context, figures: Figures) -> None:
    """Add rates of dry release, releases by route and causes, for each window."""
    codebook = tables.codebook
    exits, ends = tables.table("exits")[_OF_EXITS], tables.table("ends")[["day", "sentenced", "felony", "regime", "home"]]
    # Chosen once, then cut by window: years are slices of rows that are in order.
    sentenced = exits[exits["sentenced"].to_numpy() == 1]
    felony = sentenced["felony"].to_numpy() == 1
    crimes, delits = sentenced[felony], sentenced[~felony]
    dry = sentenced[sentenced["regime"].to_numpy() < 0]
    ends = ends[(ends["sentenced"].to_numpy() == 1) & (ends["home"].to_numpy() == 0)]
    for window in context.windows():
        _dry_rate_of_exits(within(crimes, window), within(delits, window), codebook, context, window, figures)
        _dry_rate_of_ends(within(ends, window), context, window, figures)
        _routes(within(exits, window), codebook, context, window, figures)
        _causes(within(dry, window), context, window, figures)


def _dry_rate_of_exits(
    crimes: pd.DataFrame, left: pd.DataFrame, codebook: Codebook, context: Context, window: Window, figures: Figures
) -> None:
    per_year = context.weight / window.years
    dry = (left["regime"].to_numpy() < 0).astype(np.float64)
    figures.add(window.label, "dry_rate_exits", ALL, share(float(dry.sum()), len(left)))
    figures.add(window.label, "exits_per_year", ALL, len(left) * per_year)
    crimes_dry = int((crimes["regime"].to_numpy() < 0).sum())
    figures.add(window.label, "dry_rate_exits", "class=crime", share(crimes_dry, len(crimes)))
    figures.add(window.label, "exits_per_year", "class=crime", len(crimes) * per_year)

    band = np.searchsorted(BAND_LIMITS, integers(left, "quantum_days"), side="left")
    short = band <= 1
    figures.add(window.label, "dry_rate_exits", group(band=_UP_TO_ONE_YEAR), share(float(dry[short].sum()), int(short.sum())))
    figures.add(window.label, "exits_per_year", group(band=_UP_TO_ONE_YEAR), int(short.sum()) * per_year)

    dimensions: list[tuple[str, NDArray[np.int64], tuple[str, ...]]] = [
        ("band", band, BANDS),
        ("nationality", integers(left, "foreign"), ("French", "foreign")),
        ("removal", integers(left, "removal"), ("no", "yes")),
        ("sex", integers(left, "female"), ("men", "women")),
        ("recidive", integers(left, "recidive"), ("no", "yes")),
        ("housed", integers(left, "housed"), ("no", "yes")),
        ("offence", integers(left, "offence"), tuple(offence.name.lower() for offence in Offence)),
        ("stream", integers(left, "stream"), codebook.streams),
        ("kind", integers(left, "kind"), codebook.kinds),
        ("interregion", integers(left, "interregion"), codebook.interregions),
    ]
    if window.start_day == context.measure_from_day:
        # Establishment by establishment for the measured window only: a year of a small one is too few exits to read.
        dimensions.append(("site", integers(left, "site"), codebook.sites))
    for dimension, codes, names in dimensions:
        whole, part = counts(codes, len(names)), counts(codes, len(names), dry)
        for name, of_them, are_dry in zip(names, whole.tolist(), part.tolist(), strict=True):
            label = f"{dimension}={name}"
            figures.add(window.label, "dry_rate_exits", label, share(are_dry, of_them))
            figures.add(window.label, "exits_per_year", label, of_them * per_year)


def _dry_rate_of_ends(counted: pd.DataFrame, context: Context, window: Window, figures: Figures) -> None:
    felony, dry = counted["felony"].to_numpy() == 1, counted["regime"].to_numpy() < 0
    for label, chosen in ((ALL, np.ones(len(counted), dtype=bool)), ("class=délit", ~felony), ("class=crime", felony)):
        of_them = int(chosen.sum())
        figures.add(window.label, "dry_rate_ends", label, share(int((dry & chosen).sum()), of_them))
        figures.add(window.label, "ends_per_year", label, of_them * context.weight / window.years)


def _routes(left: pd.DataFrame, codebook: Codebook, context: Context, window: Window, figures: Figures) -> None:
    """Every exit from detention by exactly one route: they add up to the exits."""
    per_year = context.weight / window.years
    sentenced = integers(left, "sentenced")
    regime, procedure = integers(left, "regime"), integers(left, "adjustment")
    routes = names_with("dry", codebook.regimes)
    figures.add(window.label, "releases", "route=unsentenced", int((sentenced == 0).sum()) * per_year)
    by_route = counts(np.where(sentenced == 1, regime + 1, -1), len(routes))
    for name, number in zip(routes, by_route.tolist(), strict=True):
        figures.add(window.label, "releases", group(route=name), number * per_year)
    delits = counts(np.where((sentenced == 1) & (integers(left, "felony") == 0), regime, -1), len(codebook.regimes))
    for name, number in zip(codebook.regimes, delits.tolist(), strict=True):
        figures.add(window.label, "adjusted_by_route", group(route=name), number * per_year)
    width = len(codebook.adjustments)
    adjusted = (sentenced == 1) & (regime >= 0) & (procedure >= 0)
    by_procedure = counts(np.where(adjusted, procedure, -1), width)
    for name, number in zip(codebook.adjustments, by_procedure.tolist(), strict=True):
        figures.add(window.label, "adjusted_by_procedure", group(procedure=name), number * per_year)
    both = counts(np.where(adjusted, regime * width + procedure, -1), len(codebook.regimes) * width)
    for code in range(len(both)):  # zeros too: a mean over replications must count those where nobody was concerned
        label = group(route=codebook.regimes[code // width], procedure=codebook.adjustments[code % width])
        figures.add(window.label, "releases", label, float(both[code]) * per_year)


def _causes(dry: pd.DataFrame, context: Context, window: Window, figures: Figures) -> None:
    """The ledger: each dry release has one cause, and the causes add up to the dry releases."""
    per_year = context.weight / window.years
    cause, felony = integers(dry, "cause"), integers(dry, "felony")
    unexplained = int(((cause < 0) | (cause >= len(Cause))).sum())
    if unexplained:
        person = int(integers(dry, "person")[(cause < 0) | (cause >= len(Cause))][0])
        msg = (
            f"exits: cause: {unexplained} dry releases of sentenced people in {window.label} carry no cause "
            f"(person {person} is one), expected one of {', '.join(c.name for c in Cause)} for each. "
            f"The tables are not those of a run of this version: run the scenario again."
        )
        raise DataError(msg)
    figures.add(window.label, "dry_releases", ALL, len(dry) * per_year)
    figures.add(window.label, "dry_releases", "class=délit", int((felony == 0).sum()) * per_year)
    everybody, delits = counts(cause, len(Cause)), counts(np.where(felony == 0, cause, -1), len(Cause))
    for member in Cause:
        figures.add(window.label, "dry_cause", group(cause=member.name), float(everybody[member]) * per_year)
        figures.add(window.label, "dry_cause", group(cause=member.name, class_="délit"), float(delits[member]) * per_year)
