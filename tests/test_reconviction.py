"""The hazard: it reproduces the published curve, and says nothing it must not."""

from __future__ import annotations

import numpy as np
import pytest

from sim.population.risk import reconviction_model
from sim.randomness import Draws
from sim.reconviction import ASSUMPTIONS, ReconvictionModel
from sim.scenario import load_scenario


@pytest.fixture(scope="module")
def model() -> ReconvictionModel:
    """Return the model of the baseline."""
    return reconviction_model(load_scenario("baseline"))


def cohort(model: ReconvictionModel, n: int = 200_000) -> dict[str, np.ndarray]:
    """Draw people; the judge of the joint solution grants ``cohort_adjusted`` of them, in the published mix of routes."""
    draws, ids = Draws(7, 0), np.arange(n)
    from sim.population.attributes import normal  # noqa: PLC0415

    judge = model.solution
    score, seen = model.score_sd * normal(draws.uniform("x", ids)), normal(draws.uniform("v", ids))
    luck = draws.uniform("a", ids)
    index = np.log(luck / (1 - luck)) - judge.on_score * score - judge.on_seen * seen
    adjusted = index > np.quantile(index, 1 - model.cohort_adjusted)
    names = sorted(model.cohort_routes)
    shares = np.cumsum([model.cohort_routes[name] for name in names])
    codes = np.array([model.routes.index(name.removeprefix("LSC-")) for name in names])
    procedures = np.array([model.constrained[0] if name.startswith("LSC-") else 0 for name in names])
    place = np.minimum(np.searchsorted(shares, draws.uniform("r", ids), side="right"), len(codes) - 1)
    return {
        "score": score,
        "seen": seen,
        "unseen": normal(draws.uniform("w", ids)),
        "route": np.where(adjusted, codes[place], 0),
        "adjustment": np.where(adjusted, procedures[place], -1),
    }


@pytest.mark.parametrize("assumption", ASSUMPTIONS)
@pytest.mark.parametrize(("months", "published"), [(4, 0.152), (12, 0.346), (24, 0.472), (36, 0.554), (60, 0.629)])
def test_the_published_curve_is_reproduced(model: ReconvictionModel, assumption: str, months: float, published: float) -> None:
    """A cohort of the 2016 mix is reconvicted as published, whatever is assumed of the effect of routes."""
    found = model.probability(**cohort(model), months=months, assumption=assumption).mean()

    assert found == pytest.approx(published, abs=0.004)


def test_conditional_hazards_are_those_of_the_evidence(model: ReconvictionModel) -> None:
    """Without effects the hazards are the row sigma = 1.0 of recidivism.md §1.3."""
    assert model.baseline_hazard("none") == pytest.approx((0.02825, 0.02836, 0.01926, 0.01759, 0.01085), rel=0.01)


def test_no_effect_means_no_difference_between_routes(model: ReconvictionModel) -> None:
    """Under ``none`` the same person has the same probability on every route."""
    people = cohort(model, 1_000)
    dry = model.probability(**(people | {"route": np.zeros(1_000, dtype=np.int64)}), months=60, assumption="none")
    tag = model.probability(
        **(people | {"route": np.full(1_000, 2), "adjustment": np.zeros(1_000, dtype=np.int64)}), months=60, assumption="none"
    )

    assert np.array_equal(dry, tag)


def test_favourable_effects_lower_and_order_holds(model: ReconvictionModel) -> None:
    """For one person, ``all_causal`` credits a route with more than ``central``, and ``central`` with more than nothing."""
    one = {"score": np.zeros(1), "seen": np.zeros(1), "unseen": np.zeros(1), "adjustment": np.zeros(1, dtype=np.int64)}
    for route in range(1, len(model.routes)):
        gaps = []
        for assumption in ASSUMPTIONS:
            dry = model.probability(**one, route=np.zeros(1, dtype=np.int64), months=60, assumption=assumption)[0]
            adjusted = model.probability(**one, route=np.full(1, route), months=60, assumption=assumption)[0]
            gaps.append(dry - adjusted)
        assert gaps[0] == 0
        assert 0 < gaps[1] < gaps[2] < 0.15


def test_a_constrained_release_stops_acting_after_a_year(model: ReconvictionModel) -> None:
    """The effect of a release under constraint lasts twelve months: the cumulated gap stops growing."""
    code = model.constrained[0]
    one = {"score": np.zeros(1), "seen": np.zeros(1), "unseen": np.zeros(1)}

    def survival_ratio(months: float) -> float:
        lsc = one | {"route": np.full(1, 2), "adjustment": np.full(1, code)}
        dry = one | {"route": np.zeros(1, dtype=np.int64), "adjustment": np.full(1, -1)}
        shares = [model.probability(**way, months=months, assumption="central")[0] for way in (lsc, dry)]
        return float(np.diff(np.log1p(-np.array(shares)))[0])

    assert survival_ratio(12) == pytest.approx(survival_ratio(60), rel=2e-3)  # to the day
    assert abs(survival_ratio(6)) < 0.6 * abs(survival_ratio(12))


def test_nothing_is_said_beyond_five_years(model: ReconvictionModel) -> None:
    """Past 60 months the model refuses."""
    with pytest.raises(ValueError, match="beyond 60 months"):
        model.probability(**cohort(model, 10), months=61, assumption="central")


def test_it_survives_the_manifest(model: ReconvictionModel) -> None:
    """Plain data and back gives the same model."""
    import json  # noqa: PLC0415

    assert ReconvictionModel.from_plain(json.loads(json.dumps(model.to_plain()))) == model
