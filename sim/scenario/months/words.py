"""What is said of each case, one function a case: what was met, what was expected, the way out.

Nothing else in this package holds a sentence for a reader, so that this module can be put into another language whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import suggestion
from sim.scenario.months.findings import Finding, Place
from sim.scenario.months.table import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sim.scenario.months.table import Row

_LISTED = 6


def _list(names: Sequence[str]) -> str:
    more = f" … (+{len(names) - _LISTED})" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more


def quarter(row: Row) -> str:
    """Name a quarter."""
    return f"{row.establishment} ({row.quarter_type}, {row.interregion})"


# --- the file as a whole ---------------------------------------------------------------------------------------------


def no_table(file: Place, sheets: Sequence[str]) -> Finding:
    """Say that no sheet has a line of column names."""
    met = f"sheets {_list(sheets)}, none with column names" if sheets else "no line of column names"
    expected = "Etablissement | Quartier | Capacité opérationnelle | Ecroués détenus in one line"
    return Finding("no_table", file, "", met, expected, "Is it the table by establishment?")


def old_layout(file: Place) -> Finding:
    """Say that it is a workbook of the years before 2019."""
    met = "a workbook of the layout of 2012 to 2018 (qMA, qCD)"
    expected = "the layout of today, with a column 'Quartier' and kinds as MA/QMA"
    way_out = f"Copy its lines under our column names: {', '.join(COLUMNS)}."
    return Finding("old_layout", file, "", met, expected, way_out)


def column_twice(place: Place, name: str, many: int) -> Finding:
    """Say that a column is there more than once."""
    return Finding("column_twice", place, name, f"the column {many} times", "it once", "Take the copies out.")


def column_unknown(place: Place, cell: str) -> Finding | None:
    """Say that a column looks like a misspelt one; None if it looks like none of ours, and is simply not read."""
    close = suggestion(cell.casefold(), COLUMNS)
    if not close:
        return None
    way_out = f"Take it out, or say which of ours it is: --column 'OURS={cell}'.{close}"
    return Finding("column_unknown", place, "", f"a column '{cell}'", f"one of {', '.join(COLUMNS)}", way_out)


def column_unread(place: Place, cell: str) -> str:
    """Tell of a column that is not read."""
    return f"{place}: the column '{cell}' is not read"


def sheet_unread(place: Place) -> str:
    """Tell of a sheet that is not read."""
    return f"{place}: no interregion and no kinds of quarter here; the sheet is not read"


def tab_of_no_region(place: Place) -> Finding:
    """Say that a tab has quarters but names no interregion."""
    return Finding("tab_of_no_region", place, "interregion", "a tab whose title names no interregion we know",
                   "'Direction interrégionale de …' above the column names", "Add it, or a column 'interregion'.")  # fmt: skip


def column_missing(place: Place, name: str) -> Finding:
    """Say that a column is not there."""
    way_out = f"If it has another name: --column '{name}=ITS NAME'."
    return Finding("column_missing", place, name, "no such column", "it among the column names", way_out)


def no_day(file: Place) -> Finding:
    """Say that nothing tells of which month the table is."""
    expected = "a column of dates, or a title as « Effectifs actualisés au 1er avril 2026 »"
    return Finding("no_day", file, "date", "no date", expected, "Say the day with --date.")


def date_twice(place: Place) -> Finding:
    """Say that the day is said twice."""
    return Finding("date_twice", place, "date", "a column of dates and --date", "one of the two", "Leave --date out.")


def titles_disagree(places: Sequence[tuple[date, Place]]) -> Finding:
    """Say that tabs are of different months."""
    met = ", ".join(f"{day.isoformat()} ({place.sheet or place})" for day, place in places[:4])
    return Finding("titles_disagree", places[1][1], "date", f"tabs of different days: {met}", "one month",
                   "Take the workbook anew from the ministry's page, or say the day with --date.")  # fmt: skip


def title_says_other_day(said: date, place: Place, asked: date) -> Finding:
    """Say that the titles are of another day than --date."""
    return Finding("title_says_other_day", place, "date", f"{said.isoformat()} in its title",
                   f"{asked.isoformat()}, as --date says", "Leave --date out, or hand over the month meant.")  # fmt: skip


def name_says_other_month(file: Place, said: str, day: str) -> str:
    """Tell that the file's name is of another month than its titles."""
    return f"{file}: its name says {said}, its titles {day}: the titles are followed"


def several_dates(file: Place, days: Sequence[str]) -> Finding:
    """Say that the table holds more than one month."""
    return Finding("several_dates", file, "date", f"{len(days)} dates, {_list(days)}", "one month", "Cut the file by month.")


def month_known(file: Place, day: str) -> Finding:
    """Say that the packaged tables have this month, with other figures."""
    return Finding("month_known", file, "date", f"{day}, which the table has with other figures", "a new month",
                   "To write it anew: --replace.")  # fmt: skip


# --- cells -----------------------------------------------------------------------------------------------------------


def too_many_cells(place: Place, cells: Sequence[str]) -> Finding:
    """Say that a line has cells beyond the last column."""
    met = f"{len(cells)} too many, the last '{cells[-1]}'"
    way_out = "A cell that holds the separator must be in quotation marks."
    return Finding("too_many_cells", place, "", met, "as many as there are columns", way_out)


def no_name(place: Place) -> Finding:
    """Say that a quarter has no establishment."""
    return Finding("no_name", place, "establishment", "an empty cell", "the name as published", "")


def unknown_kind(place: Place, met: str, known: Sequence[str]) -> Finding:
    """Say that a kind of quarter is not known."""
    way_out = suggestion(met, known).strip() or "A new kind also needs a line in sim/institutions/prisons.py."
    return Finding("unknown_kind", place, "quarter_type", f"'{met}'", f"one of {', '.join(known)}", way_out)


def unknown_region(place: Place, met: str, known: Sequence[str]) -> Finding:
    """Say that an interregion is not known."""
    return Finding("unknown_region", place, "interregion", f"'{met}'", f"one of {', '.join(known)}",
                   suggestion(met, known).strip())  # fmt: skip


def bad_identifier(place: Place, met: str) -> Finding:
    """Say that a number of an establishment is none."""
    expected = "the ministry's number, five to nine figures, or nothing"
    return Finding("bad_identifier", place, "establishment_id", f"'{met}'", expected, "")


def not_a_count(place: Place, column: str, met: str) -> Finding:
    """Say that a cell is no whole number."""
    way_out = "A masked count is NC or empty." if column == "detainees" else "Places are never masked."
    return Finding("not_a_count", place, column, f"'{met}'" if met else "an empty cell", "a whole number", way_out)


def negative(place: Place, column: str, met: int) -> Finding:
    """Say that a count is below zero."""
    return Finding("negative", place, column, f"{met:,}", "0 or more", "")


def bad_density(place: Place, met: str) -> Finding:
    """Say that a density cannot be read."""
    return Finding("bad_density", place, "density", f"'{met}'", "a number of percent, NC, -- or Inf", "")


def bad_day(place: Place, met: str) -> Finding:
    """Say that a cell is no day."""
    expected = "a day as 2026-04-01, 01/04/2026 or 1er avril 2026"
    return Finding("bad_day", place, "date", f"'{met}'" if met else "an empty cell", expected, "")


def not_the_first(place: Place, met: date) -> Finding:
    """Say that a day is not the first of a month."""
    swapped = " Was the month written before the day?" if met.month == 1 and met.day <= 12 else ""
    return Finding("not_the_first", place, "date", met.isoformat(), "the first of a month",
                   f"Counts are of the 1st at 0 h.{swapped}")  # fmt: skip


def bad_coordinate(place: Place, column: str, met: str, most: float) -> Finding:
    """Say that a latitude or longitude is none."""
    return Finding("bad_coordinate", place, column, f"'{met}'", f"degrees from −{most:g} to {most:g}",
                   "Take them from any map (WGS 84), or leave them empty.")  # fmt: skip


def no_coordinates(names: Sequence[str]) -> str:
    """Tell of new establishments that are on no map."""
    return f"no coordinates, so on no map: {_list(names)}. To give them: --at 'NAME=LATITUDE LONGITUDE'"


# --- quarters against each other and against totals ------------------------------------------------------------------


def quarter_twice(file: Place, name: str, kind: str, lines: Sequence[Place]) -> Finding:
    """Say that a quarter is there more than once."""
    where = ", ".join(place.token for place in lines)
    return Finding("quarter_twice", file, "establishment", f"'{name}', {kind}, {len(lines)} times (lines {where})",
                   "each quarter once", "Add its rows up, or take one out.")  # fmt: skip


def columns_exchanged(file: Place, one: str, other: str, why: str) -> Finding:
    """Say that two columns stand under each other's name."""
    return Finding("columns_exchanged", file, one, f"what looks like {other} ({why})", one,
                   f"Put the two names right, or say them: --column '{one}=…' --column '{other}=…'.")  # fmt: skip


def densities_of_another_table(file: Place, wrong: int, all_: int) -> Finding:
    """Say that the densities are not those of the places and people beside them."""
    return Finding("densities_of_another_table", file, "density", f"{wrong} of {all_} densities that are not people ÷ places",
                   "each within 0.1 point", "Are the columns those of one month? Take the workbook anew.")  # fmt: skip


def density_mismatch(place: Place, said: str, places: int, people: int) -> Finding:
    """Say that a line's density is not its people over its places."""
    computed = f"{100 * people / places:.1f} %".replace(".", ",") if places else "no density"
    exchanged = " Places and people look exchanged." if people and abs(100 * places / people - _number(said)) < 0.15 else ""
    return Finding("density_mismatch", place, "density", f"{said} beside {people:,} people and {places:,} places",
                   f"{computed}, which they make", f"Look at the line in the ministry's file.{exchanged}",
                   "contradiction", place.token)  # fmt: skip


def _number(text: str) -> float:
    plain = text.replace("%", "").replace(",", ".").strip()
    return float(plain) if plain.replace(".", "", 1).isdigit() else -1.0


def row_exchanged(place: Place, row: Row, before: Row) -> Finding:
    """Say that places and people of a line look exchanged, beside the month before."""
    was = f"{before.capacity_operational:,} places and {before.detainees or 0:,} people the month before"
    return Finding("row_exchanged", place, "capacity_operational",
                   f"{row.capacity_operational:,} places and {row.detainees or 0:,} people", f"about the {was}",
                   "Places and people look exchanged: look at the line.", "contradiction", place.token)  # fmt: skip


def total_mismatch(place: Place, scope: str, column: str, said: int, summed: int, masked: int) -> Finding:
    """Say that a published total is not the sum of its lines."""
    hidden = f" and {masked} masked" if masked and column == "detainees" else ""
    return Finding("total_mismatch", place, column, f"a total of {said:,} for {scope}", f"the {summed:,} of its lines{hidden}",
                   "A line is missing, doubled or changed: take the workbook anew, or find it.",
                   "contradiction", place.token)  # fmt: skip


def published_mismatch(file: Place, column: str, summed: int, said: int, option: str) -> Finding:
    """Say that the lines do not add up to the total given on the command line."""
    return Finding("published_mismatch", file, column, f"{summed:,} in all", f"the published {said:,}",
                   f"Look for the row, or mend {option}.")  # fmt: skip


# --- beside the month before -----------------------------------------------------------------------------------------


def regions_missing(file: Place, names: Sequence[str]) -> Finding:
    """Say that whole interregions are not there."""
    return Finding("regions_missing", file, "interregion", f"no line of {', '.join(names)}", "every interregion",
                   "The file is partial: hand over all of it, every tab.")  # fmt: skip


def partial(file: Place, missing: Sequence[str], met: int, before: int) -> Finding:
    """Say that many establishments are not there."""
    return Finding("partial", file, "establishment",
                   f"{met} establishments, without {len(missing)} of the {before} of the month before ({_list(missing)})",
                   "all of them", "The file is partial: hand over all of it.")  # fmt: skip


def lost(file: Place, name: str, rows: Sequence[Row], day: str, candidates: Collection[str]) -> Finding:
    """Say that an establishment of the month before is not there."""
    places, people = sum(row.capacity_operational for row in rows), sum(row.detainees or 0 for row in rows)
    many = "1 quarter" if len(rows) == 1 else f"{len(rows)} quarters"
    other = f" If it has another name now: --renamed '{name}=NEW NAME'." if not candidates else ""
    other = other or "".join(f" If it is now {new}: --renamed '{name}={new}'." for new in sorted(candidates))
    return Finding("lost", file, "establishment",
                   f"no {name} ({many}, {places:,} places and {people:,} people on {day})", "every prison of the month before",
                   f"A line or a page is missing: hand over the whole table.{other}", "contradiction", name)  # fmt: skip


def quarter_lost(file: Place, row: Row) -> Finding:
    """Say that one quarter of an establishment is not there any more."""
    return Finding("quarter_lost", file, "quarter_type",
                   f"no {row.quarter_type} at {row.establishment} ({row.capacity_operational:,} places and "
                   f"{row.detainees or 0:,} people on {row.date})", "every quarter of the month before",
                   "Is a line missing?", "contradiction", f"{row.establishment} {row.quarter_type}")  # fmt: skip


def quarters_closed(rows: Sequence[Row]) -> str:
    """Tell of quarters that held nobody and are not there any more."""
    return f"not there any more, and empty the month before: {_list([quarter(row) for row in rows])}"


def total_jump(file: Place, column: str, now: int, before: int, day: str, most: float) -> Finding:
    """Say that the country changes more than it ever does."""
    return Finding("total_jump", file, column, f"{now:,} in all", f"within {most:.0%} of the {before:,} of {day}",
                   "Is a kind of quarter missing, or counted twice? Are two columns exchanged?",
                   "contradiction", column)  # fmt: skip


def many_masked(file: Place, masked: int, all_: int, before: int) -> Finding:
    """Say that too many counts are masked."""
    return Finding("many_masked", file, "detainees", f"{masked} masked counts of {all_}",
                   f"a few, as the {before} of the month before", "Is the column complete?",
                   "contradiction", "masked")  # fmt: skip


def figure_jump(place: Place, column: str, row: Row, before: Row) -> Finding:
    """Ask whether a quarter has changed that much."""
    now, was = getattr(row, column), getattr(before, column)
    return Finding("figure_jump", place, column, f"a figure of {now:,} at {quarter(row)}",
                   f"about the {was:,} of {before.date}", "Works, an opening, a transfer?",
                   "surprise", place.token)  # fmt: skip


def same_again(file: Place, same: int, many: int, before: str) -> Finding:
    """Ask whether a month is the one before under another date."""
    return Finding("same_again", file, "detainees", f"the very figures of {before} in {same} quarters of {many}",
                   "people who come and go", "Is it the month before under another date?",
                   "surprise", "same_again")  # fmt: skip


def very_dense(place: Place, row: Row) -> Finding:
    """Ask whether a quarter is that full."""
    return Finding("very_dense", place, "detainees",
                   f"{row.detainees or 0:,} people for {row.capacity_operational:,} places at {quarter(row)}",
                   "three people a place at most", "Are two cells exchanged?", "surprise", place.token)  # fmt: skip


# --- national series -------------------------------------------------------------------------------------------------


def series_jump(place: Place, series: str, day: str, now: float, known: float) -> Finding:
    """Ask whether a published series was revised that much, or another column was taken for it."""
    return Finding("series_jump", place, series, f"a figure of {now:,.0f} for the day {day}",
                   f"about the {known:,.0f} read before for that day", "Is it the same series? Was it revised?",
                   "surprise", place.token)  # fmt: skip


def series_unread(place: Place, why: str) -> str:
    """Tell that the national series of a tab are not read."""
    return f"{place}: national series not read ({why})"


def series_apart(place: Place, said: int, summed: int, masked: int) -> Finding:
    """Say that the national series does not end on the table's own total."""
    hidden = f" and {masked} masked" if masked else ""
    return Finding("series_apart", place, "detainees", f"{said:,} détenus on the day of the table",
                   f"the {summed:,} of its lines{hidden}", "Are both of one month?", "contradiction", place.token)  # fmt: skip


# --- answers ---------------------------------------------------------------------------------------------------------


def answers_nothing(token: str, asked: Sequence[str]) -> str:
    """Say that an --accept answers no question that was put."""
    known = f"questions: {_list(asked)}" if asked else "there is no question to answer"
    return f"--accept: met '{token}', which answers nothing; {known}.{suggestion(token, asked)}"


def renamed_nothing(pair: str, why: str) -> str:
    """Say that a --renamed cannot be followed."""
    return f"--renamed: met '{pair}', {why}."
