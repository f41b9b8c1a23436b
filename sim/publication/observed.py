"""The observed tables (``scenarios/observed/``) described for others: ``datapackage.json`` and ``ro-crate-metadata.json``.

What is said stands in the source notes beside the tables (``*.source.yaml``); the type of each column stands here.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import yaml

from sim.errors import DataError, RequestError, reason
from sim.publication.crate import METADATA, crate, files
from sim.publication.package import LICENCES, PACKAGE, field, package, resource
from sim.records.atomic import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

NAME = "sortie-observed"
TITLE = "Published tables on prisons and probation in France, as sortie reads them"
_ABOUT = (
    "Every prison quarter of France on some days and months, and series on people under committal, sentences, adjustments, "
    "probation, courts and reconviction, each row with its source. Tables under later/ are observed and never fitted."
)
_INTEGERS = ("capacity_theoretical", "capacity_operational", "detainees")
_NUMBERS = ("latitude", "longitude", "value")
_OTHERS = {
    "targets.yaml": "Published figures that practices are fitted to, with the definition of each",
    "calibration.yaml": "What is moved to fit them, and how far",
    "plausible.parquet": "Plausible draws that the fit left",
}
_PERIOD = r"^\d{4}(-(\d{2}(-\d{2})?|Q[1-4]))?(/(\d{4}|\d{2}))?$"
"""A day, a month, a quarter, a year, or the first and the last of several."""


def describe(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Describe the observed tables of a folder.

    Returns
    -------
        Contents of ``datapackage.json`` and of ``ro-crate-metadata.json``.

    Raises
    ------
    DataError
        If a source note does not describe the columns of its table.
    """
    resources, notes, vintages = [], [], []
    for note in sorted(folder.rglob("*.source.yaml")):
        told = yaml.safe_load(note.read_text(encoding="utf-8"))
        path = (note.parent / told["file"]).relative_to(folder).as_posix()
        vintages += [str(told["retrieved"])]
        resources.append(
            resource(
                folder,
                path,
                told["title"],
                fields=_fields(folder / path, told["columns"], note),
                description=" ".join([*_lines(told.get("use")), *_lines(told.get("caution"))]),
                sources=[{"title": f"{told['publisher']}: {told['publication']}"}],
                licenses=[LICENCES["etalab-2.0"]._asdict()],
            )
        )
        notes.append(resource(folder, note.relative_to(folder).as_posix(), f"Where {path} comes from"))
    notes += [resource(folder, name, title) for name, title in _OTHERS.items() if (folder / name).is_file()]
    licence = LICENCES["etalab-2.0"]
    read = max(vintages)
    described = package(resources, [licence], name=NAME, title=TITLE, description=_ABOUT, keywords=list(KEYWORDS))
    about = {"name": TITLE, "description": _ABOUT, "datePublished": read, "keywords": list(KEYWORDS)}
    return described, crate(about, files([*resources, *notes]), [], licence)


KEYWORDS = ("prison", "probation", "sentence adjustment", "France")


def _fields(table: Path, columns: dict[str, str], note: Path) -> list[dict[str, Any]]:
    with table.open(encoding="utf-8") as lines:
        header = lines.readline().rstrip("\r\n").split(",")
    if header != list(columns):
        msg = f"{note}: columns: met {', '.join(columns)}, expected those of {table.name}: {', '.join(header)}"
        raise DataError(msg)
    found = []
    for name, meaning in columns.items():
        if name == "date" and "series" in columns:  # the day, month or year a value speaks of
            found.append({**field(name, "string", meaning), "constraints": {"required": True, "pattern": _PERIOD}})
        else:
            kind = "date" if name == "date" else "integer" if name in _INTEGERS else "number" if name in _NUMBERS else "string"
            found.append(field(name, kind, meaning, required=name == "date"))
    return found


def _lines(said: str | list[str] | None) -> list[str]:
    return [] if said is None else [said] if isinstance(said, str) else [str(line) for line in said]


def texts(folder: Path) -> dict[str, str]:
    """Return the two files that describe a folder of observed tables, by name."""
    contents = zip((PACKAGE, METADATA), describe(folder), strict=True)
    return {name: json.dumps(content, ensure_ascii=False, indent=2) + "\n" for name, content in contents}


def write_description(folder: Path) -> list[Path]:
    """Write the two files that describe a folder of observed tables, beside them; ``sortie data refresh`` ends with it."""
    for name, text in texts(folder).items():
        write_atomically(folder / name, text.encode())
    return [folder / PACKAGE, folder / METADATA]


def publish_observed(folder: Path, to: Path) -> list[Path]:
    """Copy the observed tables into a new folder, described.

    Raises
    ------
    RequestError
        If the folder cannot be written, or holds something.
    """
    try:
        shutil.copytree(folder, to, dirs_exist_ok=False)
        write_description(to)
    except FileExistsError as problem:
        msg = f"--to: {to}: there already. Name a folder that is not."
        raise RequestError(msg) from problem
    except OSError as problem:
        msg = f"--to: {to}: cannot be written ({reason(problem)})."
        raise RequestError(msg) from problem
    return sorted(path for path in to.rglob("*") if path.is_file())
