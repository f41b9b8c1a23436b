"""What ``sortie check`` says of a scenario's own lines: change by change, behaviour by behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.dates import iso
from sim.scenario.boards import told_of_boards, told_of_measures, told_of_needs, told_of_order_set
from sim.scenario.days import day_in_figures
from sim.scenario.describe import told_of_prison, unit_in_words, value_in_words, where_in_words, worded
from sim.scenario.effects_of_changes import changes_told
from sim.scenario.judges import told_in_judges
from sim.scenario.ranges import of_a_part, outside_on, outside_ranges
from sim.scenario.readers import hidden_by, reader_of
from sim.scenario.scenario import LAW
from sim.scenario.where import level_of, sites_named

if TYPE_CHECKING:
    from sim.scenario.checking import Report
    from sim.scenario.describe import Language
    from sim.scenario.effects_of_changes import ChangeTold
    from sim.scenario.establishments import Establishment
    from sim.scenario.geography import Geography
    from sim.scenario.scenario import Change, PolicyCall, Scenario

_NOT_IN_FORCE: dict[Language, str] = {"en": "not in force", "fr": "pas en vigueur"}
_OWN_SETTINGS: dict[Language, str] = {"en": "with its own settings", "fr": "avec ses propres réglages"}
_COMMITTED = "committals/year"
"""Unit of the flows that are people committed, without chance or choice between."""
_LATE_DAYS = 365
"""A change later than this before the end of a run is hardly seen in what is measured."""
_DRAWN, _OF_THE_STAY = "population.", "population.further."
"""What people are is drawn month by month as they come; further sentences come during the stay."""
_READ = {
    "engine": "a run, every day",
    "first day": "a run, on its first day",
    "measures": "what is measured, on the first day measured",
    "measures by day": "what is measured, every day",
    "nobody": "no code",
}


@dataclass(frozen=True, slots=True)
class LineChecked:
    """One change, or one behaviour, of a scenario."""

    where: str
    """File and line."""
    on_day: int
    what: str
    """Path of what changes, or name of the behaviour."""
    before: Any
    after: Any
    """Values before and after on that day; the settings of a behaviour."""
    unit: str
    read_by: str
    reaches: str
    """Whom it can reach."""
    remarks: tuple[str, ...]
    """Outside its range, without effect, or late."""
    lang: Language = "en"
    """Language of values, units and remarks."""

    def lines(self) -> list[str]:
        """Say it as text: one line, then one for each remark."""
        moved = _short(self.after, self.lang)
        if self.before is not None:
            moved = f"{_short(self.before, self.lang)} → {moved}"
        place, day = f"{self.where}: " if self.where else "", day_in_figures(self.on_day, self.lang)
        first = f"{place}{day} {self.what}: {moved} {self.unit}".rstrip()
        read = f" · read by {self.read_by}" if self.read_by else ""
        return [first, f"    reaches {self.reaches}{read}", *(f"    ! {remark}" for remark in self.remarks)]

    def plain(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {
            "where": self.where,
            "on": iso(self.on_day),
            "what": self.what,
            "before": self.before,
            "after": self.after,
            "unit": self.unit,
            "read_by": self.read_by,
            "reaches": self.reaches,
            "remarks": list(self.remarks),
        }


def lines_of_file(scenario: Scenario, report: Report, lang: Language = "en") -> list[str]:
    """Return what ``sortie check`` prints of a scenario that changes something: its own lines, then one about its world.

    Values, units and remarks are in ``lang``; the words around them are English, for the catalogue to find.
    """
    checked = check_changes(scenario, lang)
    many = f"changes: {len(scenario.changes)}, behaviours: {len(scenario.policies)}, overrides: {len(scenario.overrides)}"
    if scenario.establishments:
        many += f", establishments: {len(scenario.establishments)}"
    text = [f"{scenario.name}: {iso(scenario.start_day)} to {iso(scenario.end_day)}, {many}"]
    text += [line for item in checked for line in item.lines()]
    outside = outside_ranges(scenario)
    if outside:
        what = "outside their plausible range or below the people held"
        text.append(f"{len(outside)} {what}: allowed, and said with the results")
        text += [f"  {item.told(lang)}" for item in outside if item.path in scenario.overrides]
    text += told_of_order_set(scenario)
    faults = [finding for finding in report.findings if finding.is_fault]
    text += [f"to be mended: {finding.path}: {finding.message}" for finding in faults]
    text.append(
        f"it leans on {report.parameters} values of its world, {len(report.hypotheses)} of them assumptions"
        " (sortie check baseline lists those of the baseline)"
    )
    return text


def check_changes(scenario: Scenario, lang: Language = "en") -> tuple[LineChecked, ...]:
    """Return what each change and each behaviour of a scenario does, in order of date."""
    changes = [_change(scenario, item, lang) for item in changes_told(scenario)]
    calls = [_call(scenario, call, lang) for call in scenario.policies]
    prisons = [_prison(scenario, each, lang) for each in scenario.establishments]
    return tuple(sorted([*changes, *calls, *prisons], key=lambda line: line.on_day))


def _change(scenario: Scenario, item: ChangeTold, lang: Language) -> LineChecked:
    change = item.change
    remarks: list[str] = []
    if change.path.startswith(LAW):
        why = hidden_by(change.path)
        remarks += [] if why is None else [f"by itself it changes nothing in a run: {why[lang]}"]
        read_by = _READ["engine"]
    else:
        parameter = change.path if change.path in scenario.world else change.path.rpartition(".")[0]
        outside = outside_on(scenario.there(change.place), parameter, change.on_day) if not of_a_part(change) else ()
        remarks += [found.told(lang) for found in outside if found.path == change.path or parameter == change.path]
        read_by = _READ.get(reader_of(change.path), reader_of(change.path))
    if change.until_day is not None:
        remarks.append(f"until {iso(change.until_day)}, from which it is again what it would have been")
    if not item.moves:
        remarks.append("it is already so on that day: nothing changes")
    elif item.before == item.after:
        remarks.append(
            "it is already so on that day, but not at every date it is read at: of judgment, committal or a later text"
        )
    before, after = worded(item.before, item.unit), worded(item.after, item.unit)
    return LineChecked(
        where=change.where,
        on_day=change.on_day,
        what=change.path,
        before=before if before is not None else _NOT_IN_FORCE[lang],
        after=after if after is not None else _NOT_IN_FORCE[lang],
        unit=unit_in_words(item.unit, lang) if not isinstance(after, bool | str) else "",
        read_by=read_by,
        reaches=_reached(scenario, change.path, change.applies_to, change.on_day)
        if change.place is None
        else _there(change, scenario.geography(), lang),
        remarks=(
            *remarks,
            *told_in_judges(scenario, item),
            *told_of_boards(scenario, item),
            *told_of_needs(scenario, item),
            *told_of_measures(scenario, item),
            *_late(scenario, change.on_day),
        ),
        lang=lang,
    )


def _call(scenario: Scenario, call: PolicyCall, lang: Language) -> LineChecked:
    return LineChecked(
        where="",
        on_day=call.on_day,
        what=f"policy {call.name}",
        before=None,
        after=dict(call.settings) or _OWN_SETTINGS[lang],
        unit="",
        read_by="",
        reaches="whoever it chooses, as docs/scenario.md says"
        if call.place is None
        else f"whoever it chooses there: {where_in_words(call.place, lang)}",
        remarks=(*_end(call.until_day), *_late(scenario, call.on_day)),
        lang=lang,
    )


def _prison(scenario: Scenario, each: Establishment, lang: Language) -> LineChecked:
    return LineChecked(
        where="",
        on_day=min(each.days()),
        what=f"establishment {each.name}",
        before=None,
        after=told_of_prison(each, lang),
        unit="",
        read_by="",
        reaches="whoever is held there, is moved there, or shares the country's means",
        remarks=_late(scenario, min(each.days())),
        lang=lang,
    )


def _end(until_day: int | None) -> tuple[str, ...]:
    return () if until_day is None else (f"until {iso(until_day)}, from which it no longer acts",)


def _there(change: Change, places: Geography, lang: Language) -> str:
    """Say which places a change is made in, and how many quarters or interregions those are."""
    assert change.place is not None
    regions = change.place.regions(places) if level_of(change.path) == "interregion" else frozenset()
    if regions:
        many = f"{len(regions)} of {len(places.interregions)} interregions"
    elif level_of(change.path) in {"establishment", "court"}:
        many = f"{len(sites_named(change.place, places))} of {len(places.sites)} establishments"
    else:
        many = f"{len(change.place.quarters(places))} of {len(places.quarters)} quarters"
    return f"whoever is there from that day on: {where_in_words(change.place, lang)} ({many})"


def _reached(scenario: Scenario, path: str, applies_to: str, day: int) -> str:
    """Say whom a change can reach, with a number where the world gives it."""
    committals = [name for name, leaf in scenario.leaves.items() if leaf.unit == _COMMITTED]
    if path in committals:
        return f"those committed by this way from that day on, {scenario.number(path, day):,.0f} a year"
    if applies_to == "new_committals":
        numbers = [scenario.number(name, day) for name in committals]
        many = f", {sum(numbers):,.0f} a year besides those free when convicted and those who come back" if numbers else ""
        return f"those committed from that day on{many}"
    if path.startswith(LAW):
        return "everyone, also those already serving their sentence"
    if path.startswith(_DRAWN) and not path.startswith(_OF_THE_STAY):
        return "those who come in a month that begins on that day or later; whoever is there stays as they are"
    return "everyone there from that day on"


def _late(scenario: Scenario, day: int) -> tuple[str, ...]:
    left = scenario.end_day - day
    if left < 0:
        return ("it begins after the end of the run: it is left out",)
    if left == 0:
        return ("it begins on the last day of the run: nothing of it is seen",)
    if left < _LATE_DAYS:
        return (f"it begins {left} days before the end of the run: little of it is seen",)
    return ()


def _short(value: Any, lang: Language) -> str:
    named = value.items() if isinstance(value, dict) else ()
    text = ", ".join(f"{name} {value_in_words(item, lang)}" for name, item in named) or value_in_words(value, lang)
    return text if len(text) <= 80 else text[:79] + "…"
