"""The statutes in force as one record of numbers, for compiled code: the same paths, ``law.semi_liberty.max_months``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.compiling import number_of, twin_of
from sim.law.adjustments import ADJUSTMENTS
from sim.timeline import Timeline, at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.law.statutes import Statutes, StatutesInForce

NOTIONS = tuple(dict.fromkeys((*(a.notion for a in ADJUSTMENTS), "foreigners", "procedure", "remission", "sentence", "surety")))
"""Notions of the law that the engine asks."""

_WHOLE = frozenset({"days", "months", "years", "weeks", "persons"})
_CHANGES = 4
"""Most dated values of a rule read at the judgment or the committal: a fixed number, so that a scenario that changes the
law needs no other machine code."""
_LAST = 2**31 - 1


def law_dtype(statutes: Statutes) -> np.dtype[Any]:
    """Record type of the statutes in force: one nested record a notion, as wide as the units of its rules say."""
    law = statutes.at(statutes.change_days()[-1])
    return np.dtype(
        [
            # The first field tells notions apart: numba takes a record whose fields begin like another's for that other.
            (
                notion,
                [
                    (f"is_{notion}", "i1"),
                    *((rule, _type_of(statutes.rule(f"{notion}.{rule}").unit, value)) for rule, value in _rules(law, notion)),
                ],
            )
            for notion in NOTIONS
        ]
    )


def law_records(states: Sequence[StatutesInForce], dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """States of the law as records, shape ``(len(states),)``."""
    records = np.zeros(len(states), dtype=dtype).view(np.recarray)
    for record, law in zip(records, states, strict=True):
        for notion in NOTIONS:
            for rule, value in _rules(law, notion):
                place = record[notion]
                if isinstance(value, Timeline):
                    _write(place[rule], value)
                elif value is not None:
                    place[rule] = number_of(value) if isinstance(value, str) else value
    return records


def _write(place: Any, timeline: Timeline[Any]) -> None:
    for turn in range(_CHANGES):
        value = timeline.values[min(turn, len(timeline.values) - 1)]
        place["days"][turn] = timeline.days[turn] if turn < len(timeline.days) else _LAST
        place["values"][turn] = number_of(value) if isinstance(value, str) else value


def _rules(law: StatutesInForce, notion: str) -> list[tuple[str, Any]]:
    return [(rule, value) for rule, value in vars(getattr(law, notion)).items() if value is not None]


def _type_of(unit: str, value: Any) -> Any:
    if isinstance(value, Timeline):
        days = ("days", "i8", (_CHANGES,))
        kind = _type_of(unit, value.values[0])
        return [days, ("values", "i1" if kind == "?" else kind, (_CHANGES,))]  # numba has no rows of booleans in a record
    if isinstance(value, bool):
        return "?"
    if isinstance(value, str):
        return "i8"
    return "i8" if unit in _WHOLE else "f8"


@twin_of(at)
def _at() -> Any:
    def value_at(timeline: Any, day: int) -> Any:
        """Value of the last change on or before a day; the first value before any (:class:`sim.timeline.Timeline`)."""
        found = 0
        while found + 1 < _CHANGES and timeline.days[found + 1] <= day:
            found += 1
        return timeline.values[found]

    return value_at
