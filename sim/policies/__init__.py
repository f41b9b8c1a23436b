"""What one tries that a value changed on a date cannot say: behavioural levers, listed in plain sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.policies.population_cap import PopulationCap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.policies.policy import Policy

POLICIES: Mapping[str, type[Policy]] = {
    "population_cap": PopulationCap,
}
"""Behavioural levers by the name scenarios call them."""
