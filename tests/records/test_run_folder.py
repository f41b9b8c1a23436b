"""Results folders: same tables, same bytes; damage is seen and told with its way out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.errors import RunFolderError
from sim.records.atomic import clear_remains, machine
from sim.records.codes import Cause
from sim.records.manifest import FORMAT, Manifest, Resources, engine_digest, measures_digest, run_identifier
from sim.records.parquet import encode, read_codebook, read_frame
from sim.records.run_folder import (
    RunFolder,
    begin_run,
    find_runs,
    is_intact,
    open_run,
    save_replication,
)
from sim.records.tables import SCHEMA
from tests.fabricated import CODEBOOK, END, MEASURE_FROM, START, fabricate

FIGURES = pd.DataFrame({"period": ["measured"], "indicator": ["density"], "group": ["all"], "value": [1.5]})
RESOURCES = Resources(simulate_seconds=1.0, wall_seconds=2.0, peak_memory_mb=300.0)


def manifest(**changes: object) -> Manifest:
    settings = {
        "run_id": "0123456789ab", "scenario": "world", "title": {"en": "World"}, "digest": "d" * 64, "seed": 1,
        "start_day": START, "measure_from_day": MEASURE_FROM, "end_day": END, "sampling_fraction": 1.0,
        "version": "0.1.0", "source": "s" * 64, "context": {}, "made": {"machine": "here"},
    }  # fmt: skip
    return Manifest(**{**settings, **changes})


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """A run of two replications, the first with its events."""
    folder = begin_run(tmp_path, manifest(), "title: World\n")
    for number in range(2):
        records = fabricate(number, people=40)
        records.keep_events = number == 0
        save_replication(folder.path, number, records, FIGURES, RESOURCES)
    folder.write_summary()
    return folder


def test_a_run_is_read_back_as_it_was_written(run):
    opened = open_run(run.path)
    array = fabricate(1, people=40).tables["exits"].array()
    frame = opened.table("exits", 1)
    assert list(frame.columns) == [column.name for column in SCHEMA["exits"]]
    for name in frame.columns:
        np.testing.assert_array_equal(frame[name].to_numpy(), array[name])
        assert frame[name].dtype == array[name].dtype.newbyteorder("=")
    assert opened.codebook == CODEBOOK
    assert opened.replications == (0, 1)
    assert opened.scenario_text == "title: World\n"
    figures = opened.indicators()
    assert figures["replication"].tolist() == [0, 1]
    assert (run.path / "indicators.csv").read_text().splitlines()[1] == '0,"measured","density","all",1.5'


def test_same_tables_same_bytes():
    first, second = (encode("exits", fabricate().tables["exits"].blocks(), CODEBOOK) for _ in range(2))
    assert first == second
    other = encode("exits", fabricate(seed=2).tables["exits"].blocks(), CODEBOOK)
    assert other != first


def test_two_makings_of_a_run_differ_only_in_what_was_met_on_the_way(tmp_path):
    identities = []
    for place, seconds in (("a", 1.0), ("b", 9.0)):
        folder = begin_run(tmp_path / place, manifest(made={"machine": place}), "title: World\n")
        save_replication(folder.path, 0, fabricate(people=20), FIGURES, Resources(seconds, seconds, seconds))
        folder.write_summary()
        identities.append(open_run(folder.path).manifest)
    assert identities[0].identity() == identities[1].identity()
    assert identities[0].made != identities[1].made


def test_a_table_taken_out_of_its_folder_says_what_it_is(run):
    path = run.path / "replications" / "000" / "exits.parquet"
    schema = pq.read_schema(path)
    cause = schema.field("cause").metadata
    assert json.loads(cause[b"codes"]) == [member.name for member in Cause]
    assert b"binding" in cause[b"meaning"] or b"Cause" in cause[b"meaning"]
    assert schema.field("regime").type == "int8"
    assert read_codebook(path) == CODEBOOK


def test_days_are_dates_in_every_file_and_null_where_they_did_not_come(run):
    seen = set()
    for name in SCHEMA:
        path = run.path / "replications" / "000" / f"{name}.parquet"
        table, numbers = pq.read_table(path), read_frame(path)
        for column in table.column_names:
            is_date = column == "day" or column.endswith("_day")
            assert (table.schema.field(column).type == "date32") == is_date, (name, column)
            if is_date:
                read = np.array([-1 if day is None else (day - date(1970, 1, 1)).days for day in table[column].to_pylist()])
                np.testing.assert_array_equal(numbers[column].to_numpy(), read)
                assert numbers[column].dtype == np.int32
                seen |= {column} if table[column].null_count else set()
        assert table["day"].null_count == 0
    assert {"requested_day", "heard_day"} <= seen, "somebody never asked, or was never heard"
    exits = pd.read_parquet(run.path / "replications" / "000" / "exits.parquet")
    assert exits["day"].between(date(2024, 1, 1), date(2026, 12, 31)).all()


def test_every_table_of_a_replication_is_named_in_its_manifest(run):
    assert set(run.manifest.replications[0]) == {f"{name}.parquet" for name in SCHEMA} | {"indicators.parquet"}
    assert "events.parquet" not in run.manifest.replications[1]
    assert run.manifest.made["resources"]["000"]["peak_memory_mb"] == 300


def test_a_table_that_was_not_kept_is_told_with_where_to_find_it(run):
    with pytest.raises(RunFolderError, match="replication 0 has them"):
        run.table("events", 1)
    with pytest.raises(RunFolderError, match=r"no replication 7\. Finished: 0, 1"):
        run.table("exits", 7)
    with pytest.raises(RunFolderError, match="no table 'exit'"):
        run.table("exit", 0)


@pytest.mark.parametrize("damage", ["cut", "flip", "lose"])
def test_damage_is_seen(run, damage):
    file = run.path / "replications" / "001" / "exits.parquet"
    content = bytearray(file.read_bytes())
    assert is_intact(run.path, 1)
    if damage == "lose":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(content[:-7])
    else:
        content[len(content) // 2] ^= 255
        file.write_bytes(content)
    assert not is_intact(run.path, 1)
    assert is_intact(run.path, 0)
    if damage != "flip":  # a size is looked at when a run is opened, its hashes when it is resumed or verified
        with pytest.raises(RunFolderError, match=r"exits\.parquet.*(is missing|bytes).*sortie run world --seed 1"):
            open_run(run.path)
    assert not run.verify(1)
    assert run.verify(0)


def test_a_file_that_is_no_table_is_told(tmp_path):
    path = tmp_path / "exits.parquet"
    path.write_bytes(b"not parquet")
    with pytest.raises(RunFolderError, match="cannot be read as a table"):
        read_frame(path)
    with pytest.raises(RunFolderError, match="cannot be read as a table"):
        read_codebook(path)


def test_a_missing_folder_and_one_that_is_not_a_run(tmp_path, run):
    with pytest.raises(RunFolderError, match=r"no such folder.*sortie run"):
        open_run(tmp_path / "nowhere")
    with pytest.raises(RunFolderError, match=r"not a run.*Did you mean '.*0123456789ab'"):
        open_run(run.path.parent)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", r"expected the manifest .* met \[\]"),
        (json.dumps({"format": FORMAT + 1, "version": "9.9"}), f"expected {FORMAT}.*another version of sortie.*9.9"),
        (json.dumps({"format": FORMAT}), "run_id: this key is missing"),
    ],
)
def test_a_broken_manifest_is_told_with_the_way_out(run, text, words):
    (run.path / "manifest.json").write_text(text)
    with pytest.raises(RunFolderError, match=words + r"(.|\n)*sortie run"):
        open_run(run.path)


def test_an_unknown_key_of_a_manifest_is_refused(run):
    plain = json.loads((run.path / "manifest.json").read_text())
    (run.path / "manifest.json").write_text(json.dumps({**plain, "surprise": 1}))
    with pytest.raises(RunFolderError, match="surprise"):
        open_run(run.path)


def test_a_writer_that_dies_leaves_nothing_half_done(run, monkeypatch):
    records = fabricate(2, people=20)

    def fail(frame: pd.DataFrame) -> bytes:
        msg = f"disk full before {len(frame)} rows"
        raise OSError(msg)

    monkeypatch.setattr("sim.records.run_folder.encode_indicators", fail)
    with pytest.raises(OSError, match="full"):
        save_replication(run.path, 2, records, FIGURES, RESOURCES)
    assert sorted(p.name for p in (run.path / "replications").iterdir()) == ["000", "001"]


def test_what_a_killed_writer_left_is_swept_when_the_run_is_begun_again(run):
    dead, alive = f".003-{machine()}-999999999", f".004-{machine()}-{os.getpid()}"
    for name in (dead, alive):
        (run.path / "replications" / name).mkdir()
    (run.path / f".manifest.json-{machine()}-999999999").write_text("half")
    begin_run(run.path.parents[1], manifest(), "title: World\n")
    assert [p.name for p in run.path.rglob(".*")] == [alive]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_dead_writer_whose_parent_never_asked_how_it_ended_is_dead_all_the_same(run):
    writer = subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.DEVNULL)
    for _ in range(3_000):
        if Path(f"/proc/{writer.pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            break
        time.sleep(0.05)
    left = run.path / "replications" / f".003-{machine()}-{writer.pid}"
    left.mkdir()
    (left / "exits.parquet").write_bytes(b"half")
    clear_remains(run.path / "replications")
    writer.wait()
    assert not left.exists()


def test_what_another_machine_is_writing_is_swept_only_when_a_day_old(run):
    writing, old = (run.path / "replications" / f".{n}-0000abcd-999999999" for n in ("003", "004"))
    for folder in (writing, old):
        folder.mkdir()
    os.utime(old, (0, 0))
    begin_run(run.path.parents[1], manifest(), "title: World\n")
    assert writing.exists()
    assert not old.exists()


def test_a_folder_that_holds_another_run_is_left_alone(tmp_path):
    folder = begin_run(tmp_path, manifest(), "")
    before = (folder.path / "manifest.json").read_bytes()
    with pytest.raises(RunFolderError, match="holds another run"):
        begin_run(tmp_path, manifest(seed=2), "")
    assert (folder.path / "manifest.json").read_bytes() == before


@pytest.mark.parametrize("name", ["../up", "a/b", "..", ""])
def test_a_scenario_name_cannot_lead_out_of_the_output_folder(tmp_path, name):
    with pytest.raises(RunFolderError, match="expected a name that can be a folder's"):
        begin_run(tmp_path / "results", manifest(scenario=name), "")


def test_an_output_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunFolderError, match=r"cannot be written.*Choose another --output"):
        begin_run(tmp_path / "file", manifest(), "")


def test_the_latest_run_comes_first_and_broken_ones_are_passed_over(tmp_path):
    for number, run_id in enumerate(("aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc")):
        folder = begin_run(tmp_path, manifest(run_id=run_id), "")
        folder.write_summary()
        if number == 2:
            (folder.path / "manifest.json").write_text("{")
    assert [run.run_id for run in find_runs(tmp_path, "world")] == ["bbbbbbbbbbbb", "aaaaaaaaaaaa"]


def test_a_run_is_named_by_what_it_is_made_from():
    first = run_identifier("d", 1, engine="s")
    assert first == run_identifier("d", 1, engine="s")
    assert len(first) == 12
    assert (
        len(
            {
                first,
                run_identifier("e", 1, engine="s"),
                run_identifier("d", 2, engine="s"),
                run_identifier("d", 1, engine="t"),
            }
        )
        == 4
    )


def test_what_names_a_run_is_the_engine_and_what_measures_it_is_apart(monkeypatch, tmp_path):
    monkeypatch.setattr("sim.records.manifest._PACKAGE", tmp_path / "sim")
    files = {
        "engine": ["sim/dates.py", "sim/law/texts/remission.yaml", "scenarios/observed/places.csv",
                   "sim/experiments/forking.py"],
        "measures": ["sim/indicators/waits.py", "sim/experiments/measurement.py"],
        "neither": ["sim/cli/screen.py", "sim/presentation/charts.py", "sim/library/tables.py", "sim/indicators/catalogue.py",
                    "sim/law/rulebook/remand.py", "scenarios/cap.yaml"],
    }  # fmt: skip

    def digests():
        engine_digest.cache_clear()
        measures_digest.cache_clear()
        return engine_digest(), measures_digest()

    for part, names in files.items():
        for name in names:
            before = digests()
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("edited")
            after = digests()
            moved = {"engine": before[0] != after[0], "measures": before[1] != after[1]}
            assert moved == {"engine": part == "engine", "measures": part == "measures"}, name
    engine_digest.cache_clear()
    measures_digest.cache_clear()
