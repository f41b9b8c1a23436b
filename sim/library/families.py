"""The family of a scenario, by what it changes: a library of many is read family by family."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sim.scenario.scenario import LAW

if TYPE_CHECKING:
    from sim.scenario import Scenario

FAMILIES = ("means", "places", "law", "practices", "entries", "other")
"""In the order in which they are shown."""

_BEGINNINGS = {
    LAW: "law",
    "means.placements.": "places",
    "means.establishments.": "places",
    "means.": "means",
    "practices.": "practices",
    "flows.": "entries",
    "population.": "entries",
}
_BEHAVIOURS = {"collective_remission": "law"}
_FIRST = ("law", "places", "means", "practices", "entries", "other")
"""Of two families of which as much is changed, the one that names the scenario."""


def family_of(scenario: Scenario) -> str:
    """Family of which a scenario changes most; a cap on density or on a form of measure counts among places."""
    counted = Counter(_family(change.path) for change in scenario.changes)
    counted.update(_BEHAVIOURS.get(call.name, "places") for call in scenario.policies)
    counted.update("places" for _ in scenario.establishments)
    if not +counted:
        return "other"
    return min(counted, key=lambda family: (-counted[family], _FIRST.index(family)))


def _family(path: str) -> str:
    return next((family for beginning, family in _BEGINNINGS.items() if path.startswith(beginning)), "other")
