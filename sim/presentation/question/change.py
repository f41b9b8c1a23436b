"""One change against the world without the policy: its interval, whether its sign holds, and how many of its digits do."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isnan, log10, nan
from typing import TYPE_CHECKING, Literal

from sim.indicators.context import MEASURED

if TYPE_CHECKING:
    from sim.library.read import Figure, Figures
    from sim.presentation.headlines import Outcome
    from sim.presentation.texts import Texts

LEAST = 0.25
"""Points of dry rate below which nothing is said to have moved."""
ENOUGH = 20
"""Replications from which an interval that holds chance alone allows a verdict."""
_FEW, _MANY = 30, 5_000
"""People without an interval: told to the unit below the first, to the hundred above the second, else to the ten."""


@dataclass(frozen=True)
class Change:
    """A difference between a policy and its base, at one period."""

    base: float
    value: float
    difference: float
    low: float
    high: float
    holds: Literal["chance", "both"]
    """What the interval holds: chance, or chance and the uncertain parameters."""
    sure: bool
    """Whether the sign stands against all the doubt there is figures for, once rounded as it is shown."""

    @property
    def half_width(self) -> float:
        """Half of the interval; NaN without one."""
        return (self.high - self.low) / 2


def change_of(figures: Figures, policy: str, outcome: Outcome, period: str) -> Change | None:
    """Return the change of one figure; None where the base or the policy has none.

    Where the interval of a period holds chance only, while that of the whole measured window holds the parameters too, the sign
    must stand against both.
    """
    figure, base = figures.get(policy, outcome.indicator, outcome.group, period), None
    if figure is not None:
        base = figures.get(figures.base, outcome.indicator, outcome.group, period)
    if figure is None or base is None or isnan(figure.difference):
        return None
    intervals = [figure]
    if figure.holds == "chance" and period != MEASURED:
        whole = figures.get(policy, outcome.indicator, outcome.group, MEASURED)
        intervals += [whole] if whole is not None and whole.holds == "both" else []
    sides = {_side(each, outcome.kind) for each in intervals}
    # A sketch proves nothing: without the parameters, an interval of few replications is told, and no verdict drawn from it.
    enough = figure.n >= ENOUGH or any(each.holds == "both" for each in intervals)
    sure = enough and sides in ({-1}, {1}) and _rounded(figure.difference, outcome.kind) != 0
    return Change(base.mean, figure.mean, figure.difference, figure.difference_low, figure.difference_high, figure.holds, sure)


def _side(figure: Figure, kind: str) -> int:
    """-1 if an interval lies below zero, 1 above; 0 if it holds zero once rounded as shown, or if there is none."""
    low, high = _rounded(figure.difference_low, kind), _rounded(figure.difference_high, kind)
    if isnan(low) or isnan(high) or figure.difference_low == figure.difference_high:
        return 0
    return -1 if high < 0 else 1 if low > 0 else 0


def _rounded(value: float, kind: str) -> float:
    """Round as :func:`told` shows: a bound that is shown as 0 proves nothing."""
    if isnan(value):
        return nan
    return round(100 * value, 1) if kind in {"share", "density"} else round(value / 1e6, 1) if kind == "euros" else round(value)


def step_of(value: float, half_width: float = nan) -> float:
    """Last digit worth showing of a number of people: that of the half-width, else by size."""
    if half_width > 0:
        return max(1.0, 10.0 ** floor(log10(half_width)))
    return 1.0 if abs(value) < _FEW else 10.0 if abs(value) < _MANY else 100.0


def told(t: Texts, value: float, kind: str, half_width: float = nan, *, sign: bool = True) -> str:
    """Write a difference (or a level, without ``sign``) with the digits that its interval leaves; no unit."""
    if isnan(value):
        return "–"
    write = t.signed if sign else t.number
    if kind in {"share", "density"}:
        return write(100 * value, 1 if kind == "share" else 0)
    if kind == "euros":
        millions = value / 1e6
        return write(millions, 0 if abs(millions) >= 10 else 1)
    if kind == "people":
        step = step_of(value, half_width)
        return write(round(value / step) * step)
    if kind == "ratio":
        return write(value, 0 if abs(value) >= 10 else 1)
    return write(value)


def interval(t: Texts, change: Change, kind: str) -> str:
    """Write the interval of a change: ``de −440 à −310``."""
    ends = (told(t, end, kind, change.half_width) for end in (change.low, change.high))
    return t("interval.difference", **dict(zip(("low", "high"), ends, strict=True)))
