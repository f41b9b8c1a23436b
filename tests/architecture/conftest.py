"""What the project's files are."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def project_files() -> list[Path]:
    """Files of the project, new ones included, ignored ones not."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in said.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.fixture(scope="session")
def files() -> list[Path]:
    """Files of the project; an archive without git has only those that matter."""
    if (ROOT / ".git").exists():
        return project_files()
    folders = ("sim", "scenarios", "tests", "docs")
    return [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]


def modules() -> list[Path]:
    """Python files of the package."""
    return sorted((ROOT / "sim").rglob("*.py"))


def name_of(path: Path) -> str:
    """Path as a test's identifier."""
    return path.relative_to(ROOT).as_posix()
