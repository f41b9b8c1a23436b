"""Values that a scenario puts outside the range their own source calls plausible: allowed, and told wherever results are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from sim.dates import day_of
from sim.scenario.bounds import EXTRA_PLACES, held_by_kind
from sim.scenario.days import day_in_figures
from sim.scenario.scenario import LAW
from sim.scenario.values import entries_of
from sim.scenario.where import shared_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sim.scenario.scenario import Change, Scenario
    from sim.scenario.sourced import Sourced

_WORDS = {
    "en": "{path} is {value} from {day}, outside its plausible range, {low} to {high}",
    "fr": "{path} vaut {value} à partir du {day}, hors de sa plage plausible, de {low} à {high}",
}
_FEW_WORDS = {
    "en": "{path} {value} (range {low} to {high})",
    "fr": "{path} : {value} (plage {low} à {high})",
}
_CROWDED = {
    "en": "{path} leaves {value} places from {day} for the {high} people held there on {counted}: {low} for one place",
    "fr": "{path} laisse {value} places à partir du {day} pour les {high} personnes détenues là le {counted} : {low} par place",
}
_CROWDED_BRIEFLY = {
    "en": "{path} ({value} places left for {high} people on {counted})",
    "fr": "{path} ({value} places restantes pour {high} personnes le {counted})",
}


@dataclass(frozen=True, slots=True)
class Outside:
    """One value, or one entry of a table, on the first day it stands outside its range."""

    path: str
    parameter: str
    label: Mapping[str, str] | None
    day: int
    value: float
    low: float
    high: float

    def told(self, lang: Literal["en", "fr"] = "en", *, named: bool = False) -> str:
        """Say it in a sentence without its point; ``named``: with the label for readers instead of the path."""
        return self._in(_WORDS[lang], self._label(lang) if named else f"'{self.path}'", lang)

    def briefly(self, lang: Literal["en", "fr"] = "en") -> str:
        """Say it in a few words: label, value and range."""
        return self._in(_FEW_WORDS[lang], self._label(lang), lang)

    def _label(self, lang: Literal["en", "fr"]) -> str:
        return f"'{self.path}'" if self.label is None else self.label[lang]

    def _in(self, words: str, name: str, lang: Literal["en", "fr"]) -> str:
        numbers = {key: _number(getattr(self, key), lang) for key in ("value", "low", "high")}
        return words.format(path=name, day=day_in_figures(self.day, lang), **numbers)


@dataclass(frozen=True, slots=True)
class Crowded(Outside):
    """Places closed down to fewer than the people held there: ``value`` places left, ``high`` people, ``low`` for each."""

    since: str = ""
    """Day on which the people were counted."""

    def _in(self, words: str, name: str, lang: Literal["en", "fr"]) -> str:
        told = (_CROWDED if words is _WORDS[lang] else _CROWDED_BRIEFLY)[lang]
        numbers = {key: _number(getattr(self, key), lang) for key in ("value", "low", "high")}
        counted = day_in_figures(day_of(date.fromisoformat(self.since)), lang)
        return told.format(path=name, day=day_in_figures(self.day, lang), counted=counted, **numbers)


def _number(number: float, lang: str) -> str:
    text = f"{number:,.6g}"
    return text.replace(",", "\u202f").replace(".", ",") if lang == "fr" else text


def outside_ranges(scenario: Scenario) -> tuple[Outside, ...]:
    """Return what a scenario changes or overrides beyond its plausible range, by path: each once, on its first day."""
    found: dict[str, Outside] = {}
    for change in scenario.changes:
        if not change.path.startswith(LAW) and not of_a_part(change):
            parameter = _parameter(scenario, change.path)
            for item in outside_on(scenario.there(change.place), parameter, change.on_day):
                found.setdefault(item.path, item)
    for path in scenario.overrides:
        for item in outside_on(scenario, _parameter(scenario, path), scenario.start_day):
            found.setdefault(item.path, item)
    return tuple(found[path] for path in sorted(found))


def of_a_part(change: Change) -> bool:
    """Whether a change is of what some places have of an amount: the range of the whole says nothing of it."""
    return change.place is not None and shared_by(change.path) is not None


def outside_on(scenario: Scenario, parameter: str, day: int) -> Iterator[Outside]:
    """Give the entries of a parameter that the scenario has moved outside their range on a day."""
    world, changed = scenario.world[parameter], scenario.leaves[parameter]
    if parameter == EXTRA_PLACES:
        yield from _crowded(changed, _entries(world, day), day)
    if world.range is None:
        return
    before, after = _entries(world, day), _entries(changed, day)
    for entry, value in after.items():
        bounds = world.bounds(day, entry or None)
        if bounds is None or bounds[0] == bounds[1]:
            continue  # a range of one point says that nobody gave one, not that every other value is implausible
        if value == before[entry] or bounds[0] <= value <= bounds[1]:
            continue
        label = world.label
        if entry and label is not None:
            label = {lang: f"{text} [{entry}]" for lang, text in label.items()}
        yield Outside(f"{parameter}.{entry}" if entry else parameter, parameter, label, day, value, *bounds)


def _crowded(leaf: Sourced, before: Mapping[str, float], day: int) -> Iterator[Crowded]:
    for kind, added in _entries(leaf, day).items():
        held = held_by_kind().get(kind)
        if held is None or added >= before[kind] or held.places + added >= held.people:
            continue
        left = held.places + added
        label = leaf.label and {lang: f"{text} [{kind}]" for lang, text in leaf.label.items()}
        dense = round(held.people / left, 2) if left > 0 else float("inf")
        yield Crowded(f"{leaf.path}.{kind}", leaf.path, label, day, left, dense, held.people, held.day)


def _parameter(scenario: Scenario, path: str) -> str:
    return path if path in scenario.world else path.rpartition(".")[0]


def _entries(leaf: Sourced, day: int) -> Mapping[str, float]:
    value = leaf.at(day)
    if isinstance(value, bool):
        return {}
    return {"": value} if isinstance(value, float) else entries_of(value)
