"""Where the time of a national run goes: by institution, by kind of dated step, and in drawing people.

``python benchmarks/where.py [--fraction 1] [--end 2030-12-31]``. Calls from Python into compiled code are timed from outside;
the morning is called step by step, by a compiled function of its own (one more minute of compilation), so nothing of the
engine is changed, and its answers are the same.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.dates import parse_day
from sim.engine.compile import compiled
from sim.institutions.agenda import Step, take_due
from sim.institutions.world import World
from sim.pathways import intake
from sim.pathways.steps import apply_step
from sim.population.entrants import Entrants
from sim.population.initial_stock import Stock
from sim.scenario import load_scenario
from sim.simulation import processes, queue_census
from sim.simulation import run as running
from sim.simulation.processes import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.institutions.state import State


def one_step(state: State, step: Step) -> int:
    """Apply one kind of step to all whose step falls due today; how many they are."""
    slots = take_due(state, step)
    for slot in slots:
        apply_step(step, state.people[slot], state)
    return len(slots)


class Clock:
    """Seconds of processor and calls, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)

    def add(self, name: str, began: float, calls: int = 1) -> None:
        """Count what has been done since ``began``."""
        self.seconds[name] += time.process_time() - began
        self.calls[name] += calls

    def around(self, name: str, owner: Any, attribute: str) -> None:
        """Count every call of a function or method."""
        function: Callable[..., Any] = getattr(owner, attribute)

        def counted(*args: Any, **named: Any) -> Any:
            began = time.process_time()
            try:
                return function(*args, **named)
            finally:
                self.add(name, began)

        setattr(owner, attribute, counted)


def entry(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled function, called at its entry: numba's look at the arguments of each call took some 35 µs of a step."""
    dispatched = compiled(function)
    found: list[Callable[..., Any]] = []

    def call(*args: Any) -> Any:
        if found:
            return found[0](*args)
        answer = dispatched(*args)
        found.append(next(iter(dispatched.overloads.values())).entry_point)
        return answer

    return call


def listen(clock: Clock) -> None:
    """Put the clock around what is called from Python."""
    step_only, as_it_is = entry(one_step), processes.act

    def act(world: World, action: Action, target: int = 0) -> None:
        if action != Action.MORNING:
            began = time.process_time()
            as_it_is(world, action, target)
            clock.add(action.name.lower().replace("_", " "), began)
            return
        for step in Step:
            if step != Step.COMMITTAL:
                began = time.process_time()
                applied = step_only(world.state, step.value)
                clock.add(f"{step:2} {step.name.lower()}", began, applied)

    processes.act = act
    for name in ("month", "free_convicts", "returning"):
        clock.around(f"drawn: {name}", Entrants, name)
    for name in ("remand", "serving", "at_home", "free_convicts"):
        clock.around("drawn: first day", Stock, name)
    clock.around("put in place", intake.Intake, "_place")
    clock.around("values of a day", World, "apply_parameters")
    clock.around("waiting lists", queue_census.Lists, "count")
    clock.around("people followed outside", World, "open_month")
    clock.around("rows collected", World, "collect")
    clock.around("census", processes, "take_census")
    clock.around("those who return", intake.Intake, "_come_back")


def main() -> None:
    """Run, and print what took how long."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--fraction", type=float, default=1.0)
    parser.add_argument("--end", default="2030-12-31")
    asked = parser.parse_args()
    scenario = replace(load_scenario("baseline"), sampling_fraction=asked.fraction, end_day=parse_day(asked.end))
    clock = Clock()
    listen(clock)
    # Once at a thousandth, so that everything is compiled.
    small = replace(scenario, sampling_fraction=0.001, end_day=scenario.start_day + 400)
    running.simulate(small, seed=1, replication=0)
    clock.seconds.clear()
    clock.calls.clear()
    began = time.process_time()
    with running.paused_garbage_collection():
        world = running.assemble(scenario, seed=1, replication=0)
        assembled = time.process_time() - began
        world.env.run()
    whole = time.process_time() - began
    print(f"{'':24} {'seconds':>8} {'calls':>10} {'µs a call':>10}")
    for name in sorted(clock.seconds, key=clock.seconds.__getitem__, reverse=True):
        seconds, calls = clock.seconds[name], clock.calls[name]
        print(f"{name:24} {seconds:8.3f} {calls:10,} {1e6 * seconds / max(1, calls):10.2f}")
    applied = int(world.state.nation.applied)
    print(f"{'the run':24} {whole:8.3f} {applied:10,} {1e6 * whole / applied:10.2f}   ({assembled:.2f} s to the first day)")


if __name__ == "__main__":
    main()
