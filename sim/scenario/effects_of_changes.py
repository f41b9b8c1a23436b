"""What each change does, with the value before and after: the facts that prose, tables and the explorer show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn

from sim.scenario.changing import locate, step_of, with_overrides
from sim.scenario.growing import Growing
from sim.scenario.law_paths import law_change_moves, law_change_told
from sim.scenario.locally import divided, share_there
from sim.scenario.scenario import LAW
from sim.scenario.values import changed, entries_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sim.errors import ScenarioError
    from sim.scenario.scenario import Change, Scenario
    from sim.scenario.sourced import Sourced
    from sim.scenario.values import Value


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
        if change.place is not None:
            values = _there(scenario, was, change)
        else:
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


def _there(scenario: Scenario, was: Sourced, change: Change) -> list[Value]:
    """Values before and after a change, where it is made: of an amount that is shared, what those places have of it.

    Before it come the changes made everywhere, those of its day included, and the earlier ones of the same places.
    """
    assert change.place is not None
    places = scenario.geography()
    share = share_there(scenario, change.place, change.path, change.on_day, places)
    now = Growing(was)
    before: Value | None = None
    made = [other for other in scenario.changes if other.place in (None, change.place) and other.on_day <= change.on_day]
    for other in sorted(made, key=lambda each: (each.on_day, each.place is not None)):
        if other.path not in (was.path, change.path) and other.path.rpartition(".")[0] != was.path:
            continue
        entry = other.path.rpartition(".")[2] if other.path != was.path else None
        if other is change:
            before = now.at(change.on_day)
        value = divided(other.value, share) if other.place is not None and other.operation != "scale" else other.value
        now.change(other.on_day, step_of(replace(other, value=value), entry), other.until_day)
    assert before is not None
    return [changed(value, "scale", share) if share < 1 else value for value in (before, now.at(change.on_day))]


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
