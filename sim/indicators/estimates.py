"""Means over replications and paired differences, with intervals that say what they cover.

Two scenarios run with the same seed share their luck, person by person: replication *k* of one is paired with
replication *k* of the other, and the interval is that of the mean of the differences (Student's t). It covers chance
only: the uncertainty of parameters is not in it, and the label says so.

Replications that all gave one number say nothing of how far chance may carry it (two of them in a small sample often agree):
no interval is given there, rather than one of no width, which would read as certainty.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

CONFIDENCE = 0.90

_ROUNDING = 1e-9
"""Spread, as a share of the mean, below which numbers differ by the rounding of the machine only."""

KEY = ["period", "indicator", "group"]


@dataclass(frozen=True)
class Estimate:
    """A mean over replications, and the half-width of its 90 % interval (NaN without spread between replications)."""

    mean: float
    half_width: float
    n: int

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.mean + self.half_width


def student(freedom: NDArray[np.int64]) -> NDArray[np.float64]:
    """95th percentile of Student's t: the factor of a two-sided 90 % interval; NaN without a degree of freedom."""
    from sim.engine.special import stdtrit  # noqa: PLC0415 (only estimates need it)

    factors: NDArray[np.float64] = np.where(freedom > 0, stdtrit(np.maximum(freedom, 1), (1 + CONFIDENCE) / 2), nan)
    return factors


def _chance_below_zero(
    mean: NDArray[np.float64], error: NDArray[np.float64], freedom: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Probability that the true mean is below 0, by Student's t; NaN where the replications show no spread."""
    from sim.engine.special import stdtr  # noqa: PLC0415

    with np.errstate(divide="ignore", invalid="ignore"):
        spread = stdtr(np.maximum(freedom, 1), -mean / error)
    result: NDArray[np.float64] = np.where((freedom > 0) & (error > 0), spread, nan)
    return result


def estimate(values: Sequence[float]) -> Estimate:
    """Estimate a mean from one value a replication; equal values, or one, give no interval (NaN)."""
    n = len(values)
    array = np.asarray(values, dtype=np.float64)
    if n == 0:
        return Estimate(nan, nan, 0)
    if bool((array == array[0]).all()):
        # Their mean could differ from them by a rounding error, and a difference of nothing must be exactly 0.
        return Estimate(float(array[0]), nan, n)
    mean, spread = float(array.mean()), float(array.std(ddof=1))
    if bool(_tied(np.array([spread]), np.array([mean]))[0]):
        return Estimate(mean, nan, n)
    factor = float(student(np.array([n - 1]))[0])
    return Estimate(mean, factor * spread / sqrt(n), n)


class Ratio(NamedTuple):
    """A ratio of two mean differences, with the ends of its 90 % interval; NaN where no interval can be given."""

    value: float
    low: float
    high: float
    n: int


def ratio(above: Sequence[float], below: Sequence[float]) -> Ratio:
    """Divide one mean difference by another of the same replications, by Fieller's theorem.

    The interval holds the ratios that the paired differences do not refute, so that both vary and vary together. Where the one
    below may be zero, these ratios go to infinity on one side or on both: no interval is given, nor if the differences show
    no spread, and no ratio at all over exactly nothing.
    """
    x, y = (np.asarray(values, dtype=np.float64) for values in (above, below))
    n = len(x)
    over, under = (estimate(values).mean for values in (x.tolist(), y.tolist()))
    if n == 0 or under == 0:
        return Ratio(nan, nan, nan, n)
    if n == 1:
        return Ratio(over / under, nan, nan, n)
    factor = float(student(np.array([n - 1]))[0])
    spread = np.cov(x, y, ddof=1) * factor**2 / n
    if bool(_tied(np.sqrt(np.diag(spread)), np.array([over, under])).all()):
        return Ratio(over / under, nan, nan, n)
    # The roots of (over - r under)² = t² var(x - r y).
    a = under**2 - spread[1, 1]
    if a <= 0:
        return Ratio(over / under, nan, nan, n)
    b, c = over * under - spread[0, 1], over**2 - spread[0, 0]
    width = sqrt(max(0.0, b * b - a * c))
    return Ratio(over / under, (b - width) / a, (b + width) / a, n)


def _tied(spread: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether replications all gave one number, rounding of the machine aside: nothing can be said of chance."""
    tied: NDArray[np.bool_] = ~(spread > _ROUNDING * np.maximum(np.abs(mean), _ROUNDING))
    return tied


def interval_label(n: int) -> str:
    """Say what the interval covers, in the words to print beside it."""
    if n < 2:
        return "one replication: no interval can be given (use --replications 2 or more)"
    return f"90 % interval: chance only, {n} replications; parameter uncertainty not yet included"


def summarise(indicators: pd.DataFrame) -> pd.DataFrame:
    """Mean and half-width of each figure over the replications.

    Parameters
    ----------
    indicators
        Columns ``replication, period, indicator, group, value``.

    Returns
    -------
        Columns ``period, indicator, group, mean, half_width, n``, in the order of the first replication.
    """
    return _moments(indicators, {"value": "mean"})


def paired(base: pd.DataFrame, policy: pd.DataFrame) -> pd.DataFrame:
    """Compare two runs replication by replication.

    Parameters
    ----------
    base, policy
        Indicators of the two runs, for the same replications. A figure that one of them lacks (nobody was concerned) is
        left out for that replication.

    Returns
    -------
        Columns ``period, indicator, group, base, policy, difference, half_width, below_zero, n``: means over the
        replications, the half-width of the 90 % interval of the mean difference, and the probability that it is below
        0, chance alone considered.
    """
    joined = base.merge(policy, on=["replication", *KEY], suffixes=("_base", "_policy"), how="inner")
    joined["value"] = joined["value_policy"] - joined["value_base"]
    return _moments(joined, {"value_base": "base", "value_policy": "policy", "value": "difference"})


def _moments(frame: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """Means of the columns, and the half-width of ``value``, figure by figure."""
    grouped = frame.groupby(KEY, sort=False, observed=True)
    result = grouped[list(columns)].mean().rename(columns=columns)
    spread = grouped["value"].agg(["size", "std", "min", "max", "first"])
    same = (spread["min"] == spread["max"]).to_numpy()
    name = columns["value"]
    result[name] = np.where(same, spread["first"], result[name])
    n = spread["size"].to_numpy().astype(np.int64)
    middle, scatter = result[name].to_numpy(dtype=np.float64), spread["std"].to_numpy(dtype=np.float64)
    error = np.where(same | _tied(scatter, middle), nan, scatter / np.sqrt(n))
    result["half_width"] = student(n - 1) * error
    if name == "difference":
        result["below_zero"] = _chance_below_zero(middle, error, n - 1)
    result["n"] = n
    return result.reset_index()
