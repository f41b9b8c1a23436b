"""Published tables packaged with the scenarios (``scenarios/observed/``), read only as they were described.

``ro-crate-metadata.json`` beside them says which bytes each has: a table that a disk, a copy or a hand has changed is told,
never read as if it were the published one.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import yaml

from sim.dates import parse_day
from sim.errors import DataError, ordinary_file, reason
from sim.scenario.library import folders

if TYPE_CHECKING:
    from pathlib import Path

DESCRIPTION = "ro-crate-metadata.json"
_WAY_OUT = (
    "Restore scenarios/observed/, or install sortie again. "
    "If it was changed on purpose, describe it anew: python docs/generate.py"
)
_SHA256_DIGITS = 64


def observed_file(name: str) -> Path:
    """Return the path of a published table, from the package's own copy first.

    Raises
    ------
    DataError
        If the table is not there, or is not the one that was described (:func:`intact`).
    """
    for folder in reversed(folders()):
        path = folder / "observed" / name
        if path.is_file():
            return intact(path)
    message = f"scenarios/observed/{name}: no such table; reinstall the package or run from a checkout"
    raise DataError(message)


def intact(path: Path) -> Path:
    """Return the path of a published table once it has the bytes that the description of its folder announces.

    Line ends of another system are no change. A folder without description (a copy of one's own) is taken as it is, and so is
    a note (``.yaml``), which is written by hand and has a reader that checks it.

    Raises
    ------
    DataError
        If the table or the description cannot be read, or the two differ.
    """
    if path.suffix == ".yaml":
        return path
    announced = _announced(path)
    if announced is None:
        return path
    try:
        content = ordinary_file(path).read_bytes()
    except OSError as problem:
        message = f"{path}: cannot be read ({reason(problem)}). {_WAY_OUT}"
        raise DataError(message) from problem
    plain = content.replace(b"\r\n", b"\n") if path.suffix == ".csv" else content
    if announced not in {hashlib.sha256(content).hexdigest(), hashlib.sha256(plain).hexdigest()}:
        message = f"{path}: met {len(content)} bytes that are not those announced by {DESCRIPTION} (SHA-256). {_WAY_OUT}"
        raise DataError(message)
    return path


def _announced(path: Path) -> str | None:
    """SHA-256 of a table by the description of its folder, or of the one above (``later/``); None where there is none."""
    for folder in (path.parent, path.parent.parent):
        description = folder / DESCRIPTION
        if not description.is_file():
            continue
        wanted = path.relative_to(folder).as_posix()
        try:
            told = json.loads(description.read_text(encoding="utf-8"))
            found = next((one.get("sha256") for one in told["@graph"] if one.get("@id") == wanted), None)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            message = f"{description}: is not the description of published tables ({_why(problem)}). {_WAY_OUT}"
            raise DataError(message) from problem
        if not isinstance(found, str) or len(found) != _SHA256_DIGITS:
            message = f"{description}: says nothing of {wanted}. {_WAY_OUT}"
            raise DataError(message)
        return found
    return None


def _why(problem: Exception) -> str:
    return reason(problem) if isinstance(problem, OSError | ValueError) else "another structure"


def base_day() -> int:
    """Base date of the model: that of a table by establishment whose totals are published (``base:`` of its source note).

    Raises
    ------
    DataError
        If the note does not say it.
    """
    note = observed_file("establishments.source.yaml")
    try:
        said = yaml.safe_load(note.read_text(encoding="utf-8")).get("base")
        if said is None:
            message = f"{note}: base: missing; expected a date of the table, as 2025-10-01. {_WAY_OUT}"
            raise DataError(message)
        return parse_day(str(said))
    except (OSError, ValueError, AttributeError, yaml.YAMLError) as problem:
        message = f"{note}: cannot be read, expected a note with 'base:', a date of the table. {_WAY_OUT}"
        raise DataError(message) from problem
