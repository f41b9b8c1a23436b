"""Means, paired differences and what their intervals say."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from sim.indicators.estimates import estimate, interval_label, paired, student, summarise


@pytest.mark.parametrize("freedom", [1, 2, 3, 9, 29, 30, 31, 40, 60, 120, 1000])
def test_the_factor_is_student_s_t(freedom):
    assert student(np.array([freedom]))[0] == pytest.approx(t.ppf(0.95, freedom))


def test_an_estimate_by_hand():
    found = estimate([1.0, 2.0, 3.0, 6.0])
    assert found.mean == 3
    assert found.half_width == pytest.approx(t.ppf(0.95, 3) * math.sqrt(14 / 3) / 2)
    assert (found.low, found.high) == pytest.approx((3 - found.half_width, 3 + found.half_width))


def test_one_replication_has_no_interval_and_says_so():
    assert math.isnan(estimate([1.0]).half_width)
    assert "no interval" in interval_label(1)
    assert "chance only, 4 replications" in interval_label(4)
    assert "parameter uncertainty not yet included" in interval_label(4)


def frame(values: dict[int, float]) -> pd.DataFrame:
    rows = [(number, "measured", "density", "all", value) for number, value in values.items()]
    return pd.DataFrame(rows, columns=["replication", "period", "indicator", "group", "value"])


def test_differences_are_paired_by_replication():
    base, policy = frame({0: 10.0, 1: 20.0, 2: 30.0}), frame({0: 11.0, 1: 22.0, 2: 33.0})
    row = paired(base, policy).iloc[0]
    assert (row["base"], row["policy"], row["difference"], row["n"]) == (20, 22, 2, 3)
    assert row["half_width"] == pytest.approx(t.ppf(0.95, 2) * 1 / math.sqrt(3))
    assert row["below_zero"] == pytest.approx(t.cdf(-2 * math.sqrt(3), 2))


def test_only_replications_of_both_runs_are_paired():
    row = paired(frame({0: 1.0, 1: 2.0}), frame({1: 5.0, 2: 9.0})).iloc[0]
    assert (row["difference"], row["n"]) == (3, 1)
    assert math.isnan(row["half_width"])


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=8))
def test_a_world_compared_with_itself_differs_by_exactly_nothing(values):
    same = frame(dict(enumerate(values)))
    row = paired(same, same).iloc[0]
    assert row["difference"] == 0
    assert math.isnan(row["below_zero"])
    assert math.isnan(row["half_width"]), "no interval of width zero"


def test_replications_that_agree_give_no_interval():
    for values in ([3.0, 3.0], [0.1 + 0.2, 0.3, 0.3], [0.0, 0.0]):
        assert math.isnan(estimate(values).half_width)
        assert math.isnan(summarise(frame(dict(enumerate(values)))).iloc[0]["half_width"])
    row = paired(frame({0: 10.0, 1: 20.0}), frame({0: 12.0, 1: 22.0})).iloc[0]
    assert row["difference"] == 2
    assert math.isnan(row["half_width"])
    assert math.isnan(row["below_zero"]), "two replications that agree are no certainty"


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=8))
def test_frames_and_lists_agree(values):
    row = summarise(frame(dict(enumerate(values)))).iloc[0]
    alone = estimate(values)
    assert row["mean"] == pytest.approx(alone.mean, abs=1e-6)
    assert row["half_width"] == pytest.approx(alone.half_width, rel=1e-6, abs=1e-6, nan_ok=True)


def test_the_interval_covers_the_truth_nine_times_in_ten():
    luck = np.random.default_rng(3)
    inside = sum(abs(found.mean) <= found.half_width for found in (estimate(luck.normal(size=5)) for _ in range(4000)))
    assert inside / 4000 == pytest.approx(0.90, abs=0.015)
