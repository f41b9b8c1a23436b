"""Measures served outside the cell: begun, how long, how many withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.indicators.tidy import Figures, counts, group, integers, share, within

if TYPE_CHECKING:
    from sim.indicators.context import Context
    from sim.indicators.tidy import Tables

FROM_LIBERTY = -2
"""Code of ``measures.adjustment`` for a measure that was not preceded by a cell."""
WITHDRAWN = 1
"""Code of ``measures.withdrawn`` for one that was."""


def measures(tables: Tables, context: Context, figures: Figures) -> None:
    """Add measures begun from a cell, length and withdrawal of those that ended, by regime and origin."""
    codebook = tables.codebook
    regimes = codebook.regimes
    ended_all, exits = tables.table("measures"), tables.table("exits")
    for window in context.windows():
        begun = within(exits, window)
        starts = counts(integers(begun, "regime"), len(regimes))
        for regime, number in zip(regimes, starts.tolist(), strict=True):
            figures.add(
                window.label,
                "measures_begun",
                group(regime=regime, origin="custody"),
                number * context.weight / window.years,
            )
        ended = within(ended_all, window)
        length = (ended["day"] - ended["start_day"]).to_numpy().astype(np.float64)
        withdrawn = (ended["withdrawn"].to_numpy() == WITHDRAWN).astype(np.float64)
        code = integers(ended, "regime")
        liberty = integers(ended, "adjustment") == FROM_LIBERTY
        for origin, chosen in (("custody", ~liberty), ("liberty", liberty)):
            here = np.where(chosen, code, -1)
            number, days, lost = (counts(here, len(regimes), weights) for weights in (None, length, withdrawn))
            for position, regime in enumerate(regimes):
                label = group(regime=regime, origin=origin)
                figures.add(window.label, "measures_ended", label, number[position] * context.weight / window.years)
                figures.add(window.label, "measure_length_mean", label, share(days[position], number[position]))
                figures.add(window.label, "measure_withdrawn_share", label, share(lost[position], number[position]))
