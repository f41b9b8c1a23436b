"""Simple delays: so many days, weeks, months or years after an event, or before it, as one rule says.

What takes more than one rule to tell (a deadline that depends on the sentence, on the form of the decision) has its own
function in the module of its notion; this one answers for all the others by the name of the rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import add_months
from sim.errors import LawError

if TYPE_CHECKING:
    from sim.law.statutes import Statutes

_MONTHS = {"months": 1, "years": 12}
_DAYS = {"days": 1, "weeks": 7}
UNITS: frozenset[str] = frozenset(_MONTHS) | frozenset(_DAYS)
"""Units in which a rule is a delay."""


def ends(path: str, from_day: int, statutes: Statutes) -> int:
    """Last day of the delay that begins on a day: ``ends("allocation.orientation_papers_months", day, statutes)``.

    Months and years run *de quantième à quantième*, days and weeks are real days; the rule is that of the day the delay
    begins.

    Raises
    ------
    LawError
        If there is no such rule, if it is no delay, or if it was not in force.
    """
    return _shifted(path, from_day, statutes, 1)


def begins(path: str, until_day: int, statutes: Statutes) -> int:
    """Last day to act the delay *before* an event: so many months before two thirds, for instance.

    Raises
    ------
    LawError
        If there is no such rule, if it is no delay, or if it was not in force.
    """
    return _shifted(path, until_day, statutes, -1)


def _shifted(path: str, day: int, statutes: Statutes, direction: int) -> int:
    unit = statutes.rule(path).unit
    if unit not in UNITS:
        msg = f"law.{path}: in {unit}, so no delay; expected a rule in {', '.join(sorted(UNITS))}"
        raise LawError(msg)
    value = statutes.value(path, day)
    if not isinstance(value, int):
        msg = f"law.{path}: no such rule is in force on that day"
        raise LawError(msg)
    if unit in _MONTHS:
        return add_months(day, direction * value * _MONTHS[unit])
    return day + direction * value * _DAYS[unit]
