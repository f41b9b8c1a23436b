"""Behavioural levers: what they do, and what they refuse."""

from __future__ import annotations

import pytest

from sim.dates import parse_day
from sim.errors import ScenarioError
from sim.institutions.establishments import MA
from sim.policies import POLICIES
from sim.policies.population_cap import PopulationCap
from tests.worlds import World, run, scenario

DAY = parse_day("2023-01-02")


def density(world: World) -> float:
    """Density of remand prisons at the last census."""
    quarters = world.tables["quarters"]
    last = quarters[quarters["day"] == quarters["day"].max()]
    mine = last[world.system.system.quarters.kind[last["quarter"]] == MA]
    return (mine["remand"].sum() + mine["sentenced"].sum()) / mine["capacity"].sum()


def test_a_cap_lowers_density_and_makes_no_dry_release() -> None:
    """Above the cap people leave under supervision; nobody leaves before the day it begins, and none is left out."""
    extra = "policies:\n  - {name: population_cap, on: 2023-01-02, with: {density: 1.0, within_days: 365}}\n"
    free, capped = run(scenario(fraction=0.01)), run(scenario(extra, fraction=0.01))

    assert density(capped) < 0.9 * density(free)
    before = [t["exits"][t["exits"]["day"] < DAY].tobytes() for t in (free.tables, capped.tables)]
    assert before[0] == before[1]
    left = capped.tables["exits"]
    freed = left[(left["day"] >= DAY) & (left["heard_day"] == -1) & (left["regime"] > 0) & (left["sentenced"] == 1)]
    assert len(freed) > 50


def test_a_cap_far_above_changes_nothing() -> None:
    """A cap nobody reaches gives the same bytes."""
    extra = "policies:\n  - {name: population_cap, on: 2023-01-02, with: {density: 50}}\n"
    free, capped = run(scenario()), run(scenario(extra))

    for name, table in free.tables.items():
        assert table.tobytes() == capped.tables[name].tobytes(), name


def test_settings_are_checked() -> None:
    """An unknown setting is named with the known ones; a value must be a number."""
    with pytest.raises(ScenarioError, match=r"no setting 'densty'; known: density, within_days. Did you mean 'density'"):
        PopulationCap(DAY, {"densty": 1.2})
    with pytest.raises(ScenarioError, match="expected a number"):
        PopulationCap(DAY, {"density": "high"})


def test_names_match() -> None:
    """A lever is listed under its own name."""
    assert all(policy.name == name for name, policy in POLICIES.items())
