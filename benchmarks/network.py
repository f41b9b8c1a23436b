"""Two queueing networks on the engine's own machinery: the lines, the register and the compiled twins of ``sim.institutions``.

``mmc`` is M/M/c; ``caseload`` is a counsellor's caseload held through a hearing, by people who leave when their sentence ends,
unless they are being heard. A SimPy process wakes at each unit of time and calls one compiled function, as an institution of
the engine does at each of its days; within the unit, time is in ticks.

People come in the middle of a tick, everything else happens at its beginning: a time is rounded to the nearest of its own
instants, so that rounding favours nobody. (Arrivals were put at the beginning of the tick once, after the departures; what
began with an arrival then ended half a tick too soon, the load was 0.25 % too low at 200 ticks a service, and the share that
waits in M/M/50 came out 0.358 for Erlang's 0.364.)
"""

from __future__ import annotations

from math import ceil, log
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import simpy

from sim.engine.compile import compiled, fields_of
from sim.engine.prefetch import in_lines
from sim.institutions.agenda import PAGE, schedule, take_due
from sim.institutions.queues import NOBODY, Queue, QueueLink, enqueue, leave_queue
from sim.randomness import Draws, uniform_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from sim.engine.compile import Code, Count, Day, Luck

TICKS = 200
"""Ticks in a mean service of the second stage."""
ARRIVES, LEAVES, READY, HEARD = range(4)
FOR_CARE, FOR_JUDGE = range(2)
ARRIVAL, CARE, HEARING, PATIENCE = range(4)
WAITING, CARED, LISTED, AT_HEARING, GONE = range(5)


class NationalTotals:
    """The clock and what is counted."""

    day: Day
    start_day: Day
    end_day: Day
    free_page: Count
    pages_left: Count
    applied: int
    held: Count
    busy: Count
    held_most: Count
    busy_most: Count
    waited: int
    had_to_wait: int
    taken: int
    left: int
    served: int
    rate: float
    care: float
    patience: float


class Person:
    """A customer."""

    slot: Count
    id: Count
    state: Code
    since: Day
    luck: Luck


class Network(NamedTuple):
    """Tables of a network: what the functions of ``sim.institutions`` read of a system."""

    nation: Any
    people: Any
    queues: Any
    links: Any
    last_page: Any
    pages: Any
    keys: Any


def lasts(network: Network, person: Person, what: int, mean: float, late: float) -> int:
    """Ticks to the end of an exponential time of a person, one at least, that begins ``late`` ticks after the tick began."""
    luck = uniform_of(network.keys[what], person.luck, 0)
    return max(1, int(0.5 + late - log(1.0 - luck) * mean * TICKS))


def take(network: Network, person: Person, late: float) -> None:
    """Give a place at the first stage; without a mean care, the first stage is the hearing (M/M/c)."""
    nation = network.nation
    nation.held += 1
    nation.taken += 1
    nation.waited += nation.day - person.since
    person.state = CARED
    if nation.care > 0.0:
        schedule(network, nation.day + lasts(network, person, CARE, nation.care, late), READY, person)
    else:
        hear(network, person, late)


def hear(network: Network, person: Person, late: float) -> None:
    """Begin a hearing."""
    network.nation.busy += 1
    person.state = AT_HEARING
    schedule(network, network.nation.day + lasts(network, person, HEARING, 1.0, late), HEARD, person)


def depart(network: Network, person: Person) -> None:
    """Give the first place back, to whoever has waited longest."""
    person.state = GONE
    network.nation.held -= 1
    slot = network.queues[FOR_CARE].first
    if slot != NOBODY:
        follower = network.people[slot]
        leave_queue(network, FOR_CARE, follower)
        take(network, follower, 0.0)


def finish(network: Network, person: Person) -> None:
    """End a hearing; the next one begins."""
    nation = network.nation
    nation.busy -= 1
    nation.served += 1
    slot = network.queues[FOR_JUDGE].first
    if slot != NOBODY:
        follower = network.people[slot]
        leave_queue(network, FOR_JUDGE, follower)
        hear(network, follower, 0.0)
    depart(network, person)


def ask_judge(network: Network, person: Person) -> None:
    """The file is ready: a hearing begins, or the person is listed; nothing if the sentence has ended."""
    if person.state != CARED:
        return
    if network.nation.busy < network.nation.busy_most:
        hear(network, person, 0.0)
    else:
        person.state = LISTED
        enqueue(network, FOR_JUDGE, FOR_JUDGE, person)


def end_sentence(network: Network, person: Person) -> None:
    """The sentence ends: whoever is not being heard leaves."""
    nation = network.nation
    if person.state == WAITING:
        leave_queue(network, FOR_CARE, person)
        person.state = GONE
        nation.waited += nation.day - person.since
        nation.left += 1
    elif person.state == CARED or person.state == LISTED:
        leave_queue(network, FOR_JUDGE, person)
        nation.left += 1
        depart(network, person)


def arrive(network: Network, person: Person) -> None:
    """Come, date the end of the sentence, and ask."""
    nation = network.nation
    person.since = nation.day
    if nation.patience > 0.0:
        schedule(network, nation.day + lasts(network, person, PATIENCE, nation.patience, 0.5), LEAVES, person)
    if nation.held < nation.held_most:
        take(network, person, 0.5)
    else:
        person.state = WAITING
        nation.had_to_wait += 1
        enqueue(network, FOR_CARE, FOR_CARE, person)


def announce(network: Network) -> None:
    """Date every arrival."""
    for person in network.people:
        schedule(network, person.since, ARRIVES, person)


def live(network: Network, first: int) -> None:
    """Live the ticks of a unit of time."""
    nation = network.nation
    for tick in range(first, first + TICKS):
        nation.day = tick
        for slot in take_due(network, HEARD):
            finish(network, network.people[slot])
        for slot in take_due(network, READY):
            ask_judge(network, network.people[slot])
        for slot in take_due(network, LEAVES):
            end_sentence(network, network.people[slot])
        for slot in take_due(network, ARRIVES):
            arrive(network, network.people[slot])


def build(number: int, *, rate: float, first: int, second: int, care: float, patience: float, seed: int = 1) -> Network:
    """Make a network of so many arrivals, not begun: arrivals a unit of time, places of each stage, mean care, patience."""
    draws = Draws(seed, 0)
    people: Any = np.zeros(number, dtype=fields_of(Person)).view(np.recarray)
    people.slot = people.id = np.arange(number)
    people.luck = draws.luck(np.arange(number))
    gaps = -np.log1p(-draws.uniform("arrival", np.arange(number))) / rate
    people.since = np.floor(np.cumsum(gaps) * TICKS).astype(np.int64)
    # Until the last has left, as long after as nobody stays.
    end = TICKS * (ceil(people.since[-1] / TICKS) + 40 * ceil(max(1.0, care, patience)))
    nation: Any = np.zeros(1, dtype=fields_of(NationalTotals)).view(np.recarray)[0]
    nation.end_day, nation.rate, nation.care, nation.patience = end, rate, care, patience
    nation.held_most, nation.busy_most = first, second
    # A page for each arrival, which has its own tick most often, and for what the few who are there have before them.
    pages = in_lines((number + 4_096) * PAGE, np.int64).reshape(-1, PAGE)
    pages[:, 0] = np.arange(1, len(pages) + 1)
    pages[-1, 0] = -1
    nation.pages_left = len(pages)
    queues: Any = np.zeros(2, dtype=fields_of(Queue)).view(np.recarray)
    queues.first = queues.last = NOBODY
    links: Any = np.zeros((number, 2), dtype=fields_of(QueueLink)).view(np.recarray)
    links.queue = links.before = links.after = NOBODY
    last_page = np.full((4, end), NOBODY, dtype=np.int32)
    keys = np.array([draws.key(name) for name in ("arrival", "care", "hearing", "patience")], dtype=np.uint64)
    return Network(nation, people, queues, links, last_page, pages, keys)


def units(env: simpy.Environment, network: Network) -> Generator[simpy.Event, None, None]:
    """Live unit after unit."""
    live_unit = compiled(live)
    for first in range(0, int(network.nation.end_day), TICKS):
        live_unit(network, first)
        yield env.timeout(1)


def run(network: Network) -> None:
    """Live a network, its acts compiled, its clock SimPy's."""
    compiled(announce)(network)
    env = simpy.Environment()
    env.process(units(env, network))
    env.run()


def mean_wait(network: Network) -> float:
    """Mean wait for the first place, in units of time, over all arrivals, who came in the middle of a tick."""
    nation, number = network.nation, len(network.people)
    return (int(nation.waited) - 0.5 * int(nation.had_to_wait)) / number / TICKS
