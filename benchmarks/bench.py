"""Time and memory of the reference run and of what it is made of, as ratios to bare SimPy.

Each measurement is a fresh process, so that none inherits the memory or the warm caches of another; a round measures
each thing once, yardstick included, so that a machine that slows down slows all of them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from peers import FORMS, PLACES, RATE, erlang_c

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

MILLION = 1_000_000
SECONDS_OF_A_RUN = 15.0
GIGABYTES_OF_A_RUN = 1.0
PENDING = 200_000
"""Events SimPy has before it in its ceiling: about as many dated steps as a national run has in its register."""
HERE = Path(__file__).parent


class Measure(NamedTuple):
    """What one process took: seconds of processor and of clock, gigabytes at the peak, steps if it counts them."""

    processor: float
    clock: float
    gigabytes: float
    steps: int = 0


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


def ceiling() -> Callable[[], object]:
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
    from sim.experiments.run import assemble, paused_garbage_collection
    from sim.scenario import load_scenario

    def live() -> None:
        with paused_garbage_collection():
            world = assemble(load_scenario("baseline"), seed=1, replication=0)
            world.env.run()
        print(int(world.system.nation.applied))

    return live


MEASURED: dict[str, Callable[[], Callable[[], object]]] = {
    "timeouts": timeouts,
    "ceiling": ceiling,
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
    *counted, measured = said.stdout.splitlines()
    return Measure(*json.loads(measured)[:3], steps=int(counted[-1]) if counted else 0)


def against(arrivals: int) -> dict[str, dict[str, float | str]]:
    """Measure every form of the shared networks, each in a process of its own (``SORTIE_PEERS_PYTHON`` runs the peers)."""
    answers = {}
    for name in FORMS:
        python = os.environ.get("SORTIE_PEERS_PYTHON") if name.endswith(("ciw", "salabim")) else None
        # salabim takes half a minute for a hundred thousand: its rate is taken on a tenth.
        number = arrivals // 10 if name.endswith("salabim") else arrivals
        command = [python or sys.executable, str(HERE / "peers.py"), name, str(number)]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=HERE.parent)
        answers[name] = json.loads(said.stdout.splitlines()[-1])
        print(name, answers[name], flush=True)
    return answers


def start_up() -> float:
    """Seconds of processor that ``sortie --help`` takes, the least of five."""
    least = 9.0
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "sim", "--help"], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return least


def write_results(taken: dict[str, list[Measure]], peers: dict[str, dict[str, float | str]]) -> None:
    """Write what was measured, with versions, to ``results.json`` and ``results.md``."""
    seconds = median(m.processor for m in taken["run"])
    bare = median(MILLION / m.processor for m in taken["ceiling"])
    rates = {name: float(a["arrivals"]) / float(a["seconds"]) for name, a in peers.items() if "missing" not in a}

    def best(network: str, *others: str) -> float:
        return rates[f"{network}_sortie"] / max(rates[f"{network}_{o}"] for o in others if f"{network}_{o}" in rates)

    waits, wait = erlang_c(RATE, PLACES)
    results = {
        "reference_seconds": round(seconds, 2),
        "reference_mb": round(max(m.gigabytes for m in taken["run"]) * 1000),
        "steps": taken["run"][0].steps,
        "steps_over_simpy_ceiling": round(taken["run"][0].steps / seconds / bare, 2),
        "times_textbook": round(best("caseload", "simpy"), 1),
        "times_best_peer": {
            "mmc": round(best("mmc", "ciw", "salabim", "simmer"), 1),
            "caseload": round(best("caseload", "salabim"), 1),
        },
        "over_heapq_limit_mmc": round(best("mmc", "heapq"), 2),
        "help_seconds": round(start_up(), 2),
        "erlang_c": {"had_to_wait": waits, "wait": wait},
        "networks": peers,
        "versions": {"python": platform.python_version(), **{name: version(name) for name in ("simpy", "numpy", "numba")}},
    }
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    lines = ["# What `make bench` measured", "", "| | |", "| --- | --- |"]
    lines += [f"| {name} | {value} |" for name, value in results.items() if name not in ("networks", "erlang_c")]
    lines += ["", f"Erlang: {waits:.4f} of arrivals wait, {wait:.5f} on average.", ""]
    lines += ["| form | arrivals a second | waited | mean wait | left |", "| --- | --- | --- | --- | --- |"]
    for name, answer in peers.items():
        if "missing" in answer:
            lines.append(f"| {name} | left out: {answer['missing']} is not installed | | | |")
        else:
            told = f"{answer['had_to_wait']:.4f} | {answer['wait']:.5f} | {answer['left']:.4f}"
            lines.append(f"| {name} | {rates[name]:,.0f} | {told} |")
    (HERE / "results.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> int:
    """Measure, print the table, and fail if the run passes its limits."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=MEASURED, default=list(MEASURED))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--arrivals", type=int, default=MILLION, help="arrivals in the networks shared with other packages")
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

    if "run" not in taken or "ceiling" not in taken:
        return 0
    write_results(taken, against(asked.arrivals))
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
