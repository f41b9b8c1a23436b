"""Months in compiled code: the table and what lies beyond it, against the arithmetic one reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import dates
from sim.engine.compile import compiled_form

FIRST, LAST = dates.first_day(0), dates.first_day(6_000)
days = st.integers(FIRST - 40_000, LAST + 40_000)


def test_every_day_of_the_table_is_in_its_month():
    found = compiled_form(dates.month_index)
    for month in range(6_000):
        first, following = dates.first_day(month), dates.first_day(month + 1)
        assert [found(day) for day in (first, first + 27, following - 1)] == [month] * 3
        assert compiled_form(dates.first_day)(month) == first


@pytest.mark.parametrize("day", [FIRST - 1, FIRST, LAST - 1, LAST, LAST + 1, dates.NEVER])
def test_the_edges_of_the_table(day):
    assert compiled_form(dates.month_index)(day) == dates.month_index(day)


@given(days, st.integers(-600, 600), days)
def test_months_are_counted_alike(day, months, other):
    assert compiled_form(dates.add_months)(day, months) == dates.add_months(day, months)
    assert compiled_form(dates.day_within_months)(day, abs(months)) == dates.day_within_months(day, abs(months))
    assert compiled_form(dates.months_between)(day, other) == dates.months_between(day, other)
