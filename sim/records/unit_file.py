"""``unit.json``: what one replication of a run holds, and which code measured it. It is what is true of a replication.

``manifest.json`` is a summary of these files. Indicators measured anew take the place of the old ones in three steps, each of
them one rename: the file to come is announced in ``unit.json``, it takes its place, the announcement becomes the record.
Whatever step a crash falls after, the replication is whole, measured by one code or by the other.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.records import json_text
from sim.records.atomic import write_atomically
from sim.records.manifest import FileRecord

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

UNIT, INDICATORS = "unit.json", "indicators.parquet"
_TO_COME = "to_come"


class UnitFile(NamedTuple):
    """What ``unit.json`` says of a replication."""

    files: dict[str, FileRecord]
    resources: dict[str, Any]
    measures: str
    """SHA-256 of the code that measured it; empty if it was not written down."""


def unit_text(number: int, unit: UnitFile, to_come: Mapping[str, Any] | None = None) -> bytes:
    """Return the text of ``unit.json``."""
    content: dict[str, Any] = {
        "replication": number,
        "files": {name: asdict(record) for name, record in unit.files.items()},
        "resources": unit.resources,
        "measures": unit.measures,
    }
    if to_come is not None:
        content[_TO_COME] = to_come
    return json.dumps(content, indent=1).encode()


def read_unit(folder: Path) -> UnitFile | None:
    """Read the ``unit.json`` of a replication; None if it is missing or is not one."""
    try:
        content = json_text.read(folder / UNIT)
        files = {name: FileRecord(**record) for name, record in content["files"].items()}
        unit = UnitFile(files, dict(content["resources"]), str(content.get("measures", "")))
        if _TO_COME not in content:
            return unit
        announced = FileRecord(**content[_TO_COME]["file"])
        if hashlib.sha256((folder / INDICATORS).read_bytes()).hexdigest() != announced.sha256:
            return unit
        return UnitFile({**files, INDICATORS: announced}, unit.resources, str(content[_TO_COME]["measures"]))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def replace_indicators(folder: Path, content: bytes, rows: int, measures: str) -> None:
    """Put indicators measured anew in the place of those of a replication, whole or not at all.

    Parameters
    ----------
    folder
        Of the replication; it must have a ``unit.json``.
    content, rows
        Bytes of the new ``indicators.parquet``, and how many figures it holds.
    measures
        SHA-256 of the code that measured it.
    """
    unit = read_unit(folder)
    assert unit is not None, folder
    record = FileRecord(hashlib.sha256(content).hexdigest(), len(content), rows)
    number = int(folder.name)
    write_atomically(folder / UNIT, unit_text(number, unit, {"file": asdict(record), "measures": measures}))
    write_atomically(folder / INDICATORS, content)
    after = UnitFile({**unit.files, INDICATORS: record}, unit.resources, measures)
    write_atomically(folder / UNIT, unit_text(number, after))
