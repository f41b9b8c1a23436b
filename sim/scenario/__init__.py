"""What we assume: scenario files, each value with its unit, source and range, and the world made from them."""

from __future__ import annotations

from sim.scenario.checking import Finding, Hypothesis, Report, check
from sim.scenario.describe import SourceRow, describe, source_table
from sim.scenario.effects_of_changes import ChangeTold, changes_told
from sim.scenario.loading import ScenarioCard, available_scenarios, lines_of_mix, load_scenario, read_scenario
from sim.scenario.observed import observed_file
from sim.scenario.scenario import Change, PolicyCall, Scenario
from sim.scenario.sourced import Sourced

__all__ = [
    "Change",
    "ChangeTold",
    "Finding",
    "Hypothesis",
    "PolicyCall",
    "Report",
    "Scenario",
    "ScenarioCard",
    "SourceRow",
    "Sourced",
    "available_scenarios",
    "changes_told",
    "check",
    "describe",
    "lines_of_mix",
    "load_scenario",
    "observed_file",
    "read_scenario",
    "source_table",
]
