"""Write the central draw into the baseline's text: values move, ranges stay, the *why* says when it was fitted.

The file is edited where each value stands, so that its comments and its layout remain.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from sim.dates import day_of
from sim.errors import DataError
from sim.scenario.values import entries_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.experiments.plausible_draws import Plausible
    from sim.scenario import Scenario

_FITTED = re.compile(r"; central value fitted by sortie calibrate \([^)]*\)")


class _Edit(NamedTuple):
    start: int
    stop: int
    text: str


def applied(text: str, scenario: Scenario, draws: Plausible, date: str) -> str:
    """Return the text of a baseline with the levels of draw 0; ``scenario`` is what the text loads as.

    Raises
    ------
    DataError
        If a parameter is not where the scenario has it.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    overrides = draws.overrides(scenario, 0)
    leaves = sorted({_leaf(scenario, path) for path in overrides})
    edits: list[_Edit] = []
    for leaf in leaves:
        block = _block(root, leaf)
        mine = {path: value for path, value in overrides.items() if _leaf(scenario, path) == leaf}
        edits += _value_edits(text, scenario, leaf, block, mine)
        edits += _range_edits(scenario, leaf, block, mine)
        edits += _reason_edits(text, block, f"; central value fitted by sortie calibrate (wave {draws.wave}, {date})")
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.stop :]
    return text


def _leaf(scenario: Scenario, path: str) -> str:
    return path if path in scenario.world else path.rpartition(".")[0]


def _block(root: Any, leaf: str) -> dict[str, Any]:
    node = {key.value: value for key, value in root.value}["parameters"]
    for name in leaf.split("."):
        children = {str(key.value): value for key, value in node.value}
        if name not in children:
            msg = f"baseline: parameters.{leaf}: not in the file to be written; it was fitted on another baseline."
            raise DataError(msg)
        node = children[name]
    return {str(key.value): value for key, value in node.value}


def _value_edits(text: str, scenario: Scenario, leaf: str, block: Mapping[str, Any], mine: Mapping[str, Any]) -> list[_Edit]:
    parameter = scenario.world[leaf]
    if "value" in block:
        new = _rounded(_moved(parameter.timeline.values[0], leaf, mine), parameter.total)
        return [_replaced(block["value"], _flow(new))]
    pairs = block["values"].value
    edits = []
    for key, node in pairs:
        day = day_of(yaml.safe_load(text[key.start_mark.index : key.end_mark.index]))
        edits.append(_replaced(node, _flow(_rounded(_moved(parameter.timeline.at(day), leaf, mine), parameter.total))))
    return edits


def _rounded(value: Any, total: float | None) -> Any:
    """Return shares of a whole with four decimals that still add up: the largest takes what rounding left."""
    if total is None or not isinstance(value, dict):
        return value
    rounded = {name: round(number, 4) for name, number in value.items()}
    largest = max(rounded, key=lambda name: rounded[name])
    rounded[largest] = round(total - sum(number for name, number in rounded.items() if name != largest), 4)
    return rounded


def _moved(value: Any, leaf: str, mine: Mapping[str, Any]) -> Any:
    """Value of a parameter under overrides: set, or scaled on all its dates."""
    if leaf in mine:
        override = mine[leaf]
        if isinstance(override, dict) and set(override) == {"scale"}:
            return value * override["scale"]
        return override
    entries = dict(entries_of(value))
    for path, override in mine.items():
        entry = path[len(leaf) + 1 :]
        scaled = isinstance(override, dict)
        entries[entry] = entries[entry] * override["scale"] if scaled else override
    return entries if isinstance(value, dict) or not isinstance(value, tuple) else list(entries.values())


def _range_edits(scenario: Scenario, leaf: str, block: Mapping[str, Any], mine: Mapping[str, Any]) -> list[_Edit]:
    """Factors are about the value that has moved: they are rewritten so that the range itself stays where it was."""
    parameter = scenario.world[leaf]
    if parameter.range_is != "factor":
        return []
    old = parameter.at(scenario.measure_from_day)
    new = _moved(old, leaf, mine)
    if isinstance(old, float | int):
        assert isinstance(parameter.range, tuple)
        factor = float(old) / float(new)
        return [_replaced(block["range"], _flow([bound * factor for bound in parameter.range]))]
    after = entries_of(new if not isinstance(new, list) else tuple(new))
    bounds = {}
    for entry, number in entries_of(old).items():
        low, high = parameter.range if isinstance(parameter.range, tuple) else (parameter.range or {})[entry]
        factor = float(number) / float(after[entry]) if after[entry] else 1.0
        bounds[entry] = [low * factor, high * factor]
    return [_replaced(block["range"], _flow(bounds))]


def _reason_edits(text: str, block: Mapping[str, Any], words: str) -> list[_Edit]:
    node = next(block[key] for key in ("why", "source") if key in block)
    written = text[node.start_mark.index : node.end_mark.index]
    cleaned = _FITTED.sub("", written)
    quoted = cleaned[-1] in "\"'"
    body = cleaned[:-1] if quoted else cleaned
    return [_replaced(node, body + words + (cleaned[-1] if quoted else ""))]


def _replaced(node: Any, text: str) -> _Edit:
    return _Edit(node.start_mark.index, node.end_mark.index, text)


def _flow(value: Any) -> str:
    """Write numbers with four significant digits, tables and lists on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(number)}" for key, number in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(number) for number in value) + "]"
    return f"{float(f'{value:.4g}'):.10g}"
