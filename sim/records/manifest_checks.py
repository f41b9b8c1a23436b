"""What a manifest that was read must be before anything is done with it: right kinds, possible values, names of files only."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.records.tables import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import TypeAdapter

    from sim.records.manifest import FileRecord, Manifest

_FILES = {"indicators.parquet", *(f"{name}.parquet" for name in SCHEMA)}
_SHA256 = re.compile("[0-9a-f]{64}")
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896
"""The calendar of Python: year 1 to year 9999."""


class ManifestError(ValueError):
    """What is wrong in a manifest: where inside it, the value met, what was expected."""


def manifest_of(plain: dict[str, Any]) -> Manifest:
    """Make a manifest of plain data, every field of the kind its class says, and no other.

    Raises
    ------
    ManifestError
        If a key is missing, unknown or of the wrong kind, or a value is impossible.
    """
    from pydantic import ValidationError  # noqa: PLC0415 (0.1 s that `sortie --help` does not need)

    from sim.records.manifest import Manifest  # noqa: PLC0415 (which calls this module)

    for field in fields(Manifest):  # those that have a default too: it stands for a run that has just begun
        if field.name not in plain and field.name != "measures":  # a manifest of before they were told apart has none
            msg = f"{field.name}: this key is missing"
            raise ManifestError(msg)
    try:
        manifest = _adapter().validate_json(json.dumps(plain), strict=True)
    except ValidationError as problems:
        first = problems.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"] if part != "[key]")
        msg = f"{where}: {_told(first)}"
        raise ManifestError(msg) from problems
    _possible(manifest)
    return manifest


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Manifest]:
    from pydantic import TypeAdapter  # noqa: PLC0415

    from sim.records.manifest import Manifest  # noqa: PLC0415 (which calls this module)

    return TypeAdapter(Manifest)


_SORTS = {
    "int": "a whole number",
    "float": "a number",
    "string": "a text",
    "bool": "true or false",
    "dict": "a table of names and values",
    "list": "a list",
    "tuple": "a list",
    "dataclass": "a table of names and values",
    "model": "a table of names and values",
}
"""What was expected, by the first word of the library's name for the mistake."""


def _told(problem: Mapping[str, Any]) -> str:
    if problem["type"] == "missing":
        return "this key is missing"
    if problem["type"] == "extra_forbidden":
        return "no such key"
    sort = str(problem["type"]).partition("_")[0]
    return f"met {_shown(problem['input'])}, expected {_SORTS.get(sort, 'a value of another kind')}"


def _possible(manifest: Manifest) -> None:
    """Refuse what no run can have written, however well formed: it would lead out of the folder, or to a wrong figure."""
    for name in ("scenario", "run_id"):
        value = getattr(manifest, name)
        if not value or value != value.strip() or any(letter in value for letter in "/\\\0\n\r") or value in {".", ".."}:
            _refuse(name, value, "the name of a folder")
    days = (manifest.start_day, manifest.measure_from_day, manifest.end_day)
    if not _FIRST_DAY <= days[0] <= days[1] <= days[2] <= _LAST_DAY:
        _refuse("start_day, measure_from_day, end_day", days, "days in that order")
    if not -(2**63) <= manifest.seed < 2**63:
        _refuse("seed", manifest.seed, "a whole number of 64 bits")
    if not 0 < manifest.sampling_fraction <= 1:
        _refuse("sampling_fraction", manifest.sampling_fraction, "a number above 0 and up to 1")
    for number, files in manifest.replications.items():
        if number < 0:
            _refuse("replications", number, "numbers from 0")
        _possible_files(f"replications.{number}", files)
    _possible_measures(manifest)


def _possible_measures(manifest: Manifest) -> None:
    for number, digest in manifest.measures.items():
        if not _SHA256.fullmatch(digest):
            _refuse(f"measures.{number}", digest, "64 hexadecimal digits")


def _possible_files(where: str, files: Mapping[str, FileRecord]) -> None:
    for name, record in files.items():
        if name not in _FILES:
            _refuse(where, name, "the file of a table of sortie")
        if not _SHA256.fullmatch(record.sha256):
            _refuse(f"{where}.{name}.sha256", record.sha256, "64 hexadecimal digits")
        if record.bytes < 0 or record.rows < 0:
            _refuse(f"{where}.{name}", (record.bytes, record.rows), "bytes and rows from 0")
    if "indicators.parquet" not in files:
        _refuse(where, sorted(files), "its indicators.parquet among them")


def _refuse(where: str, met: object, expected: str) -> None:
    msg = f"{where}: met {_shown(met)}, expected {expected}"
    raise ManifestError(msg)


def _shown(met: object) -> str:
    text = repr(met)
    return text if len(text) <= 60 else text[:60] + "…"
