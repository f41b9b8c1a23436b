"""A process beside a Dask worker, without threads of its own, in which arms that share their past may fork.

``python -m sim.experiments.fork_server FD MB`` serves tasks from the pipe on that file descriptor until the pipe closes, as a
local worker does (:mod:`sim.experiments.execution`). It is started as a program, because Dask workers are daemons, and the
standard library lets a daemon have no process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from multiprocessing.connection import Connection, Pipe
from typing import TYPE_CHECKING, Any

from sim.experiments.execution import serve

if TYPE_CHECKING:
    from sim.experiments.units import Failure, Unit

_MINE = threading.local()


class _Helper:
    def __init__(self, memory_mb: int | None) -> None:
        self.pipe, theirs = Pipe()
        with theirs:
            end = theirs.fileno()
            path = os.pathsep.join(entry for entry in sys.path if entry)
            self.process = subprocess.Popen(  # noqa: S603 (this program, again)
                [sys.executable, "-m", "sim.experiments.fork_server", str(end), str(memory_mb or "")],
                pass_fds=[end],
                env={**os.environ, "PYTHONPATH": path},
            )

    def run(self, task: tuple[Unit, ...]) -> list[Failure | float | None]:
        results: list[Failure | float | None] = [None] * len(task)
        self.pipe.send(task)
        while True:
            word, position, value = self.pipe.recv()
            if word == "settled":
                results[position] = value
            elif word == "end":
                return results

    def stop(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.wait()


def run_beside(task: tuple[Unit, ...], memory_mb: int | None = None) -> list[Failure | float | None]:
    """Run a task in the helper of this thread, started when the first task comes, with so much memory at most.

    Returns
    -------
        For each unit its seconds, its failure, or None if the process of its arm died.

    Raises
    ------
    ChildProcessError
        If the helper died: the task may be given again.
    """
    helper: _Helper | None = getattr(_MINE, "helper", None)
    if helper is None:
        helper = _MINE.helper = _Helper(memory_mb)
    try:
        return helper.run(task)
    except (EOFError, OSError) as problem:
        helper.stop()
        _MINE.helper = None
        msg = f"the process that runs units died (exit {helper.process.returncode})"
        raise ChildProcessError(msg) from problem


if __name__ == "__main__":
    pipe: Connection[Any, Any] = Connection(int(sys.argv[1]))
    serve(pipe, int(sys.argv[2]) if sys.argv[2] else None)
