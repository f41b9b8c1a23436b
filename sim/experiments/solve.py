"""The smallest change of a lever that reaches a target, with an interval on the answer.

Stochastic root finding on common random numbers (sample-average approximation): the same replications are run at every
setting tried, so the mean output is one curve, and its root is found by bisection. The replications' spread puts a
band around the curve; where the band's two edges cross the target are the ends of the interval (Fieller's construction):
settings below the lower end miss the target, settings above the upper end reach it, with 95 % confidence on each side.
The output is taken to move one way with the lever; a curve that does not is told, not hidden.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf, isfinite, isnan, nan, sqrt
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from sim.errors import RequestError, suggestion
from sim.indicators.catalogue import CATALOGUE
from sim.indicators.estimates import student
from sim.scenario.numerals import plain_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

ALIASES = {"dry_share": "dry_rate_exits"}
"""Other words for indicators."""
_TARGET = re.compile(
    r"\s*(?P<output>\w+)\s*(\[(?P<group>[^\]]*)\])?\s*(?P<sign><=|>=|<|>)"
    r"\s*(?P<value>-?[0-9.,/\u202f\u00a0 ]+?(e[-+]?[0-9]+)?)\s*(?P<percent>%?)\s*"
)


class Target(NamedTuple):
    """``output[group] <= value``."""

    output: str
    group: str
    sign: Literal["<=", ">="]
    value: float

    def excess(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far values are from the target: reached at 0 and below."""
        return values - self.value if self.sign == "<=" else self.value - values


def read_target(text: str) -> Target:
    """Read ``dry_share <= 0.40`` or ``density[kind=MA] <= 1.2``.

    Raises
    ------
    RequestError
        If it is not of this form, or names no indicator.
    """
    match = _TARGET.fullmatch(text)
    if match is None:
        msg = (
            f"--target: met {text!r}, expected 'indicator <= number' or 'indicator[group] >= number', as in "
            f"'dry_share <= 0.40'."
        )
        raise RequestError(msg)
    output = ALIASES.get(match["output"], match["output"])
    if output not in CATALOGUE:
        known = [*CATALOGUE, *ALIASES]
        msg = f"--target: no indicator '{output}'.{suggestion(output, known)}"
        raise RequestError(msg)
    try:
        value = float(plain_number(match["value"].strip())) / (100 if match["percent"] else 1)
    except ValueError:
        msg = f"--target: met the value {match['value']!r}, expected a number."
        raise RequestError(msg) from None
    _check_scale(output, value)
    return Target(output, match["group"] or "all", "<=" if "<" in match["sign"] else ">=", value)


_DENSEST = 5.0


def _check_scale(output: str, value: float) -> None:
    """Refuse a value that the output cannot have, and ask whether a share was written in percent.

    Raises
    ------
    RequestError
        If it is not finite, negative where nothing is, or above 1 for a share or 5 for a density.
    """
    unit = CATALOGUE[output].unit
    top = {"share": 1.0, "people/place": _DENSEST}.get(unit, inf)
    if isfinite(value) and (unit != "share" or value >= 0) and value <= top:
        return
    asked = f" Do you mean {value / 100:g} ({value:g} %)?" if top < value <= 100 * top else ""
    range_ = f"a number from 0 to {top:g}" if isfinite(top) else "a finite number"
    msg = f"--target: met {value:g}, but {output} is in {unit}: expected {range_}.{asked}"
    raise RequestError(msg)


@dataclass(frozen=True)
class Answer:
    """What was found."""

    reached: bool
    setting: float
    """Smallest setting that reaches the target on the mean curve; NaN if none does."""
    low: float
    """Lower end of the 90 % interval; the lowest setting allowed if the target may be reached even there."""
    high: float
    """Upper end; infinite if the target may be missed even at the highest setting allowed."""
    direction: int
    """+1 if the smallest lever is the lowest setting, −1 if the lever is moved downwards."""
    tried: tuple[tuple[float, float, float], ...]
    """Setting, mean output and half-width of its 90 % interval, in order of setting."""
    one_way: bool
    """Whether the mean output moved one way over the settings tried, chance aside."""
    words: str
    """Why, in one sentence."""


@dataclass
class _Curve:
    """Outputs at the settings tried; each setting is simulated once."""

    evaluate: Callable[[float], NDArray[np.float64]]
    target: Target
    outputs: dict[float, NDArray[np.float64]] = field(default_factory=dict)

    def at(self, setting: float) -> NDArray[np.float64]:
        if setting not in self.outputs:
            values = np.asarray(self.evaluate(setting), dtype=np.float64)
            if not np.isfinite(values).all():
                msg = f"the target's output has no value at the setting {setting:g} in some replication: nobody was concerned."
                raise RequestError(msg)
            self.outputs[setting] = values
        return self.outputs[setting]

    def half_width(self, setting: float) -> float:
        values = self.at(setting)
        n = len(values)
        return float(student(np.array([n - 1]))[0]) * float(values.std(ddof=1)) / sqrt(n) if n > 1 else nan

    def excess(self, setting: float, edge: str) -> float:
        """Excess of the mean, or of the edge of its band: ``low`` is the most favourable one."""
        middle = float(self.target.excess(self.at(setting)).mean())
        if edge == "mean":
            return middle
        width = self.half_width(setting)
        return middle - width if edge == "low" else middle + width


def find_root(
    evaluate: Callable[[float], NDArray[np.float64]],
    target: Target,
    low: float,
    high: float,
    *,
    tolerance: float,
    known: Sequence[float] = (),
) -> Answer:
    """Find the smallest change that reaches a target, from ``low`` (today) towards ``high``.

    Parameters
    ----------
    evaluate
        Output of each replication at a setting, shape ``(n,)``; the same luck at every setting.
    low, high
        Where the search begins, and how far it may go; ``high`` below ``low`` moves the lever down.
    tolerance
        Settings closer than this are not told apart.
    known
        Settings between them that cost nothing to look at: on a curve that turns back, the root is sought before the nearest
        that reaches.
    """
    curve = _Curve(evaluate, target)
    for setting in known:
        curve.at(setting)
    direction = 1 if high >= low else -1
    if curve.excess(low, "mean") <= 0:
        roots = {"mean": low, "low": low, "high": _root(curve, "high", low, high, tolerance)}
        return _answer(curve, roots, direction, f"the target is already reached at {low:g}")
    roots = {edge: _root(curve, edge, low, high, tolerance) for edge in ("mean", "low", "high")}
    if not isfinite(roots["mean"]):
        best = min(curve.outputs, key=lambda setting: curve.excess(setting, "mean"))
        value, width = float(curve.at(best).mean()), curve.half_width(best)
        words = (
            f"no setting up to {high:g} reaches it: the nearest is {value:.4g} ± {width:.2g} at {best:g}, "
            f"against {target.sign} {target.value:g}"
        )
        return _answer(curve, roots, direction, words)
    return _answer(curve, roots, direction, f"the smallest setting that reaches it is {roots['mean']:g}")


def _root(curve: _Curve, edge: str, low: float, high: float, tolerance: float) -> float:
    """Where one edge of the band crosses the target, by bisection on what was tried; infinite if it does not."""
    for end in (low, high):
        curve.at(end)
    # What is known already: begin between the nearest setting that reaches and the one before.
    forward = 1 if high >= low else -1
    outside, inside = low, nan
    for setting in sorted(curve.outputs, key=lambda s: forward * s):
        if curve.excess(setting, edge) <= 0:
            inside = setting
            break
        outside = setting
    if isnan(inside):
        return inf
    if inside == low:
        return low
    by_line = True
    while abs(inside - outside) > tolerance:
        # Where a straight line crosses, then the middle, in turn: quick on a smooth curve, never slow on another.
        share = (_crossing(curve, edge, outside, inside) - outside) / (inside - outside) if by_line else 0.5
        middle = outside + min(max(share, 0.05), 0.95) * (inside - outside)
        by_line = not by_line
        if curve.excess(middle, edge) <= 0:
            inside = middle
        else:
            outside = middle
    return _crossing(curve, edge, outside, inside)


def _crossing(curve: _Curve, edge: str, outside: float, inside: float) -> float:
    above, below = curve.excess(outside, edge), curve.excess(inside, edge)
    return outside + (inside - outside) * above / (above - below) if above > below else inside


def _answer(curve: _Curve, roots: dict[str, float], direction: int, words: str) -> Answer:
    settings = sorted(curve.outputs)
    tried = tuple((s, float(curve.outputs[s].mean()), curve.half_width(s)) for s in settings)
    steps = [curve.outputs[b] - curve.outputs[a] for a, b in pairwise(settings)]
    signs = {int(np.sign(step.mean())) for step in steps if abs(step.mean()) > 2 * step.std() / sqrt(len(step))}
    mean = roots["mean"]
    return Answer(
        reached=isfinite(mean),
        setting=mean if isfinite(mean) else nan,
        low=roots["low"] if isfinite(roots["low"]) else nan,
        high=roots["high"],
        direction=direction,
        tried=tried,
        one_way=len(signs - {0}) <= 1,
        words=words,
    )
