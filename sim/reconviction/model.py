"""Reconviction after prison: a piecewise hazard, individual risk, and three named causal assumptions.

The hazard of a new offence leading to a recorded conviction is, for a person who left the cell ``t`` months ago,

    h(t) = h0(t) · exp(x + u + θ[route, t] + levers),      x ~ N(0, 0.70²) observed,   u ~ N(0, 0.71²) unobserved

(recidivism.md §1.3, §5.2). One simulated life serves the three assumptions: the judge sees ``v`` and nobody sees ``w``
(both standard normal), and under assumption *k*

    u_k = 0.71 · (ρ_k · v + √(1 − ρ_k²) · w).

The hazards, the ρ and the move of the effects under ``all_causal`` are solved together by :mod:`sim.reconviction.joint`,
kept by :mod:`sim.reconviction.cache`, and travel with a run's manifest. Nothing is computed past 60 months: equally good fits
differ by twelve points at ten years.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.dates import DAYS_PER_MONTH
from sim.reconviction.cache import kept
from sim.reconviction.joint import CONSTRAINED, CONSTRAINED_SHARE, METHOD, Cohort, Solution, Solved, solve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ASSUMPTIONS = ("none", "central", "all_causal")
"""Always shown together: no effect of the route, the central reading of the evidence, the whole adjusted gap causal."""

HORIZON_MONTHS = 60.0
"""Nothing is said beyond (recidivism.md §1.3)."""


class HazardTables(NamedTuple):
    """What :mod:`sim.reconviction.hazard` needs under one assumption: arrays a compiled loop can hold."""

    edges: Floats
    """Ends of the intervals in months, the first 0: shape ``(n_intervals + 1,)``."""
    hazard: Floats
    """Monthly hazard: shape ``(n_intervals,)``."""
    effect: Floats
    """exp(θ): shape ``(n_routes, 2, n_intervals)``; second index 1 for a release under constraint; route 0 is dry, all ones."""
    on_seen: float
    """u = on_seen · v + on_unseen · w."""
    on_unseen: float


@dataclass(frozen=True)
class ReconvictionModel:
    """The hazard and the effects of routes under each causal assumption."""

    knots: tuple[float, ...]
    """Ends of the intervals, months since the exit: 4, 12, 24, 36, 60."""
    targets: tuple[float, ...]
    """Cumulative share reconvicted at each knot in the cohort the model is solved for."""
    cohort_adjusted: float
    """Share of that cohort that left by an adjustment (the rest dry)."""
    cohort_routes: Mapping[str, float]
    """Their routes: shares of the adjusted."""
    gaps: Mapping[str, float]
    """Published gaps between adjusted and dry: ``raw``, ``adjusted`` (for the score), and ``months`` at which."""
    set_apart: tuple[str, ...]
    """Routes left out of the adjusted gap."""
    score_sd: float
    unseen_sd: float
    effects: Mapping[str, float]
    """θ under ``central`` by route; a route is a regime code (``DDSE``) or ``LSC-`` and a regime code."""
    routes: tuple[str, ...]
    """Routes out of the cell: ``("dry", "LC", "SL", …)``, each regime one place after its own."""
    constrained: tuple[int, ...]
    """Positions of the adjustments that are releases under constraint: their effect is the ``LSC-`` one."""
    lsc_months: float = 12.0
    """An effect of a release under constraint lasts this long, then stops (recidivism.md §5.4)."""
    floor: float = -0.35
    """Levers never bring the sum of the route's effect and theirs below this (recidivism.md §5.3)."""
    _solved: dict[str, Solution] = field(default_factory=dict, repr=False, compare=False)

    # ---- travelling ----------------------------------------------------------------------------------------------

    def to_plain(self) -> dict[str, Any]:
        """Return plain data for the manifest, the solution included: an old run is measured as it was."""
        plain = asdict(self)
        del plain["_solved"]
        return plain | {"solution": _plain(self.solution)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> ReconvictionModel:
        """Rebuild from the manifest."""
        fields = dict(plain)
        solution = fields.pop("solution")
        for name in ("knots", "targets", "routes", "constrained", "set_apart"):
            fields[name] = tuple(fields[name])
        model = cls(**fields)
        model._solved[repr(model.cohort)] = _solution(solution)
        return model

    @property
    def cohort(self) -> Cohort:
        """What the joint solution is solved from."""
        return Cohort(
            knots=self.knots,
            targets=self.targets,
            adjusted=self.cohort_adjusted,
            routes=dict(sorted(self.cohort_routes.items())),
            raw_gap=self.gaps["raw"],
            adjusted_gap=self.gaps["adjusted"],
            gap_months=self.gaps["months"],
            set_apart=self.set_apart,
            score_sd=self.score_sd,
            unseen_sd=self.unseen_sd,
            effects={name: self.effects.get(name, 0.0) for name in sorted(self.cohort_routes)},
            constrained_months=self.lsc_months,
        )

    @property
    def solution(self) -> Solution:
        """Hazards, ρ and scale of the effects, solved once."""
        cohort = self.cohort
        name = repr(cohort)
        if name not in self._solved:
            inputs = cohort._asdict() | {"method": METHOD}
            self._solved[name] = _solution(kept("reconviction", inputs, lambda: _plain(solve(cohort))))
        return self._solved[name]

    # ---- tables --------------------------------------------------------------------------------------------------

    @property
    def seen_share(self) -> dict[str, float]:
        """ρ by assumption: correlation of the unobserved risk with what the judge sees."""
        return {name: self.solution.assumptions[name].seen_share for name in ASSUMPTIONS}

    def baseline_hazard(self, assumption: str) -> tuple[float, ...]:
        """Monthly hazard between the knots for a person with x + u = 0 who leaves dry."""
        return self.solution.assumptions[assumption].hazard

    def theta(self, assumption: str) -> Floats:
        """θ of each (route, constrained) pair while it lasts: shape ``(n_routes, 2)``; dry is 0."""
        solved = self.solution.assumptions[assumption]
        table = np.zeros((len(self.routes), 2))
        for row, route in enumerate(self.routes[1:], start=1):
            table[row, 0] = self.effects.get(route, 0.0)
            table[row, 1] = self.effects.get(CONSTRAINED + route, self.effects.get(route, 0.0))
        result: Floats = solved.scale * table
        result[1:] += solved.shift * np.array([1.0, CONSTRAINED_SHARE])
        return result

    def tables(self, assumption: str) -> HazardTables:
        """Arrays with which one person's hazard is reckoned."""
        # The end of the constrained effect is an edge of its own also where a knot is, an interval of no length: every world's
        # tables have one shape, or the engine would be compiled anew for some.
        edges = np.array(sorted([0.0, *self.knots, min(self.lsc_months, self.knots[-1])]))
        interval = np.searchsorted(np.array(self.knots), edges[1:], side="left")
        hazard = np.array(self.baseline_hazard(assumption))[interval]
        theta = np.repeat(self.theta(assumption)[:, :, None], len(hazard), axis=2)
        theta[:, 1, edges[1:] > self.lsc_months] = 0.0
        rho = self.seen_share[assumption]
        return HazardTables(edges, hazard, np.exp(theta), self.unseen_sd * rho, self.unseen_sd * sqrt(1.0 - rho * rho))

    @cached_property
    def _all_tables(self) -> dict[str, HazardTables]:
        return {assumption: self.tables(assumption) for assumption in ASSUMPTIONS}

    # ---- people --------------------------------------------------------------------------------------------------

    def cumulative(self, months: float, assumption: str) -> float:
        """Cumulative baseline hazard over the first ``months`` months."""
        edges, hazard, *_ = self.tables(assumption)
        return float((hazard * np.clip(months - edges[:-1], 0.0, np.diff(edges))).sum())

    def unobserved(self, seen: Floats, unseen: Floats, assumption: str) -> Floats:
        """Unobserved risk u of each person under an assumption."""
        tables = self._all_tables[assumption]
        return tables.on_seen * seen + tables.on_unseen * unseen

    def capped(self, levers: Floats, route: Ints, adjustment: Ints, assumption: str) -> Floats:
        """Sum of levers each person is credited with: their own, less what would bring route and levers below the floor."""
        lsc = np.isin(adjustment, np.asarray(self.constrained, dtype=np.int64))
        effect = self.theta(assumption)[route, lsc.astype(np.int64)]
        result: Floats = np.maximum(levers, np.minimum(self.floor - effect, 0.0))
        return result

    def exposure(self, route: Ints, adjustment: Ints, months: Floats | float, assumption: str) -> Floats:
        """Cumulative hazard, for x + u = 0, over ``months`` months by each person's route: shape ``route.shape``.

        ``route`` is a position in :attr:`routes`, one more than the code of the regime: 0 for a dry exit. ``adjustment`` is the
        procedure.

        Raises
        ------
        ValueError
            Beyond 60 months, where nothing may be said.
        """
        return self.exposure_by_day(assumption)[self.row(route, adjustment), self.days(months)]

    def row(self, route: Ints, adjustment: Ints) -> Ints:
        """Row of :meth:`exposure_by_day` of each person's route."""
        result: Ints = 2 * route + np.isin(adjustment, np.asarray(self.constrained, dtype=np.int64))
        return result

    def days(self, months: Floats | float) -> Ints:
        """Whole days nearest to a number of months, at most 60 months."""
        if np.max(months, initial=0.0) > HORIZON_MONTHS:
            msg = f"no reconviction figure beyond {HORIZON_MONTHS:.0f} months, {np.max(months):g} asked"
            raise ValueError(msg)
        result: Ints = np.rint(np.asarray(months) * DAYS_PER_MONTH).astype(np.int64)
        return result

    def exposure_by_day(self, assumption: str) -> Floats:
        """Cumulative hazard by route and day since the exit: shape ``(2 · n_routes, days in 60 months + 1)``."""
        return self._by_day[assumption]

    @cached_property
    def _by_day(self) -> dict[str, Floats]:
        months = np.arange(int(self.days(HORIZON_MONTHS)) + 1) / DAYS_PER_MONTH
        found = {}
        for assumption, (edges, hazard, effect, *_) in self._all_tables.items():
            spent = np.clip(months[:, None] - edges[:-1], 0.0, np.diff(edges))
            rates = effect.reshape(-1, len(hazard)) * hazard
            # Not `rates @ spent.T`: how BLAS adds depends on its threads, and a forked process has others.
            found[assumption] = np.add.reduce([np.multiply.outer(*pair) for pair in zip(rates.T, spent.T, strict=True)])
        return found

    def risk(
        self,
        score: Floats,
        seen: Floats,
        unseen: Floats,
        route: Ints,
        adjustment: Ints,
        assumption: str,
        levers: Floats | None = None,
    ) -> Floats:
        """Own factor exp(x + u + levers) of each person; ``levers`` is the sum of other effects, capped here."""
        z = score + self.unobserved(seen, unseen, assumption)
        if levers is not None:
            z = z + self.capped(levers, route, adjustment, assumption)
        result: Floats = np.exp(z)
        return result

    def probability(
        self,
        score: Floats,
        seen: Floats,
        unseen: Floats,
        route: Ints,
        adjustment: Ints,
        months: Floats | float,
        assumption: str,
        levers: Floats | None = None,
    ) -> Floats:
        """Probability of reconviction within ``months`` of the exit, for each person given their own risk.

        All arrays have shape ``(n,)``; codes are those of :meth:`exposure`, ``levers`` those of :meth:`risk`.
        """
        risk = self.risk(score, seen, unseen, route, adjustment, assumption, levers)
        result: Floats = -np.expm1(-risk * self.exposure(route, adjustment, months, assumption))
        return result


def _plain(solution: Solution) -> dict[str, Any]:
    return solution._asdict() | {"assumptions": {name: asdict(solved) for name, solved in solution.assumptions.items()}}


def _solution(plain: Mapping[str, Any]) -> Solution:
    solved = {
        name: Solved(**(dict(fields) | {"hazard": tuple(fields["hazard"])})) for name, fields in plain["assumptions"].items()
    }
    return Solution(plain["on_score"], plain["on_seen"], solved)
