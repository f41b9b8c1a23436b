"""A statistical emulator: what the model would say at points it was not run at, and how sure that is.

Each output is a Gaussian process whose covariance is the sum of four parts: a plane, a bowl (the squares), a smooth surface
that bends as it will, and what no parameter explains (chance, parameters that are not fitted, roughness finer than the
design). How much of each is found by maximum likelihood, output by output (Rasmussen and Williams, 2006, chapter 5). The
smooth surfaces share their lengths, longer along parameters that move little, so that tens of outputs at hundreds of points
cost one distance matrix: a sampler asks for millions.

How good it is, is read on runs left out one by one, which is exact for a Gaussian process and costs no refit (their
equation 5.12).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

from sim.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Values = NDArray[np.float64]

_SHOWN = 384
"""Runs from which lengths and shares are found, spread over those there are; predictions use all."""
_LENGTHS = (0.6, 1.5)
"""Lengths of the smooth surface that are tried, in units of the mean distance between runs."""
_FLOOR = 0.1
"""Least weight of a parameter in a distance, beside that which moves most."""
_BOUNDS = ((-9.0, 3.0),) * 3 + ((-12.0, 1.0),)
"""Of the logarithms of the four variances, the output's own being 1."""
_START = np.log([0.5, 0.05, 0.2, 0.1])
Z90 = 1.6448536269514722


class Prediction(NamedTuple):
    """What is foretold at some points: float64, shape ``(n_points, n_outputs)`` each."""

    mean: Values
    variance: Values
    """Of one run there: the emulator's own doubt and what no parameter explains."""


@dataclass(frozen=True)
class Quality:
    """How an emulator does on runs it was not shown, left out one by one."""

    explained: float
    """Share of the variance between runs; 0 is no better than their mean."""
    within_90: float
    """Share of those runs inside its 90 % interval."""
    largest: float
    """Largest miss, in its own standard deviations."""


@dataclass(frozen=True)
class _Fit:
    """One output, in its own standard units."""

    level: float
    scale: float
    length: int
    """Place of its length in :data:`_LENGTHS`."""
    variances: Values
    """Plane, bowl, surface, rest."""


class Emulator:
    """Emulators of several outputs over the unit cube."""

    def __init__(self, names: Sequence[str], points: Values, outputs: Values) -> None:
        """Fit to runs: ``points`` of shape ``(n_runs, n_parameters)``, ``outputs`` ``(n_runs, n_outputs)``."""
        if len(points) < 5:
            msg = f"an emulator needs 5 runs or more, met {len(points)}."
            raise RequestError(msg)
        self.names = tuple(names)
        self._outputs = outputs
        level = outputs.mean(axis=0)
        scale = np.where(outputs.std(axis=0) > 0, outputs.std(axis=0), 1.0)
        standard = (outputs - level) / scale
        self._weights = _weights(points - 0.5, standard)
        plane, bowl = _features(points)
        self._surface_points = points * self._weights
        distance = _squared(self._surface_points, self._surface_points)
        self._unit = float(np.sqrt(distance.mean())) or 1.0
        shown = np.unique(np.linspace(0, len(points) - 1, min(_SHOWN, len(points))).astype(int))
        some = np.ix_(shown, shown)
        fitted = [_fit(column[shown], _parts(plane[shown], bowl[shown], distance[some], self._unit)) for column in standard.T]
        self._fits = [_Fit(float(level[n]), float(scale[n]), length, variances) for n, (length, variances) in enumerate(fitted)]
        everything = _parts(plane, bowl, distance, self._unit)
        runs, number = outputs.shape
        self._alpha = np.empty((runs, number))
        self.left_out = np.empty((runs, number))
        """What is foretold of each run without it."""
        self._left_variance = np.empty((runs, number))
        for n, fit in enumerate(self._fits):
            alpha, spread = _conditioned(standard[:, n], everything[fit.length], fit.variances)
            self._alpha[:, n] = alpha
            self.left_out[:, n] = outputs[:, n] - scale[n] * alpha * spread
            self._left_variance[:, n] = scale[n] ** 2 * spread
        variances = np.array([fit.variances for fit in self._fits])
        self._planes = variances[:, 0] * (plane.T @ self._alpha) / plane.shape[1]
        self._bowls = variances[:, 1] * (bowl.T @ self._alpha) / bowl.shape[1]
        self.rest = scale**2 * variances[:, 3]
        """Variance of one run that no fitted parameter explains, by output."""
        self.about(np.ones(runs, dtype=np.bool_))

    def about(self, runs: NDArray[np.bool_]) -> None:
        """Let the doubt be that met at these runs, each left out: later waves are asked where the last one ran."""
        missed = ((self._outputs - self.left_out) ** 2)[runs].mean(axis=0)
        total = np.maximum(missed, self._left_variance[runs].mean(axis=0))
        self.doubt = np.maximum(total - self.rest, 0.02 * total)
        """Variance of what is foretold about what runs would give on average, by output."""

    def mean(self, points: Values) -> Values:
        """Foretell every output at points of the cube: shape ``(n_points, n_outputs)``."""
        plane, bowl = _features(points)
        found = plane @ self._planes + bowl @ self._bowls
        distance = _squared(points * self._weights, self._surface_points)
        for place, length in enumerate(_LENGTHS):
            mine = np.array([n for n, fit in enumerate(self._fits) if fit.length == place], dtype=np.int64)
            if len(mine):
                variances = np.array([self._fits[n].variances[2] for n in mine])
                found[:, mine] += (_surface(distance, length * self._unit) @ self._alpha[:, mine]) * variances
        scale, level = (np.array([getattr(fit, what) for fit in self._fits]) for what in ("scale", "level"))
        shown: Values = level + scale * found
        return shown

    def predict(self, points: Values, outputs: Sequence[str] | None = None) -> Prediction:
        """Predict one run's outputs (all by default) at points of the cube."""
        chosen = [self.names.index(name) for name in (self.names if outputs is None else outputs)]
        mean = self.mean(points)[:, chosen]
        return Prediction(mean, np.broadcast_to((self.doubt + self.rest)[chosen], mean.shape))

    def quality(self) -> dict[str, Quality]:
        """How each output does on runs left out."""
        found = {}
        for n, name in enumerate(self.names):
            error = self._outputs[:, n] - self.left_out[:, n]
            spread = float(self._outputs[:, n].var())
            explained = 1.0 - float((error**2).mean()) / spread if spread > 0 else 1.0
            miss = np.abs(error) / (np.sqrt(self._left_variance[:, n]) + 1e-12 * (1 + abs(self._fits[n].level)))
            found[name] = Quality(explained, float((miss <= Z90).mean()), float(miss.max()))
        return found


def _weights(centred: Values, standard: Values) -> Values:
    """Weight of each parameter in a distance: how much the plane through the runs moves along it, over the outputs."""
    runs, parameters = centred.shape
    ridge = centred.T @ centred + np.eye(parameters) * runs / 120
    slope = np.linalg.solve(ridge, centred.T @ standard)
    size = np.sqrt((slope**2).mean(axis=1))
    largest = float(size.max())
    weights: Values = np.maximum(size / largest, _FLOOR) if largest > 0 else np.ones(parameters)
    return weights


def _features(points: Values) -> tuple[Values, Values]:
    """Plane and bowl: each parameter and its square, both with variance 1 over the cube."""
    centred = np.sqrt(12.0) * (points - 0.5)
    return np.column_stack([np.ones(len(points)), centred]), (centred**2 - 1.0) * np.sqrt(5.0) / 2


def _squared(one: Values, other: Values) -> Values:
    """Squared distances: shape ``(len(one), len(other))``."""
    found = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1)[None, :] - 2 * one @ other.T
    positive: Values = np.maximum(found, 0.0)
    return positive


def _surface(distance: Values, length: float) -> Values:
    found: Values = np.exp(-0.5 * distance / length**2)
    return found


def _parts(plane: Values, bowl: Values, distance: Values, unit: float) -> list[tuple[Values, Values, Values]]:
    """Plane, bowl and surface of the covariance, for each length."""
    flat, round_ = plane @ plane.T / plane.shape[1], bowl @ bowl.T / bowl.shape[1]
    return [(flat, round_, _surface(distance, length * unit)) for length in _LENGTHS]


def _fit(standard: Values, parts: list[tuple[Values, Values, Values]]) -> tuple[int, Values]:
    """Length and variances of largest likelihood."""
    best: tuple[float, int, Values] | None = None
    for place, three in enumerate(parts):
        found = minimize(_unlikely, _START, args=(standard, three), jac=True, method="L-BFGS-B", bounds=_BOUNDS)
        if best is None or found.fun < best[0]:
            best = (float(found.fun), place, np.exp(found.x))
    assert best is not None
    return best[1], best[2]


def _unlikely(logs: Values, standard: Values, parts: tuple[Values, Values, Values]) -> tuple[float, Values]:
    """Minus the logarithm of the likelihood, and its slope."""
    variances = np.exp(logs)
    whole = sum(v * part for v, part in zip(variances[:3], parts, strict=True)) + variances[3] * np.eye(len(standard))
    factor = cho_factor(whole, lower=True, check_finite=False)
    alpha = cho_solve(factor, standard, check_finite=False)
    inverse = cho_solve(factor, np.eye(len(standard)), check_finite=False)
    value = 0.5 * float(standard @ alpha) + float(np.log(np.diag(factor[0])).sum())
    slope = [
        0.5 * v * (float((inverse * part).sum()) - float(alpha @ part @ alpha))
        for v, part in zip(variances[:3], parts, strict=True)
    ]
    slope.append(0.5 * float(variances[3]) * (float(np.trace(inverse)) - float(alpha @ alpha)))
    return value, np.array(slope)


def _conditioned(standard: Values, parts: tuple[Values, Values, Values], variances: Values) -> tuple[Values, Values]:
    """Weights of the runs, and the variance of each when it is left out."""
    whole = sum(v * part for v, part in zip(variances[:3], parts, strict=True)) + variances[3] * np.eye(len(standard))
    factor = cho_factor(whole, lower=True, check_finite=False)
    inverse = cho_solve(factor, np.eye(len(standard)), check_finite=False)
    return inverse @ standard, 1.0 / np.diag(inverse)


def as_columns(runs: Sequence[Mapping[str, float]], names: Sequence[str]) -> Values:
    """Outputs of runs as float64, shape ``(n_runs, n_outputs)``."""
    return np.array([[run[name] for name in names] for run in runs], dtype=np.float64)
