"""What can be changed in a scenario, as one table: values of the world, rules of law."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.law.statutes import Statutes
from sim.scenario.checking import hypotheses
from sim.scenario.readers import reader_of
from sim.scenario.scenario import LAW
from sim.scenario.values import entries_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario import Scenario, Sourced
    from sim.scenario.describe import Language

COLUMNS = ("path", "label", "value", "unit", "low", "high", "kind", "source", "hypothesis", "read_by")
_NONE = float("nan")


def parameter_frame(scenario: Scenario, search: str, lang: Language) -> pd.DataFrame:
    """Return the table of :meth:`sim.api.scenario.Scenario.parameters`."""
    codes = {item.path: item.code for item in hypotheses(scenario)}
    rows = [row for path, leaf in scenario.leaves.items() for row in _of_parameter(scenario, leaf, codes.get(path, ""), lang)]
    rows += list(_of_law(scenario, lang))
    wanted = _bare(search)
    kept = [row for row in rows if any(wanted in _bare(str(row[place])) for place in (0, 1, 7, 8))] if search else rows
    frame = pd.DataFrame(kept, columns=list(COLUMNS)).infer_objects()
    return frame.astype({"unit": "category", "kind": "category", "read_by": "category"})


def _of_parameter(scenario: Scenario, leaf: Sourced, code: str, lang: Language) -> Iterator[tuple[Any, ...]]:
    day = scenario.measure_from_day
    value = leaf.at(day)
    label = (leaf.label or {}).get(lang, leaf.path)
    entries: dict[str, Any] = {"": value} if isinstance(value, bool | float) else dict(entries_of(value))
    for entry, number in entries.items():
        bounds = leaf.bounds(day, entry or None)
        low, high = (_NONE, _NONE) if bounds is None else bounds
        path, said = (f"{leaf.path}.{entry}", f"{label} [{entry}]") if entry else (leaf.path, label)
        yield path, said, number, leaf.unit or "", low, high, leaf.kind, leaf.why or leaf.source or "", code, reader_of(path)


def _of_law(scenario: Scenario, lang: Language) -> Iterator[tuple[Any, ...]]:
    statutes = Statutes.load().amended(scenario.amendments)
    day = scenario.measure_from_day
    for text in statutes.texts.values():
        for rule in text.rules.values():
            low, high = rule.range or (_NONE, _NONE)
            label = f"{text.title[lang]} · {rule.label[lang]}"
            source = rule.period_at(day).reference.title
            path = LAW + rule.path
            yield path, label, statutes.value(rule.path, day), rule.unit, low, high, "law", source, "", reader_of(path)


def _bare(text: str) -> str:
    """Return a text without its accents and capitals."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))
