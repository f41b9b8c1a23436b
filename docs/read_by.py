"""Who reads each rule of law and each parameter, found in the code: ``python docs/read_by.py`` writes it down.

``--check`` says whether what is written is still so, ``--list`` prints it rule by rule.

Nothing is listed by hand. Four facts are put together:

* the functions a run can reach, and the fields of the law's record, and of the records of a day's parameters and means, that they
  read (:mod:`reached`);
* the entries of the scenario on which each field of those records depends, found by moving them one at a time;
* the entries of the scenario that a run reads otherwise, remembered over the first months of a small one;
* the entries that its measures read, remembered likewise.

The result is data of the law and of the scenario layer (``read_by.yaml`` in both), which must answer without importing the
engine. A test finds it again.
"""

from __future__ import annotations

import os

os.environ["SORTIE_PLAIN"] = "1"  # before the engine is imported: nothing here is worth compiling

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from reached import LAW, MEANS, PARAMETERS, Fields, Reach

from sim.experiments.measurement import context_for
from sim.institutions import world
from sim.institutions.parameters import read_means, read_parameters
from sim.law.adjustments import ADJUSTMENTS, regimes_of
from sim.law.statutes import Statutes
from sim.scenario import Scenario, read_scenario, readers
from sim.scenario.values import entries_of
from sim.simulation import run

_ROOT = Path(__file__).resolve().parents[1]
LAW_FILE, PARAMETERS_FILE = _ROOT / "sim" / "law" / "read_by.yaml", _ROOT / "sim" / "scenario" / "read_by.yaml"
_HEAD = "# Written by docs/read_by.py, which derives it from the code (docs/generate.py runs it): do not edit.\n"
_SMALL = """
extends: baseline.yaml
title: {fr: Qui lit quoi, en: Who reads what}
start: 2020-01-01
end: 2020-04-15
measure_from: 2020-02-01
sampling_fraction: 0.001
"""
_FIRST_DAY = "stock."
"""Parameters that describe the first day, even those that travel with the parameters of every day."""
_POINTS = 8
"""Random points of the parameters around which they are moved: at one of them a maximum could hide what it is taken of."""


class Remembered(Mapping[str, float]):
    """A table that remembers which of its entries were read."""

    def __init__(self, path: str, values: Mapping[str, float], day: int | None, read: dict[str, set[int | None]]) -> None:
        self._path, self._values, self._day, self._read = path, values, day, read

    def __getitem__(self, entry: str) -> float:
        value = self._values[entry]
        self._read[f"{self._path}.{entry}"].add(self._day)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class ReadTracking(Scenario):
    """A scenario that remembers which of its entries were read, and may show some moved."""

    followed: set[str]
    """Entries of which every value by day was asked for."""
    read: dict[str, set[int | None]]
    """Entry, or path of what has none: the days whose value was asked for; None for the value of the whole run."""
    moved: Mapping[str, float]

    @classmethod
    def of(cls, scenario: Scenario) -> ReadTracking:
        """Return a watched copy."""
        watched = cls(**{each.name: getattr(scenario, each.name) for each in fields(scenario) if each.init})
        object.__setattr__(watched, "read", defaultdict(set))
        object.__setattr__(watched, "followed", set())
        object.__setattr__(watched, "moved", {})
        return watched

    def move(self, moved: Mapping[str, float]) -> ReadTracking:
        """Show the entries named multiplied, plus one, from now on, and the others as they are."""
        object.__setattr__(self, "moved", moved)
        return self

    def _shown(self, path: str, value: float) -> float:
        return value * self.moved[path] + 1 if path in self.moved else value

    def number(self, path: str, day: int | None = None) -> float:
        """Value of a number, remembered."""
        self.read[path].add(day)
        return self._shown(path, super().number(path, day))

    def timeline(self, path: str) -> Any:
        """Values of a number by day, remembered."""
        self.followed.add(path)
        self.read[path].update(super().timeline(path).days)
        return super().timeline(path)

    def table(self, path: str, day: int | None = None) -> Mapping[str, float]:
        """A table, whose entries are remembered as they are read."""
        values = {entry: self._shown(f"{path}.{entry}", value) for entry, value in super().table(path, day).items()}
        return Remembered(path, values, day, self.read)

    def numbers(self, path: str, day: int | None = None) -> tuple[float, ...]:
        """Values of a list, remembered."""
        self.read[path].add(day)
        values = super().numbers(path, day)
        return tuple(self._shown(f"{path}.{place}", value) for place, value in enumerate(values))

    def flag(self, path: str, day: int | None = None) -> bool:
        """A switch, remembered."""
        self.read[path].add(day)
        return super().flag(path, day)


def entries(scenario: Scenario) -> dict[str, list[str]]:
    """Entries of each parameter, by its path; the path itself for one that is a single number or a switch."""
    return {
        path: [f"{path}.{entry}" for entry in entries_of(leaf.timeline.values[0])] or [path]
        for path, leaf in scenario.leaves.items()
    }


def dependencies(scenario: Scenario) -> dict[str, set[str]]:
    """Fields of the records of a day (``parameters.files.lead_days``, ``means.posts``) that each entry of the scenario moves."""
    found: dict[str, set[str]] = defaultdict(set)
    watched, every = ReadTracking.of(scenario), [entry for group in entries(scenario).values() for entry in group]

    def read(moved: Mapping[str, float]) -> dict[str, Any]:
        return dict(_flat(_of_day(watched.move(moved))))

    for point in range(_POINTS):
        luck = Random(point)  # noqa: S311 (where to look, not what happens)
        start = {entry: luck.uniform(0.5, 2) for entry in every} if point else {}
        before = read(start)
        for entry in every:
            after = read({**start, entry: start.get(entry, 1.0) * 1.7})
            found[entry].update(name for name in before if before[name] != after[name])
    return found


def _of_day(scenario: Scenario) -> dict[str, Any]:
    """Records of the first day: values by name, records within records."""
    parameters = read_parameters(scenario, scenario.start_day, ADJUSTMENTS, regimes_of(ADJUSTMENTS))
    return {PARAMETERS: parameters, MEANS: vars(read_means(scenario, scenario.start_day))}


def _flat(values: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{within}{name}.")
        else:
            yield f"{within}{name}", dict(value) if isinstance(value, Mapping) else value


def _records(values: Mapping[str, Any], within: str = "") -> Iterator[str]:
    """Names of the records within a record."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield f"{within}{name}"
            yield from _records(value, f"{within}{name}.")


def read_otherwise(scenario: Scenario) -> dict[str, set[int | None]]:
    """Entries that a run reads by itself, not through the records of a day, with the days asked for."""
    watched = ReadTracking.of(scenario)
    unwatched: dict[str, Any] = {
        "read_parameters": lambda _, *rest: read_parameters(scenario, *rest),
        "read_means": lambda _, *rest: read_means(scenario, *rest),
    }
    with patch.multiple(world, **unwatched):
        run.simulate(watched, seed=1, replication=0)
    return watched.read


def read_by_measures(scenario: Scenario) -> tuple[dict[str, set[int | None]], set[str]]:
    """Entries that the indicators of a run are given, with the days asked for; and those given for every day."""
    watched = ReadTracking.of(scenario)
    context_for(watched)
    return watched.read, watched.followed


def derive() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the rules of law that a run reads, by notion, and the parameters, by who reads them.

    *First day*: a run reads them once. *Measures*: what is measured on a run reads them, on the first day measured, or for each day (*by day*).

    A table whose entries are not all read by the same is told entry by entry.
    """
    scenario, statutes = read_scenario(_SMALL, name="who reads what"), Statutes.load()
    notions = {notion: frozenset(text.rules) for notion, text in statutes.texts.items()}
    inner = frozenset(_records(_of_day(ReadTracking.of(scenario))))
    read = Fields(Reach([run.simulate, run.Trunk]), notions, inner).read
    rules = {notion: sorted(read[f"{LAW}.{notion}"]) for notion in sorted(notions) if read[f"{LAW}.{notion}"]}
    fields_read = {f"{record}.{field}" for record, those in read.items() for field in those}
    moves, otherwise, (measured, followed) = dependencies(scenario), read_otherwise(scenario), read_by_measures(scenario)
    found: dict[str, list[str]] = {"engine": [], "first day": [], "measures": [], "measures by day": [], "nobody": []}
    for path, group in entries(scenario).items():
        by: dict[str, list[str]] = {reader: [] for reader in found}
        for entry in group:
            days = otherwise.get(path, set()) | otherwise.get(entry, set())
            later = moves[entry] & fields_read or days - {None, scenario.start_day}
            # What anything reads for the whole run may not change in it, though its table is read again on other days.
            if later and None not in days and not path.startswith(_FIRST_DAY):
                by["engine"].append(entry)
            elif later or days:
                by["first day"].append(entry)
            elif entry in followed:
                by["measures by day"].append(entry)
            else:
                by["measures" if path in measured or entry in measured else "nobody"].append(entry)
        for reader, those in by.items():
            found[reader] += [path] if len(those) == len(group) else those
    return rules, found


def texts() -> dict[Path, str]:
    """Return the text of each of the two files."""
    rules, parameters = derive()
    law = [_HEAD, "engine:\n"]
    for notion, those in rules.items():
        law += [f"  {notion}:\n", *(f"    - {rule}\n" for rule in those)]
    scenario = [_HEAD]
    for reader, paths in parameters.items():
        scenario += [f"{reader}:\n", *(f"  - {path}\n" for path in paths)] if paths else [f"{reader}: []\n"]
    return {LAW_FILE: "".join(law), PARAMETERS_FILE: "".join(scenario)}


def listed() -> Iterator[str]:
    """Say of every rule of law, then of every parameter, who reads it, and what stands in a run for a rule that it does not read."""
    for rule in Statutes.load().paths():
        stand_in = readers.simulated_by(f"law.{rule}")
        yield f"law.{rule}: {readers.reader_of(f'law.{rule}')}" + (f" ({', '.join(stand_in)})" if stand_in else "")
    for path, reader in readers.parameter_readers().items():
        yield f"{path}: {reader}"


if __name__ == "__main__":
    if "--list" in sys.argv:
        print(*listed(), sep="\n")
        sys.exit()
    found = texts()
    late = [path for path, text in found.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in late:
        print(path.relative_to(_ROOT))
        if "--check" not in sys.argv:
            path.write_text(found[path], encoding="utf-8")
    sys.exit(bool(late) and "--check" in sys.argv)
