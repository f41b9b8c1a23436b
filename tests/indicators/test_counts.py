"""Counts that take the place of NumPy's own on large columns: the same answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.dates import add_months
from sim.indicators.tidy import distinct, is_among, months_after

NUMBERS = st.lists(st.integers(-(2**40), 2**40) | st.integers(-3, 3), max_size=20).map(
    lambda found: np.array(found, dtype=np.int64)
)


@given(NUMBERS, NUMBERS)
def test_being_among_others_is_what_numpy_says(values, others):
    assert is_among(values, others).tolist() == np.isin(values, others).tolist()


@given(NUMBERS)
def test_different_values_are_counted_as_numpy_does(values):
    assert distinct(values) == len(np.unique(values))


@given(st.lists(st.integers(-2000, 30_000), max_size=20))
@pytest.mark.parametrize("months", [0, 1, 4, 6])
def test_days_some_months_later_are_those_of_the_calendar(months, days):
    assert months_after(np.array(days, dtype=np.int64), months).tolist() == [add_months(day, months) for day in days]
