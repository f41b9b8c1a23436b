"""Short sentences one after the other: stays of a person, days free between them, who comes back within the year.

What is known is what the run has seen: stays that ended before it, and people who come from outside it, are not counted, so
that all of these are less than they are, and less so the longer the run-in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.indicators.tidy import ALL, Figures, group, integers, months_told, share, within

if TYPE_CHECKING:
    from sim.indicators.context import Context
    from sim.indicators.tidy import Tables

SHORT_DAYS = 183
"""Firm part of a short sentence, at most: six months."""


def series(tables: Tables, context: Context, figures: Figures) -> None:
    """Add stays that end for one person, those who end several, days free before a return, and entries within the year."""
    exits, flows = tables.table("exits")[["day", "person", "spell", "sentenced", "quantum_days"]], tables.table("flows")
    for window in context.windows():
        left = within(exits, window)
        left = left[(integers(left, "sentenced") == 1) & (integers(left, "spell") == 0)]
        short = integers(left, "quantum_days") <= SHORT_DAYS
        for label, chosen in ((ALL, np.ones(len(left), dtype=bool)), (group(sentence="≤6 months"), short)):
            _, stays = np.unique(integers(left, "person")[chosen], return_counts=True)
            figures.add(window.label, "stays_per_person", label, share(float(stays.sum()), float(len(stays))))
            for least in (2, 3):
                several = group(stays=f"≥{least}") if label == ALL else f"{group(stays=f'≥{least}')},{label}"
                figures.add(window.label, "people_with_stays", several, share(float((stays >= least).sum()), float(len(stays))))
        total = months_told(flows, window)[["entries", "released", "soon", "free_days"]].sum()
        figures.add(window.label, "days_free", ALL, share(float(total["free_days"]), float(total["released"])))
        figures.add(window.label, "entries_within_a_year", ALL, share(float(total["soon"]), float(total["entries"])))
