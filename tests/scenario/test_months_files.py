"""A file that is no table, is of another time, or is damaged: refused in a line; whatever comes, nothing else."""

from __future__ import annotations

import random
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import DataError, SimError
from sim.scenario.months import layout, read_new, reading, series
from sim.scenario.months.sheets import MOST_BYTES, Sheet, read_sheets
from tests.ministry import month, ods, own, until, workbook, xlsx

MAY = "2026-05-01"
WORKBOOKS = Path(__file__).parent / "workbooks"


def read(file):
    return read_new(file, until(MAY))


def cases(found):
    return sorted({finding.case for finding in found.stops})


def told(found):
    return "\n".join(map(str, found.stops))


BROKEN = {
    "empty.csv": (b"", "the table is empty"),
    "zeros.csv": (b"date,\0\0\n", "holds bytes that are no text"),
    "quoted.csv": (b'date,city\n2026-04-01,"Rennes\n', "a quotation mark may be open"),
    "table.pdf": (b"%PDF-1.7", "met a file in '.pdf', expected one of .xlsx,"),
    "table.ods": (b"PK\3\4", "cannot be read as a workbook"),
    "broken.xlsx": (b"PK\3\4 not a workbook", "cannot be read as a workbook"),
    "text.xlsx": (b"date,city\n", "cannot be read as a workbook"),
    "torn.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cannot be read as a workbook"),
    "large.csv": (b"x" * (MOST_BYTES + 1), "expected 20 MB at most"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_no_table_is_refused(tmp_path, name):
    content, words = BROKEN[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=r"^" + name) as caught:
        read(tmp_path / name)
    assert words in str(caught.value)


def test_a_workbook_of_other_tables_or_of_another_time_is_refused(tmp_path):
    book = {name: rows for name, rows in workbook(month(MAY)).items() if name in {f"Tab{at}" for at in range(1, 14)}}
    assert cases(read(xlsx(tmp_path / "a.xlsx", book))) == ["no_table"]
    old = [
        ["Effectif au :", "1er mai 2013"],
        ["qMA", "AGEN", "142", "142", "150", "105,6"],
        ["qCD", "EYSSES", "300", "300", "280", "93"],
    ]
    found = read(xlsx(tmp_path / "b.xlsx", {"tab14 Bordeaux": old}))
    assert cases(found) == ["old_layout"]
    assert "layout of 2012 to 2018" in told(found)


def remade(path, name, content):
    """The same package with another content in one of its files."""
    with zipfile.ZipFile(path) as packed:
        parts = {part: packed.read(part) for part in packed.namelist()} | {name: content}
    with zipfile.ZipFile(path, "w") as packed:
        for part, kept in parts.items():
            packed.writestr(part, kept)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of memory for a process there")
def test_a_workbook_that_would_fill_the_memory_is_refused(tmp_path):
    """A cell at the far end makes a reader fill all that lies between; it ends a process of its own."""
    far = xlsx(tmp_path / "far.xlsx", {"T": [["x"], ["y"]]})
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(far) as packed:
        content = packed.read(sheet)
    remade(far, sheet, content.replace(b'"A2"', b'"XFD1048576"').replace(b'<row r="2">', b'<row r="1048576">'))
    with pytest.raises(DataError, match=r"far\.xlsx: cannot be read as a workbook"):
        read(far)


def test_entities_are_not_expanded(tmp_path):
    file = ods(tmp_path / "a.ods", {"T": [["bomb"]]})
    with zipfile.ZipFile(file) as packed:
        content = packed.read("content.xml").decode()
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    remade(file, "content.xml", bomb + content.replace("bomb", "&b;"))
    try:
        sheets = read_sheets(file)
    except DataError:
        return
    assert "aaaaaaaaaaaa" not in str(sheets)


def test_a_workbook_that_ends_its_reader_is_refused(tmp_path):
    content = bytearray((WORKBOOKS / "statistique_etablissements_personnes_ecrouees_01052026.xls").read_bytes())
    luck = random.Random(1)  # noqa: S311 (damage, not secrets)
    file = tmp_path / "damaged.xls"
    refused = []
    for _ in range(12):
        damaged = bytearray(content)
        for _ in range(40):
            damaged[luck.randrange(8, 3000)] = luck.randrange(256)
        file.write_bytes(damaged)
        try:
            read_sheets(file)
        except DataError as problem:
            refused.append(str(problem))
    assert len(refused) > 5
    assert all(told.startswith("damaged.xls: cannot be read as a workbook (") for told in refused)


@settings(max_examples=25)
@given(data=st.data())
def test_a_damaged_workbook_is_read_or_refused(tmp_path_factory, data):
    folder = tmp_path_factory.getbasetemp()
    whole = folder / "whole.xlsx"
    if not whole.exists():
        xlsx(whole, {"T": own(month(MAY)[:30])})
    content = bytearray(whole.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    damaged = folder / "damaged.xlsx"
    damaged.write_bytes(content[: data.draw(st.integers(1, len(content)))])
    try:
        found = read(damaged)
    except SimError:
        return
    assert found.stops, "thirty lines are no month"


_WORDS = st.sampled_from([
    "Etablissement", "Quartier", "Capacité opérationnelle", "Ecroués détenus", "Densité carcérale", "date", "DISP", "Total",
    "MA/QMA", "CP FRESNES", "Direction Interrégionale de Paris", "DISP LILLE", "NC", "--", "Inf", "12", "1 234", "205,6 %",
    "-1", "1er mai 2026", "2026-05-01", "", "", "Ensemble", "9" * 400, "\x00", "é",
])  # fmt: skip


@settings(max_examples=150)
@given(
    st.lists(st.lists(_WORDS | st.text(max_size=6), max_size=8), max_size=12), st.sampled_from(["Tab2", "Tab8", "Tab19", "x"])
)
def test_any_table_is_read_or_refused(tmp_path_factory, rows, name):
    sheets = [
        Sheet(name, [(at, [cell.strip() for cell in row]) for at, row in enumerate(rows, start=1) if row]),
        Sheet("y", [(1, ["z"])]),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "read_sheets", lambda _: [sheet for sheet in sheets if sheet.rows])
        found = read(tmp_path_factory.getbasetemp() / "any.csv")
    assert found.stops, "a dozen lines are no month"
    assert all(str(finding) for finding in found.stops)
    assert layout.find("a", sheets[1:], {}, dated=False, regions=["Paris"], kinds=["SAS"]).findings
    assert isinstance(series.read("a", sheets, []), list)
