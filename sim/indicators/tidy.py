"""Long tables of figures, and the counts they are made of.

A figure is a row ``period, indicator, group, value``. ``period`` is the label of a window (``measured``, ``2026``) or
the ISO date of a monthly census; ``group`` is ``all`` or ``dimension=value`` pairs joined by commas (``band=1–2
years``, ``regime=DDSE,procedure=LSC``). What each indicator means stands in :mod:`sim.indicators.catalogue`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from sim.dates import add_months

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.indicators.context import Window
    from sim.records.tables import Codebook

ALL = "all"
COLUMNS = ("period", "indicator", "group", "value")


class Tables(Protocol):
    """The tables of one replication, wherever they are kept."""

    @property
    def codebook(self) -> Codebook:
        """What the codes stand for."""

    def table(self, name: str) -> pd.DataFrame:
        """One table of :data:`~sim.records.tables.SCHEMA`."""


class Figures:
    """Rows gathered one by one, turned into a frame at the end."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, str, str, float]] = []

    def add(self, period: str, indicator: str, group: str, value: float) -> None:
        """Add a figure, unless there is nothing to say (a rate over nobody is no figure)."""
        if value == value:  # noqa: PLR0124 (false for NaN only, and four times quicker than isnan)
            self._rows.append((period, indicator, group, float(value)))

    def frame(self) -> pd.DataFrame:
        """Return the rows: columns ``period, indicator, group, value``, in the order they were added."""
        return pd.DataFrame(self._rows, columns=list(COLUMNS)).astype({"value": "float64"})


def group(**dimensions: str) -> str:
    """Return the text of a group: ``group(regime="DDSE")`` is ``regime=DDSE``."""
    return ",".join(f"{name.rstrip('_')}={value}" for name, value in dimensions.items())


def within(frame: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return the rows whose ``day`` falls in a window; a view if the rows are in order of days, as a run writes them."""
    return _between(frame, window.start_day, window.stop_day)


def census_days(frame: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return the rows of a table of monthly censuses (first of the month, 0 h) taken in a window."""
    return within(frame, window)


def months_told(frame: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return the rows of a table of monthly totals that are about months of a window.

    Such a row is written on the first of a month about the month before.
    """
    return _between(frame, window.start_day + 1, window.stop_day + 1)


def _between(frame: pd.DataFrame, first_day: int, stop_day: int) -> pd.DataFrame:
    day = frame["day"].to_numpy()
    if (day[1:] >= day[:-1]).all():
        start, stop = np.searchsorted(day, [first_day, stop_day]).tolist()
        return frame.iloc[start:stop]
    return frame[(day >= first_day) & (day < stop_day)]


def share(part: float, whole: float) -> float:
    """Return part / whole, NaN of nothing."""
    return part / whole if whole else float("nan")


def counts(codes: NDArray[np.int64], size: int, weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Count rows (or add weights) by code: float64, shape ``(size,)``; codes outside 0 … size - 1 are left out."""
    if len(codes) and (codes.min() < 0 or codes.max() >= size):
        known = (codes >= 0) & (codes < size)
        codes, weights = codes[known], None if weights is None else weights[known]
    return np.bincount(codes, weights=weights, minlength=size).astype(np.float64)


def integers(frame: pd.DataFrame, column: str) -> NDArray[np.int64]:
    """Return a column as int64, shape ``(n_rows,)``."""
    return frame[column].to_numpy().astype(np.int64)


def is_among(values: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which values are among others: ``np.isin`` of half a million in as many, four times quicker."""
    if not len(others):
        return np.zeros(len(values), dtype=bool)
    known = np.sort(others)
    found: NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, values), len(known) - 1)] == values
    return found


def distinct(values: NDArray[np.int64]) -> int:
    """Count the different values: ``len(np.unique(values))`` of a million, four times quicker."""
    ordered = np.sort(values)
    return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + bool(len(ordered))


def months_after(days: NDArray[np.int64], months: int) -> NDArray[np.int64]:
    """Same day of the month so many months later (:func:`sim.dates.add_months`) for each of some days."""
    if not len(days):
        return np.zeros(0, dtype=np.int64)
    # A table by day, not np.unique: sorting 700,000 requests takes longer than all the rest.
    first = int(days.min())
    met = np.flatnonzero(np.bincount(days - first))
    later = np.zeros(met[-1] + 1, dtype=np.int64)
    later[met] = [_months_after(first + day, months) for day in met.tolist()]
    found: NDArray[np.int64] = later[days - first]
    return found


_months_after = cache(add_months)


def names_with(none: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return names for codes that are 0 for nothing, else 1 + a position."""
    return (none, *names)
