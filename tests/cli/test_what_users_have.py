"""`make setup` gives users enough: with nothing but requirements.lock, the command, a run and the explorer work."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

WITHOUT_TOOLS = """
import re, sys
from importlib.metadata import packages_distributions
from pathlib import Path

def name_of(text):
    return re.sub(r"[-_.]+", "-", text).lower()

locked = {name_of(found) for found in re.findall(r"^([A-Za-z0-9._-]+)==", Path("requirements.lock").read_text(), re.M)}
locked |= {"sortie", "pip", "setuptools"}
refused = {top for top, owners in packages_distributions().items() if not {name_of(owner) for owner in owners} & locked}
assert {"pytest", "emcee", "IPython"} <= refused

class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in refused:
            raise ModuleNotFoundError(f"No module named {name!r}, which users do not have", name=name)

sys.meta_path.insert(0, Refusing())
"""
COMMAND = "\nfrom sim.cli import main\nmain(sys.argv[1:])\n"
PAGES = """
from streamlit.testing.v1 import AppTest
from sim.explorer.layout import PAGES
at = AppTest.from_file(str(Path("app.py").resolve()), default_timeout=900).run()
assert not at.exception, at.exception
for name, *_ in PAGES[1:]:
    at.switch_page(f"sim/explorer/pages/{name}.py").run()
    assert not at.exception, (name, at.exception)
"""


@pytest.fixture
def without_tools(root, tmp_path):
    def run(program, *arguments):
        environment = {**os.environ, "PYTHONPATH": str(root), "SORTIE_RUNS": str(tmp_path)}
        command = [sys.executable, "-c", WITHOUT_TOOLS + program, *arguments]
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=environment)

    return run


def test_a_run_is_made_and_told(without_tools, tmp_path):
    dates = ("--start", "2022-01-01", "--measure-from", "2022-03-01", "--end", "2022-05-31", "--fraction", "0.002")
    made = without_tools(COMMAND, "run", "baseline", "-n", "1", "-w", "1", *dates, "-o", str(tmp_path), "--progress", "none")
    assert made.returncode == 0, made.stderr
    (run,) = (tmp_path / "baseline").iterdir()
    told = without_tools(COMMAND, "story", str(run), "--pick", "dry")
    assert told.returncode == 0, told.stderr
    assert told.stdout.strip()


def test_every_page_of_the_explorer_opens(without_tools):
    opened = without_tools(PAGES)
    assert opened.returncode == 0, opened.stderr


def test_what_needs_more_says_what_to_install(without_tools):
    asked = without_tools(COMMAND, "calibrate", "--workers", "1")
    assert asked.returncode != 0
    assert "Traceback" not in asked.stderr
    assert "setup-dev" in asked.stderr or "calibration" in asked.stderr
