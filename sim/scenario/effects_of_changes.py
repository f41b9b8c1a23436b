"""What each change does, with the value before and after: the facts that prose, tables and the explorer show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from sim.scenario.changing import applied, locate, with_overrides
from sim.scenario.law_paths import law_change_told
from sim.scenario.scenario import LAW
from sim.scenario.values import entries_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.errors import ScenarioError
    from sim.scenario.scenario import Change, Scenario


@dataclass(frozen=True, slots=True)
class ChangeTold:
    """One change and its effect on the day it is made."""

    change: Change
    label: Mapping[str, str]
    """Name of what changes, by language; the path when the parameter has no label."""
    unit: str | None
    before: Any
    """Value it would have had on that day without this change: number, switch, word, tuple or table."""
    after: Any


def changes_told(scenario: Scenario) -> tuple[ChangeTold, ...]:
    """Return each change of a scenario with the value before and after, in order of date."""
    leaves = with_overrides(scenario.world, scenario.overrides, _impossible)
    told: list[ChangeTold] = []
    for position, change in enumerate(scenario.changes):
        if change.path.startswith(LAW):
            earlier = [item for item in scenario.changes[:position] if item.path.startswith(LAW)]
            label, unit, before, after = law_change_told(change, earlier)
            told.append(ChangeTold(change, label, unit, before, after))
            continue
        path, entry = locate(leaves, change.path, _unknown)
        was = leaves[path]
        leaves[path] = applied(was, entry, change)
        values = [leaf.at(change.on_day) for leaf in (was, leaves[path])]
        if entry is not None:
            values = [entries_of(value)[entry] for value in values]
        name = was.label or {"fr": path, "en": path}
        if entry is not None:
            name = {language: f"{text} [{entry}]" for language, text in name.items()}
        told.append(ChangeTold(change, name, was.unit, *values))
    return tuple(told)


def _unknown(message: str) -> ScenarioError:
    raise AssertionError(message)  # the paths were checked when the scenario was loaded


def _impossible(path: str, message: str) -> NoReturn:
    raise AssertionError(path, message)  # the overrides were checked when the scenario was loaded
