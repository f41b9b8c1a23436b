"""Numbers of assumptions, HYP-nn: stored beside the code (``assumptions.yaml``), never worked out from a position."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import yaml

from sim.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

REGISTRY = Path(__file__).with_name("assumptions.yaml")
UNNUMBERED = "HYP"
"""Code of an assumption that is not the baseline's own: a world that somebody wrote."""

_LINE = re.compile(r"(HYP-(\d{2,})): (?:([a-z][\w.]*)|\{was: ([a-z][\w.]*), why: .+\})")


def read_numbers(path: Path = REGISTRY) -> dict[str, str]:
    """Return the number of every path that has one: those that are assumptions, and those that were.

    Raises
    ------
    DataError
        If a line says something else, numbers do not go up, or a path has two.
    """
    found: dict[str, str] = {}
    last = 0
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not text.strip() or text.startswith("#"):
            continue
        read = _LINE.fullmatch(text)
        if read is None:
            message = f"{path.name}:{line}: met '{text}', expected 'HYP-nn: a.path' or 'HYP-nn: {{was: a.path, why: …}}'."
            raise DataError(message)
        code, number, alive, gone = read.groups()
        if int(number) <= last or code != _code(int(number)):
            message = f"{path.name}:{line}: met {code}, expected {_code(last + 1)} or above: a number is never used again."
            raise DataError(message)
        last = int(number)
        name = alive or gone
        if name in found:
            message = f"{path.name}:{line}: '{name}' already is {found[name]}."
            raise DataError(message)
        found[name] = code
    return found


@cache
def numbers() -> Mapping[str, str]:
    """Return the packaged numbers by path, read once."""
    return MappingProxyType(read_numbers())


def retired(path: Path = REGISTRY) -> dict[str, str]:
    """Return what became of numbers that are no longer assumptions: number → path and reason."""
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {code: f"{entry['was']}: {entry['why']}" for code, entry in read.items() if isinstance(entry, dict)}


def number_new(paths: Iterable[str], path: Path = REGISTRY) -> list[str]:
    """Give the next numbers to paths that have none, in alphabetical order, and return the lines added."""
    known = read_numbers(path)
    new = sorted(set(paths) - set(known))
    last = max((int(code.removeprefix("HYP-")) for code in known.values()), default=0)
    lines = [f"{_code(last + place)}: {name}" for place, name in enumerate(new, start=1)]
    if lines:
        text = path.read_text(encoding="utf-8").rstrip("\n")
        path.write_text("\n".join([text, *lines]) + "\n", encoding="utf-8")
        numbers.cache_clear()
    return lines


def _code(number: int) -> str:
    return f"HYP-{number:02d}"
