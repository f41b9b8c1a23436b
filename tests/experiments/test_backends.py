"""The same bytes from every back end, also when a worker is shot; what goes wrong is told and the rest goes on."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sim.errors import RequestError
from sim.experiments import units as units_module
from sim.experiments.execution import Backend
from sim.experiments.replicate import replicate
from tests.experiments.conftest import FakeScenario
from tests.worlds import scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.nightly

WORLD = scenario(end="2023-01-01", fraction=0.003)


def bytes_of(path: Path) -> dict[str, bytes]:
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in sorted(path.rglob("*.parquet"))}


@pytest.fixture(scope="module")
def serial(tmp_path_factory) -> dict[str, bytes]:
    place = tmp_path_factory.mktemp("serial")
    assert replicate([WORLD], replications=6, output=place, means=Backend(backend="serial"), events="none").failures == ()
    return bytes_of(place)


def processes_of(parent: int, word: str) -> list[int]:
    """Processes that a process has started, by a word of their commands."""
    found = []
    threads = Path(f"/proc/{parent}/task").glob("*/children")
    for pid in map(int, " ".join(thread.read_text() for thread in threads).split()):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_text()
        except OSError:
            continue
        if word in command:
            found.append(pid)
    return found


def finished(folder: Path) -> int:
    """Replications that are in their place."""
    return len([path for path in folder.rglob("unit.json") if path.parent.name.isdigit()])


@contextmanager
def shooting(times: int, folder: Path) -> Iterator[list[int]]:
    """Kill a worker once a replication is finished, and again at each of the next, so many times."""
    shot: list[int] = []
    over = threading.Event()

    def shoot() -> None:
        while len(shot) < times and not over.wait(0.02):
            if finished(folder) > len(shot):
                for pid in processes_of(os.getpid(), "spawn_main")[:1]:
                    os.kill(pid, signal.SIGKILL)
                    shot.append(pid)

    thread = threading.Thread(target=shoot)
    thread.start()
    try:
        yield shot
    finally:
        over.set()
        thread.join()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_worker_shot_dead_loses_nothing(serial, tmp_path):
    with shooting(2, tmp_path) as shot:
        outcome = replicate([WORLD], replications=6, output=tmp_path, means=Backend(2), events="none")
    assert shot
    assert outcome.failures == ()
    assert bytes_of(tmp_path) == serial
    assert not [p for p in (tmp_path / "small").rglob(".*") if p.is_file()]


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """A scheduler and two workers, each a process of its own, on loopback."""
    pytest.importorskip("distributed")
    start = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen(start, stderr=subprocess.PIPE, text=True)
    address = ""
    while not address:
        line = scheduler.stderr.readline()
        assert line, "the scheduler ended"
        match = re.search(r"tcp://127\.0\.0\.1:\d+", line)
        address = match[0] if match else ""
    drain = threading.Thread(target=scheduler.stderr.read, daemon=True)
    drain.start()
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--host", "127.0.0.1"]
    workers = [
        subprocess.Popen([*command, "--no-dashboard", "--no-nanny"], stderr=subprocess.DEVNULL, env={**os.environ})
        for _ in range(2)
    ]
    yield address, workers
    for process in (*workers, scheduler):
        process.terminate()
        process.wait(timeout=300)
    drain.join(timeout=60)
    scheduler.stderr.close()


@pytest.mark.filterwarnings("ignore")  # what Dask and its dependencies say of themselves
def test_a_cluster_gives_the_same_bytes_also_when_a_worker_is_lost(serial, tmp_path, cluster):
    address, workers = cluster
    over = threading.Event()

    def shoot() -> None:
        while not over.wait(0.02):
            if finished(tmp_path):
                workers[0].kill()
                return

    thread = threading.Thread(target=shoot)
    thread.start()
    means = Backend(backend="dask", address=address)
    outcome = replicate([WORLD], replications=6, output=tmp_path, means=means, events="none")
    over.set()
    thread.join()
    assert outcome.failures == ()
    assert bytes_of(tmp_path) == serial
    assert workers[0].wait(timeout=900) == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_arms_share_their_past_on_a_cluster_also_when_the_process_beside_a_worker_is_killed(tmp_path, cluster):
    address, workers = cluster
    later = "changes: [{on: 2022-09-15, scale: means.probation_service.posts, by: 1.5}]\n"
    worlds = [WORLD, replace(scenario(later, end="2023-01-01", fraction=0.003), name="later")]
    apart = replicate(worlds, replications=4, output=tmp_path / "apart", means=Backend(backend="serial"), events="none")
    shot: list[int] = []

    def shoot() -> None:
        while not shot and not over.wait(0.1):
            beside = [pid for worker in workers for pid in processes_of(worker.pid, "sim.experiments.fork_server")]
            if beside and any((tmp_path / "shared").rglob("unit.json")):
                os.kill(beside[0], signal.SIGKILL)
                shot.append(beside[0])

    over = threading.Event()
    thread = threading.Thread(target=shoot)
    thread.start()
    means = Backend(backend="dask", address=address)
    shared = replicate(worlds, replications=4, output=tmp_path / "shared", means=means, events="none", fork=True)
    over.set()
    thread.join()
    assert shot
    assert (apart.failures, shared.failures) == ((), ())
    assert bytes_of(tmp_path / "shared") == bytes_of(tmp_path / "apart")
    assert not list(tmp_path.rglob(".*-*-*"))
    units = [json.loads(path.read_text())["resources"] for path in (tmp_path / "shared" / "later").rglob("unit.json")]
    assert len(units) == 4


def test_a_worker_with_other_code_refuses(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.experiments.replicate.source_digest", lambda: "0123456789abcdef")
    outcome = replicate([WORLD], replications=2, output=tmp_path, means=Backend(backend="serial"), events="none")
    assert [failure.unit for failure in outcome.failures] == ["small #0"], "no other unit is begun"
    assert "Install one version of sortie everywhere" in outcome.failures[0].message


@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_a_unit_that_needs_too_much_memory_fails_alone(tmp_path, workers):
    outcome = replicate([WORLD], replications=2, output=tmp_path, means=Backend(workers, memory_mb=64), events="none")
    assert len(outcome.failures) == 2
    assert all("out of memory" in failure.message for failure in outcome.failures)


def test_a_full_disk_stops_the_run_and_keeps_what_is_finished(run, monkeypatch, tmp_path):
    save = units_module.save_replication

    def fail(folder, replication, *rest, **settings):
        if replication == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        save(folder, replication, *rest, **settings)

    monkeypatch.setattr("sim.experiments.units.save_replication", fail)
    outcome = run(FakeScenario("world"), replications=5)
    assert [failure.unit for failure in outcome.failures] == ["world #2"]
    assert "the disk is full" in outcome.failures[0].message
    assert outcome.runs[0].replications == (0, 1)


@pytest.mark.parametrize(
    ("means", "words"),
    [
        (Backend(0), "--workers: met 0"),
        (Backend(backend="ray"), "--backend: met 'ray'"),
        (Backend(address="tcp://127.0.0.1:1"), "only --backend dask has one"),
        (Backend(memory_mb=3), "--memory: met 3 MB"),
        (Backend(backend="serial", memory_mb=500), "--backend serial has none"),
        (Backend(backend="dask", address="tcp://127.0.0.1:1", memory_mb=500), "dask worker --memory-limit"),
    ],
)
def test_means_without_sense_are_refused(means, words):
    with pytest.raises(RequestError, match=words):
        means.checked()
