"""A published run: described to the last column, whole or not there, and still a run."""

from __future__ import annotations

import csv
import hashlib
import json
import re

import jsonschema
import pyarrow.parquet as pq
import pytest

from sim.cli import main
from sim.errors import RequestError, RunFolderError
from sim.indicators.catalogue import CATALOGUE
from sim.indicators.summary import TablesInMemory, measure
from sim.publication.run import publish_run
from sim.publication.tables import _PEOPLE, _UNITS, ROWS, fields_of, unit_of
from sim.records.manifest import Manifest, Resources
from sim.records.run_folder import begin_run, open_run, save_replication
from sim.records.tables import SCHEMA
from tests.fabricated import CODEBOOK, END, MEASURE_FROM, START, context, fabricate

# What the profiles of Data Package 2.0 and Table Schema 2.0 ask for (https://datapackage.org/profiles/2.0/), of the properties
# that we write.
TABLE_SCHEMA = {
    "type": "object",
    "required": ["fields"],
    "properties": {
        "$schema": {"const": "https://datapackage.org/profiles/2.0/tableschema.json"},
        "missingValues": {"type": "array", "items": {"type": "string"}},
        "fields": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "type"],
                "properties": {
                    "name": {"type": "string"},
                    "type": {"enum": ["string", "number", "integer", "boolean", "date", "year"]},
                    "description": {"type": "string"},
                    "unit": {"type": "string"},
                    "constraints": {"type": "object"},
                    "categories": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "oneOf": [
                                {"type": "string"},
                                {
                                    "type": "object",
                                    "required": ["value"],
                                    "properties": {"value": {"type": "integer"}, "label": {"type": "string"}},
                                },
                            ]
                        },
                    },
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
PACKAGE = {
    "type": "object",
    "required": ["$schema", "resources", "licenses", "name", "title", "version", "created"],
    "properties": {
        "$schema": {"const": "https://datapackage.org/profiles/2.0/datapackage.json"},
        "name": {"type": "string", "pattern": r"^[a-z0-9._-]+$"},
        "created": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "licenses": {"type": "array", "minItems": 1, "items": {"required": ["name", "path", "title"]}},
        "contributors": {"type": "array", "minItems": 1, "items": {"required": ["title"]}},
        "sources": {"type": "array", "minItems": 1, "items": {"required": ["title"]}},
        "resources": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "path", "type", "schema", "format", "bytes", "hash"],
                "properties": {
                    "name": {"type": "string", "pattern": r"^[a-z0-9._-]+$"},
                    "path": {"type": "string", "pattern": r"^(?!/)(?!.*\.\.)"},
                    "type": {"const": "table"},
                    "hash": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
                    "bytes": {"type": "integer"},
                },
            },
        },
    },
}


@pytest.fixture
def run(tmp_path):
    """A run of two replications, the first with its events."""
    manifest = Manifest(
        run_id="0123456789ab", scenario="my_world", title={"en": "World", "fr": "Monde"}, digest="d" * 64, seed=1,
        start_day=START, measure_from_day=MEASURE_FROM, end_day=END, sampling_fraction=0.5, version="0.1.0", source="5" * 64,
        context=context().to_plain(), made={"machine": "here"},
    )  # fmt: skip
    folder = begin_run(tmp_path / "results", manifest, "title: World\n")
    for number in range(2):
        records = fabricate(number, people=60)
        records.keep_events = number == 0
        save_replication(folder.path, number, records, measure(TablesInMemory(records), context()), Resources(1.0, 2.0, 300.0))
    folder.write_summary()
    return folder


@pytest.fixture
def published(run, tmp_path):
    publish_run(run, tmp_path / "out" / "mine", authors=["Ada Example"])
    return tmp_path / "out" / "mine"


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_package_is_of_its_profile_and_every_column_is_described(published):
    package = load(published / "datapackage.json")
    jsonschema.validate(package, PACKAGE)
    assert len({one["name"] for one in package["resources"]}) == len(package["resources"])
    assert (package["version"], package["sortie"]["scenario_sha256"], package["sortie"]["scenario"]) == (
        "0.1.0", "d" * 64, "my_world",
    )  # fmt: skip
    seen = set()
    for one in package["resources"]:
        schema = load(published / one["schema"])
        jsonschema.validate(schema, TABLE_SCHEMA)
        content = (published / one["path"]).read_bytes()
        assert (one["bytes"], one["hash"]) == (len(content), "sha256:" + hashlib.sha256(content).hexdigest())
        seen.add(one["path"])
        names = [field["name"] for field in schema["fields"]]
        assert all(field.get("description") for field in schema["fields"]), one["path"]
        if one["format"] == "csv":
            with (published / one["path"]).open(encoding="utf-8", newline="") as file:
                assert next(csv.reader(file)) == names
        else:
            assert pq.read_schema(published / one["path"]).names == names
    tables = {path.relative_to(published).as_posix() for kind in ("*.csv", "*.parquet") for path in published.rglob(kind)}
    assert seen == tables


def test_every_cell_is_of_its_type_and_every_code_has_its_name(published):
    for one in load(published / "datapackage.json")["resources"]:
        if one["format"] != "parquet":
            continue
        table = pq.read_table(published / one["path"])
        for field in load(published / one["schema"])["fields"]:
            column = table.column(field["name"])
            kind = str(column.type)
            expected = {"date": "date32", "integer": "int", "number": ("float", "double"), "string": ("string", "large_string")}
            assert kind.startswith(expected[field["type"]]), (one["path"], field["name"], kind)
            if field.get("constraints", {}).get("required"):
                assert column.null_count == 0, (one["path"], field["name"])
            if "categories" in field:
                known = {item["value"] if isinstance(item, dict) else item for item in field["categories"]}
                assert set(column.unique().to_pylist()) <= known, (one["path"], field["name"])


def test_units_are_said_where_there_is_one():
    units = {(table, field["name"]): field.get("unit") for table in SCHEMA for field in fields_of(table, CODEBOOK)}
    assert units["exits", "quantum_days"] == "day"
    assert units["nation", "detained"] == "person"
    assert units["services", "hours_used"] == "hour"
    assert units["quarters", "capacity"] == "place"
    assert units["exits", "sentenced"] is None
    assert ROWS.keys() == SCHEMA.keys()


def test_a_column_counts_one_thing_whatever_the_table():
    """Units go by name: places given back and people who come back may not share one."""
    assert sorted(_PEOPLE & _UNITS.keys()) == []
    assert unit_of("probation", "came_back") == unit_of("probation", "standing") == "person"
    assert unit_of("lodging", "returned") == "place"


def test_every_indicator_has_its_unit(published):
    with (published / "indicators-dictionary.csv").open(encoding="utf-8", newline="") as file:
        units = {row["indicator"]: row["unit"] for row in csv.DictReader(file)}
    assert units == {name: entry.unit for name, entry in CATALOGUE.items()}


def test_the_crate_tells_who_made_what_and_every_reference_has_an_end(published):
    graph = {entity["@id"]: entity for entity in load(published / "ro-crate-metadata.json")["@graph"]}
    root = graph["./"]
    assert {"name", "description", "datePublished", "license"} <= root.keys()
    for part in root["hasPart"]:
        file = published / part["@id"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == graph[part["@id"]]["sha256"]
    assert {part["@id"] for part in root["hasPart"]} | {"datapackage.json", "ro-crate-metadata.json"} == {
        path.relative_to(published).as_posix() for path in published.rglob("*") if path.is_file()
    }
    (action,) = (graph[one["@id"]] for one in root["mentions"])
    ends = [action["instrument"], *action["object"], *action["result"], root["license"], *root["author"]]
    assert all(end["@id"] in graph for end in ends)
    assert graph["#sortie"]["version"] == "0.1.0"


def test_what_is_published_is_a_run_still_and_says_nothing_of_this_machine(run, published, tmp_path):
    assert open_run(published).indicators().equals(run.indicators())
    for path in published.rglob("*"):
        if path.suffix in {".json", ".md", ".csv", ".yaml"}:
            assert str(tmp_path) not in path.read_text(encoding="utf-8"), path.name


def test_the_command_speaks_the_language_of_the_reader(run, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SORTIE_LANG", "fr")
    for words, code in (((str(run.path), "--licence", "etalab-2.0"), 0), (("observed",), 0)):
        to = tmp_path / f"dossier-{len(words)}"
        with pytest.raises(SystemExit) as end:
            main(["publish", *words, "--to", str(to)])
        assert (end.value.code or 0) == code
        assert re.search(r"\d+ fichiers, décrits dans datapackage\.json", capsys.readouterr().out)
    text = (tmp_path / "dossier-3" / "README.md").read_text(encoding="utf-8")
    assert "# Monde" in text
    assert "Licence Ouverte 2.0](https" in text
    with pytest.raises(SystemExit) as end:
        main(["publish", str(run.path), "--to", str(tmp_path / "dossier-3")])
    assert end.value.code == 2
    assert "existe déjà" in capsys.readouterr().err


def test_what_is_there_already_is_left_alone_and_an_unknown_licence_refused(run, tmp_path):
    (tmp_path / "there").mkdir()
    with pytest.raises(RequestError, match="there already"):
        publish_run(run, tmp_path / "there")
    assert list((tmp_path / "there").iterdir()) == []
    with pytest.raises(RequestError, match="--licence: met 'free', expected one of MIT"):
        publish_run(run, tmp_path / "new", licence="free")
    assert not (tmp_path / "new").exists()


def test_an_unfinished_or_damaged_run_is_refused_and_leaves_nothing(run, tmp_path):
    to = tmp_path / "out" / "mine"
    begun = run.path / "replications" / ".002-here-1"
    begun.mkdir()
    with pytest.raises(RunFolderError, match="replication 002 is not finished"):
        publish_run(open_run(run.path), to)
    begun.rmdir()
    file = run.path / "replications" / "001" / "exits.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))
    with pytest.raises(RunFolderError, match="SHA-256 differs"):
        publish_run(open_run(run.path), to)
    assert list(to.parent.iterdir()) == []


def test_a_run_without_a_replication_is_refused(run, tmp_path):
    for number in (0, 1):
        for path in (run.path / "replications" / f"{number:03d}").iterdir():
            path.unlink()
    run.write_summary()
    with pytest.raises(RunFolderError, match="no replication is finished"):
        publish_run(open_run(run.path), tmp_path / "mine")
