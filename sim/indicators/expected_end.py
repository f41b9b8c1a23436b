"""How far the end of a sentence falls from the one that could be expected when it was judged.

Before 2023 most of the reductions were credited with the judgment; since then boards grant them, review by review. Only ends of
people still under committal are compared: conditional release stops the reviews.

The error grows with the time to serve, and in most periods those who were credited serve far longer than those who were not:
regimes are compared band by band. Bands are of the time that was expected, since the time served holds the error itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.indicators.releases import BAND_LIMITS, BANDS
from sim.indicators.tidy import Figures, group, integers, within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.indicators.context import Context
    from sim.indicators.tidy import Tables

_OF_ENDS = ["day", "measure_day", "committed_day", "end_day", "expected_day", "credited"]


def expected_ends(tables: Tables, context: Context, figures: Figures) -> None:
    """Add the error of the end expected at the judgment, in days, by regime of reductions and by band."""
    ends = tables.table("ends")[_OF_ENDS]
    # A measure that began on the last day of committal is what ended it.
    goes_on = integers(ends, "measure_day") != integers(ends, "day")
    ends = ends[goes_on & (integers(ends, "expected_day") >= 0) & (integers(ends, "end_day") >= 0)]
    for window in context.windows():
        chosen = within(ends, window)
        error = integers(chosen, "end_day") - integers(chosen, "expected_day")
        expected = integers(chosen, "expected_day") - integers(chosen, "committed_day")
        band = np.searchsorted(BAND_LIMITS, expected, side="left")
        credited = integers(chosen, "credited") == 1
        for name, rows in (("credited", credited), ("reviewed", ~credited)):
            for statistic, value in _told(error[rows]).items():
                figures.add(window.label, "end_error", group(reductions=name, statistic=statistic), value)
            for code, label in enumerate(BANDS):
                for statistic, value in _told(error[rows & (band == code)]).items():
                    figures.add(window.label, "end_error", group(reductions=name, expected=label, statistic=statistic), value)


def _told(error: NDArray[np.int64]) -> dict[str, float]:
    """Mean, mean size and ninth decile of the size, in days; nothing of nobody."""
    if not len(error):
        return {}
    size = np.abs(error)
    return {"mean": float(error.mean()), "absolute": float(size.mean()), "p90": float(np.percentile(size, 90))}
