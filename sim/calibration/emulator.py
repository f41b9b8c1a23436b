"""A statistical emulator: what the model would say at points it was not run at, and how sure that is.

For each output a straight plane (ridge regression, its penalty chosen by leave-one-out) and a Gaussian process on what the
plane leaves, with a term for what no parameter explains (chance, and roughness finer than the design). With few runs for
many parameters the plane does most of the work and the process widens the interval where it bends.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from numpy.typing import NDArray

_PENALTIES = np.geomspace(1e-3, 1e3, 25)
_ANISOTROPIC = 8
"""Runs for each parameter from which each gets its own length."""


class Prediction(NamedTuple):
    """Mean and variance of the outputs at some points: float64, shape ``(n_points, n_outputs)`` each."""

    mean: NDArray[np.float64]
    variance: NDArray[np.float64]
    """Of one run there: the emulator's own doubt and what no parameter explains."""


@dataclass(frozen=True)
class _One:
    """Emulator of one output, in its own standard units."""

    level: float
    scale: float
    slope: NDArray[np.float64]
    middle: NDArray[np.float64]
    process: Any

    def predict(self, points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        plane = (points - self.middle) @ self.slope
        rest, deviation = self.process.predict(points, return_std=True)
        return self.level + self.scale * (plane + rest), (self.scale * deviation) ** 2


@dataclass(frozen=True)
class Quality:
    """How an emulator does on runs it was not shown (five folds)."""

    explained: float
    """Share of the variance between runs; 0 is no better than their mean."""
    within_90: float
    """Share of those runs inside its 90 % interval."""


class Emulator:
    """Emulators of several outputs over the unit cube."""

    def __init__(self, names: Sequence[str], points: NDArray[np.float64], outputs: NDArray[np.float64]) -> None:
        """Fit to runs: ``points`` of shape ``(n_runs, n_parameters)``, ``outputs`` ``(n_runs, n_outputs)``."""
        needs_sklearn()
        if len(points) < 5:
            msg = f"an emulator needs 5 runs or more, met {len(points)}."
            raise RequestError(msg)
        self.names = tuple(names)
        self._points, self._outputs = points, outputs
        with _one_thread():
            self._fitted = [_fit(points, outputs[:, column]) for column in range(len(names))]

    def predict(self, points: NDArray[np.float64], outputs: Sequence[str] | None = None) -> Prediction:
        """Predict outputs (all by default) at points of the cube."""
        chosen = [self.names.index(name) for name in (self.names if outputs is None else outputs)]
        with _one_thread():
            pairs = [self._fitted[column].predict(points) for column in chosen]
        return Prediction(np.column_stack([mean for mean, _ in pairs]), np.column_stack([var for _, var in pairs]))

    def quality(self, folds: int = 5) -> dict[str, Quality]:
        """Try each output on runs left out, a fifth at a time; lengths stay those found with all runs."""
        numbers = np.arange(len(self._points))
        mean, variance = np.empty_like(self._outputs), np.empty_like(self._outputs)
        for fold in range(folds):
            held = numbers % folds == fold
            with _one_thread():
                for column, whole in enumerate(self._fitted):
                    one = _fit(self._points[~held], self._outputs[~held, column], whole.process.kernel_)
                    mean[held, column], variance[held, column] = one.predict(self._points[held])
        found = {}
        for column, name in enumerate(self.names):
            truth = self._outputs[:, column]
            spread = float(truth.var())
            error = truth - mean[:, column]
            explained = 1.0 - float((error**2).mean()) / spread if spread > 0 else 1.0
            within = np.abs(error) <= 1.645 * np.sqrt(variance[:, column]) + 1e-12
            found[name] = Quality(explained, float(within.mean()))
        return found


def _fit(points: NDArray[np.float64], output: NDArray[np.float64], known: Any = None) -> _One:
    """Fit one output; ``known`` is a kernel that is not fitted again."""
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415 (optional, and slow to import)
    from sklearn.gaussian_process import GaussianProcessRegressor  # noqa: PLC0415
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel  # noqa: PLC0415
    from sklearn.linear_model import RidgeCV  # noqa: PLC0415

    runs, parameters = points.shape
    level, scale = float(output.mean()), float(output.std()) or 1.0
    middle = points.mean(axis=0)
    standard = (output - level) / scale
    ridge = RidgeCV(alphas=_PENALTIES, fit_intercept=False).fit(points - middle, standard)
    rest = standard - (points - middle) @ ridge.coef_
    lengths = np.full(parameters, 2.0) if runs >= _ANISOTROPIC * parameters else 2.0
    kernel = ConstantKernel(0.3, (1e-4, 1e2)) * RBF(lengths, (0.3, 30.0)) + WhiteKernel(0.1, (1e-6, 1e1))
    if known is None:
        process = GaussianProcessRegressor(kernel, random_state=0)
    else:
        process = GaussianProcessRegressor(known, optimizer=None)
    with warnings.catch_warnings():
        # A length at the end of its bounds means that the output is flat along it: that is an answer, not a failure.
        warnings.simplefilter("ignore", ConvergenceWarning)
        process.fit(points, rest)
    return _One(level, scale, np.asarray(ridge.coef_), middle, process)


def _one_thread() -> AbstractContextManager[Any]:
    """Limit linear algebra to one thread: on small matrices threads that wait for each other cost ten times more."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 (comes with scikit-learn)

    limits: AbstractContextManager[Any] = threadpool_limits(1)
    return limits


def as_columns(runs: Sequence[Mapping[str, float]], names: Sequence[str]) -> NDArray[np.float64]:
    """Outputs of runs as float64, shape ``(n_runs, n_outputs)``."""
    return np.array([[run[name] for name in names] for run in runs], dtype=np.float64)


def needs_sklearn() -> None:
    """Say what to install where scikit-learn is not.

    Raises
    ------
    RequestError
        If it is missing.
    """
    try:
        import sklearn  # noqa: F401, PLC0415 (optional)
    except ImportError as problem:
        msg = "calibration needs scikit-learn: make setup-dev, or pip install 'sortie[calibration]'."
        raise RequestError(msg) from problem
