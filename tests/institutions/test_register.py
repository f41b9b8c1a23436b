"""The register: a day goes kind by kind and by identifier, and nothing can be dated into the past. Plain and compiled."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.compile import compiled_form
from sim.institutions.agenda import Step, schedule, take_due
from tests.worlds import bare_system

PEOPLE = 20
FORMS = [pytest.param(lambda function: function, id="plain"), pytest.param(compiled_form, id="compiled")]


@pytest.fixture
def world():
    return bare_system(PEOPLE)


def ids(people, slots) -> list[int]:
    return [int(people[slot].id) for slot in slots]


@pytest.mark.parametrize("form", FORMS)
def test_a_kind_is_taken_by_identifier_whatever_the_order_of_dating(world, form):
    state, people = world
    day = state.nation.day + 3
    people[0].id, people[5].id = 905, 4  # not the order of the slots
    for step, slot in ((Step.COMMITTAL, 1), (Step.TRIAL, 2), (Step.END, 2), (Step.TRIAL, 5), (Step.TRIAL, 0)):
        form(schedule)(state, day, step, people[slot])

    state.nation.day = day
    assert ids(people, form(take_due)(state, Step.END)) == [2]
    assert ids(people, form(take_due)(state, Step.TRIAL)) == [2, 4, 905]
    assert ids(people, form(take_due)(state, Step.REMISSION)) == []
    assert ids(people, form(take_due)(state, Step.COMMITTAL)) == [1]
    assert state.nation.applied == 5


@pytest.mark.parametrize("form", FORMS)
def test_a_step_may_date_a_later_kind_of_the_same_day(world, form):
    state, people = world
    form(schedule)(state, state.nation.day, Step.END, people[7])

    assert ids(people, form(take_due)(state, Step.END)) == [7]
    form(schedule)(state, state.nation.day, Step.REMISSION, people[7])
    assert ids(people, form(take_due)(state, Step.REMISSION)) == [7]


@pytest.mark.parametrize("form", FORMS)
def test_dating_a_step_on_a_day_already_applied_is_an_error(world, form):
    state, people = world
    form(take_due)(state, Step.END)

    with pytest.raises(AssertionError, match="the step's day is past"):
        form(schedule)(state, state.nation.day, Step.END, people[1])


def test_a_day_before_the_run_is_an_error(world):
    state, people = world
    for day in range(state.nation.start_day, state.nation.start_day + 5):
        state.nation.day = day
        take_due(state, Step.END)

    for day in (state.nation.day, state.nation.start_day):
        with pytest.raises(AssertionError, match="the step's day is past"):
            schedule(state, day, Step.END, people[1])


@pytest.mark.parametrize("form", FORMS)
def test_a_day_is_not_applied_twice(world, form):
    state, _ = world
    form(take_due)(state, Step.TRIAL)

    with pytest.raises(AssertionError, match="a day is applied once"):
        form(take_due)(state, Step.TRIAL)


def test_a_step_beyond_the_horizon_is_forgotten(world):
    state, people = world
    left = int(state.nation.pages_left)
    schedule(state, state.nation.end_day, Step.END, people[1])

    assert state.nation.pages_left == left


def test_a_register_that_is_full_says_so(world):
    state, people = world
    state.nation.free_page = -1

    with pytest.raises(AssertionError, match="the register is full"):
        schedule(state, state.nation.day, Step.END, people[1])


@pytest.mark.parametrize("form", FORMS)
def test_an_entry_outlives_its_person_without_harm(world, form):
    """Somebody else has the slot when the day comes: the step is nobody's."""
    state, people = world
    form(schedule)(state, state.nation.day, Step.END, people[3])
    people[3].id = 77

    assert ids(people, form(take_due)(state, Step.END)) == []


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from([Step.END, Step.TRIAL, Step.COMMITTAL]), st.integers(0, PEOPLE - 1)),
        max_size=60,
    )
)
def test_it_is_a_list_for_each_day_and_kind(dated):
    state, people = _SHARED
    start = state.nation.start_day
    entries = int(state.nation.pages_left)
    state.last_page[:] = -1
    for day, step, slot in dated:
        schedule(state, start + day, step, people[slot])
    for day in range(10):
        state.nation.day = start + day
        for step in (Step.END, Step.TRIAL, Step.COMMITTAL):
            expected = sorted(slot for at, kind, slot in dated if (at, kind) == (day, step))
            assert ids(people, take_due(state, step)) == expected
    assert state.nation.pages_left == entries, "every page is free again"


_SHARED = bare_system(PEOPLE)


def test_the_kinds_are_numbered_in_the_order_of_a_day():
    assert [step.value for step in Step] == list(range(len(Step)))
    assert max(Step) == Step.COMMITTAL
    assert np.int32(len(Step)) == len(_SHARED[0].last_page)
