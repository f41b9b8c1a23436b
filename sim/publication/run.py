"""A run as a folder for others: its tables described, its origin told, and still a run that ``sortie compare`` opens.

::

    DIR/
        README.md                  for people, in one language
        datapackage.json           every file, with its hash
        schemas/<table>.json       every column: type, meaning, unit, names behind codes
        ro-crate-metadata.json     who made what, from what, with what
        indicators-dictionary.csv  what each indicator is, and its unit
        manifest.json, scenario.yaml, indicators.csv, replications/   as they are in the run
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from sim.dates import iso
from sim.errors import RequestError, RunFolderError, reason
from sim.indicators.catalogue import CATALOGUE
from sim.publication import crate, package
from sim.publication.readme import readme
from sim.publication.tables import ROWS, fields_of
from sim.records.atomic import machine
from sim.records.tables import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.records.run_folder import RunFolder

LICENCE = "CC-BY-4.0"
"""Licence of a published run, unless another is asked for."""
KEYWORDS = ("prison", "sentence adjustment", "France", "simulation")
SOURCES = "Ministry of Justice and other public series, Licence Ouverte 2.0 (scenarios/observed in the repository of sortie)"
DICTIONARY, README, INDICATORS = "indicators-dictionary.csv", "README.md", "indicators.csv"
_COPIED = ("manifest.json", "scenario.yaml", INDICATORS)


def publish_run(
    run: RunFolder, to: Path, *, licence: str = LICENCE, authors: Sequence[str] = (), lang: Literal["en", "fr"] = "en"
) -> list[Path]:
    """Copy a finished run into a new folder that describes itself; the folder is there whole, or not at all.

    Parameters
    ----------
    run
        Every file of it is read, and held against the hash it was written with.
    to
        Folder to make.
    licence
        One of :data:`~sim.publication.package.LICENCES`.
    authors
        Who publishes it.
    lang
        Language of ``README.md``; metadata are in English.

    Raises
    ------
    RunFolderError
        If the run is unfinished or damaged.
    RequestError
        If the folder is there already or cannot be written, or the licence is none of ours.
    """
    if licence not in package.LICENCES:
        msg = f"--licence: met '{licence}', expected one of {', '.join(package.LICENCES)}."
        raise RequestError(msg)
    if to.exists():
        msg = f"--to: {to}: there already. Name a folder that is not."
        raise RequestError(msg)
    _must_be_finished(run)
    made = to.with_name(f".{to.name}-{machine()}-{os.getpid()}")
    try:
        made.mkdir(parents=True)
        _copy(run, made)
        _describe(run, made, package.LICENCES[licence], authors, lang)
        made.rename(to)
    except OSError as problem:
        msg = f"--to: {to}: cannot be written ({reason(problem)})."
        raise RequestError(msg) from problem
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return sorted(path for path in to.rglob("*") if path.is_file())


def _must_be_finished(run: RunFolder) -> None:
    if not run.replications:
        msg = f"{run.path}: no replication is finished. Run the scenario again with the same --output."
        raise RunFolderError(msg)
    begun = sorted(path.name.split("-")[0].strip(".") for path in (run.path / "replications").glob(".*-*-*"))
    missing = sorted(set(range(max(run.replications) + 1)) - set(run.replications))
    if begun or missing:
        which = ", ".join(begun) or ", ".join(map(str, missing))
        msg = (
            f"{run.path}: replication {which} is not finished, so the run is not either. Wait for it, or run the scenario"
            " again with the same --output, which makes only what is missing."
        )
        raise RunFolderError(msg)


def _copy(run: RunFolder, to: Path) -> None:
    for name in _COPIED:
        shutil.copyfile(run.path / name, to / name)
    for number in run.replications:
        folder = to / "replications" / f"{number:03d}"
        folder.mkdir(parents=True)
        for name in run.manifest.replications[number]:
            shutil.copyfile(run.intact_file(number, name), folder / name)
        shutil.copyfile(run.path / "replications" / f"{number:03d}" / "unit.json", folder / "unit.json")


def _describe(run: RunFolder, to: Path, licence: package.Licence, authors: Sequence[str], lang: Literal["en", "fr"]) -> None:
    schemas = _write_schemas(run, to)
    (to / DICTIONARY).write_text(_dictionary(), encoding="utf-8")
    (to / README).write_text(readme(run, licence, authors, lang), encoding="utf-8")
    tables, others = _resources(run, to, schemas)
    title = run.manifest.title.get("en", run.scenario)
    about = _about(run)
    described = package.package(
        tables,
        [licence],
        name=f"sortie-{run.scenario}-{run.run_id}".replace("_", "-").lower(),
        title=f"{title}: a run of sortie",
        description=about,
        version=run.manifest.version,
        created=_last_day(run),
        keywords=list(KEYWORDS),
        contributors=[{"title": name, "roles": ["author"]} for name in authors],
        sources=[{"title": SOURCES}],
        sortie=facts(run),
    )
    graph = crate.crate(
        {"name": f"{title}: a run of sortie", "description": about, "datePublished": _last_day(run), "keywords": list(KEYWORDS),
         "version": run.manifest.version} | ({"author": [crate.reference(f"#{name}") for name in authors]} if authors else {}),
        crate.files([*tables, *others]),
        [*_action(run, [*tables, *others]), *({"@id": f"#{name}", "@type": "Person", "name": name} for name in authors)],
        licence,
        run=True,
    )  # fmt: skip
    for name, content in ((package.PACKAGE, described), (crate.METADATA, graph)):
        (to / name).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def facts(run: RunFolder) -> dict[str, Any]:
    """Return what names a run: enough to make the same again."""
    told = run.manifest
    return {
        "run_id": run.run_id,
        "scenario": run.scenario,
        "scenario_sha256": told.digest,
        "code_sha256": told.source,
        "version": told.version,
        "seed": told.seed,
        "replications": len(run.replications),
        "sampling_fraction": told.sampling_fraction,
        "start": iso(told.start_day),
        "measure_from": iso(told.measure_from_day),
        "end": iso(told.end_day),
    }


def _about(run: RunFolder) -> str:
    told = facts(run)
    return (
        f"Simulated, not observed: people in these tables do not exist. Scenario {told['scenario']}, {told['start']} to"
        f" {told['end']}, measured from {told['measure_from']}; seed {told['seed']}, {told['replications']} replications,"
        f" {told['sampling_fraction']:.6g} of the country; sortie {told['version']}, code {told['code_sha256'][:12]}, scenario"
        f" {told['scenario_sha256'][:12]}."
    )


def _last_day(run: RunFolder) -> str:
    return str(run.manifest.made.get("updated") or datetime.now(UTC).isoformat())[:10]


def _write_schemas(run: RunFolder, to: Path) -> dict[str, str]:
    """Write a Table Schema for each table that the run keeps; return their paths, by name of a file without its ending."""
    kept = {name.removesuffix(".parquet") for files in run.manifest.replications.values() for name in files}
    found = {table: fields_of(table, run.codebook) for table in SCHEMA if table in kept}
    names = list(CATALOGUE)
    measured = [
        package.field("period", "string", "year, or 'measured': the whole window", required=True),
        package.field("indicator", "string", f"name of the indicator ({DICTIONARY})", names=names, required=True),
        package.field("group", "string", "people or places it speaks of: 'all', or dimension=value", required=True),
        package.field("value", "number", f"value, in the unit of the indicator ({DICTIONARY})"),
    ]
    numbered = package.field("replication", "integer", "number of the replication, from 0", required=True)
    found |= {"indicators": measured, "indicators-of-all": [numbered, *measured]}
    found["indicators-dictionary"] = [
        package.field("indicator", "string", "name in the column 'indicator'", required=True),
        package.field("label", "string", "what it is called"),
        package.field("unit", "string", "unit of its values"),
        package.field("meaning", "string", "how it is counted"),
    ]
    (to / "schemas").mkdir()
    for name, fields in found.items():
        content = {"$schema": package.SCHEMA, "fields": fields, "missingValues": [""]}
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (to / "schemas" / f"{name}.json").write_text(text, encoding="utf-8")
    return {name: f"schemas/{name}.json" for name in found}


def _dictionary() -> str:
    told = io.StringIO()
    lines = csv.writer(told, lineterminator="\n")
    lines.writerow(("indicator", "label", "unit", "meaning"))
    lines.writerows((name, entry.label, entry.unit, entry.meaning) for name, entry in CATALOGUE.items())
    return told.getvalue()


def _resources(run: RunFolder, to: Path, schemas: dict[str, str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the tables of the folder, described, and its other files."""

    def table(path: str, title: str, schema: str, description: str = "") -> dict[str, Any]:
        return package.resource(to, path, title, description=description, type="table", schema=schemas[schema])

    tables = [
        table(INDICATORS, "Indicators of every replication", "indicators-of-all"),
        table(DICTIONARY, "What each indicator is", "indicators-dictionary"),
    ]
    for number in run.replications:
        for name in run.manifest.replications[number]:
            stem, path = name.removesuffix(".parquet"), f"replications/{number:03d}/{name}"
            says = ROWS.get(stem, "One row per period, indicator and group.")
            tables.append(table(path, f"{stem}, replication {number}", stem, says))
    others = [
        package.resource(to, README, "What this folder is"),
        package.resource(to, "manifest.json", "Who made the run, from what"),
        package.resource(to, "scenario.yaml", "Every parameter, as it was used"),
        *(package.resource(to, path, f"Columns of {name}") for name, path in schemas.items()),
        *(
            package.resource(to, f"replications/{number:03d}/unit.json", f"What replication {number} holds")
            for number in run.replications
        ),
    ]
    return tables, others


def _action(run: RunFolder, made: Sequence[dict[str, Any]]) -> list[crate.Entity]:
    """Return the action that made the files, and the software it was made with."""
    told = facts(run)
    results = [crate.reference(one["path"]) for one in made if one["path"].endswith(".parquet") or one["path"] == INDICATORS]
    return [
        {
            "@id": f"#run-{run.run_id}",
            "@type": "CreateAction",
            "name": f"sortie run {run.scenario}, seed {told['seed']}",
            "description": _about(run),
            "instrument": crate.reference(crate.SOFTWARE),
            "object": [crate.reference("scenario.yaml")],
            "result": results,
            "endTime": str(run.manifest.made.get("updated", "")),
        },
        {
            "@id": crate.SOFTWARE,
            "@type": "SoftwareApplication",
            "name": "sortie",
            "version": told["version"],
            "identifier": f"sha256:{told['code_sha256']}",
        },
    ]
