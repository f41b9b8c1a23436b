"""The statutes: every rule of every text, as it stands on a day, and as a scenario amends it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from sim.dates import iso
from sim.errors import LawError, suggestion
from sim.law.reading import FOLDER, read_texts
from sim.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sim.law.reading import Rule, Text, Value

_WHOLE_UNITS = frozenset({"days", "months", "years", "hours", "weeks", "times", "persons"})
_LONG_AGO = -(2**31)


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change of one rule that a scenario makes.

    With ``applies_to="new_committals"`` it concerns the persons committed from ``on_day`` on; else everyone, from
    that day.
    """

    path: str
    """Dotted name without the leading ``law.``: ``release_under_constraint.fraction_served``."""
    on_day: int
    operation: Literal["set", "scale", "add"]
    value: Value
    applies_to: Literal["everyone", "new_committals"] = "everyone"


History = Literal["earliest", "dated"]
"""What a rule answers on a day before its first date: its earliest value, or that there is no such rule.

A run takes ``earliest``: its people came from years that the texts do not reach, and a run needs a number. Who reads the law
of a day takes ``dated``: nobody may take the earliest value for that of the day.
"""


class NoSuchRuleError(LawError):
    """A rule was asked on a day before any text of it.

    Parameters
    ----------
    path
        Dotted name of the rule, without ``law.``.
    on
        The day, ISO; empty when the statutes of a day were asked.
    since
        First date of the rule, ISO.
    """

    def __init__(self, path: str, on: str, since: str) -> None:
        self.path, self.since = path, since
        super().__init__(f"law.{path}: no such rule on {on or 'that day'}; the texts date it from {since}")


class DatedTimeline(Timeline[Any]):
    """A timeline that answers nothing before its first date.

    Parameters
    ----------
    points
        Day and value, in order.
    path
        Name of the rule, for the error.
    """

    __slots__ = ("path",)

    def __init__(self, points: Sequence[tuple[int, Any]], path: str) -> None:
        super().__init__(points)
        self.path = path

    def at(self, day: int) -> Any:
        """Value in force on a day.

        Raises
        ------
        NoSuchRuleError
            If the day comes before the first date.
        """
        if day < self.days[0]:
            raise NoSuchRuleError(self.path, iso(day), iso(self.days[0]))
        return super().at(day)


class Notion:
    """The rules of one notion in force: one plain attribute a rule, read only.

    A rule whose basis is the decision is a plain value. A rule whose basis is the judgment or the committal is a
    :class:`~sim.timeline.Timeline`, to be read at that day: ``law.max_months_recidive.at(sentence.sentenced_day)``.
    A rule that no text gives on the day (``absent``, with its first date) is no attribute.
    """

    __slots__ = ("__dict__", "_absent", "_name")

    _name: str
    _absent: Mapping[str, str]

    def __init__(self, name: str, rules: Mapping[str, Any], absent: Mapping[str, str] | None = None) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_absent", absent or {})
        self.__dict__.update(rules)

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"statutes in force do not change: amend them with Statutes.amended ('{self._name}.{name}')"
        raise AttributeError(msg)

    def __getattr__(self, name: str) -> Any:
        # Called only when there is no such rule. Dunders must fail as Python expects (copy, pickle).
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._absent:
            path = f"{self._name}.{name}"
            raise NoSuchRuleError(path, "", self._absent[name])
        msg = f"law.{self._name}.{name}: no such rule.{suggestion(name, self.__dict__)}"
        raise LawError(msg)

    def __getstate__(self) -> tuple[str, dict[str, Any], dict[str, str]]:
        return self._name, dict(self.__dict__), dict(self._absent)

    def __setstate__(self, state: tuple[str, dict[str, Any], dict[str, str]]) -> None:
        object.__setattr__(self, "_name", state[0])
        self.__dict__.update(state[1])
        object.__setattr__(self, "_absent", state[2])


class StatutesInForce(Notion):
    """Everything in force on the days of one period, for the persons of one class of committals.

    One attribute a notion: ``statutes.semi_liberty.max_months``.
    """

    __slots__ = ()

    day: int
    """First day of the period."""

    def __init__(self, day: int, notions: Mapping[str, Notion]) -> None:
        super().__init__("statutes", {"day": day, **notions})


class Statutes:
    """The texts as timelines, with the amendments of a scenario.

    Use :meth:`load`, then :meth:`at` for what is in force on a day; :meth:`dated` for statutes that answer nothing on a day
    before the first date of a rule (:data:`History`).
    """

    def __init__(self, texts: Mapping[str, Text], amendments: Sequence[Amendment] = (), history: History = "earliest") -> None:
        self.texts = texts
        self.history: History = history
        self.amendments: tuple[Amendment, ...] = tuple(amendments)
        self._rules: dict[str, Rule] = {rule.path: rule for text in texts.values() for rule in text.rules.values()}
        days = {period.from_day for rule in self._rules.values() for period in rule.periods}
        days.update(amendment.on_day for amendment in self.amendments)
        self._days: tuple[int, ...] = tuple(sorted(days))
        self._classes: tuple[int, ...] = tuple(
            sorted({amendment.on_day for amendment in self.amendments if amendment.applies_to == "new_committals"})
        )
        self._by_path: dict[str, list[Amendment]] = {}
        for amendment in sorted(self.amendments, key=lambda a: a.on_day):
            self._by_path.setdefault(amendment.path, []).append(amendment)
        periods = [period for rule in self._rules.values() for period in rule.periods]
        self._facts: tuple[int, ...] = tuple(sorted({period.from_day for period in periods if period.later_facts_only}))
        self._in_force: dict[tuple[int, int, int], StatutesInForce] = {}
        self._dated: Statutes | None = self if history == "dated" else None

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Statutes:
        """Return the statutes of a folder of texts (those of the package by default), read once per process.

        Raises
        ------
        LawError
            If a text is broken.
        """
        return _load(folder)

    def amended(self, amendments: Sequence[Amendment]) -> Statutes:
        """Return these statutes with the amendments of a scenario besides those they already have.

        Turning on a pending reform (``pending_reforms.*`` set to true) makes the amendments that the reform would make.

        Raises
        ------
        LawError
            If an amendment names no rule, or gives it a value it cannot take.
        """
        if not amendments:
            return self
        made: list[Amendment] = []
        for amendment in amendments:
            self._check(amendment)
            made.append(amendment)
            if amendment.value is True:
                for path, value in self._rules[amendment.path].amends.items():
                    effect = Amendment(path, amendment.on_day, "set", value, amendment.applies_to)
                    self._check(effect)
                    made.append(effect)
        return Statutes(self.texts, (*self.amendments, *made), self.history)

    def dated(self) -> Statutes:
        """Return these statutes such that a rule asked before its first date answers that there is none on that day."""
        if self._dated is None:
            self._dated = Statutes(self.texts, self.amendments, "dated")
        return self._dated

    def at(self, day: int, committed_day: int | None = None, facts_day: int | None = None) -> StatutesInForce:
        """Return what is in force on a day, for a person committed on ``committed_day`` (that day if not given).

        ``facts_day``: day of the facts, which a harsher law must not precede (CP 112-2, 3°). Not given, they count as recent:
        every law in force binds them. The engine, whose people have no such day, is in that case.
        """
        period = bisect_right(self._days, day)
        classes = self._classes
        group = bisect_right(classes, day if committed_day is None else committed_day) if classes else 0
        epoch = len(self._facts) if facts_day is None else bisect_right(self._facts, facts_day)
        found = self._in_force.get((period, group, epoch))
        return self._build(period, group, epoch) if found is None else found

    def change_days(self) -> tuple[int, ...]:
        """Return the days on which some rule changes, in order."""
        return self._days

    def paths(self) -> tuple[str, ...]:
        """Return the dotted names of all rules, in alphabetical order."""
        return tuple(sorted(self._rules))

    def rule(self, path: str) -> Rule:
        """Return a rule with its label, unit, article and periods as the texts have it (amendments apart).

        Raises
        ------
        LawError
            If there is no such rule.
        """
        if path not in self._rules:
            self._unknown(path)
        return self._rules[path]

    def value(self, path: str, day: int, facts_day: int | None = None) -> Value:
        """Return the value of a rule for what happens on a day: decision, judgment or committal, as its basis says.

        ``facts_day``: as in :meth:`at`.

        Raises
        ------
        LawError
            If there is no such rule; :class:`NoSuchRuleError`, of statutes that are dated, if there is none on that day.
        """
        self.rule(path)
        return self._value(path, day, day, day, facts_day)

    def _unknown(self, path: str) -> NoReturn:
        hint = suggestion(path, self._rules)
        msg = f"law.{path}: no such rule of law.{hint} List them with: sortie law show"
        raise LawError(msg)

    def _value(self, path: str, basis_day: int, day: int, committed_day: int, facts_day: int | None) -> Value:
        """Value of the text at the day of its basis, then each amendment that has come into force by ``day``."""
        rule = self._rules[path]
        period = rule.in_force(basis_day, facts_day)
        if period is None and self.history == "earliest":
            period = rule.periods[0]
        amendments = [
            amendment
            for amendment in self._by_path.get(path, ())
            if amendment.on_day <= day and (amendment.applies_to == "everyone" or committed_day >= amendment.on_day)
        ]
        if period is None and not (amendments and amendments[0].operation == "set"):
            raise NoSuchRuleError(path, iso(basis_day), iso(rule.periods[0].from_day))
        value = None if period is None else period.value
        for amendment in amendments:
            value = self._apply(amendment, value)
        return value

    def _build(self, period: int, group: int, epoch: int) -> StatutesInForce:
        day = self._days[period - 1] if period else _LONG_AGO
        committed_day = self._classes[group - 1] if group else _LONG_AGO
        facts_day = None if epoch == len(self._facts) else self._facts[epoch] - 1
        notions = {}
        for text in self.texts.values():
            rules: dict[str, Any] = {}
            absent: dict[str, str] = {}
            for name, rule in text.rules.items():
                if rule.basis == "date_of_decision":
                    try:
                        rules[name] = self._value(rule.path, day, day, committed_day, facts_day)
                    except NoSuchRuleError:
                        absent[name] = iso(rule.periods[0].from_day)
                else:
                    points = [
                        (p.from_day, self._value(rule.path, p.from_day, day, committed_day, facts_day))
                        for p in rule.periods
                        if p.binds(facts_day)
                    ]
                    rules[name] = Timeline(points) if self.history == "earliest" else DatedTimeline(points, rule.path)
            notions[text.notion] = Notion(text.notion, rules, absent)
        built = self._in_force[period, group, epoch] = StatutesInForce(day, notions)
        return built

    def _check(self, amendment: Amendment) -> None:
        """Refuse an amendment that names no rule or gives it a value it cannot take."""
        path, rule = amendment.path, self.rule(amendment.path)
        if amendment.operation not in {"set", "scale", "add"}:
            msg = f"law.{path}: operation '{amendment.operation}'; expected one of: set, scale, add"
            raise LawError(msg)
        if amendment.applies_to not in {"everyone", "new_committals"}:
            msg = f"law.{path}: applies to '{amendment.applies_to}'; expected one of: everyone, new_committals"
            raise LawError(msg)
        known = [period.value for period in rule.periods if period.value is not None]
        sample = known[-1] if known else None
        number = isinstance(amendment.value, int | float) and not isinstance(amendment.value, bool)
        if amendment.operation != "set":
            if not number or not isinstance(sample, int | float) or isinstance(sample, bool):
                msg = f"law.{path}: '{amendment.operation}' wants a number; met {amendment.value!r} for {rule.unit}"
                raise LawError(msg)
        elif rule.options:
            if amendment.value not in rule.options:
                msg = f"law.{path}: {amendment.value!r} is not one of the options: {', '.join(rule.options)}"
                raise LawError(msg)
        elif amendment.value is not None and sample is not None:
            fits = isinstance(amendment.value, bool) if isinstance(sample, bool) else number
            if not fits and not isinstance(sample, str):
                wanted = "yes or no (true, false)" if isinstance(sample, bool) else "a number"
                msg = f"law.{path}: {amendment.value!r} is not {wanted}"
                raise LawError(msg)
        self._apply(amendment, rule.period_at(amendment.on_day).value)

    def _apply(self, amendment: Amendment, value: Value) -> Value:
        """Pass one value through an amendment; whole units stay whole."""
        if amendment.operation == "set":
            changed = amendment.value
        else:
            by = amendment.value
            if not isinstance(value, int | float) or not isinstance(by, int | float):
                msg = (
                    f"law.{amendment.path}: no such rule is in force on {iso(amendment.on_day)}, so it cannot be "
                    f"changed by '{amendment.operation}'; give it a value with 'set'"
                )
                raise LawError(msg)
            changed = value * by if amendment.operation == "scale" else value + by
        unit = self._rules[amendment.path].unit
        if isinstance(changed, float) and unit in _WHOLE_UNITS:
            if not changed.is_integer():
                msg = f"law.{amendment.path}: {changed:g} {unit}; expected a whole number of {unit}"
                raise LawError(msg)
            changed = int(changed)
        return changed


@cache
def _load(folder: Path) -> Statutes:
    return Statutes(read_texts(folder))
