"""What ``make bench`` measures of the engine, each in a process of its own: none inherits another's memory or caches.

``python benchmarks/measuring.py THING [SETTING …]`` measures one thing and prints what it took as JSON.
"""

from __future__ import annotations

import gc
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    Work = Callable[[], dict[str, Any] | None]

MILLION = 1_000_000
PENDING = 200_000
"""Events SimPy has before it in its ceiling: about as many dated steps as a national run has in its register."""
ROOT = Path(__file__).resolve().parents[1]


# ---- parts -----------------------------------------------------------------------------------------------------------


def timeouts() -> Work:
    """Prepare the yardstick: a million bare SimPy timeouts."""
    import simpy

    def sleeper(env: simpy.Environment) -> Generator[simpy.Timeout, None, None]:
        for _ in range(1000):
            yield env.timeout(1)

    env = simpy.Environment()
    for _ in range(MILLION // 1000):
        env.process(sleeper(env))
    return env.run


def ceiling() -> Work:
    """Prepare a million bare SimPy timeouts, with as many pending events as a national run."""
    import simpy

    def sleeper(env: simpy.Environment, first: float) -> Generator[simpy.Timeout, None, None]:
        yield env.timeout(first)
        for _ in range(MILLION // PENDING - 1):
            yield env.timeout(1)

    env = simpy.Environment()
    for number in range(PENDING):
        env.process(sleeper(env, number * 0.618 % 1))
    return env.run


def draw() -> Work:
    """Prepare a million uniform numbers, one person at a time."""
    from sim.randomness import Draws

    draws = Draws(1, 0)

    def work() -> None:
        one = draws.one
        for person in range(MILLION):
            one("bench", person, 0)

    return work


def draws() -> Work:
    """Prepare a million uniform numbers, as one cohort."""
    import numpy as np

    from sim.randomness import Draws

    persons = np.arange(MILLION, dtype=np.int64)
    Draws(1, 0).uniform("bench", persons[:1])  # a second of loading numba, which a run does anyway

    def work() -> None:
        Draws(1, 0).uniform("bench", persons)

    return work


def rows() -> Work:
    """Prepare a million packed rows."""
    from sim.records.tables import PackedTable

    table = PackedTable("decisions")
    others = [0] * (len(table.columns) - 2)

    def work() -> None:
        for person in range(MILLION):
            table.rows += table.row(20000, person, *others)

    return work


def law() -> Work:
    """Prepare a million look-ups of the statutes in force."""
    from sim.dates import parse_day
    from sim.law import Statutes

    statutes = Statutes.load()
    first, committed = parse_day("2022-01-01"), parse_day("2021-06-01")

    def work() -> None:
        at = statutes.at
        for turn in range(MILLION):
            at(first + turn % 3000, committed)

    return work


def eligible() -> Work:
    """Prepare a million first days of eligibility, all adjustments in turn."""
    from sim.dates import parse_day
    from sim.law import Sentence, Statutes
    from sim.law.adjustments import ADJUSTMENTS

    day = parse_day("2025-10-01")
    statutes = Statutes.load().at(day)
    sentences = [Sentence.of(day, months) for months in (4, 10, 18, 30)]
    turns = MILLION // (len(ADJUSTMENTS) * len(sentences))

    def work() -> None:
        for _ in range(turns):
            for sentence in sentences:
                for adjustment in ADJUSTMENTS:
                    adjustment.eligible_from(sentence, statutes)

    return work


# ---- runs ------------------------------------------------------------------------------------------------------------


def run(fraction: str = "1", end: str = "2030-12-31") -> Work:
    """Prepare one replication of the baseline, compiled before."""
    from dataclasses import replace

    from sim.dates import parse_day
    from sim.scenario import load_scenario
    from sim.simulation.run import assemble, paused_garbage_collection

    scenario = replace(load_scenario("baseline"), sampling_fraction=float(fraction), end_day=parse_day(end))

    def work() -> dict[str, Any]:
        with paused_garbage_collection():
            world = assemble(scenario, seed=1, replication=0)
            world.env.run()
        return {"steps": int(world.state.nation.applied)}

    return work


def drawing(fraction: str = "1", end: str = "2030-12-31") -> Work:
    """Prepare the same, and count the time in which people are drawn."""
    from sim.population.entrants import Entrants
    from sim.population.initial_stock import Stock

    spent = [0.0]

    def timed(function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any) -> Any:
            began = time.process_time()
            found = function(*args)
            spent[0] += time.process_time() - began
            return found

        return counted

    for owner, names in (
        (Entrants, ("month", "free_convicts", "returning")),
        (Stock, ("remand", "serving", "at_home", "free_convicts")),
    ):
        for name in names:
            setattr(owner, name, timed(getattr(owner, name)))
    whole = run(fraction, end)

    def work() -> dict[str, Any]:
        whole()
        return {"drawing": spent[0]}

    return work


def first_day() -> Work:
    """Prepare the first day of a national run, from the start of the process on: when it was over."""

    def work() -> dict[str, Any]:
        from sim.scenario import load_scenario
        from sim.simulation.run import assemble, paused_garbage_collection

        with paused_garbage_collection():
            world = assemble(load_scenario("baseline"), seed=1, replication=0)
            world.env.run(until=world.start_day + 1)
        return {"over": time.time()}

    return work


def engine(fraction: str, end: str) -> Work:
    """Prepare the textbook's small world, lived by the engine."""
    from textbook import reduced

    from sim.simulation.run import assemble, paused_garbage_collection

    scenario = reduced(float(fraction), end=end)

    def work() -> dict[str, Any]:
        with paused_garbage_collection():
            world = assemble(scenario, seed=1, replication=0)
            world.env.run()
        world.collect(all_rows=True)
        return {"steps": int(world.state.nation.applied), "exits": len(world.records.tables["exits"].array())}

    return work


def textbook(fraction: str, end: str, collector: str = "on") -> Work:
    """Prepare the same, lived by the textbook's form, with Python's collector as it comes or paused."""
    from textbook import Prison, reduced

    scenario = reduced(float(fraction), end=end)

    def work() -> dict[str, Any]:
        if collector == "paused":
            gc.disable()
        prison = Prison(scenario, 1, 0)
        prison.run()
        return {"steps": prison.events(), "exits": len(prison.exits)}

    return work


THINGS: dict[str, Callable[..., Work]] = {
    thing.__name__: thing
    for thing in (timeouts, ceiling, draw, draws, rows, law, eligible, run, drawing, first_day, engine, textbook)
}


# ---- measuring -------------------------------------------------------------------------------------------------------


def measure_here(name: str, *settings: str) -> dict[str, Any]:
    """Measure one thing in this process: seconds of processor and of clock, megabytes at the peak, and what it counts."""
    work = THINGS[name](*settings)
    time.sleep(0.3)  # the threads that NumPy's algebra starts at import spin for a moment before they rest
    processor, clock = time.process_time(), time.perf_counter()
    counted = work() or {}
    processor, clock = time.process_time() - processor, time.perf_counter() - clock
    kilobyte = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kilobytes
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * kilobyte / 1e6
    return {"seconds": processor, "clock": clock, "mb": peak} | counted


def measure(name: str, *settings: object) -> dict[str, Any]:
    """Measure one thing in a process of its own."""
    command = [sys.executable, __file__, name, *map(str, settings)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    print(json.dumps(measure_here(*sys.argv[1:])))
