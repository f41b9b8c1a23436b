"""Selection and effect solved together: the published gaps under every assumption, kept solutions, sums that are bounded."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from sim.engine import cache_folder
from sim.population.risk import reconviction_model
from sim.reconviction import ASSUMPTIONS, ReconvictionModel, cache
from sim.reconviction.hazard import NEVER, chance, months_to_offence
from sim.reconviction.joint import solve
from sim.scenario import load_scenario
from tests.test_reconviction import cohort


@pytest.fixture(scope="module")
def model() -> ReconvictionModel:
    """Return the model of the baseline."""
    return reconviction_model(load_scenario("baseline"))


def gaps(model: ReconvictionModel, people: dict[str, np.ndarray], assumption: str) -> tuple[float, float]:
    """Raw and adjusted gap at 36 months, by 40 strata of the score, as annex A of recidivism.md reckons them."""
    chance_of = model.probability(**people, months=36, assumption=assumption)
    adjusted = people["route"] > 0
    compared = adjusted & (people["route"] != model.routes.index("LC"))
    stratum = np.argsort(np.argsort(people["score"])) * 40 // len(adjusted)
    within, weights = [], []
    for number in range(40):
        here = stratum == number
        within.append(chance_of[here & compared].mean() - chance_of[here & ~adjusted].mean())
        weights.append((here & compared).sum())
    return chance_of[adjusted].mean() - chance_of[~adjusted].mean(), np.average(within, weights=weights)


@pytest.mark.parametrize("assumption", ASSUMPTIONS)
def test_a_simulated_cohort_has_the_published_gaps(model: ReconvictionModel, assumption: str) -> None:
    """−6 points raw, −4 at equal score, within half a point, whatever is assumed of the effect."""
    raw, adjusted = gaps(model, cohort(model, 300_000), assumption)

    assert raw == pytest.approx(-0.06, abs=0.005)
    assert adjusted == pytest.approx(-0.04, abs=0.005)


def test_the_assumptions_share_the_gap_between_selection_and_effect(model: ReconvictionModel) -> None:
    """All of it is selection under ``none``, none of it under ``all_causal``; one judge serves the three."""
    solved = model.solution.assumptions

    assert solved["none"].scale == 0
    assert solved["all_causal"].seen_share == 0
    assert 0 < solved["central"].seen_share < solved["none"].seen_share
    assert -0.1 < solved["all_causal"].shift < solved["central"].shift == 0
    assert not model.theta("none").any()


@pytest.mark.slow
def test_a_finer_grid_changes_nothing(model: ReconvictionModel) -> None:
    """The integral over the cohort is exact to a hundredth of a point."""
    coarse, fine = model.solution, solve(model.cohort, (31, 31, 25))

    for assumption in ASSUMPTIONS:
        assert coarse.assumptions[assumption].raw_gap == pytest.approx(fine.assumptions[assumption].raw_gap, abs=1e-4)
        assert coarse.assumptions[assumption].hazard == pytest.approx(fine.assumptions[assumption].hazard, rel=1e-4)


@pytest.mark.parametrize("factor", [0.0, 0.5, 2.0, -0.2])
def test_another_effect_leaves_the_published_gap_where_it_is(model: ReconvictionModel, factor: float) -> None:
    """For each draw of θ selection is solved again: only the counterfactual moves (recidivism.md §5.2)."""
    drawn = replace(model, effects={name: factor * theta for name, theta in model.effects.items()})
    solved = drawn.solution.assumptions["central"]

    assert solved.adjusted_gap == pytest.approx(-0.04, abs=1e-4)
    assert solved.raw_gap == pytest.approx(-0.06, abs=0.01)
    before = model.solution.assumptions["central"].seen_share
    assert (solved.seen_share > before) == (factor < 1)


def test_a_solution_is_kept_and_found_again(model: ReconvictionModel, tmp_path, monkeypatch) -> None:
    """One file, named by its inputs; the same solution to the last bit; other inputs, another file; no scrap left behind."""
    monkeypatch.setenv(cache_folder.VARIABLE, str(tmp_path / "new"))
    solved = replace(model, _solved={}).solution
    (file,) = (tmp_path / "new").iterdir()

    def never() -> dict:
        raise AssertionError

    kept = json.loads(file.read_text(encoding="utf-8"))
    assert cache.kept("reconviction", kept["inputs"], never) == kept["solution"]
    assert replace(model, _solved={}).solution == solved
    assert replace(model, _solved={}, unseen_sd=0.6).solution != solved
    assert len(list((tmp_path / "new").iterdir())) == 2
    file.write_text("{ broken", encoding="utf-8")
    assert replace(model, _solved={}).solution == solved


def test_where_nothing_can_be_written_nothing_is_kept(model: ReconvictionModel, tmp_path, monkeypatch) -> None:
    """A folder that cannot be made changes nothing but time."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv(cache_folder.VARIABLE, str(tmp_path / "file" / "below"))

    assert replace(model, _solved={}).solution == model.solution


def test_a_copy_with_other_effects_is_solved_again(model: ReconvictionModel) -> None:
    """``dataclasses.replace`` does not carry a solution over to another cohort."""
    assert model.solution.assumptions["none"].adjusted_gap == pytest.approx(-0.04, abs=1e-6)
    other = replace(model, gaps={"raw": -0.08, "adjusted": -0.05, "months": 36.0})

    assert other.solution.assumptions["none"].adjusted_gap == pytest.approx(-0.05, abs=1e-6)


@pytest.mark.parametrize("assumption", ASSUMPTIONS)
def test_one_person_is_reckoned_as_a_cohort(model: ReconvictionModel, assumption: str) -> None:
    """The scalar arithmetic of the loop gives the cohort's figures, and its inversion the chance it was given."""
    edges, hazard, effect, on_seen, on_unseen = model.tables(assumption)
    risk = float(np.exp(0.4 + on_seen * 0.3 - on_unseen * 0.2))
    for route in range(len(model.routes)):
        for code in (0, model.constrained[0]):
            line = effect[route, int(code in model.constrained)]
            columns = [np.full(1, value) for value in (0.4, 0.3, -0.2)]
            found = model.probability(*columns, np.full(1, route), np.full(1, code), 36, assumption)[0]
            assert chance(36.0, risk, edges, hazard, line) == pytest.approx(found, rel=1e-3)
            for luck in (0.0, 0.1, 0.5):
                month = months_to_offence(luck, risk, edges, hazard, line)
                assert chance(month, risk, edges, hazard, line) == pytest.approx(luck, abs=1e-12)
    assert months_to_offence(0.9999, 0.01, edges, hazard, effect[0, 0]) == NEVER


def test_levers_are_credited_but_their_sum_is_bounded(model: ReconvictionModel) -> None:
    """Route and levers together never pass the floor; a route that passes it alone is left alone."""
    dry, release = np.zeros(1, dtype=np.int64), np.full(1, model.routes.index("LC"))
    none = np.full(1, -1)

    assert model.capped(np.full(1, -0.10), dry, none, "central")[0] == pytest.approx(-0.10)
    assert model.capped(np.full(1, -0.30), release, none, "central")[0] == pytest.approx(-0.35 + 0.22)
    strong = replace(model, effects=model.effects | {"LC": -0.5})
    assert strong.capped(np.full(1, -0.10), release, none, "central")[0] == 0
    assert strong.capped(np.full(1, 0.10), release, none, "central")[0] == pytest.approx(0.10)


def test_expected_probabilities_agree_with_sampled_events_and_vary_less(model: ReconvictionModel) -> None:
    """Ten points of exits moved from dry to a tag: same difference within noise, a tenth of the variance or less."""
    from sim.randomness import Draws  # noqa: PLC0415

    tag, expected, sampled = model.routes.index("DDSE"), [], []
    everybody = cohort(model, 160_000)
    for block in range(40):
        people = {name: column[block * 4_000 : (block + 1) * 4_000] for name, column in everybody.items()}
        ids = np.arange(4_000)
        moved = np.where((people["route"] == 0) & (Draws(11, block).uniform("moved", ids) < 0.14), tag, people["route"])
        luck = Draws(11, block).uniform("event", ids)
        arms = [
            model.probability(**people | {"route": route}, months=60, assumption="central")
            for route in (people["route"], moved)
        ]
        expected.append(arms[1].mean() - arms[0].mean())
        sampled.append((luck < arms[1]).mean() - (luck < arms[0]).mean())
    error = np.std(np.subtract(sampled, expected), ddof=1) / np.sqrt(40)

    assert np.mean(sampled) == pytest.approx(np.mean(expected), abs=4 * error)
    assert np.mean(expected) == pytest.approx(-0.0031, abs=0.0006)  # recidivism.md §5.5: −0.33 points
    assert np.var(sampled, ddof=1) > 10 * np.var(expected, ddof=1)
