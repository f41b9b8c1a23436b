"""Frictionless Data Package 2.0: ``datapackage.json``, which says what each file of a folder is and what each column holds.

https://datapackage.org/standard/data-package/
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PACKAGE = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"
FORMATS = {
    ".csv": ("csv", "text/csv"),
    ".json": ("json", "application/json"),
    ".md": ("md", "text/markdown"),
    ".parquet": ("parquet", "application/vnd.apache.parquet"),
    ".yaml": ("yaml", "application/yaml"),
}
"""Format and media type of the files that are published, by ending."""


class Licence(NamedTuple):
    """A licence that others can look up."""

    name: str
    title: str
    path: str


LICENCES = {
    licence.name: licence
    for licence in (
        Licence("MIT", "MIT License", "https://spdx.org/licenses/MIT.html"),
        Licence("CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        Licence("CC0-1.0", "Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        Licence("ODbL-1.0", "Open Data Commons Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
        Licence("etalab-2.0", "Licence Ouverte 2.0", "https://spdx.org/licenses/etalab-2.0.html"),
    )
}
"""Licences a folder can be published under, by SPDX identifier."""


def field(name: str, kind: str, meaning: str = "", *, names: Sequence[str] = (), required: bool = False) -> dict[str, Any]:
    """Return the description of a column: ``kind`` is a type of Table Schema, ``names`` are all that its cells can say."""
    told: dict[str, Any] = {"name": name, "type": kind}
    if meaning:
        told["description"] = meaning
    if names:
        told["categories"] = list(dict.fromkeys(names))
    if required:
        told["constraints"] = {"required": True}
    return told


def resource(
    folder: Path, path: str, title: str, *, fields: Sequence[Mapping[str, Any]] = (), description: str = "", **more: Any
) -> dict[str, Any]:
    """Return the description of a file that is there: its bytes, their hash and, of a table, its columns.

    Parameters
    ----------
    folder
        Of the package.
    path
        Of the file, inside it, with ``/``.
    fields
        Of a table (:func:`field`); none for another file.
    more
        Further properties.
    """
    file = folder / path
    form, media = FORMATS[file.suffix]
    told: dict[str, Any] = {
        "name": path.rpartition(".")[0].replace("/", "-").replace(".", "-").replace("_", "-").removeprefix("data-").lower(),
        "path": path,
        "title": title,
    }
    if description:
        told["description"] = description
    told |= {"format": form, "mediatype": media, "bytes": file.stat().st_size, "hash": hash_of(file)}
    if form != "parquet":
        told["encoding"] = "utf-8"
    if fields:
        told["type"] = "table"
        told["schema"] = {"$schema": SCHEMA, "fields": list(fields), "missingValues": [""]}
    return {**told, **more}


def hash_of(file: Path) -> str:
    """Return the hash of a file as a package writes it: ``sha256:…``."""
    with file.open("rb") as content:
        return "sha256:" + hashlib.file_digest(content, "sha256").hexdigest()


def package(resources: Sequence[Mapping[str, Any]], licences: Sequence[Licence], **about: Any) -> dict[str, Any]:
    """Return the content of ``datapackage.json``: what it is about, then its files."""
    told = {key: value for key, value in about.items() if value}
    return {
        "$schema": PROFILE,
        **told,
        "licenses": [licence._asdict() for licence in licences],
        "resources": [dict(one) for one in resources],
    }
