"""SQL expressions that put the names beside the codes of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.records.codes import Cause, Lodging, Movement, Offence, Outcome, Status, WaitingList
from sim.records.tables import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from enum import IntEnum

    from sim.records.tables import Codebook

UNSENTENCED = "unsentenced"
"""Route of somebody who leaves without a sentence to serve: neither dry nor adjusted."""
FROM_LIBERTY = -2
"""Code of ``measures.adjustment`` for a measure that began from liberty."""

_ENUMS: dict[str, type[IntEnum]] = {
    "cause": Cause,
    "movement": Movement,
    "offence": Offence,
    "outcome": Outcome,
    "status": Status,
    "list": WaitingList,
    "lodging": Lodging,
}


def quoted(text: str) -> str:
    """Return a text of SQL."""
    return "'" + text.replace("'", "''") + "'"


def names_of(table: str, book: Codebook) -> dict[str, str]:
    """Return the further columns of a table: ``<column>_name`` and the expression that makes it, ``t`` being the table.

    A code that stands for nothing (-1) has no name. ``regime_name`` is a route out: ``dry`` only for people who had a sentence
    to serve, ``unsentenced`` for those who had none.
    """
    lists: dict[str, Sequence[str]] = {
        "adjustment": book.adjustments,
        "stream": book.streams,
        "kind": book.kinds,
        "interregion": book.interregions,
        "site": book.sites,
        "quarter": book.quarters,
    }
    columns = [column.name for column in SCHEMA[table]]
    named: dict[str, str] = {}
    for column in columns:
        if column in _ENUMS:
            named[f"{column}_name"] = pick([member.name for member in _ENUMS[column]], f"t.{column}")
        elif column in lists:
            named[f"{column}_name"] = pick(lists[column], f"t.{column}")
        elif column == "regime":
            named["regime_name"] = _route(table, book, has_sentence="sentenced" in columns)
    if table == "measures":
        named["adjustment_name"] = _case({f"t.adjustment = {FROM_LIBERTY}": quoted("from liberty")}, named["adjustment_name"])
    if table == "events":
        named["detail_name"] = _detail(book)
    return named


def _route(table: str, book: Codebook, *, has_sentence: bool) -> str:
    none = {"exits": "dry", "standing": "", "measures": ""}.get(table, "none")
    cases = {"t.sentenced = 0": quoted(UNSENTENCED)} if has_sentence else {}
    if none:
        cases["t.regime < 0"] = quoted(none)
    return _case(cases, pick(book.regimes, "t.regime"))


def _detail(book: Codebook) -> str:
    """What ``detail`` means, movement by movement (the meanings stand under :class:`~sim.records.codes.Movement`)."""
    of_movement: Mapping[Movement, str] = {
        Movement.COMMITTED: pick(book.streams, "t.detail"),
        Movement.REQUESTED: pick(book.adjustments, "t.detail"),
        Movement.HEARD: pick([member.name for member in Outcome], "t.detail"),
        Movement.EXAMINED: pick([member.name for member in Outcome], "t.detail"),
        Movement.PLACED: pick(book.regimes, "t.detail"),
        Movement.WITHDRAWN: pick(book.regimes, "t.detail"),
        Movement.INCIDENT: pick(book.regimes, "t.detail"),
        Movement.RELEASED: pick(book.regimes, "t.detail"),
    }
    return _case({f"t.movement = {movement.value}": expression for movement, expression in of_movement.items()}, "null")


def pick(names: Sequence[str], code: str) -> str:
    """Return the expression of the name that a code stands for; null where it stands for none."""
    listed = ", ".join(quoted(name) for name in names)
    return f"case when {code} >= 0 then list_extract([{listed}]::varchar[], ({code})::integer + 1) end"


def _case(cases: Mapping[str, str], otherwise: str) -> str:
    if not cases:
        return otherwise
    told = " ".join(f"when {condition} then {expression}" for condition, expression in cases.items())
    return f"case {told} else {otherwise} end"
