"""Reading JSON that somebody else may have written: how deep and how long it may be, and nothing that JSON does not have."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 64_000_000
"""A manifest of ten thousand replications has some twenty million."""
DEEPEST = 40
"""Levels of lists and objects. What sortie writes has ten."""


def load(text: str, *, deepest: int = DEEPEST) -> Any:
    """Return what a JSON text says.

    Raises
    ------
    ValueError
        If it is not JSON, holds ``NaN`` or half of a character, or is nested deeper than ``deepest``.
    """
    try:
        plain = json.loads(text, parse_constant=_no_number)
    except RecursionError:
        raise _too_deep(deepest) from None
    level = [plain]
    for _ in range(deepest + 1):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner += [*item.keys(), *item.values()]
            elif isinstance(item, list):
                inner += item
            elif isinstance(item, str):
                _whole(item)
        if not inner:
            return plain
        level = inner
    raise _too_deep(deepest)


def read(path: Path, *, deepest: int = DEEPEST) -> Any:
    """Return what a JSON file says.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        As :func:`load`, and if it is no file, is longer than :data:`MOST_BYTES` or is not UTF-8.
    """
    return load(read_text(path), deepest=deepest)


def read_text(path: Path) -> str:
    """Return the text of a file that should be a short one.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is no plain file (a pipe would be waited for), is longer than :data:`MOST_BYTES` or is not UTF-8.
    """
    found = path.stat()
    if stat.S_ISFIFO(found.st_mode) or stat.S_ISSOCK(found.st_mode) or stat.S_ISCHR(found.st_mode):
        msg = "a device or a pipe, expected a file"
        raise ValueError(msg)
    if found.st_size > MOST_BYTES:
        msg = f"{found.st_size:,} bytes, expected at most {MOST_BYTES:,}"
        raise ValueError(msg)
    return path.read_text(encoding="utf-8")


def _no_number(name: str) -> NoReturn:
    msg = f"met {name}, which is no number of JSON"
    raise ValueError(msg)


def _whole(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        msg = f"met half of a character in {text.encode(errors='replace').decode()[:40]!r}"
        raise ValueError(msg) from None


def _too_deep(deepest: int) -> ValueError:
    return ValueError(f"nested deeper than {deepest} levels")
