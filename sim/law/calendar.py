"""Delays counted in days, working days and months; French public holidays.

Months run *de quantième à quantième* (:func:`sim.dates.add_months`). A delay in days is counted from the day after
the event. Working days (*jours ouvrables*) are all days but Sundays and public holidays; a delay of procedure that
would end on a Saturday, a Sunday or a public holiday runs on to the next other day (CPP 801).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np

from sim.dates import NEVER, day_of, first_day, year_of
from sim.engine.compile import compiled_as, jit

_SATURDAY, _SUNDAY = 5, 6
_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
"""Public holidays of fixed date (code du travail, art. L3133-1): month, day."""
_AFTER_EASTER = (1, 39, 50)
"""Easter Monday, Ascension, Whit Monday: days after Easter."""


def easter_day(year: int) -> int:
    """Easter Sunday of a year of the Gregorian calendar (Meeus, Jones and Butcher's algorithm)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return day_of(date(year, month, day + 1))


@cache
def public_holidays(year: int) -> frozenset[int]:
    """Days of the eleven public holidays of a year (*jours fériés*, code du travail L3133-1)."""
    easter = easter_day(year)
    return frozenset({day_of(date(year, m, d)) for m, d in _FIXED} | {easter + days for days in _AFTER_EASTER})


def weekday(day: int) -> int:
    """Day of the week, 0 for Monday to 6 for Sunday (1970-01-01 was a Thursday)."""
    return (day + 3) % 7


def is_working_day(day: int) -> bool:
    """Whether a day is neither a Sunday nor a public holiday (*jour ouvrable*)."""
    return weekday(day) != _SUNDAY and day not in public_holidays(year_of(day))


def working_days_after(day: int, count: int) -> int:
    """Day on which the ``count``-th working day after ``day`` falls (``day`` itself if ``count`` is 0)."""
    while count > 0:
        day += 1
        if is_working_day(day):
            count -= 1
    return day


def prorogued(day: int) -> int:
    """Day on which a delay ending on ``day`` really ends: the next that is no Saturday, Sunday or holiday (CPP 801)."""
    while weekday(day) in {_SATURDAY, _SUNDAY} or day in public_holidays(year_of(day)):
        day += 1
    return day


def released_on(end_day: int) -> int:
    """Day of release of who should leave on a day: the working day before a Sunday or a public holiday (CPP 716-3).

    A day that does not come (:data:`~sim.dates.NEVER`) is left as it is.
    """
    if end_day >= NEVER:
        return end_day
    while not is_working_day(end_day):
        end_day -= 1
    return end_day


_TABLE_MONTHS = (1200, 3000)
"""Months from January 1900 whose days compiled code has in a table: 2000 to 2149. Nobody leaves a prison on another day: a run
ends by 2060, and no sentence is longer than the years left to the table."""


@compiled_as(released_on)
def _released_on() -> Any:
    since, until = (first_day(month) for month in _TABLE_MONTHS)
    ahead = np.array([day - released_on(day) for day in range(since, until)], dtype=np.int8)

    def number(end_day: int) -> int:
        if since <= end_day < until:
            return int(end_day - ahead[end_day - since])
        return int(end_day)

    return jit(number)
