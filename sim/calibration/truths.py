"""Whether the posterior finds truths that are known, by simulation-based calibration (Talts and others, 2018).

A truth is a point drawn from the prior that was run: its own figures, put wrong by the source's error, the model's
discrepancy and the country's chance, stand for what is published. The posterior is then sampled as for the real figures, by
an emulator that has not seen that run. If all is right, the truth has each rank among the sample equally often: a 90 %
interval holds it nine times in ten, and the ranks are even.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtri

from sim.calibration.sampling import sample
from sim.randomness import Draws

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.calibration.posterior import Emulated

    Values = NDArray[np.float64]

SHARES = (0.5, 0.9)
BINS = 10


def recovered(
    emulated: Emulated, points: Values, outputs: Values, names: Sequence[str], *, seed: int, steps: int
) -> dict[str, Any]:
    """Sample the posterior of each truth and say how often its intervals hold it.

    Parameters
    ----------
    points, outputs
        Truths, drawn from the prior, and the figures of their runs; the emulator has seen none of them.
    """
    factor = np.linalg.cholesky(emulated.agreement.covariance)
    # One run stands for the country: its chance is larger than the country's own, which the posterior is told.
    variance = emulated.emulator.doubt + emulated.undrawn + emulated.chance
    ranks = np.empty((len(points), points.shape[1]))
    worst, rows = 0.0, outputs.shape[1]
    for number, (point, figures) in enumerate(zip(points, outputs, strict=True)):
        luck = ndtri(Draws(seed, number).uniform("truths.figures", np.arange(rows)))
        agreement = emulated.agreement.about(figures + factor @ luck)

        def likelihood(tried: Values, agreement: Any = agreement) -> Values:
            found: Values = agreement.log_likelihood(emulated.emulator.mean(tried), variance)
            return found

        found = sample(likelihood, points.shape[1], seed=seed + number, steps=steps)
        worst = max(worst, found.spread)
        ranks[number] = (found.points < point).mean(axis=0)
    return told(ranks, names) | {"worst_spread": worst}


def told(ranks: Values, names: Sequence[str]) -> dict[str, Any]:
    """Say how often intervals held the truth, over all parameters and one by one, and how even the ranks are.

    ``ranks``: share of the sample below the truth, shape ``(n_truths, n_parameters)``.
    """
    held = {share: np.abs(ranks - 0.5) <= share / 2 for share in SHARES}
    counts = np.array([np.histogram(ranks[:, column], BINS, (0.0, 1.0))[0] for column in range(ranks.shape[1])])
    expected = len(ranks) / BINS
    uneven = ((counts - expected) ** 2 / expected).sum(axis=1)
    return {
        "truths": len(ranks),
        "held": {f"{share:g}": float(held[share].mean()) for share in SHARES},
        # Of truths that share all their figures, the parameters are not independent: the error is that of whole truths.
        "held_error": {f"{share:g}": float(held[share].mean(axis=1).std(ddof=1) / np.sqrt(len(ranks))) for share in SHARES},
        "uneven": float(uneven.mean()),
        "uneven_expected": float(BINS - 1),
        "parameters": [
            {"path": name, "held_90": float(held[0.9][:, column].mean()), "mean_rank": float(ranks[:, column].mean())}
            for column, name in enumerate(names)
        ],
    }
