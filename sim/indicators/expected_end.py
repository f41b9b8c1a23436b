"""How far the end of a sentence falls from the one that could be expected when it was judged.

Before 2023 most of the reductions were credited with the judgment; since then boards grant them, review by review. Only ends of
people still under committal are compared: conditional release stops the reviews.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.indicators.tidy import Figures, group, integers, within

if TYPE_CHECKING:
    from sim.indicators.context import Context
    from sim.indicators.tidy import Tables

_OF_ENDS = ["day", "measure_day", "end_day", "expected_day", "credited"]


def expected_ends(tables: Tables, context: Context, figures: Figures) -> None:
    """Add the error of the end expected at the judgment, in days, by regime of reductions."""
    ends = tables.table("ends")[_OF_ENDS]
    # A measure that began on the last day of committal is what ended it.
    goes_on = integers(ends, "measure_day") != integers(ends, "day")
    ends = ends[goes_on & (integers(ends, "expected_day") >= 0) & (integers(ends, "end_day") >= 0)]
    for window in context.windows():
        chosen = within(ends, window)
        error = integers(chosen, "end_day") - integers(chosen, "expected_day")
        credited = integers(chosen, "credited") == 1
        for name, rows in (("credited", credited), ("reviewed", ~credited)):
            mine = error[rows]
            if not len(mine):
                continue
            size = np.abs(mine)
            told = {"mean": mine.mean(), "absolute": size.mean(), "p90": np.percentile(size, 90)}
            for statistic, value in told.items():
                figures.add(window.label, "end_error", group(reductions=name, statistic=statistic), float(value))
