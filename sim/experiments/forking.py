"""Arms that share their past: one run up to the day they part, then one future each, the bytes of separate runs.

Two arms of one draw and one replication live the same days until the first day on which something differs between
them: a value, a text of law, a policy. The process that runs them simulates those days once, then *forks*: the system
is copied by the operating system (copy on write, a few milliseconds), and the copy goes on under its own scenario.
Nothing is written out or read back, so nothing can be lost on the way. A Dask worker has threads, which a fork would not
carry: it hands families to a process of its own without any. Where the system cannot fork (Windows), arms are run apart.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
from dataclasses import fields
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sim.dates import first_of_month
from sim.experiments.units import Failure, finish_unit, forget_peak, other_code, run_unit
from sim.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sim.experiments.units import Unit
    from sim.records.tables import Records
    from sim.simulation.run import Trunk
    from sim.timeline import Timeline

    OnMonth = Callable[[Unit, int], None]


def parting_day(one: Scenario, other: Scenario) -> int:
    """First day of the month in which two scenarios begin to differ in what the engine reads.

    The first of the month, because a month's entrants are drawn then. The first day of the run when they can share
    nothing, the last when they differ in nothing.
    """
    start, end = one.start_day, one.end_day
    frame = (end, one.sampling_fraction)
    if start != other.start_day or frame != (other.end_day, other.sampling_fraction):
        return start
    if one.establishments != other.establishments:  # the tables of a run have a row for each from the first day on
        return start
    mine, theirs = one.parameters(), other.parameters()
    if mine.keys() != theirs.keys():
        return start
    days = [end]
    for path, leaf in mine.items():
        if leaf.timeline != theirs[path].timeline:
            days.append(_first_difference(leaf.timeline, theirs[path].timeline, start, end))
    days += [a.on_day for a in one.amendments if a not in other.amendments]
    days += [a.on_day for a in other.amendments if a not in one.amendments]
    days += [c.on_day for c in one.changes if c.place is not None and c not in other.changes]
    days += [c.on_day for c in other.changes if c.place is not None and c not in one.changes]
    days += [p.on_day for p in one.policies if p not in other.policies]
    days += [p.on_day for p in other.policies if p not in one.policies]
    day = max(start, first_of_month(min(days)))
    for scenario in (one, other):
        # Two policies may act at one instant, in the order they were begun in; a fork could begin them in another.
        if len(scenario.policies) > 1 and any(policy.on_day < day for policy in scenario.policies):
            return start
    return day


def _first_difference(one: Timeline[Any], other: Timeline[Any], start: int, end: int) -> int:
    days = sorted({start, *one.days, *other.days})
    return next((day for day in days if start <= day <= end and one.at(day) != other.at(day)), end)


def families(units: Sequence[Unit], *, fork: bool, workers: int = 1) -> list[tuple[Unit, ...]]:
    """Group units into tasks: with ``fork``, the arms of one draw and replication that share some past.

    The first arm of a family is the one whose past is lived; the others leave it in order of their parting days. Where there
    are fewer families than ``workers``, families are cut, so that everybody works: some of the past is then lived twice.
    """
    if not fork or not hasattr(os, "fork"):
        return [(unit,) for unit in units]
    groups: dict[tuple[object, ...], list[Unit]] = {}
    for unit in units:
        groups.setdefault((unit.draw, unit.replication, unit.seed, unit.keep_events), []).append(unit)
    # Scenarios are few and units many: which arms part on which day is asked once for each pair.
    known: dict[tuple[int, int], int] = {}
    tasks = []
    parts = -(-workers // max(1, len(groups)))
    cut = [group[start : start + size] for group in groups.values() for size, start in _cuts(len(group), parts)]
    for group in cut:
        trunk = group[0]
        branches: list[tuple[int, Unit]] = []
        alone: list[tuple[int, Unit]] = []
        for unit in group[1:]:
            pair = (id(trunk.scenario), id(unit.scenario))
            day = known.setdefault(pair, parting_day(trunk.scenario, unit.scenario))
            (branches if day > trunk.scenario.start_day else alone).append((day, unit))
        tasks.append((trunk, *(unit for _, unit in sorted(branches, key=lambda pair: pair[0]))))
        tasks += [(unit,) for _, unit in alone]
    return tasks


def _cuts(size: int, parts: int) -> Iterator[tuple[int, int]]:
    """Sizes and starts of nearly equal parts, none of them empty."""
    ends = [size * part // parts for part in range(parts + 1)]
    yield from ((end - start, start) for start, end in pairwise(ends) if end > start)


def run_task(task: tuple[Unit, ...], on_month: OnMonth) -> Iterator[tuple[Unit, Failure | float]]:
    """Run the units of a task, and give each with its seconds or its failure as it ends.

    A unit whose process dies is not given at all: whoever asked sees that it is missing, and asks again.
    """
    if len(task) == 1:
        (unit,) = task
        yield unit, run_unit(unit, partial(on_month, unit))
        return
    yield from _run_family(task, on_month)


class ReadTracking(Scenario):
    """A scenario that remembers which values were read once for the whole run.

    Such a value may not change during the run: a scenario in which it does is refused when it is read. An arm that takes
    over after the reading is asked the same question then, and refused in the same words.
    """

    @classmethod
    def of(cls, scenario: Scenario) -> ReadTracking:
        """Return a copy that tracks."""
        tracking = cls(**{field.name: getattr(scenario, field.name) for field in fields(scenario) if field.init})
        object.__setattr__(tracking, "read_once", {})
        return tracking

    def _steady(self, path: str, timeline: Timeline[Any]) -> Any:
        self.read_once[path] = None  # type: ignore[attr-defined]
        return super()._steady(path, timeline)

    def check(self, arm: Scenario) -> None:
        """Raise what ``arm`` would have raised, had it been read from the first day on."""
        for path in self.read_once:  # type: ignore[attr-defined]
            if path in arm.leaves:
                arm._steady(path, arm.leaves[path].timeline)  # noqa: SLF001 (a Scenario asks a Scenario)
            else:
                arm.number(path)


def _run_family(task: tuple[Unit, ...], on_month: OnMonth) -> Iterator[tuple[Unit, Failure | float]]:
    from sim.simulation.run import Trunk, paused_garbage_collection  # noqa: PLC0415 (the engine)

    first = task[0]
    refused = other_code(first)
    if refused is not None:
        yield first, refused
        return
    speaker = [first]

    def tell(day: int) -> None:
        on_month(speaker[0], day)

    order = sorted(task[1:], key=lambda unit: parting_day(first.scenario, unit.scenario))
    days = [parting_day(first.scenario, unit.scenario) for unit in order]
    began = time.perf_counter()
    spent = 0.0  # on the futures of the arms that have left: no cost of those that are left
    forget_peak()
    world = ReadTracking.of(first.scenario)
    with paused_garbage_collection():
        try:
            trunk = Trunk(world, first.seed, first.replication, keep_events=first.keep_events, on_month=tell)
            for unit, day in zip(order, days, strict=True):
                trunk.advance_to(day)
                left = time.perf_counter()
                yield from _in_a_fork(unit, trunk, world, speaker, began + spent)
                spent += time.perf_counter() - left
        except GeneratorExit:
            raise
        except Exception:  # noqa: BLE001 (the trunk's own mistake: it is told by running each arm for itself)
            for unit in task:
                speaker[0] = unit
                yield unit, run_unit(unit, tell)
            return
        # The trunk's own future is a fork too, so that this process never starts the threads of Arrow, which the next
        # family's forks would not carry over.
        yield from _in_a_fork(first, trunk, world, speaker, began + spent)


def _in_a_fork(
    unit: Unit, trunk: Trunk, world: ReadTracking, speaker: list[Unit], began: float
) -> Iterator[tuple[Unit, Failure | float]]:
    ours, theirs = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if not child:
        # Nothing but the answer may leave this process: no clean-up of the parent's, no exception into its frames.
        try:
            os.close(ours)
            _end_with(parent)
            speaker[0] = unit

            def future() -> Records:
                world.check(unit.scenario)
                records = trunk.branch(unit.scenario)
                _end_with(parent)
                return records

            answer = pickle.dumps(finish_unit(unit, future, began))
            while answer:
                answer = answer[os.write(theirs, answer) :]
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    if answer:
        yield unit, pickle.loads(answer)  # noqa: S301 (written by our own child)


def _end_with(parent: int) -> None:
    """Let this process end with its parent: an arm whose worker died is given to another, and must not be saved by both.

    Linux sees to it at any moment; elsewhere it is asked before the arm begins and before it is saved.
    """
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


_PR_SET_PDEATHSIG = 1
