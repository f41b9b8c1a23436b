"""Luck in compiled code: the same numbers, and names in step with what compiled code calls them."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.compile import twin
from sim.institutions import decision_points
from sim.randomness import Draws, luck_of, normal_quantile, uniform_of

half = st.integers(0, 2**64 - 1)


@given(half, half, st.integers(0, 2**31 - 1))
def test_a_number_is_the_same_plain_and_compiled(key, person, occurrence):
    compiled = twin(uniform_of)(np.uint64(key), np.uint64(person), occurrence)
    assert compiled == uniform_of(key, person, occurrence)
    assert 0.0 <= compiled < 1.0


@given(half, st.integers(0, 2**40))
def test_a_person_has_the_same_luck_plain_and_compiled(base, person):
    assert int(twin(luck_of)(np.uint64(base), person)) == luck_of(base, person)


def test_luck_of_a_cohort_is_that_of_each():
    draws, rows = Draws(3, 1), np.array([[0, 1], [7, 2**40]])
    found = draws.luck(rows)
    assert found.shape == rows.shape
    assert [draws.of("any", int(half), 2) for half in found.ravel()] == [draws.one("any", int(who), 2) for who in rows.ravel()]


@given(st.floats(1e-300, 1.0, exclude_max=True))
def test_quantiles_are_those_of_the_standard_library(uniform):
    expected = NormalDist().inv_cdf(uniform)
    assert normal_quantile(uniform) == pytest.approx(expected, rel=1e-14, abs=1e-15)
    assert twin(normal_quantile)(uniform) == pytest.approx(expected, rel=1e-12, abs=1e-13)


def test_decisions_and_their_numbers_are_in_step():
    for number, name in enumerate(decision_points.DECISIONS):
        assert getattr(decision_points, name.upper().replace(".", "_")) == number, name
    assert len(set(decision_points.DECISIONS)) == len(decision_points.DECISIONS)
    constants = [name for name in vars(decision_points) if name.isupper() and name != "DECISIONS"]
    assert len(constants) == len(decision_points.DECISIONS)
