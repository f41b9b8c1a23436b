"""Stopping rule, three intervals, and target seeking, on numbers whose truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.errors import RequestError
from sim.experiments.solve import Target, find_root, read_target
from sim.experiments.stopping import half_widths, look_ahead, progress
from sim.experiments.uncertainty import decompose
from sim.indicators.estimates import estimate, ratio

TARGET = Target("dry_rate_exits", "all", "<=", 0.40)
TRUE = 400 * math.log(2)


def test_running_half_widths_are_those_of_each_prefix():
    values = np.random.default_rng(1).normal(70_000, 50, 40)
    mean, width = half_widths(values)
    for n in (2, 7, 40):
        expected = estimate(values[:n])
        assert mean[n - 1] == pytest.approx(expected.mean)
        assert width[n - 1] == pytest.approx(expected.half_width, rel=1e-6)
    assert math.isnan(width[0])


def test_the_rule_needs_the_target_met_and_met_for_the_look_ahead():
    narrow = [1.0, 1.1] * 20
    assert progress("x", narrow, floor=10, half_width=1.0, relative=None).enough == 10
    assert progress("x", narrow[:14], floor=10, half_width=1.0, relative=None).enough is None, "look-ahead not yet seen"
    spoilt = [*narrow[:12], 9.0, *narrow[:27]]
    late = progress("x", spoilt, floor=10, half_width=0.5, relative=None).enough
    assert late is None or late > 13
    assert (look_ahead(100), look_ahead(200)) == (5, 10)


def test_the_easier_of_two_targets_is_enough():
    values = [100.0, 104.0] * 20
    kwargs = {"floor": 5}
    assert progress("x", values, half_width=0.01, relative=None, **kwargs).enough is None
    assert progress("x", values, half_width=0.01, relative=0.05, **kwargs).enough == 5


def cube(seed: int, draws: int, replications: int, parameters: float, luck: float, rest: float):
    rng = np.random.default_rng(seed)
    return (
        3
        + rng.normal(0, parameters, (draws, 1))
        + rng.normal(0, luck, (1, replications))
        + rng.normal(0, rest, (draws, replications))
    )


def test_the_share_of_the_parameters_is_recovered():
    shares = [decompose(cube(seed, 60, 12, 2.0, 0.5, 1.0)).share_parameters for seed in range(20)]
    assert np.mean(shares) == pytest.approx(4 / 5.25, abs=0.03)
    none = [decompose(cube(seed, 60, 12, 0.0, 0.5, 1.0)) for seed in range(20)]
    assert np.mean([found.share_parameters for found in none]) < 0.03
    # NaN where no spread is left at all: no interval of width zero.
    widths = np.nan_to_num([found.parameters[1] - found.parameters[0] for found in none])
    assert np.mean(widths) < 0.5, "what is luck is not taken for parameters (0.95 without taking it out)"


def test_intervals_lie_within_one_another_and_chance_shrinks_with_replications():
    few, many = (decompose(cube(5, 50, n, 1.0, 0.8, 0.5)) for n in (5, 80))
    for found in (few, many):
        assert found.both[0] <= found.parameters[0] < found.mean < found.parameters[1] <= found.both[1]
        assert found.both[1] - found.both[0] >= found.chance[1] - found.chance[0]
    assert many.chance[1] - many.chance[0] < 0.5 * (few.chance[1] - few.chance[0])
    assert many.parameters[1] - many.parameters[0] == pytest.approx(2 * 1.645, rel=0.35)


def test_without_draws_or_replications_what_cannot_be_known_is_not_told():
    alone = decompose(cube(1, 1, 10, 1, 1, 1))
    assert math.isnan(alone.parameters[0])
    assert alone.chance[0] < alone.chance[1]
    assert math.isnan(decompose(cube(1, 10, 1, 1, 1, 1)).chance[0])
    same = decompose(np.full((4, 6), 0.0))
    assert all(math.isnan(end) for end in (*same.chance, *same.parameters, *same.both)), "no interval of width zero"
    assert same.mean == 0


def curve(seed: int, replications: int = 20, floor: float = 0.0):
    rng = np.random.default_rng(seed)
    luck, slope = rng.normal(0, 0.02, replications), rng.normal(0, 4e-6, replications)

    def evaluate(setting: float):
        evaluate.calls += 1
        return np.maximum(0.5 - 0.2 * (1 - math.exp(-setting / 400)), floor) + luck + slope * setting

    evaluate.calls = 0
    return evaluate


def test_the_interval_holds_the_known_answer_nine_times_in_ten():
    held, middle = 0, []
    for seed in range(200):
        evaluate = curve(seed)
        answer = find_root(evaluate, TARGET, 0, 1000, tolerance=1)
        held += answer.low <= TRUE <= answer.high
        middle.append(answer.setting)
        assert evaluate.calls == len(answer.tried) <= 40
        assert answer.one_way
    assert 0.84 <= held / 200 <= 0.96
    assert np.mean(middle) == pytest.approx(TRUE, rel=0.02)


def test_why_no_setting_reaches_the_target():
    answer = find_root(curve(1, floor=0.45), TARGET, 0, 1000, tolerance=1)
    assert not answer.reached
    assert math.isnan(answer.setting)
    assert "no setting up to 1000 reaches it: the nearest is 0.4" in answer.words


def test_a_target_already_reached_asks_for_nothing():
    answer = find_root(curve(1), Target("x", "all", "<=", 0.6), 0, 1000, tolerance=1)
    assert (answer.reached, answer.setting, answer.low, answer.high) == (True, 0, 0, 0)


def test_a_lever_may_be_moved_down_and_a_curve_that_turns_is_told():
    down = find_root(lambda x: np.array([x, x + 1.0]), Target("x", "all", "<=", 40), 100, 0, tolerance=0.5)
    assert down.setting == pytest.approx(39.5, abs=0.5)
    assert down.direction == -1
    bent = find_root(lambda x: np.array([1.0, 1.01]) * (x - 3) ** 2, Target("x", "all", ">=", 20), 0, 10, tolerance=0.1)
    assert not bent.one_way


@pytest.mark.parametrize("text", ["dry_share", "dry_share = 0.4", "dry_share <= four", "dry_shar <= 0.4", "dry_share <= 1.2.3"])
def test_a_target_that_cannot_be_read_is_refused(text):
    with pytest.raises(RequestError, match="--target"):
        read_target(text)


def test_targets_name_an_output_and_perhaps_a_group():
    assert read_target("dry_share <= 0.40") == TARGET
    assert read_target("cost[place=all] <= 1.5e+09").value == 1.5e9
    assert read_target("density[kind=MA] >= 1.2") == Target("density", "kind=MA", ">=", 1.2)


def test_a_ratio_has_the_interval_that_fieller_gives():
    """Two differences known to a hundredth: 10 over 2 in every pair but for noise of the one above."""
    above, below = [9.9, 10.0, 10.1, 10.0], [2.0, 2.0, 2.0, 2.0]
    found = ratio(above, below)
    assert found.value == pytest.approx(5.0)
    half = estimate(above).half_width / 2  # the one below does not vary: the interval of the one above, divided
    assert (found.low, found.high) == (pytest.approx(5.0 - half), pytest.approx(5.0 + half))


def test_a_ratio_over_what_may_be_nothing_has_no_interval():
    assert math.isnan(ratio([10.0, 11.0, 9.0], [1.0, -1.0, 0.5]).low)
    assert ratio([10.0, 11.0, 9.0], [1.0, -1.0, 0.6]).value == pytest.approx(50.0)
    assert math.isnan(ratio([10.0, 11.0], [0.0, 0.0]).value), "over exactly nothing"
    assert math.isnan(ratio([10.0], [2.0]).low), "one replication"
    assert math.isnan(ratio([10.0, 10.0], [2.0, 2.0]).low), "no spread shown"


def test_a_ratio_of_differences_that_move_together_is_known_better():
    together = ratio([10.0, 20.0, 15.0, 12.0], [2.0, 4.0, 3.0, 2.4])
    against = ratio([20.0, 10.0, 15.0, 12.0], [2.0, 4.0, 3.0, 2.4])
    assert together.high - together.low < 1e-6
    assert math.isnan(against.low) or against.high - against.low > 1.0


@pytest.mark.parametrize("below", [2.0, 0.5])
def test_the_interval_of_a_ratio_holds_the_known_answer_nine_times_in_ten(below):
    luck = np.random.default_rng(7)
    held = told = 0
    for _ in range(2000):
        noise = luck.normal(size=(2, 6))
        found = ratio((10.0 + noise[0]).tolist(), (below + 0.3 * noise[1] + 0.1 * noise[0]).tolist())
        if not math.isnan(found.low):
            told += 1
            held += found.low <= 10.0 / below <= found.high
    assert told > 1500
    assert held / told == pytest.approx(0.9, abs=0.03)
