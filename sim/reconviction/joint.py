"""Selection and effect solved together, so that each causal assumption reproduces the published gaps.

The published raw and adjusted gaps between leavers identify three things only jointly (recidivism.md §5.2): how much the
judge selects on the observed score (*a*), on risk that no file shows (*c*), and what the route does (*θ*). The cohort of
2016 is integrated on a grid, without chance: people (x, v, w), all standard normal up to a scale; granted with log-odds
α − a·x − c·v; the granted share their routes in the published mix. One judge serves the three assumptions, which differ in what
v, the impression the judge forms, has to do with risk: u = sd·(ρ·v + √(1 − ρ²)·w).

* ``none``: θ = 0, and ρ = :data:`SEEN_UNDER_NONE`; *c* is what leaves the whole adjusted gap to selection;
* ``central``: θ as given; ρ is what leaves to selection the rest of the adjusted gap;
* ``all_causal``: ρ = 0; the given θ are all moved by the same δ, which makes them the whole adjusted gap.

*a* makes the raw gap, on average over the three. Under each assumption the hazard is solved interval by interval, so that
the cohort is reconvicted as published whatever is assumed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SEEN_UNDER_NONE = 0.8
"""ρ under ``none``. Below 1, so that a draw of θ on the harmful side still has a solution (more selection than ``none``)."""

METHOD = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
"""Digest of this file: a solution kept by another method is not used again."""

CONSTRAINED = "LSC-"
CONSTRAINED_SHARE = 1 / 3
"""Part of δ that a release under constraint gets: mean of λ ~ Beta(2, 4) (recidivism.md §5.3)."""

_NODES = (21, 21, 15)
"""Nodes of the grid along x, v and w. Thirty along each move no gap by 0.0001."""
_SEEN_BOUND = 0.98
_STEPS = 60


class Cohort(NamedTuple):
    """What is published about the cohort, and what is given."""

    knots: tuple[float, ...]
    """Ends of the intervals of the hazard, in months."""
    targets: tuple[float, ...]
    """Share reconvicted by each knot."""
    adjusted: float
    """Share of leavers that left adjusted."""
    routes: Mapping[str, float]
    """Their routes: shares of the adjusted; ``LSC-`` begins the name of a release under constraint."""
    raw_gap: float
    """Share reconvicted among the adjusted less that among the dry, at ``gap_months``."""
    adjusted_gap: float
    """The same at equal observed score, the routes ``set_apart`` left out."""
    gap_months: float
    set_apart: tuple[str, ...]
    score_sd: float
    unseen_sd: float
    effects: Mapping[str, float]
    """θ of each route under ``central``."""
    constrained_months: float
    """How long the effect of a release under constraint lasts."""


@dataclass(frozen=True)
class Solved:
    """One causal assumption, solved."""

    hazard: tuple[float, ...]
    """Monthly hazard of each interval, for x + u = 0 and a dry exit."""
    seen_share: float
    """ρ: correlation of the unobserved risk with what the judge sees."""
    scale: float
    """Factor on the given θ: 0 under ``none``, else 1."""
    shift: float
    """δ added to them: 0, or what makes them the whole adjusted gap."""
    raw_gap: float
    """Reached, at the months of the published one."""
    adjusted_gap: float


class Solution(NamedTuple):
    """The three assumptions, and the one judge they share."""

    on_score: float
    """a: weight against of a point of x in the grant of the cohort, in log-odds."""
    on_seen: float
    """c: weight against of a point of v."""
    assumptions: dict[str, Solved]


def _normal(nodes: int) -> tuple[Floats, Floats]:
    points, weights = np.polynomial.hermite_e.hermegauss(nodes)
    return points, weights / weights.sum()


class _Grid:
    """The cohort on a grid: weights of shape ``(x, v, w)``."""

    def __init__(self, cohort: Cohort, nodes: tuple[int, int, int] = _NODES) -> None:
        self.cohort = cohort
        (x, wx), (v, wv), (w, ww) = (_normal(n) for n in nodes)
        self.x = cohort.score_sd * x[:, None, None]
        self.v, self.w = v[None, :, None], w[None, None, :]
        self.weight = wx[:, None, None] * wv[None, :, None] * ww[None, None, :]
        self.wx = wx
        self.shares = np.array(list(cohort.routes.values()))
        self.shares = self.shares / self.shares.sum()
        starts = np.array([0.0, *cohort.knots[:-1]])
        self.lengths = np.array(cohort.knots) - starts
        lasts = np.clip(cohort.constrained_months - starts, 0.0, self.lengths) / self.lengths
        constrained = np.array([name.startswith(CONSTRAINED) for name in cohort.routes])
        # Part of each interval in which a route's effect acts, and part of δ it gets: shape (routes, intervals), (routes,).
        self.lasts = np.where(constrained[:, None], lasts, 1.0)
        self.moved = np.where(constrained, CONSTRAINED_SHARE, 1.0)
        self.theta = np.array([cohort.effects.get(name, 0.0) for name in cohort.routes])
        self.to_gap = np.clip(cohort.gap_months - starts, 0.0, self.lengths)

    def granted(self, on_score: float, on_seen: float) -> Floats:
        """Probability of leaving adjusted, at each node: the cohort's share of it on average."""
        index = -on_score * self.x - on_seen * self.v
        weight = self.weight.sum(axis=2, keepdims=True)

        def excess(level: float) -> float:
            return float((weight / (1.0 + np.exp(-level - index))).sum()) - self.cohort.adjusted

        level = _root(excess, -15.0, 15.0)
        result: Floats = 1.0 / (1.0 + np.exp(-level - index))
        return result

    def solve(self, grant: Floats, seen: float, scale: float, shift: float = 0.0) -> Solved:
        """Solve the hazard under one assumption, and say which gaps it gives."""
        cohort = self.cohort
        risk = np.exp(self.x + cohort.unseen_sd * (seen * self.v + np.sqrt(1.0 - seen * seen) * self.w))
        # Mean factor of each route on each interval; the first row is dry.
        factor = 1.0 + self.lasts * np.expm1(scale * self.theta + shift * self.moved)[:, None]
        factor = np.concatenate([np.ones((1, len(self.lengths))), factor])
        weights = [self.weight * (1.0 - grant), *(self.weight * grant * share for share in self.shares.tolist())]
        if scale == 0.0 and shift == 0.0:  # one path for all
            weights = [self.weight]
        hazard: list[float] = []
        spent = np.zeros(len(factor))
        for k, (length, target) in enumerate(zip(self.lengths.tolist(), cohort.targets, strict=True)):
            rate = 0.02
            for _ in range(_STEPS):  # Newton on a smooth increasing concave function
                total, slope = 0.0, 0.0
                for path, weight in enumerate(weights):
                    survival = weight * np.exp(-risk * (spent[path] + rate * length * factor[path, k]))
                    total += float(weight.sum()) - float(survival.sum())
                    slope += factor[path, k] * length * float((risk * survival).sum())
                step = (total - target) / slope
                rate = max(rate - step, rate / 4)
                if abs(step) < 1e-13:
                    break
            hazard.append(rate)
            spent = spent + rate * length * factor[:, k]
        raw, adjusted = self._gaps(grant, risk, (factor * (np.array(hazard) * self.to_gap)).sum(axis=1))
        return Solved(tuple(hazard), float(seen), float(scale), float(shift), raw, adjusted)

    def _gaps(self, grant: Floats, risk: Floats, spent: Floats) -> tuple[float, float]:
        """Raw gap, and gap at equal score weighted by the granted (recidivism.md, annex A)."""
        dry_weight, weight = self.weight * (1.0 - grant), self.weight * grant
        dry, *by_route = (-np.expm1(-risk * exposure) for exposure in spent.tolist())
        kept = np.array(
            [share * (name not in self.cohort.set_apart) for name, share in zip(self.cohort.routes, self.shares, strict=True)]
        )
        everyone = sum(share * route for share, route in zip(self.shares.tolist(), by_route, strict=True))
        compared = sum(share * route for share, route in zip(kept.tolist(), by_route, strict=True)) / kept.sum()

        def mean(values: Floats, weights: Floats) -> float:
            return float((values * weights).sum() / weights.sum())

        def by_score(values: Floats, weights: Floats) -> Floats:
            found: Floats = (values * weights).sum(axis=(1, 2)) / weights.sum(axis=(1, 2))
            return found

        gap = by_score(np.asarray(compared), weight) - by_score(dry, dry_weight)
        here = weight.sum(axis=(1, 2))
        return mean(np.asarray(everyone), weight) - mean(dry, dry_weight), float((gap * here).sum() / here.sum())


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Root of a monotone function by false position (Illinois); the nearer end when there is none between."""
    at_low, at_high = function(low), function(high)
    if at_low * at_high > 0:
        return low if abs(at_low) < abs(at_high) else high
    side = 0
    for _ in range(_STEPS):
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        value = function(middle)
        if abs(value) < 1e-10 or high - low < 1e-12:
            return middle
        if value * at_high > 0:
            high, at_high = middle, value
            at_low *= 0.5 if side == -1 else 1.0
            side = -1
        else:
            low, at_low = middle, value
            at_high *= 0.5 if side == 1 else 1.0
            side = 1
    return (low + high) / 2


def solve(cohort: Cohort, nodes: tuple[int, int, int] = _NODES) -> Solution:
    """Solve selection and effect for the three assumptions.

    Where the given θ leave no selection that could make up the adjusted gap (|ρ| would pass 0.98), ρ stays at its bound
    and the gap reached is that of :attr:`Solved.adjusted_gap`.
    """
    grid = _Grid(cohort, nodes)

    def judged(on_score: float) -> Solution:
        hazard_free = grid.solve(grid.granted(on_score, 0.0), SEEN_UNDER_NONE, 0.0)

        def on_seen_gap(on_seen: float) -> float:
            return grid.solve(grid.granted(on_score, on_seen), SEEN_UNDER_NONE, 0.0).adjusted_gap - cohort.adjusted_gap

        on_seen = _root(on_seen_gap, 0.0, 2.0) if cohort.adjusted_gap < hazard_free.adjusted_gap else 0.0
        grant = grid.granted(on_score, on_seen)
        seen = _root(lambda rho: grid.solve(grant, rho, 1.0).adjusted_gap - cohort.adjusted_gap, -_SEEN_BOUND, _SEEN_BOUND)
        shift = _root(lambda move: grid.solve(grant, 0.0, 1.0, move).adjusted_gap - cohort.adjusted_gap, -1.0, 1.0)
        return Solution(
            on_score,
            on_seen,
            {
                "none": grid.solve(grant, SEEN_UNDER_NONE, 0.0),
                "central": grid.solve(grant, seen, 1.0),
                "all_causal": grid.solve(grant, 0.0, 1.0, shift),
            },
        )

    def raw(on_score: float) -> float:
        gaps = [solved.raw_gap for solved in judged(on_score).assumptions.values()]
        return sum(gaps) / len(gaps) - cohort.raw_gap

    return judged(_root(raw, 0.0, 1.0))
