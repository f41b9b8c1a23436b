"""Small real worlds: the frozen world at a small fraction and a short horizon, with what a test changes.

A new fit of the baseline moves none of them (``world_fixed.yaml``). Tests of the baseline itself, whether what it says of a
country holds together, ask for it by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.institutions.world import World
from sim.population.person import ATTRIBUTES, PERSON
from sim.population.risk import sampled_returns
from sim.randomness import Draws
from sim.records.tables import Records
from sim.scenario import Scenario, read_scenario
from sim.simulation.run import assemble, codebook, geography, paused_garbage_collection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.institutions.state import State

WORLD = Path(__file__).with_name("world_fixed.yaml")
BASELINE = "baseline.yaml"
HEADER = """extends: {world}
title: {{fr: Petit monde, en: Small world}}
question: {{fr: essai, en: test}}
start: {start}
measure_from: {start}
end: {end}
sampling_fraction: {fraction}
"""


@dataclass(repr=False)
class FinishedRun:
    """A run that is over."""

    scenario: Scenario
    world: World
    tables: dict[str, NDArray[Any]]

    def __repr__(self) -> str:
        """Say what was moved in it, in a line: the tables would take minutes to write."""
        return f"<a run of {dict(self.scenario.overrides)}, seed {self.world.draws.seed}>"

    @property
    def state(self) -> State:
        """Its tables as they stand at the end."""
        return self.world.state

    @property
    def people(self) -> Any:
        """Rows of the people something may still happen to."""
        people: Any = self.world.state.people
        return people[people.id >= 0]


def scenario(
    extra: str = "",
    overrides: Mapping[str, Any] | None = None,
    *,
    start: str = "2022-01-01",
    end: str = "2024-01-01",
    fraction: float = 0.005,
    world: str | Path = WORLD,
) -> Scenario:
    """Return a small world's scenario: a header on the frozen world or another, then ``extra`` lines of YAML."""
    text = HEADER.format(world=world, start=start, end=end, fraction=fraction) + extra
    return read_scenario(text, name="small", overrides=overrides or {})


def run(scenario: Scenario, seed: int = 1, replication: int = 0, *, keep_events: bool = False) -> FinishedRun:
    """Run it to the end."""
    with paused_garbage_collection():
        world = assemble(scenario, seed=seed, replication=replication, keep_events=keep_events)
        world.env.run()
    return FinishedRun(scenario, world, {name: table.array() for name, table in world.records.tables.items()})


def bare_system(people: int) -> tuple[State, Any]:
    """Return the tables of a system nobody is in, and the rows of so many people who stand in its first establishment."""
    chosen = scenario()
    world = World(chosen, Draws(1, 0), Records(codebook(geography())), geography(), sampled_returns(chosen))
    ids = np.arange(people)
    offices: Any = world.state.offices
    offices.capacity[:] = np.maximum(offices.capacity, people)  # each of them may have a file open anywhere
    attributes = {name: np.zeros(people, dtype=PERSON[name]) for name in ATTRIBUTES}
    slots = world.allocate(ids, ids * 0, attributes)
    rows: Any = world.state.people
    rows.site[slots] = rows.quarter[slots] = 0
    return world.state, rows[slots[0] : slots[-1] + 1]


@lru_cache(maxsize=1)
def small() -> FinishedRun:
    """Return the one small world most tests look at: some 430 people in prison over two years, events kept."""
    return run(scenario(), keep_events=True)
