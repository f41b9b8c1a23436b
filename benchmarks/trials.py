"""Kill what runs, fill the disk, again and again at random moments, and see that nothing is lost.

``python benchmarks/trials.py [--times 20] [worker runner dask disk]``: each trial runs the same small experiment (24 units),
does the harm, gives the same command again until it answers 0, and compares every byte with a run nobody disturbed. In
between, nothing half written may pass for finished. The disk is a tmpfs, which needs the right to mount one (root on Linux).
Moments are spread over the time an undisturbed command takes, so that a faster engine is hit as well. Takes about ten
minutes; it is not part of ``make test``, whose tests do each harm once.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sim.records.run_folder import is_intact

ROOT = Path(__file__).resolve().parents[1]
EXPERIMENT = """name: trial
scenarios: [baseline]
start: 2022-01-01
measure_from: 2022-04-01
end: 2022-12-31
sampling_fraction: 0.003
levers: [{on: 2022-07-01, scale: means.probation_service.posts, by: [1.5, 2]}]
replications: 8
"""


def command(folder: Path, output: Path, *more: str) -> list[str]:
    """Return the command of the trial."""
    start = [sys.executable, "-m", "sim", "batch", str(folder / "trial.yaml"), "-o", str(output), "--progress", "none"]
    return [*start, "--workers", "2", *more]


def start(folder: Path, output: Path, *more: str) -> subprocess.Popen[str]:
    """Start it, in a session of its own."""
    return subprocess.Popen(
        command(folder, output, *more),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def bytes_of(output: Path) -> dict[str, bytes]:
    """Every Parquet file of a tree, and the index."""
    files = [*output.rglob("*.parquet"), *output.rglob("experiment.json")]
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in sorted(files)}


def torn(output: Path) -> list[str]:
    """Replications that pass for finished (no temporary name) and are not whole."""
    folders = [path for path in output.rglob("replications/[0-9]*") if path.is_dir()]
    return [str(path) for path in folders if not is_intact(path.parents[1], int(path.name))]


def moment(luck: random.Random) -> float:
    """Seconds after which to strike: from the first imports of the command to its last unit."""
    return luck.uniform(0.1, 1.0) * TAKES[0]


TAKES = [0.0]
"""Seconds an undisturbed command takes."""


def children(process: int) -> list[int]:
    """Processes a process has started, all generations."""
    try:
        mine = [int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []
    return [*mine, *(grandchild for pid in mine for grandchild in children(pid))]


def finish(folder: Path, output: Path, *more: str) -> int:
    """Give the command again until all is done; how often it took."""
    for attempt in range(1, 6):
        done = subprocess.run(command(folder, output, *more), cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return attempt
    msg = f"still not done after five commands: {done.returncode} {done.stderr[-2000:]}"
    raise RuntimeError(msg)


def hit_worker(folder: Path, output: Path, luck: random.Random) -> str:
    """Kill one worker (or the fork it holds) of the running command."""
    process = start(folder, output)
    time.sleep(moment(luck))
    victims = children(process.pid)
    if victims:
        os.kill(luck.choice(victims), signal.SIGKILL)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors[-2000:]
    return "hit" if victims else "too late"


def hit_runner(folder: Path, output: Path, luck: random.Random) -> str:
    """Kill the command itself; its workers must end by themselves."""
    process = start(folder, output)
    time.sleep(moment(luck))
    alive = process.poll() is None
    process.kill()
    process.wait()
    for _ in range(300):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.1)
    else:
        msg = "a worker outlived its runner by 30 seconds"
        raise AssertionError(msg)
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    return "hit" if alive else "too late"


def hit_dask(folder: Path, output: Path, luck: random.Random) -> str:
    """Kill a Dask worker of a cluster on loopback; another carries on."""
    scheduler = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert scheduler.stderr is not None
    address = next(match[0] for line in scheduler.stderr if (match := re.search(r"tcp://127\.0\.0\.1:\d+", line)))
    one = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--host", "127.0.0.1"]
    one += ["--no-dashboard", "--no-nanny"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
    workers = [subprocess.Popen(one, **quiet) for _ in range(2)]  # type: ignore[call-overload]
    process = start(folder, output, "--backend", "dask", "--address", address)
    try:
        time.sleep(1.0 + moment(luck))  # a second to reach the scheduler
        alive = process.poll() is None
        workers[0].kill()
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors[-2000:]
    finally:
        for each in (*workers, scheduler):
            each.kill()
            each.wait()
        scheduler.stderr.close()
    return "hit" if alive else "too late"


def hit_disk(folder: Path, output: Path, luck: random.Random) -> str:
    """Run on a tmpfs that is too small, make it larger, and go on."""
    output.mkdir(parents=True)
    size = luck.randint(100, 1500)
    options = ["-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(output)]
    subprocess.run(["mount", *options], check=True)  # noqa: S607 (a benchmark of Linux)
    process = start(folder, output, "--no-disk-check")
    _, errors = process.communicate(timeout=300)
    assert process.returncode in {0, 1, 2}, (process.returncode, errors[-2000:])
    assert "Traceback" not in errors, errors[-2000:]
    if process.returncode:
        assert "free some space" in errors or "cannot be written" in errors, errors[-2000:]
    broken = torn(output)
    assert not broken, broken
    subprocess.run(["mount", "-o", "remount,size=200m", str(output)], check=True)  # noqa: S607
    return f"exit {process.returncode}"


HARMS = {"worker": hit_worker, "runner": hit_runner, "dask": hit_dask, "disk": hit_disk}


def trial(harm: str, folder: Path, expected: dict[str, bytes], luck: random.Random) -> str:
    """Do one harm once, and mend it."""
    output = folder / f"{harm}-{luck.randrange(10**9)}"
    try:
        told = HARMS[harm](folder, output, luck)
        broken = torn(output)
        assert not broken, broken
        commands = finish(folder, output)
        met = bytes_of(output)
        assert met == expected, sorted(expected.keys() ^ met.keys())[:5]
        left = [str(path) for path in output.rglob(".*-*-*")]
        assert not left, left
    finally:
        if os.path.ismount(output):
            subprocess.run(["umount", str(output)], check=True)  # noqa: S607
        shutil.rmtree(output, ignore_errors=True)
    return f"{told}, {commands} more"


def main() -> None:
    """Run the trials and print a line for each harm."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("harms", nargs="*", default=list(HARMS), help="worker runner dask disk")
    parser.add_argument("--times", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "trial.yaml").write_text(EXPERIMENT, encoding="utf-8")
        began = time.monotonic()
        finish(folder, folder / "undisturbed")
        TAKES[0] = time.monotonic() - began
        expected = bytes_of(folder / "undisturbed")
        for harm in asked.harms:
            luck = random.Random(harm)
            counted: dict[str, int] = {}
            done = 0
            while done < asked.times:
                told = trial(harm, folder, expected, luck)
                counted[told] = counted.get(told, 0) + 1
                done += not told.startswith("too late")
            print(f"{harm}: {asked.times} trials, nothing lost, same bytes ({counted})", flush=True)


if __name__ == "__main__":
    main()
