from __future__ import annotations

import pytest

from sim.institutions.register import COMMITTAL, END, MORNING, REMISSION, TRIAL, Register, Step
from sim.population.person import Person

START = 19_000


@pytest.fixture
def applied() -> list[tuple[int, int]]:
    """Steps applied, as (kind, person)."""
    return []


@pytest.fixture
def register(applied) -> Register:
    register = Register(START, START + 10)
    for step in Step:
        register.handle(step, lambda person, _, step=int(step): applied.append((step, person.id)))
    return register


def test_a_day_goes_kind_by_kind_and_by_identifier_whatever_the_order_of_dating(register, applied):
    first, second = Person(1), Person(2)
    for step, person in ((COMMITTAL, first), (TRIAL, second), (END, second), (TRIAL, first)):
        register.on(START + 3, step, person)

    register.apply(START + 3, MORNING, system=None)
    register.apply(START + 3, (COMMITTAL,), system=None)

    assert applied == [(END, 2), (TRIAL, 1), (TRIAL, 2), (COMMITTAL, 1)]
    assert register.applied == 4


def test_a_step_may_date_a_later_kind_of_the_same_day(register, applied):
    register.handle(END, lambda person, _: register.on(START + 1, REMISSION, person))
    register.on(START + 1, END, Person(7))

    register.apply(START + 1, MORNING, system=None)

    assert applied == [(REMISSION, 7)]


@pytest.mark.parametrize("day", [START - 1, START])
def test_dating_a_step_on_a_day_already_gone_is_an_error(register, day):
    register.apply(START, MORNING, system=None)

    with pytest.raises(AttributeError):
        register.on(day, END, Person(1))


def test_a_step_that_dates_its_own_kind_again_for_today_is_an_error(register):
    register.handle(TRIAL, lambda person, _: register.on(START, TRIAL, person))
    register.on(START, TRIAL, Person(1))

    with pytest.raises(AttributeError):
        register.apply(START, MORNING, system=None)


def test_a_day_is_not_applied_twice(register):
    register.apply(START, MORNING, system=None)

    with pytest.raises(AssertionError, match=f"day {START} was applied before"):
        register.apply(START, MORNING, system=None)


def test_a_step_beyond_the_horizon_is_forgotten(register, applied):
    register.on(START + 10, END, Person(1))
    for day in range(START, START + 10):
        register.apply(day, MORNING, system=None)

    assert applied == []


def test_the_kinds_are_numbered_in_the_order_of_a_day():
    assert [step.value for step in Step] == list(range(len(Step)))
    assert tuple(step.value for step in Step if step is not Step.COMMITTAL) == MORNING
