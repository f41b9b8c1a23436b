"""The statutes in force as one record of numbers, for compiled code: the same paths, ``law.semi_liberty.max_months``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.compile import compiled_as, number_of
from sim.errors import LawError
from sim.law.adjustments import ADJUSTMENTS
from sim.timeline import Timeline, at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.law.statutes import Statutes, StatutesInForce

NOTIONS = tuple(
    dict.fromkeys(
        (
            *(a.notion for a in ADJUSTMENTS),
            "early_release",
            "foreigners",
            "free_convicts",
            "leave",
            "long_sentences",
            "procedure",
            "remission",
            "sentence",
            "special_remission",
            "surety",
        )
    )
)
"""Notions of the law that the engine asks."""

_WHOLE = frozenset({"days", "months", "years", "weeks", "persons"})
_CHANGES = 4
"""Most dated values of a rule read at the judgment or the committal: a fixed number, so that a scenario that changes the
law needs no other machine code."""
_LAST = 2**31 - 1


def law_dtype(statutes: Statutes) -> np.dtype[Any]:
    """Record type of the statutes in force: one nested record a notion, as wide as the units of its rules say.

    A rule that no text gives on some day (*none*) has no number and no place in it: a function that asks for it does not
    compile.
    """
    law = statutes.at(statutes.change_days()[-1])

    def columns(notion: str) -> list[Any]:
        found = [(rule, statutes.rule(f"{notion}.{rule}"), value) for rule, value in vars(getattr(law, notion)).items()]
        return [
            (rule, _type_of(text.unit, value))
            for rule, text, value in found
            if value is not None and all(period.value is not None for period in text.periods)
        ]

    return np.dtype(
        [
            # The first field tells notions apart: numba takes a record whose fields begin like another's for that other.
            (notion, [(f"is_{notion}", "i1"), *columns(notion)])
            for notion in NOTIONS
        ]
    )


def law_records(states: Sequence[StatutesInForce], dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """States of the law as records, shape ``(len(states),)``.

    Raises
    ------
    LawError
        If a rule has no value, or more values than a record holds.
    """
    records = np.zeros(len(states), dtype=dtype).view(np.recarray)
    for record, law in zip(records, states, strict=True):
        for notion in NOTIONS:
            place = record[notion]
            for rule, value in vars(getattr(law, notion)).items():
                if rule not in place.dtype.names:
                    continue
                path = f"{notion}.{rule}"
                if isinstance(value, Timeline):
                    _write(place[rule], value, path)
                else:
                    place[rule] = _number(value, path)
    return records


def _write(place: Any, timeline: Timeline[Any], path: str) -> None:
    if len(timeline.values) > _CHANGES:
        msg = (
            f"law.{path}: {len(timeline.values)} dated values read at the judgment or the committal; the compiled engine "
            f"holds {_CHANGES}. Raise _CHANGES in sim/law/record.py."
        )
        raise LawError(msg)
    for turn in range(_CHANGES):
        place["days"][turn] = timeline.days[turn] if turn < len(timeline.days) else _LAST
        place["values"][turn] = _number(timeline.values[min(turn, len(timeline.values) - 1)], path)


def _number(value: Any, path: str) -> Any:
    if value is None:
        msg = f"law.{path}: no value; a run needs one. To switch a measure off, set its 'in_force' to false."
        raise LawError(msg)
    return number_of(value) if isinstance(value, str) else value


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


@compiled_as(at)
def _at() -> Any:
    def value_at(timeline: Any, day: int) -> Any:
        """Value of the last change on or before a day; the first value before any (:class:`sim.timeline.Timeline`)."""
        found = 0
        while found + 1 < _CHANGES and timeline.days[found + 1] <= day:
            found += 1
        return timeline.values[found]

    return value_at
