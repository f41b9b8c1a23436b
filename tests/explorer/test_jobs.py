"""Runs in the background: the same numbers as the command, shared, cancelled, killed and taken up again, never orphaned."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from math import isnan, nan
from types import SimpleNamespace

import psutil
import pytest

from sim.cli import main
from sim.engine.compile import is_ready
from sim.errors import RequestError
from sim.explorer import jobs as jobs_module
from sim.explorer.jobs import Job, Jobs
from sim.library.read import figures_of_runs

from .conftest import request

pytestmark = pytest.mark.nightly

LONG = {"n": 3, "fraction": "0.2"}


@pytest.fixture
def jobs():
    found = Jobs(workers=2)
    yield found
    found.close()


def until(condition, seconds=1_500.0):
    """Wait until something is true, and say how long it took. The limit is for what never comes, on a machine however busy."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "not true in time"
        time.sleep(0.02)
    return time.monotonic() - began


@pytest.mark.slow
def test_the_numbers_are_those_of_the_command_for_the_same_run(jobs, tmp_path, monkeypatch, capsys, root):
    asked = request(tmp_path / "app", {"counsellors": 400})
    job = jobs.submit(asked)
    until(lambda: not job.is_open)
    assert (job.state, job.message) == ("done", "")
    runs = asked.finished()
    assert runs is not None
    assert is_ready()  # the next run on this machine begins at once
    figures = figures_of_runs(*runs, asked.replications)

    (tmp_path / "mon-scenario.yaml").write_text(asked.text, encoding="utf-8")
    (tmp_path / "scenarios").symlink_to(root / "scenarios")
    monkeypatch.chdir(tmp_path)
    words = [
        "run",
        "baseline",
        "mon-scenario.yaml",
        "-n",
        "2",
        "--fraction",
        asked.fraction,
        "--no-events",
        "-w",
        "1",
        "--json",
    ]
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert told["runs"][1]["run_id"] == asked.run_id
    rows = {(row["indicator"], row["group"]): row for row in told["comparisons"][0]["figures"]}
    compared = 0
    mine_only = (figures.frame["scenario"] == asked.scenario) & (figures.frame["period"] == "measured")
    for row in figures.frame[mine_only].to_dict("records"):
        other = rows.get((row["indicator"], row["group"]))
        if other is None or other["n"] != row["n"]:
            # A replication of one of the two has no such figure: the level is that of the other, and there is no pair. Lists
            # and interregions with nobody, a quantile not reached: never a figure of the whole sample.
            assert row["group"] != "all", row
            assert (other is None) == isnan(row["difference"]), row
            pairs = (("difference", "difference"),) if other else ()
        else:
            pairs = (("mean", "policy"), ("difference", "difference"), ("difference_half_width", "half_width"))
        for mine, theirs in pairs:
            expected = nan if other[theirs] is None else other[theirs]  # JSON has no NaN: one replication, no interval
            assert row[mine] == pytest.approx(expected, abs=1e-9, nan_ok=True), (row, other)
            compared += 1
    assert compared > 900


def test_a_first_run_on_a_machine_says_that_the_engine_is_being_compiled(jobs, tmp_path, monkeypatch):
    monkeypatch.setenv("SORTIE_CACHE", str(tmp_path / "cache"))
    job = jobs.submit(request(tmp_path, {"slots": 5000}, n=1))
    until(lambda: job.compiling)
    jobs.cancel(job)


def test_what_compiling_still_takes_is_no_time_of_the_run(jobs, tmp_path, monkeypatch):
    """The page shows the time that is left of the run: a worker that compiles says its own."""
    said = [
        {"event": "compiling", "done": 1, "total": 2, "remaining_seconds": 40},
        {"event": "month", "share": 0.5, "remaining_seconds": 7},
        {"event": "compiling", "done": 2, "total": 2, "remaining_seconds": 0},
        {"event": "end"},
    ]
    heard = []

    @contextlib.contextmanager
    def started(job, _workers):
        lines = (heard.append(job.remaining) or json.dumps(line) for line in said)
        yield SimpleNamespace(stdout=lines, stdin=None, wait=lambda *_: 0, poll=lambda: 0, returncode=0, pid=0)

    monkeypatch.setattr("sim.explorer.jobs._started", started)
    job = jobs.submit(request(tmp_path, {"slots": 5000}, n=1))
    until(lambda: not job.is_open)
    assert heard == [None, None, 7, 7]


def test_two_people_who_ask_the_same_share_one_run(jobs, tmp_path):
    first, second = (jobs.submit(request(tmp_path, {"slots": 5000}, **LONG)) for _ in range(2))
    assert first is second
    jobs.cancel(first)


@pytest.fixture
def cancelled(jobs, tmp_path, monkeypatch):
    """A run cancelled in the middle: its processes, and the groups of processes killed before `cancel` returned."""
    job = jobs.submit(request(tmp_path, {"slots": 5000}, **LONG))
    until(lambda: job.share > 0 and job.process is not None)
    family = [psutil.Process(job.process.pid), *psutil.Process(job.process.pid).children(recursive=True)]
    kill, killed = os.killpg, []

    def noted(group, number):
        killed.append((group, number))
        kill(group, number)

    monkeypatch.setattr(jobs_module.os, "killpg", noted)
    jobs.cancel(job)
    return job, family, killed


def test_cancelling_kills_every_process_before_it_returns(cancelled):
    job, family, killed = cancelled
    assert killed == [(job.process.pid, signal.SIGKILL)]
    assert len(family) >= 3
    until(lambda: not any(alive(process) for process in family))
    assert job.state == "cancelled"


@pytest.mark.benchmark
def test_a_cancelled_run_is_gone_within_two_seconds(cancelled):
    _, family, _ = cancelled
    assert until(lambda: not any(alive(process) for process in family)) < 2


def test_a_run_waits_for_its_turn_and_can_be_cancelled_there(jobs, tmp_path):
    first = jobs.submit(request(tmp_path, {"slots": 5000}, **LONG))
    second = jobs.submit(request(tmp_path, {"slots": 6000}, **LONG))
    assert (second.state, jobs.ahead(second)) == ("queued", 1)
    jobs.cancel(second)
    jobs.cancel(first)
    until(lambda: not first.is_open)
    assert (first.state, second.state) == ("cancelled", "cancelled")


def test_too_long_a_queue_is_refused_in_words(jobs, tmp_path, monkeypatch):
    monkeypatch.setattr(jobs_module, "LONGEST_QUEUE", 1)
    for slots in (5000, 5500):
        jobs.submit(request(tmp_path, {"slots": slots}, **LONG))
    with pytest.raises(RequestError, match="waiting"):
        jobs.submit(request(tmp_path, {"slots": 6000}, **LONG))


@pytest.mark.slow
def test_a_killed_worker_costs_one_replication_and_the_run_ends_well(jobs, tmp_path):
    asked = request(tmp_path, {"counsellors": 200}, n=1, fraction="0.01")
    job = jobs.submit(asked)
    until(lambda: job.share > 0.02 and job.process is not None)
    workers = [
        child for child in psutil.Process(job.process.pid).children(recursive=True) if "spawn_main" in " ".join(child.cmdline())
    ]
    workers[0].kill()
    until(lambda: not job.is_open)
    assert (job.state, job.message) == ("done", "")
    assert asked.finished() is not None


@pytest.mark.slow
def test_a_killed_run_says_so_and_the_next_one_goes_on_from_there(jobs, tmp_path):
    asked = request(tmp_path, {"counsellors": 100}, n=1)
    job = jobs.submit(asked)
    until(lambda: job.process is not None and job.share > 0)
    os.killpg(job.process.pid, signal.SIGKILL)
    until(lambda: not job.is_open)
    assert job.state == "failed"
    again = jobs.submit(asked)
    until(lambda: not again.is_open)
    assert (again.state, asked.finished() is not None) == ("done", True)


def test_a_scenario_that_cannot_run_is_told_in_the_words_of_the_command(jobs, tmp_path):
    asked = request(tmp_path, {"counsellors": 100})
    broken = jobs_module.Request(**{**asked.__dict__, "text": asked.text.replace("posts", "postes")})
    job = jobs.submit(broken)
    until(lambda: not job.is_open)
    assert job.state == "failed"
    assert "means.probation_service.postes" in job.message


@pytest.mark.slow
def test_no_process_outlives_a_server_that_is_killed(tmp_path, root):
    asked = request(tmp_path, {"slots": 5000}, **LONG)
    (tmp_path / "request.json").write_text(json.dumps({**asked.__dict__, "output": str(asked.output)}), encoding="utf-8")
    program = (
        "import json, pathlib, time\n"
        "from sim.explorer.jobs import Jobs, Request\n"
        f"asked = json.loads(pathlib.Path({str(tmp_path / 'request.json')!r}).read_text())\n"
        "job = Jobs(2).submit(Request(**{**asked, 'output': pathlib.Path(asked['output'])}))\n"
        "while job.process is None or job.share == 0: time.sleep(0.02)\n"
        "print(job.process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    (tmp_path / "server.py").write_text(program, encoding="utf-8")
    server = subprocess.Popen(
        [sys.executable, str(tmp_path / "server.py")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert server.stdout is not None
    leader = psutil.Process(int(server.stdout.readline()))
    family = [leader, *leader.children(recursive=True)]
    assert len(family) >= 3
    server.kill()
    server.wait()
    server.stdout.close()
    until(lambda: not any(alive(process) for process in family))


def test_a_job_that_is_over_is_not_open():
    assert [Job(None, state=state).is_open for state in ("queued", "running", "cancelled", "done", "failed")] == [
        True, True, False, False, False,
    ]  # fmt: skip


def alive(process):
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
