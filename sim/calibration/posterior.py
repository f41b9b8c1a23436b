"""The posterior as the emulator has it, and the weight of points that were run.

What stands between an emulated figure and the published one: error of the source and discrepancy of the model
(:mod:`sim.calibration.agreement`), the emulator's doubt, parameters that are drawn but not fitted, and chance, of which the
country has had one draw. A point that was run is known better: its own run tells of it what its chance lets through, and
the emulator the rest. Its weight is how much likelier that makes what is published than the emulator alone had it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.calibration.sampling import Sampled, sample
from sim.calibration.targets import predictive

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.calibration.agreement import Agreement
    from sim.calibration.emulator import Emulator

    Values = NDArray[np.float64]


_ENOUGH_LEFT = 200
"""Points of equal weight from which a row left out is foretold without sampling anew."""


@dataclass(frozen=True)
class Emulated:
    """What is published, and an emulator of the same rows."""

    emulator: Emulator
    agreement: Agreement
    chance: Values
    """Variance of one run of a fitted size by chance alone, by row."""
    fraction: float
    """Share of the country that such a run holds."""
    shift: Values
    """What the whole country, or the size at which draws are run, has beyond a run of the fitted size."""
    shift_variance: Values

    @property
    def undrawn(self) -> Values:
        """Variance due to what is drawn and not fitted, by row."""
        found: Values = np.maximum(self.emulator.rest - self.chance, 0.0)
        return found

    @property
    def doubt(self) -> Values:
        """Variance of an emulated figure about what a run would give on average."""
        found: Values = self.emulator.doubt + self.undrawn + self.shift_variance
        return found

    @property
    def variance(self) -> Values:
        """Variance of what the country would show about what is emulated, error and discrepancy apart."""
        return self.doubt + self.chance * self.fraction

    def mean(self, points: Values) -> Values:
        """What is emulated at points of the cube, at the size at which draws are run."""
        found: Values = self.emulator.mean(points) + self.shift
        return found

    def log_likelihood(self, points: Values) -> Values:
        """Logarithm of the likelihood of points of the cube."""
        return self.agreement.log_likelihood(self.mean(points), self.variance)

    def sample(self, dimensions: int, *, seed: int, steps: int, temperature: float = 1.0) -> Sampled:
        """Sample the posterior."""
        return sample(self.log_likelihood, dimensions, seed=seed, steps=steps, temperature=temperature)

    def left_out(self, sampled: Sampled, *, seed: int, steps: int) -> list[dict[str, Any]]:
        """Foretell each row from all the others.

        The sample is weighted as if the row were not known; where too little of it is left, the posterior without the row is
        sampled anew.
        """
        rows = []
        for row, name in enumerate(self.agreement.names):
            others = np.arange(len(self.agreement.names)) != row
            rest = self.agreement.without(row)

            def likelihood(points: Values, rest: Agreement = rest, others: NDArray[np.bool_] = others) -> Values:
                return rest.log_likelihood(self.mean(points)[:, others], self.variance[others])

            points = sampled.points
            weights = _truncated(likelihood(points) - sampled.log_likelihood)
            again = effective_size(weights) < _ENOUGH_LEFT
            if again:
                points = sample(likelihood, points.shape[1], seed=seed + row, steps=steps).points
                weights = np.ones(len(points))
            foretold, spread = self.agreement.given_the_others(row, self.mean(points), self.variance)
            low, middle, high = predictive(foretold, weights, spread)
            published = float(self.agreement.published[row])
            covered = low <= published <= high
            rows.append({"target": name, "low": low, "median": middle, "high": high, "covered": covered, "sampled": again})
        return rows


class Weighed(NamedTuple):
    """Points that were run, and what they are worth."""

    weights: Values
    """Adding up to their number."""
    effective: float
    """Points of equal weight that would be worth as much (Kish)."""
    largest: float
    """Share of the whole that the heaviest point has."""
    untruncated: float
    """Effective number before the heaviest were cut to the root of the number times the mean (Ionides, 2008)."""
    figures: Values
    """What is held of each point's figures: its own run and the emulator together."""


def weigh(emulated: Emulated, points: Values, outputs: Values, own_chance: Values) -> Weighed:
    """Weight points sampled from an emulated posterior by their own runs.

    Parameters
    ----------
    outputs
        Of their runs, which the emulator has not seen.
    own_chance
        Variance of one of these runs by chance alone, by row.
    """
    doubt = emulated.doubt
    trust = doubt / (doubt + own_chance)
    figures = emulated.mean(points) + trust * (outputs - emulated.mean(points))
    left = trust * own_chance + emulated.chance * emulated.fraction
    logs = emulated.agreement.log_likelihood(figures, left) - emulated.log_likelihood(points)
    raw = np.exp(logs - logs.max())
    weights = _truncated(logs)
    return Weighed(weights, effective_size(weights), float(weights.max() / weights.sum()), effective_size(raw), figures)


def _truncated(logs: Values) -> Values:
    """Weights of mean 1, the heaviest cut to the root of the number times the mean (Ionides, 2008)."""
    raw = np.exp(logs - logs.max())
    cut = np.minimum(raw, raw.mean() * np.sqrt(len(raw)))
    found: Values = cut / cut.mean()
    return found


def effective_size(weights: Values) -> float:
    """Points of equal weight that would be worth as much (Kish)."""
    total = float((weights**2).sum())
    return float(weights.sum()) ** 2 / total if total > 0 else 0.0


def nearest_to_the_mean(points: Values, weights: Values, allowed: NDArray[np.bool_]) -> int:
    """Position of the point nearest the weighted mean, in standard deviations of each parameter, among those allowed."""
    share = weights / weights.sum()
    mean = share @ points
    spread = np.sqrt(share @ (points - mean) ** 2)
    distance = (((points - mean) / np.where(spread > 0, spread, 1.0)) ** 2).sum(axis=1)
    chosen = allowed if allowed.any() else weights > 0
    return int(np.argmin(np.where(chosen, distance, np.inf)))
