"""How many are held, and in how much room: monthly stocks, density, people above capacity, stock by regime."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.dates import iso
from sim.indicators.tidy import ALL, Figures, census_days, counts, group, integers, months_told, share

if TYPE_CHECKING:
    import pandas as pd

    from sim.indicators.context import Context, Window
    from sim.indicators.tidy import Tables
    from sim.records.tables import Codebook

_FLOWS = (
    "entries",
    "home_starts",
    "exits",
    "returns",
    "recalls",
    "converted",
    "enforced",
    "removed",
    "programme_wanted",
    "programme_begun",
)
CROWDED = (1.2, 1.5, 2.0)
"""Densities at and above which the ministry counts the people held."""


def stocks(tables: Tables, context: Context, figures: Figures) -> None:
    """Add stocks, month by month and as means over each window, then density and flows."""
    nation, quarters = tables.table("nation"), tables.table("quarters")
    standing, flows = tables.table("standing"), tables.table("flows")
    codebook = tables.codebook
    _series(nation, quarters, codebook, context, figures)
    for window in context.windows():
        _national_means(census_days(nation, window), context, window, figures)
        _density(census_days(quarters, window), codebook, context, window, figures)
        _by_regime(census_days(standing, window), codebook, context, window, figures)
        told = months_told(flows, window)
        for name in _FLOWS if len(told) else ():
            # By the months told, not the window's length: the month that ends with the run is never told.
            figures.add(window.label, "flow", group(flow=name), float(told[name].mean()) * 12 * context.weight)


def _levels(nation: pd.DataFrame) -> dict[str, np.ndarray]:
    detained, outside = nation["detained"].to_numpy(), nation["outside"].to_numpy()
    return {
        "detained": detained,
        "remand": nation["remand"].to_numpy(),
        "sentenced in a cell": nation["sentenced"].to_numpy(),
        "measure inside": nation["inside"].to_numpy(),
        "not detained": outside,
        "under committal": detained + outside,
        "free convicts": nation["free_convicts"].to_numpy(),
    }


def _series(nation: pd.DataFrame, quarters: pd.DataFrame, codebook: Codebook, context: Context, figures: Figures) -> None:
    days = nation["day"].to_numpy().tolist()
    for name, values in _levels(nation).items():
        for day, value in zip(days, values.tolist(), strict=True):
            figures.add(iso(day), "stock", group(status=name), value * context.weight)
    kinds = np.asarray(codebook.quarter_kind)[integers(quarters, "quarter")]
    held = (quarters["remand"] + quarters["sentenced"]).to_numpy().astype(np.float64)
    capacity = quarters["capacity"].to_numpy().astype(np.float64)
    every, position = np.unique(quarters["day"].to_numpy(), return_inverse=True)
    size = len(codebook.kinds)
    cells = position * size + kinds
    people = counts(cells, len(every) * size, held).reshape(-1, size)
    places = counts(cells, len(every) * size, capacity).reshape(-1, size)
    for row, day in enumerate(every.tolist()):
        figures.add(iso(day), "density", ALL, share(float(people[row].sum()), float(places[row].sum())))
        for column, kind in enumerate(codebook.kinds):
            figures.add(iso(day), "density", group(kind=kind), share(people[row, column], places[row, column]))


def _national_means(nation: pd.DataFrame, context: Context, window: Window, figures: Figures) -> None:
    if len(nation):
        for name, values in _levels(nation).items():
            figures.add(window.label, "stock", group(status=name), float(values.mean()) * context.weight)


def _density(quarters: pd.DataFrame, codebook: Codebook, context: Context, window: Window, figures: Figures) -> None:
    if not len(quarters):
        return
    months = len(np.unique(quarters["day"].to_numpy()))
    quarter = integers(quarters, "quarter")
    kind = np.asarray(codebook.quarter_kind, dtype=np.int64)[quarter]
    held = (quarters["remand"] + quarters["sentenced"]).to_numpy().astype(np.float64)
    capacity = quarters["capacity"].to_numpy().astype(np.float64)
    above = np.maximum(held - capacity, 0.0)
    mean = context.weight / months
    figures.add(window.label, "places", ALL, float(capacity.sum()) * mean)
    figures.add(window.label, "density", ALL, share(float(held.sum()), float(capacity.sum())))
    figures.add(window.label, "over_capacity", ALL, float(above.sum()) * mean)
    dimensions = [("kind", kind, codebook.kinds)]
    if window.start_day == context.measure_from_day:
        dimensions.append(("site", np.asarray(codebook.quarter_site, dtype=np.int64)[quarter], codebook.sites))
    for dimension, codes, names in dimensions:
        columns = [counts(codes, len(names), values).tolist() for values in (held, capacity, above)]
        for name, people, places, over in zip(names, *columns, strict=True):
            label = f"{dimension}={name}"
            figures.add(window.label, "density", label, share(people, places))
            figures.add(window.label, "held", label, people * mean)
            figures.add(window.label, "over_capacity", label, over * mean)
    density = np.divide(held, capacity, out=np.zeros_like(held), where=capacity > 0)
    for threshold in CROWDED:
        crowded = float(held[density >= threshold].sum())
        label = group(density=f"≥{threshold * 100:.0f} %")
        figures.add(window.label, "share_in_crowded_quarters", label, share(crowded, float(held.sum())))


def _by_regime(standing: pd.DataFrame, codebook: Codebook, context: Context, window: Window, figures: Figures) -> None:
    for position, regime in enumerate(codebook.regimes):
        rows = standing[standing["regime"].to_numpy() == position]
        if not len(rows):
            continue
        for origin in ("custody", "liberty"):
            people = float(rows[origin].mean()) * context.weight
            figures.add(window.label, "on_measure", group(regime=regime, origin=origin), people)
        both = rows["custody"].to_numpy() + rows["liberty"].to_numpy()
        figures.add(window.label, "on_measure", group(regime=regime), float(both.mean()) * context.weight)
        figures.add(window.label, "waiting_for_place", group(regime=regime), float(rows["waiting"].mean()) * context.weight)
        limited = rows["places"].to_numpy() >= 0
        if limited.any():
            places = rows["places"].to_numpy()[limited].astype(np.float64)
            figures.add(window.label, "measure_places", group(regime=regime), float(places.mean()) * context.weight)
