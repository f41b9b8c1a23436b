"""Two networks in SimPy's textbook form, Ciw, salabim, simmer, a heapq loop and the engine's own machinery.

``mmc``: M/M/50, 45 arrivals a unit of time, mean service 1: every form is checked against Erlang's formula.
``caseload``: 20 arrivals a unit, 130 places at a counsellor held through a hearing (mean preparation 4, 22 hearings at a time,
mean 1), patience of mean 12 while one waits. Forms without a line for a network cannot say it (Ciw: nothing is held from one
node to the next).
"""

from __future__ import annotations

import gc
import json
import random
import shutil
import subprocess
import sys
import time
from collections import deque
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

RATE, PLACES = 45.0, 50
RATE2, HELD, CARE, HEARINGS, PATIENCE = 20.0, 130, 4.0, 22, 12.0


class Answer(NamedTuple):
    """What a form took, and what it found."""

    seconds: float
    """Of processor, the model's running only."""
    arrivals: int
    had_to_wait: float
    """Share of arrivals that waited for the first place."""
    wait: float
    """Mean wait for it, over all arrivals."""
    left: float
    """Share who left before they were served."""


def erlang_c(rate: float, places: int) -> tuple[float, float]:
    """Probability of waiting and mean wait of M/M/c with mean service 1."""
    lost = 1.0
    for number in range(1, places + 1):
        lost = rate * lost / (number + rate * lost)
    waits = lost / (1 - rate / places * (1 - lost))
    return waits, waits / (places - rate)


def mmc_simpy(number: int) -> Answer:
    """M/M/c, a generator process per customer and a ``Resource``."""
    import simpy

    env, luck = simpy.Environment(), random.Random(1)
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
    return timed(env.run, number, waits)


def mmc_salabim(number: int) -> Answer:
    """M/M/c with salabim's components."""
    import salabim

    salabim.yieldless(False)
    env, luck = salabim.Environment(trace=False, yieldless=False), random.Random(1)
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
    return timed(env.run, number, waits)


def mmc_ciw(number: int) -> Answer:
    """M/M/c as a Ciw network of one node."""
    import ciw

    ciw.seed(1)
    exponential = ciw.dists.Exponential
    network = ciw.create_network(
        arrival_distributions=[exponential(rate=RATE)],
        service_distributions=[exponential(rate=1.0)],
        number_of_servers=[PLACES],
    )
    simulation = ciw.Simulation(network)
    answer = timed(lambda: simulation.simulate_until_max_customers(number), number, [])
    waits = [record.waiting_time for record in simulation.get_all_records()]
    return answer._replace(arrivals=len(waits), **found(waits, len(waits)))


def mmc_simmer(number: int) -> Answer:
    """M/M/c as a simmer trajectory, service times drawn by R."""
    code = f"""suppressMessages(library(simmer)); set.seed(1); n <- {number}
way <- trajectory() %>% seize("d", 1) %>% timeout(function() rexp(1, 1)) %>% release("d", 1)
env <- simmer() %>% add_resource("d", {PLACES}, mon=FALSE) %>% add_generator("a", way, at(cumsum(rexp(n, {RATE}))), mon=1)
t <- sum(system.time(run(env))[1:2]); a <- get_mon_arrivals(env); w <- a$end_time - a$start_time - a$activity_time
cat(sprintf("@%f %f %f", t, mean(w > 1e-9), mean(w)))"""
    said = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True).stdout  # noqa: S607
    seconds, had_to_wait, wait = map(float, said.rpartition("@")[2].split())
    return Answer(seconds, number, had_to_wait, wait, 0.0)


def mmc_heapq(number: int) -> Answer:
    """M/M/c as a bare loop over a heap: the limit of plain Python."""
    draw, heap, queue, waits = random.Random(1).expovariate, [], deque(), []  # type: ignore[var-annotated]

    def run() -> None:
        busy, begun, following = 0, 0, draw(RATE)
        while heap or begun < number:
            if heap and (begun >= number or heap[0] <= following):
                now = heappop(heap)
                if queue:
                    waits.append(now - queue.popleft())
                    heappush(heap, now + draw(1.0))
                else:
                    busy -= 1
                continue
            now, begun, following = following, begun + 1, following + draw(RATE)
            if busy < PLACES:
                busy += 1
                heappush(heap, now + draw(1.0))
            else:
                queue.append(now)

    return timed(run, number, waits)


def mmc_sortie(number: int) -> Answer:
    """M/M/c on the lines and the register of ``sim.institutions``, compiled."""
    return sortie(number, rate=RATE, first=PLACES, second=PLACES, care=0.0, patience=0.0)


def caseload_simpy(number: int) -> Answer:
    """The caseload network in the textbook's form: a process per person, ``Resource`` requests, ``request | timeout``."""
    import simpy

    env, luck = simpy.Environment(), random.Random(1)
    counsellor, judge = simpy.Resource(env, HELD), simpy.Resource(env, HEARINGS)
    waits: list[float] = []
    left = [0]

    def person() -> Any:
        came, ends = env.now, env.now + luck.expovariate(1 / PATIENCE)
        with counsellor.request() as asked:
            yield asked | env.timeout(ends - env.now)
            if not asked.triggered:
                left[0] += 1
                return
            waits.append(env.now - came)
            yield env.timeout(luck.expovariate(1 / CARE))
            with judge.request() as heard:
                if ends > env.now:
                    yield heard | env.timeout(ends - env.now)
                else:
                    yield heard
                if not heard.triggered:
                    left[0] += 1
                    return
                yield env.timeout(luck.expovariate(1.0))

    def source() -> Any:
        for _ in range(number):
            yield env.timeout(luck.expovariate(RATE2))
            env.process(person())

    env.process(source())
    answer = timed(env.run, number, waits)
    return answer._replace(left=left[0] / number)


def caseload_salabim(number: int) -> Answer:
    """The caseload network with salabim's components."""
    import salabim

    salabim.yieldless(False)
    env, luck = salabim.Environment(trace=False, yieldless=False), random.Random(1)
    counsellor = salabim.Resource("counsellor", capacity=HELD, monitor=False)
    judge = salabim.Resource("judge", capacity=HEARINGS, monitor=False)
    waits: list[float] = []
    left = [0]

    class Inmate(salabim.Component):  # type: ignore[misc]
        def process(self) -> Any:
            came, ends = env.now(), env.now() + luck.expovariate(1 / PATIENCE)
            yield self.request(counsellor, fail_at=ends)
            if self.failed():
                left[0] += 1
                return
            waits.append(env.now() - came)
            yield self.hold(luck.expovariate(1 / CARE))
            yield self.request(judge, fail_at=ends if ends > env.now() else salabim.inf)
            if self.failed():
                left[0] += 1
            else:
                yield self.hold(luck.expovariate(1.0))
            self.release()

    class Source(salabim.Component):  # type: ignore[misc]
        def process(self) -> Any:
            for _ in range(number):
                yield self.hold(luck.expovariate(RATE2))
                Inmate(mode=None)

    Source()
    answer = timed(env.run, number, waits)
    return answer._replace(left=left[0] / number)


def caseload_sortie(number: int) -> Answer:
    """The caseload network on the lines and the register of ``sim.institutions``, compiled."""
    return sortie(number, rate=RATE2, first=HELD, second=HEARINGS, care=CARE, patience=PATIENCE)


def sortie(number: int, **setting: float) -> Answer:
    """Run a network on the engine's machinery; it is compiled before, as the packages of the others are."""
    from network import TICKS, build, run

    run(build(100, **setting))  # type: ignore[arg-type]
    network = build(number, **setting)  # type: ignore[arg-type]
    answer = timed(lambda: run(network), number, [])
    counted = network.nation
    wait = int(counted.waited) / number / TICKS
    return answer._replace(had_to_wait=int(counted.had_to_wait) / number, wait=wait, left=int(counted.left) / number)


def timed(run: Callable[[], object], number: int, waits: list[float]) -> Answer:
    """Run a form, the collector paused for all alike (it makes the textbook's form three times slower)."""
    gc.disable()
    start = time.process_time()
    run()
    seconds = time.process_time() - start
    return Answer(seconds, number, **found(waits, number), left=0.0)


def found(waits: list[float], number: int) -> dict[str, float]:
    """Share of arrivals that waited, and mean wait."""
    return {"had_to_wait": sum(wait > 1e-9 for wait in waits) / number, "wait": sum(waits) / number}


FORMS: dict[str, Callable[[int], Answer]] = {
    form.__name__: form
    for form in (
        *(mmc_sortie, mmc_simpy, mmc_ciw, mmc_salabim, mmc_simmer, mmc_heapq),
        *(caseload_sortie, caseload_simpy, caseload_salabim),
    )
}
PACKAGE = {"ciw": "ciw", "salabim": "salabim"}


def missing(name: str) -> str:
    """What a form needs and is not here, empty if nothing."""
    tool = name.partition("_")[2]
    if tool == "simmer":
        here = (
            shutil.which("Rscript")
            and not subprocess.run(
                ["Rscript", "-e", "library(simmer)"],  # noqa: S607
                check=False,
                capture_output=True,
            ).returncode
        )
        return "" if here else "R with simmer"
    try:
        __import__(PACKAGE.get(tool, "sys"))
    except ImportError:
        return PACKAGE[tool]
    return ""


if __name__ == "__main__":
    lacking = missing(sys.argv[1])
    print(json.dumps({"missing": lacking} if lacking else FORMS[sys.argv[1]](int(sys.argv[2]))._asdict()))
