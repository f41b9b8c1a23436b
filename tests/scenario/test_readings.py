"""What is read from a text is kept between commands, and never stale (:mod:`sim.engine.readings`)."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from sim.engine import cache_folder, readings
from sim.scenario import document

TEXT = b"extends: baseline\ntitle: {en: One}\nchanges:\n  - {on: 2026-01-01, set: {a.b: 1.500}}\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(cache_folder.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "readings"


@pytest.fixture
def parsed(monkeypatch):
    """Labels of the files that were parsed, and not read from the cache."""
    labels: list[str] = []
    parse = document.read_bytes

    def counted(raw, label):
        labels.append(label)
        return parse(raw, label)

    monkeypatch.setattr(document, "read_bytes", counted)
    return labels


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_bytes(TEXT)
    return path


def test_what_is_kept_is_what_was_read(folder, parsed, file):
    fresh, kept = document.read_file(file, "first"), document.read_file(file, "second")
    assert parsed == ["first"]
    assert (kept.data, kept.lines, kept.grouped) == (fresh.data, fresh.lines, fresh.grouped)
    assert kept.label == "second"
    assert kept.data["changes"][0]["on"] == date(2026, 1, 1)
    assert kept.grouped, "what was typed where a number has three digits after its point"
    kept.data["title"]["en"] = "changed by a caller"
    assert document.read_file(file, "third").data["title"]["en"] == "One"


def test_a_changed_file_is_read_anew(folder, parsed, file):
    document.read_file(file, "first")
    file.write_bytes(TEXT.replace(b"One", b"Two"))
    assert document.read_file(file, "second").data["title"]["en"] == "Two"
    assert parsed == ["first", "second"]


def test_another_reader_reads_anew(folder, parsed, file, monkeypatch):
    document.read_file(file, "first")
    monkeypatch.setattr(document, "_reader", lambda: [b"a later version of the code that reads"])
    document.read_file(file, "second")
    assert parsed == ["first", "second"]


@pytest.mark.parametrize(
    "harm", [lambda _: b"", lambda raw: raw[:-5], lambda raw: raw[:-1] + b"?", lambda _: b"\x80\x05 not ours"]
)
def test_a_damaged_reading_is_made_anew(folder, parsed, file, harm):
    document.read_file(file, "first")
    (kept,) = folder.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(harm(whole))
    assert document.read_file(file, "second").data["title"]["en"] == "One"
    assert parsed == ["first", "second"]
    assert kept.read_bytes() == whole


def test_what_cannot_be_written_is_read_each_time(tmp_path, monkeypatch, parsed, file):
    (tmp_path / "not-a-folder").write_text("")
    monkeypatch.setenv(cache_folder.VARIABLE, str(tmp_path / "not-a-folder"))
    for label in ("first", "second"):
        assert document.read_file(file, label).data["title"]["en"] == "One"
    assert parsed == ["first", "second"]


def test_a_broken_file_is_told_each_time_and_not_kept(folder, file):
    file.write_bytes(b"title: [\n")
    for label in ("first", "second"):
        with pytest.raises(document.ScenarioError, match=label):
            document.read_file(file, label)
    assert not folder.exists()


def test_few_are_kept(folder, monkeypatch):
    monkeypatch.setattr(readings, "_KEPT", 3)
    for number in range(6):
        assert readings.kept("number", [b"%d" % number], lambda number=number: number) == number
    assert len(list(folder.iterdir())) == 3


def test_processes_that_write_at_once_leave_one_whole_reading(folder, file, root):
    read = f"read_file(Path({str(file)!r}), 'x').data['title']"
    code = f"from pathlib import Path\nfrom sim.scenario.document import read_file\nprint({read})"
    running = [subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert {process.communicate()[0] for process in running} == {"{'en': 'One'}\n"}
    assert len(list(folder.iterdir())) == 1
