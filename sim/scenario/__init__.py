"""What we assume: scenario files, each value with its unit, source and range, and the world made from them."""

from __future__ import annotations

from sim.scenario.loading import ScenarioCard, available_scenarios, load_scenario, read_scenario
from sim.scenario.scenario import Change, PolicyCall, Scenario
from sim.scenario.sourced import Sourced

__all__ = [
    "Change",
    "PolicyCall",
    "Scenario",
    "ScenarioCard",
    "Sourced",
    "available_scenarios",
    "load_scenario",
    "read_scenario",
]
