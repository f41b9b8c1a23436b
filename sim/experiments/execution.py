"""Who runs the units: this process, local worker processes, or a Dask cluster. The bytes are the same.

A *task* is a tuple of units that may share their past (:mod:`sim.experiments.forking`); alone, a unit is a task of one.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import wait
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from sim.errors import RequestError
from sim.experiments.forking import families, run_task
from sim.experiments.readiness import precompile
from sim.experiments.units import Failure, unforeseen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from sim.experiments.progress import Listener
    from sim.experiments.units import Unit

    OnResult = Callable[[Unit, Failure | float], None]
    Task = tuple[Unit, ...]

BackendKind = Literal["local", "serial", "dask"]
BACKENDS: tuple[BackendKind, ...] = ("local", "serial", "dask")

ATTEMPTS = 3
"""How often a unit is begun when the process that runs it dies under it."""


@dataclass(frozen=True)
class Backend:
    """What there is to run units with."""

    workers: int | None = None
    """Processes at work; by default one per core."""
    backend: BackendKind = "local"
    address: str | None = None
    """Scheduler of a Dask cluster, ``tcp://…``; without one a cluster is started on this machine."""
    memory_mb: int | None = None
    """Most private memory of one worker process; the unit that asks for more fails, and the others go on."""

    def checked(self) -> Backend:
        """Return the same, the number of workers filled in.

        Raises
        ------
        RequestError
            If a number or the back end makes no sense.
        """
        if self.workers is not None and self.workers < 1:
            msg = f"--workers: met {self.workers}, expected 1 or more (leave it out for one per core)."
            raise RequestError(msg)
        if self.backend not in BACKENDS:
            msg = f"--backend: met {self.backend!r}, expected one of {', '.join(BACKENDS)}."
            raise RequestError(msg)
        if self.address is not None and self.backend != "dask":
            msg = f"--address: only --backend dask has one, met --backend {self.backend}."
            raise RequestError(msg)
        if self.memory_mb is not None and self.memory_mb < 64:
            msg = f"--memory: met {self.memory_mb} MB, expected 64 or more (Python and NumPy alone need that)."
            raise RequestError(msg)
        if self.memory_mb is not None and self.backend == "serial":
            msg = "--memory: bounds worker processes, and --backend serial has none. Leave one of the two out."
            raise RequestError(msg)
        if self.memory_mb is not None and self.address is not None:
            msg = "--memory: workers of a cluster are bounded where they are started: dask worker --memory-limit."
            raise RequestError(msg)
        return Backend(self.workers or cores(), self.backend, self.address, self.memory_mb)


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def execute(units: Sequence[Unit], means: Backend, listener: Listener, on_result: OnResult, *, fork: bool = False) -> None:
    """Run every unit; ``on_result`` is told each one's seconds or failure, in the order they end.

    With ``fork`` arms share their past.

    After a failure that stops (a full disk), no further task is begun and the units left are not told.
    """
    means = means.checked()
    if not units:
        return
    if means.backend == "dask":
        from sim.experiments.cluster import run_on_dask  # noqa: PLC0415 (distributed: 1 s, and an extra of the package)

        run_on_dask(units, means, on_result, fork=fork)
        return
    precompile(listener)
    tasks = families(units, fork=fork, workers=1 if means.backend == "serial" else means.workers or 1)
    # This process may have threads by now (Arrow's), which forks would not carry over: only a fresh worker forks.
    alone = means.memory_mb is None and all(len(task) == 1 for task in tasks)
    if means.backend == "serial" or (alone and (means.workers == 1 or len(tasks) == 1)):
        _run_here(tasks, listener, on_result)
    else:
        _Pool(tasks, means, listener, on_result).run()


def _run_here(tasks: Sequence[Task], listener: Listener, on_result: OnResult) -> None:
    for task in tasks:
        stopped = False
        for unit, result in run_task(task, lambda unit, day: listener.month(unit.name, day)):
            on_result(unit, result)
            stopped |= isinstance(result, Failure) and result.stops
        if stopped:
            return


class _Worker:
    """A process that runs tasks, and the pipe to it.

    Each has a pipe of its own: when one dies it is known which task it held, and nobody else is touched (a process pool
    of the standard library breaks as a whole).
    """

    def __init__(self, memory_mb: int | None) -> None:
        # Fresh processes, not forks: a fork would carry the locks of the parent's threads (Arrow's) in an unknown state.
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, memory_mb))
        with _main_left_alone():
            self.process.start()
        theirs.close()
        self.left: dict[int, Unit] = {}
        """Units of the task in hand that are not settled, by position."""

    def give(self, task: Task) -> None:
        self.pipe.send(task)
        self.left = dict(enumerate(task))

    def stop(self) -> None:
        self.process.terminate()
        self.process.join()
        self.pipe.close()


@contextmanager
def _main_left_alone() -> Iterator[None]:
    """Start a process that does not import the program that starts it.

    ``multiprocessing`` has a fresh process run the main module again, which a worker has no use for: a script without
    ``if __name__ == "__main__":`` would then ask each worker for its own runs, and one read from standard input would not be
    found.
    """
    with _MAIN:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


_MAIN = Lock()


class _Pool:
    """Local worker processes at work on a list of tasks."""

    def __init__(self, tasks: Sequence[Task], means: Backend, listener: Listener, on_result: OnResult) -> None:
        self.tasks = deque(tasks)
        self.means = means
        self.listener = listener
        self.on_result = on_result
        self.attempts: dict[tuple[str, int], int] = {}
        self.idle: list[_Worker] = []
        self.busy: dict[Connection[Any, Any], _Worker] = {}
        self.stopped = False

    def run(self) -> None:
        try:
            while self.busy or (self.tasks and not self.stopped):
                self._hand_out()
                self._listen()
        finally:
            # Also on Ctrl-C (workers ignore it). A unit is saved whole or not at all: stopping one loses only it.
            for worker in (*self.idle, *self.busy.values()):
                worker.stop()

    def _hand_out(self) -> None:
        while self.tasks and not self.stopped and len(self.busy) < (self.means.workers or 1):
            task = self.tasks.popleft()
            worker = self.idle.pop() if self.idle else _Worker(self.means.memory_mb)
            try:
                worker.give(task)
            except OSError:  # it died while idle: no fault of the task
                worker.stop()
                self.tasks.appendleft(task)
                continue
            except Exception as problem:  # noqa: BLE001 (a scenario that cannot be sent)
                self.idle.append(worker)
                for unit in task:
                    self._settle(unit, unforeseen(unit, problem))
                continue
            for unit in task:
                self.attempts[unit.key] = self.attempts.get(unit.key, 0) + 1
            self.busy[worker.pipe] = worker

    def _listen(self) -> None:
        ends: dict[Any, _Worker] = dict(self.busy)
        ends |= {worker.process.sentinel: worker for worker in self.busy.values()}
        ready = wait(list(ends), timeout=1.0)
        for worker in {id(ends[end]): ends[end] for end in ready}.values():
            self._hear(worker)

    def _hear(self, worker: _Worker) -> None:
        try:
            while worker.pipe.poll():
                word, position, value = worker.pipe.recv()
                if word == "month":
                    self.listener.month(worker.left[position].name, value)
                elif word == "settled":
                    self._settle(worker.left.pop(position), value)
                else:
                    del self.busy[worker.pipe]
                    self.idle.append(worker)
                    self._again(worker)
                    return
        except (EOFError, OSError):
            self._bury(worker)
            return
        if not worker.process.is_alive():
            self._bury(worker)

    def _bury(self, worker: _Worker) -> None:
        del self.busy[worker.pipe]
        worker.stop()
        self._again(worker)

    def _again(self, worker: _Worker) -> None:
        """Take units whose process died back into the queue, unless they have been tried often enough."""
        again = []
        for unit in worker.left.values():
            if self.attempts[unit.key] < ATTEMPTS:
                again.append(unit)
            else:
                message = (
                    f"a worker process died (killed, or out of memory) {ATTEMPTS} times over; the units that are "
                    f"finished are kept. Ask again with fewer --workers."
                )
                self._settle(unit, Failure(unit.name, message, "", mendable=False))
        worker.left = {}
        if again:
            self.tasks.append(tuple(again))

    def _settle(self, unit: Unit, result: Failure | float) -> None:
        self.stopped |= isinstance(result, Failure) and result.stops
        self.on_result(unit, result)


def serve(pipe: Connection[Any, Any], memory_mb: int | None = None) -> None:
    """Run tasks until the pipe closes: the life of a worker. It ends with the command, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A pipe whose reader is gone raises here; a broken run must not leave a worker behind.
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        bound_memory(memory_mb)
        while True:
            task: Task = pipe.recv()
            positions = {id(unit): position for position, unit in enumerate(task)}
            tell = partial(_tell_month, pipe, positions)
            for unit, result in run_task(task, tell):
                pipe.send(("settled", positions[id(unit)], result))
            pipe.send(("end", -1, None))


def _tell_month(pipe: Connection[Any, Any], positions: dict[int, int], unit: Unit, day: int) -> None:
    pipe.send(("month", positions[id(unit)], day))


def bound_memory(memory_mb: int | None) -> None:
    """Refuse this process more private memory than that, where the system can (POSIX): the request then fails."""
    if memory_mb is None:
        return
    try:
        import resource  # noqa: PLC0415 (absent on Windows)
    except ImportError:
        return
    size = memory_mb * 1024 * 1024
    # Data, not address space: Arrow and BLAS reserve gigabytes of addresses that they never touch.
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
