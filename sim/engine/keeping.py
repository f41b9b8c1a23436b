"""Where machine code is kept: one folder for each meaning of the source, shared by every checkout that means the same.

The key is a digest of what the machine code may be made of: the syntax trees of the sources, without docstrings and
comments; the versions of Python, numba, llvmlite, NumPy and SciPy; the kind of machine. Neither paths nor times of files are in
it: a clone, a ``touch`` or another docstring compiles nothing (decision 0012). numba adds to it, in its own index, the
types of the arguments and the processor compiled for.
"""

from __future__ import annotations

import ast
import atexit
import hashlib
import os
import platform
import re
import shutil
import sys
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

from sim.engine import cache_folder

_ROOT = Path(__file__).resolve().parents[1]
_APART = frozenset(
    {"api", "calibration", "cli", "experiments", "explorer", "indicators", "library", "presentation", "scenario"}
)
"""Packages no compiled function nor any constant it reads comes from: they may change without a new compilation."""
_APART_WITHIN = frozenset({("law", "rulebook")})
"""The same, for packages within one that is compiled."""
_COMPILERS = ("numba", "llvmlite", "numpy", "scipy")
"""What turns the source into machine code, or is called by it by name (SciPy's quantiles)."""
TESTED = ((0, 68),)
"""Versions of numba, by their first two numbers, whose libraries :mod:`sim.engine.linking` and this module were tested with."""
_KEPT_VERSIONS = 8
"""How many versions of the machine code stay on disk, some ten megabytes each; those used longest ago go first."""
_KEPT_ALIASES = 64
"""How many texts stay known by their bytes, a small file each."""


def sources() -> list[Path]:
    """Files the machine code may be made of."""

    def is_compiled(path: Path) -> bool:
        parts = path.relative_to(_ROOT).parts
        return parts[0] not in _APART and parts[:2] not in _APART_WITHIN

    return [path for path in sorted(_ROOT.rglob("*.py")) if is_compiled(path)]


def meaning(text: bytes) -> bytes:
    """Return the syntax tree of a source without docstrings, comments and places: what its machine code depends on."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [statement for statement in node.body if not _is_text(statement)] or [ast.Pass()]
    return ast.dump(tree).encode()


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)
    )


def _key(base: Path) -> str:
    """Digest of the meaning of the sources, remembered under the digest of their bytes: 20 ms in place of a second."""
    compilers = [f"{name} {version(name)}" for name in _COMPILERS]
    python = (platform.python_implementation(), *sys.version_info[:3], sys.platform, platform.machine())
    made_by = hashlib.blake2b(repr((compilers, python)).encode(), digest_size=8)
    texts = [(path.relative_to(_ROOT).as_posix().encode(), path.read_bytes()) for path in sources()]
    exact = made_by.copy()
    for name, text in texts:
        exact.update(b"%s\0%d\0%s" % (name, len(text), text))
    alias = base / f"alias-{exact.hexdigest()}"
    try:
        known = alias.read_text()
    except (OSError, UnicodeDecodeError):
        known = ""
    if re.fullmatch("[0-9a-f]{16}", known):
        return known
    for name, text in texts:
        tree = meaning(text)
        made_by.update(b"%s\0%d\0%s" % (name, len(tree), tree))
    found = made_by.hexdigest()
    _remember(alias, found)
    return found


def _remember(alias: Path, key: str) -> None:
    """Write an alias whole, or not at all where nothing can be written."""
    try:
        alias.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=alias.parent, prefix=".alias-", delete=False) as file:
            file.write(key)
        Path(file.name).replace(alias)
    except OSError:
        return
    others = sorted((path for path in alias.parent.glob("alias-*") if path != alias), key=_used, reverse=True)
    for path in others[_KEPT_ALIASES - 1 :]:
        path.unlink(missing_ok=True)


@cache
def code_folder() -> Path:
    """Folder of the machine code of this version of the source, made and fit to be written to.

    Several processes may compile at once: numba replaces its files whole, and what it replaces is the same.
    """
    name = f"code-{_key(cache_folder.folder())}"
    found = cache_folder.folder() / name
    try:
        found.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=found):
            pass
        found.touch()
    except OSError:
        # Nowhere to write: the code is made anew for each command, in a folder only this user can write to (what is kept
        # is executed), handed on to the processes it starts.
        base = Path(tempfile.mkdtemp(prefix="sortie-"))
        os.environ[cache_folder.VARIABLE] = str(base)
        atexit.register(_forget, base, os.getpid())
        found = base / name
        found.mkdir()
    _prune(found)
    return found


def _forget(folder: Path, maker: int) -> None:
    if os.getpid() == maker:
        shutil.rmtree(folder, ignore_errors=True)


def _used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another process has just deleted it
        return 0.0


def _prune(current: Path) -> None:
    """Delete the machine code of versions used longest ago: whoever still runs one has it in memory."""
    others = sorted((folder for folder in current.parent.glob("code-*") if folder != current), key=_used, reverse=True)
    for folder in others[_KEPT_VERSIONS - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def is_tested() -> bool:
    """Whether numba is of a version tested (:data:`TESTED`)."""
    return tuple(int(number) for number in version("numba").split(".")[:2]) in TESTED


def mark() -> Path:
    """File whose presence says that everything is compiled."""
    if is_tested():
        return code_folder() / "ready"
    # Of itself, numba keeps machine code by the place of the source.
    return code_folder() / f"ready-{hashlib.blake2b(str(_ROOT).encode(), digest_size=8).hexdigest()}"
