"""What a difference hangs on and where it tips, on draws whose truth is known; draws that do not count alike."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from sim.experiments.attribution import hangs_on, shapley, tipping
from sim.experiments.weighted import effective_size, predicted_share, weighted_quantile

NAMES = [f"p{number}" for number in range(30)]
SLOPE, BEND, NOISE = 3.0, 1.0, 0.4


def world(seed: int, draws: int = 120):
    """Draws in which the first parameter lowers the difference, the second bends it, and 28 others do nothing."""
    rng = np.random.default_rng(seed)
    levels = rng.uniform(size=(draws, len(NAMES)))
    levels[:, 0] = 20_000 + 20_000 * levels[:, 0]
    x, y = (levels[:, 0] - 20_000) / 20_000, levels[:, 1]
    return levels, -SLOPE * x + BEND * 12 * (y - 0.5) ** 2 + rng.normal(0, NOISE, draws)


def even(number: int):
    return np.ones(number)


def test_shapley_values_are_those_of_the_textbook():
    """Gloves: two people have a left one, one has the right one, and only pairs are worth anything (Shapley: 1/6, 1/6, 2/3)."""

    def pairs(who: frozenset[int]) -> float:
        return float(2 in who and len(who) > 1)

    assert shapley(3, pairs) == pytest.approx([1 / 6, 1 / 6, 2 / 3])
    asked: list[frozenset[int]] = []
    added = shapley(4, lambda who: (asked.append(who), sum(1.0 + player for player in who))[1])
    assert added == pytest.approx([1, 2, 3, 4]), "without interaction each is worth what it adds alone"
    assert len(asked) == 16


def test_what_decides_is_named_with_its_share_and_nothing_else():
    variances = SLOPE**2 / 12, (12 * BEND) ** 2 / 180, NOISE**2
    true = [part / sum(variances) for part in variances[:2]]
    found = [hangs_on(NAMES, *world(seed), even(120)) for seed in range(20)]
    for explained, parts in found:
        assert {"p0", "p1"} <= {part.parameter for part in parts}
        assert explained == pytest.approx(sum(part.share for part in parts))
    shares = [{part.parameter: part.share for part in parts} for _, parts in found]
    assert [np.mean([row[name] for row in shares]) for name in ("p0", "p1")] == pytest.approx(true, abs=0.06)
    assert {part.direction for _, parts in found for part in parts if part.parameter == "p0"} == {-1}
    assert sum(len(parts) > 2 for _, parts in found) <= 4, "one more about once in twenty"


def test_where_nothing_decides_nothing_is_named():
    rng = np.random.default_rng(5)
    named = [hangs_on(NAMES, rng.uniform(size=(60, 30)), rng.normal(size=60), even(60))[1] for _ in range(60)]
    assert sum(map(bool, named)) <= 8
    assert hangs_on(NAMES, rng.uniform(size=(60, 30)), np.full(60, -0.3), even(60)) == (0.0, [])
    assert hangs_on(NAMES, *world(1, draws=8), even(8)) == (0.0, []), "eight draws say nothing"


def test_two_that_move_together_share_what_they_tell():
    """Of a posterior: one of them acts, the other is its shadow. Each alone tells nearly all; the shares still add up."""
    rng = np.random.default_rng(2)
    acts = rng.normal(size=150)
    levels = np.column_stack([acts, acts + rng.normal(0, 0.05, 150), rng.normal(size=150)])
    explained, parts = hangs_on(["acts", "shadow", "other"], levels, 2 * acts + rng.normal(0, 1.0, 150), even(150))
    assert explained == pytest.approx(0.8, abs=0.08)
    assert sum(part.share for part in parts) == pytest.approx(explained)
    assert parts[0].first == pytest.approx(explained, abs=0.02)


def test_what_is_foretold_is_foretold_of_draws_left_out():
    rng = np.random.default_rng(4)
    noise = rng.normal(size=(40, 35))
    assert predicted_share(noise, rng.normal(size=40), even(40)) < 0.15, "35 columns of chance fit 40 draws, and foretell none"
    x = rng.normal(size=(40, 1))
    y = x[:, 0] + rng.normal(0, 0.1, 40)
    left = [np.polyval(np.polyfit(np.delete(x[:, 0], k), np.delete(y, k), 1), x[k, 0]) - y[k] for k in range(40)]
    alone = [np.delete(y, k).mean() - y[k] for k in range(40)]
    assert predicted_share(x, y, even(40)) == pytest.approx(1 - np.square(left).sum() / np.square(alone).sum(), abs=2e-3)


def test_the_tipping_value_is_found_with_its_interval():
    """The mean difference is -3 x + 1, below -1 from x = 2/3 on: 33,333."""
    inside = 0
    for seed in range(30):
        levels, values = world(seed)
        tip = tipping("p0", levels[:, 0], values, even(120), -1.0)
        assert tip.found
        assert tip.side == "above"
        assert tip.beyond > tip.before
        assert tip.low < tip.value < tip.high
        inside += tip.low <= 20_000 + 20_000 * 2 / 3 <= tip.high
    assert inside >= 23, "a 90 % interval"


def test_a_level_that_is_never_crossed_has_no_tipping_value():
    levels, values = world(3)
    never = tipping("p0", levels[:, 0], values, even(120), -9.0)
    assert (never.found, never.beyond) == (False, 0.0)
    assert isnan(never.value)
    always = tipping("p0", levels[:, 0], values, even(120), 9.0)
    assert (always.found, always.beyond) == (False, 1.0)
    assert not tipping("p9", levels[:, 9], values, even(120), 0.0).found, "it does not hang on this one"


def test_a_draw_with_twice_the_weight_counts_twice():
    rng = np.random.default_rng(7)
    values, weights = rng.normal(size=31), rng.integers(1, 4, 31).astype(float)
    twice = np.repeat(values, weights.astype(int))
    quantiles = [0.05, 0.5, 0.95]
    spread = weighted_quantile(values, weights, quantiles) - weighted_quantile(twice, even(len(twice)), quantiles)
    assert np.abs(spread).max() < 0.15
    assert weighted_quantile(values, even(31), [0.5])[0] == np.median(values)
    nothing = np.append(weights, 0.0)
    assert (
        weighted_quantile(np.append(values, 99.0), nothing, quantiles) == weighted_quantile(values, weights, quantiles)
    ).all()
    assert effective_size(even(50)) == pytest.approx(50)
    assert effective_size(np.array([1.0, 1.0, 0.0, 0.0])) == pytest.approx(2)


def test_weights_change_what_an_answer_hangs_on():
    """Half of the draws obey one parameter and half another: with no weight on the second half, only the first counts."""
    rng = np.random.default_rng(8)
    levels = rng.uniform(size=(200, 3))
    values = np.where(np.arange(200) < 100, levels[:, 0], 5 * levels[:, 1]) + rng.normal(0, 0.05, 200)
    weights = np.where(np.arange(200) < 100, 1.0, 0.0)
    explained, parts = hangs_on(["a", "b", "c"], levels, values, weights)
    assert [part.parameter for part in parts] == ["a"]
    assert explained > 0.9
