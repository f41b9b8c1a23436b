"""A month is written where it belongs, whole or not at all; what was there is kept, and no run sees a month kept apart."""

from __future__ import annotations

import csv
import functools
import http.server
import json
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from sim.cli import main
from sim.dates import iso, parse_day
from sim.errors import DataError, RequestError
from sim.institutions.prisons import read_geography
from sim.publication.observed import texts
from sim.records import manifest
from sim.scenario.months import Asked, Published, Use, read_new, read_tables, total, write_month
from sim.scenario.months.fetching import is_of, look_for, month_inside, next_month
from sim.scenario.months.series import read as read_series
from sim.scenario.months.sheets import Sheet
from sim.scenario.observed import base_day, observed_file
from tests.ministry import OBSERVED, changed, month, own, text, workbook, xlsx

MAY, JUNE = "2026-05-01", "2026-06-01"
MODEL = ("establishments.csv", "establishments.source.yaml", "series.csv", "series.source.yaml")
TAB2 = [
    ["Tableau 2 : Évolution des personnes écrouées"],
    ["", "Écroués détenus", "", "", "", "Écroués non détenus", "Ensemble des écroués"],
    ["Date", "Prévenus", "Condamnés-prévenus", "Condamnés", "Total détenus", "", "Part des prévenus (%)"],
    ["1er avril 2026", "22 000", "3 000", "62 855", "87 855", "18 000", "25,0"],
    ["1er mai 2026", "22 100", "3 100", "63 300", "88 500", "18 100", "25,0"],
    ["1er juin 2026", "22 200", "3 200", "63 100", "88 500", "18 200", "25,1"],
]


def later(rows, day):
    """The next month: one more and one fewer by turns, as many in all."""
    known = [at for at, row in enumerate(rows) if (row.detainees or 0) > 10 and "FLEURY" not in row.establishment]
    moved = {at: (-1) ** turn for turn, at in enumerate(known[: len(known) // 2 * 2])}
    return [
        replace(row, date=day, detainees=row.detainees + moved[at]) if at in moved else replace(row, date=day)
        for at, row in enumerate(rows)
    ]


def june():
    """A month that is not there yet: more people at Fleury than in May, one more or fewer elsewhere."""
    return changed(later(month(MAY), JUNE), "CP FLEURY MEROGIS", "MA/QMA", detainees=4_950)


@pytest.fixture
def observed(tmp_path):
    """A copy of the packaged tables and their notes, not described: what is written into it is read again at once."""
    folder = tmp_path / "observed"
    shutil.copytree(OBSERVED, folder, ignore=shutil.ignore_patterns("ro-crate-metadata.json"))
    return folder


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def note(folder, name="later/establishments"):
    return yaml.safe_load((folder / f"{name}.source.yaml").read_text(encoding="utf-8"))


def written(folder, file, *, use=Use.observed, **asked):
    tables = read_tables(folder)
    found = read_new(file, tables, Asked(**asked))
    assert found.stops == ()
    write_month(tables, found.rows, found.published, use=use, values=found.series)
    return found


def test_a_month_is_kept_apart_and_what_the_model_reads_stays_to_the_byte(tmp_path, observed):
    before = contents(observed)
    found = written(observed, xlsx(tmp_path / "a.xlsx", workbook(june())))
    after = contents(observed)
    assert {name for name in after if after[name] != before[name]} == {
        "later/establishments.csv", "later/establishments.source.yaml", "later/series.csv",
    }  # fmt: skip
    assert after["later/establishments.csv"].startswith(before["later/establishments.csv"])
    assert set(read_tables(observed).later.rows[JUNE]) == set(found.rows)
    kept = note(observed)
    assert [day.isoformat() for day in kept["vintage"]] == ["2026-02-01", "2026-03-01", "2026-04-01", MAY, JUNE]
    assert [(check["column"], check["sum"], check["published"]) for check in kept["checks"][-2:]] == [
        ("capacity_operational", 63_162, 63_162), ("detainees", 88_397, 88_397),
    ]  # fmt: skip
    with (observed / "later/series.csv").open(encoding="utf-8", newline="") as stream:
        added = [(row["series"], row["date"], row["value"]) for row in csv.DictReader(stream) if row["date"] == JUNE]
    assert added == [("detenus", JUNE, "88397"), ("places_operationnelles", JUNE, "63162")]


def test_the_model_starts_from_a_month_only_if_that_is_asked(tmp_path, observed):
    file = xlsx(tmp_path / "a.xlsx", workbook(june()))
    before = (observed / "establishments.csv").read_bytes()
    written(observed, file)
    written(observed, file, use=Use.places)
    assert str(note(observed, "establishments")["base"]) == "2025-10-01"
    assert JUNE not in read_tables(observed).later.rows, "the model reads it: it is not kept apart any more"
    assert JUNE not in (observed / "later/establishments.source.yaml").read_text(encoding="utf-8")
    assert (observed / "establishments.csv").read_bytes().startswith(before)
    written(observed, file, use=Use.base)
    assert str(note(observed, "establishments")["base"]) == JUNE
    assert len(read_geography(observed / "establishments.csv", parse_day(JUNE)).quarters) > 270


def test_checks_are_never_deleted(tmp_path, observed):
    """The same month read again without its published totals: what was checked stays checked."""
    file = text(tmp_path / "a.csv", own(june()))
    people, places = (total(june(), column) for column in ("detainees", "capacity_operational"))
    written(observed, file, published=Published(people + 200, places))
    kept = contents(observed)
    told = note(observed)["checks"][-2:]
    assert [(check["sum"], check["published"]) for check in told] == [(places, places), (people, people + 200)]
    written(observed, file)
    assert contents(observed) == kept
    revised = changed(june(), "MA PAU", "MA/QMA", detainees=290)
    written(observed, text(tmp_path / "b.csv", own(revised)), replacing=True)
    told = note(observed)["checks"]
    assert len([check for check in told if check["date"].isoformat() == JUNE]) == 2
    assert told[-1]["sum"] == total(revised, "detainees")
    assert told[-1]["published"] == people + 200
    assert len(told) == len(yaml.safe_load((OBSERVED / "later/establishments.source.yaml").read_text())["checks"]) + 2


def test_a_failure_leaves_the_old_files(tmp_path, observed, monkeypatch):
    tables = read_tables(observed)
    found = read_new(xlsx(tmp_path / "a.xlsx", workbook(june())), tables)
    kept = contents(observed)

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("sim.scenario.months.writing.os.fsync", full)
        with pytest.raises(DataError, match="no space left on device"):
            write_month(tables, found.rows, found.published)
    assert contents(observed) == kept
    (observed / "later/establishments.source.yaml").write_text("title: no lines to move\n", encoding="utf-8")
    with pytest.raises(DataError, match="expected lines 'vintage: …', 'checks: …'"):
        write_month(tables, found.rows, found.published)
    assert (observed / "later/establishments.csv").read_bytes() == kept["later/establishments.csv"]


# --- nothing that a run or a fit reads -------------------------------------------------------------------------------


def test_no_run_depends_on_the_months_kept_apart(tmp_path, monkeypatch):
    shutil.copytree(OBSERVED, tmp_path / "scenarios" / "observed")
    (tmp_path / "sim").mkdir()
    monkeypatch.setattr(manifest, "_PACKAGE", tmp_path / "sim")
    digests = []
    for change in (None, "later/establishments.csv", "later/series.csv", "series.csv"):
        if change is not None:
            with (tmp_path / "scenarios" / "observed" / change).open("a") as stream:
                stream.write("\n")
        manifest.engine_digest.cache_clear()
        digests.append(manifest.engine_digest())
    manifest.engine_digest.cache_clear()
    assert digests[0] == digests[1] == digests[2]
    assert digests[3] != digests[0], "the digest sees what runs do read"


def test_only_the_refresh_and_the_comparison_open_them():
    """Every module that names the folder of the months kept apart, and no other, may read them."""
    sources = {path.relative_to(OBSERVED.parents[1]).as_posix(): path.read_text(encoding="utf-8")
               for path in (OBSERVED.parents[1] / "sim").rglob("*.py")}  # fmt: skip
    users = {name for name, source in sources.items() if "import" in source and "months.table" in source}
    assert {name for name in users if not name.startswith("sim/scenario/months/")} == {
        "sim/cli/data.py", "sim/calibration/published_month.py",
    }  # fmt: skip
    # What is shown sets them beside the model; the layers keep whatever fits or runs from reading it.
    assert [name for name, source in sources.items() if '"later/' in source or "'later/" in source] == [
        "sim/presentation/question/since_base.py"
    ]


def test_what_the_model_reads_ends_before_them():
    tables = read_tables(OBSERVED)
    assert list(tables.model.rows) == ["2023-03-01", "2025-04-01", "2025-10-01", "2026-01-01"]
    assert min(tables.later.rows) > max(tables.model.rows)
    with observed_file("series.csv").open(encoding="utf-8", newline="") as stream:
        model = {(row["series"], row["date"]) for row in csv.DictReader(stream)}
    with observed_file("later/series.csv").open(encoding="utf-8", newline="") as stream:
        assert not model & {(row["series"], row["date"]) for row in csv.DictReader(stream)}
    for name in ("establishments", "series"):
        assert "Observed, never fitted." in note(OBSERVED, f"later/{name}")["use"]


def test_the_base_date_is_a_date_of_the_table_whose_totals_are_published():
    kept = note(OBSERVED, "establishments")
    assert iso(base_day()) in read_tables(OBSERVED).model.rows
    assert {check["column"] for check in kept["checks"] if check["date"].isoformat() == iso(base_day())} == {
        "capacity_operational", "detainees",
    }  # fmt: skip


# --- national series -------------------------------------------------------------------------------------------------

SERIES = {
    ("prevenus_detenus", JUNE): 22_200, ("condamnes_prevenus_detenus", JUNE): 3_200, ("condamnes_detenus", JUNE): 66_300,
    ("detenus", JUNE): 88_500, ("ecroues_non_detenus", JUNE): 18_200,
}  # fmt: skip


@pytest.mark.parametrize("turned", [False, True])
def test_the_series_of_tab2_are_read(turned):
    rows = TAB2
    if turned:
        columns = [["", *(row[0] for row in TAB2[3:])]]
        names = [
            "Prévenus détenus",
            "Condamnés-prévenus",
            "Condamnés détenus",
            "Écroués détenus",
            "Écroués non détenus",
            "Part (%)",
        ]
        columns += [[name, *(row[at] for row in TAB2[3:])] for at, name in enumerate(names, start=1)]
        rows = [TAB2[0], *columns]
    notes = []
    found = read_series("a.xlsx", [Sheet("Tab2", list(enumerate(rows, start=1)))], notes)
    assert notes == []
    assert len(found) == 15
    assert {(value.series, value.date): value.value for value in found if value.date == JUNE} == SERIES


def test_series_are_held_against_those_known_and_the_table(tmp_path, observed):
    rows = june()
    book = workbook(rows, tab2=[row if row[0] != "1er juin 2026" else [*row[:3], "62 997", "88 397", *row[5:]] for row in TAB2])
    tables = read_tables(observed)
    found = read_new(xlsx(tmp_path / "a.xlsx", book), tables)
    assert (found.stops, found.questions) == ((), ())
    written(observed, tmp_path / "a.xlsx")
    with (observed / "later/series.csv").open(encoding="utf-8", newline="") as stream:
        kept = {(row["series"], row["date"]): row["value"] for row in csv.DictReader(stream)}
    assert kept["prevenus_detenus", JUNE] == "22200"
    assert kept["condamnes_detenus", "2026-04-01"] == "65855", "condamnés-prévenus among them"
    apart = [*TAB2[:-1], [*TAB2[-1][:4], "80 000", *TAB2[-1][5:]]]
    (stop,) = read_new(xlsx(tmp_path / "b.xlsx", workbook(rows, tab2=apart)), tables).stops
    assert (stop.case, stop.accept) == ("series_apart", "Tab2:8")
    other = [*TAB2[:3], ["1er octobre 2025", "12 000", "3 000", "69 862", "84 862", "17 224", "25,0"], *TAB2[3:]]
    (asked,) = read_new(xlsx(tmp_path / "c.xlsx", workbook(rows, tab2=other)), tables).questions
    assert "met a figure of 12,000 for the day 2025-10-01, expected about the 22,301 read before" in str(asked)


# --- the command -----------------------------------------------------------------------------------------------------


def said(capsys, *words):
    with pytest.raises(SystemExit) as end:
        main(["data", "refresh", *map(str, words)])
    told = capsys.readouterr()
    return int(end.value.code or 0), told.out, told.err


def test_the_command_looks_shows_asks_and_writes(tmp_path, observed, capsys):
    emptied = changed(june(), "MA PAU", "MA/QMA", detainees=10)
    good, cut = xlsx(tmp_path / "good.xlsx", workbook(emptied)), text(tmp_path / "cut.csv", own(june()[:50]))
    code, out, err = said(capsys, cut, "--into", observed, "--apply")
    assert (code, out) == (2, "")
    assert "cut.csv: problems: 1; nothing is written." in err
    code, out, _ = said(capsys, cut, "--into", observed, "--json")
    assert (code, json.loads(out)["ok"], len(json.loads(out)["problems"])) == (2, False, 1)
    code, out, _ = said(capsys, good, "--into", observed)
    assert code == 0
    assert "2026-05-01 → 2026-06-01" in out
    assert "to be answered before it is written (1):" in out
    code, out, err = said(capsys, good, "--into", observed, "--apply")
    assert (code, out) == (2, "")
    (token,) = (finding["accept"] for finding in json.loads(said(capsys, good, "--into", observed, "--json")[1])["questions"])
    assert f"--accept '{token}'" in err
    assert JUNE not in (observed / "later/establishments.csv").read_text(encoding="utf-8")
    code, out, _ = said(capsys, good, "--into", observed, "--accept", token, "--apply", "--json")
    tables = ["establishments.csv", "establishments.source.yaml", "series.csv"]
    assert json.loads(out)["written"] == [*tables, "datapackage.json", "ro-crate-metadata.json"]
    for name, described in texts(observed).items():
        assert (observed / name).read_text(encoding="utf-8") == described, name
    assert said(capsys, good, "--into", observed, "--apply", "--quiet") == (0, "", "")
    assert "nothing to write" in said(capsys, good, "--into", observed)[1]


@pytest.mark.parametrize(
    "words",
    [("--column", "people=x"), ("--column", "x"), ("--date", "avril"), ("--date", "2026-06-15"), ("--at", "X=1"),
     ("--at", "X"), ("--renamed", "X"), ("--accept", "9")],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_a_line(tmp_path, observed, capsys, words):
    file = xlsx(tmp_path / "a.xlsx", workbook(june()))
    code, out, err = said(capsys, file, "--into", observed, *words)
    assert (code, out) == (2, "")
    assert err.startswith(words[0])
    assert len(err.splitlines()) == 1


def test_a_file_or_a_place_to_look_one_of_the_two(tmp_path, observed, capsys):
    assert said(capsys, "--into", observed)[0] == 2
    assert said(capsys, tmp_path / "none.csv", "--into", observed)[0] == 2
    assert said(capsys, tmp_path / "a.csv", "--from", tmp_path, "--into", observed)[0] == 2
    assert said(capsys, "--from", "ftp://example.org/x", "--into", observed)[0] == 2


def test_a_monthly_job_finds_the_next_month_or_says_that_it_is_not_there(tmp_path, observed, capsys):
    drop = tmp_path / "drop"
    drop.mkdir()
    job = ("--from", drop, "--into", observed, "--apply", "--quiet")
    xlsx(drop / "statistique_etablissements_personnes_ecrouees_01052026.xlsx", workbook(month(MAY)))
    assert said(capsys, *job) == (3, "", "")
    assert "the month of 2026-06-01 is not there yet" in said(capsys, "--from", drop, "--into", observed)[1]
    assert json.loads(said(capsys, "--from", drop, "--into", observed, "--json")[1])["not_yet"] == JUNE
    xlsx(drop / "under another name.xlsx", workbook(june()))
    assert said(capsys, *job) == (0, "", "")
    assert JUNE in read_tables(observed).later.rows
    assert said(capsys, *job) == (3, "", "")


@pytest.fixture
def site(tmp_path):
    """A page of the ministry, on this machine only."""
    folder = tmp_path / "site"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_next_month_is_found_on_a_page_or_at_an_address(tmp_path, site, observed, capsys):
    folder, address = site
    page = '<p><a href="files/{}">Situation au 1er {} 2026</a> <a href="/other.pdf">1er juin 2026</a></p>'
    (folder / "files").mkdir()
    (folder / "page.html").write_text(page.format("stat_01052026.xlsx", "mai"), encoding="utf-8")
    template = f"{address}/files/stat_01{{MM}}{{YYYY}}.xlsx"
    for where in (f"{address}/page.html", template, f"{address}/nothing.html"):
        assert said(capsys, "--from", where, "--into", observed, "--quiet") == (3, "", "")
    xlsx(folder / "files" / "stat_01062026.xlsx", workbook(june()))
    (folder / "page.html").write_text(page.format("stat_01062026.xlsx", "juin"), encoding="utf-8")
    for where in (f"{address}/page.html", template, f"{address}/files/stat_01062026.xlsx"):
        code, out, _ = said(capsys, "--from", where, "--into", observed, "--json")
        assert (code, json.loads(out)["changes"]["day"]) == (0, JUNE)
    assert said(capsys, "--from", f"{address}/page.html", "--into", observed, "--apply", "--quiet") == (0, "", "")
    with (observed / "later/series.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["source_url"] for row in csv.DictReader(stream) if row["date"] == JUNE} == {
            f"{address}/files/stat_01062026.xlsx"
        }
    assert said(capsys, "--from", f"{address}/files/stat_01062026.xlsx", "--into", observed, "--quiet") == (3, "", "")
    xlsx(folder / "files" / "word.xlsx", workbook(later(june(), "2026-07-01")))
    (folder / "page.html").write_text(page.format("word.xlsx", "juillet"), encoding="utf-8")
    assert (
        json.loads(said(capsys, "--from", f"{address}/page.html", "--into", observed, "--json")[1])["changes"]["day"]
        == "2026-07-01"
    )


def test_an_address_that_does_not_answer_is_an_error_not_a_month_to_come(tmp_path):
    with pytest.raises(DataError, match="cannot be fetched"):
        look_for("http://127.0.0.1:9/x.xlsx", next_month([MAY]), tmp_path)
    with pytest.raises(RequestError, match="expected a folder, or an address"):
        look_for(str(tmp_path / "none"), next_month([MAY]), tmp_path)


def test_names_of_a_month():
    day = next_month(["2026-02-01"])
    assert day.isoformat() == "2026-03-01"
    assert next_month(["2026-12-01"]).isoformat() == "2027-01-01"
    for name in (
        "statistique_01032026.xlsx",
        "2026-03-01.csv",
        "2026_03.ods",
        "mars%202026.xls",
        "Mars-2026.xlsx",
        "20260301.csv",
    ):
        assert is_of(name, day), name
    for name in ("statistique_01042026.xlsx", "2025-03-01.csv", "mars 2025.ods", "table.csv", "2026-13.csv"):
        assert not is_of(name, day), name
    folder = Path(__file__).parent / "workbooks"
    assert month_inside(folder / "statistique_etablissements_personnes_ecrouees_01032026.xlsx") == day
