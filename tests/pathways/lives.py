"""Lives of a few people, lived day by day through the engine's own steps, without a compiler."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import NEVER
from sim.institutions.prisons import QuarterKind
from sim.institutions.state import TABLES
from sim.institutions.world import World
from sim.law import Amendment
from sim.pathways.application import weekly_plan
from sim.pathways.hearing import hold_sitting
from sim.pathways.measure import serve_next
from sim.pathways.stay import commit
from sim.population.attributes import Stream
from sim.population.person import ATTRIBUTES, PERSON
from sim.population.risk import sampled_returns
from sim.randomness import Draws
from sim.records.codes import Status
from sim.records.tables import Records
from sim.simulation.processes import apply_morning
from sim.simulation.run import codebook, geography
from tests.worlds import scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.institutions.state import State

_AGE_DAYS = 30 * 365


@dataclass
class Small:
    """One establishment, its office and its court, and the people committed there today."""

    world: World
    state: State
    slots: Any
    site: int

    @property
    def people(self) -> Any:
        """Rows of the people."""
        people: Any = self.state.people
        return people[self.slots]

    def live(self, days: int) -> None:
        """Live so many days, or until everybody is free: what falls due, the plan of the office, a sitting, and the places."""
        state = self.state
        nation: Any = state.nation
        for _ in range(days):
            if (self.people["status"] == Status.AT_LIBERTY).all():
                return
            apply_morning(state)
            weekly_plan(state.offices[self.site], state)
            hold_sitting(state.courts[self.site], state)
            for pool in state.pools:
                serve_next(pool, state)
            nation.day += 1

    @property
    def exits(self) -> Any:
        """Exits from detention so far."""
        return self.rows("exits")

    def rows(self, table: str) -> Any:
        """Rows written so far to a table of the records."""
        tables: Any = self.state
        return getattr(tables, table)[: tables.written[TABLES.index(table)]]


def prison(
    number: int,
    overrides: Mapping[str, Any],
    facts: Mapping[str, Any],
    start: str = "2023-02-01",
    law: Mapping[str, Any] | None = None,
) -> Small:
    """Commit so many people to serve a sentence for a délit in one *maison d'arrêt*; ``facts`` say who they are.

    Lodged, of age, willing, without a child, with an activity and a score of zero, unless ``facts`` say otherwise. ``law``:
    rules of law that have another value, by path.
    """
    places = geography()
    spec = scenario(overrides=overrides, start=start, end="2028-01-01", fraction=1)
    draws = Draws(1, 0)
    world = World(spec, draws, Records(codebook(places), keep_events=False), places, sampled_returns(spec))
    home = next(quarter for quarter in places.quarters if quarter.kind == QuarterKind.MA and quarter.base_detainees > 200)
    ids = np.arange(number)
    drawn = {name: np.zeros(number, dtype=PERSON[name]) for name in ATTRIBUTES}
    drawn["luck"] = draws.luck(ids)
    drawn["birth_day"][:] = world.day - _AGE_DAYS
    drawn["consents"][:] = drawn["convicted"][:] = True
    drawn["child_born_day"][:] = NEVER
    drawn["home_quarter"][:] = home.index
    drawn["total_months"][:] = 16
    for name, value in facts.items():
        drawn[name][:] = value
    slots = world.allocate(ids, np.full(number, Stream.SENTENCED), drawn)
    world.ensure_capacity(number)
    amended = [Amendment(path, 0, "set", value) for path, value in (law or {}).items()]
    state = world.state._replace(laws=[world.statutes.amended(amended).at(world.day)])
    for slot in slots:
        commit(state.people[slot], state)
    return Small(world, state, slots, home.site)
