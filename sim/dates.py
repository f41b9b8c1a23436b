"""Day numbers and calendar dates.

A *day* is the number of days since 1970-01-01 (the day of NumPy's ``datetime64[D]`` and of Parquet's ``date32``, so
that columns need no conversion). Months are counted as the prison registry counts them, *de quantième à quantième*
(law.md §0.2, C1): one month after 31 January is the last day of February.

Months are numbered from January 1900; going from a day to its month and back is integer arithmetic.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sim.engine.compile import compiled_as, jit

_EPOCH = date(1970, 1, 1)
_FIRST_YEAR = 1900
_ERA = 146_097
"""Days of 400 years."""
_TO_MARCH = 719_468
"""Days from 0000-03-01 to 1970-01-01."""

NEVER = 2**31 - 1
"""A day that does not come (kept within 32 bits, so that columns can hold it)."""

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12


def day_of(on: date) -> int:
    """Day number of a calendar date."""
    return (on - _EPOCH).days


def date_of(day: int) -> date:
    """Calendar date of a day number."""
    return _EPOCH + timedelta(days=int(day))


def parse_day(text: str) -> int:
    """Day number of an ISO date, ``2022-01-01``.

    Raises
    ------
    ValueError
        If the text is not a date of the calendar.
    """
    return day_of(date.fromisoformat(text))


def iso(day: int) -> str:
    """ISO text of a day number; ``never`` for :data:`NEVER`."""
    return "never" if day >= NEVER else date_of(day).isoformat()


def month_index(day: int) -> int:
    """Months from January 1900 to the month the day falls in."""
    # Days are counted from 1 March, so that the leap day is the last of a year and every month but it has a fixed place
    # (the proleptic Gregorian calendar in integers: no table, so that the compiled engine reads the same lines).
    days = day + _TO_MARCH
    era = days // _ERA
    of_era = days - era * _ERA
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    return (era * 400 + year - _FIRST_YEAR) * 12 + month + 2


def first_day(month: int) -> int:
    """First day of a month counted from January 1900."""
    march = month - 2 + _FIRST_YEAR * 12
    year = march // 12
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (march - year * 12) + 2) // 5
    return era * _ERA + 365 * of_era + of_era // 4 - of_era // 100 + of_year - _TO_MARCH


_MONTHS = 6_000
"""Months from January 1900 whose first day compiled code has in a table: reckoned, they took a twelfth of a national run."""


def _first_days() -> Any:
    import numpy as np  # noqa: PLC0415 (a tenth of a second, and those who only read a day need none of it)

    return np.array([first_day(month) for month in range(_MONTHS + 1)])


@compiled_as(first_day)
def _first_day() -> Any:
    table, reckoned = _first_days(), jit(first_day)

    def number(month: int) -> int:
        return int(table[month]) if 0 <= month < _MONTHS else int(reckoned(month))

    return jit(number)


@compiled_as(month_index)
def _month_index() -> Any:
    table, reckoned = _first_days(), jit(month_index)
    since, until = first_day(0), first_day(_MONTHS)

    def number(day: int) -> int:
        if not since <= day < until:
            return int(reckoned(day))
        # By the mean month: one too many or one too few at most.
        month = int((day - since) / DAYS_PER_MONTH)
        if day < table[month]:
            return month - 1
        return month + 1 if day >= table[month + 1] else month

    return jit(number)


def add_months(day: int, months: int) -> int:
    """Day that falls ``months`` calendar months later (*de quantième à quantième*).

    The same day of the month, or the last day of a shorter month; ``months`` may be negative.
    """
    month = month_index(day)
    in_month = day - first_day(month)
    first = first_day(month + months)
    last = first_day(month + months + 1) - 1
    return last if first + in_month > last else first + in_month


def day_within_months(end: int, months: int) -> int:
    """First day from which at most ``months`` calendar months lead to ``end`` (``months`` ≥ 0).

    The day of the month of ``end``; in a month too short to have it, the first of the month after: from the last day of
    the shorter month, the same months forward would stop short of ``end``.
    """
    month = month_index(end)
    in_month = end - first_day(month)
    first = first_day(month - months)
    following = first_day(month - months + 1)
    return following if first + in_month > following else first + in_month


def months_between(start: int, end: int) -> int:
    """Whole calendar months from ``start`` to ``end`` (0 if ``end`` is not later)."""
    if end <= start:
        return 0
    before, month = month_index(start), month_index(end)
    months = month - before
    in_month = end - first_day(month)
    # The last month is whole from the same day of the month on, or on the last day of a shorter month.
    whole = start - first_day(before) <= in_month or end == first_day(month + 1) - 1
    return months if whole else months - 1


def year_of(day: int) -> int:
    """Calendar year of a day."""
    return _FIRST_YEAR + month_index(day) // 12


def month_of_year(day: int) -> int:
    """Calendar month of a day, 1 to 12."""
    return month_index(day) % 12 + 1


def first_of_month(day: int) -> int:
    """First day of the month the day falls in."""
    return first_day(month_index(day))


def first_of_next_month(day: int) -> int:
    """First day of the following month."""
    return first_day(month_index(day) + 1)
