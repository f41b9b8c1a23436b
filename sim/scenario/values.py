"""Values of parameters: a number, a switch, a list of numbers or a table, and what a change does to them."""

from __future__ import annotations

import math
from datetime import date
from numbers import Real
from typing import TYPE_CHECKING, Literal

from sim.scenario.bounds import why_impossible
from sim.scenario.document import shown
from sim.scenario.numerals import plain_day, plain_number
from sim.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Table = dict[str, float]
Value = bool | float | tuple[float, ...] | Table
"""What a parameter may be worth on a day."""

Operation = Literal["set", "scale", "add"]
Shape = tuple[str, ...]

FIRST_DATE, LAST_DATE = date(1990, 1, 1), date(2100, 12, 31)


class EntryError(ValueError):
    """Something wrong at a place below the one being read (a ``ValueError``, because pydantic collects those)."""

    def __init__(self, message: str, *place: str | int) -> None:
        super().__init__(message)
        self.place = place


def number_of(raw: object, *place: str | int) -> float:
    """Return the finite number that was written, else raise :class:`EntryError` with what was met."""
    if isinstance(raw, str):
        raw = numeral(raw)
    # numbers.Real: the numbers of NumPy are numbers too, where Python gives the value.
    if isinstance(raw, bool) or not isinstance(raw, Real):
        msg = f"expected a number, met {shown(raw)}{_hint(raw)}"
        raise EntryError(msg, *place)
    try:
        number = float(raw)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        msg = f"expected a finite number, met {shown(raw)}"
        raise EntryError(msg, *place)
    return number


def numeral(text: str) -> float | str:
    """Return the number that a text is (``0,5``, ``2/3``, ``1 500``), or the text where it is none, or could be two."""
    plain = plain_number(text)
    try:
        return float(plain) if any(digit in plain for digit in "0123456789") else text
    except ValueError:
        return text


def _hint(raw: object) -> str:
    if not isinstance(raw, str):
        return ""
    text = raw.strip().replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace("_", "")
    if text.endswith("%"):
        return " (write a share of 1: 0.25, not 25%)"
    if text.count(",") == 1 and text.replace(",", "").isdigit():
        return " (it could be {} or {}: write one of them)".format(text.replace(",", "."), text.replace(",", ""))
    if text.replace(",", "").replace(".", "").isdigit():
        return " (write 1234.5: a point, no spaces, no quotes)"
    return ""


def value_of(raw: object) -> Value:
    """Return the value that was written.

    Raises
    ------
    EntryError
        If it is neither a finite number, nor true or false, nor a list of numbers, nor a table of numbers.
    """
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, list | tuple):
        if not raw:
            msg = "met an empty list: expected numbers"
            raise EntryError(msg)
        return tuple(number_of(item, position) for position, item in enumerate(raw))
    if isinstance(raw, dict):
        if not raw:
            msg = "met an empty table: expected 'name: number' lines"
            raise EntryError(msg)
        return {str(name): number_of(item, str(name)) for name, item in raw.items()}
    return number_of(raw)


def date_of_file(raw: object) -> date:
    """Return the date that was written, between 1990 and 2100, else raise :class:`EntryError`."""
    day = raw
    if isinstance(raw, str):
        try:
            day = date.fromisoformat(plain_day(raw))
        except ValueError:
            day = None
    if not isinstance(day, date):
        msg = f"expected a date such as 2026-07-01, met {shown(raw)}"
        raise EntryError(msg)
    if not FIRST_DATE <= day <= LAST_DATE:
        msg = f"expected a date from {FIRST_DATE.year} to {LAST_DATE.year}, met {day.isoformat()}"
        raise EntryError(msg)
    return day


def shape_of(value: Value) -> Shape:
    """Return what must not change from one date to another: the sort of value, and the names of a table."""
    if isinstance(value, bool):
        return ("switch",)
    if isinstance(value, float):
        return ("number",)
    if isinstance(value, tuple):
        return ("list", str(len(value)))
    return ("table", *sorted(value))


def shape_in_words(shape: Shape) -> str:
    """Say a shape: ``a table of DDSE, SL``."""
    sort, *rest = shape
    if sort == "switch":
        return "true or false"
    if sort == "number":
        return "a number"
    return f"a list of {rest[0]} numbers" if sort == "list" else f"a table of {', '.join(rest)}"


def entries_of(value: Value) -> Mapping[str, float]:
    """Return the entries that can be named after a dot: those of a table, or the positions of a list."""
    if isinstance(value, dict):
        return value
    if isinstance(value, tuple):
        return {str(position): item for position, item in enumerate(value)}
    return {}


def with_entry(value: Value, entry: str, number: float) -> Value:
    """Return the table or list in which one entry has another value."""
    if isinstance(value, dict):
        return {**value, entry: number}
    assert isinstance(value, tuple)
    position = int(entry)
    return (*value[:position], number, *value[position + 1 :])


def changed(value: Value, operation: Operation, operand: Value) -> Value:
    """Apply a change to a value; ``scale`` and ``add`` take a number and reach every entry of a table or list."""
    if operation == "set":
        return operand
    assert isinstance(operand, float)
    if isinstance(value, dict):
        return {name: _reckon(item, operation, operand) for name, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_reckon(item, operation, operand) for item in value)
    return _reckon(value, operation, operand)


def _reckon(number: float, operation: Operation, operand: float) -> float:
    return number * operand if operation == "scale" else number + operand


def impossible(value: Value, unit: str | None, total: float | None = None, path: str = "") -> str | None:
    """Return why a value cannot be, or None when it can.

    It may not be finite, may be outside what its unit allows (:mod:`sim.scenario.bounds`; ``path`` is what it is a value of,
    where that matters), or its entries may miss their total.
    """
    if isinstance(value, bool):
        return None
    named: Mapping[str, float] = {"": value} if isinstance(value, float) else entries_of(value)
    for entry, number in named.items():
        if not math.isfinite(number):
            return "no finite number"
        reason = why_impossible(number, unit, entry or None, path)
        if reason is not None:
            return reason
    numbers = list(named.values())
    if total is not None and not math.isclose(sum(numbers), total, abs_tol=1e-6):
        return f"a sum of {sum(numbers):.6g} instead of {total:g}: say where the rest goes"
    return None


ALWAYS = -(2**31)
"""Day of a value that does not change, in a timeline (:meth:`sim.timeline.Timeline.constant`)."""


def merged(timeline: Timeline[Value], first_day: int = ALWAYS) -> Timeline[Value]:
    """Return the timeline without the days on which nothing changes.

    ``first_day`` is the first day of the timeline this one was made from: since a first value also holds before its
    day, it may keep that day when nothing else changes until then.
    """
    points: list[tuple[int, Value]] = []
    for day, value in zip(timeline.days, timeline.values, strict=True):
        if not points or points[-1][1] != value:
            points.append((day, value))
    if points[0][0] == ALWAYS and (len(points) == 1 or points[1][0] > first_day):
        points[0] = (first_day, points[0][1])
    return Timeline(points)


def entry_timelines(timeline: Timeline[Value]) -> dict[str, Timeline[float]]:
    """Return the timeline of each entry of a table or list."""
    names: Sequence[str] = tuple(entries_of(timeline.values[0]))
    return {
        name: Timeline((day, entries_of(value)[name]) for day, value in zip(timeline.days, timeline.values, strict=True))
        for name in names
    }
