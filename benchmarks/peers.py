"""Two networks in every form at hand: the engine's machinery, SimPy's textbook, Ciw, salabim, simmer, and two bare loops.

``mmc``: M/M/50. ``caseload``: people come, counsellors hold so many of them, prepare a file, and hold them through a hearing
(so many at a time); whoever's sentence ends leaves, wherever they stand, unless they are being heard. The numbers are those of
:mod:`theory`, which knows the exact answers. Ciw holds nothing from one node to the next and cannot say the second network.

``python peers.py FORM ARRIVALS SEED`` runs one form and prints what it took and found: the packages compared with need a
Python that has them, never the project's own (Ciw installs a top-level package called ``tests``).
"""

from __future__ import annotations

import gc
import json
import random
import resource
import shutil
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from theory import CARE, HEARINGS, HELD, PATIENCE, PLACES, RATE, RATE2

if TYPE_CHECKING:
    from collections.abc import Callable

_NEVER = 1e-9
"""A shorter wait is none."""


class Answer(NamedTuple):
    """What a form took, and what it found (:class:`theory.Expected`)."""

    seconds: float
    """Of processor, the model's running only."""
    arrivals: int
    had_to_wait: float
    wait: float
    left: float


def timed(run: Callable[[], object]) -> float:
    """Run a form, the collector paused for all alike (it makes the textbook's form three times slower): seconds."""
    gc.disable()
    start = time.process_time()
    run()
    return time.process_time() - start


def answer(seconds: float, number: int, waits: list[float], left: int = 0) -> Answer:
    """Make an answer from the wait of each who did not leave without it."""
    return Answer(seconds, number, sum(wait > _NEVER for wait in waits) / number, sum(waits) / number, left / number)


# ---- SimPy, as in its textbook ---------------------------------------------------------------------------------------


def mmc_simpy(number: int, seed: int) -> Answer:
    """M/M/c, a generator process per customer and a ``Resource``."""
    import simpy

    env, luck = simpy.Environment(), random.Random(seed)
    desk = simpy.Resource(env, PLACES)
    waits: list[float] = []

    def customer() -> Any:
        came = env.now
        with desk.request() as asked:
            yield asked
            waits.append(env.now - came)
            yield env.timeout(luck.expovariate(1.0))

    def source() -> Any:
        for _ in range(number):
            yield env.timeout(luck.expovariate(RATE))
            env.process(customer())

    env.process(source())
    return answer(timed(env.run), number, waits)


def caseload_simpy(number: int, seed: int) -> Answer:
    """The caseload network: a process per person, ``Resource`` requests, ``request | timeout``."""
    import simpy

    env, luck = simpy.Environment(), random.Random(seed)
    counsellor, judge = simpy.Resource(env, HELD), simpy.Resource(env, HEARINGS)
    waits: list[float] = []
    left = [0]

    def person() -> Any:
        came, ends = env.now, env.now + luck.expovariate(1 / PATIENCE)
        left[0] += 1  # unless heard
        with counsellor.request() as asked:
            yield asked | env.timeout(ends - env.now)
            waits.append(env.now - came)
            if not asked.triggered:
                return
            ready = env.now + luck.expovariate(1 / CARE)
            yield env.timeout(min(ready, ends) - env.now)
            if ends <= ready:
                return
            with judge.request() as heard:
                yield heard | env.timeout(ends - env.now)
                if heard.triggered:
                    left[0] -= 1
                    yield env.timeout(luck.expovariate(1.0))

    def source() -> Any:
        for _ in range(number):
            yield env.timeout(luck.expovariate(RATE2))
            env.process(person())

    env.process(source())
    return answer(timed(env.run), number, waits, left[0])


# ---- packages compared with ------------------------------------------------------------------------------------------


def mmc_ciw(number: int, seed: int) -> Answer:
    """M/M/c as a Ciw network of one node."""
    import ciw

    ciw.seed(seed)
    exponential = ciw.dists.Exponential
    network = ciw.create_network(
        arrival_distributions=[exponential(rate=RATE)],
        service_distributions=[exponential(rate=1.0)],
        number_of_servers=[PLACES],
    )
    simulation = ciw.Simulation(network)
    seconds = timed(lambda: simulation.simulate_until_max_customers(number))
    waits = [record.waiting_time for record in simulation.get_all_records()]
    return answer(seconds, len(waits), waits)


def mmc_salabim(number: int, seed: int) -> Answer:
    """M/M/c with salabim's components."""
    import salabim

    salabim.yieldless(False)
    env, luck = salabim.Environment(trace=False, yieldless=False), random.Random(seed)
    desk = salabim.Resource("desk", capacity=PLACES, monitor=False)
    waits: list[float] = []

    class Customer(salabim.Component):  # type: ignore[misc]
        def process(self) -> Any:
            came = env.now()
            yield self.request(desk)
            waits.append(env.now() - came)
            yield self.hold(luck.expovariate(1.0))
            self.release()

    class Source(salabim.Component):  # type: ignore[misc]
        def process(self) -> Any:
            for _ in range(number):
                yield self.hold(luck.expovariate(RATE))
                Customer(mode=None)

    Source()
    return answer(timed(env.run), number, waits)


def caseload_salabim(number: int, seed: int) -> Answer:
    """The caseload network with salabim's components."""
    import salabim

    salabim.yieldless(False)
    env, luck = salabim.Environment(trace=False, yieldless=False), random.Random(seed)
    counsellor = salabim.Resource("counsellor", capacity=HELD, monitor=False)
    judge = salabim.Resource("judge", capacity=HEARINGS, monitor=False)
    waits: list[float] = []
    left = [0]

    class Inmate(salabim.Component):  # type: ignore[misc]
        def process(self) -> Any:
            came, ends = env.now(), env.now() + luck.expovariate(1 / PATIENCE)
            left[0] += 1  # unless heard
            yield self.request(counsellor, fail_at=ends)
            waits.append(env.now() - came)
            if self.failed():
                return
            ready = env.now() + luck.expovariate(1 / CARE)
            yield self.hold(till=min(ready, ends))
            if ready < ends:
                yield self.request(judge, fail_at=ends)
                if not self.failed():
                    left[0] -= 1
                    yield self.hold(luck.expovariate(1.0))
            self.release()

    class Source(salabim.Component):  # type: ignore[misc]
        def process(self) -> Any:
            for _ in range(number):
                yield self.hold(luck.expovariate(RATE2))
                Inmate(mode=None)

    Source()
    return answer(timed(env.run), number, waits, left[0])


def mmc_simmer(number: int, seed: int) -> Answer:
    """M/M/c as a simmer trajectory."""
    return simmer("mmc", number, seed, RATE, PLACES)


def caseload_simmer(number: int, seed: int) -> Answer:
    """The caseload network as a simmer trajectory."""
    return simmer("caseload", number, seed, RATE2, HELD)


def simmer(network: str, number: int, seed: int, rate: float, places: int) -> Answer:
    """Run a network in R (``simmer.R``)."""
    numbers = (number, seed, rate, places, HEARINGS, CARE, PATIENCE)
    command = ["Rscript", str(Path(__file__).with_name("simmer.R")), network, *map(str, numbers)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    seconds, had_to_wait, wait, left = map(float, said.rpartition("@")[2].split())
    return Answer(seconds, number, had_to_wait, wait, left)


# ---- the engine's machinery, and the limits ---------------------------------------------------------------------------


def mmc_sortie(number: int, seed: int) -> Answer:
    """M/M/c on the lines and the register of ``sim.institutions``."""
    return sortie(number, seed, rate=RATE, first=PLACES, second=PLACES, care=0.0, patience=0.0)


def caseload_sortie(number: int, seed: int) -> Answer:
    """The caseload network on the lines and the register of ``sim.institutions``."""
    return sortie(number, seed, rate=RATE2, first=HELD, second=HEARINGS, care=CARE, patience=PATIENCE)


def sortie(number: int, seed: int, **setting: float) -> Answer:
    """Run a network on the engine's machinery; it is compiled before, as the packages of the others are."""
    from network import build, mean_wait, run

    run(build(100, **setting))  # type: ignore[arg-type]
    network = build(number, seed=seed, **setting)  # type: ignore[arg-type]
    seconds = timed(lambda: run(network))
    counted = network.nation
    return Answer(seconds, number, int(counted.had_to_wait) / number, mean_wait(network), int(counted.left) / number)


def bare(network: str, number: int, seed: int, *, for_numba: bool) -> Answer:
    """Run a bare loop, plain or compiled (before, as the others are)."""
    import limits

    run: Callable[..., tuple[int, float, int]] = getattr(limits, network)
    if for_numba:
        import numba

        run = numba.njit(run)

    def settings(number: int) -> tuple[Any, ...]:
        state, since, *lines = limits.room(number, for_numba=for_numba)
        if network == "mmc":
            return (number, RATE, PLACES, seed, since)
        return (number, RATE2, HELD, HEARINGS, CARE, PATIENCE, seed, state, since, *lines)

    if for_numba:
        run(*settings(100))
    all_of_it, found = settings(number), []
    seconds = timed(lambda: found.append(run(*all_of_it)))
    had_to_wait, waited, left = found[0]
    return Answer(seconds, number, had_to_wait / number, waited / number, left / number)


def mmc_heapq(number: int, seed: int) -> Answer:
    """M/M/c as a bare loop: the limit of plain Python."""
    return bare("mmc", number, seed, for_numba=False)


def mmc_numba(number: int, seed: int) -> Answer:
    """M/M/c as the same loop, compiled: the limit here."""
    return bare("mmc", number, seed, for_numba=True)


def caseload_heapq(number: int, seed: int) -> Answer:
    """The caseload network as a bare loop."""
    return bare("caseload", number, seed, for_numba=False)


def caseload_numba(number: int, seed: int) -> Answer:
    """The caseload network as the same loop, compiled."""
    return bare("caseload", number, seed, for_numba=True)


FORMS: dict[str, Callable[[int, int], Answer]] = {
    form.__name__: form
    for form in (
        *(mmc_sortie, mmc_simpy, mmc_ciw, mmc_salabim, mmc_simmer, mmc_heapq, mmc_numba),
        *(caseload_sortie, caseload_simpy, caseload_salabim, caseload_simmer, caseload_heapq, caseload_numba),
    )
}
PEERS = ("ciw", "salabim", "simmer")
"""Packages compared with; SimPy is what the engine stands on, and the bare loops are limits."""
_PACKAGE = {"ciw": "Ciw", "salabim": "salabim", "simpy": "simpy", "sortie": "simpy", "numba": "numba"}


def version_of(tool: str) -> str:
    """Version of what a form needs; empty if it is not here."""
    if tool == "simmer":
        if not shutil.which("Rscript"):
            return ""
        asked = [*("Rscript", "-e"), "cat(as.character(packageVersion('simmer')), as.character(getRversion()))"]
        said = subprocess.run(asked, check=False, capture_output=True, text=True)
        return "" if said.returncode else "{} (R {})".format(*said.stdout.split())
    if tool not in _PACKAGE:
        return "Python " + sys.version.partition(" ")[0]
    try:
        return version(_PACKAGE[tool])
    except PackageNotFoundError:
        return ""


if __name__ == "__main__":
    name = sys.argv[1]
    found = version_of(name.partition("_")[2])
    told = FORMS[name](int(sys.argv[2]), int(sys.argv[3]))._asdict() if found else {}
    who = resource.RUSAGE_CHILDREN if name.endswith("simmer") else resource.RUSAGE_SELF
    peak = resource.getrusage(who).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    print(json.dumps({"version": found, "mb": peak} | told))
