from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import dates

days = st.integers(dates.day_of(date(1950, 1, 1)), dates.day_of(date(2140, 12, 31)))
months = st.integers(-40 * 12, 40 * 12)


def months_later(on: date, count: int) -> date:
    """The same sum by the standard library's calendar."""
    index = on.year * 12 + on.month - 1 + count
    year, month = divmod(index, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


@given(days)
def test_a_day_number_is_a_date_and_back(day):
    on = date(1970, 1, 1) + timedelta(days=day)
    assert dates.date_of(day) == on
    assert dates.day_of(on) == day
    assert dates.parse_day(on.isoformat()) == day
    assert dates.iso(day) == on.isoformat()


def test_never_has_a_word_and_fits_the_columns():
    assert dates.iso(dates.NEVER) == "never"
    assert dates.NEVER.bit_length() == 31


def test_a_date_off_the_calendar_is_refused():
    with pytest.raises(ValueError, match="day"):
        dates.parse_day("2023-02-29")


@given(days, months)
def test_months_are_counted_as_the_calendar_does(day, count):
    assert dates.date_of(dates.add_months(day, count)) == months_later(dates.date_of(day), count)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-12-15", 1, "2025-01-15"),
        ("1970-01-01", -1, "1969-12-01"),
        ("2024-05-30", 0, "2024-05-30"),
    ],
)
def test_months_by_hand(start, count, end):
    assert dates.iso(dates.add_months(dates.parse_day(start), count)) == end


@given(days, days)
def test_months_between_is_the_largest_number_that_fits(start, end):
    count = dates.months_between(start, end)
    if end <= start:
        assert count == 0
    else:
        assert months_later(dates.date_of(start), count) <= dates.date_of(end)
        assert months_later(dates.date_of(start), count + 1) > dates.date_of(end)


@given(days)
def test_parts_of_a_day(day):
    on = dates.date_of(day)
    assert (dates.year_of(day), dates.month_of_year(day)) == (on.year, on.month)
    assert dates.date_of(dates.first_of_month(day)) == on.replace(day=1)
    assert dates.date_of(dates.first_of_next_month(day)) == months_later(on.replace(day=1), 1)


@given(days, st.integers(0, 40 * 12))
def test_months_added_are_months_between(day, count):
    assert dates.months_between(day, dates.add_months(day, count)) == count
