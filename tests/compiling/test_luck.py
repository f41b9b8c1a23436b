"""Luck in compiled code: the same numbers, and names in step with what compiled code calls them."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.compile import compiled_form
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.state import draw
from sim.population.drawing import LifePoint, StayPoint
from sim.randomness import Draws, Keyed, luck_of, normal_quantile, uniform_of
from tests.worlds import bare_system

half = st.integers(0, 2**64 - 1)


@given(half, half, st.integers(0, 2**31 - 1))
def test_a_number_is_the_same_plain_and_compiled(key, person, occurrence):
    compiled = compiled_form(uniform_of)(np.uint64(key), np.uint64(person), occurrence)
    assert compiled == uniform_of(key, person, occurrence)
    assert 0.0 <= compiled < 1.0


@given(half, st.integers(0, 2**40))
def test_a_person_has_the_same_luck_plain_and_compiled(base, person):
    assert int(compiled_form(luck_of)(np.uint64(base), person)) == luck_of(base, person)


def test_luck_of_a_cohort_is_that_of_each():
    draws, rows = Draws(3, 1), np.array([[0, 1], [7, 2**40]])
    found = draws.luck(rows)
    assert found.shape == rows.shape
    assert [draws.of("any", int(half), 2) for half in found.ravel()] == [draws.one("any", int(who), 2) for who in rows.ravel()]


@given(st.floats(1e-300, 1.0, exclude_max=True))
def test_quantiles_are_those_of_the_standard_library(uniform):
    expected = NormalDist().inv_cdf(uniform)
    assert normal_quantile(uniform) == pytest.approx(expected, rel=1e-14, abs=1e-15)
    assert compiled_form(normal_quantile)(uniform) == pytest.approx(expected, rel=1e-12, abs=1e-13)


def test_each_decision_point_has_a_name_a_number_and_a_key_of_its_own():
    points = [*DecisionPoint, *LifePoint, *StayPoint]
    for kind in (DecisionPoint, LifePoint, StayPoint):
        assert [point.value for point in kind] == list(range(len(kind)))
    assert [point.key.upper().replace(".", "_").removeprefix("PERSON_") for point in LifePoint] == [p.name for p in LifePoint]
    assert [point.key.upper().replace(".", "_") for point in DecisionPoint] == [point.name for point in DecisionPoint]
    assert len({point.key for point in points}) == len(points)


def test_a_decision_point_written_before_the_others_moves_no_luck():
    longer = Keyed("longer", {"NEW": "some.new", **{point.name: point.key for point in DecisionPoint}})
    draws = Draws(5, 2)
    for point in DecisionPoint:
        again = longer[point.name]
        assert again == point + 1
        assert draws.one(again.key, 17, 3) == draws.one(point.key, 17, 3)


def test_the_tables_of_a_run_hold_the_key_of_each_decision_point():
    (state, rows), draws = bare_system(2), Draws(1, 0)
    rows.luck[1] = draws.luck(np.array([7]))[0]
    for point in DecisionPoint:
        assert draw(state, point, rows[1], 4) == draws.one(point.key, 7, 4), point.key
