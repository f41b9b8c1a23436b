"""Which parameters what is published tells, and which trade off: the sample that is left against the ranges it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.calibration.space import Space

_UNIFORM_SD = 1 / np.sqrt(12.0)
LEARNT = 0.75
"""A parameter whose spread is above this share of its range's is not identified."""
OUTER = 0.1
"""Outer part of a range; where half of the sample lies in it, the range decides."""
TRADING = 0.4
"""Two parameters correlated beyond this in the sample trade off: the data know their combination, not each."""


def identified(
    space: Space, points: NDArray[np.float64], centre: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> dict[str, Any]:
    """Compare the sample, weighted if it is, with the ranges.

    Returns
    -------
        ``parameters``: for each its range, level at the central draw, 90 % interval of the sample, width (spread over that
        of the range; 1: nothing learnt) and whether it is identified; ``pairs``: those that trade off, strongest first.
    """
    weight = np.ones(len(points)) if weights is None else weights
    rows = []
    for column, value in enumerate(space.values):
        low, high = np.quantile(points[:, column], [0.05, 0.95], weights=weight, method="inverted_cdf").tolist()
        width = float(np.sqrt(np.cov(points[:, column], aweights=weight)) / _UNIFORM_SD)
        size = value.high - value.low
        rows.append(
            {
                "path": value.path,
                "range": [value.low, value.high],
                "before": value.central,
                "central": value.low + float(centre[column]) * size,
                "interval": [value.low + low * size, value.low + high * size],
                "width": width,
                "identified": width < LEARNT,
                "leans": _leans(points[:, column], weight),
            }
        )
    covariance = np.atleast_2d(np.cov(points, rowvar=False, aweights=weight))
    spread = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(spread, spread)
    pairs = [
        {"first": space.names[i], "second": space.names[j], "correlation": float(correlation[i, j])}
        for i in range(len(space.names))
        for j in range(i + 1, len(space.names))
        if abs(correlation[i, j]) >= TRADING
    ]
    return {"parameters": rows, "pairs": sorted(pairs, key=lambda pair: -abs(float(str(pair["correlation"]))))}


def _leans(values: NDArray[np.float64], weight: NDArray[np.float64]) -> str:
    """End of its range that a parameter leans on: ``low``, ``high`` or neither."""
    share = weight / weight.sum()
    if share[values < OUTER].sum() > 0.5:
        return "low"
    return "high" if share[values > 1 - OUTER].sum() > 0.5 else ""
