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
TRADING = 0.4
"""Two parameters correlated beyond this in the sample trade off: the data know their combination, not each."""


def identified(space: Space, points: NDArray[np.float64], centre: NDArray[np.float64]) -> dict[str, Any]:
    """Compare the sample with the ranges.

    Returns
    -------
        ``parameters``: for each its range, level at the central draw, 90 % interval of the sample, width (spread over that
        of the range; 1: nothing learnt) and whether it is identified; ``pairs``: those that trade off, strongest first.
    """
    rows = []
    for column, value in enumerate(space.values):
        low, high = np.quantile(points[:, column], [0.05, 0.95]).tolist()
        width = float(points[:, column].std() / _UNIFORM_SD)
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
            }
        )
    correlation = np.atleast_2d(np.corrcoef(points, rowvar=False))
    pairs = [
        {"first": space.names[i], "second": space.names[j], "correlation": float(correlation[i, j])}
        for i in range(len(space.names))
        for j in range(i + 1, len(space.names))
        if abs(correlation[i, j]) >= TRADING
    ]
    return {"parameters": rows, "pairs": sorted(pairs, key=lambda pair: -abs(float(str(pair["correlation"]))))}
