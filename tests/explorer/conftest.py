"""The explorer served for real, a browser, and runs small enough for a test.

Browser tests need Chromium. Where there is none they are left out, and the header of the session says so; with
``SORTIE_BROWSER=required`` (CI sets it) they stay in and fail: a machine without a browser is never taken for a green one.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from sim.experiments.run_options import adapted
from sim.explorer.data import baseline
from sim.explorer.jobs import Request
from sim.explorer.scenario_form import SEED, Draft, loaded, run_id

from .visiting import PATIENCE, WIDE, Visitor

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TITLE = {"fr": "Essai", "en": "Trial"}
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def request(output: Path, settings: dict[str, int], *, n: int = 2, fraction: str = "0.002") -> Request:
    """A run that people could ask for on the page, of a few thousandths of the country."""
    text = Draft(settings, "2026-07-01", (), ()).text(TITLE)
    base, policy = (adapted(world, days={}, fraction=float(fraction)) for world in (baseline(), loaded(text)))
    return Request(text, policy.name, run_id(policy), run_id(base), n, fraction, SEED, output)


@dataclass(frozen=True)
class Server:
    """A server of the explorer."""

    url: str
    pid: int
    runs: Path


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def serve(root: Path, runs: Path, script: str = "app.py") -> tuple[subprocess.Popen[bytes], Server]:
    """Start the explorer as ``make app`` does, or another script, and wait until it answers."""
    port = free_port()
    log = runs / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)],
            cwd=root,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "SORTIE_RUNS": str(runs), "PYTHONPATH": str(root)},
        )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 900
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return process, Server(url, process.pid, runs)
        time.sleep(0.1)
    process.kill()
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def server(root, tmp_path_factory) -> Iterator[Server]:
    process, served = serve(root, tmp_path_factory.mktemp("runs"))
    yield served
    process.terminate()
    process.wait(300)


@pytest.fixture(scope="session")
def chromium():
    """A real Chromium, driven by Playwright."""
    where = chromium_path()
    if where is None:
        pytest.fail("SORTIE_BROWSER=required but no Chromium: apt-get install chromium, or set CHROMIUM to its path")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=list(FLAGS))
        yield browser
        browser.close()


def chromium_path() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture
def visitor(chromium, server):
    opened = []

    def arrive(viewport=WIDE):
        opened.append(Visitor(chromium, server, viewport))
        return opened[-1]

    yield arrive
    for each in opened:
        each.context.close()
