"""Many replications, side by side: each is its own world of luck, saved by the process that ran it.

A *unit* is one replication of one scenario. It depends on nothing but the scenario, the seed and its number: units may
be run in any order, by any number of workers, in several goes, and their bytes are the same. A unit that is already
there and intact is not run again, so a run that was interrupted is resumed by asking for it again.
"""

from __future__ import annotations

import gc
import os
import queue
import signal
import time
import traceback
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.dates import months_between
from sim.errors import RequestError, SimError
from sim.experiments.measurement import context_for
from sim.experiments.progress import Listener, Silence
from sim.records.manifest import Manifest, Resources, describe_machine, package_version, run_identifier, source_digest
from sim.records.run_folder import RunFolder, begin_run, is_intact, open_run, save_replication

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from multiprocessing.queues import Queue

    from sim.scenario import Scenario

EVENTS = ("first", "all", "none")
"""Which replications keep their events: ``story`` needs them, nothing else does."""


@dataclass(frozen=True)
class Unit:
    """One replication to run."""

    scenario: Scenario
    seed: int
    replication: int
    keep_events: bool
    folder: Path

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return f"{self.scenario.name} #{self.replication}"


@dataclass(frozen=True)
class Failure:
    """A unit that did not finish."""

    unit: str
    message: str
    details: str
    """The whole traceback; empty for an error that the user can mend."""
    mendable: bool
    """Whether the scenario, not the program, is to be looked at."""


@dataclass(frozen=True)
class Outcome:
    """What a set of replications led to."""

    runs: tuple[RunFolder, ...]
    """One per scenario, in the order they were asked for; each holds the replications that are finished."""
    failures: tuple[Failure, ...]
    simulated: int
    skipped: int


def replicate(
    scenarios: Sequence[Scenario],
    *,
    replications: int = 4,
    seed: int = 1,
    workers: int | None = None,
    output: Path | str = "results",
    events: str = "first",
    listener: Listener | None = None,
) -> Outcome:
    """Run each scenario ``replications`` times and save everything under ``output``.

    Parameters
    ----------
    scenarios
        Worlds to run; replication *k* of each has the same luck, person by person.
    replications
        How many of each, numbered from 0. Those already saved and intact are not run again.
    seed
        Chooses the luck.
    workers
        Processes at work; 1 runs everything in this one; by default one per core.
    events
        ``first`` keeps the events of replication 0, ``all`` of each, ``none`` of none.

    Returns
    -------
        Runs, and failures if some units failed: the other units are kept.

    Raises
    ------
    RequestError
        If a number makes no sense.
    RunFolderError
        If the results cannot be written.
    """
    listener = listener or Silence()
    workers = _check(scenarios, replications, workers, events)
    runs = [_begin(scenario, seed, Path(output)) for scenario in scenarios]
    units = [
        Unit(scenario, seed, number, events == "all" or (events == "first" and number == 0), run.path)
        for number in range(replications)
        for scenario, run in zip(scenarios, runs, strict=True)
    ]
    waiting = [unit for unit in units if not is_intact(unit.folder, unit.replication, with_events=unit.keep_events)]
    months = max((months_between(s.start_day, s.end_day + 1) for s in scenarios), default=0)
    listener.begin(len(waiting), months, len(units) - len(waiting))
    failures: list[Failure] = []

    def settle(unit: Unit, result: Failure | float) -> None:
        if isinstance(result, Failure):
            failures.append(result)
            listener.failed(unit.name, result.message)
        else:
            listener.done(unit.name, result)

    try:
        if workers == 1 or len(waiting) <= 1:
            for unit in waiting:
                settle(unit, run_unit(unit, partial(listener.month, unit.name)))
        else:
            _run_in_pool(waiting, min(workers, len(waiting)), listener, settle)
    finally:
        # Also after Ctrl-C or a crash of the pool: what is finished is announced, what is not is not.
        for run in runs:
            run.write_summary()
    return Outcome(
        runs=tuple(open_run(run.path) for run in runs),
        failures=tuple(failures),
        simulated=len(waiting) - len(failures),
        skipped=len(units) - len(waiting),
    )


def run_unit(unit: Unit, on_month: Callable[[int], None] | None = None) -> Failure | float:
    """Run one unit, measure it and save it.

    Returns
    -------
        Seconds it took, or what went wrong: a failure is data, so that it crosses processes and stops nobody else.
    """
    from sim.experiments.run import simulate  # noqa: PLC0415 (the engine: only the process that runs needs it)
    from sim.indicators.summary import TablesInMemory, measure  # noqa: PLC0415

    began = time.perf_counter()
    _forget_peak()
    try:
        records = simulate(
            unit.scenario,
            seed=unit.seed,
            replication=unit.replication,
            keep_events=unit.keep_events,
            on_month=on_month,
        )
        simulated = time.perf_counter() - began
        # The system that has just run is all cycles (processes, environment) and the collector was paused: without this
        # each replication leaves some 330 MB to the next one of the same process.
        gc.collect()
        indicators = measure(TablesInMemory(records), context_for(unit.scenario))
        seconds = time.perf_counter() - began
        resources = Resources(round(simulated, 3), round(seconds, 3), round(_peak_mb(), 1))
        save_replication(unit.folder, unit.replication, records, indicators, resources)
    except SimError as problem:
        return Failure(unit.name, str(problem), "", mendable=True)
    except Exception as problem:  # noqa: BLE001 (whatever it is, it is told, and the other units go on)
        message = f"{type(problem).__name__}: {problem}"
        return Failure(unit.name, message, traceback.format_exc(), mendable=False)
    return time.perf_counter() - began


def _check(scenarios: Sequence[Scenario], replications: int, workers: int | None, events: str) -> int:
    if replications < 1:
        msg = f"--replications: met {replications}, expected 1 or more."
        raise RequestError(msg)
    if workers is not None and workers < 1:
        msg = f"--workers: met {workers}, expected 1 or more (leave it out for one per core)."
        raise RequestError(msg)
    if events not in EVENTS:
        msg = f"events: met {events!r}, expected one of {', '.join(EVENTS)}."
        raise RequestError(msg)
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f"scenario '{twice[0]}' is asked for twice, expected each once."
        raise RequestError(msg)
    return workers or _cores()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin(scenario: Scenario, seed: int, output: Path) -> RunFolder:
    source = source_digest()
    manifest = Manifest(
        run_id=run_identifier(scenario.digest(), seed, source=source),
        scenario=scenario.name,
        title=dict(scenario.title),
        digest=scenario.digest(),
        seed=seed,
        start_day=scenario.start_day,
        measure_from_day=scenario.measure_from_day,
        end_day=scenario.end_day,
        sampling_fraction=scenario.sampling_fraction,
        version=package_version(),
        source=source,
        context=context_for(scenario).to_plain(),
        made=describe_machine(),
    )
    return begin_run(output, manifest, scenario.to_yaml())


def _run_in_pool(
    waiting: Sequence[Unit], workers: int, listener: Listener, settle: Callable[[Unit, Failure | float], None]
) -> None:
    # Fresh processes, not forks: a fork would carry the locks of the parent's threads (Arrow's) in an unknown state.
    context = get_context("spawn")
    news: Queue[tuple[str, int]] = context.Queue()
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=(news,))
    pending: dict[Future[Failure | float], Unit] = {}
    try:
        pending = {pool.submit(_run_in_worker, unit): unit for unit in waiting}
        while pending:
            finished, _ = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            _pass_on(news, listener)
            for future in finished:
                unit = pending.pop(future)
                settle(unit, _result(future, unit))
    except BaseException:
        # Ctrl-C reaches here only (workers ignore it). A unit is saved whole or not at all: stopping one loses only it.
        for process in _processes(pool):
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        news.cancel_join_thread()
        news.close()


def _result(future: Future[Failure | float], unit: Unit) -> Failure | float:
    try:
        return future.result()
    except BrokenProcessPool:
        message = (
            "a worker process died (killed, or out of memory); the units that are finished are kept. "
            "Ask again with fewer --workers."
        )
        return Failure(unit.name, message, "", mendable=False)
    except Exception as problem:  # noqa: BLE001 (a scenario that cannot be sent, for one)
        return Failure(unit.name, f"{type(problem).__name__}: {problem}", traceback.format_exc(), mendable=False)


def _processes(pool: ProcessPoolExecutor) -> Iterable[Any]:
    return list((getattr(pool, "_processes", None) or {}).values())


def _pass_on(news: Queue[tuple[str, int]], listener: Listener) -> None:
    while True:
        try:
            name, day = news.get_nowait()
        except queue.Empty:
            return
        listener.month(name, day)


_news: Queue[tuple[str, int]] | None = None
"""In a worker: where the months it reaches are told."""


def _start_worker(news: Queue[tuple[str, int]]) -> None:
    global _news  # noqa: PLW0603 (one per process, set once as it starts)
    _news = news
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _run_in_worker(unit: Unit) -> Failure | float:
    news = _news

    def tell(day: int) -> None:
        if news is not None:
            news.put((unit.name, day))

    return run_unit(unit, tell)


def _forget_peak() -> None:
    """Start the measure of peak memory anew, where the system allows it (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def _peak_mb() -> float:
    """Peak memory of this process since :func:`_forget_peak`, in megabytes; NaN where it cannot be known."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        try:
            import resource  # noqa: PLC0415 (absent on Windows)
        except ImportError:
            return float("nan")
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
