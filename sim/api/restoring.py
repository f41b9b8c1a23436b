"""A change that ends: what gives a value back, on the day it ends, to what it would have been."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.dates import iso
from sim.errors import LawError, ScenarioError
from sim.law.statutes import Statutes
from sim.scenario.changing import locate
from sim.scenario.scenario import LAW
from sim.scenario.sourced import plain_value
from sim.scenario.values import entries_of

if TYPE_CHECKING:
    from sim.scenario import Scenario


def restoring(scenario: Scenario, path: str, until: int) -> list[dict[str, Any]]:
    """Return the lines of a scenario file that give a value back to what it is in a scenario, from a day on.

    A change goes through every later value of the world or the texts, so it is undone at ``until`` and again on each later day
    for which they have another one. Later changes of the scenario itself then find the value they would have found.

    Parameters
    ----------
    scenario
        The scenario without the change.
    path
        A parameter, an entry of one, or a rule of law (``law.…``).

    Raises
    ------
    LawError, ScenarioError
        If there is no such value, or giving it back could not be exact.
    """
    points = _of_law(scenario, path[len(LAW) :], until) if path.startswith(LAW) else _of_world(scenario, path, until)
    points = [(day, value) for day, value in points if day == until or day <= scenario.end_day]
    for change in scenario.changes:
        if change.on_day in {day for day, _ in points} and _of_one(change.path, path):
            msg = (
                f"'{path}': the scenario changes '{change.path}' on {iso(change.on_day)} itself, a day on which the value would"
                " have to be given back. Leave until out, or write the changes one by one."
            )
            raise ScenarioError(msg)
    return [{"on": iso(day), "set": path, "to": value} for day, value in points]


def _of_one(one: str, other: str) -> bool:
    """Whether two paths are of one value, or of a table and one of its entries."""
    return one == other or one.startswith(other + ".") or other.startswith(one + ".")


def _of_world(scenario: Scenario, path: str, until: int) -> list[tuple[int, Any]]:
    parameter, entry = locate(scenario.leaves, path, ScenarioError)
    timeline = scenario.leaves[parameter].timeline
    days = [until, *(day for day, _ in scenario.world[parameter].timeline.changes_after(until))]
    values = [(day, timeline.at(day)) for day in days]
    return [(day, plain_value(value if entry is None else entries_of(value)[entry])) for day, value in values]


def _of_law(scenario: Scenario, path: str, until: int) -> list[tuple[int, Any]]:
    statutes = Statutes.load().amended(scenario.amendments)
    rule = statutes.rule(path)
    if rule.basis != "date_of_decision" and len(rule.periods) > 1:
        what = rule.basis.removeprefix("date_of_").replace("ecrou", "committal")
        msg = (
            f"law.{path}: its value depends on the date of the {what}, and the one given back on {iso(until)} would reach"
            " those of every date. Leave until out, or write the changes one by one."
        )
        raise LawError(msg)
    later = sorted(period.from_day for period in rule.periods if period.from_day > until)
    return [(day, statutes.value(path, day)) for day in [until, *later]]
