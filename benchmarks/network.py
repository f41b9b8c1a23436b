"""Two queueing networks on the engine's own machinery: the lines, the register and the compiled twins of ``sim.institutions``.

``mmc`` is M/M/c; ``caseload`` is a counsellor's caseload held through a hearing, by people who leave when their sentence ends
while they wait. Time is in ticks, which play the part of the days of a run; durations are rounded to whole ticks, one at least.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.compiling import compiled, fields_of
from sim.institutions.lines import NOBODY, Line, Link, join, quit_line
from sim.institutions.register import Dated, date_step, due
from sim.randomness import Draws, uniform_of

if TYPE_CHECKING:
    from sim.compiling import Code, Count, Day, Luck

TICKS = 200
"""Ticks in a mean service of the second stage."""
ARRIVES, LEAVES, READY, HEARD = range(4)
FOR_CARE, FOR_JUDGE = range(2)
ARRIVAL, CARE, HEARING, PATIENCE = range(4)
WAITING, CARED, LISTED, AT_HEARING, GONE = range(5)


class Nation:
    """The clock and what is counted."""

    day: Day
    start_day: Day
    end_day: Day
    free_entry: Count
    entries_left: Count
    applied: int
    held: Count
    busy: Count
    held_most: Count
    busy_most: Count
    waited: int
    had_to_wait: int
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
    lines: Any
    links: Any
    heads: Any
    dated: Any
    keys: Any


def lasts(network: Network, person: Person, what: int, mean: float) -> int:
    """Exponential time of a person, in ticks, one at least."""
    return max(1, int(0.5 - log(1.0 - uniform_of(network.keys[what], person.luck, 0)) * mean * TICKS))


def take(network: Network, person: Person) -> None:
    """Give a place at the first stage; without a mean care, the first stage is the hearing (M/M/c)."""
    nation = network.nation
    nation.held += 1
    nation.waited += nation.day - person.since
    person.state = CARED
    if nation.care > 0.0:
        date_step(network, nation.day + lasts(network, person, CARE, nation.care), READY, person)
    else:
        hear(network, person)


def hear(network: Network, person: Person) -> None:
    """Begin a hearing."""
    network.nation.busy += 1
    person.state = AT_HEARING
    date_step(network, network.nation.day + lasts(network, person, HEARING, 1.0), HEARD, person)


def depart(network: Network, person: Person) -> None:
    """Give the first place back, to whoever has waited longest."""
    person.state = GONE
    network.nation.held -= 1
    slot = network.lines[FOR_CARE].first
    if slot != NOBODY:
        follower = network.people[slot]
        quit_line(network, FOR_CARE, follower)
        take(network, follower)


def finish(network: Network, person: Person) -> None:
    """End a hearing; the next one begins."""
    nation = network.nation
    nation.busy -= 1
    nation.served += 1
    slot = network.lines[FOR_JUDGE].first
    if slot != NOBODY:
        follower = network.people[slot]
        quit_line(network, FOR_JUDGE, follower)
        hear(network, follower)
    depart(network, person)


def lose_patience(network: Network, person: Person) -> None:
    """The sentence ends: who waits, leaves."""
    if person.state == WAITING:
        quit_line(network, FOR_CARE, person)
        person.state = GONE
        network.nation.left += 1
    elif person.state == LISTED:
        quit_line(network, FOR_JUDGE, person)
        network.nation.left += 1
        depart(network, person)


def arrive(network: Network, person: Person) -> None:
    """Come, date the end of the sentence, and ask."""
    nation = network.nation
    person.since = nation.day
    if nation.patience > 0.0:
        date_step(network, nation.day + lasts(network, person, PATIENCE, nation.patience), LEAVES, person)
    if nation.held < nation.held_most:
        take(network, person)
    else:
        person.state = WAITING
        nation.had_to_wait += 1
        join(network, FOR_CARE, FOR_CARE, person)


def live(network: Network) -> None:
    """Live every tick."""
    nation = network.nation
    for person in network.people:
        date_step(network, person.since, ARRIVES, person)
    for tick in range(nation.start_day, nation.end_day):
        nation.day = tick
        for slot in due(network, HEARD):
            finish(network, network.people[slot])
        for slot in due(network, READY):
            person = network.people[slot]
            if nation.busy < nation.busy_most:
                hear(network, person)
            else:
                person.state = LISTED
                join(network, FOR_JUDGE, FOR_JUDGE, person)
        for slot in due(network, LEAVES):
            lose_patience(network, network.people[slot])
        for slot in due(network, ARRIVES):
            arrive(network, network.people[slot])


def build(number: int, *, rate: float, first: int, second: int, care: float, patience: float, seed: int = 1) -> Network:
    """Make a network of so many arrivals, not begun: arrivals a unit of time, places of each stage, mean care, patience."""
    draws = Draws(seed, 0)
    people: Any = np.zeros(number, dtype=fields_of(Person)).view(np.recarray)
    people.slot = people.id = np.arange(number)
    people.luck = draws.luck(np.arange(number))
    gaps = -np.log1p(-draws.uniform("arrival", np.arange(number))) / rate
    people.since = np.floor(np.cumsum(gaps) * TICKS).astype(np.int64)
    end = int(people.since[-1]) + 60 * TICKS * int(max(1.0, care))
    nation: Any = np.zeros(1, dtype=fields_of(Nation)).view(np.recarray)[0]
    nation.end_day, nation.rate, nation.care, nation.patience = end, rate, care, patience
    nation.held_most, nation.busy_most = first, second
    dated: Any = np.zeros(3 * number + 64, dtype=fields_of(Dated)).view(np.recarray)
    dated.after = np.arange(1, len(dated) + 1)
    dated.after[-1] = -1
    nation.entries_left = len(dated)
    lines: Any = np.zeros(2, dtype=fields_of(Line)).view(np.recarray)
    lines.first = lines.last = NOBODY
    links: Any = np.zeros((2, number), dtype=fields_of(Link)).view(np.recarray)
    links.line = links.before = links.after = NOBODY
    heads = np.full((4, end), NOBODY, dtype=np.int32)
    keys = np.array([draws.key(name) for name in ("arrival", "care", "hearing", "patience")], dtype=np.uint64)
    return Network(nation, people, lines, links, heads, dated, keys)


def run(network: Network) -> None:
    """Live a network, compiled."""
    compiled(live)(network)
