"""What a difference hangs on, over draws: which values decide it, for how much each counts, and where it tips.

*How much.* The value of knowing a set of parameters is the share of the spread of the difference that they foretell of draws
left out one by one; the share of one parameter is its Shapley value (what it adds to a set, averaged over the orders in which
parameters may be learnt: Owen 2014). Unlike Sobol's indices it is right when draws of a posterior move together, and the shares
add up to what all foretell together. *First*: what knowing it alone would tell; *total*: what would be lost if all but it were
known. The rest is chance and what is not named.

*Which.* A parameter is named if it is beyond what the best of as many that do nothing would show once in twenty (a test of its
line and its curve, given those already named).

*Where it tips.* The value of a parameter at which the mean difference, given it, crosses a level: a cubic, its interval by
drawing the draws again.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import factorial, nan, sqrt
from typing import TYPE_CHECKING

import numpy as np

from sim.experiments.weighted import effective_size, predicted_share, standardised, weighted_quantile
from sim.randomness import Draws

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Values = NDArray[np.float64]

MOST_NAMED = 8
"""Parameters named at most: Shapley values are exact, over all their sets."""
FEWEST_DRAWS = 12
"""Below so many draws of equal weight nothing is named."""
ONCE_IN = 0.05
_RESAMPLED = 200
_INTERVAL = (0.05, 0.95)
_ONE_SIDED = 1.645
"""Standard errors beyond which a difference is chance once in twenty."""
_CURVE = 3


@dataclass(frozen=True)
class Part:
    """What one parameter decides of a difference."""

    parameter: str
    share: float
    """Shapley value: share of the spread of the difference that is its doing."""
    first: float
    """Share that knowing it alone would tell."""
    total: float
    """Share that would be lost if all the others named were known, and not it."""
    direction: int
    """+1 if the difference grows with it, -1 if it falls."""


@dataclass(frozen=True)
class Tipping:
    """Where a difference crosses a level as one parameter moves."""

    parameter: str
    level: float
    found: bool
    """Whether it crosses once within the draws, in more than half of the sets of draws drawn again, and the draws on the two
    sides differ by more than chance (1 in 20)."""
    value: float
    """Value of the parameter at which it crosses; NaN if it does not."""
    low: float
    high: float
    """Ends of its 90 % interval."""
    side: str
    """``above`` if the difference is below the level once the parameter is above ``value``, else ``below``."""
    beyond: float
    """Share of the draws on that side whose difference is below the level; of all draws, where nothing is found."""
    before: float
    """The same on the other side."""


def shapley(number: int, worth: Callable[[frozenset[int]], float]) -> list[float]:
    """Exact Shapley values of ``number`` players: what each adds to a set of others, averaged over all orders.

    ``worth`` is asked once for each set.
    """
    sets = [frozenset(chosen) for size in range(number + 1) for chosen in combinations(range(number), size)]
    known = {chosen: worth(chosen) for chosen in sets}
    weight = [factorial(size) * factorial(number - 1 - size) / factorial(number) for size in range(number)]
    return [
        sum(weight[len(chosen)] * (known[chosen | {player}] - known[chosen]) for chosen in sets if player not in chosen)
        for player in range(number)
    ]


def hangs_on(names: Sequence[str], levels: Values, values: Values, weights: Values) -> tuple[float, list[Part]]:
    """Return the share of the spread that the parameters named foretell, and the parts of each, the largest first.

    ``levels`` has a column for each name.
    """
    if effective_size(weights) < FEWEST_DRAWS or np.ptp(values[weights > 0]) == 0:
        return 0.0, []
    named = _named(levels, values, weights)
    if not named:
        return 0.0, []
    z = standardised(levels[:, named], weights)
    crossed = _features(z, range(len(named)), crossed=True).shape[1] <= effective_size(weights) / 4
    known: dict[frozenset[int], float] = {}

    def worth(chosen: frozenset[int]) -> float:
        if chosen not in known:
            known[chosen] = predicted_share(_features(z, sorted(chosen), crossed=crossed), values, weights)
        return known[chosen]

    everything = frozenset(range(len(named)))
    parts = []
    for place, share in enumerate(shapley(len(named), worth)):
        lost = max(0.0, worth(everything) - worth(everything - {place}))
        slope = float((weights * z[:, place]) @ (values - np.average(values, weights=weights)))
        parts.append(Part(names[named[place]], share, worth(frozenset({place})), lost, 1 if slope >= 0 else -1))
    return worth(everything), sorted(parts, key=lambda part: -part.share)


def _features(z: Values, chosen: Sequence[int], *, crossed: bool) -> Values:
    """Lines and curves of the parameters chosen, and their products in pairs if ``crossed``."""
    columns = [z[:, place] for place in chosen] + [z[:, place] ** 2 for place in chosen]
    if crossed:
        columns += [z[:, one] * z[:, other] for one, other in combinations(chosen, 2)]
    return np.column_stack(columns) if columns else np.empty((len(z), 0))


def _named(levels: Values, values: Values, weights: Values) -> list[int]:
    """Parameters beyond chance, one after the other: that which explains most of what those before it leave."""
    moving = [column for column in range(levels.shape[1]) if np.ptp(levels[weights > 0, column]) > 0]
    root = np.sqrt(weights / weights.mean())
    z = standardised(levels, weights)
    basis = root[:, None] / np.linalg.norm(root)
    left = root * values
    left = left - basis @ (basis.T @ left)
    named: list[int] = []
    freedom = effective_size(weights) - 1.0
    while len(named) < min(MOST_NAMED, len(moving)):
        tried = [(_explained(root, z[:, c], basis, left), c) for c in moving if c not in named]
        (gain, rank, directions), best = max(tried, key=lambda row: row[0][0])
        spent = freedom - rank
        total = float(left @ left)
        if spent < 3 or total <= 1e-12 * float(((root * values) ** 2).sum() + 1e-300):
            break
        if _by_chance(gain / total, rank, spent) * len(tried) > ONCE_IN:
            break
        named.append(best)
        basis = np.column_stack([basis, directions])
        left = left - directions @ (directions.T @ left)
        freedom = spent
    return named


def _explained(root: Values, z: Values, basis: Values, left: Values) -> tuple[float, int, Values]:
    """Sum of squares that the line and the curve of a parameter take of what is left, their number, and their directions."""
    columns = root[:, None] * np.column_stack([z, z**2])
    columns -= basis @ (basis.T @ columns)
    u, s, _ = np.linalg.svd(columns, full_matrices=False)
    directions = u[:, s > 1e-8 * np.sqrt(len(z))]
    return float(((directions.T @ left) ** 2).sum()), directions.shape[1], directions


def _by_chance(share: float, rank: int, spent: float) -> float:
    """Probability that directions which mean nothing explain so large a share of what is left (F test)."""
    from scipy.special import betaincc  # noqa: PLC0415 (0.1 s, and only answers need it)

    return float(betaincc(rank / 2, spent / 2, min(share, 1.0))) if rank else 1.0


def tipping(name: str, column: Values, values: Values, weights: Values, level: float) -> Tipping:
    """Find where the mean difference, given one parameter, crosses a level."""
    below = values < level
    everywhere = float(np.average(below, weights=weights))
    rows = np.flatnonzero(weights > 0)
    nothing = Tipping(name, level, False, nan, nan, nan, "above", everywhere, everywhere)
    if effective_size(weights) < FEWEST_DRAWS or np.ptp(column[rows]) == 0:
        return nothing
    ends = weighted_quantile(column, weights, list(_INTERVAL))
    grid = np.linspace(ends[0], ends[1], 201)
    crossing = _crossing(column, values, weights, level, grid)
    share = np.cumsum(weights) / weights.sum()
    again = []
    for number in range(_RESAMPLED):
        uniform = Draws(1, number).uniform("answers.tipping", rows)
        chosen = np.minimum(np.searchsorted(share, uniform, side="right"), len(share) - 1)
        again.append(_crossing(column[chosen], values[chosen], np.ones(len(chosen)), level, grid)[0])
    met = np.array([value for value in again if np.isfinite(value)])
    if not np.isfinite(crossing[0]) or len(met) <= _RESAMPLED / 2:
        return nothing
    low, high = np.quantile(met, _INTERVAL)
    beyond = column > crossing[0] if crossing[1] == "above" else column < crossing[0]
    sides = [side & (weights > 0) for side in (beyond, ~beyond)]
    shares = [float(np.average(below[side], weights=weights[side])) if side.any() else nan for side in sides]
    error = sqrt(everywhere * (1 - everywhere) * sum(1 / effective_size(weights[side]) for side in sides if side.any()))
    if not shares[0] - shares[1] > _ONE_SIDED * error:
        return nothing
    return Tipping(name, level, True, crossing[0], float(low), float(high), crossing[1], *shares)


def _crossing(column: Values, values: Values, weights: Values, level: float, grid: Values) -> tuple[float, str]:
    """Where a cubic through the draws crosses a level, and on which side it is below; NaN if it does not, or more than once.

    Only between the 5th and 95th percentile of the draws: beyond them the cubic is led by a few.
    """
    if np.ptp(column) == 0:
        return nan, "above"
    middle, half = (grid[0] + grid[-1]) / 2, (grid[-1] - grid[0]) / 2
    curve = np.polynomial.Polynomial.fit(column, values, _CURVE, domain=[middle - half, middle + half], w=np.sqrt(weights))
    under = curve(grid) < level
    turns = np.flatnonzero(under[1:] != under[:-1])
    if len(turns) != 1:
        return nan, "above"
    at = int(turns[0])
    before, after = curve(grid[at]) - level, curve(grid[at + 1]) - level
    where = float(grid[at] + (grid[at + 1] - grid[at]) * before / (before - after))
    return where, "above" if under[-1] else "below"
