"""The lists of what is off are complete, and the frozen world has every parameter that the baseline has."""

from __future__ import annotations

import pytest

from sim.scenario import load_scenario
from sim.scenario.values import shape_of, value_of
from tests.freeze import WORLD
from tests.neutral import FACT, NO_BOARDS, NO_HEARINGS, OFF, OTHERWISE, PLENTY, READ_WITH, WORDS, read

ADD = "add to tests/neutral.yaml the line 'PATH: {neutral: …}', '{plenty: …}', '{with: …, other: …}' or 'fact' of"


@pytest.fixture(scope="module")
def baseline():
    return load_scenario("baseline")


@pytest.fixture(scope="module")
def fixed():
    return load_scenario(WORLD)


def test_every_parameter_of_the_baseline_has_its_line(baseline):
    assert baseline.world.keys() - read().keys() == set(), ADD
    assert read().keys() - baseline.world.keys() == set(), "no such parameter"


def test_a_line_says_something_known():
    strange = {path: told for path, told in read().items() if told != FACT and not (told and told.keys() <= WORDS)}
    assert strange == {}
    assert {path for path in read() if (path in READ_WITH) != (path in OTHERWISE)} == set(), "'with' goes with 'other'"


@pytest.mark.parametrize("worth", [OFF, PLENTY, NO_HEARINGS, NO_BOARDS, OTHERWISE])
def test_a_value_is_of_the_sort_its_parameter_is(baseline, worth):
    assert len(worth) > 1
    wrong = {path: value for path, value in worth.items() if shape_of(value_of(value)) != baseline.world[path].shape}
    assert wrong == {}


def test_what_is_read_with_a_mechanism_names_one_that_can_be_off_and_is_given_another_value(fixed):
    assert set(READ_WITH.values()) - OFF.keys() == set()
    same = [path for path, value in OTHERWISE.items() if value_of(value) in fixed.world[path].timeline.values]
    assert same == []


def test_the_frozen_world_has_the_parameters_of_the_baseline(baseline, fixed):
    missing, left_over = baseline.world.keys() - fixed.world.keys(), fixed.world.keys() - baseline.world.keys()
    assert (missing, left_over) == (set(), set()), "python tests/freeze.py"
    shapes = {path: leaf.shape for path, leaf in baseline.world.items() if leaf.shape != fixed.world[path].shape}
    assert shapes == {}, "tables that have other entries than in the frozen world: write them there by hand"


def test_freezing_again_moves_nothing(baseline, fixed):
    from tests.freeze import frozen  # noqa: PLC0415

    assert frozen(baseline, fixed) == WORLD.read_text(encoding="utf-8")


def test_what_the_baseline_learns_is_added_at_the_value_that_does_nothing(baseline, fixed):
    from dataclasses import replace  # noqa: PLC0415

    from tests.freeze import frozen  # noqa: PLC0415

    path = "practices.leave.asking_share"
    before = replace(fixed, world={name: leaf for name, leaf in fixed.world.items() if name != path})
    assert "asking_share: {value: 0, unit: probability" in frozen(baseline, before)
