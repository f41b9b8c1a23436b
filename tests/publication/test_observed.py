"""The observed tables described for others: every file, every column, every cell, and nothing behind the tables."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from datetime import date

import pytest

from sim.errors import DataError, RequestError
from sim.publication.observed import describe, publish_observed, texts


@pytest.fixture
def observed(root):
    return root / "scenarios" / "observed"


def test_the_description_is_that_of_the_tables(observed):
    for name, text in texts(observed).items():
        assert (observed / name).read_text(encoding="utf-8") == text, (
            f"scenarios/observed/{name} lags behind: python -c "
            "'from pathlib import Path; from sim.publication.observed import write_description; "
            'write_description(Path("scenarios/observed"))\''
        )


def test_every_cell_is_of_the_type_that_is_announced(observed):
    package, _ = describe(observed)
    assert {one["path"] for one in package["resources"]} == {
        path.relative_to(observed).as_posix() for path in observed.rglob("*.csv")
    }
    for one in package["resources"]:
        fields = {field["name"]: field for field in one["schema"]["fields"]}
        with (observed / one["path"]).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert list(row) == list(fields)
                for name, cell in row.items():
                    rules = fields[name].get("constraints", {})
                    assert cell or not rules.get("required"), (one["path"], row)
                    if cell:
                        {"date": date.fromisoformat, "integer": int, "number": float, "string": str}[fields[name]["type"]](cell)
                        assert re.match(rules.get("pattern", ""), cell), (one["path"], name, cell)


def test_every_file_has_its_bytes_and_every_reference_an_end(observed):
    package, crate = describe(observed)
    for one in package["resources"]:
        content = (observed / one["path"]).read_bytes()
        assert (one["bytes"], one["hash"]) == (len(content), "sha256:" + hashlib.sha256(content).hexdigest())
    graph = {entity["@id"]: entity for entity in crate["@graph"]}
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    for part in graph["./"]["hasPart"]:
        assert (observed / part["@id"]).is_file()
        assert graph[part["@id"]]["@type"] == "File"
    assert graph["./"]["license"]["@id"] in graph
    assert {"name", "description", "datePublished"} <= graph["./"].keys()


def test_a_table_whose_note_says_other_columns_is_refused(observed, tmp_path):
    publish_observed(observed, tmp_path / "mine")
    table = tmp_path / "mine" / "series.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("series,date,value", "series,value,date", 1), encoding="utf-8")
    with pytest.raises(
        DataError, match=r"columns: met series, date, value.*expected those of series\.csv: series, value, date"
    ):
        describe(tmp_path / "mine")


def test_a_folder_that_is_there_is_left_alone(observed, tmp_path):
    (tmp_path / "mine").mkdir()
    with pytest.raises(RequestError, match="there already"):
        publish_observed(observed, tmp_path / "mine")
    assert list((tmp_path / "mine").iterdir()) == []
    written = publish_observed(observed, tmp_path / "new")
    assert json.loads((tmp_path / "new" / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert tmp_path / "new" / "later" / "series.csv" in written
