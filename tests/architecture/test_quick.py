"""`make quick` stays quick: many tests, and nothing heavy loaded to find them. Counted, since a busy machine is slow."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .conftest import ROOT

HEAVY = ("altair", "duckdb", "numba", "pandas", "playwright", "pyarrow", "scipy.stats", "simpy", "sklearn", "streamlit")
NOTING = """
import sys

def pytest_collection_finish(session):
    print("collected:", len(session.items))
    print("loaded:", *(name for name in {heavy} if name in sys.modules))
"""


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """What `make quick` would run, by pytest's own word, and the heavy modules that were loaded to say so."""
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "noting.py").write_text(NOTING.format(heavy=HEAVY), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "@tests/quick.txt", "--collect-only", "-p", "noting", "-p", "no:cacheprovider"]
    path = f"{folder}:{ROOT}"
    said = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": path}
    )
    assert said.returncode == 0, said.stdout + said.stderr
    return dict(line.split(":", 1) for line in said.stdout.splitlines() if line.startswith(("collected:", "loaded:")))


def test_more_than_a_thousand_tests_are_quick(collected):
    assert int(collected["collected"]) >= 1_000


def test_finding_them_loads_nothing_heavy(collected):
    assert collected["loaded"].split() == []
