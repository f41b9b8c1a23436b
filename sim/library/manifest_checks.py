"""What ``reference.json`` must be before a page or a note is made of it: its keys, kinds, days and lists of files."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from typing import Any

from sim.records.tables import Codebook

TABLES = ("figures", "sites", "routes", "paths", "sweeps", "lives", "portraits", "people")
_KINDS: dict[str, type | tuple[type, ...]] = {
    "version": str, "source": str, "start": str, "measure_from": str, "end": str, "fraction": (int, float),
    "replications": int, "seed": int, "scenarios": list, "sweeps": list, "codebook": dict, "files": dict, "made": dict,
}  # fmt: skip
_DAYS = ("start", "measure_from", "end")
_SHA256 = re.compile("[0-9a-f]{64}")
_LANGUAGES = ("fr", "en")


def wrong(manifest: object) -> str | None:
    """Return what is wrong in the manifest of a reference: where, the value met, what was expected; None if nothing is."""
    if not isinstance(manifest, dict):
        return f"met {type(manifest).__name__}, expected an object"
    for key, kind in _KINDS.items():
        if key not in manifest:
            return f"{key}: this key is missing"
        if not isinstance(manifest[key], kind) or isinstance(manifest[key], bool):
            return f"{key}: met {str(manifest[key])[:40]!r}, expected another kind of value"
    if not 0 < manifest["fraction"] <= 1:
        return f"fraction: met {manifest['fraction']}, expected more than 0, at most 1"
    for key in _DAYS:
        try:
            date.fromisoformat(manifest[key])
        except ValueError:
            return f"{key}: met {manifest[key][:40]!r}, expected a day as 2025-10-01"
    return _names(manifest) or _files(manifest["files"]) or _lists(manifest["codebook"])


def _names(manifest: dict[str, Any]) -> str | None:
    for key, words in {"scenarios": "title", "sweeps": "unit"}.items():
        for at, row in enumerate(manifest[key]):
            told = row.get(words) if isinstance(row, dict) else None
            if not isinstance(told, dict) or not isinstance(row.get("name"), str) or not set(_LANGUAGES) <= set(told):
                return f"{key}.{at}: expected a name, and its {words} in French and English"
    return None if manifest["scenarios"] else "scenarios: met none, expected the base first"


def _files(files: dict[str, Any]) -> str | None:
    missing = next((name for name in TABLES if f"{name}.parquet" not in files), None)
    if missing is not None:
        return f"files: {missing}.parquet is missing"
    for name, record in files.items():
        if "/" in name or "\\" in name or name.startswith("."):
            return f"files: met {name[:40]!r}, expected names of files of this folder"
        if not isinstance(record, dict) or not _SHA256.fullmatch(str(record.get("sha256"))):
            return f"files: {name}: expected its SHA-256"
    return None


def _lists(codebook: dict[str, Any]) -> str | None:
    known = {field.name for field in fields(Codebook)}
    kept = {key for key in known if isinstance(codebook.get(key), list)}
    bad = next(iter(sorted((known | set(codebook)) - kept)), None)
    return None if bad is None else f"codebook: {bad}: expected the lists of a run, and no other"
