"""Slips of the hand that give another number, both of which can be: they are asked about, and never read as either.

``1.720`` is one and three quarters for a computer and seventeen hundred for whoever separates thousands with a point.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sim.scenario.bounds import in_table, possible
from sim.scenario.values import entries_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario.document import Document, Place
    from sim.scenario.values import Value

_GROUPED = re.compile(r"([-+]?[1-9]\d{0,2})\.(\d{3})")
"""Three digits after a point: a thousand as some type it. With two points it is no number, and refused as such."""
_THOUSAND = 1_000
_FEW = 100
"""A count set below this part of what there is, and to a fraction, is no count."""
COUNTED = frozenset({
    "persons", "persons/year", "people", "candidates/year", "committals/year", "convictions/year", "counsellors", "posts",
    "devices", "fittings/week", "files/year", "sittings/month", "places",
})  # fmt: skip
"""Units of what is counted one by one."""


def thousands_meant(document: Document, place: Place, unit: str | None, entry: str | None = None) -> str | None:
    """Return the question about the first number below a place that was typed with three digits after its point.

    Only where thousands are possible in the unit: ``1.125`` is a factor, and ``0.125`` a share.
    """
    if "parameters" in document.data:
        return None  # a complete world is written by a program, as runs keep theirs
    for typed, below in _grouped_below(document, place):
        found = _GROUPED.fullmatch(typed)
        if found is None:
            continue
        thousands = int(found[1] + found[2])
        if abs(thousands) <= possible(unit, below or entry).high:
            decimals = found[2].rstrip("0")
            exact = f"{found[1]}.{decimals}0" if len(decimals) == len(found[2]) else f"{found[1]}.{decimals or '0'}"
            return f"met {typed}, which could be {thousands} or {exact}: write one of them so"
    return None


_WRITTEN = re.compile(r"(?<=[:,\[{-] )([-+]?[1-9]\d{0,2}\.\d{3})(?=[,\]}\n]|$)|(?<=[\[{])([-+]?[1-9]\d{0,2}\.\d{3})(?=[,\]}])")


def as_numbers(text: str) -> str:
    """Return the YAML that a program wrote with a digit more where three stand after a point: nobody is asked about it."""
    return _WRITTEN.sub(lambda found: f"{found[0]}0", text)


def _grouped_below(document: Document, place: Place) -> Iterator[tuple[str, str | None]]:
    for where, typed in document.grouped.items():
        if where[: len(place)] == place and where[-1] != "scale":
            yield typed, str(where[-1]) if len(where) > len(place) else None


def fraction_of_count(before: Value, after: Value, unit: str | None) -> str | None:
    """Return the question about a count that is set to a small fraction of what there is: 1.72 for 1,720 counsellors."""
    if in_table(unit or "") not in COUNTED or isinstance(after, bool) or isinstance(before, bool):
        return None
    were = {"": before} if isinstance(before, float) else entries_of(before)
    for entry, number in ({"": after} if isinstance(after, float) else entries_of(after)).items():
        was, thousands = were.get(entry, 0.0), round(number * _THOUSAND, 6)
        if 1 <= number < was / _FEW and number % 1 and not thousands % 1:
            named = f" [{entry}]" if entry else ""
            return f"met {number:g}{named}, a fraction of a count that is {was:g}. If thousands are meant, write {thousands:g}"
    return None
