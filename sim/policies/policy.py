"""The contract of a behavioural lever: one method that acts on the system from a day on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from sim.errors import ScenarioError, suggestion
from sim.institutions.clock import POLICIES, wait_until

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from simpy import Event

    from sim.institutions.world import World

_WEEK = 7


class Policy(ABC):
    """A lever that takes effect on a day.

    Parameters
    ----------
    on_day
        First day it acts.
    settings
        What the scenario sets under ``with:``; what it leaves out takes the default.

    Raises
    ------
    ScenarioError
        If a setting is unknown.
    """

    name: ClassVar[str]
    defaults: ClassVar[Mapping[str, float]] = {}

    def __init__(self, on_day: int, settings: Mapping[str, object]) -> None:
        for setting in settings:
            if setting not in self.defaults:
                known = ", ".join(self.defaults) or "none"
                message = f"policies: {self.name}: with: no setting '{setting}'; known: {known}."
                raise ScenarioError(message + suggestion(setting, self.defaults))
        self.on_day = on_day
        for setting, value in settings.items():
            if not isinstance(value, int | float) or isinstance(value, bool):
                message = f"policies: {self.name}: with: {setting}: expected a number, met {value!r}."
                raise ScenarioError(message)
        self.settings = {**self.defaults, **{name: float(value) for name, value in settings.items()}}  # type: ignore[arg-type]

    @abstractmethod
    def act(self, world: World) -> Generator[Event, None, None]:
        """Act on the world, as a SimPy process."""


class WeeklyPolicy(Policy):
    """A lever that looks at the system again every week."""

    def act(self, world: World) -> Generator[Event, None, None]:
        """Act on its first day, then week after week."""
        for day in range(max(self.on_day, world.start_day), world.end_day, _WEEK):
            yield wait_until(world, day, POLICIES)
            world.day = day
            self.act_this_week(world)

    @abstractmethod
    def act_this_week(self, world: World) -> None:
        """Act on the system as it stands today."""
