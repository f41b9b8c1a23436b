"""Little's law on every queue of a run, and on the cells: people there are flow times stay, whoever the queue belongs to.

Number waiting and waits come from different hands. *L* is the length the institutions keep of each line, every night, or what
the monthly census wrote down. *λ* and *W* come from people: a watcher sees each of them join and leave, and the wait is that
of their own dates (enrolled, listed, due). Over a span of days the law holds exactly in its sample-path form, with the
part of each wait that falls in the span (Little 1961; Stidham 1974); what is left is error: of lines, of dates, of the census.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest

from sim.institutions.clock import COMMITTALS, wait_until
from sim.institutions.prisons import QuarterKind
from sim.institutions.queues import QueueKind
from sim.population.person import FileState
from sim.records.codes import Status, WaitingList
from sim.simulation.queue_census import Lists
from sim.simulation.run import assemble, paused_garbage_collection
from tests.worlds import scenario

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from sim.institutions.world import World

pytestmark = pytest.mark.nightly

NIGHT = COMMITTALS + 1 / 16
"""When the lines are looked at: after everything a day holds."""
SINCE = {
    QueueKind.COUNSELLOR: "enrolled_day",
    QueueKind.HEARING: "list_day",
    QueueKind.PLACE: "place_wanted_day",
    QueueKind.TRANSFER: "",
    QueueKind.SUPPORT: "",
    QueueKind.LODGING: "lodging_since_day",
    QueueKind.JOB: "work_since_day",
    QueueKind.CARE: "care_since_day",
}
"""The person's own date from which they are in a line of each kind. Transfers have none: the day they were first seen in it.
Nor have open files, which are put down when a counsellor leaves and taken up again."""
FILES = max(WaitingList) + 1
CELLS = FILES + 1
QUEUES = {code.name: int(code) for code in WaitingList} | {"FILES": FILES, "CELLS": CELLS}
LODGING = {"practices.lodging.asked_share": 0.7, "practices.work.asking_share": 0.75, "practices.care.asking_share": 0.75}
"""Places to live in, jobs and care are asked for, which they are not in the frozen world."""
CHAMBER, CELL, FILE = -1, -2, -3
"""Kinds of "line" that are none of the engine's: who has seized the chamber, who sleeps in a cell, whose file is open."""


class Spells(NamedTuple):
    """Waits seen: the queue, its first day and the day it was over, one array each."""

    queue: Any
    since: Any
    until: Any


class Watcher:
    """Looks at every line each night, and says who has left since the night before."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.queue_of = Lists(world).code
        self.before: dict[int, tuple[Any, Any]] = {}
        self.found: list[tuple[Any, Any, Any]] = []
        self.length = np.zeros((world.end_day - world.start_day, len(QUEUES)), dtype=np.int64)

    def watch(self) -> Generator[Any, None, None]:
        """Look each night of the run."""
        for day in range(self.world.start_day, self.world.end_day):
            yield wait_until(self.world, day, NIGHT)
            self.look(day)

    def look(self, day: int) -> None:
        """Take the lengths of the lines, and whoever left one."""
        state: Any = self.world.state
        named = self.queue_of >= 0
        lengths = np.bincount(self.queue_of[named], weights=state.queues.length[named], minlength=len(QUEUES))
        people = state.people
        seized = (people.file == FileState.SEIZED) & (people.id >= 0)
        in_cell = np.isin(people.status, (Status.REMAND, Status.SENTENCED)) & (people.id >= 0)
        lengths[WaitingList.CHAMBER] = seized.sum()
        lengths[FILES] = state.offices.active.sum()
        lengths[CELLS] = state.quarters.remand.sum() + state.quarters.sentenced.sum() - state.nation.inside
        moved = state.quarters.kind[people.quarter] != QuarterKind.MA
        for kind, since in SINCE.items():
            line = state.links["queue"][:, kind]
            if kind in (QueueKind.TRANSFER, QueueKind.SUPPORT):
                # Whoever one transfer line has moved is struck off the other when their turn comes: they wait no more.
                gone = line[(line >= 0) & moved]
                lengths -= np.bincount(self.queue_of[gone], minlength=len(QUEUES))
                line = np.where(moved, -1, line)
            self._compare(kind, line, people[since] if since else None, day)
        self._compare(CHAMBER, np.where(seized, 0, -1), None, day)
        self._compare(FILE, np.where((people.file == FileState.OPEN) & (people.id >= 0), people.site, -1), None, day)
        self._compare(CELL, np.where(in_cell, 0, -1), None, day)
        self.length[day - self.world.start_day] = lengths

    def _compare(self, kind: int, line: Any, dates: Any, day: int) -> None:
        here = np.array(line)
        was, since = self.before.get(kind, (np.zeros(0, dtype=here.dtype), np.zeros(0, dtype=np.int64)))
        grown = len(here) - len(was)
        was, since = np.append(was, np.full(grown, -1, dtype=was.dtype)), np.append(since, np.full(grown, -1))
        now = np.where(here == was, since, day) if dates is None else dates.astype(np.int64)
        left = np.flatnonzero((was >= 0) & ((here != was) | (now != since)))
        self._over(kind, was[left], since[left], day)
        self.before[kind] = (here, np.where(here >= 0, now, -1))

    def _over(self, kind: int, line: Any, since: Any, day: int) -> None:
        own = {CHAMBER: int(WaitingList.CHAMBER), CELL: CELLS, FILE: FILES}
        queue = np.full(len(line), own[kind]) if kind in own else self.queue_of[line]
        self.found.append((queue, since, np.full(len(line), day)))

    def spells(self) -> Spells:
        """Every wait, those still under way ending with the run."""
        for kind, (line, since) in self.before.items():
            still = np.flatnonzero(line >= 0)
            self._over(kind, line[still], since[still], self.world.end_day)
        self.before = {}
        return Spells(*(np.concatenate(column) for column in zip(*self.found, strict=True)))


class Law(NamedTuple):
    """Both sides of the law for one queue."""

    nights: int
    """Lengths of its lines, added up over the nights."""
    census: list[int]
    """Number at each monthly census, as the records have it."""
    before: list[int]
    """Length of its lines the night before each."""
    flow: float
    wait: float
    days: int
    """Days its people waited, added up: flow × wait × days of the span."""
    waits: int


def lived(fraction: float, end: str, years: int, **means: float) -> tuple[int, Mapping[str, Law]]:
    """Little's law in a run of the baseline over its last years: days of that span, and the two sides for each queue."""
    spec = scenario(
        end=end,
        fraction=fraction,
        overrides={**LODGING, **{f"means.placements.{name}": value for name, value in means.items()}},
    )
    with paused_garbage_collection():
        world = assemble(spec, seed=3, replication=0)
        watcher = Watcher(world)
        world.env.process(watcher.watch())
        world.env.run()
    stop = world.end_day
    start = stop - round(years * 365.25)
    spells, span = watcher.spells(), stop - start
    census, before = _censuses(world, watcher, start)
    inside = np.minimum(spells.until, stop) - np.maximum(spells.since, start)
    nights = watcher.length[start - world.start_day :].sum(axis=0)
    found = {}
    for name, code in QUEUES.items():
        mine = (spells.queue == code) & (inside > 0)
        days, number = int(inside[mine].sum()), int(mine.sum())
        told = census[:, code].tolist(), before[:, code].tolist()
        found[name] = Law(int(nights[code]), *told, number / span, days / max(number, 1), days, number)
    return span, found


def _censuses(world: World, watcher: Watcher, start: int) -> tuple[Any, Any]:
    """Number on each list at each census after a day, as the records have it, and the length of its lines the night before."""
    lists, services, nation = (world.records.tables[name].array() for name in ("lists", "services", "nation"))
    days = np.unique(services["day"][services["day"] > start])
    counted = np.zeros((len(days), len(QUEUES)), dtype=np.int64)
    for row, day in enumerate(days):
        mine = lists[lists["day"] == day]
        counted[row] = np.bincount(mine["list"], weights=mine["waiting"], minlength=len(QUEUES))
        counted[row, FILES] = services["files_open"][services["day"] == day].sum()
        held = nation[nation["day"] == day]
        counted[row, CELLS] = (held["remand"] + held["sentenced"]).sum()
    return counted, watcher.length[days - 1 - world.start_day]


def test_every_line_is_as_long_as_its_people_wait() -> None:
    """Every queue of a thirtieth of the country, to the day: lengths kept by institutions, waits by people's own dates.

    With fewer tags and external places than are wanted: the baseline has more, and nearly nobody waits for one.
    """
    span, found = lived(0.03, "2024-12-31", 2, devices=13_500, external_places=500)
    for name, law in found.items():
        assert law.waits > 10, name
        assert law.nights == law.days, name
        assert law.nights / span == pytest.approx(law.flow * law.wait), name
        assert law.census == law.before, name


@pytest.mark.slow
def test_every_line_of_the_country_is_as_long_as_its_people_wait() -> None:
    """The whole country over three years, to the day; and each monthly census is what the lines held the night before.

    With half the external places of the baseline, where nearly nobody waits for one; nobody at all waits for a tag.
    """
    span, found = lived(1.0, "2025-12-31", 3, external_places=500)
    assert found.pop("DEVICE").waits == 0
    for name, law in found.items():
        assert law.waits > 500, name
        assert law.nights == law.days, name
        assert law.nights / span == pytest.approx(law.flow * law.wait), name
        assert len(law.census) == 36, name
        assert law.census == law.before, name
