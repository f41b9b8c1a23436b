"""What an interval holds: chance, the parameters, or both.

Every draw meets the same luck: value *y[d, k]* of draw *d* and replication *k*. Two-way analysis of variance splits the
spread into what parameters do (between draws), what luck does to all draws alike (between replications), and
what is left. Draws are means over replications and so hold some luck; it is taken out of their spread before the
interval of the parameters is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan, sqrt
from typing import TYPE_CHECKING

import numpy as np

from sim.indicators.estimates import CONFIDENCE, estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Uncertainty:
    """A mean over draws and replications with its three 90 % intervals, each ``(low, high)``."""

    mean: float
    chance: tuple[float, float]
    """Error of the mean that a finite number of replications leaves."""
    parameters: tuple[float, float]
    """Where 90 % of the draws lie, luck taken out; NaN with fewer than two draws."""
    both: tuple[float, float]
    """The two together."""
    share_parameters: float
    """Share of the variance of one replication of one draw that the parameters make; NaN where there is none."""
    draws: int
    replications: int


def decompose(values: NDArray[np.float64]) -> Uncertainty:
    """Split the spread of values of shape ``(draws, replications)``."""
    draws, replications = values.shape
    mean = float(values.mean())
    rows, columns = values.mean(axis=1), values.mean(axis=0)
    error = estimate(columns.tolist()).half_width
    chance = (mean - error, mean + error)
    if draws < 2:
        return Uncertainty(mean, chance, (nan, nan), (nan, nan), nan, draws, replications)
    between, luck, rest = _components(values)
    raw = float(rows.var(ddof=1))
    kept = sqrt(max(between, 0.0) / raw) if raw > 0 else 0.0
    true = mean + (rows - mean) * kept
    tail = (1 - CONFIDENCE) / 2
    low, high = (float(end) for end in np.quantile(true, [tail, 1 - tail]))
    # Independent, so their distances from the mean add as squares, side by side: the interval may lean.
    luck_width = 0.0 if replications > 1 and isnan(error) else error  # draws may differ where replications agree
    both = (mean - sqrt((mean - low) ** 2 + luck_width**2), mean + sqrt((high - mean) ** 2 + luck_width**2))
    total = max(between, 0.0) + luck + rest
    share = max(between, 0.0) / total if total > 0 else nan
    return Uncertainty(mean, chance, _with_width(low, high), _with_width(*both), share, draws, replications)


def _with_width(low: float, high: float) -> tuple[float, float]:
    """The interval, or NaN twice where it has no width: that would read as certainty."""
    return (low, high) if low < high else (nan, nan)


def _components(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Variances between draws, between replications and left over (two-way, one value a cell)."""
    draws, replications = values.shape
    mean = values.mean()
    rows, columns = values.mean(axis=1), values.mean(axis=0)
    if replications < 2:
        return float(rows.var(ddof=1)), 0.0, 0.0
    left = values - rows[:, None] - columns[None, :] + mean
    rest = float((left**2).sum()) / ((draws - 1) * (replications - 1))
    between = (replications * float(rows.var(ddof=1)) - rest) / replications
    luck = (draws * float(columns.var(ddof=1)) - rest) / draws
    return between, max(luck, 0.0), rest
