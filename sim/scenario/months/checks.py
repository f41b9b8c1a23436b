"""What a month must satisfy: densities, totals, places by interregion, and the month before.

Bounds are relative to the month before, never to the months at hand when this was written, and each has its answer: a
figure can be true and surprising. What contradicts the file itself, or leaves a prison out, stops it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sim.scenario.months import cells, words
from sim.scenario.months.table import total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.scenario.months.findings import Finding, Place
    from sim.scenario.months.layout import Control
    from sim.scenario.months.table import Row

ROUNDING = 0.1 + 1e-6
"""Points by which a published density may differ from people over places."""
_MANY, _MANY_SHARE = 5, 0.1
"""Lines beyond which a mistake is one of the table, not of its lines."""
_MONTHLY, _JUMP_AT_MOST = 0.03, 0.15
"""Share by which the country's places and people change in a month (1.5 % at most from 2025 to 2026), and in any time."""
_ROW_SHARE, _ROW_PEOPLE = 1 / 3, 30
"""Share and number by which a quarter's figure changes before it is asked (1 to 3 quarters a month in 2026)."""
_DENSE, _SMALL = 3.0, 20
_AGAIN = 0.5
"""Share of the quarters beyond which the same people as before are another date on the same month (a tenth at most in 2026)."""
_PARTIAL = 8
"""Establishments gone at once beyond which the file is a part of the table."""


class Met(NamedTuple):
    """One line that was read, and where."""

    row: Row
    place: Place
    density: str
    """As published; empty without such a column."""


def _density(met: Met, people: int, places: int) -> bool | None:
    """Whether the published density is that of so many people and places; None if there is nothing to compare."""
    said = cells.density(met.density)
    if said is None or places == 0 or said == float("inf"):
        return None
    exact = 100 * people / places
    # A workbook may keep a percent as a ratio: 2.056 shown as 205,6 %.
    near = [abs(said - exact)] if "%" in met.density else [abs(said - exact), abs(100 * said - exact)]
    return min(near) <= ROUNDING


def densities(file: Place, lines: Sequence[Met]) -> list[Finding]:
    """Hold each line's density against its people and places."""
    known = [(met, met.row.detainees) for met in lines if met.row.detainees is not None]
    told = [(met, people, _density(met, people, met.row.capacity_operational)) for met, people in known]
    said = [(met, people) for met, people, right in told if right is not None]
    wrong = [(met, people) for met, people, right in told if right is False]
    if len(wrong) > max(_MANY, _MANY_SHARE * len(said)):
        norm = sum(_density(met, people, met.row.capacity_theoretical) is True for met, people in wrong)
        turned = sum(_density(met, met.row.capacity_operational, people) is True for met, people in wrong)
        why = f"{len(wrong)} of {len(said)} densities say so"
        if norm > len(wrong) / 2:
            return [words.columns_exchanged(file, "capacity_operational", "capacity_theoretical", why)]
        if turned > len(wrong) / 2:
            return [words.columns_exchanged(file, "detainees", "capacity_operational", why)]
        return [words.densities_of_another_table(file, len(wrong), len(said))]
    return [words.density_mismatch(met.place, met.density, met.row.capacity_operational, people) for met, people in wrong]


def totals(controls: Sequence[Control], rows: Sequence[Row]) -> tuple[list[Finding], list[Control]]:
    """Hold published totals against the sums of their lines; a sum with masked counts may stay below.

    Returns
    -------
    findings
        One for each figure that does not hold.
    held
        Totals that were compared.
    """
    findings, held = [], []
    for control in controls:
        scope = [
            row
            for row in rows
            if control.kind in {None, row.quarter_type}
            and control.region in {None, row.region}
            and not (control.metropole and row.region == "Mom")
        ]
        masked = [row for row in scope if row.detainees is None]
        for column, text in control.figures.items():
            try:
                said = cells.count(text)
            except ValueError:
                continue
            if said is None:
                continue
            held.append(control)
            summed = total(scope, column)
            room = sum(max(_SMALL, 3 * row.capacity_operational) for row in masked) if column == "detainees" else 0
            if not 0 <= said - summed <= room:
                findings.append(words.total_mismatch(control.place, control.scope, column, said, summed, len(masked)))
    return findings, held


def _months(day: str, before: str) -> int:
    one, other = date.fromisoformat(day), date.fromisoformat(before)
    return max(1, abs(12 * (one.year - other.year) + one.month - other.month))


def against(
    file: Place, lines: Sequence[Met], last: Sequence[Row], candidates: Mapping[str, Sequence[str]]
) -> tuple[list[Finding], list[str]]:
    """Hold a month against the one before: what is lost, what changes more than it does in so many months.

    Returns
    -------
    findings
    notes
        What is told and asks for nothing.
    """
    rows = [met.row for met in lines]
    gone, notes = _lost(file, rows, last, candidates)
    if any(finding.weight == "mistake" for finding in gone):
        return gone, notes
    exchanged = _exchanged_places(file, rows, last)
    if exchanged:
        return exchanged, notes
    return [*gone, *_sums(file, rows, last), *_lines(lines, last)], notes


def _lost(
    file: Place, rows: Sequence[Row], last: Sequence[Row], candidates: Mapping[str, Sequence[str]]
) -> tuple[list[Finding], list[str]]:
    missing = sorted({row.region for row in last} - {row.region for row in rows})
    if missing:
        return [words.regions_missing(file, missing)], []
    here, keys = {row.site for row in rows}, {row.key for row in rows}
    gone = defaultdict(list)
    for row in last:
        if row.key not in keys:
            gone[row.site].append(row)
    empty = [row for quarters in gone.values() for row in quarters if row.capacity_operational == 0 and not row.detainees]
    notes = [words.quarters_closed(empty)] if empty else []
    lost = {site: quarters for site, quarters in gone.items() if any(row not in empty for row in quarters)}
    whole = [site for site in lost if site not in here]
    if len(whole) > _PARTIAL:
        names = [lost[site][0].establishment for site in whole]
        return [words.partial(file, names, len(here), len({row.site for row in last}))], notes
    findings = []
    for site, quarters in lost.items():
        if site in whole:
            name = quarters[0].establishment
            findings.append(words.lost(file, name, quarters, quarters[0].date, candidates.get(site, ())))
        else:
            findings += [words.quarter_lost(file, row) for row in quarters if row not in empty]
    return findings, notes


def _exchanged_places(file: Place, rows: Sequence[Row], last: Sequence[Row]) -> list[Finding]:
    """Say that norm and operational places stand under each other's name, if most lines that tell them apart say so."""
    before = {row.key: row for row in last}
    pairs = [(row, before[row.key]) for row in rows if row.key in before]
    told = [(now, was) for now, was in pairs if was.capacity_operational != was.capacity_theoretical]
    turned = [
        (now, was)
        for now, was in told
        if (now.capacity_operational, now.capacity_theoretical) == (was.capacity_theoretical, was.capacity_operational)
    ]
    if len(turned) > max(_MANY, len(told) / 2):
        why = f"{len(turned)} lines of {len(told)} have the two of the month before, exchanged"
        return [words.columns_exchanged(file, "capacity_operational", "capacity_theoretical", why)]
    return []


def _sums(file: Place, rows: Sequence[Row], last: Sequence[Row]) -> list[Finding]:
    findings = []
    most = min(_JUMP_AT_MOST, _MONTHLY * _months(rows[0].date, last[0].date))
    for column in ("capacity_operational", "detainees"):
        now, before = total(rows, column), total(last, column)
        if abs(now - before) > most * before:
            findings.append(words.total_jump(file, column, now, before, last[0].date, most))
    known = {row.key: row for row in last}
    pairs = [(row, known[row.key]) for row in rows if row.key in known and row.detainees]
    again = sum(row.detainees == was.detainees for row, was in pairs)
    if rows[0].date != last[0].date and again > max(_SMALL, _AGAIN * len(pairs)):
        findings.append(words.same_again(file, again, len(pairs), last[0].date))
    masked, was = (sum(row.detainees is None for row in side) for side in (rows, last))
    if masked > max(25, 3 * was):
        findings.append(words.many_masked(file, masked, len(rows), was))
    return findings


def _lines(lines: Sequence[Met], last: Sequence[Row]) -> list[Finding]:
    """Ask about quarters that changed much, or are very full."""
    before, findings = {row.key: row for row in last}, []
    months = _months(lines[0].row.date, last[0].date)
    for met in lines:
        row, was = met.row, before.get(met.row.key)
        if was is not None and _turned(row, was):
            findings.append(words.row_exchanged(met.place, row, was))
            continue
        for column in ("capacity_operational", "detainees") if was is not None else ():
            new, old = getattr(row, column), getattr(was, column)
            if None not in {new, old} and _jumps(new, old, months):
                findings.append(words.figure_jump(met.place, column, row, was))  # type: ignore[arg-type]
        dense = _fullness(row)
        if dense > _DENSE and (was is None or dense > 4 / 3 * _fullness(was)):
            findings.append(words.very_dense(met.place, row))
    return findings


def _jumps(new: int, old: int, months: int) -> bool:
    """Whether a figure changes by more than a third (more in more months), and by more than thirty."""
    share = min(1.0, _ROW_SHARE * max(1.0, months / 6))
    return abs(new - old) > _ROW_PEOPLE and abs(new - old) > share * old


def _turned(row: Row, was: Row) -> bool:
    """Whether places and people of a quarter are those of the month before, exchanged."""
    places, people = was.capacity_operational, was.detainees
    if people is None or row.detainees is None or abs(places - people) <= max(_SMALL, places / 3):
        return False
    near = 0.15
    return abs(row.capacity_operational - people) <= near * people and abs(row.detainees - places) <= near * places


def _fullness(row: Row) -> float:
    """People a place, 0 for quarters too small or without places (one under works, or the day it opens)."""
    return (row.detainees or 0) / row.capacity_operational if row.capacity_operational > _SMALL else 0.0
