"""Day numbers and calendar dates.

A *day* is the number of days since 1970-01-01 (the day of NumPy's ``datetime64[D]`` and of Parquet's ``date32``, so
that columns need no conversion). Months are counted as the prison registry counts them, *de quantième à quantième*
(law.md §0.2, C1): one month after 31 January is the last day of February.

The calendar is tabulated once for 1900–2199: adding months costs three list look-ups instead of a ``datetime`` object.
"""

from __future__ import annotations

from datetime import date, timedelta

_EPOCH = date(1970, 1, 1)
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_OFFSET = (_EPOCH - date(_FIRST_YEAR, 1, 1)).days

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


def _tabulate() -> tuple[list[int], list[int], list[int], list[int]]:
    month_of: list[int] = []
    day_of_month: list[int] = []
    first: list[int] = []
    length: list[int] = []
    day = -_OFFSET
    for year in range(_FIRST_YEAR, _LAST_YEAR + 1):
        for month in range(1, 13):
            start = date(year, month, 1)
            end = date(year + month // 12, month % 12 + 1, 1)
            days = (end - start).days
            month_of.extend([len(first)] * days)
            day_of_month.extend(range(days))
            first.append(day)
            length.append(days)
            day += days
    return month_of, day_of_month, first, length


_MONTH_OF, _DAY_OF_MONTH, _FIRST, _LENGTH = _tabulate()


def add_months(day: int, months: int) -> int:
    """Day that falls ``months`` calendar months later (*de quantième à quantième*).

    The same day of the month, or the last day of a shorter month; ``months`` may be negative.
    """
    index = day + _OFFSET
    month = _MONTH_OF[index] + months
    last = _LENGTH[month] - 1
    in_month = _DAY_OF_MONTH[index]
    return _FIRST[month] + (last if in_month > last else in_month)


def day_within_months(end: int, months: int) -> int:
    """First day from which at most ``months`` calendar months lead to ``end`` (``months`` ≥ 0).

    The day of the month of ``end``; in a month too short to have it, the first of the month after: from the last day of
    the shorter month, the same months forward would stop short of ``end``.
    """
    index = end + _OFFSET
    month = _MONTH_OF[index] - months
    in_month = _DAY_OF_MONTH[index]
    length = _LENGTH[month]
    return _FIRST[month] + (in_month if in_month < length else length)


def months_between(start: int, end: int) -> int:
    """Whole calendar months from ``start`` to ``end`` (0 if ``end`` is not later)."""
    if end <= start:
        return 0
    first, last = start + _OFFSET, end + _OFFSET
    month = _MONTH_OF[last]
    months = month - _MONTH_OF[first]
    in_month = _DAY_OF_MONTH[last]
    # The last month is whole from the same day of the month on, or on the last day of a shorter month.
    return months if _DAY_OF_MONTH[first] <= in_month or in_month == _LENGTH[month] - 1 else months - 1


def year_of(day: int) -> int:
    """Calendar year of a day."""
    return _FIRST_YEAR + _MONTH_OF[day + _OFFSET] // 12


def month_of_year(day: int) -> int:
    """Calendar month of a day, 1 to 12."""
    return _MONTH_OF[day + _OFFSET] % 12 + 1


def first_of_month(day: int) -> int:
    """First day of the month the day falls in."""
    return _FIRST[_MONTH_OF[day + _OFFSET]]


def first_of_next_month(day: int) -> int:
    """First day of the following month."""
    return _FIRST[_MONTH_OF[day + _OFFSET] + 1]
