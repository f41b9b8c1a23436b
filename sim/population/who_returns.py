"""Which entrants are left out so that returns to prison are not counted twice: those at higher risk more often.

Decision 0008 takes the returns of the baseline off the entries from outside. Taken off at random they would leave more and
more people at high risk in prison, as returning people are: the leavers of the model would be reconvicted more often each
year than the cohort the hazard is solved on. An entrant is therefore kept with a chance that falls with the probability that
someone of the same risk returns, the same on average; the people committed, returns included, then keep the risk of the
published cohort.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.reconviction import HazardTables

    Floats = NDArray[np.float64]

_MONTHS = 24
"""Months over which returning is compared: what lies between a release and a committal, on average, in a long run."""

_POINTS = 401


@lru_cache(maxsize=512)
def _factor(share: float, spread: float, exposure: float) -> float:
    """Factor k with which 1 − k · (relative chance of returning), never below 0, is 1 − share on average."""
    z = np.linspace(-5.0, 5.0, _POINTS)
    weight = np.exp(-z * z / 2)
    weight /= weight.sum()
    relative = -np.expm1(-np.exp(spread * z) * exposure)
    relative /= (weight * relative).sum()
    # Those of the lowest points of the grid are kept in part, the others never: between two points the mean is a line in k.
    part = np.cumsum(weight)
    factors = (part - (1.0 - share)) / np.cumsum(weight * relative)
    return float(factors[np.flatnonzero(factors * relative <= 1.0)[-1]])


def kept_share(risk: Floats, share: float, spread: float, tables: HazardTables) -> Floats:
    """Chance that each entrant is kept when ``share`` of them are taken off: shape ``risk.shape``, 1 − share on average.

    Parameters
    ----------
    risk
        x + u of each.
    spread
        Standard deviation of x + u among entrants.
    """
    if share <= 0.0:
        return np.ones_like(risk)
    exposure = float((tables.hazard * np.clip(_MONTHS - tables.edges[:-1], 0.0, np.diff(tables.edges))).sum())
    z = np.linspace(-5.0, 5.0, _POINTS)
    weight = np.exp(-z * z / 2)
    weight /= weight.sum()
    mean = float((weight * -np.expm1(-np.exp(spread * z) * exposure)).sum())
    relative = -np.expm1(-np.exp(risk) * exposure) / mean
    result: Floats = np.maximum(0.0, 1.0 - _factor(share, spread, exposure) * relative)
    return result
