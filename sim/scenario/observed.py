"""Published tables packaged with the scenarios (``scenarios/observed/``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
