"""Time and memory of the reference run and of what it is made of, as ratios to bare SimPy.

Each measurement is a fresh process, so that none inherits the memory or the warm caches of another; a round measures
each thing once, yardstick included, so that a machine that slows down slows all of them.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

MILLION = 1_000_000
SECONDS_OF_A_RUN = 15.0
GIGABYTES_OF_A_RUN = 1.0


class Measure(NamedTuple):
    """What one process took: seconds of processor and of clock, gigabytes at the peak."""

    processor: float
    clock: float
    gigabytes: float


def timeouts() -> Callable[[], object]:
    """Prepare the yardstick: a million bare SimPy timeouts."""
    import simpy

    def sleeper(env: simpy.Environment) -> Generator[simpy.Timeout, None, None]:
        for _ in range(1000):
            yield env.timeout(1)

    env = simpy.Environment()
    for _ in range(MILLION // 1000):
        env.process(sleeper(env))
    return env.run


def draw() -> Callable[[], object]:
    """Prepare a million uniform numbers, one person at a time."""
    from sim.randomness import Draws

    draws = Draws(1, 0)

    def run() -> None:
        one = draws.one
        for person in range(MILLION):
            one("bench", person, 0)

    return run


def draws() -> Callable[[], object]:
    """Prepare a million uniform numbers, as one cohort."""
    import numpy as np

    from sim.randomness import Draws

    persons = np.arange(MILLION, dtype=np.int64)
    return lambda: Draws(1, 0).uniform("bench", persons)


def rows() -> Callable[[], object]:
    """Prepare a million packed rows."""
    from sim.records.tables import PackedTable

    table = PackedTable("decisions")

    def run() -> None:
        for person in range(MILLION):
            table.rows += table.row(20000, person, 3, 1, 1, 0, 19900, 0, 0)

    return run


def law() -> Callable[[], object]:
    """Prepare a million look-ups of the statutes in force."""
    from sim.dates import parse_day
    from sim.law import Statutes

    statutes = Statutes.load()
    first, committed = parse_day("2022-01-01"), parse_day("2021-06-01")

    def run() -> None:
        at = statutes.at
        for turn in range(MILLION):
            at(first + turn % 3000, committed)

    return run


def eligible() -> Callable[[], object]:
    """Prepare a million first days of eligibility, all adjustments in turn."""
    from sim.dates import parse_day
    from sim.law import Sentence, Statutes
    from sim.law.adjustments import ADJUSTMENTS

    day = parse_day("2025-10-01")
    statutes = Statutes.load().at(day)
    sentences = [Sentence.of(day, months) for months in (4, 10, 18, 30)]
    turns = MILLION // (len(ADJUSTMENTS) * len(sentences))

    def run() -> None:
        for _ in range(turns):
            for sentence in sentences:
                for adjustment in ADJUSTMENTS:
                    adjustment.eligible_from(sentence, statutes)

    return run


def run() -> Callable[[], object]:
    """Prepare one replication of the baseline at full scale."""
    from sim.experiments.run import simulate
    from sim.scenario import load_scenario

    return lambda: simulate(load_scenario("baseline"), seed=1, replication=0)


MEASURED: dict[str, Callable[[], Callable[[], object]]] = {
    "timeouts": timeouts,
    "draw": draw,
    "draws": draws,
    "rows": rows,
    "law": law,
    "eligible": eligible,
    "run": run,
}


def measure_here(name: str) -> Measure:
    """Measure one thing in this process."""
    work = MEASURED[name]()
    time.sleep(0.3)  # the threads that NumPy's algebra starts at import spin for a moment before they rest
    processor, clock = time.process_time(), time.perf_counter()
    work()
    processor, clock = time.process_time() - processor, time.perf_counter() - clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kilobyte = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kilobytes
    return Measure(processor, clock, peak * kilobyte / 1e9)


def measure(name: str) -> Measure:
    """Measure one thing in a process of its own."""
    command = [sys.executable, __file__, "--here", name]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
    return Measure(*json.loads(said.stdout.splitlines()[-1]))


def main() -> int:
    """Measure, print the table, and fail if the run passes its limits."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=MEASURED, default=list(MEASURED))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--here", choices=MEASURED, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        print(json.dumps(measure_here(asked.here)))
        return 0

    names = ["timeouts", *(name for name in asked.only if name != "timeouts")]
    taken: dict[str, list[Measure]] = {name: [] for name in names}
    for _ in range(asked.rounds):
        for name in names:
            taken[name].append(measure(name))

    print(f"{'':10} {'processor':>10} {'clock':>10} {'peak':>9} {'ratio':>8}   median of {asked.rounds}")
    for name in names:
        ratio = median(m.processor / y.processor for m, y in zip(taken[name], taken["timeouts"], strict=True))
        middle = [median(column) for column in zip(*taken[name], strict=True)]
        print(f"{name:10} {middle[0]:8.2f} s {middle[1]:8.2f} s {middle[2]:6.2f} GB {ratio:8.2f}")

    if "run" not in taken:
        return 0
    seconds = median(m.processor for m in taken["run"])
    peak = max(m.gigabytes for m in taken["run"])
    within = seconds <= SECONDS_OF_A_RUN and peak <= GIGABYTES_OF_A_RUN
    print(
        f"{'within' if within else 'ABOVE'} the limits of a run: "
        f"{seconds:.1f} of {SECONDS_OF_A_RUN:.0f} s, {peak:.2f} of {GIGABYTES_OF_A_RUN:.0f} GB"
    )
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
