"""One replication: assemble the world, pause the collector, run, hand over the tables."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.engine.compile import compile_entries
from sim.institutions.prisons import KINDS, home_shares
from sim.institutions.world import World
from sim.law.adjustments import ADJUSTMENTS, regimes_of
from sim.law.statutes import Statutes
from sim.pathways.intake import Intake
from sim.policies import POLICIES
from sim.population.attributes import STREAMS
from sim.population.entrants import Entrants
from sim.population.risk import sampled_returns
from sim.randomness import Draws
from sim.records.tables import Codebook, Records
from sim.scenario import load_scenario
from sim.scenario.geography import published_geography
from sim.simulation.processes import start_processes, texts
from sim.simulation.queue_census import watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.institutions.prisons import Geography
    from sim.institutions.state import State
    from sim.scenario import Scenario


@contextmanager
def paused_garbage_collection() -> Iterator[None]:
    """Pause Python's collector of reference cycles: a run makes none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def geography(scenario: Scenario | None = None) -> Geography:
    """Return the packaged table of quarters, with those a scenario opens, closes or resizes."""
    return published_geography() if scenario is None else scenario.geography()


def codebook(places: Geography) -> Codebook:
    """Names behind the codes of a run's tables."""
    return Codebook(
        streams=STREAMS,
        adjustments=tuple(adjustment.code for adjustment in ADJUSTMENTS),
        regimes=tuple(regime.code for regime in regimes_of(ADJUSTMENTS)),
        kinds=KINDS,
        interregions=places.interregions,
        sites=places.sites,
        site_ids=places.site_ids,
        site_interregion=places.site_interregion,
        quarters=tuple(quarter.name for quarter in places.quarters),
        quarter_kind=tuple(quarter.kind for quarter in places.quarters),
        quarter_site=tuple(quarter.site for quarter in places.quarters),
    )


def change_days(scenario: Scenario) -> list[int]:
    """Days of the run on which a text, a means or a practice changes, or places open."""
    days = set(Statutes.load().amended(scenario.amendments).change_days())
    for there in (scenario, *(scenario.at(named) for named in scenario.local)):
        for parameter in there.parameters().values():
            days.update(parameter.timeline.days)
        days.update(recruits_arrive(there))
    for quarter in geography().quarters:
        days.update(quarter.places.days)
    for each in scenario.establishments:
        days.update(each.days())
    return sorted(day for day in days if scenario.start_day < day <= scenario.end_day)


def recruits_arrive(scenario: Scenario) -> set[int]:
    """Days on which recruits are in post: a training after the day they were hired."""
    service = "means.probation_service"
    hired = (scenario.parameters()[f"{service}.{name}"] for name in ("vacancies_filled", "target_reached"))
    trained = scenario.parameters()[f"{service}.training_days"].timeline
    lengths = [int(scenario.number(f"{service}.training_days", day)) for day in trained.days]
    return {day + length for recruits in hired for day in recruits.timeline.days for length in lengths}


def assemble(
    scenario: Scenario,
    *,
    seed: int,
    replication: int,
    keep_events: bool = False,
    on_month: Callable[[int], None] | None = None,
) -> World:
    """Build the system of one replication on its first day, every process started."""
    world, _ = _first_day(scenario, seed, replication, on_month, change_days(scenario), keep_events=keep_events)
    for call in scenario.policies:
        world.env.process(POLICIES[call.name](call.on_day, call.settings, call.until_day, call.place).act(world))
    return world


def _first_day(
    scenario: Scenario,
    seed: int,
    replication: int,
    on_month: Callable[[int], None] | None,
    days: list[int],
    *,
    keep_events: bool,
) -> tuple[World, Entrants]:
    """Build the system on its first day, every process started but the policies; ``days`` are those new texts come on."""
    places = geography(scenario)
    draws = Draws(seed, replication)
    records = Records(codebook(places), keep_events=keep_events)
    world = World(scenario, draws, records, places, sampled_returns(scenario))
    entrants = Entrants(scenario, draws, home_shares(places))
    intake = Intake(world, entrants)
    intake.open_stock()
    start_processes(world, intake, days, on_month)
    world.env.process(watch(world))
    return world, entrants


def compile_engine(tell: Callable[[int, int], None]) -> None:
    """Compile all that runs call, whatever the scenario; ``tell`` is told how many functions are compiled, of how many."""

    def tables() -> State:
        scenario, places = load_scenario("baseline"), geography()
        records = Records(codebook(places), keep_events=False)
        return World(scenario, Draws(seed=1, replication=0), records, places, sampled_returns(scenario)).state

    tuple(POLICIES.values())  # what their modules declare is compiled too
    compile_entries(tables, tell)


class Trunk:
    """A run advanced up to the day on which scenarios part, which then goes on under one of them.

    That scenario must say the same about every day already simulated.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        replication: int,
        *,
        keep_events: bool = False,
        on_month: Callable[[int], None] | None = None,
    ) -> None:
        self.world, self.entrants = _first_day(scenario, seed, replication, on_month, [], keep_events=keep_events)
        self.day_reached = scenario.start_day

    def advance_to(self, day: int) -> None:
        """Live every day before ``day``."""
        if day > self.day_reached:
            self._begin_changes(day)
            self.world.env.run(until=day)
            self.day_reached = day

    def branch(self, scenario: Scenario) -> Records:
        """Live the rest under a scenario that says the same about every day lived so far; the run is then over."""
        self.world.switch_scenario(scenario)
        self.entrants.scenario = scenario
        self._begin_changes(scenario.end_day + 1)
        self.world.env.run()
        return self.world.records

    def _begin_changes(self, before: int) -> None:
        """Begin what takes effect from the day reached on and before another: texts, and policies."""
        world, scenario = self.world, self.world.scenario
        days = [day for day in change_days(scenario) if self.day_reached <= day < before]
        world.env.process(texts(world, days))
        for call in scenario.policies:
            if self.day_reached <= call.on_day < before:
                world.env.process(POLICIES[call.name](call.on_day, call.settings, call.until_day, call.place).act(world))


def simulate(
    scenario: Scenario,
    *,
    seed: int,
    replication: int,
    keep_events: bool = False,
    on_month: Callable[[int], None] | None = None,
) -> Records:
    """Run one replication.

    Parameters
    ----------
    seed, replication
        The luck: the same pair gives the same persons the same luck in every scenario.
    keep_events
        Also write the log of movements (needed to tell one life, and for nothing else).
    on_month
        Called with the day at every census.

    Returns
    -------
        The tables of the run.
    """
    with paused_garbage_collection():
        world = assemble(scenario, seed=seed, replication=replication, keep_events=keep_events, on_month=on_month)
        world.env.run()
    return world.records
