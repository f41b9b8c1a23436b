"""A lost prison, exchanged columns, a partial or damaged file: refused, with the reason and the way out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sim.presentation.messages import french
from sim.scenario.months import COLUMNS, Asked, Published, read_new, total
from tests.cli.test_language import english_in
from tests.ministry import TABLES, changed, month, number, own, sums, text, until, without, workbook, xlsx

MAY = "2026-05-01"
GRADIGNAN = ("CP BORDEAUX GRADIGNAN", "MA/QMA")
EXCHANGED = {"capacity_operational": 1_102, "detainees": 551}


def read(file, **asked):
    found = read_new(file, until(MAY), Asked(**asked))
    for finding in (*found.stops, *found.questions):
        in_french = finding.told(lambda text: french(text) or text)
        assert not english_in(in_french.replace("of Paris", "")), in_french
    return found


def cases(found):
    return sorted({finding.case for finding in found.stops})


def told(found):
    return "\n".join(map(str, found.stops))


# --- the three that were accepted without a word ---------------------------------------------------------------------


def test_fresnes_missing_is_refused_by_the_totals_and_by_its_name(tmp_path):
    rows, lost = month(MAY), without(month(MAY), "CP FRESNES")
    assert len(rows) - len(lost) == 4
    found = read(xlsx(tmp_path / "a.xlsx", workbook(lost, totals=rows)))
    assert cases(found) == ["lost", "total_mismatch"]
    assert "no CP FRESNES (3 quarters, 1,477 places and" in told(found)
    assert "a total of 10,217 for Paris, expected the 8,656 of its lines" in told(found)
    assert "A line or a page is missing: hand over the whole table." in told(found)


def test_fresnes_missing_is_refused_where_nothing_else_says_so(tmp_path):
    lost = without(month(MAY), "CP FRESNES")
    for file in (xlsx(tmp_path / "a.xlsx", workbook(lost)), text(tmp_path / "a.csv", own(lost))):
        found = read(file)
        assert cases(found) == ["lost"]
        assert [finding.accept for finding in found.stops] == ["CP FRESNES", "CP FRESNES - Villejuif"]


def test_gradignan_exchanged_is_refused_by_its_density(tmp_path):
    rows = month(MAY)
    true = next(row for row in rows if (row.establishment, row.quarter_type) == GRADIGNAN)
    assert (true.capacity_operational, true.detainees) == (551, 1_102)
    book = workbook(rows)
    (cells,) = (row for row in book["Tab14"] if row[:2] == list(GRADIGNAN))
    cells[3], cells[4] = cells[4], cells[3]
    found = read(xlsx(tmp_path / "a.xlsx", book))
    assert {"density_mismatch", "total_mismatch"} <= set(cases(found))
    assert "met 200,0 % beside 551 people and 1,102 places, expected 50,0 %" in told(found)
    assert "Places and people look exchanged." in told(found)


def test_gradignan_exchanged_is_refused_beside_the_month_before(tmp_path):
    rows = changed(month(MAY), *GRADIGNAN, **EXCHANGED)
    for file in (text(tmp_path / "a.csv", own(rows)), xlsx(tmp_path / "a.xlsx", workbook(rows))):
        found = read(file)
        assert cases(found) == ["row_exchanged"]
        assert "met 1,102 places and 551 people, expected about the 551 places and 1,0" in told(found)


def exchanged(one, other):
    return [replace(row, **{one: getattr(row, other) or 0, other: getattr(row, one)}) for row in month(MAY)]


def test_norm_and_operational_places_exchanged_are_refused(tmp_path):
    rows = exchanged("capacity_theoretical", "capacity_operational")
    found = read(text(tmp_path / "a.csv", own(rows)))
    assert cases(found) == ["columns_exchanged"]
    assert "have the two of the month before, exchanged" in told(found)
    book = workbook(month(MAY))
    for at in range(14, 24):
        for row in book[f"Tab{at}"][6:]:
            if len(row) > 4:
                row[2], row[3] = (row[2], row[3]) if row[0] == "Etablissement" else (row[3], row[2])
    found = read(xlsx(tmp_path / "a.xlsx", book))
    assert "columns_exchanged" in cases(found)
    assert "capacity_operational: met what looks like capacity_theoretical" in told(found)


def test_places_and_people_exchanged_are_refused(tmp_path):
    book = workbook(month(MAY))
    for at in range(14, 24):
        tab = book[f"Tab{at}"]
        tab[6][3], tab[6][4] = tab[6][4], tab[6][3]
    found = read(xlsx(tmp_path / "a.xlsx", book))
    assert cases(found) == ["not_a_count"], "a place is never NC"
    readable = [row for row in month(MAY) if row.detainees is not None]
    rows = [replace(row, capacity_operational=row.detainees, detainees=row.capacity_operational) for row in readable]
    gone = sorted({row.establishment for row in month(MAY)} - {row.establishment for row in readable})
    found = read(text(tmp_path / "a.csv", own(rows)))
    assert "total_jump" in cases(found)
    assert gone
    assert "capacity_operational: met 88,333 in all, expected within 3% of the 63,193 of 2026-04-01" in told(found)


def test_densities_of_another_month_are_refused(tmp_path):
    book = workbook([replace(row, detainees=(row.detainees or 0) + 9) for row in month(MAY)])
    true = workbook(month(MAY))
    for at in range(14, 24):
        for row, other in zip(book[f"Tab{at}"][7:], true[f"Tab{at}"][7:], strict=True):
            if len(row) > 5:
                row[5] = other[5]
    assert "densities_of_another_table" in cases(read(xlsx(tmp_path / "a.xlsx", book)))


# --- parts -----------------------------------------------------------------------------------------------------------


def test_a_lost_tab_is_refused(tmp_path):
    book = workbook(month(MAY))
    del book["Tab19"]
    found = read(xlsx(tmp_path / "a.xlsx", book))
    assert "interregion: met no line of Paris, expected every interregion" in told(found)
    assert [finding.accept for finding in found.stops if finding.case == "regions_missing"] == [""], "no answer lets it pass"


def test_a_table_cut_off_is_refused(tmp_path):
    rows = [row for at, row in enumerate(month(MAY)) if at % 5]
    found = read(text(tmp_path / "a.csv", own(rows)))
    assert cases(found) == ["partial"]
    assert "The file is partial: hand over all of it." in told(found)


@pytest.mark.parametrize("tab", ["Tab6", "Tab8"])
def test_totals_of_the_country_hold_the_lines(tmp_path, tab):
    book = workbook(month(MAY))
    row = book[tab][-1]
    place = 2
    said = int(row[place].replace("\u202f", ""))
    row[place] = number(said + 1)
    found = read(xlsx(tmp_path / "a.xlsx", book))
    assert [(finding.place.sheet, finding.column, finding.accept) for finding in found.stops] == [
        (tab, "capacity_operational", f"{tab}:{len(book[tab])}")
    ]
    assert read(tmp_path / "a.xlsx", accepted=[f"{tab}:{len(book[tab])}"]).stops == (), "if the ministry's own total is wrong"


def test_a_total_may_hold_masked_people_and_no_more(tmp_path):
    rows = month(MAY)
    people = total(rows, "detainees")
    for said, right in ((people, True), (people + 250, True), (people - 1, False), (people + 9_000, False)):
        book = workbook(rows)
        book["Tab6"][-1][3] = number(said)
        assert (read(xlsx(tmp_path / "a.xlsx", book)).stops == ()) is right, said


def test_tabs_of_two_months_are_refused(tmp_path):
    book = workbook(month(MAY))
    book["Tab20"][1] = ["Effectifs actualisés au 1er avril 2026"]
    found = read(xlsx(tmp_path / "a.xlsx", book))
    assert cases(found) == ["titles_disagree"]
    assert "2026-04-01 (Tab20)" in told(found)
    book = workbook(month(MAY))
    book["Tab20"][2] = ["Capacités actualisées au 1er avril 2026"]
    assert read(xlsx(tmp_path / "a.xlsx", book)).stops == (), "places may be of another day"


def test_a_day_that_the_titles_deny_is_refused(tmp_path):
    found = read(xlsx(tmp_path / "a.xlsx", workbook(month(MAY))), day=date(2026, 6, 1))
    assert cases(found) == ["title_says_other_day"]
    assert "met 2026-05-01 in its title, expected 2026-06-01, as --date says" in told(found)


def test_a_month_that_is_there_with_other_figures_is_refused(tmp_path):
    rows = changed(month(MAY), "MA PAU", "MA/QMA", detainees=250)
    file = xlsx(tmp_path / "a.xlsx", workbook(rows))
    (stop,) = read_new(file, TABLES).stops
    assert "met 2026-05-01, which the table has with other figures, expected a new month. To write it anew: --replace." in str(
        stop
    )
    assert read_new(file, TABLES, Asked(replacing=True)).stops == ()


def test_published_totals_of_the_command_line_hold_the_sums(tmp_path):
    file = text(tmp_path / "a.csv", own(month(MAY)))
    places, people = (total(month(MAY), column) for column in ("capacity_operational", "detainees"))
    assert read(file, published=Published(people + 200, places)).stops == (), "masked counts make a small gap"
    found = read(file, published=Published(people - 1, places + 1))
    assert [finding.column for finding in found.stops] == ["capacity_operational", "detainees"]
    assert f"expected the published {places + 1:,}. Look for the row, or mend --published-places." in told(found)


def test_many_masked_counts_are_asked(tmp_path):
    rows = [replace(row, detainees=None if at % 4 == 0 else row.detainees) for at, row in enumerate(month(MAY))]
    assert {"many_masked", "total_jump"} <= set(cases(read(text(tmp_path / "a.csv", own(rows)))))


# --- lines -----------------------------------------------------------------------------------------------------------


def line(at, **cells):
    """A table of our own columns with other text in one line."""
    table = own(month(MAY))
    for name, value in cells.items():
        table[at - 1][COLUMNS.index(name)] = value
    return table


WRONG = {
    "kind": (line(6, quarter_type="CD/QCDD"), "bad.csv:6: quarter_type: met 'CD/QCDD', expected one of CD/QCD,"),
    "near kind": (line(6, quarter_type="MA/QNA"), "Did you mean 'MA/QMA'?"),
    "interregion": (line(2, interregion="Rouen"), "bad.csv:2: interregion: met 'Rouen', expected one of Bordeaux,"),
    "name": (line(2, establishment=""), "bad.csv:2: establishment: met an empty cell"),
    "identifier": (line(2, establishment_id="12A"), "establishment_id: met '12A', expected the ministry's number"),
    "day": (line(3, date="mai"), "bad.csv:3: date: met 'mai', expected a day as 2026-04-01"),
    "masked places": (line(4, capacity_operational="NC"), "capacity_operational: met 'NC', expected a whole number."),
    "half a place": (line(4, capacity_operational="12.5"), "met '12.5', expected a whole number"),
    "negative": (line(4, detainees="-3"), "bad.csv:4: detainees: met -3, expected 0 or more"),
    "twice": ([*own(month(MAY)), own(month(MAY))[1]], "2 times (lines 2, 278), expected each quarter once"),
    "two months": (line(9, date="2026-06-01"), "met 2 dates, 2026-05-01, 2026-06-01, expected one month."),
    "off the map": (line(2, latitude="145.2"), "latitude: met '145.2', expected degrees from −90 to 90"),
    "a cell more": ([[*row, "x"] if at == 3 else row for at, row in enumerate(own(month(MAY)))], "bad.csv:4: met 1 too many"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_bad_line_is_told_by_row_and_column(tmp_path, name):
    table, words = WRONG[name]
    found = read(text(tmp_path / "bad.csv", table))
    assert words in told(found)
    assert len(found.stops) == 1, "one mistake is told once"


def test_a_mistake_that_every_line_makes_is_told_once(tmp_path):
    table = own(month(MAY))
    for at, row in enumerate(table[1:]):
        row[COLUMNS.index("detainees")] = f"env. {at}"
    found = read(text(tmp_path / "bad.csv", table))
    assert len(found.stops) == 1
    assert "The same in 275 other rows." in told(found)


def test_all_problems_are_told_at_once(tmp_path):
    table = line(4, quarter_type="?")
    table[7][COLUMNS.index("detainees")] = "x"
    table[8][COLUMNS.index("interregion")] = ""
    found = read(text(tmp_path / "bad.csv", table))
    assert [(finding.place.row, finding.column) for finding in found.stops] == [
        (4, "quarter_type"), (8, "detainees"), (9, "interregion"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (COLUMNS[:-1], "bad.csv:1: detainees: met no such column"),
        (COLUMNS[1:], "bad.csv: date: met no date, expected a column of dates, or a title as"),
        ((*COLUMNS[:-1], "detaines"), "Did you mean 'detainees'?"),
        ((*COLUMNS, "city"), "bad.csv:1: city: met the column 2 times"),
    ],
)
def test_a_bad_head_is_told(tmp_path, head, words):
    rows = [[*row, ""][: len(head)] for row in own(month(MAY))[1:]]
    if head[0] != "date":
        rows = [row[1:] for row in own(month(MAY))[1:]]
    found = read(text(tmp_path / "bad.csv", [list(head), *rows]))
    assert words in told(found)
    assert found.rows == ()


def test_sums_are_those_of_the_packaged_note():
    assert sums(month(MAY))[1:] == ["63\u202f162", "88\u202f333"]
