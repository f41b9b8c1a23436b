"""What one tries that a value changed on a date cannot say: behavioural levers, listed in plain sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.policies.collective_remission import CollectiveRemission
from sim.policies.population_cap import PopulationCap
from sim.policies.type_cap import TypeCap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.policies.policy import Policy

POLICIES: Mapping[str, type[Policy]] = {
    "collective_remission": CollectiveRemission,
    "population_cap": PopulationCap,
    "type_cap": TypeCap,
}
"""Behavioural levers by the name scenarios call them."""
