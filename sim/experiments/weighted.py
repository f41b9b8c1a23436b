"""Draws that do not count alike: quantiles, effective size, and what a set of features predicts of a draw it was not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

_PENALTIES = np.geomspace(1e-4, 1e3, 15)
"""Penalties tried on standardised features, for each unit of weight."""


def effective_size(weights: Values) -> float:
    """Number of draws of equal weight that would be worth as much (Kish): the squared sum over the sum of squares."""
    total = float((weights**2).sum())
    return float(weights.sum()) ** 2 / total if total > 0 else 0.0


def weighted_quantile(values: Values, weights: Values, shares: Values | list[float]) -> Values:
    """Quantiles of weighted values: each stands at the middle of its weight, with straight lines between (Hazen's rule)."""
    kept = weights > 0
    order = np.argsort(values[kept], kind="stable")
    ordered, weight = values[kept][order], weights[kept][order]
    middle = (np.cumsum(weight) - weight / 2) / weight.sum()
    found: Values = np.interp(np.asarray(shares, dtype=np.float64), middle, ordered)
    return found


def standardised(columns: Values, weights: Values) -> Values:
    """Columns with weighted mean 0 and deviation 1; one that does not vary becomes 0."""
    share = weights / weights.sum()
    centred = columns - share @ columns
    spread = np.sqrt(share @ centred**2)
    found: Values = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 1e-12 * (1 + np.abs(columns).max()))
    return found


def predicted_share(features: Values, values: Values, weights: Values) -> float:
    """Share of the spread of ``values`` that ``features`` foretell of draws left out one by one; 0 if they foretell nothing.

    Ridge regression on standardised features, the penalty being the one that foretells best. Leaving out is exact: what a line
    foretells of a draw it was not fitted on follows from its own pull on the line (the hat matrix), without fitting again.
    """
    if not features.shape[1]:
        return 0.0
    root = np.sqrt(weights / weights.mean())
    share = weights / weights.sum()
    z = root[:, None] * standardised(features, weights)
    r = root * (values - share @ values)
    alone = float(((r / (1.0 - share)) ** 2).sum())
    if alone <= 0:
        return 0.0
    u, s, _ = np.linalg.svd(z, full_matrices=False)
    best = 0.0
    projected = u.T @ r
    for penalty in _PENALTIES * len(values):
        shrunk = s**2 / (s**2 + penalty)
        pull = share + (u**2 @ shrunk)
        if pull.max() >= 1.0:
            continue
        left = (r - u @ (shrunk * projected)) / (1.0 - pull)
        best = max(best, 1.0 - float((left**2).sum()) / alone)
    return best
