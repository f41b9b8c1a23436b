"""The contract of a behavioural lever: one method that acts on the system from a day on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.errors import ScenarioError, suggestion
from sim.institutions.clock import POLICIES, TEXTS, wait_until

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from numpy.typing import NDArray
    from simpy import Event

    from sim.institutions.world import World
    from sim.scenario.where import Where

_WEEK = 7


class Policy(ABC):
    """A lever that takes effect on a day.

    Parameters
    ----------
    on_day
        First day it acts.
    settings
        What the scenario sets under ``with:``; what it leaves out takes the default.
    until_day
        First day it no longer acts; None if it acts to the end of the run.
    place
        Where alone it acts; None for the whole country.

    Raises
    ------
    ScenarioError
        If a setting is unknown.
    """

    name: ClassVar[str]
    defaults: ClassVar[Mapping[str, float]] = {}

    def __init__(
        self, on_day: int, settings: Mapping[str, object], until_day: int | None = None, place: Where | None = None
    ) -> None:
        for setting in settings:
            if setting not in self.defaults:
                known = ", ".join(self.defaults) or "none"
                message = f"policies: {self.name}: with: no setting '{setting}'; known: {known}."
                raise ScenarioError(message + suggestion(setting, self.defaults))
        self.on_day = on_day
        self.until_day = until_day
        self.place = place
        for setting, value in settings.items():
            if not isinstance(value, int | float) or isinstance(value, bool):
                message = f"policies: {self.name}: with: {setting}: expected a number, met {value!r}."
                raise ScenarioError(message)
        self.settings = {**self.defaults, **{name: float(value) for name, value in settings.items()}}  # type: ignore[arg-type]

    def last_day(self, world: World) -> int:
        """Day after the last one on which it acts."""
        return world.end_day if self.until_day is None else min(world.end_day, self.until_day)

    def quarters_named(self, world: World) -> NDArray[np.bool_]:
        """Say of each quarter whether it is one of those where the lever acts, shape ``(n_quarters,)``."""
        named = np.ones(len(world.geography.quarters), dtype=bool)
        if self.place is not None:
            named[:] = False
            named[list(self.place.quarters(world.geography))] = True
        return named

    @abstractmethod
    def act(self, world: World) -> Generator[Event, None, None]:
        """Act on the world, as a SimPy process."""


class WeeklyPolicy(Policy):
    """A lever that looks at the system again every week."""

    def act(self, world: World) -> Generator[Event, None, None]:
        """Act on its first day, then week after week, until its end."""
        last = self.last_day(world)
        for day in range(max(self.on_day, world.start_day), last, _WEEK):
            yield wait_until(world, day, POLICIES)
            world.day = day
            self.act_this_week(world)
        if last < world.end_day:
            yield wait_until(world, last, TEXTS)  # in the morning: what begins that day finds nothing of it
            world.day = last
            self.end(world)

    def end(self, world: World) -> None:
        """Take back what would go on by itself after the end."""

    @abstractmethod
    def act_this_week(self, world: World) -> None:
        """Act on the system as it stands today."""
