"""The import contracts hold, and would break if they were crossed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

CROSSINGS = {
    "Each package imports only what stands below it": ("law/crossing.py", "import sim.population\n"),
    "Only the live system knows SimPy": ("records/crossing.py", "import simpy\n"),
    "An indicator sees tables": ("indicators/crossing.py", "import sim.law\n"),
}


def lint(folder):
    """Say what import-linter says of the package in a folder."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", "pyproject.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_contracts_are_kept(root):
    said = lint(root)
    assert said.returncode == 0, said.stdout


def test_a_new_package_must_take_its_place_and_crossings_are_seen(root, tmp_path):
    shutil.copytree(root / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", tmp_path)
    for name, text in CROSSINGS.values():
        (tmp_path / "sim" / name).write_text(text)
    said = lint(tmp_path)
    assert said.returncode == 1
    for contract in CROSSINGS:
        line = next(line for line in said.stdout.splitlines() if contract in line)
        assert "BROKEN" in line, line

    for name, _ in CROSSINGS.values():
        (tmp_path / "sim" / name).unlink()
    (tmp_path / "sim" / "homeless.py").write_text("")
    said = lint(tmp_path)
    assert said.returncode == 1
    assert "homeless" in said.stdout
