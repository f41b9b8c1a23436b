"""Units on a Dask cluster: the scheduler hands them out, workers write them under a folder that all machines share.

A worker that is lost loses the units in its hands, and nothing else: the scheduler gives them to another. Only units, seconds
and failures travel; results are written where they are made. Arms that share their past travel together, and are run by a
process beside the worker (:mod:`sim.experiments.fork_server`), because a worker has threads and what has threads must not fork.
"""

from __future__ import annotations

import pickle
from collections import deque
from contextlib import ExitStack
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.errors import RequestError
from sim.experiments.fork_server import run_beside
from sim.experiments.forking import families
from sim.experiments.units import Failure, Unit, run_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.experiments.execution import Backend

_AHEAD = 3
"""Tasks in flight for each thread of the cluster: enough to keep it busy, few enough for a run of 100,000 units."""
_START_SECONDS = 30.0


def run_on_dask(
    units: Sequence[Unit], means: Backend, on_result: Callable[[Unit, Failure | float], None], *, fork: bool = False
) -> None:
    """Run units on the cluster at ``means.address``, or on one of local processes started for the occasion.

    Raises
    ------
    RequestError
        If Dask is not installed, no scheduler answers, or it has no worker.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        msg = "--backend dask: Dask is not installed. Install sortie with its extra: pip install 'sortie[cluster]'"
        raise RequestError(msg) from None
    with ExitStack() as stack:
        client = _client(distributed, means, stack)
        threads = max(1, sum(client.nthreads().values()))
        left = deque(families(units, fork=fork, workers=threads))
        again: set[tuple[str, int]] = set()
        flying: dict[str, tuple[Unit, ...]] = {}
        done = distributed.as_completed()

        def launch() -> None:
            if left:
                task = left.popleft()
                # Not `pure`: a unit is known by the folder it is written in, and is not worth hashing.
                future = client.submit(run_sent, pickle.dumps(task), pure=False, retries=1)
                flying[future.key] = task
                done.add(future)

        for _ in range(_AHEAD * threads):
            launch()
        stopped = False
        for future in done:
            task = flying.pop(future.key)
            for unit, result in zip(task, _results(future, task), strict=True):
                if result is None and unit.key not in again:
                    again.add(unit.key)
                    left.append((unit,))
                elif result is None:
                    on_result(unit, Failure(unit.name, "its process died twice (killed, or out of memory)", "", mendable=False))
                else:
                    on_result(unit, result)
                    stopped |= isinstance(result, Failure) and result.stops
            if stopped:
                client.cancel(list(done.futures))
                return
            launch()


def run_sent(sent: bytes) -> list[Failure | float | None]:
    """Run a task that was sent as bytes: pickled once, in C, where Dask would take ten times as long.

    Returns
    -------
        For each unit its seconds, its failure, or None if the process of its arm died.
    """
    task: tuple[Unit, ...] = pickle.loads(sent)  # noqa: S301 (from the command that started this)
    if len(task) == 1:
        return [run_unit(task[0])]
    return run_beside(task, _memory_mb())


def _memory_mb() -> int | None:
    """Memory this Dask worker was given: Dask watches its own process, not the one beside it."""
    worker: Any = import_module("distributed").get_worker()
    limit: int | None = worker.memory_manager.memory_limit
    return None if not limit else limit // 1_000_000


def _client(distributed: Any, means: Backend, stack: ExitStack) -> Any:
    if means.address is None:
        memory = {} if means.memory_mb is None else {"memory_limit": f"{means.memory_mb}MB"}
        cluster = distributed.LocalCluster(
            n_workers=means.workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, **memory
        )
        stack.enter_context(cluster)
        return stack.enter_context(distributed.Client(cluster))
    try:
        client = stack.enter_context(distributed.Client(means.address, timeout=_START_SECONDS))
        client.wait_for_workers(1, timeout=_START_SECONDS)
    except (OSError, TimeoutError, ValueError) as problem:
        msg = (
            f"--address: no Dask cluster with a worker answers at {means.address!r} ({type(problem).__name__}). Start one: "
            f"`dask scheduler`, then `dask worker {means.address} --nthreads 1`."
        )
        raise RequestError(msg) from problem
    return client


def _results(future: Any, task: tuple[Unit, ...]) -> list[Failure | float | None]:
    if future.status == "finished":
        results: list[Failure | float | None] = future.result()
        return results
    problem = future.exception() if future.status == "error" else None
    reason = "cancelled" if problem is None else f"{type(problem).__name__}: {problem}"
    return [Failure(unit.name, f"the cluster could not run it ({reason})", "", mendable=False) for unit in task]
