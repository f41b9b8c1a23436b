"""Runs of visitors: they expire, they stay within a quota, and nobody cancels what somebody else asked for."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading

import pytest
import typer

from sim.cli.fitting import app
from sim.errors import RequestError
from sim.explorer import jobs as jobs_module
from sim.explorer import worker
from sim.explorer.jobs import Jobs, Request
from sim.explorer.kept_runs import DAYS, QUOTA, Limits, kept, limits_of, looked_at, make_room
from sim.explorer.visitor import browser_of
from sim.presentation.texts import Texts
from sim.scenario import load_scenario

NOW = 2_000_000_000.0
HOUR, DAY = 3_600.0, 86_400.0


@pytest.fixture
def runs(tmp_path):
    """Make a run of so many bytes that was last looked at so long before."""

    def make(name, *, size, age, scenario="mine"):
        run = tmp_path / scenario / name
        (run / "replications").mkdir(parents=True)
        (run / "manifest.json").write_bytes(b"{}")
        (run / "replications" / "exits.parquet").write_bytes(bytes(size - 2))
        os.utime(run / "manifest.json", (NOW - age, NOW - age))
        return run

    return make


def names(folder):
    return {run.path.name for run in kept(folder)}


def test_limits_are_read_from_the_environment():
    assert limits_of({}) == Limits(None, None)
    assert limits_of({"SORTIE_RUNS_DAYS": "7", "SORTIE_RUNS_QUOTA_GB": "2,5"}) == Limits(7 * DAY, 2.5e9)
    for text in ("no", "-1", "0", "nan", "inf"):
        with pytest.raises(RequestError, match="SORTIE_RUNS_DAYS: met"):
            limits_of({"SORTIE_RUNS_DAYS": text})


def test_without_limits_nothing_is_removed(runs, tmp_path):
    runs("a", size=100, age=9_999 * DAY)
    assert make_room(tmp_path, Limits(), (), NOW) == []
    assert names(tmp_path) == {"a"}


def test_a_run_expires_unless_somebody_looks_at_it(runs, tmp_path):
    runs("old", size=100, age=8 * DAY)
    runs("young", size=100, age=6 * DAY)
    looked_at(runs("seen", size=100, age=9 * DAY))  # now, by the clock: after NOW or long before, it is the latest
    os.utime(tmp_path / "mine" / "seen" / "manifest.json", (NOW - DAY, NOW - DAY))
    assert [run.name for run in make_room(tmp_path, Limits(7 * DAY), (), NOW)] == ["old"]
    assert names(tmp_path) == {"young", "seen"}


def test_looking_at_a_run_moves_its_date(runs):
    run = runs("a", size=100, age=0)
    looked_at(run)
    assert abs((run / "manifest.json").stat().st_mtime - NOW) > HOUR


def test_the_quota_takes_what_was_looked_at_longest_ago(runs, tmp_path):
    for name, age in (("first", 4), ("second", 3), ("third", 2)):
        runs(name, size=400, age=age * DAY, scenario=name)
    assert [run.name for run in make_room(tmp_path, Limits(bytes=900), (), NOW)] == ["first"]
    assert names(tmp_path) == {"second", "third"}
    assert not (tmp_path / "first").exists()


def test_what_is_being_made_or_read_stays_and_a_full_server_says_so(runs, tmp_path):
    made, read = runs("made", size=400, age=5 * DAY), runs("read", size=400, age=HOUR / 2)
    with pytest.raises(RequestError, match="try again later"):
        make_room(tmp_path, Limits(DAY, 500), {made}, NOW)
    assert made.is_dir()
    assert read.is_dir()


def test_what_is_no_run_is_never_removed(runs, tmp_path):
    run = runs("a", size=100, age=99 * DAY)
    elsewhere = tmp_path / "elsewhere" / "scenario" / "b"
    shutil.copytree(run, elsewhere)
    (tmp_path / "linked").symlink_to(elsewhere.parent)
    (tmp_path / "mine" / "notes").mkdir()
    (tmp_path / "mine" / "notes" / "thesis.txt").write_text("years of work", encoding="utf-8")
    (tmp_path / "mine" / "manifest.json").write_text("{}", encoding="utf-8")
    make_room(tmp_path, Limits(DAY, 1), (), NOW)
    assert not run.exists()
    assert (elsewhere / "manifest.json").is_file()
    assert (tmp_path / "mine" / "notes" / "thesis.txt").is_file()


@pytest.fixture
def waiting(monkeypatch):
    """Jobs whose process waits for ever: nothing is simulated."""

    def started(_job, _workers):
        return subprocess.Popen(
            ["sleep", "600"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    monkeypatch.setattr(jobs_module, "_started", started)
    made = Jobs(1)
    yield made
    made.close()
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.name.endswith("(_follow)"):
            thread.join(timeout=10)


def asked(output, name="mine"):
    return Request("", name, "r1", "b1", 2, "0.05", 1, output)


ADA, BOB, EVE = (frozenset({name}) for name in ("ada", "bob", "eve"))


def test_a_visitor_cancels_what_they_asked_for_and_nothing_else(waiting, tmp_path):
    job = waiting.submit(asked(tmp_path), ADA)
    waiting.leave(job, EVE)
    assert job.is_open
    waiting.leave(job, ADA | {"the browser after a reload"})
    assert job.state == "cancelled"


def test_a_browser_is_known_whatever_the_mask_of_its_cookie():
    def cookie(number, mask):
        hidden = bytes(byte ^ mask[position % 4] for position, byte in enumerate(number))
        return f"2|{mask.hex()}|{hidden.hex()}|1700000000"

    one, other = bytes(range(16)), bytes(range(1, 17))
    assert browser_of(cookie(one, b"abcd")) == browser_of(cookie(one, b"wxyz")) != ""
    assert browser_of(cookie(one, b"abcd")) != browser_of(cookie(other, b"abcd"))
    for strange in ("", "2|", "1|61626364|00|0", "2|zz|00|0", "2|61626364|00|0", "2||" + "00" * 16 + "|0"):
        assert browser_of(strange) == "", strange


def test_a_run_that_two_asked_for_goes_on_until_both_have_left(waiting, tmp_path):
    first, second = (waiting.submit(asked(tmp_path), who) for who in (ADA, BOB))
    assert first is second
    waiting.leave(first, ADA)
    assert first.is_open
    assert not first.asked_by(ADA)
    waiting.leave(first, BOB)
    assert first.state == "cancelled"


def test_a_server_without_room_refuses_before_anything_begins(waiting, tmp_path, runs):
    runs("a", size=400, age=HOUR / 2)
    os.utime(tmp_path / "mine" / "a" / "manifest.json")
    waiting.limits = Limits(bytes=100)
    with pytest.raises(RequestError) as refused:
        waiting.submit(asked(tmp_path, "other"), ADA)
    assert "réessayez plus tard" in Texts("fr").problem(refused.value)


def test_a_disk_without_room_refuses_the_run_in_words_for_a_visitor(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.experiments.batch.free_space", lambda _folder: 1_000)
    request = {"replications": 2, "seed": 1, "output": str(tmp_path)}
    with pytest.raises(RequestError, match="disk of this server") as refused:
        worker._must_fit([load_scenario("baseline")], request)
    assert "--no-disk-check" not in str(refused.value)
    assert "n'a pas la place" in Texts("fr").problem(refused.value)


def test_the_container_is_built_of_files_that_are_there_and_starts_a_command_that_exists(root):
    text = (root / "docs" / "hosting" / "Containerfile").read_text(encoding="utf-8")
    copied = [line.split()[1] for line in text.splitlines() if line.startswith("COPY ")]
    assert copied
    assert all((root / name).exists() for name in copied)
    words = json.loads(next(line for line in text.splitlines() if line.startswith("CMD ")).removeprefix("CMD "))
    command = typer.main.get_command(app).commands[words[1]]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= known
    told = set(re.findall(r"SORTIE_[A-Z_]+", text))
    page = (root / "docs" / "hosting.md").read_text(encoding="utf-8")
    assert {DAYS, QUOTA} <= told
    assert all(name in page for name in told)
