"""Runs in the background, for all users of one server: one at a time, with progress, cancel and recovery.

A run is a process of its own (:mod:`sim.explorer.worker`) that writes an ordinary run folder. It is known by its run
identifier, so that a reload, another user or another day finds it again; what is finished is kept when it is cancelled.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sim.errors import RequestError, RunFolderError
from sim.experiments.execution import cores
from sim.explorer.kept_runs import Limits, make_room
from sim.records.run_folder import open_run

if TYPE_CHECKING:
    from pathlib import Path

    from sim.records.run_folder import RunFolder

State = Literal["queued", "running", "cancelled", "done", "failed"]
LONGEST_QUEUE = 20
KEPT = 200
"""Jobs remembered: a finished one is found again in its folder anyway."""


@dataclass(frozen=True)
class Request:
    """What is to be run: a scenario file, beside the baseline."""

    text: str
    scenario: str
    """Its name, that of its folder."""
    run_id: str
    base_id: str
    replications: int
    fraction: str
    seed: int
    output: Path

    @property
    def folders(self) -> tuple[Path, Path]:
        """Run folders that it makes or adds to."""
        return self.output / "baseline" / self.base_id, self.output / self.scenario / self.run_id

    @property
    def key(self) -> str:
        """What makes two requests the same."""
        return f"{self.base_id}/{self.run_id}/{self.replications}"

    def finished(self) -> tuple[RunFolder, RunFolder] | None:
        """The two runs, if every replication asked for is there."""
        try:
            base, policy = (open_run(folder) for folder in self.folders)
        except RunFolderError:
            return None
        runs = base, policy
        wanted = set(range(self.replications))
        # Measured by another version of the indicators, they are brought up to date when they are asked for again.
        whole = all(wanted <= set(run.replications) and not run.older_measures for run in runs)
        return runs if whole else None


@dataclass
class Job:
    """One run, asked for by one user or several."""

    request: Request
    askers: list[frozenset[str]] = field(default_factory=list)
    """Names of each visitor who asked for it (:mod:`sim.explorer.visitor`)."""
    state: State = "queued"
    share: float = 0.0
    remaining: float | None = None
    """Seconds, by the months simulated so far."""
    message: str = ""
    compiling: bool = False
    """Whether the engine had to be compiled first: once for each version of the code on a machine."""
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    process: subprocess.Popen[str] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in {"queued", "running"}

    def asked_by(self, visitor: frozenset[str]) -> bool:
        """Whether a visitor is among those who asked for it."""
        return any(visitor & asker for asker in self.askers)


class Jobs:
    """The jobs of one server."""

    def __init__(self, workers: int | None = None, limits: Limits | None = None) -> None:
        self.workers = workers or cores()
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._queue: deque[Job] = deque()
        self._running: Job | None = None

    def get(self, key: str) -> Job | None:
        """Return a job by its key."""
        return self._jobs.get(key)

    def ahead(self, job: Job) -> int:
        """Jobs that come before one that waits."""
        with self._lock:
            waiting = list(self._queue)
        return (waiting.index(job) if job in waiting else 0) + (1 if self._running is not None else 0)

    def submit(self, request: Request, visitor: frozenset[str] = frozenset()) -> Job:
        """Ask for a run; one that is open already is shared.

        Raises
        ------
        RequestError
            If too many wait, or there is no room for more.
        """
        with self._lock:
            old = self._jobs.get(request.key)
            if old is not None and old.is_open:
                if not old.asked_by(visitor):
                    old.askers.append(visitor)
                return old
            in_use = {folder for job in self._jobs.values() if job.is_open for folder in job.request.folders}
            make_room(request.output, self.limits, in_use | set(request.folders))
            if len(self._queue) >= LONGEST_QUEUE:
                msg = f"{LONGEST_QUEUE} runs are waiting on this server: try again later, or run the command yourself."
                raise RequestError(msg)
            job = Job(request, [visitor])
            self._jobs[request.key] = job
            self._queue.append(job)
            for key in [key for key, known in self._jobs.items() if not known.is_open][:-KEPT]:
                del self._jobs[key]
        self._next()
        return job

    def leave(self, job: Job, visitor: frozenset[str]) -> None:
        """Take back what a visitor asked for: the job stops if nobody else asked for it; that of others goes on."""
        with self._lock:
            if not job.asked_by(visitor):
                return
            job.askers = [asker for asker in job.askers if not visitor & asker]
            others = bool(job.askers)
        if not others:
            self.cancel(job)

    def cancel(self, job: Job) -> None:
        """Stop a job, whoever asked for it; the replications that are finished are kept."""
        with self._lock:
            if not job.is_open:
                return
            job.state = "cancelled"
            if job in self._queue:
                self._queue.remove(job)
        _stop(job)

    def close(self) -> None:
        """Stop everything: the server ends."""
        for job in list(self._jobs.values()):
            self.cancel(job)

    def _next(self) -> None:
        with self._lock:
            if self._running is not None or not self._queue:
                return
            job = self._running = self._queue.popleft()
            job.state, job.began = "running", time.monotonic()
        threading.Thread(target=self._follow, args=(job,), daemon=True).start()

    def _follow(self, job: Job) -> None:
        """Run one job to its end, and read what it says."""
        ended = ""
        try:
            with _started(job, self.workers) as process:
                job.process = process
                if job.state == "cancelled":  # it was while the process started
                    _stop(job)
                assert process.stdout is not None
                for line in process.stdout:
                    said = json.loads(line)
                    if said["event"] == "month":
                        job.compiling = False
                    job.compiling |= said["event"] == "compiling"
                    job.share = max(job.share, float(said.get("share") or 0.0))
                    if said["event"] != "compiling":  # what compiling still takes is no time of the run
                        job.remaining = said.get("remaining_seconds", job.remaining)
                    ended = said["event"] if said["event"] in {"end", "error"} else ended
                    job.message = said.get("message", job.message) if said["event"] == "error" else job.message
                if process.stdin is not None:
                    process.stdin.close()
        except (OSError, ValueError) as problem:
            job.message = str(problem)
        with self._lock:
            job.seconds = time.monotonic() - job.began
            if job.state == "running":
                job.state = "done" if ended == "end" else "failed"
            self._running = None
        self._next()


def _started(job: Job, workers: int) -> subprocess.Popen[str]:
    request = job.request
    asked = {
        "text": request.text,
        "name": f"{request.scenario}.yaml",
        "replications": request.replications,
        "fraction": request.fraction,
        "seed": request.seed,
        "workers": workers,
        "output": str(request.output),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "sim.explorer.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        start_new_session=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(asked) + "\n")
    process.stdin.flush()
    return process


def _stop(job: Job) -> None:
    process = job.process
    if process is None or process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)  # the session it was started in: itself and its workers
    else:
        process.kill()
