"""How well what the model gives agrees with what is published: one likelihood for all rows together.

What is published differs from the model at its best values by the source's error and the model's discrepancy, whose
covariance says which rows are wrong together (:func:`sim.calibration.targets.covariance`); what is known of the model there
has a variance of its own. All are normal: the distance is Mahalanobis's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.calibration.targets import covariance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sim.calibration.targets import Group, Target

    Values = NDArray[np.float64]


@dataclass(frozen=True)
class Agreement:
    """What is published of some rows, and how far it may be from the model."""

    names: tuple[str, ...]
    published: Values
    covariance: Values

    @classmethod
    def of(cls, targets: Sequence[Target], groups: Mapping[str, Group]) -> Agreement:
        """Return the agreement with some targets."""
        published = np.array([target.value for target in targets])
        return cls(tuple(target.name for target in targets), published, covariance(targets, groups))

    def about(self, published: Values) -> Agreement:
        """Return the same rows with other figures: synthetic truths."""
        return Agreement(self.names, published, self.covariance)

    def without(self, row: int) -> Agreement:
        """Return the other rows."""
        kept = np.arange(len(self.names)) != row
        names = tuple(name for name, there in zip(self.names, kept.tolist(), strict=True) if there)
        return Agreement(names, self.published[kept], self.covariance[np.ix_(kept, kept)])

    def log_likelihood(self, mean: Values, variance: Values) -> Values:
        """Logarithm of the likelihood at some points, up to a constant.

        ``mean``: shape ``(n_points, n_rows)``; ``variance`` the same, or ``(n_rows,)`` where it is one at all points.
        """
        miss = self.published - mean
        if variance.ndim == 1:
            factor = np.linalg.cholesky(self.covariance + np.diag(variance))
            scaled = np.linalg.solve(factor, miss.T)
            size = float(np.log(np.diag(factor)).sum())
            found: Values = -0.5 * (scaled**2).sum(axis=0) - size
            return found
        factors = np.linalg.cholesky(self.covariance + variance[:, :, None] * np.eye(variance.shape[1]))
        scaled = np.linalg.solve(factors, miss[:, :, None])[:, :, 0]
        sizes = np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
        alone: Values = -0.5 * (scaled**2).sum(axis=1) - sizes
        return alone

    def distances(self, mean: Values, variance: Values) -> Values:
        """How far each row is, in its own standard deviations: shape ``(n_points, n_rows)``, not below 0."""
        found: Values = np.abs(self.published - mean) / np.sqrt(np.diag(self.covariance) + variance)
        return found

    def given_the_others(self, row: int, mean: Values, variance: Values) -> tuple[Values, float]:
        """Foretell one row from the others' misses at some points: mean of each point, and standard deviation.

        Rows that are wrong together tell of each other, whatever the parameters.
        """
        others = np.arange(len(self.names)) != row
        whole = self.covariance + np.diag(variance)
        pull = np.linalg.solve(whole[np.ix_(others, others)], whole[others, row])
        foretold: Values = mean[:, row] + (self.published - mean)[:, others] @ pull
        left = float(whole[row, row] - whole[row, others] @ pull)
        return foretold, float(np.sqrt(left))
