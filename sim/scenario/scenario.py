"""The world a run is given: every value by its dotted path, the changes, and the behaviours to try."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sim.dates import iso
from sim.errors import ScenarioError, suggestion
from sim.scenario.sourced import plain_number, plain_value
from sim.scenario.values import entry_timelines, merged, shape_in_words
from sim.scenario.writing import to_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.law.statutes import Amendment
    from sim.scenario.establishments import Establishment
    from sim.scenario.geography import Geography
    from sim.scenario.schema import AppliesTo
    from sim.scenario.sourced import Sourced
    from sim.scenario.values import Operation, Value
    from sim.scenario.where import Where
    from sim.timeline import Timeline

LAW = "law."
"""Beginning of the paths that name a parameter of the law rather than of the world."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that changes on a day."""

    on_day: int
    operation: Operation
    path: str
    """Dotted path of a parameter, of one entry of a table, or of the law (``law.`` first)."""
    value: Value | str | None
    """New value for ``set`` (None: a rule of law no longer in force); factor for ``scale``; difference for ``add``."""
    unit: str | None
    applies_to: AppliesTo
    """Whom it reaches: ``everyone``, or those committed from that day on."""
    where: str = field(default="", compare=False)
    """File, line and place of the change, for messages."""
    told_only: bool = False
    """Whether it is for ``sortie law`` alone (:mod:`sim.scenario.readers`): no run is made of it."""
    until_day: int | None = None
    """Day from which the value is again what it would have been without this change; None if it never is."""
    place: Where | None = None
    """Where alone it is made; None for the whole country."""

    def plain(self) -> dict[str, Any]:
        """Return the lines of a scenario file that say the same."""
        block: dict[str, Any] = {"on": iso(self.on_day), self.operation: self.path}
        block["to" if self.operation == "set" else "by"] = plain_value(self.value)
        if self.unit is not None:
            block["unit"] = self.unit
        block["applies_to"] = self.applies_to
        if self.until_day is not None:
            block["until"] = iso(self.until_day)
        if self.place is not None:
            block["where"] = self.place.plain()
        if self.told_only:
            block["told_only"] = True
        return block


@dataclass(frozen=True, slots=True)
class PolicyCall:
    """A behaviour that begins on a day, with its settings (numbers, switches, texts, lists or tables)."""

    name: str
    on_day: int
    settings: Mapping[str, Value | str]
    until_day: int | None = None
    """First day it no longer acts; None if it acts to the end."""
    place: Where | None = None
    """Where alone it acts; None for the whole country."""

    def plain(self) -> dict[str, Any]:
        """Return the lines of a scenario file that say the same."""
        block: dict[str, Any] = {"name": self.name, "on": iso(self.on_day)}
        if self.until_day is not None:
            block["until"] = iso(self.until_day)
        if self.place is not None:
            block["where"] = self.place.plain()
        if self.settings:
            block["with"] = {name: plain_value(value) for name, value in sorted(self.settings.items())}
        return block


@dataclass(frozen=True)
class Scenario:
    """A complete world and what is changed in it. Made by :func:`~sim.scenario.load_scenario`; never modified.

    Paths are dotted (``means.probation_service.posts``); one entry of a table or list is reached the same way
    (``means.probation_service.hours.DDSE``, ``flows.season.0``).
    """

    name: str
    title: Mapping[str, str]
    """By language, ``fr`` and ``en``; so is ``question``."""
    question: Mapping[str, str] | None
    asked_by: Mapping[str, str] | None
    """Who asked for it publicly, by language."""
    source: Mapping[str, str] | None
    """``title`` and, if any, ``href`` of the document it comes from."""
    start_day: int
    measure_from_day: int
    end_day: int
    sampling_fraction: float
    policies: tuple[PolicyCall, ...]
    changes: tuple[Change, ...]
    """Every change, of the law and of the world, in order of date."""
    amendments: tuple[Amendment, ...]
    """The changes whose path begins with ``law.``, as :meth:`sim.law.statutes.Statutes.amended` takes them."""
    world: Mapping[str, Sourced] = field(repr=False)
    """The parameters before any change, by path."""
    overrides: Mapping[str, Any]
    """Values drawn for an uncertainty run, set on all dates before the changes are made."""
    leaves: Mapping[str, Sourced] = field(repr=False)
    """The parameters with the changes made, by path: those that are made everywhere."""
    local: Mapping[frozenset[Where], Mapping[str, Sourced]] = field(default_factory=dict, repr=False)
    """The parameters where some of the places that changes name all are, with the changes made there too."""
    establishments: tuple[Establishment, ...] = ()
    """Establishments that are opened, closed or resized."""
    _numbers: dict[str, Timeline[Any]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        numbers: dict[str, Timeline[Any]] = {}
        for path, leaf in self.leaves.items():
            if leaf.shape == ("number",):
                numbers[path] = leaf.timeline
            elif leaf.shape[0] != "switch":
                for entry, timeline in entry_timelines(leaf.timeline).items():
                    numbers[f"{path}.{entry}"] = timeline
        object.__setattr__(self, "_numbers", numbers)

    def number(self, path: str, day: int | None = None) -> float:
        """Value of a number, or of an entry of a table, on a day.

        Without a day the value must be the same through the whole run.

        Raises
        ------
        ScenarioError
            If there is no such number, or if no day is given although the value changes during the run: a caller
            that reads a value once would leave such a change without effect.
        """
        timeline = self._numbers.get(path)
        if timeline is None:
            raise self._no(path, "number")
        return float(timeline.at(day) if day is not None else self._steady(path, timeline))

    def timeline(self, path: str) -> Timeline[float]:
        """Values of a number, or of an entry of a table, by day; raises as :meth:`number`."""
        timeline = self._numbers.get(path)
        if timeline is None:
            raise self._no(path, "number")
        return timeline

    def table(self, path: str, day: int | None = None) -> Mapping[str, float]:
        """Values of a table on a day, by name; raises as :meth:`number`."""
        value: Mapping[str, float] = self._value(path, "table", day)
        return value

    def numbers(self, path: str, day: int | None = None) -> tuple[float, ...]:
        """Values of a list on a day; raises as :meth:`number`."""
        value: tuple[float, ...] = self._value(path, "list", day)
        return value

    def flag(self, path: str, day: int | None = None) -> bool:
        """Whether a switch is on, on a day; raises as :meth:`number`."""
        return bool(self._value(path, "switch", day))

    def parameters(self) -> Mapping[str, Sourced]:
        """Every parameter with the changes made, by path, sorted."""
        return self.leaves

    def at(self, named: frozenset[Where]) -> Scenario:
        """Return the scenario as it stands where all of these places are, and no other that a change names."""
        if named not in self.local:
            return self
        same = {each.name: getattr(self, each.name) for each in fields(Scenario) if each.init}
        return Scenario(**{**same, "leaves": self.local[named], "local": {}})

    def there(self, place: Where | None) -> Scenario:
        """Return the scenario as it stands in one of the places that its changes name; itself for the country."""
        return self if place is None else self.at(min((each for each in self.local if place in each), key=len))

    def geography(self) -> Geography:
        """Return the prisons there are, with those the scenario opens, closes or resizes."""
        from sim.scenario.establishments import geography_of  # noqa: PLC0415 (a table read from disk, for those who ask)

        return geography_of(self.establishments)

    def places_named(self) -> tuple[Where, ...]:
        """Places that changes name, in the order of the changes."""
        return tuple(dict.fromkeys(change.place for change in self.changes if change.place is not None))

    def moves(self, path: str) -> bool:
        """Whether a parameter, or an entry of a table, changes after the first day of the run."""
        timeline = self.leaves[path].timeline if path in self.leaves else self._numbers.get(path)
        if timeline is None:
            raise self._no(path, "number")
        return any(self.start_day < day <= self.end_day for day in timeline.days[1:])

    def resolved(self) -> dict[str, Any]:
        """Return everything as plain data (JSON and YAML types, dates as ISO texts), keys sorted.

        ``parameters`` are nested as in the file, with the changes made; ``changes`` holds those of the law only, which
        the texts of :mod:`sim.law` receive.
        """
        plain: dict[str, Any] = {
            "end": iso(self.end_day),
            "law": [change.plain() for change in self._law_changes()],
            "measure_from": iso(self.measure_from_day),
            "name": self.name,
            "parameters": nested({path: leaf.plain() for path, leaf in sorted(self.leaves.items())}),
            "policies": [call.plain() for call in self.policies],
            "sampling_fraction": plain_number(self.sampling_fraction),
            "start": iso(self.start_day),
        }
        if self.local:
            plain["somewhere"] = [change.plain() for change in self.changes if change.place is not None]
        if self.establishments:
            plain["establishments"] = [each.plain() for each in self.establishments]
        plain.update(self._words())
        return dict(sorted(plain.items()))

    def to_yaml(self) -> str:
        """Return a complete scenario file (it extends nothing) that loads as an equal scenario.

        It keeps the world as it was before the changes, and the changes after it, so that it can still be told what a
        policy does.
        """
        plain: dict[str, Any] = {"name": self.name}
        plain.update(self._words())
        plain.update(
            start=iso(self.start_day),
            measure_from=iso(self.measure_from_day),
            end=iso(self.end_day),
            sampling_fraction=plain_number(self.sampling_fraction),
        )
        if self.overrides:
            plain["overrides"] = {path: self.overrides[path] for path in sorted(self.overrides)}
        plain["policies"] = [call.plain() for call in self.policies]
        plain["changes"] = [change.plain() for change in self.changes]
        if self.establishments:
            plain["establishments"] = [each.plain() for each in self.establishments]
        plain["parameters"] = nested({path: leaf.plain() for path, leaf in sorted(self.world.items())})
        return to_text(plain)

    def digest(self) -> str:
        """Return the SHA-256 (64 hexadecimal digits) of all that can move a result.

        Dates, fraction, values with their ranges, changes of the law, policies: not the names, titles, sources and
        notes. Two files that describe one world in two ways have one digest.
        """
        values = {
            path: [
                [[day if position else None, plain_value(value)] for position, (day, value) in enumerate(points)],
                leaf.unit,
                leaf.range,
                leaf.range_is,
            ]
            for path, leaf in self.leaves.items()
            for points in [list(zip(merged(leaf.timeline).days, merged(leaf.timeline).values, strict=True))]
        }
        law = [[c.path, c.on_day, c.operation, plain_value(c.value), c.applies_to] for c in self._law_changes()]
        content = {
            "days": [self.start_day, self.measure_from_day, self.end_day],
            "sampling_fraction": self.sampling_fraction,
            "values": values,
            "law": sorted(law, key=lambda row: (row[1], row[0])),
            "policies": [call.plain() for call in self.policies],
        }
        if self.establishments:
            content["establishments"] = [each.plain() for each in self.establishments]
        if self.local:  # what is changed somewhere hangs on the order of all changes of its value
            content["somewhere"] = [change.plain() for change in self.changes if not change.path.startswith(LAW)]
        return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def _law_changes(self) -> list[Change]:
        return [change for change in self.changes if change.path.startswith(LAW)]

    def _words(self) -> dict[str, Any]:
        words = {"title": self.title, "question": self.question, "asked_by": self.asked_by, "source": self.source}
        return {key: dict(v) if isinstance(v, dict) else v for key, v in words.items() if v is not None}

    def _value(self, path: str, sort: str, day: int | None) -> Any:
        leaf = self.leaves.get(path)
        if leaf is None or leaf.shape[0] != sort:
            raise self._no(path, sort)
        return leaf.timeline.at(day) if day is not None else self._steady(path, leaf.timeline)

    def _steady(self, path: str, timeline: Timeline[Any]) -> Any:
        if len(timeline.days) > 1:
            # An entry of a table has a day wherever any entry changes: only its own values count.
            first = timeline.at(self.start_day)
            moving = [day for day in timeline.days[1:] if self.start_day < day <= self.end_day and timeline.at(day) != first]
            if moving:
                msg = (
                    f"scenario '{self.name}': '{path}' changes on {', '.join(iso(day) for day in moving[:3])}, but"
                    " it is read once for the whole run: that change would have no effect."
                    " Let it change on the first day of the run, or ask for the value of a day"
                )
                raise ScenarioError(msg)
        return timeline.at(self.start_day)

    def _no(self, path: str, sort: str) -> ScenarioError:
        leaf = self.leaves.get(path)
        wanted = {"number": "a number", "table": "a table", "list": "a list", "switch": "true or false"}[sort]
        if leaf is not None:
            entries = f"; one of its entries is '{path}.{leaf.shape[1]}'" if leaf.shape[0] == "table" else ""
            return ScenarioError(
                f"scenario '{self.name}': '{path}' was asked for as {wanted}, but it is {shape_in_words(leaf.shape)}{entries}"
            )
        known = [*self.leaves, *self._numbers]
        return ScenarioError(
            f"scenario '{self.name}': no parameter '{path}' ({wanted}).{suggestion(path, known)}"
            " List them with: sortie show baseline"
        )


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tree of a mapping whose keys are dotted paths."""
    tree: dict[str, Any] = {}
    for path, value in flat.items():
        *groups, last = path.split(".")
        branch = tree
        for group in groups:
            branch = branch.setdefault(group, {})
        branch[last] = value
    return tree
