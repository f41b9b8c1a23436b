"""Permissions to go out: asked for, granted, to whom, for what, where, against which opinions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.dates import DAYS_PER_YEAR
from sim.indicators.tidy import ALL, Figures, counts, distinct, integers, share, within
from sim.records.codes import LeaveEnd, Purpose, Removal

if TYPE_CHECKING:
    import pandas as pd

    from sim.indicators.context import Context, Window
    from sim.indicators.tidy import Tables
    from sim.records.tables import Codebook

_OPINIONS = {"counsellor": "counsellor_against", "prosecutor": "prosecutor_against"}


def permissions(tables: Tables, context: Context, figures: Figures) -> None:
    """Add permissions decided and granted, people who had one, opinions and failures to come back, for each window."""
    leaves = tables.table("leaves")
    for window in context.windows():
        decided = within(leaves, window)
        if len(decided):
            _totals(decided, context, window, figures)
            _by_group(decided, tables.codebook, context, window, figures)


def _totals(decided: pd.DataFrame, context: Context, window: Window, figures: Figures) -> None:
    per_year = context.weight / window.years
    result = integers(decided, "result")
    granted = result != LeaveEnd.REFUSED
    figures.add(window.label, "leaves_decided", ALL, len(decided) * per_year)
    figures.add(window.label, "leaves_granted", ALL, float(granted.sum()) * per_year)
    figures.add(window.label, "leaves_grant_rate", ALL, share(float(granted.sum()), len(decided)))
    _people(decided[granted], context, window, figures)
    for name, column in _OPINIONS.items():
        figures.add(window.label, "leaves_against", f"by={name}", float(integers(decided, column).mean()))
    figures.add(window.label, "leaves_not_back", ALL, share(float((result == LeaveEnd.NOT_BACK).sum()), int(granted.sum())))
    at_board = integers(decided, "by_board") == 1
    figures.add(
        window.label, "leaves_put_off", ALL, share(float(integers(decided, "put_off")[at_board].sum()), int(at_board.sum()))
    )


def _people(granted: pd.DataFrame, context: Context, window: Window, figures: Figures) -> None:
    """Count a person once a year, in the whole years of the window: half a year has more than half of its people."""
    whole = int(window.years)
    if whole < 1:
        return
    year = ((integers(granted, "day") - window.start_day) / DAYS_PER_YEAR).astype(np.int64)
    who = (integers(granted, "person") * 128 + year)[year < whole]
    figures.add(window.label, "leave_people", ALL, distinct(who) * context.weight / whole)


def _by_group(decided: pd.DataFrame, codebook: Codebook, context: Context, window: Window, figures: Figures) -> None:
    per_year = context.weight / window.years
    granted = (integers(decided, "result") != LeaveEnd.REFUSED).astype(np.float64)
    site = integers(decided, "site")
    region = np.asarray(codebook.site_interregion, dtype=np.int64)[site]
    dimensions = [
        ("nationality", integers(decided, "foreign"), ("French", "foreign")),
        ("measure", integers(decided, "measure"), tuple(each.name.lower() for each in Removal)),
        ("purpose", integers(decided, "purpose"), tuple(each.name.lower() for each in Purpose)),
        ("kind", integers(decided, "kind"), codebook.kinds),
        ("interregion", region, codebook.interregions),
    ]
    if window.start_day == context.measure_from_day:
        dimensions.append(("site", site, codebook.sites))
    for dimension, codes, names in dimensions:
        asked, given = counts(codes, len(names)), counts(codes, len(names), granted)
        for name, of_them, are_given in zip(names, asked.tolist(), given.tolist(), strict=True):
            label = f"{dimension}={name}"
            figures.add(window.label, "leaves_decided", label, of_them * per_year)
            figures.add(window.label, "leaves_granted", label, are_given * per_year)
            figures.add(window.label, "leaves_grant_rate", label, share(are_given, of_them))
