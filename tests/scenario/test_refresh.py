"""A new month of the table by establishment: all that is wrong told at once, what changes shown, the old table never lost."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
import yaml

from sim.cli import main
from sim.dates import iso
from sim.errors import DataError
from sim.institutions.prisons import read_geography
from sim.scenario.month import compare, write_month
from sim.scenario.observed import base_day, observed_file
from sim.scenario.refresh import COLUMNS, Published, read_new, read_table

OBSERVED = Path(__file__).parents[2] / "scenarios" / "observed"
MONTH = "2026-04-01"
TABLE = read_table(OBSERVED / "establishments.csv")


def month():
    """Rows of a plausible new month, as a reader of CSV gives them."""
    rows = [dict(zip(COLUMNS, (getattr(row, name) for name in COLUMNS), strict=True)) for row in TABLE.rows["2026-01-01"]]
    return [{name: "" if value is None else str(value) for name, value in row.items()} | {"date": MONTH} for row in rows]


def written(path, rows, columns=COLUMNS, separator=",", encoding="utf-8"):
    with path.open("w", newline="", encoding=encoding) as stream:
        made = csv.DictWriter(stream, columns, delimiter=separator, extrasaction="ignore")
        made.writeheader()
        made.writerows(rows)
    return path


def workbook(path, rows, *, day=46113):
    """A workbook as Excel writes it: words in a list of their own, a day as the number of days since 1900."""
    words, cells = [], []
    for number, row in enumerate([dict(zip(COLUMNS, COLUMNS, strict=True)), *rows], start=1):
        told = []
        for column, name in enumerate(COLUMNS):
            at, value = f"{chr(ord('A') + column)}{number}", row[name]
            if number > 1 and name == "date":
                told.append(f'<c r="{at}" s="1"><v>{day}</v></c>')
            elif number > 1 and name.startswith(("capacity", "detainees")) and value:
                told.append(f'<c r="{at}"><v>{value}.0</v></c>')
            elif value:
                told.append(f'<c r="{at}" t="s"><v>{len(words)}</v></c>')
                words.append(f"<si><t>{escape(value)}</t></si>")
        cells.append(f'<row r="{number}">{"".join(told)}</row>')
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", f"<worksheet {space}><sheetData>{''.join(cells)}</sheetData></worksheet>")
        book.writestr("xl/sharedStrings.xml", f"<sst {space}>{''.join(words)}</sst>")
    return path


@pytest.fixture
def observed(tmp_path):
    """A copy of the packaged table and its note."""
    folder = tmp_path / "observed"
    folder.mkdir()
    for name in ("establishments.csv", "establishments.source.yaml"):
        shutil.copy(OBSERVED / name, folder)
    return folder


def test_a_good_month_is_read_alike_from_csv_french_csv_and_a_workbook(tmp_path):
    rows = month()
    plain = read_new(written(tmp_path / "a.csv", rows), TABLE)
    assert plain.problems == ()
    assert len(plain.rows) == len(rows)
    french = read_new(written(tmp_path / "b.csv", rows, separator=";", encoding="utf-8-sig"), TABLE)
    book = read_new(workbook(tmp_path / "c.xlsx", rows), TABLE)
    assert french == plain
    assert book == plain


def test_what_the_last_table_knows_need_not_be_handed_over_again(tmp_path):
    short = ["establishment", "quarter_type", "interregion", "capacity_operational", "Personnes détenues"]
    rows = [row | {"Personnes détenues": row["detainees"]} for row in month()]
    file = written(tmp_path / "a.csv", rows, short)
    names = {"detainees": "personnes détenues"}
    read = read_new(file, TABLE, day=MONTH, names=names)
    assert read.problems == ()
    whole = read_new(written(tmp_path / "b.csv", month()), TABLE)
    assert [(row.key, row.latitude, row.city) for row in read.rows] == [(row.key, row.latitude, row.city) for row in whole.rows]


def change(rows, place, **cells):
    return [row | cells if number == place else row for number, row in enumerate(rows)]


WRONG = {
    "kind": (
        lambda rows: change(rows, 4, quarter_type="CD/QCDD"),
        "bad.csv:6: quarter_type: met 'CD/QCDD', expected one of CD/QCD,",
    ),
    "near kind": (lambda rows: change(rows, 4, quarter_type="MAQMA"), "Did you mean 'MA/QMA'?"),
    "interregion": (
        lambda rows: change(rows, 0, interregion="Rouen"),
        "bad.csv:2: interregion: met 'Rouen', expected one of Bordeaux,",
    ),
    "name": (lambda rows: change(rows, 0, establishment=""), "bad.csv:2: establishment: met an empty cell"),
    "number": (
        lambda rows: change(rows, 0, establishment_id="12A"),
        "establishment_id: met '12A', expected the ministry's number",
    ),
    "not a date": (
        lambda rows: change(rows, 1, date="avril 2026"),
        "bad.csv:3: date: met 'avril 2026', expected a day as 2026-04-01",
    ),
    "mid-month": (
        lambda rows: [row | {"date": "2026-04-15"} for row in rows],
        "Counts are of the 1st at 0 h. The same in 275 other rows.",
    ),
    "two months": (lambda rows: change(rows, 9, date="2026-05-01"), "bad.csv: date: met 2 dates, 2026-04-01, 2026-05-01"),
    "a month that is there": (lambda rows: [row | {"date": "2025-10-01"} for row in rows], "To write it anew: --replace."),
    "text for places": (
        lambda rows: change(rows, 2, capacity_operational="n.c."),
        "capacity_operational: met 'n.c.', expected a whole",
    ),
    "half a place": (lambda rows: change(rows, 2, capacity_operational="12.5"), "met '12.5', expected a whole number"),
    "no places": (lambda rows: change(rows, 2, capacity_operational=""), "capacity_operational: met an empty cell"),
    "negative": (lambda rows: change(rows, 2, detainees="-3"), "detainees: met -3, expected 0 to 5,000"),
    "enormous": (lambda rows: change(rows, 2, capacity_operational="50000"), "met 50,000, expected 0 to 5,000"),
    "too dense": (lambda rows: change(rows, 2, capacity_operational="30", detainees="200"), "met 200 people for 30 places"),
    "twice": (lambda rows: [*rows, rows[0]], "2 times, expected each quarter once"),
    "cut off": (lambda rows: rows[:100], "met 100 quarters, expected about the 276 of the month before"),
    "masked": (lambda rows: [row | {"detainees": ""} for row in rows], "met 276 empty cells of 276"),
    "other columns": (
        lambda rows: [row | {"capacity_operational": str(int(row["capacity_operational"]) * 3 // 2)} for row in rows],
        "capacity_operational: met 94,",
    ),
    "unknown place": (
        lambda rows: change(rows, 0, establishment="CD NEUF", establishment_id="123456", latitude=""),
        "latitude: met an empty cell, expected degrees, for an establishment not yet known",
    ),
    "off the map": (lambda rows: change(rows, 0, latitude="145.2"), "latitude: met 145.2, expected degrees from −90 to 90"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_bad_month_is_told_by_row_and_column(tmp_path, name):
    spoil, words = WRONG[name]
    read = read_new(written(tmp_path / "bad.csv", spoil(month())), TABLE)
    told = "\n".join(map(str, read.problems))
    assert words in told
    assert len(read.problems) <= 3, "one mistake is not told many times over"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (COLUMNS[:-1], "bad.csv:1: detainees: met no such column, expected it among the column names of the first row"),
        (
            COLUMNS[1:],
            "bad.csv:1: date: met no such column, expected it among the column names of the first row. Say the day with",
        ),
        ((*COLUMNS, "detaines"), "met a column 'detaines', expected one of date,"),
        ((*COLUMNS, "detaines"), "Did you mean 'detainees'?"),
        ((*COLUMNS, "city"), "bad.csv:1: city: met the column 2 times"),
    ],
)
def test_a_bad_head_is_told(tmp_path, columns, words):
    read = read_new(written(tmp_path / "bad.csv", month(), columns), TABLE)
    assert words in "\n".join(map(str, read.problems))
    assert read.rows == ()


BROKEN = {
    "empty.csv": (b"", "the table is empty"),
    "latin.csv": ("date,établissement\n".encode("cp1252"), "is not UTF-8: in Excel, save as"),
    "zeros.csv": (b"date,\0\0\n", "holds bytes that are no text"),
    "quoted.csv": (b'date,city\n2026-04-01,"Rennes\n', "a quotation mark may be open"),
    "table.ods": (b"PK", "met a file in '.ods', expected .csv or .xlsx"),
    "broken.xlsx": (b"PK\3\4 not a workbook", "cannot be read as a workbook"),
    "text.xlsx": (b"date,city\n", "cannot be read as a workbook"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_no_table_is_refused(tmp_path, name):
    content, words = BROKEN[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=r"^" + name) as caught:
        read_new(tmp_path / name, TABLE)
    assert words in str(caught.value)


def test_a_workbook_that_declares_entities_or_holds_no_sheet_is_refused(tmp_path):
    for name, entry, content in (
        ("bomb", "xl/worksheets/sheet1.xml", '<!DOCTYPE x [<!ENTITY a "aa">]><worksheet>&a;</worksheet>'),
        ("none", "xl/other.xml", "<a/>"),
        ("torn", "xl/worksheets/sheet1.xml", "<worksheet><row>"),
    ):
        with zipfile.ZipFile(tmp_path / f"{name}.xlsx", "w") as book:
            book.writestr(entry, content)
        with pytest.raises(DataError, match=rf"^{name}\.xlsx: .*(entities|no sheet|XML is broken)"):
            read_new(tmp_path / f"{name}.xlsx", TABLE)


def test_all_problems_are_told_at_once(tmp_path):
    rows = change(change(change(month(), 3, quarter_type="?"), 7, detainees="x"), 8, interregion="")
    read = read_new(written(tmp_path / "bad.csv", rows), TABLE)
    assert [(problem.row, problem.column) for problem in read.problems] == [
        (5, "quarter_type"), (9, "detainees"), (10, "interregion"),
    ]  # fmt: skip


def test_what_a_month_changes_is_found(tmp_path):
    rows = month()
    gone = rows.pop(10)
    moved = rows[5]["capacity_operational"]
    rows = change(rows, 5, capacity_operational=str(int(moved) + 20), establishment="ANOTHER NAME")
    rows.append(rows[0] | {"establishment": "CP NEUF", "establishment_id": "999999", "capacity_operational": "90"})
    read = read_new(written(tmp_path / "a.csv", rows), TABLE)
    assert read.problems == ()
    found = compare(TABLE, read.rows)
    assert (found.before, found.day) == ("2026-01-01", MONTH)
    assert [row.establishment for row in found.closed] == [gone["establishment"]]
    assert [row.establishment for row in found.added] == ["CP NEUF"]
    assert [(old.establishment, new.establishment) for old, new in found.renamed] == [
        (month()[5]["establishment"], "ANOTHER NAME")
    ]
    assert [new.capacity_operational - old.capacity_operational for old, new in found.places] == [20]
    places = found.sums[-1].places
    assert places[1] - places[0] == 20 + 90 - int(gone["capacity_operational"])


def test_published_totals_hold_the_sums(tmp_path):
    file = written(tmp_path / "a.csv", month())
    rows = TABLE.rows["2026-01-01"]
    places, people = (sum(getattr(row, name) or 0 for row in rows) for name in ("capacity_operational", "detainees"))
    assert read_new(file, TABLE, published=Published(people + 200, places)).problems == (), "masked counts make a small gap"
    told = read_new(file, TABLE, published=Published(people - 1, places + 1)).problems
    assert [problem.column for problem in told] == ["capacity_operational", "detainees"]
    assert f"expected the published {places + 1:,}. Look for the row, or mend --published-places." in str(told[0])


def test_a_month_is_added_below_and_the_rest_stays_to_the_byte(tmp_path, observed):
    table = read_table(observed / "establishments.csv")
    places = sum(row.capacity_operational for row in table.rows["2026-01-01"])
    read = read_new(written(tmp_path / "a.csv", month()), table)
    before = (observed / "establishments.csv").read_bytes()
    write_month(table, read.rows, Published(None, places), base=True)
    after = (observed / "establishments.csv").read_bytes()
    assert after.startswith(before)
    note = yaml.safe_load((observed / "establishments.source.yaml").read_text(encoding="utf-8"))
    assert str(note["base"]) == MONTH
    assert [day.isoformat() for day in note["vintage"]] == [*sorted(TABLE.rows), MONTH]
    assert note["checks"][-1]["sum"] == note["checks"][-1]["published"] == places
    assert len(read_geography(observed / "establishments.csv", base_day()).quarters) > 280
    # The same month again is the same table, and the month before is still there.
    again = read_table(observed / "establishments.csv")
    assert read_new(tmp_path / "a.csv", again).problems == ()
    write_month(again, read.rows, Published(), base=True)
    assert (observed / "establishments.csv").read_bytes() == after


def test_a_failure_leaves_the_old_files(tmp_path, observed, monkeypatch):
    table = read_table(observed / "establishments.csv")
    read = read_new(written(tmp_path / "a.csv", month()), table)
    kept = {path.name: path.read_bytes() for path in observed.iterdir()}

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("sim.scenario.month.os.fsync", full)
        with pytest.raises(DataError, match="No space left on device"):
            write_month(table, read.rows, Published(), base=True)
    assert {path.name: path.read_bytes() for path in observed.iterdir()} == kept
    note = observed / "establishments.source.yaml"
    note.write_text("title: no lines to move\n", encoding="utf-8")
    with pytest.raises(DataError, match="expected lines 'vintage"):
        write_month(table, read.rows, Published(), base=True)
    assert (observed / "establishments.csv").read_bytes() == kept["establishments.csv"]


def said(capsys, *words):
    with pytest.raises(SystemExit) as end:
        main(["data", "refresh", *map(str, words)])
    told = capsys.readouterr()
    return int(end.value.code or 0), told.out, told.err


def test_the_command_looks_shows_and_writes(tmp_path, observed, capsys):
    good, bad = written(tmp_path / "good.csv", month()), written(tmp_path / "bad.csv", month()[:50])
    code, out, err = said(capsys, bad, "--into", observed, "--apply")
    assert (code, out) == (2, "")
    assert "bad.csv: 1 problem; nothing is written." in err
    code, out, _ = said(capsys, bad, "--into", observed, "--json")
    assert (code, json.loads(out)["ok"], len(json.loads(out)["problems"])) == (2, False, 1)
    code, out, _ = said(capsys, good, "--into", observed)
    assert code == 0
    assert "2026-01-01 → 2026-04-01" in out
    assert "Nothing is written" in out
    assert MONTH not in (observed / "establishments.csv").read_text(encoding="utf-8")
    code, out, _ = said(capsys, good, "--into", observed, "--keep-base", "--apply", "--json")
    assert json.loads(out)["written"] == ["establishments.csv", "establishments.source.yaml"]
    assert "base: 2025-10-01" in (observed / "establishments.source.yaml").read_text(encoding="utf-8")
    assert said(capsys, good, "--into", observed, "--column", "people=x")[0] == 2
    assert said(capsys, good, "--into", observed, "--date", "avril")[0] == 2
    assert said(capsys, tmp_path / "none.csv")[0] == 2


def test_the_base_date_is_a_date_of_the_table_whose_totals_are_published():
    note = yaml.safe_load(observed_file("establishments.source.yaml").read_text(encoding="utf-8"))
    assert iso(base_day()) in TABLE.rows
    assert {check["column"] for check in note["checks"] if check["date"].isoformat() == iso(base_day())} == {
        "capacity_operational", "detainees",
    }  # fmt: skip


def test_the_packaged_table_would_be_read_as_new():
    text = TABLE.text.replace("\r\n", "\n")
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert len(list(csv.reader(io.StringIO(text)))) == 1 + sum(len(rows) for rows in TABLE.rows.values())
