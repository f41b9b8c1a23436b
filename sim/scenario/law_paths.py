"""Changes of the law, checked against the texts of :mod:`sim.law` and handed to them as amendments.

The texts are read only when a scenario changes one of them: the reference world loads without.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.dates import iso
from sim.errors import LawError, suggestion
from sim.scenario.document import shown
from sim.scenario.numerals import percent_meant
from sim.scenario.readers import unread_rule, way_out
from sim.scenario.slips import thousands_meant
from sim.scenario.values import impossible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sim.law.statutes import Amendment, Statutes
    from sim.scenario.changing import Located
    from sim.scenario.scenario import Change

_PREFIX = len("law.")
_BEYOND = 1e300
"""More than any rule can say."""
MOST_CHANGES = 500
"""Most changes of the law of one scenario: each makes a state of the law that a run keeps."""


@lru_cache(maxsize=1)
def _statutes() -> Statutes:
    from sim.law.statutes import Statutes  # noqa: PLC0415  (reading the texts costs more than a whole scenario)

    return Statutes.load()


def check_law_change(item: Located) -> None:
    """Check one change of the law against the texts: the rule exists, in that unit, and can take the value.

    Raises
    ------
    ScenarioError
        If not.
    """
    change = item.change
    path = change.path[_PREFIX:]
    known = _statutes().paths()
    if path not in known:
        close = suggestion(change.path, [f"law.{name}" for name in known])
        message = f"no rule '{change.path}' in the texts.{close} List them with: sortie law show"
        raise item.error(message, change.operation)
    unit = _statutes().rule(path).unit
    if change.unit is not None and change.unit != unit:
        message = f"met {shown(change.unit)}, but '{change.path}' is in {shown(unit)}: write the value in that unit"
        raise item.error(message, "unit")
    if isinstance(change.value, tuple | dict):
        message = f"a rule of law takes a number, true or false, or a word; met {shown(change.value)}"
        raise item.error(message, "to")
    question = thousands_meant(item.document, (*item.place, "to"), unit)
    if question is not None:
        raise item.error(question, "to")
    guess = percent_meant(change.value)
    if guess and unit == "share":
        message = f"expected a number, as '{change.path}' is, met {shown(change.value)}{guess}"
        raise item.error(message, "to")


def check_rule_read(item: Located, *, law_alone: bool) -> None:
    """Refuse a change of the law that no run would show, unless it is for ``sortie law`` alone and ``sortie law`` asks.

    Raises
    ------
    ScenarioError
        If so, with what would simulate it; and for a change that is for ``sortie law`` alone, asked for by anything else.
    """
    change = item.change
    if change.told_only and law_alone:
        return
    reason = unread_rule(change.path, change.value, _statutes().rule(change.path[_PREFIX:]).amends)
    if change.told_only:
        way = "Take 'told_only' out to simulate it" if reason is None else way_out(change.path)
        message = (
            f"'{change.path}' is changed for 'sortie law' alone (told_only): no run is made of it. {way}."
            f" Read it with: sortie law show --scenario {item.document.label}"
        )
        raise item.error(message, change.operation)
    if reason is not None:
        message = f"{reason}. With 'told_only: true' the change is for 'sortie law' alone"
        raise item.error(message, change.operation)


def amendments(changes: Sequence[Located]) -> tuple[Amendment, ...]:
    """Return the changes of the law, in order of date, as :meth:`sim.law.statutes.Statutes.amended` takes them.

    Raises
    ------
    ScenarioError
        If a rule cannot take its value, told at the change that gives it.
    """
    if len(changes) > MOST_CHANGES:
        message = f"met {len(changes):,} changes of the law, {MOST_CHANGES} at most: a text is not amended every day"
        raise changes[MOST_CHANGES].error(message, changes[MOST_CHANGES].change.operation)
    made = tuple(_amendment(item.change) for item in changes)
    for item, amendment in zip(changes, made, strict=True):
        with _told_at(item):
            _statutes().amended([amendment])
    if not made:
        return made
    amended = _statutes().amended(made)
    for position, (item, amendment) in enumerate(zip(changes, made, strict=True)):
        rule, day = _statutes().rule(amendment.path), amendment.on_day
        later = {period.from_day for period in rule.periods if period.from_day > day}
        until = next((other.on_day for other in made[position + 1 :] if other.path == amendment.path), None)
        for at in (day, *sorted(later)):
            if until is not None and at >= until and at > day:
                break
            with _told_at(item):
                value = amended.value(amendment.path, at)
            if isinstance(value, bool) or not isinstance(value, int | float):
                continue
            # A whole number may have more digits than a float holds.
            reason = impossible(float(max(-_BEYOND, min(value, _BEYOND))), rule.unit) or ("negative" if value < 0 else None)
            if reason is not None:
                message = f"from {iso(at)} on, makes '{item.change.path}' {reason}"
                raise item.error(message, _key(item))
    return made


def _key(item: Located) -> str:
    return "to" if item.change.operation == "set" else "by"


@contextmanager
def _told_at(item: Located) -> Iterator[None]:
    """Tell an error of the law at the change that makes it."""
    try:
        yield
    except LawError as problem:
        raise item.error(str(problem), _key(item)) from problem


def _amendment(change: Change) -> Amendment:
    from sim.law.statutes import Amendment  # noqa: PLC0415  (see above)

    value = change.value
    assert not isinstance(value, tuple | dict)
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # the texts hold whole days and months as integers
    return Amendment(change.path[_PREFIX:], change.on_day, change.operation, value, change.applies_to)


def law_change_moves(change: Change, earlier: Sequence[Change]) -> bool:
    """Whether a change of the law moves the rule on some day, for somebody.

    A rule that is already so on the day of the change may still move: a later text would have changed it again; one read at
    the judgment or the committal also changes for those judged, or committed, at other dates.
    """
    path, day = change.path[_PREFIX:], change.on_day
    before = _statutes().amended([_amendment(item) for item in earlier])
    after = before.amended([_amendment(change)])
    rule = _statutes().rule(path)
    if rule.basis != "date_of_decision":
        notion, name = path.split(".")
        told = [getattr(getattr(law.at(day), notion), name).values for law in (before, after)]
        return bool(told[0] != told[1])
    days = [day, *(period.from_day for period in rule.periods if period.from_day > day)]
    return any(before.value(path, on) != after.value(path, on) for on in days)


def law_source(change: Change) -> tuple[str, str, str]:
    """Return the article, the title of the reference and the grade of the rule a change reaches, on the day before it."""
    rule = _statutes().rule(change.path[_PREFIX:])
    period = rule.period_at(max(change.on_day - 1, rule.periods[0].from_day))
    return period.article, period.reference.title, period.quality


def law_change_told(change: Change, earlier: Sequence[Change]) -> tuple[Mapping[str, str], str, Any, Any]:
    """Return the label (notion · rule), the unit, and the value before and after, of the rule a change reaches.

    ``earlier`` holds the changes of the law made before this one.
    """
    path = change.path[_PREFIX:]
    before = _statutes().amended([_amendment(item) for item in earlier])
    after = before.amended([_amendment(change)])
    rule = _statutes().rule(path)
    title = _statutes().texts[path.partition(".")[0]].title
    label = {language: f"{title[language]} · {name}" for language, name in rule.label.items()}
    return label, rule.unit, before.value(path, change.on_day), after.value(path, change.on_day)
