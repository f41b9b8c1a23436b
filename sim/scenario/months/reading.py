"""A new month of the ministry's table by establishment: looked at row by row, and against all that it can be held to.

Nothing is written before everything has been looked at, and all that is wrong is told at once.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.errors import RequestError
from sim.scenario.months import cells, checks, series, words
from sim.scenario.months.findings import Finding, Place, split, told_once
from sim.scenario.months.identity import Known, follow_names, spelling
from sim.scenario.months.layout import DENSITY, Layout, Line, find
from sim.scenario.months.sheets import read_sheets
from sim.scenario.months.table import Row, same_figures, total

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from sim.scenario.months.checks import Met
    from sim.scenario.months.layout import Control
    from sim.scenario.months.series import Value
    from sim.scenario.months.table import Tables


_NAMED = (
    (r"(?<!\d)(01)(\d{2})(\d{4})(?!\d)", "{2}-{1}-{0}"),
    (r"(?<!\d)(\d{4})[-_]?(\d{2})[-_]?(01)(?!\d)", "{0}-{1}-{2}"),
)
"""Days in a file's name, and their order in it."""


@dataclass(frozen=True)
class Published:
    """National totals of the publication, against which sums are held; None where they are not known."""

    detainees: int | None = None
    capacity_operational: int | None = None


@dataclass(frozen=True)
class Asked:
    """What the command line says of a file, beside its path."""

    day: date | None = None
    """Day of the count, for a table that does not say it."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of its columns that differ from those known: ours → theirs."""
    published: Published = field(default_factory=Published)
    replacing: bool = False
    """Whether a month that is already there may be written again."""
    accepted: Collection[str] = ()
    """Surprises and contradictions that are true: the tokens their messages name."""
    renamed: Sequence[str] = ()
    """Establishments under a new name: ``OLD=NEW``."""
    positions: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Latitude and longitude of new establishments, by name."""


@dataclass(frozen=True)
class Read:
    """A new month, read."""

    rows: tuple[Row, ...] = ()
    stops: tuple[Finding, ...] = ()
    """Mistakes, and contradictions that nobody accepted: the month is refused."""
    questions: tuple[Finding, ...] = ()
    """Surprises that nobody accepted: the month is shown, and not written."""
    notes: tuple[str, ...] = ()
    published: Published = field(default_factory=Published)
    """National totals that the file or the command line gives."""
    series: tuple[Value, ...] = ()
    """National series that the file gives."""
    held: int = 0
    """Published totals that its lines were held against."""
    same: bool = False
    """Whether the packaged tables have this month already, with these figures."""


def read_new(path: Path, tables: Tables, asked: Asked | None = None) -> Read:
    """Read a new month and say all that is wrong with it.

    Raises
    ------
    DataError
        If the file is no table at all.
    RequestError
        If something asked for cannot be done: a name that is not known, an answer to no question.
    """
    asked = asked or Asked()
    kinds = tables.known(lambda row: row.quarter_type)
    regions = tables.known(lambda row: row.region)
    sheets = read_sheets(path)
    layout = find(path.name, sheets, asked.names, dated=asked.day is not None, regions=regions, kinds=kinds)
    if layout.findings:
        return Read(stops=tuple(told_once(layout.findings)), notes=tuple(layout.notes))
    file, notes = Place(path.name), list(layout.notes)
    day, findings = (None, list[Finding]()) if layout.dated else _day(file, layout, asked, notes)
    if findings:
        return Read(stops=tuple(findings), notes=tuple(notes))
    known = Known(tables)
    known.learn(asked.renamed)
    reader = _Reader(known, kinds, regions, day, asked.positions)
    lines = [met for line in layout.lines if (met := reader.line(line)) is not None]
    findings = told_once(reader.findings) + _whole(file, lines, tables, asked)
    if findings or not lines:
        return Read(stops=tuple(findings or [words.no_table(file, [])]), notes=tuple(notes))
    last = tables.before(lines[0].row.date)
    rows, candidates = follow_names([met.row for met in lines], known, last)
    lines = [met._replace(row=row) for met, row in zip(lines, rows, strict=True)]
    values = series.read(path.name, sheets, notes)
    return _checked(file, lines, last, tables, asked, _Beside(layout.controls, candidates, values, notes))


@dataclass
class _Beside:
    """What a file says beside its lines."""

    controls: Sequence[Control]
    candidates: Mapping[str, Sequence[str]]
    values: Sequence[Value]
    notes: list[str]


def _day(file: Place, layout: Layout, asked: Asked, notes: list[str]) -> tuple[date | None, list[Finding]]:
    """Day of a table without a column of dates: said on the command line, by its titles, else by its name."""
    named = day_of_name(file.file)
    if asked.day is not None:
        if len(layout.days) == 1 and asked.day not in layout.days:
            return None, [words.title_says_other_day(*next(iter(layout.days.items())), asked.day)]
        return asked.day, []
    if len(layout.days) > 1:
        return None, [words.titles_disagree(list(layout.days.items()))]
    if not layout.days:
        return (named, []) if named is not None else (None, [words.no_day(file)])
    day, place = next(iter(layout.days.items()))
    if day.day != 1:
        return None, [words.not_the_first(place, day)]
    if named is not None and named != day:
        notes.append(words.name_says_other_month(file, named.isoformat(), day.isoformat()))
    return day, []


def day_of_name(name: str) -> date | None:
    """Day in a file's name, ``…_01032026.xlsx`` or ``…2026-03-01.csv``; None if there is none."""
    for form, order in _NAMED:
        if met := re.search(form, name):
            try:
                return cells.day(order.format(*met.groups()))
            except ValueError:
                continue
    return None


def _whole(file: Place, lines: Sequence[Met], tables: Tables, asked: Asked) -> list[Finding]:
    """Say what is wrong with the table as a whole, whatever the month before was."""
    days = sorted({met.row.date for met in lines})
    if len(days) > 1:
        return [words.several_dates(file, days)]
    where = defaultdict(list)
    for met in lines:
        where[met.row.establishment, met.row.quarter_type].append(met.place)
    findings = [words.quarter_twice(file, *key, places) for key, places in where.items() if len(places) > 1]
    there = tables.months.get(days[0]) if days else None
    if there is not None and not findings and not asked.replacing and not same_figures(there, [met.row for met in lines]):
        findings.append(words.month_known(file, days[0]))
    return findings


def _checked(file: Place, lines: Sequence[Met], last: Sequence[Row], tables: Tables, asked: Asked, beside: _Beside) -> Read:
    """Hold a month that can be read against its own densities and totals, those published, and the month before."""
    rows = [met.row for met in lines]
    day = rows[0].date
    same = same_figures(tables.months.get(day, ()), rows)
    findings = checks.densities(file, lines)
    wrong, held = checks.totals(beside.controls, rows)
    findings += wrong
    national = {column: figure for control in held if control.kind is control.region is None and not control.metropole
                for column, text in control.figures.items() if (figure := _count(text)) is not None}  # fmt: skip
    by_region = [control for control in held if control.region is not None and control.kind is None]
    for column in ("detainees", "capacity_operational"):
        # Tab8 gives the interregions: their sum is the country's.
        parts = {control.region: _count(control.figures[column]) for control in by_region}
        if column not in national and len(parts) == len({row.interregion for row in rows}) and None not in parts.values():
            national[column] = sum(part or 0 for part in parts.values())
    findings += _published(file, rows, asked.published)
    values, said = series.compared(beside.values, tables, day, rows)
    findings += said
    if not same:
        told, noted = checks.against(file, lines, last, beside.candidates)
        findings += told
        beside.notes += noted
    bare = [row.establishment for row in rows if row.latitude == "" or row.longitude == ""]
    if bare:
        beside.notes.append(words.no_coordinates(sorted(set(bare))))
    tokens = [finding.accept for finding in findings if finding.accept]
    for token in asked.accepted:
        if token not in tokens:
            raise RequestError(words.answers_nothing(token, tokens))
    stops, questions = split(findings, asked.accepted)
    published = Published(
        asked.published.detainees if asked.published.detainees is not None else national.get("detainees"),
        asked.published.capacity_operational
        if asked.published.capacity_operational is not None
        else national.get("capacity_operational"),
    )
    return Read(tuple(rows), tuple(stops), tuple(questions), tuple(beside.notes), published, values, len(held), same)


def _count(text: str) -> int | None:
    try:
        return cells.count(text)
    except ValueError:
        return None


def _published(file: Place, rows: Sequence[Row], published: Published) -> list[Finding]:
    """Hold the sums against totals given on the command line; masked counts may leave a sum up to 2 % below."""
    masked = sum(row.detainees is None for row in rows)
    findings = []
    for column, option in (("capacity_operational", "--published-places"), ("detainees", "--published-detainees")):
        said, summed = getattr(published, column), total(rows, column)
        short = said is not None and column == "detainees" and masked > 0 and 0 < said - summed <= 0.02 * said
        if said is not None and summed != said and not short:
            findings.append(words.published_mismatch(file, column, summed, said, option))
    return findings


class _Reader:
    """Lines of one file made rows, and what is wrong with them."""

    def __init__(
        self,
        known: Known,
        kinds: Sequence[str],
        regions: Sequence[str],
        day: date | None,
        positions: Mapping[str, tuple[float, float]],
    ) -> None:
        self.known, self.kinds, self.regions, self.said = known, kinds, regions, day
        self.positions = {cells.name_key(name): position for name, position in positions.items()}
        self.findings: list[Finding] = []

    def line(self, line: Line) -> Met | None:
        """Read one line; None, with findings, if something in it is wrong."""
        before, place, text = len(self.findings), line.place, line.cells
        if line.spare:
            self.findings.append(words.too_many_cells(place, line.spare))
            return None
        day = self.day(place, text)
        name, identity = text["establishment"], text.get("establishment_id", "")
        if not name:
            self.findings.append(words.no_name(place))
        if identity and not (identity.isascii() and identity.isdigit() and 5 <= len(identity) <= 9):
            self.findings.append(words.bad_identifier(place, identity))
        kind = cells.kind(text["quarter_type"], self.kinds)
        if kind is None:
            self.findings.append(words.unknown_kind(place, text["quarter_type"], self.kinds))
        region = line.region or cells.region(text.get("interregion", ""), self.regions)
        if region is None:
            self.findings.append(words.unknown_region(place, text.get("interregion", ""), self.regions))
        where = self.known.find(identity, name)
        places = self.count(place, "capacity_operational", text["capacity_operational"])
        people = self.count(place, "detainees", text["detainees"], masks=True)
        norm = text.get("capacity_theoretical", "")
        planned = self.count(place, "capacity_theoretical", norm) if norm else None
        position = self.position(place, text, where, name)
        density = text.get(DENSITY, "")
        try:
            cells.density(density)
        except ValueError:
            self.findings.append(words.bad_density(place, density))
        if len(self.findings) > before or places is None or kind is None or region is None:
            return None
        identity = identity or (where.establishment_id if where else "")
        last = self.known.quarter.get((identity or (where.site if where else name), kind))
        if planned is None:
            planned = last.capacity_theoretical if last is not None else places
        row = Row(
            date=day, establishment_id=identity, establishment=spelling(name, where), quarter_type=kind, interregion=region,
            city=text.get("city") or (where.city if where else ""), latitude=position[0], longitude=position[1],
            capacity_theoretical=planned, capacity_operational=places, detainees=people,
        )  # fmt: skip
        return checks.Met(row, place, density)

    def day(self, place: Place, text: Mapping[str, str]) -> str:
        if "date" not in text:
            return self.said.isoformat() if self.said is not None else ""
        try:
            day = cells.day(text["date"])
        except ValueError:
            self.findings.append(words.bad_day(place, text["date"]))
            return ""
        if day.day != 1:
            self.findings.append(words.not_the_first(place, day))
        return day.isoformat()

    def count(self, place: Place, column: str, text: str, *, masks: bool = False) -> int | None:
        try:
            count = cells.count(text)
        except ValueError:
            self.findings.append(words.not_a_count(place, column, text))
            return None
        if count is None and not masks:
            self.findings.append(words.not_a_count(place, column, text))
        elif count is not None and count < 0:
            self.findings.append(words.negative(place, column, count))
        return count

    def position(self, place: Place, text: Mapping[str, str], where: Row | None, name: str) -> tuple[str, str]:
        """Latitude and longitude: those given, else those known, else none."""
        told = self.positions.get(cells.name_key(name))
        found = []
        for at, (column, most) in enumerate((("latitude", 90.0), ("longitude", 180.0))):
            met = text.get(column, "") or (str(told[at]) if told else "")
            if not met:
                found.append(str(getattr(where, column)) if where is not None else "")
                continue
            try:
                value = float(met.replace(",", "."))
            except ValueError:
                value = math.nan
            if not -most <= value <= most:
                self.findings.append(words.bad_coordinate(place, column, met, most))
            found.append(str(round(value, 4)))
        return found[0], found[1]
