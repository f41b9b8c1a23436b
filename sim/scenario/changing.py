"""Changes made to a world, in order of date: each checked against the value it changes."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.dates import day_of, iso
from sim.errors import suggestion
from sim.scenario.bounds import WORDS
from sim.scenario.document import shown
from sim.scenario.growing import Growing
from sim.scenario.law_paths import check_law_change, check_rule_read
from sim.scenario.numerals import percent_meant
from sim.scenario.readers import nobody_reads, reader_of, unread_parameter
from sim.scenario.scenario import LAW, Change
from sim.scenario.slips import fraction_of_count, thousands_meant
from sim.scenario.values import (
    ALWAYS,
    EntryError,
    changed,
    entries_of,
    impossible,
    merged,
    shape_in_words,
    shape_of,
    value_of,
    with_entry,
)
from sim.scenario.where import where_of
from sim.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sim.errors import ScenarioError
    from sim.scenario.document import Document, Place
    from sim.scenario.geography import Geography
    from sim.scenario.schema import AppliesTo, ChangeBlock
    from sim.scenario.sourced import Sourced
    from sim.scenario.values import Operation, Value
    from sim.scenario.where import Where

_LISTING = "List them with: sortie show baseline"
_FLOWS = "flows."


class Located(NamedTuple):
    """A change and where it was read."""

    change: Change
    document: Document
    place: Place

    def error(self, message: str, key: str) -> ScenarioError:
        """Return an error at one key of the change."""
        return self.document.error((*self.place, key), message)


def located(
    block: ChangeBlock, document: Document, place: Place, places: Callable[[], Geography], *, told_only: bool = False
) -> Located:
    """Return the change that a block of the file describes, with whom it reaches and where.

    ``told_only``: whether the whole file is for ``sortie law`` alone.
    """
    operation: Operation = "set" if block.set else "scale" if block.scale else "add"
    path = block.set or block.scale or block.add or ""
    change = Change(
        on_day=day_of(block.on),
        operation=operation,
        path=path,
        value=block.to if operation == "set" else float(block.by or 0.0),
        unit=block.unit,
        applies_to=_reach(path, block.applies_to, document, (*place, "applies_to")),
        where=f"{document.label}:{document.line(place)}",
        told_only=block.told_only or told_only,
        until_day=None if block.until is None else day_of(block.until),
        place=place_of(block.where, document, place, places),
    )
    found = Located(change, document, place)
    if block.until is not None and path.startswith(LAW):
        message = (
            "a change of the law has no end of its own, the rules it rests on being read by the date of several acts: write "
            "a second change, on that day, with the value it goes back to"
        )
        raise found.error(message, "until")
    return found


def place_of(raw: object, document: Document, place: Place, places: Callable[[], Geography]) -> Where | None:
    """Return the places a block of the file names under ``where:``, None if it names none."""
    if raw is None:
        return None
    try:
        return where_of(raw, places())
    except EntryError as problem:
        raise document.error((*place, "where", *problem.place), str(problem)) from problem


def _reach(path: str, asked: AppliesTo | None, document: Document, place: Place) -> AppliesTo:
    """Whom a change reaches; a change of the law must say it, since this is its transitional rule."""
    if path.startswith(LAW):
        if asked is None:
            message = (
                "a change of the law says to whom it applies:"
                " 'everyone' (also those already serving) or 'new_committals' (committed from that day on)"
            )
            raise document.error(place, message)
        return asked
    if path.startswith(_FLOWS):
        if asked == "everyone":
            message = "a change of 'flows' is by nature about new committals: leave applies_to out"
            raise document.error(place, message)
        return "new_committals"
    if asked == "new_committals":
        message = (
            f"'{path}' is a means or a practice, shared by all who are there on a day: it cannot change for new"
            " committals only. Leave applies_to out; only changes of 'law.…' can choose"
        )
        raise document.error(place, message)
    return "everyone"


def left_out(on_day: int, days: Iterable[int], start_day: int, end_day: int) -> bool:
    """Whether what begins on a day, after the end of a run, is left out of it, and said: something else is in the run.

    ``days`` are those of all that a scenario changes or begins. Of a run in which none of it happens there is nothing to say.
    """
    return on_day > end_day and any(start_day <= day <= end_day for day in days)


def checked_order(changes: Sequence[Located], start_day: int, end_day: int, behaviours: Sequence[int] = ()) -> list[Located]:
    """Return the changes in order of date, each within the run (:func:`left_out`) and none twice the same value on one day.

    ``behaviours``: the days on which behaviours begin.

    Raises
    ------
    ScenarioError
        For a change outside the run, and for two changes of one value (or of a table and one of its entries) on one
        day: both are told, with their lines. Two files put together may each add to a value, or each scale it: both are done.
    """
    ordered = sorted(changes, key=lambda item: item.change.on_day)
    days = [*(item.change.on_day for item in ordered), *behaviours]
    seen: dict[tuple[int, Where | None, str], Located] = {}
    for item in ordered:
        day, path = item.change.on_day, item.change.path
        key = (day, item.change.place)
        if not start_day <= day <= end_day and not left_out(day, days, start_day, end_day):
            message = f"met {iso(day)}, outside the run ({iso(start_day)} to {iso(end_day)}): this change has no effect"
            raise item.error(message, "on")
        # A change of a table and one of its entries meet at the table: the first of a day is kept at every path above it.
        parts = path.split(".")
        above = [".".join(parts[:length]) for length in range(1, len(parts))]
        whole = (seen[*key, name] for name in above if (*key, name) in seen and seen[*key, name].change.path == name)
        other = seen.get((*key, path)) or next(whole, None)
        if other is not None and not _go_together(other, item):
            message = (
                f"'{path}' is changed twice on {iso(day)}: here and at {other.change.where}"
                f" ({other.change.operation}: {other.change.path}). Keep one, or give them two days"
            )
            raise item.error(message, item.change.operation)
        for name in (*above, path):
            seen.setdefault((*key, name), item)
    return ordered


def _go_together(one: Located, other: Located) -> bool:
    """Whether two files, put together, may both change a value on a day: the order of the two must not matter."""
    first, second = one.change, other.change
    if one.document is other.document or first.path != second.path or first.operation != second.operation:
        return False
    if first.operation == "set":
        return first.plain() == second.plain()
    return first.operation in {"add", "scale"} and first.until_day == second.until_day


def with_changes(
    world: Mapping[str, Sourced], changes: Sequence[Located], days: Mapping[str, int], *, law_alone: bool = False
) -> dict[str, Sourced]:
    """Return the parameters with the changes made (those of the law are only checked).

    Parameters
    ----------
    days
        ``start`` and ``measure_from`` of the run.
    law_alone
        Whether it is ``sortie law`` that reads the scenario, and no run will be made of it.

    Raises
    ------
    ScenarioError
        For a path that does not exist or that no run reads (:mod:`sim.scenario.readers`), a value of the wrong sort,
        another unit than the parameter's, or a result that cannot be (infinite, a share above 1,
        or entries that miss their total once the changes of a day are all made).
    """
    leaves = dict(world)
    growing: dict[str, Growing] = {}
    reached: dict[str, list[Located]] = {}
    for item in changes:
        change = item.change
        if change.path.startswith(LAW):
            check_law_change(item)
            check_rule_read(item, law_alone=law_alone)
            continue
        path, entry = locate(leaves, change.path, partial(item.error, key=change.operation))
        leaf = leaves[path]
        if change.unit is not None and change.unit != leaf.unit:
            message = f"met {shown(change.unit)}, but '{path}' is in {shown(leaf.unit)}: write the value in that unit"
            raise item.error(message, "unit")
        now = growing.setdefault(path, Growing(leaf))
        check_digits(item, leaf.unit, entry)
        _check_operand(item, now.at(change.on_day), entry, leaf.unit)
        _check_parameter_read(item, path, entry, now.at(change.on_day), days)
        now.change(change.on_day, step_of(change, entry), change.until_day)
        reached.setdefault(path, []).append(item)
    for path, made in reached.items():
        leaves[path] = growing[path].sourced()
        _check_result(leaves[path], made)
    return leaves


def _check_result(leaf: Sourced, made: Sequence[Located]) -> None:
    """Check the values a parameter takes once all its changes are made; the last one before a value answers for it."""
    days = [item.change.on_day for item in made]
    for day, value in zip(leaf.timeline.days, leaf.timeline.values, strict=True):
        before = bisect_right(days, day)
        if not before:
            continue
        reason = impossible(value, leaf.unit, leaf.total, leaf.path)
        if reason is not None:
            item = made[before - 1]
            message = f"from {iso(day)} on, makes '{leaf.path}' {reason}"
            raise item.error(message, "to" if item.change.operation == "set" else "by")


def step_of(change: Change, entry: str | None) -> Callable[[Value], Value]:
    """Return what a change, already checked, does to a value of its parameter."""
    operation, operand = change.operation, change.value
    assert operand is not None
    assert not isinstance(operand, str)

    def step(value: Value) -> Value:
        if entry is None:
            return changed(value, operation, operand)
        number = changed(entries_of(value)[entry], operation, operand)
        assert isinstance(number, float)
        return with_entry(value, entry, number)

    return step


def word_as_number(item: Located, world: Mapping[str, Sourced]) -> Located:
    """Return a change whose value is the number that its word stands for, where the parameter's unit has words."""
    leaf, value = world.get(item.change.path), item.change.value
    words = WORDS.get((leaf.unit if leaf else None) or "", {})
    if item.change.operation != "set" or not isinstance(value, str) or not words:
        return item
    if value not in words:
        message = f"expected one of {', '.join(words)}, met {shown(value)}"
        raise item.error(message, "to")
    return item._replace(change=replace(item.change, value=words[value]))


def check_digits(item: Located, unit: str | None, entry: str | None = None) -> None:
    """Ask about a number that was typed as thousands are by some (:mod:`sim.scenario.slips`)."""
    key = "to" if item.change.operation == "set" else "by"
    if item.change.operation == "scale":
        return
    question = thousands_meant(item.document, (*item.place, key), unit, entry)
    if question is not None:
        raise item.error(question, key)


def _check_operand(item: Located, value: Value, entry: str | None, unit: str | None) -> None:
    change = item.change
    target: Value = value if entry is None else entries_of(value)[entry]
    if change.operation != "set":
        if isinstance(target, bool):
            message = f"'{change.path}' is true or false: use 'set:' with 'to: true' or 'to: false'"
            raise item.error(message, change.operation)
        return
    wanted = shape_of(target)
    if change.value is None or isinstance(change.value, str) or shape_of(change.value) != wanted:
        met = _met(change.value)
        message = f"expected {shape_in_words(wanted)}, as '{change.path}' is, met {met}"
        if isinstance(target, float) and 0 <= target <= 1:
            message += percent_meant(change.value)
        if wanted[0] == "table":
            message += f". To change one entry: set: {change.path}.{wanted[1]}"
        raise item.error(message, "to")
    question = fraction_of_count(target, change.value, unit)
    if question is not None:
        raise item.error(question, "to")


def _check_parameter_read(item: Located, path: str, entry: str | None, value: Value, days: Mapping[str, int]) -> None:
    change = item.change
    if change.told_only:
        message = "'told_only' is for rules of law, which 'sortie law' tells; a parameter is only ever simulated: take it out"
        raise item.error(message, change.operation)
    before, after = entries_of(value), entries_of(step_of(change, entry)(value))
    moved = {entry} if entry is not None else {name for name, value in before.items() if after[name] != value}
    reason = unread_parameter(change.path, path, moved, change.on_day, days)
    if reason is not None:
        raise item.error(reason, change.operation)


def _met(value: Value | str | None) -> str:
    """Say a value met: itself if it is short, else its shape."""
    return shape_in_words(shape_of(value)) if isinstance(value, tuple | dict) else shown(value)


def locate(leaves: Mapping[str, Sourced], path: str, error: Callable[[str], ScenarioError]) -> tuple[str, str | None]:
    """Return the path of a parameter and, if the path names one entry of it, that entry.

    Raises
    ------
    ScenarioError
        Made by ``error``, if the path leads to nothing or to a group.
    """
    if path in leaves:
        return path, None
    parent, _, entry = path.rpartition(".")
    if parent in leaves:
        shape = leaves[parent].shape
        entries = entries_of(leaves[parent].timeline.values[0])
        if entry in entries:
            return parent, entry
        message = f"no entry '{entry}' in '{parent}', which is {shape_in_words(shape)}.{suggestion(entry, entries)}"
        raise error(message)
    below = [known for known in leaves if known.startswith(path + ".")]
    if below:
        some = ", ".join(f"'{known}'" for known in below[:3])
        message = f"'{path}' is a group: name one of its values ({some}{' …' if len(below) > 3 else ''}). {_LISTING}"
        raise error(message)
    known = [*leaves, *(f"{leaf.path}.{entry}" for leaf in leaves.values() for entry in entries_of(leaf.at(0)))]
    message = f"no parameter '{path}'.{suggestion(path, known)} {_LISTING}"
    raise error(message)


def with_overrides(
    world: Mapping[str, Sourced], overrides: Mapping[str, Any], error: Callable[[str, str], ScenarioError]
) -> dict[str, Sourced]:
    """Return the world in which drawn values hold on all dates.

    An override is a value of the parameter's sort, or ``{"scale": factor}``, which multiplies every dated value.

    Raises
    ------
    ScenarioError
        Made by ``error(path, message)``, for an unknown path, one that no code reads, or a value of the wrong sort.
    """
    leaves = dict(world)
    for path, raw in overrides.items():

        def fail(message: str, path: str = path) -> ScenarioError:
            return error(path, message)

        if path.startswith(LAW):
            message = "the law is not drawn: use a change, with its date and whom it applies to"
            raise fail(message)
        parent, entry = locate(leaves, path, fail)
        if reader_of(path) == "nobody":
            raise fail(nobody_reads(path))
        leaf = leaves[parent]
        leaves[parent] = replace(leaf, timeline=merged(_overridden(leaf, entry, raw, fail)))
    for path in overrides:
        leaf = leaves[path if path in leaves else path.rpartition(".")[0]]
        reasons = (impossible(value, leaf.unit, leaf.total, leaf.path) for value in leaf.timeline.values)
        reason = next(filter(None, reasons), None)
        if reason is not None:
            message = f"makes '{leaf.path}' {reason}"
            raise error(path, message)
    return leaves


def _overridden(leaf: Sourced, entry: str | None, raw: object, fail: Callable[[str], ScenarioError]) -> Timeline[Value]:
    target: Value = leaf.timeline.values[0] if entry is None else entries_of(leaf.timeline.values[0])[entry]
    scaled = isinstance(raw, dict) and set(raw) == {"scale"} and set(entries_of(target)) != {"scale"}
    try:
        operand = value_of(raw["scale"]) if scaled else value_of(raw)  # type: ignore[index]
    except EntryError as problem:
        raise fail(str(problem)) from problem
    wanted = ("number",) if scaled else shape_of(target)
    if shape_of(operand) != wanted or (scaled and isinstance(target, bool)):
        message = f"expected {shape_in_words(shape_of(target))}, met {shown(raw)}"
        raise fail(message)
    change = Change(ALWAYS, "scale" if scaled else "set", leaf.path, operand, None, "everyone")
    step = step_of(change, entry)
    return Timeline((day, step(value)) for day, value in zip(leaf.timeline.days, leaf.timeline.values, strict=True))
