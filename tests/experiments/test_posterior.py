"""A posterior on toys with known answers: the emulator, the likelihood, the sampler, weights, truths, screening."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import multivariate_normal

from sim.calibration.agreement import Agreement
from sim.calibration.emulator import Emulator
from sim.calibration.posterior import Emulated, effective_size, nearest_to_the_mean, weigh
from sim.calibration.sampling import design, sample, spread_out, thinned
from sim.calibration.screening import Screened, named, what_matters
from sim.calibration.sensitivity import indices, value_of_statistics
from sim.calibration.targets import Group, covariance, packaged, predictive
from sim.calibration.truths import recovered, told
from sim.randomness import Draws

pytestmark = pytest.mark.nightly

TRUTH = np.array([0.3, 0.6, 0.5])
NAMES = ("a", "b", "c")


def toy(points: np.ndarray) -> np.ndarray:
    """Three outputs of three parameters: the third parameter moves nothing."""
    x, y = points[:, 0], points[:, 1]
    return np.column_stack([10 * x + 2 * y**2, 5 * y - 3 * x * y, x + y])


def luck(name: str, *shape: int) -> np.ndarray:
    return ndtri(Draws(11, 0).uniform(name, np.arange(int(np.prod(shape))))).reshape(shape)


def target(name: str, value: float, spread: float = 0.1, **changes):
    return replace(packaged()[0], name=name, value=value, error=0.0, discrepancy=spread, group="", **changes)


def emulated(emulator: Emulator, spread: float = 0.1, chance: float = 0.0, at: np.ndarray = TRUTH) -> Emulated:
    truth = toy(at[None, :])[0]
    targets = [target(name, float(value), spread) for name, value in zip(NAMES, truth, strict=True)]
    nothing = np.zeros(3)
    return Emulated(emulator, Agreement.of(targets, {}), np.full(3, chance), 1.0, nothing, nothing)


@pytest.fixture(scope="module")
def emulator() -> Emulator:
    points = design(64, 3, seed=3)
    return Emulator(NAMES, points, toy(points))


# ------------------------------------------------------------------------------------------------------- emulator


def test_the_emulator_knows_points_it_was_not_shown(emulator):
    there = design(128, 3, seed=9)
    assert np.abs(emulator.mean(there) - toy(there)).max() < 0.1
    assert min(one.explained for one in emulator.quality().values()) > 0.99


def test_what_is_foretold_of_a_run_left_out_is_what_an_emulator_without_it_says():
    points = design(40, 3, seed=3)
    outputs = toy(points) + 0.3 * luck("noise", 40, 3)
    whole = Emulator(NAMES, points, outputs)
    for run in (0, 7, 31):
        kept = np.arange(40) != run
        without = Emulator(NAMES, points[kept], outputs[kept])
        # Its own shares are found anew: near, not equal.
        assert without.mean(points[[run]])[0] == pytest.approx(whole.left_out[run], abs=0.15)


def test_runs_left_out_lie_in_their_intervals_as_often_as_said():
    points = design(200, 5, seed=3)
    outputs = np.column_stack([toy(points[:, :3]), 0.0 * points[:, 0]]) + np.array([1.0, 0.5, 0.1, 1.0]) * luck("noise", 200, 4)
    quality = Emulator((*NAMES, "nothing"), points, outputs).quality()
    assert all(0.82 < one.within_90 < 0.97 for one in quality.values())
    assert quality["nothing"].explained < 0.1
    assert quality["a"].explained > 0.8


def test_chance_is_told_apart_from_doubt():
    points = design(300, 3, seed=3)
    found = Emulator(NAMES, points, toy(points) + 0.5 * luck("noise", 300, 3))
    assert np.sqrt(found.rest) == pytest.approx([0.5, 0.5, 0.5], rel=0.15)
    assert (found.doubt < 0.25 * found.rest).all()


# ----------------------------------------------------------------------------------------------------- likelihood


def test_rows_of_one_group_are_wrong_together():
    rows = [replace(target(name, 0.0), error=0.3, discrepancy=0.4, group="g") for name in ("a", "b")] + [target("c", 0.0, 0.5)]
    found = covariance(rows, {"g": Group(0.5, 0.25, "why")})
    assert found == pytest.approx(np.array([[0.25, 0.085, 0], [0.085, 0.25, 0], [0, 0, 0.25]]))


def test_the_likelihood_is_that_of_a_normal_of_many_rows():
    rows = [replace(target(name, value), group="g") for name, value in (("a", 1.0), ("b", 2.0))] + [target("c", 3.0)]
    agreement = Agreement.of(rows, {"g": Group(0.5, 0.7, "why")})
    mean = np.array([[1.1, 2.2, 2.9], [0.7, 2.0, 3.3]])
    variance = np.array([[0.01, 0.02, 0.03], [0.04, 0.01, 0.0]])
    known = [
        multivariate_normal(m, agreement.covariance + np.diag(v)).logpdf(agreement.published)
        for m, v in zip(mean, variance, strict=True)
    ]
    found = agreement.log_likelihood(mean, variance)
    assert found - found[0] == pytest.approx(np.array(known) - known[0])
    same = agreement.log_likelihood(mean, variance[0])
    assert same[0] == pytest.approx(found[0])
    # A row given the others: the conditional normal, from the joint one.
    foretold, spread = agreement.given_the_others(0, mean, variance[0])
    joint = agreement.covariance + np.diag(variance[0])
    pull = joint[0, 1:] @ np.linalg.inv(joint[1:, 1:])
    assert foretold == pytest.approx(mean[:, 0] + (agreement.published - mean)[:, 1:] @ pull)
    assert spread**2 == pytest.approx(joint[0, 0] - pull @ joint[1:, 0])


def test_the_packaged_covariance_is_one():
    from sim.calibration.targets import packaged_groups  # noqa: PLC0415

    fitted = [row for row in packaged() if row.use == "fit"]
    found = covariance(fitted, packaged_groups())
    spread = np.sqrt(np.diag(found))
    assert np.linalg.eigvalsh(found / np.outer(spread, spread)).min() > 0.1


# -------------------------------------------------------------------------------------------------------- sampler


def test_the_sampler_gives_the_mean_and_the_spread_of_a_posterior_that_is_known():
    dimensions, rows = 20, 12
    slope = 6 * luck("slope", dimensions, rows) / np.sqrt(dimensions)
    seen = luck("seen", rows)

    def likelihood(points: np.ndarray) -> np.ndarray:
        return -0.5 * ((ndtri(points) @ slope - seen) ** 2).sum(axis=1)

    known = np.linalg.inv(np.eye(dimensions) + slope @ slope.T)
    found = sample(likelihood, dimensions, seed=1, steps=3000, kept=40)
    z = ndtri(found.points)
    assert ((z.mean(axis=0) - known @ slope @ seen) / np.sqrt(np.diag(known))).std() < 0.15
    assert (z.var(axis=0) / np.diag(known)).mean() == pytest.approx(1.0, abs=0.06)
    assert found.spread < 1.1
    assert 0.1 < found.accepted < 0.6
    again = sample(likelihood, dimensions, seed=1, steps=200)
    assert np.array_equal(again.points, sample(likelihood, dimensions, seed=1, steps=200).points)
    assert not np.array_equal(again.points, sample(likelihood, dimensions, seed=2, steps=200).points)
    hot = sample(likelihood, dimensions, seed=1, steps=1000, temperature=4.0)
    wider = np.diag(np.linalg.inv(np.eye(dimensions) + slope @ slope.T / 4))
    assert (ndtri(hot.points).var(axis=0) / wider).mean() == pytest.approx(1.0, abs=0.1)


def test_the_posterior_finds_the_known_answer_and_leaves_open_what_the_targets_do_not_tell(emulator):
    found = emulated(emulator).sample(3, seed=2, steps=800)
    assert np.abs(np.median(found.points[:, :2], axis=0) - TRUTH[:2]).max() < 0.05
    assert found.points[:, :2].std(axis=0).max() < 0.05
    assert found.points[:, 2].std() == pytest.approx(1 / np.sqrt(12), rel=0.15)


def test_a_row_left_out_is_foretold_by_the_others(emulator, monkeypatch):
    """The third row is foretold by the two others, whatever is published of it; they are not, by it and each other."""
    right = emulated(emulator)
    wrong = replace(right, agreement=right.agreement.about(right.agreement.published + np.array([0, 0, 0.35])))
    for whole, expected in ((right, True), (wrong, False)):
        found = whole.sample(3, seed=2, steps=1200)
        rows = whole.left_out(found, seed=2, steps=800)
        assert rows[2]["covered"] is expected
        monkeypatch.setattr("sim.calibration.posterior._ENOUGH_LEFT", 1e9)
        anew = whole.left_out(found, seed=2, steps=800)
        monkeypatch.undo()
        assert [row["sampled"] for row in anew] == [True] * 3
        # Weighting the sample and sampling anew say the same.
        assert rows[2]["median"] == pytest.approx(anew[2]["median"], abs=0.05)
        assert rows[2]["high"] - rows[2]["low"] == pytest.approx(anew[2]["high"] - anew[2]["low"], rel=0.15)


# -------------------------------------------------------------------------------------------------------- weights


def test_weights_bring_a_biased_emulator_to_where_the_runs_are(emulator):
    """The emulator is wrong by a little everywhere; the runs are not, and the weighted draws say what they say."""
    biased = replace(emulated(emulator), shift=np.array([0.3, 0.0, 0.0]), shift_variance=np.full(3, 0.09))
    points = biased.sample(3, seed=2, steps=1500).points
    points = points[thinned(points, 800)]
    found = weigh(biased, points, toy(points), np.full(3, 1e-6))
    truth = emulated(emulator).sample(3, seed=3, steps=1500).points
    mean = found.weights @ points / found.weights.sum()
    assert abs(points[:, 0].mean() - truth[:, 0].mean()) > 0.01
    assert mean[0] == pytest.approx(truth[:, 0].mean(), abs=0.004)
    assert found.untruncated <= found.effective + 1e-9 < len(points)
    assert effective_size(np.ones(7)) == pytest.approx(7)
    # Runs of much chance say nothing: all points count alike.
    assert weigh(biased, points, toy(points), np.full(3, 1e6)).effective == pytest.approx(len(points), rel=0.01)


def test_the_point_kept_is_near_the_mean_and_allowed():
    points = np.array([[0.5, 0.5], [0.52, 0.5], [0.9, 0.1], [0.1, 0.9]])
    everything = np.ones(4, dtype=bool)
    assert nearest_to_the_mean(points, np.ones(4), everything) == 0
    assert nearest_to_the_mean(points, np.ones(4), np.array([False, True, True, True])) == 1
    assert nearest_to_the_mean(points, np.array([0.0, 1.0, 5.0, 1.0]), ~everything) == 2


def test_what_would_be_published_is_as_wide_as_its_parts():
    values = luck("values", 4000)
    low, middle, high = predictive(values, np.ones(4000), 2.0)
    assert middle == pytest.approx(0.0, abs=0.1)
    assert (high - low) / 2 == pytest.approx(1.645 * np.sqrt(5.0), rel=0.05)
    assert predictive(np.array([0.0, 10.0]), np.array([1.0, 0.0]), 1.0)[2] == pytest.approx(1.645, abs=0.02)


# --------------------------------------------------------------------------------------------------------- truths


def noisy(points: np.ndarray, name: str) -> np.ndarray:
    return toy(points) + 0.2 * luck(name, len(points), 3)


@pytest.fixture(scope="module")
def judged() -> Emulated:
    points = design(96, 3, seed=3)
    return emulated(Emulator(NAMES, points, noisy(points, "shown")), spread=0.3, chance=0.04)


def test_known_truths_are_recovered_at_the_rate_that_is_said(judged):
    points = design(64, 3, seed=21)
    found = recovered(judged, points, noisy(points, "truths"), ("x", "y", "z"), seed=1, steps=300)
    assert found["held"]["0.9"] == pytest.approx(0.9, abs=0.06)
    assert found["held"]["0.5"] == pytest.approx(0.5, abs=0.1)
    assert found["uneven"] < 2 * found["uneven_expected"]


def test_a_posterior_that_is_too_sure_is_found_out(judged):
    points = design(64, 3, seed=21)
    outputs = noisy(points, "truths") + 1.2 * luck("more", 64, 3)  # the model is wrong by more than is admitted
    found = recovered(judged, points, outputs, ("x", "y", "z"), seed=1, steps=300)
    assert found["held"]["0.9"] < 0.8


def test_even_ranks_are_told_from_uneven_ones():
    even = (np.arange(100)[:, None] + 0.5) / 100
    assert told(even, ("p",))["held"] == {"0.5": 0.5, "0.9": 0.9}
    assert told(even, ("p",))["uneven"] == 0
    assert told(even**3, ("p",))["uneven"] > 30


# ------------------------------------------------------------------------------------------------ screening, indices


def test_screening_names_what_moves_a_figure_among_hundreds_that_do_not():
    levels = Draws(5, 0).uniform("levels", np.arange(160 * 300)).reshape(160, 300)
    output = 3 * levels[:, 17] + 2 * (levels[:, 40] - 0.5) ** 2 * 6 + 0.3 * luck("noise", 160)
    found = named(levels, output)
    assert {column for column, _, _ in found[:2]} == {17, 40}
    assert next(direction for column, _, direction in found if column == 17) == 1
    assert len(found) <= 4
    nothing = luck("nothing", 160)
    assert len(named(levels, nothing)) <= 1
    names = tuple(f"p{number}" for number in range(300))
    told_ = what_matters(Screened(names, levels, ("one", "other"), np.column_stack([output, nothing])), ("p17",))
    assert set(told_["chosen"][:2]) == {"p17", "p40"}
    assert "p40" in told_["missing"]
    assert "p17" not in told_["missing"]


def test_points_far_apart_are_farther_than_points_at_random():
    points = design(256, 2, seed=1)

    def closest(chosen: np.ndarray) -> float:
        distance = ((points[chosen][:, None] - points[chosen][None]) ** 2).sum(axis=2)
        return float(distance[distance > 0].min())

    assert closest(spread_out(points, 20)) > 4 * closest(thinned(points, 20))
    assert len(set(thinned(points, 20).tolist())) == 20


def test_what_moves_a_headline_and_what_would_be_worth_knowing(emulator):
    names = ("x", "y", "z")
    rows = {row["path"]: row for row in indices(emulator, names, "a", sample=256)}
    assert rows["x"]["first"] > 0.9
    assert rows["z"]["total"] < 0.02
    value = value_of_statistics(emulator, names, "a", design(256, 3, seed=4))
    assert value[0]["path"] == "x"
    assert value[0]["shrinks"] > 0.7
    assert value[-1]["shrinks"] < 0.05
