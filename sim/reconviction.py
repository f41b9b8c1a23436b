"""Reconviction after prison: a piecewise hazard, individual risk, and three named causal assumptions.

The hazard of a new offence leading to a recorded conviction is, for a person who left the cell ``t`` months ago,

    h(t) = h0(t) · exp(x + u + θ[route, t]),      x ~ N(0, 0.70²) observed,   u ~ N(0, 0.71²) unobserved

(recidivism.md §1.3, §5.2). The published gaps between routes identify selection and effect only jointly: an assumption
about the effect θ implies how much of the unobserved risk the judge must see. One simulated life serves the three
assumptions: the judge sees ``v`` and nobody sees ``w`` (both standard normal), and under assumption *k*

    u_k = 0.71 · (ρ_k · v + √(1 − ρ_k²) · w),

so that ρ = 1 under ``none`` (the whole remaining gap is selection) and 0 under ``all_causal``.

Nothing is computed past 60 months: equally good fits differ by twelve points at ten years.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

ASSUMPTIONS = ("none", "central", "all_causal")
"""Always shown together: no effect of the route, the central reading of the evidence, the whole adjusted gap causal."""

HORIZON_MONTHS = 60.0
"""Nothing is said beyond (recidivism.md §1.3)."""

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(61)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True)
class ReconvictionModel:
    """The hazard and the effects of routes under each causal assumption."""

    knots: tuple[float, ...]
    """Ends of the intervals, months since the exit: 4, 12, 24, 36, 60."""
    targets: tuple[float, ...]
    """Cumulative share reconvicted at each knot in the cohort the hazard is centred on."""
    cohort_adjusted: float
    """Share of that cohort that left by an adjustment (the rest dry)."""
    score_sd: float
    unseen_sd: float
    seen_share: Mapping[str, float]
    """ρ by assumption: correlation of the unobserved risk with what the judge sees."""
    effects: Mapping[str, Mapping[str, float]]
    """θ by assumption and route; a route is a regime code (``DDSE``) or ``LSC-`` and a regime code."""
    routes: tuple[str, ...]
    """Name of the route for each regime code of the tables: ``("dry", "LC", "SL", …)``."""
    constrained: tuple[int, ...]
    """Positions of the adjustments that are releases under constraint: their effect is the ``LSC-`` one."""
    lsc_months: float = 12.0
    """An effect of a release under constraint lasts this long, then stops (recidivism.md §5.4)."""

    def to_plain(self) -> dict[str, Any]:
        """Return plain data for the manifest."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> ReconvictionModel:
        """Rebuild from the manifest."""
        fields = dict(plain)
        for name in ("knots", "targets", "routes", "constrained"):
            fields[name] = tuple(fields[name])
        return cls(**fields)

    def sampled(self, assumption: str) -> dict[str, Any]:
        """Return what dates a new offence in a run, by the names of :class:`sim.institutions.system.Reconviction`."""
        return {
            "knots": list(self.knots),
            "hazard": list(self.baseline_hazard(assumption)),
            "cumulative": [self.cumulative(knot, assumption) for knot in self.knots],
            "lsc_cut": self.cumulative(self.lsc_months, assumption),
            "unseen_sd": self.unseen_sd,
            "seen_share": self.seen_share[assumption],
            "effect": self.theta(assumption).tolist(),
        }

    def baseline_hazard(self, assumption: str) -> tuple[float, ...]:
        """Monthly hazard of each interval, centred so that the cohort's mix of routes reproduces the published curve.

        Returns
        -------
            One hazard per interval, for a person with x + u = 0 who leaves dry.
        """
        return _solve(self, assumption)

    def theta(self, assumption: str) -> NDArray[np.float64]:
        """Effect of each (route, constrained) pair: shape ``(n_routes, 2)``; dry is 0."""
        effects = self.effects[assumption]
        table = np.zeros((len(self.routes), 2))
        for row, route in enumerate(self.routes[1:], start=1):
            table[row, 0] = effects.get(route, 0.0)
            table[row, 1] = effects.get(f"LSC-{route}", effects.get(route, 0.0))
        return table

    def probability(
        self,
        score: NDArray[np.float64],
        seen: NDArray[np.float64],
        unseen: NDArray[np.float64],
        regime: NDArray[np.int64],
        adjustment: NDArray[np.int64],
        months: float,
        assumption: str,
    ) -> NDArray[np.float64]:
        """Probability of reconviction within ``months`` of the exit, for each person given their own risk.

        All arrays have shape ``(n,)``; ``regime`` is 0 for a dry exit, else 1 + position; ``adjustment`` is the procedure.

        Raises
        ------
        ValueError
            Beyond 60 months, where nothing may be said.
        """
        way = self.way(regime, adjustment)
        result: NDArray[np.float64] = -np.expm1(
            -self.risk(score, seen, unseen, assumption) * self.exposure(months, assumption)[way]
        )
        return result

    def risk(
        self, score: NDArray[np.float64], seen: NDArray[np.float64], unseen: NDArray[np.float64], assumption: str
    ) -> NDArray[np.float64]:
        """Factor on the hazard that is each person's own: shape ``(n,)``."""
        factor: NDArray[np.float64] = np.exp(score + self.unobserved(seen, unseen, assumption))
        return factor

    def way(self, regime: NDArray[np.int64], adjustment: NDArray[np.int64]) -> NDArray[np.int64]:
        """Position of each exit's route and kind of release in :meth:`exposure`: shape ``(n,)``."""
        return 2 * regime + np.isin(adjustment, np.asarray(self.constrained, dtype=np.int64))

    def exposure(self, months: float, assumption: str) -> NDArray[np.float64]:
        """Cumulative hazard by route, for a person with x + u = 0: shape ``(2 · n_routes,)``, odd positions constrained.

        Raises
        ------
        ValueError
            Beyond 60 months, where nothing may be said.
        """
        if months > HORIZON_MONTHS:
            msg = f"no reconviction figure beyond {HORIZON_MONTHS:.0f} months, {months} asked"
            raise ValueError(msg)
        first = self.cumulative(min(months, self.lsc_months), assumption)
        later = self.cumulative(months, assumption) - first
        effect = np.exp(self.theta(assumption))
        lasting = effect.copy()
        lasting[:, 1] = 1.0
        return (effect * first + lasting * later).ravel()

    def unobserved(self, seen: NDArray[np.float64], unseen: NDArray[np.float64], assumption: str) -> NDArray[np.float64]:
        """Unobserved risk u of each person under an assumption."""
        rho = self.seen_share[assumption]
        return self.unseen_sd * (rho * seen + sqrt(1.0 - rho * rho) * unseen)

    def cumulative(self, months: float, assumption: str) -> float:
        """Cumulative baseline hazard over the first ``months`` months."""
        total, start = 0.0, 0.0
        for end, hazard in zip(self.knots, self.baseline_hazard(assumption), strict=True):
            total += hazard * max(0.0, min(months, end) - start)
            start = end
        return total


_SOLVED: dict[tuple[object, ...], tuple[float, ...]] = {}


def _solve(model: ReconvictionModel, assumption: str) -> tuple[float, ...]:
    """Hazards that give the targets for a cohort of the model's mix, by bisection on each interval in turn."""
    effects = model.effects[assumption]
    classic = [effects.get(route, 0.0) for route in model.routes[1:]]
    theta = float(np.mean(classic)) if classic else 0.0
    sigma = sqrt(model.score_sd**2 + model.unseen_sd**2)
    key = (model.knots, model.targets, model.cohort_adjusted, theta, sigma)
    if key in _SOLVED:
        return _SOLVED[key]
    risk = np.exp(sigma * _NODES)
    shares = ((1.0 - model.cohort_adjusted, 1.0), (model.cohort_adjusted, float(np.exp(theta))))

    def reconvicted(cumulative: float) -> float:
        return sum(share * float(-(_WEIGHTS * np.expm1(-risk * cumulative * factor)).sum()) for share, factor in shares)

    hazards: list[float] = []
    before, start = 0.0, 0.0
    for end, target in zip(model.knots, model.targets, strict=True):
        low, high = before, before + 50.0
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if reconvicted(middle) < target else (low, middle)
        hazards.append((high - before) / (end - start))
        before, start = high, end
    _SOLVED[key] = tuple(hazards)
    return _SOLVED[key]
