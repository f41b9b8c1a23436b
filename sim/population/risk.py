"""The model of reconviction of a scenario, for the regimes of the law."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.law.adjustments import ADJUSTMENTS
from sim.reconviction import ReconvictionModel

if TYPE_CHECKING:
    from sim.scenario import Scenario


def reconviction_model(scenario: Scenario) -> ReconvictionModel:
    """Gather what the hazard, the effects and their joint solution depend on.

    The published adjusted gap sets conditional release apart (recidivism.md §5.1): here, the regimes that end the committal.
    """
    number, table = scenario.number, scenario.table
    knots, targets = zip(*sorted((float(k), v) for k, v in table("reconviction.curve").items()), strict=True)
    regimes = {regime.code: regime for adjustment in reversed(ADJUSTMENTS) for regime in adjustment.regimes}
    order = dict.fromkeys(regime.code for adjustment in ADJUSTMENTS for regime in adjustment.regimes)
    return ReconvictionModel(
        knots=knots,
        targets=targets,
        cohort_adjusted=number("reconviction.cohort_adjusted"),
        cohort_routes=dict(table("reconviction.cohort_routes")),
        gaps=dict(table("reconviction.gaps")),
        set_apart=tuple(code for code in order if regimes[code].ends_committal),
        score_sd=number("population.person.score_sd"),
        unseen_sd=number("reconviction.unseen_sd"),
        effects=dict(table("reconviction.effects")),
        routes=("dry", *order),
        constrained=tuple(i for i, adjustment in enumerate(ADJUSTMENTS) if not adjustment.needs_hearing),
        lsc_months=number("reconviction.lsc_months"),
        floor=number("reconviction.floor"),
    )


def sampled_returns(scenario: Scenario) -> dict[str, Any]:
    """Return what dates a new offence in a run, by the names of :class:`sim.institutions.state.Reconviction`."""
    tables = reconviction_model(scenario).tables("central")
    return {
        "edges": tables.edges.tolist(),
        "hazard": tables.hazard.tolist(),
        "effect": tables.effect.tolist(),
        "on_seen": float(tables.on_seen),
        "on_unseen": float(tables.on_unseen),
    }
