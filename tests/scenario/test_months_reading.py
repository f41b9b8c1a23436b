"""A month in each form people have it in: read with no option, and right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from sim.errors import RequestError
from sim.presentation.messages import french as french_of
from sim.scenario.months import Asked, compare, read_new, total
from tests.ministry import TABLES, changed, month, number, ods, own, stacked, text, until, without, workbook, xlsx

WORKBOOKS = Path(__file__).parent / "workbooks"
MAY = "2026-05-01"
SURPRISES = {
    "2026-03-01": ["Tab14:31", "Tab15:30", "Tab20:10"],  # MA Saintes 134 → 0, MC Saint-Maur 172 → 237, MC Condé 107 → 68
    "2026-05-01": ["Tab17:26", "Tab22:17"],  # MC Valence 80 → 44, CSL Toulouse-Seysses 52 → 103 places
}


def figures(rows):
    return {row.figures for row in rows}


@pytest.mark.parametrize("day", SURPRISES)
def test_the_ministrys_workbook_reads_exactly(day):
    file = WORKBOOKS / f"statistique_etablissements_personnes_ecrouees_01{day[5:7]}2026.xlsx"
    read = read_new(file, until(day))
    assert read.stops == ()
    assert set(read.rows) == set(TABLES.later.rows[day]), "every figure, number, city and coordinate"
    assert len(read.rows) == 276
    assert read.held == 231, "totals by kind and interregion, and Tab8, of three columns"
    assert read.published.capacity_operational == total(read.rows, "capacity_operational")
    assert read.published.detainees == total(read.rows, "detainees")
    assert not read.same
    assert read_new(file, TABLES).same


@pytest.mark.parametrize("day", SURPRISES)
def test_what_is_surprising_is_asked_and_answered(day):
    file = WORKBOOKS / f"statistique_etablissements_personnes_ecrouees_01{day[5:7]}2026.xlsx"
    read = read_new(file, until(day))
    assert sorted(finding.accept for finding in read.questions) == SURPRISES[day]
    assert read_new(file, until(day), Asked(accepted=SURPRISES[day])).questions == ()
    with pytest.raises(RequestError, match="met 'Tab14:99', which answers nothing"):
        read_new(file, until(day), Asked(accepted=["Tab14:99"]))


def test_a_month_under_another_date_is_asked_about(tmp_path):
    """The very people of May, dated June: true months have the same people as before in one quarter of twelve."""
    june = [replace(row, date="2026-06-01") for row in month(MAY)]
    read = read_new(text(tmp_path / "june.csv", own(june), ","), TABLES)
    assert [finding.case for finding in read.questions] == ["same_again"]
    assert "the very figures of 2026-05-01" in read.questions[0].met
    assert french_of(str(read.questions[0].met)).startswith("les chiffres mêmes du 01/05/2026")
    assert read_new(tmp_path / "june.csv", TABLES, Asked(accepted=["same_again"])).questions == ()
    for before, day in pairwise(sorted(TABLES.months)):
        known = {row.key: row.detainees for row in TABLES.months[before]}
        people = [row for row in TABLES.months[day] if row.detainees and row.key in known]
        assert sum(row.detainees == known[row.key] for row in people) < 0.1 * len(people), day


OWN_SHORT = ("establishment", "quarter_type", "interregion", "capacity_operational", "detainees")


def pandas_floats(rows):
    table = own(rows)
    return [table[0], *([*row[:-1], f"{row[-1]}.0" if row[-1] else ""] for row in table[1:])]


def french(rows):
    names = ("date", "identifiant", "Établissement", "Type de quartier", "DISP", "Ville", "Latitude", "Longitude",
             "Capacité théorique", "Places opérationnelles", "Personnes détenues")  # fmt: skip
    dated = [["01/05/2026", *row[1:]] for row in own(rows)[1:]]
    return [list(names), *([cell.replace(".", ",") if at in {6, 7} else cell for at, cell in enumerate(row)] for row in dated)]


FORMS = {
    "ministry.xlsx": lambda path, rows: xlsx(path, workbook(rows)),
    "ministry.ods": lambda path, rows: ods(path, workbook(rows)),
    "renamed_by_its_reader.xlsx": lambda path, rows: xlsx(path, workbook(rows)),
    "cover_first.xlsx": lambda path, rows: xlsx(
        path, {"Notes": [["Read me"], ["The table is on the next sheet"]], "T": own(rows)}
    ),
    "own.xlsx": lambda path, rows: xlsx(path, {"T": own(rows)}),
    "own.ods": lambda path, rows: ods(path, {"T": own(rows)}),
    "own.csv": lambda path, rows: text(path, own(rows), ","),
    "own.txt": lambda path, rows: text(path, own(rows), "\t", "utf-16"),
    "pandas.csv": lambda path, rows: text(path, pandas_floats(rows), ","),
    "french.csv": lambda path, rows: text(path, french(rows), ";", "utf-8-sig"),
    "french_1252.csv": lambda path, rows: text(path, french(rows), ";", "cp1252"),
    "french_utf16.csv": lambda path, rows: text(path, french(rows), ";", "utf-16"),
    "stacked_2026-05-01.csv": lambda path, rows: text(path, stacked(rows), ";", "utf-8-sig"),
    "stacked_01052026.csv": lambda path, rows: text(path, stacked(rows), ";", "cp1252"),
    "stacked_20260501.csv": lambda path, rows: text(path, stacked(rows), "\t", "utf-16"),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_reads_alike(form, tmp_path):
    rows = month(MAY)
    read = read_new(FORMS[form](tmp_path / form, rows), until(MAY))
    assert list(map(str, read.stops)) == []
    assert figures(read.rows) == figures(rows)
    assert {row.date for row in read.rows} == {MAY}
    assert {row.site: (row.latitude, row.city) for row in read.rows} == {row.site: (row.latitude, row.city) for row in rows}


def test_an_old_workbook_of_excel_reads_alike():
    read = read_new(WORKBOOKS / "statistique_etablissements_personnes_ecrouees_01052026.xls", until(MAY))
    assert read.stops == ()
    assert set(read.rows) == set(month(MAY))


def test_tabs_put_one_under_the_other_keep_their_totals(tmp_path):
    book = workbook(month(MAY))
    table = [row for name, rows in book.items() if name in {f"Tab{at}" for at in range(14, 24)} for row in rows]
    read = read_new(text(tmp_path / "tabs.csv", table, ";", "cp1252"), until(MAY))
    assert (read.stops, read.held) == ((), 201)
    assert figures(read.rows) == figures(month(MAY))
    country = [*stacked(month(MAY)), ["Total", "", *sum_of(month(MAY))]]
    read = read_new(text(tmp_path / "stacked_01052026.csv", country), until(MAY))
    assert (read.stops, read.held) == ((), 3)


def sum_of(rows):
    return [number(total(rows, column)) for column in ("capacity_theoretical", "capacity_operational", "detainees")]


def test_a_table_without_a_day_takes_it_from_the_command_line(tmp_path):
    file = text(tmp_path / "table.csv", own(month(MAY), OWN_SHORT))
    assert [finding.case for finding in read_new(file, until(MAY)).stops] == ["no_day"]
    read = read_new(file, until(MAY), Asked(day=date(2026, 5, 1)))
    assert read.stops == ()
    assert {row.key: row.latitude for row in read.rows} == {row.key: row.latitude for row in month(MAY)}


def test_a_column_with_another_name_is_said(tmp_path):
    table = own(month(MAY))
    table[0][-1] = "gens"
    file = text(tmp_path / "a.csv", table)
    assert [(finding.case, finding.column) for finding in read_new(file, until(MAY)).stops] == [("column_missing", "detainees")]
    read = read_new(file, until(MAY), Asked(names={"detainees": "Gens"}))
    assert figures(read.rows) == figures(month(MAY))


def test_a_column_of_no_use_is_told_and_left(tmp_path):
    table = [[*row, "" if at else "remarque"] for at, row in enumerate(own(month(MAY)))]
    read = read_new(text(tmp_path / "a.csv", table), until(MAY))
    assert read.stops == ()
    assert "a.csv:1: the column 'remarque' is not read" in read.notes


def test_a_name_written_once_over_its_quarters_is_kept(tmp_path):
    book = workbook(month(MAY))
    for at in range(14, 24):
        last = ""
        for row in book[f"Tab{at}"][7:]:
            if row[0] not in {"Total", "Direction Interrégionale"} and len(row) > 1:
                row[0], last = ("" if row[0] == last else row[0]), row[0]
    read = read_new(xlsx(tmp_path / "merged_01052026.xlsx", book), until(MAY))
    assert read.stops == ()
    assert figures(read.rows) == figures(month(MAY))


def test_the_month_is_that_of_the_titles_not_of_the_name(tmp_path):
    read = read_new(xlsx(tmp_path / "statistique_01072026.xlsx", workbook(month(MAY))), until(MAY))
    assert {row.date for row in read.rows} == {MAY}
    assert any("its name says 2026-07-01, its titles 2026-05-01" in note for note in read.notes)


# --- names -----------------------------------------------------------------------------------------------------------


def test_a_name_in_another_spelling_is_the_same_prison(tmp_path):
    spelt = {"CP FLEURY MEROGIS": "CP FLEURY-MÉROGIS", "MA ST BRIEUC": "MA Saint-Brieuc", "CD KONE": "CD KONÉ",
             "CD NEUVIC SUR L ISLE": "Centre de détention de Neuvic-sur-l'Isle"}  # fmt: skip
    rows = [replace(row, establishment=spelt.get(row.establishment, row.establishment)) for row in month(MAY)]
    read = read_new(xlsx(tmp_path / "a.xlsx", workbook(rows)), until(MAY))
    assert set(read.rows) == set(month(MAY))


def test_a_new_name_is_no_closure(tmp_path):
    new = {"MA STRASBOURG": "CP STRASBOURG ELSAU", "MA NIORT": "CSL NIORT"}
    rows = [replace(row, establishment=new.get(row.establishment, row.establishment)) for row in month(MAY)]
    read = read_new(xlsx(tmp_path / "a.xlsx", workbook(rows)), until(MAY))
    assert read.stops == ()
    found = compare(until(MAY), read.rows)
    assert (found.added, found.closed) == ((), ())
    assert {old.establishment: row.establishment for old, row in found.renamed} == new
    assert {row.key for row in read.rows} == {row.key for row in month(MAY)}


def test_another_name_altogether_is_asked_with_the_one_it_could_be(tmp_path):
    rows = [
        replace(row, establishment="CP DES TROIS RIVIERES") if row.establishment == "MA STRASBOURG" else row
        for row in month(MAY)
    ]
    file = xlsx(tmp_path / "a.xlsx", workbook(rows))
    (stop,) = read_new(file, until(MAY)).stops
    assert (stop.case, stop.accept) == ("lost", "MA STRASBOURG")
    assert "--renamed 'MA STRASBOURG=CP DES TROIS RIVIERES'" in str(stop)
    read = read_new(file, until(MAY), Asked(renamed=["MA STRASBOURG=CP DES TROIS RIVIERES"]))
    assert read.stops == ()
    assert {row.key for row in read.rows} == {row.key for row in month(MAY)}
    with pytest.raises(RequestError, match="'MA NOWHERE' is the name of no establishment"):
        read_new(file, until(MAY), Asked(renamed=["MA NOWHERE=X"]))


def test_a_new_prison_needs_no_coordinates(tmp_path):
    base = month(MAY)[0]
    fresh = replace(base, establishment="CP LES SABLES NEUFS", establishment_id="", city="", latitude="", longitude="",
                    capacity_operational=90, capacity_theoretical=90, detainees=12)  # fmt: skip
    file = xlsx(tmp_path / "a.xlsx", workbook([*month(MAY), fresh]))
    read = read_new(file, until(MAY))
    assert read.stops == ()
    assert [row.establishment for row in compare(until(MAY), read.rows).added] == ["CP LES SABLES NEUFS"]
    assert any("on no map: CP LES SABLES NEUFS" in note for note in read.notes)
    read = read_new(file, until(MAY), Asked(positions={"CP LES SABLES NEUFS": (48.76, 2.32)}))
    assert [(row.latitude, row.longitude) for row in read.rows if row.establishment == "CP LES SABLES NEUFS"] == [
        ("48.76", "2.32")
    ]
    assert not any("on no map" in note for note in read.notes)


# --- true and large --------------------------------------------------------------------------------------------------


def test_the_largest_prison_may_grow(tmp_path):
    """5,080 people at Fleury-Mérogis on 1 July 2026: a bound of 5,000 refused the true table."""
    rows = [replace(row, date="2026-06-01") for row in changed(month(MAY), "CP FLEURY MEROGIS", "MA/QMA", detainees=5_080)]
    read = read_new(xlsx(tmp_path / "a.xlsx", workbook(rows)), TABLES, Asked(accepted=["same_again"]))
    assert (read.stops, read.questions) == ((), ())


def test_people_for_no_place_are_no_mistake(tmp_path):
    rows = [row for row in month(MAY) if row.capacity_operational == 0 and row.detainees]
    assert [row.establishment for row in rows] == ["CP VENDIN LE VIEIL"]
    assert read_new(xlsx(tmp_path / "a.xlsx", workbook(month(MAY))), until(MAY)).stops == ()


def test_an_empty_quarter_that_is_not_listed_any_more_is_told_only(tmp_path):
    gone = [row for row in month(MAY) if (row.establishment, row.quarter_type) == ("CP SUD FRANCILIEN", "MC/QMC")]
    assert [(row.capacity_operational, row.detainees) for row in gone] == [(0, 0)]
    read = read_new(xlsx(tmp_path / "a.xlsx", workbook([row for row in month(MAY) if row not in gone])), until(MAY))
    assert read.stops == ()
    assert any("empty the month before: CP SUD FRANCILIEN" in note for note in read.notes)


def test_a_prison_that_closed_is_accepted_by_its_name(tmp_path):
    rows = without(month(MAY), "MA PRIVAS")
    file = xlsx(tmp_path / "a.xlsx", workbook(rows))
    (stop,) = read_new(file, until(MAY)).stops
    assert "no MA PRIVAS (1 quarter, 57 places" in str(stop)
    read = read_new(file, until(MAY), Asked(accepted=["MA PRIVAS"]))
    assert read.stops == ()
    assert [row.establishment for row in compare(until(MAY), read.rows).closed] == ["MA PRIVAS"]
