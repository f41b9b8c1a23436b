"""Every table that the program reads, damaged in every way: told by file, what was met and the way out, or read as it was.

Tables of a run, tables of the library, published tables (``scenarios/observed``), plausible draws, runs of a calibration.
"""

from __future__ import annotations

import hashlib
import json
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.calibration.history import published
from sim.calibration.runs import Ran
from sim.errors import DataError, RunFolderError, SimError
from sim.experiments.plausible_draws import read_plausible
from sim.experiments.querying import open_results
from sim.experiments.replicate import replicate
from sim.library.manifest_checks import TABLES
from sim.library.read import open_reference
from sim.presentation.messages import french
from sim.records.run_folder import open_run
from sim.records.tables import SCHEMA
from sim.scenario import bounds, observed
from sim.scenario.months import read_tables
from sim.scenario.months.series import published as published_series
from tests.experiments.conftest import FakeScenario, fabricated_engine


def _positions(size):
    """Bytes to flip: both marks, the footer's length, and a dozen between."""
    return sorted({0, 3, *np.linspace(4, size - 9, 12).astype(int).tolist(), size - 8, size - 5, size - 1})


def _flipped(content, at):
    harmed = bytearray(content)
    harmed[at] ^= 1 << (at % 8)
    return bytes(harmed)


def harmed(content):
    """Each way in which the bytes of a file go wrong, by name."""
    size = len(content)
    yield "nothing", b""
    yield "zeros", b"\0" * size
    yield "a text", b"PAR1 not a table PAR1"
    for share in (0.1, 0.5, 0.9):
        yield f"cut at {share}", content[: int(size * share)]
    yield "its last byte lost", content[:-1]
    yield "longer", content + b"\0" * 16
    yield "twice", content * 2
    for at in _positions(size):
        yield f"bit {at % 8} of byte {at}", _flipped(content, at)


def of_another_schema(path):
    """Each way in which a whole Parquet file is not the table of its name, by name."""
    table = pq.read_table(path)
    first = table.schema.names[0]
    words = pa.array(["many"] * len(table))
    yield "a column less", table.drop_columns([first])
    yield "a column more", table.append_column("surprise", words)
    yield "words for numbers", table.set_column(table.num_columns - 1, table.schema.names[-1], words)
    yield "another name", table.rename_columns(["surprise", *table.schema.names[1:]])
    yield "no column", pa.table({})


def told(refused, path):
    """What a refusal says, in French: the file, what was met, a way out, no word of the reader of Parquet."""
    said = str(refused.value)
    assert path.name in said, said
    assert "sortie " in said or "--output" in said or "scenarios/observed" in said, said
    assert not any(word in said for word in ("Arrow", "Parquet magic", "thrift", "Traceback")), said
    assert french(said) is not None, said
    return said


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    with pytest.MonkeyPatch.context() as patch:
        fabricated_engine(patch)
        replicate([FakeScenario("baseline")], replications=1, workers=1, output=folder)
    return next((folder / "baseline").iterdir())


def test_the_run_has_every_table(run):
    kept = {path.stem for path in (run / "replications" / "000").glob("*.parquet")}
    assert kept == {*SCHEMA, "indicators"}


@pytest.mark.parametrize("name", [*SCHEMA, "indicators"])
def test_a_table_of_a_run_is_whole_or_told(run, name, tmp_path):
    shutil.copytree(run, tmp_path / "run")
    path = tmp_path / "run" / "replications" / "000" / f"{name}.parquet"
    content = path.read_bytes()

    def read():
        opened = open_run(tmp_path / "run")
        return opened.indicators() if name == "indicators" else opened.table(name, 0)

    assert len(read()) > 0 or name in SCHEMA
    tried = 0
    for _, harm in harmed(content):
        path.write_bytes(harm)
        with pytest.raises(RunFolderError) as refused:
            read()
        told(refused, path)
        tried += 1
    path.write_bytes(content)
    for _, table in of_another_schema(path):
        pq.write_table(table, path)  # announced as it is, by whoever wrote it: its hash differs no more
        announce(tmp_path / "run", path, table.num_rows)
        with pytest.raises(RunFolderError) as refused:
            read()
        told(refused, path)
        tried += 1
        path.write_bytes(content)
    assert tried > 25
    announce(tmp_path / "run", path, len(pq.read_table(path)))
    read()


def announce(folder, path, rows):
    manifest = folder / "manifest.json"
    plain = json.loads(manifest.read_text(encoding="utf-8"))
    raw = path.read_bytes()
    plain["replications"]["0"][path.name] = {"sha256": hashlib.sha256(raw).hexdigest(), "bytes": len(raw), "rows": rows}
    manifest.write_text(json.dumps(plain), encoding="utf-8")


@pytest.mark.parametrize("where", ["middle", "head"])  # Parquet keeps the names of columns at the end of the file
@pytest.mark.parametrize("name", [*SCHEMA, "figures"])
def test_a_question_to_a_damaged_table_is_refused(run, name, where, tmp_path):
    shutil.copytree(run, tmp_path / "baseline" / run.name)
    file = "indicators" if name == "figures" else name
    path = tmp_path / "baseline" / run.name / "replications" / "000" / f"{file}.parquet"
    content = path.read_bytes()
    length = int.from_bytes(content[-8:-4], "little")
    path.write_bytes(_flipped(content, len(content) // 2 if where == "middle" else len(content) - 8 - length))
    with pytest.raises(SimError) as refused:
        open_results(tmp_path).sql(f"select count(*) n from {name}")  # noqa: S608 (a name of the schema)
    told(refused, path)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_the_library_is_whole_or_told(root, name, tmp_path):
    shutil.copytree(root / "results" / "reference", tmp_path / "reference")
    path = tmp_path / "reference" / f"{name}.parquet"
    content = path.read_bytes()
    for _, harm in harmed(content):
        path.write_bytes(harm)
        with pytest.raises(RunFolderError) as refused:
            open_reference(tmp_path / "reference")
        told(refused, path)
    path.unlink()
    with pytest.raises(RunFolderError):
        open_reference(tmp_path / "reference")


def test_the_manifest_of_the_library_is_what_it_should_be_or_told(root, tmp_path):
    shutil.copytree(root / "results" / "reference", tmp_path / "reference")
    path = tmp_path / "reference" / "reference.json"
    plain = json.loads(path.read_text(encoding="utf-8"))
    texts = ["", "{", "[]", "null", "3", '"a"', "[" * 100_000, '{"a":' * 50_000, json.dumps({"format": plain["format"]})]
    for key in set(plain) - {"made", "most", "draws", "draw_replications", "people_replications", "sweep_replications"}:
        texts.append(json.dumps({name: value for name, value in plain.items() if name != key}))
        texts += [json.dumps({**plain, key: value}) for value in (None, [3], "x", -1)]
    texts += [json.dumps({**plain, "files": {**plain["files"], name: {"sha256": "0"}}}) for name in ("figures.parquet", "../x")]
    refusals = 0
    for text in texts:
        path.write_text(text, encoding="utf-8")
        said = _refusal(tmp_path / "reference")
        if said:
            refusals += 1
            assert "sortie reference" in said
            assert french(said) is not None, said
    assert refusals > len(texts) - 5, "another version, another source of figures: words that a page shows as they are"


def _refusal(folder):
    try:
        assert open_reference(folder).figures.scenarios
    except RunFolderError as problem:
        return str(problem)
    return ""


def test_findings_of_a_calibration_are_whole_or_told(root, tmp_path):
    shutil.copytree(root / "results" / "reference", tmp_path / "reference")
    path = tmp_path / "reference" / "validation.json"
    content = path.read_bytes()
    for harm in (b"", b"{", b"[]", b"\0" * 100, content[: len(content) // 2], b"{}", b"\xff\xfe"):
        path.write_bytes(harm)
        with pytest.raises(RunFolderError) as refused:
            _ = open_reference(tmp_path / "reference").validation
        told(refused, path)


READERS = {
    "establishments.csv": lambda _: bounds.places_there_are.__wrapped__(),
    "series.csv": lambda _: published(),
    "plausible.parquet": lambda _: read_plausible(),
    "later/establishments.csv": read_tables,
    "later/series.csv": lambda folder: published_series(folder / "later" / "series.csv"),
}


@pytest.mark.parametrize("name", READERS)
def test_a_published_table_is_whole_or_told(root, name, tmp_path, monkeypatch):
    folder = tmp_path / "observed"
    shutil.copytree(root / "scenarios" / "observed", folder)
    monkeypatch.setattr(observed, "folders", lambda: (tmp_path,))
    path = folder / name
    content = path.read_bytes()
    READERS[name](folder)
    for _, harm in harmed(content):
        path.write_bytes(harm)
        with pytest.raises(DataError) as refused:
            READERS[name](folder)
        told(refused, path)
    path.write_bytes(content)
    READERS[name](folder)
    for harm in (b"", b"{", b"[]", b'{"@graph": []}', b"[" * 100_000, b"\xff"):
        (folder / observed.DESCRIPTION).write_bytes(harm)
        with pytest.raises(DataError) as refused:
            READERS[name](folder)
        assert "scenarios/observed" in str(refused.value)


def test_every_published_table_is_among_them(root):
    folder = root / "scenarios" / "observed"
    tables = {path.relative_to(folder).as_posix() for form in ("*.csv", "*.parquet") for path in folder.rglob(form)}
    assert tables == set(READERS)


def test_line_ends_of_another_system_are_no_damage(root, tmp_path):
    folder = tmp_path / "observed"
    shutil.copytree(root / "scenarios" / "observed", folder)
    path = folder / "series.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert observed.intact(path) == path


@pytest.mark.parametrize("text", ["", "[]", "base: soon\n", "base: [\n", "title: x\n"])
def test_a_note_without_a_base_is_told(root, tmp_path, monkeypatch, text):
    shutil.copytree(root / "scenarios" / "observed", tmp_path / "observed")
    monkeypatch.setattr(observed, "folders", lambda: (tmp_path,))
    path = tmp_path / "observed" / "establishments.source.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as refused:
        observed.base_day()
    told(refused, path)


def test_draws_of_ones_own_are_whole_or_told(root, tmp_path):
    """No description stands beside them: they hold the digest of their own values."""
    from sim.experiments.plausible_draws import write_plausible  # noqa: PLC0415

    path = tmp_path / "plausible.parquet"
    draws = read_plausible(root / "scenarios" / "observed" / "plausible.parquet")
    write_plausible(draws, path)
    content = path.read_bytes()
    np.testing.assert_array_equal(read_plausible(path).levels, draws.levels)
    for what, harm in harmed(content):
        path.write_bytes(harm)
        try:
            again = read_plausible(path)
        except DataError:
            continue
        np.testing.assert_array_equal(again.levels, draws.levels, what)
        np.testing.assert_array_equal(again.worst, draws.worst, what)
        assert again.names == draws.names
    path.write_bytes(content)
    for _, table in of_another_schema(path):
        pq.write_table(table, path)
        with pytest.raises(DataError) as refused:
            read_plausible(path)
        told(refused, path)
        path.write_bytes(content)


def test_runs_of_a_calibration_are_read_or_told(tmp_path):
    path = tmp_path / "runs.parquet"
    pq.write_table(pa.table({"a": [0.1, 0.2], "measured:b": [1.0, 2.0]}), path)
    content = path.read_bytes()
    for harm in (b"", b"\0" * 100, content[: len(content) // 2], b"PAR1 not a table PAR1"):
        path.write_bytes(harm)
        with pytest.raises(DataError) as refused:
            Ran.read(path)
        told(refused, path)
    pq.write_table(pa.table({"a": ["x"]}), path)
    with pytest.raises(DataError) as refused:
        Ran.read(path)
    told(refused, path)
