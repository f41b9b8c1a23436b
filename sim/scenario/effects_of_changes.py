"""What each change does, with the value before and after: the facts that prose, tables and the explorer show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn

from sim.scenario.changing import locate, step_of, with_overrides
from sim.scenario.growing import Growing
from sim.scenario.law_paths import law_change_moves, law_change_told
from sim.scenario.scenario import LAW
from sim.scenario.values import entries_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    moves: bool = True
    """Whether it changes anything, on that day or for another date (of judgment, of a later text)."""


def changes_told(scenario: Scenario) -> tuple[ChangeTold, ...]:
    """Return each change of a scenario with the value before and after, in order of date."""
    leaves = with_overrides(scenario.world, scenario.overrides, _impossible)
    growing: dict[str, Growing] = {}
    told: list[ChangeTold] = []
    laws: list[Change] = []
    for change in scenario.changes:
        if change.path.startswith(LAW):
            label, unit, before, after = law_change_told(change, laws)
            told.append(ChangeTold(change, label, unit, before, after, law_change_moves(change, laws)))
            laws.append(change)
            continue
        path, entry = locate(leaves, change.path, _unknown)
        was = leaves[path]
        now = growing.setdefault(path, Growing(was))
        values = [now.at(change.on_day)]
        now.change(change.on_day, step_of(change, entry), change.until_day)
        values.append(now.at(change.on_day))
        if entry is not None:
            values = [entries_of(value)[entry] for value in values]
        name = was.label or {"fr": path, "en": path}
        if entry is not None:
            name = {language: f"{text} [{entry}]" for language, text in name.items()}
        told.append(ChangeTold(change, name, was.unit, values[0], values[1], values[0] != values[1]))
    return tuple(told)


def _unknown(message: str) -> ScenarioError:
    raise AssertionError(message)  # the paths were checked when the scenario was loaded


def _impossible(path: str, message: str) -> NoReturn:
    raise AssertionError(path, message)  # the overrides were checked when the scenario was loaded


def without_changes(scenario: Scenario, paths: Iterable[str]) -> Scenario | None:
    """Return the world without the changes of a scenario, drawn values included; None if none of these paths is changed."""
    leaves = with_overrides(scenario.world, scenario.overrides, _impossible)
    if all(scenario.leaves[path].timeline == leaves[path].timeline for path in paths):
        return None
    return replace(scenario, leaves=leaves, changes=(), amendments=())
