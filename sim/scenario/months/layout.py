"""Where things are in a file: lines of quarters, totals to hold them against, the day of the count.

Two shapes are known. The ministry's monthly workbook has one tab an interregion (Tab14 to Tab23), with a title, a line of
column names, a line for each quarter, lines of totals and notes at the foot; Tab6 and Tab8 hold totals of the country. A
table of one's own has one line of column names, French or ours, and a line for each quarter.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.scenario.months import cells, words
from sim.scenario.months.findings import Finding, Place
from sim.scenario.months.table import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sim.scenario.months.sheets import Sheet

NEEDED = ("establishment", "quarter_type", "capacity_operational", "detainees")
"""Columns that every table must have; the day and the interregion may be said by a title instead."""
DENSITY = "density"

_HEADS = {
    "establishment": r"(nom (de l )?)?etablissements?( penitentiaires?)?|establishment",
    "quarter_type": r"(type (de |d )?)?quartiers?|quarter type|type d etablissement|nature( du quartier)?",
    "capacity_theoretical": r"capacite (norme( circulaire)?|theorique)|norme circulaire|places theoriques|capacity theoretical",
    "capacity_operational": r"((nombre de )?places|capacite)s? operationnelles?|capacity operational",
    "detainees": r"(nombre (de |d ))?(personnes )?(ecrouee?s )?detenue?s|effectifs?( ecroues)?( detenus)?|detainees",
    DENSITY: r"densite( carcerale)?|taux d occupation|density",
    "interregion": r"(direction )?interregion(ale)?|disp|region( penitentiaire)?|direction interregionale .*",
    "date": r"date|date du comptage|mois",
    "establishment_id": r"identifiant( .*)?|id|code etablissement|establishment id",
    "city": r"ville|commune|city",
    "latitude": r"latitude|lat",
    "longitude": r"longitude|lon|lng",
}
_FIGURES = frozenset({"quarter_type", "capacity_theoretical", "capacity_operational", "detainees"})
_OF_CONTROLS = re.compile(r"tab(leau)? ?0?[68]")
_TOTAL = re.compile(r"(sous )?total\b|ensemble\b")
_OF_REGION = re.compile(r"direction (interregionale|d outre mer)|(disp|dspom|mspom)\b|mission .*outre mer")
_NATIONAL = re.compile(r"(total( general)?|ensemble)( (france|national|du pays).*)?|france entiere|total france.*")
_METROPOLE = re.compile(r"(total |ensemble )?((france )?metropol(e|itaine)|hexagone)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a quarter, as text by column of ours (and ``density``)."""

    place: Place
    cells: Mapping[str, str]
    region: str | None
    """Interregion that the tab is of, None where a column says it."""
    spare: tuple[str, ...] = ()
    """Cells beyond the last column."""


@dataclass(frozen=True, slots=True)
class Control:
    """One published total: of a kind, of an interregion, of both, of the country."""

    place: Place
    label: str
    kind: str | None
    region: str | None
    metropole: bool
    figures: Mapping[str, str]
    """Text of ``capacity_theoretical, capacity_operational, detainees``."""

    @property
    def scope(self) -> str:
        """What it is the total of, in words."""
        where = self.region or ("métropole" if self.metropole else "France")
        return f"{where}, {self.kind}" if self.kind else where


@dataclass
class Layout:
    """What was found in a file."""

    lines: list[Line] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    days: dict[date, Place] = field(default_factory=dict)
    """Days of the count that titles name, and where."""
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dated: bool = False
    """Whether there is a column of dates."""


class _Finder:
    """Goes through the sheets of one file."""

    def __init__(
        self,
        file: str,
        names: Mapping[str, str],
        *,
        dated: bool,
        several: bool,
        regions: Sequence[str],
        kinds: Sequence[str],
    ) -> None:
        self.file, self.regions, self.kinds, self.several = file, regions, kinds, several
        self.ours = {cells.plain(theirs): mine for mine, theirs in names.items()}
        self.said = dated
        self.found = Layout()
        self.elsewhere: dict[date, Place] = {}
        """Days in titles of sheets without quarters: followed where the others name none."""

    def columns(self, row: Sequence[str]) -> list[str]:
        """Our name of each column of a line, empty for those we have none for."""
        return [self.ours.get(cells.plain(cell)) or column_of(cell) for cell in row]

    def sheet(self, sheet: Sheet) -> bool:
        """Read one sheet; False if it has no line of column names."""
        title, region, columns = list[str](), None, list[str]()
        days: dict[date, Place] = {}
        for number, row in sheet.rows:
            met = self.columns(row)
            if "establishment" in met and len(_FIGURES & set(met)) >= 2:
                region = region or self.region(title, sheet.name)
                if region is None and "interregion" not in met and self.several and "quarter_type" not in met:
                    self.found.notes.append(words.sheet_unread(Place(self.file, sheet.name, number)))
                    return False
                if not columns or met != columns:
                    self.header(Place(self.file, sheet.name, number), row, met, region)
                columns = met
            elif not columns:
                title.append(" ".join(filter(None, row)))
                _keep_day(days, title[-1], Place(self.file, sheet.name, number))
            elif (above := self.title(row)) is not None:
                region = above  # tabs put one under the other
            else:
                self.line(Place(self.file, sheet.name, number), row, columns, region)
        for found, place in days.items():
            (self.found.days if columns else self.elsewhere).setdefault(found, place)
        return bool(columns)

    def title(self, row: Sequence[str]) -> str | None:
        """Interregion of a title between lines, None if it is no title."""
        told = [cell for cell in row if cell]
        return cells.region(told[0], self.regions) if len(told) == 1 and cells.plain(told[0]).startswith("tab") else None

    def region(self, title: Sequence[str], name: str) -> str | None:
        for text in (*title, name):
            if (found := cells.region(text, self.regions)) is not None:
                return found
        return None

    def header(self, place: Place, row: Sequence[str], met: list[str], region: str | None) -> None:
        """Say what is wrong with a line of column names."""
        found = self.found.findings
        found += [words.column_twice(place, name, many) for name, many in Counter(filter(None, met)).items() if many > 1]
        for cell, name in zip(row, met, strict=True):
            if cell and not name:
                finding = words.column_unknown(place, cell)
                if finding is not None:
                    found.append(finding)
                else:
                    self.found.notes.append(words.column_unread(place, cell))
        found += [words.column_missing(place, name) for name in NEEDED if name not in met]
        if "interregion" not in met and region is None:
            found.append(words.tab_of_no_region(place) if self.several else words.column_missing(place, "interregion"))
        self.found.dated |= "date" in met
        if "date" in met and self.said:
            found.append(words.date_twice(place))

    def line(self, place: Place, row: Sequence[str], columns: Sequence[str], region: str | None) -> None:
        """Take a line under the column names: a quarter, a total, a note."""
        text = {name: row[at] if at < len(row) else "" for at, name in enumerate(columns) if name}
        last = max(at for at, name in enumerate(columns) if name) + 1
        label = cells.plain(text.get("establishment", ""))
        figures = [name for name in ("capacity_theoretical", "capacity_operational", "detainees") if text.get(name)]
        if not figures and len([cell for cell in row if cell]) == 1:
            return  # a note at the foot
        if (_TOTAL.match(label) or _OF_REGION.match(label)) and figures:
            self.control(place, text, region)
            return
        if not label and region is not None and text.get("quarter_type") and self.found.lines:
            # An establishment's name written once over its quarters, as merged cells are.
            text["establishment"] = self.found.lines[-1].cells["establishment"]
        self.found.lines.append(Line(place, text, region, tuple(filter(None, row[last:]))))

    def control(self, place: Place, text: Mapping[str, str], region: str | None) -> None:
        """Keep a total of a tab by interregion, or one that somebody left in a table of their own."""
        label = text["establishment"]
        kind = cells.kind(text.get("quarter_type", ""), self.kinds)
        kind = kind or cells.kind(re.sub(r"(?i)^\s*(sous-)?total\s*", "", label), self.kinds)
        where = region or cells.region(text.get("interregion", ""), self.regions) or cells.region(label, self.regions)
        if where is None and (kind is not None or _OF_REGION.match(cells.plain(label))) and self.found.lines:
            before = self.found.lines[-1]
            where = before.region or cells.region(before.cells.get("interregion", ""), self.regions)
        self.found.controls.append(Control(place, label, kind, where, False, _figures(text)))

    def totals(self, sheet: Sheet) -> None:
        """Keep the totals of Tab6 or Tab8: lines whose first cell names a kind, an interregion or the country."""
        columns = list[str]()
        for number, row in sheet.rows:
            met = self.columns(row)
            if {"capacity_operational", "detainees"} & set(met[1:]):
                columns = ["label", *met[1:]]
                continue
            place = Place(self.file, sheet.name, number)
            if not columns:
                continue
            text = {name: row[at] if at < len(row) else "" for at, name in enumerate(columns) if name}
            label, figures = text["label"], _figures(text)
            region, kind = cells.region(label, self.regions), cells.kind(label, self.kinds)
            national, metropole = _NATIONAL.fullmatch(cells.plain(label)), _METROPOLE.fullmatch(cells.plain(label))
            if any(figures.values()) and (region or kind or national or metropole):
                self.found.controls.append(Control(place, label, kind, region, bool(metropole), figures))


def _keep_day(days: dict[date, Place], text: str, place: Place) -> None:
    """Keep the day of the count that a title names; the capacities may be of another."""
    if "capacite" not in cells.plain(text) and (found := cells.day_within(text)) is not None:
        days.setdefault(found, place)


def _figures(text: Mapping[str, str]) -> dict[str, str]:
    return {name: text.get(name, "") for name in ("capacity_theoretical", "capacity_operational", "detainees")}


def column_of(cell: str) -> str:
    """Return our name of a column, from its name in French or ours; empty if it is none of ours."""
    text = re.sub(r"( \d+)+$", "", cells.plain(cell))  # the number of a note
    return next((name for name, form in _HEADS.items() if re.fullmatch(form, text)), "")


def find(
    file: str,
    sheets: Sequence[Sheet],
    names: Mapping[str, str],
    *,
    dated: bool,
    regions: Sequence[str],
    kinds: Sequence[str],
) -> Layout:
    """Find lines, totals and the day in the sheets of a file.

    Parameters
    ----------
    names
        Names of its columns that differ from those known: ours → theirs.
    dated
        Whether the day is said elsewhere (``--date``).
    regions, kinds
        Those of the packaged table.
    """
    finder = _Finder(file, names, dated=dated, several=len(sheets) > 1, regions=regions, kinds=kinds)
    tables = 0
    for sheet in sheets:
        if _OF_CONTROLS.fullmatch(cells.plain(sheet.name)):
            finder.totals(sheet)
        elif finder.sheet(sheet):
            tables += 1
    if tables:
        if not finder.found.days and len(finder.elsewhere) == 1:
            finder.found.days = finder.elsewhere
        return finder.found
    place = Place(file, sheets[0].name, sheets[0].rows[0][0])
    if any(cell in {"qMA", "qCD"} for sheet in sheets for _, row in sheet.rows for cell in row):
        return Layout(findings=[words.old_layout(Place(file))])
    if len(sheets) > 1:
        return Layout(findings=[words.no_table(Place(file), [sheet.name for sheet in sheets])])
    finder.header(place, sheets[0].rows[0][1], finder.columns(sheets[0].rows[0][1]), None)
    finder.found.findings = finder.found.findings or [words.no_table(Place(file), [])]
    return finder.found


assert set(COLUMNS) | {DENSITY} == set(_HEADS)
