"""One unit of work: one replication of one scenario, a pure function whose value is a folder of Parquet files.

A unit depends on nothing but the scenario, the seed, its number and the code: units may be run in any order, on any
machine, in several goes, and their bytes are the same.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import SimError
from sim.experiments.measurement import context_for
from sim.records.manifest import Manifest, Resources, engine_digest, package_version, run_identifier, source_digest
from sim.records.run_folder import begin_run, save_replication

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.records.run_folder import RunFolder
    from sim.records.tables import Records
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Unit:
    """One replication to run."""

    scenario: Scenario
    seed: int
    replication: int
    keep_events: bool
    folder: Path
    tables: tuple[str, ...] | None = None
    """Tables kept beside the indicators; None keeps them all."""
    source: str = ""
    """Hash of the code that is to run it; a worker with other code refuses. Empty: not checked."""
    draw: int = 0
    """Number of the parameter draw it belongs to; 0 is the central values."""

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from every other unit: where it is written."""
        return str(self.folder), self.replication

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return f"{self.scenario.name} #{self.replication}" + (f" (draw {self.draw})" if self.draw else "")


@dataclass(frozen=True)
class Failure:
    """A unit that did not finish."""

    unit: str
    message: str
    details: str
    """The whole traceback; empty for an error that the user can mend."""
    mendable: bool
    """Whether the scenario, not the program, is to be looked at."""
    stops: bool = False
    """Whether every other unit would fail the same way (a full disk): no more are begun."""


def begin(scenario: Scenario, seed: int, output: Path, made: dict[str, Any]) -> RunFolder:
    """Open the run folder of a scenario and a seed; ``made`` describes the machine."""
    engine = engine_digest()
    context = context_for(scenario)
    manifest = Manifest(
        run_id=run_identifier(scenario.digest(), seed, engine=engine),
        scenario=scenario.name,
        title=dict(scenario.title),
        digest=scenario.digest(),
        seed=seed,
        start_day=scenario.start_day,
        measure_from_day=scenario.measure_from_day,
        end_day=scenario.end_day,
        sampling_fraction=scenario.sampling_fraction,
        version=package_version(),
        source=engine,
        context=context.to_plain(),
        made=dict(made),
    )
    return begin_run(output, manifest, scenario.to_yaml())


def run_unit(unit: Unit, on_month: Callable[[int], None] | None = None) -> Failure | float:
    """Run one unit, measure it and save it.

    Returns
    -------
        Seconds it took, or what went wrong: a failure is data, so that it crosses processes and stops nobody else.
    """
    from sim.simulation.run import simulate  # noqa: PLC0415 (the engine: only the process that runs needs it)

    began = time.perf_counter()
    forget_peak()

    def simulated() -> Records:
        return simulate(
            unit.scenario,
            seed=unit.seed,
            replication=unit.replication,
            keep_events=unit.keep_events,
            on_month=on_month,
        )

    return finish_unit(unit, simulated, began)


def finish_unit(unit: Unit, simulated: Callable[[], Records], began: float) -> Failure | float:
    """Simulate by the function given, measure, save; the last part of :func:`run_unit`, and of a fork's every arm."""
    from sim.indicators.summary import TablesInMemory, measure  # noqa: PLC0415 (pandas: only the process that runs)

    try:
        problem = other_code(unit)
        if problem is not None:
            return problem
        large_blocks(apart=True)
        records = simulated()
        large_blocks(apart=False)
        seconds = time.perf_counter() - began
        # The system that has just run is all cycles (processes, environment) and the collector was paused: without this
        # each replication leaves some 330 MB to the next one of the same process.
        gc.collect()
        give_back_memory()
        indicators = measure(TablesInMemory(records), context_for(unit.scenario))
        give_back_memory()
        resources = Resources(round(seconds, 3), round(time.perf_counter() - began, 3), round(peak_mb(), 1))
        save_replication(unit.folder, unit.replication, records, indicators, resources, tables=unit.tables)
    except SimError as error:
        return Failure(unit.name, str(error), "", mendable=True)
    except MemoryError:
        gc.collect()
        message = "out of memory. Give the workers more with --memory, or ask for fewer --workers."
        return Failure(unit.name, message, "", mendable=False)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return Failure(unit.name, _FULL.format(folder=unit.folder), "", mendable=False, stops=True)
        return unforeseen(unit, error)
    except Exception as error:  # noqa: BLE001 (whatever it is, it is told, and the other units go on)
        return unforeseen(unit, error)
    return time.perf_counter() - began


_FULL = (
    "{folder}: the disk is full. What is finished is kept whole; free some space and give the same command again, "
    "or choose another --output."
)


def unforeseen(unit: Unit, error: BaseException) -> Failure:
    """Tell a mistake of the program, with its traceback."""
    details = "".join(traceback.format_exception(error))
    return Failure(unit.name, f"{type(error).__name__}: {error}", details, mendable=False)


def other_code(unit: Unit) -> Failure | None:
    """Say that this process has other code than the one that asked, if so: its bytes would not be the run's."""
    if not unit.source or unit.source == source_digest():
        return None
    message = (
        f"this worker has other code or data (sortie {package_version()}, {source_digest()[:12]}) than the command "
        f"({unit.source[:12]}). Install one version of sortie everywhere."
    )
    return Failure(unit.name, message, "", mendable=False, stops=True)


def give_back_memory() -> None:
    """Give the system the memory that nothing holds any more, where its C library can (glibc keeps what was freed)."""
    trim = getattr(_C_LIBRARY, "malloc_trim", None)
    if trim is not None:
        trim(0)


def large_blocks(*, apart: bool) -> None:
    """Say what the C library does with blocks of some megabytes and more, where it can be told (glibc).

    Apart, each is given back to the system as soon as it is free: what a run needs, whose tables grow and are replaced (of
    itself glibc soon keeps all below 32 MB, a hundred megabytes of holes in a national run). Else, as glibc does of itself
    after a while, they are used again: what measuring needs, which makes and drops thousands of columns.
    """
    tell = getattr(_C_LIBRARY, "mallopt", None)
    if tell is not None:
        tell(_M_MMAP_THRESHOLD, (8 if apart else 32) << 20)
        tell(_M_TRIM_THRESHOLD, 64 << 20)


_C_LIBRARY = ctypes.CDLL(None) if sys.platform == "linux" else None
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""Numbers of two settings, in ``malloc.h`` of glibc."""


def forget_peak() -> None:
    """Start the measure of peak memory anew, where the system allows it (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def peak_mb() -> float:
    """Peak memory of this process since :func:`forget_peak`, in megabytes; NaN where it cannot be known."""
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
