"""How many replications: until the interval of every output asked for is narrow enough.

The confidence-interval method with look-ahead of Hoad, Robinson and Davies (2010, *Automated selection of the number of
replications for a discrete-event simulation*, JORS 61): the answer is the smallest number, from the floor on, at
which the half-width is within its target and stays there for the next few replications. Look-ahead: 5 up to 100
replications, a twentieth of their number beyond.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.indicators.estimates import student

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LOOK_AHEAD = 5


@dataclass(frozen=True)
class Reached:
    """Where one output stands."""

    output: str
    n: int
    """Replications made."""
    mean: float
    half_width: float
    target: float
    enough: int | None
    """Smallest number at which the target is met and stays met; None if it is not yet."""


def look_ahead(n: int) -> int:
    """Further replications for which the target must stay met."""
    return LOOK_AHEAD if n <= 100 else LOOK_AHEAD * n // 100


def half_widths(values: Sequence[float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and half-width of the 90 % interval after 1, 2 … n replications: float64, shape ``(n,)`` each."""
    array = np.asarray(values, dtype=np.float64)
    n = np.arange(1, len(array) + 1)
    mean = np.cumsum(array) / n
    # Centred first: the squares of 70,000 people would leave no digits for a spread of 50.
    centred = array - array[0]
    squares = np.cumsum(centred**2) - n * (np.cumsum(centred) / n) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(np.maximum(squares, 0.0) / (n - 1) / n)
    return mean, np.asarray(student(n - 1) * error)


def progress(output: str, values: Sequence[float], *, floor: int, half_width: float | None, relative: float | None) -> Reached:
    """Say whether an output is known well enough, and since when.

    Parameters
    ----------
    values
        One value a replication, in order.
    half_width, relative
        Targets, in the unit of the output and as a share of it; the easier of the two is enough.
    """
    mean, width = half_widths(values)
    targets = np.zeros_like(mean)
    if half_width is not None:
        targets = np.maximum(targets, half_width)
    if relative is not None:
        targets = np.maximum(targets, relative * np.abs(mean))
    met = width <= targets
    enough = None
    for n in range(max(floor, 2), len(met) + 1):
        last = n + look_ahead(n)
        if last <= len(met) and met[n - 1 : last].all():
            enough = n
            break
    return Reached(output, len(met), float(mean[-1]), float(width[-1]), float(targets[-1]), enough)
