"""`make quick` stays quick: many tests, and nothing heavy loaded to find them. Counted, since a busy machine is slow."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .conftest import ROOT

HEAVY = ("altair", "duckdb", "numba", "pandas", "playwright", "pyarrow", "scipy.stats", "simpy", "emcee", "streamlit")
NOTING = """
import sys

def pytest_collection_finish(session):
    print("collected:", len(session.items))
    print("found:", *sorted(set(item.nodeid.split("::")[0] for item in session.items)))
    print("loaded:", *(name for name in {heavy} if name in sys.modules))
"""


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """What `make quick` would run, by pytest's own word, and the heavy modules that were loaded to say so."""
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "noting.py").write_text(NOTING.format(heavy=HEAVY), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "@tests/quick.txt", "--collect-only", "-p", "noting", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
    assert said.returncode == 0, said.stdout + said.stderr
    return dict(line.split(":", 1) for line in said.stdout.splitlines() if line.startswith(("collected:", "found:", "loaded:")))


def test_more_than_a_thousand_tests_are_quick(collected):
    assert int(collected["collected"]) >= 1_000


def test_finding_them_loads_nothing_heavy(collected):
    assert collected["loaded"].split() == []


def test_they_start_no_process(collected):
    """A process more, and half a minute is soon a minute."""
    files = {line.split("::")[0] for line in collected["found"].split()}
    starting = [file for file in sorted(files) if "subprocess" in (ROOT / file).read_text(encoding="utf-8")]
    assert starting == []
