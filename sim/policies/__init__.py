"""What one tries that a value changed on a date cannot say: behavioural levers, listed in plain sight."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.policies.policy import Policy


class _Policies(Mapping[str, "type[Policy]"]):
    """Behavioural levers by the name scenarios call them, each in the module of that name.

    A module is imported when its lever is asked for: it brings the engine along (0.6 s), and to read a scenario takes names.
    """

    def __init__(self, classes: Mapping[str, str]) -> None:
        self._classes = classes

    def __getitem__(self, name: str) -> type[Policy]:
        class_name = self._classes[name]  # before the module: another name is a KeyError
        policy: type[Policy] = getattr(import_module(f"sim.policies.{name}"), class_name)
        return policy

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    def __len__(self) -> int:
        return len(self._classes)


POLICIES = _Policies(
    {
        "collective_remission": "CollectiveRemission",
        "population_cap": "PopulationCap",
        "type_cap": "TypeCap",
    }
)
"""Behavioural levers by the name scenarios call them."""
