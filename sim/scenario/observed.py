"""Published tables packaged with the scenarios (``scenarios/observed/``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from sim.dates import parse_day
from sim.errors import DataError
from sim.scenario.library import folders

if TYPE_CHECKING:
    from pathlib import Path


def observed_file(name: str) -> Path:
    """Return the path of a published table, from the package's own copy first.

    Raises
    ------
    DataError
        If the table is not there.
    """
    for folder in reversed(folders()):
        path = folder / "observed" / name
        if path.is_file():
            return path
    message = f"scenarios/observed/{name}: no such table; reinstall the package or run from a checkout"
    raise DataError(message)


def base_day() -> int:
    """Base date of the model: that of a table by establishment whose totals are published (``base:`` of its source note).

    Raises
    ------
    DataError
        If the note does not say it.
    """
    note = observed_file("establishments.source.yaml")
    said = yaml.safe_load(note.read_text(encoding="utf-8")).get("base")
    if said is None:
        message = f"{note.name}: base: missing; expected a date of the table, as 2025-10-01."
        raise DataError(message)
    return parse_day(str(said))
