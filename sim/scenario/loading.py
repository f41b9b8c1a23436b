"""From scenario files to a :class:`~sim.scenario.scenario.Scenario`: ``extends``, overrides, changes, errors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.dates import day_of, iso
from sim.errors import ScenarioError, suggestion
from sim.scenario.changing import checked_order, left_out, located, place_of, with_changes, with_overrides, word_as_number
from sim.scenario.complete import check_complete
from sim.scenario.document import Document, dotted, read_bytes, read_file, shown
from sim.scenario.establishments import establishment_of, geography_of
from sim.scenario.law_paths import amendments
from sim.scenario.library import files, find, label_of, mixed
from sim.scenario.locally import local_leaves
from sim.scenario.naming import RESERVED, why_no_name
from sim.scenario.policy_settings import ON_ONE_DAY, check_setting_typed, check_settings, why_not_there
from sim.scenario.problems import validated
from sim.scenario.scenario import LAW, PolicyCall, Scenario
from sim.scenario.schema import LEAF_KEYS, FileBlock, ParameterBlock
from sim.scenario.slips import thousands_meant
from sim.scenario.sourced import Sourced, sourced
from sim.scenario.values import EntryError
from sim.scenario.writing import to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sim.scenario.changing import Located
    from sim.scenario.document import Place
    from sim.scenario.establishments import Establishment
    from sim.scenario.geography import Geography
    from sim.scenario.schema import Bilingual
    from sim.scenario.where import Where

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_DAYS = ("start", "measure_from", "end")
_MAX_CHAIN = 16
FIRST_DAY, LAST_DAY = day_of(date(2010, 1, 1)), day_of(date(2060, 12, 31))
"""First and last day of a run: the texts of law begin in 2009; people are made for every year of a run."""


class _File(NamedTuple):
    """One file of a chain of ``extends``."""

    name: str
    document: Document
    block: FileBlock


@dataclass(frozen=True, slots=True)
class ScenarioCard:
    """What a list of scenarios shows of one of them."""

    name: str
    path: Path
    title: Mapping[str, str]
    """By language, ``fr`` and ``en``; so is ``question``. Empty if the file is broken."""
    question: Mapping[str, str] | None
    asked_by: Mapping[str, str] | None
    source: Mapping[str, str] | None
    extends: str | None
    """None for a complete world."""
    problem: str | None
    """The message of :class:`~sim.errors.ScenarioError`, if the header of the file is broken."""


def load_scenario(
    name_or_path: str | Path,
    *,
    overrides: Mapping[str, object] | None = None,
    known_policies: frozenset[str] | None = None,
    law_alone: bool = False,
) -> Scenario:
    """Load a scenario.

    Parameters
    ----------
    name_or_path
        A name, looked for in ``./scenarios`` then in the package's own copy, or the path of a YAML file; or several of
        either, ``fill_vacant_posts+semi_liberty_1000_places``, for the world in which all are done.
    overrides
        Values by path that hold on all dates before the changes are made: a number, switch, list or table, or
        ``{"scale": factor}``.
    known_policies
        Names of the behaviours that exist; None leaves them unchecked (the policies stand above this layer).
    law_alone
        Whether only the law of the scenario is asked for, and no run: rules that no run reads may then be changed, where the
        file says ``told_only: true``.

    Raises
    ------
    ScenarioError
        If anything in the file, or in one it extends, is wrong, or if no run would show what it changes: one
        message, with file, line, place, value met, expectation and way out.
    """
    lines = lines_of_mix(name_or_path)
    if lines is not None:
        document = read_bytes(to_text(lines).encode(), str(name_or_path))
        return _assembled(_chain(document, Path(lines["name"])), overrides or {}, known_policies, law_alone=law_alone)
    path = find(name_or_path)
    chain = _chain(read_file(path, label_of(path)), path)
    top = chain[-1]
    if len(chain) > 1 and top.name.casefold() == RESERVED:
        message = f"'{top.name}' is the name of the world that others extend. Give this one a name of its own (name:)"
        raise top.document.error(("name",), message)
    return _assembled(chain, overrides or {}, known_policies, law_alone=law_alone)


def lines_of_mix(name_or_path: str | Path) -> dict[str, Any] | None:
    """Return what a file would say that puts scenarios together (``a+b``), or None for the name or path of one scenario.

    Raises
    ------
    ScenarioError
        If a part is missing, unknown, or a complete world, or if the names together are too long for a folder.
    """
    parts = mixed(name_or_path)
    if not parts:
        return None
    cards = [_card(Path(part).stem, find(part)) for part in parts]
    alone = next((card for card in cards if card.extends is None and card.problem is None), None)
    if alone is not None:
        message = f"{name_or_path}: '{alone.name}' is a complete world, not a policy: name the policies that are done together"
        raise ScenarioError(message)
    name = "+".join(card.name for card in cards)
    why_ = why_no_name(name)
    if why_ is not None:
        inside = ", ".join(parts)
        message = f"{name_or_path}: met a name that {why_}. Write a file that says 'extends: [{inside}]' and has a short name"
        raise ScenarioError(message)
    return {
        "extends": [str(card.path.resolve()) for card in cards],
        "name": name,
        "title": {lang: " + ".join(card.title.get(lang, card.name) for card in cards) for lang in ("fr", "en")},
    }


def read_scenario(
    text: str | bytes,
    *,
    name: str,
    overrides: Mapping[str, object] | None = None,
    known_policies: frozenset[str] | None = None,
    law_alone: bool = False,
) -> Scenario:
    """Load a scenario from its text (an upload, a share link); ``name`` is what messages call it.

    It may extend the scenarios that have a name. Other parameters and errors as :func:`load_scenario`.
    """
    raw = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    return _assembled(_chain(read_bytes(raw, name), Path(name)), overrides or {}, known_policies, law_alone=law_alone)


def available_scenarios() -> tuple[ScenarioCard, ...]:
    """Return a card of each scenario that has a name: complete worlds first, then by name."""
    cards = [_card(name, path) for name, path in files().items()]
    return tuple(sorted(cards, key=lambda card: (card.extends is not None, card.name)))


def _card(name: str, path: Path) -> ScenarioCard:
    try:
        document = read_file(path, label_of(path))
        block = validated(FileBlock, document.data, document, ())
    except ScenarioError as problem:
        return ScenarioCard(name, path, {}, None, None, None, "", str(problem))
    return ScenarioCard(
        name,
        path,
        _languages(block.title),
        _optional(block.question),
        _optional(block.asked_by),
        _origin(block),
        " + ".join(block.extends) if isinstance(block.extends, list) else block.extends,
        None,
    )


def _chain(document: Document, path: Path) -> list[_File]:
    """Read a file and those it extends: the complete world first.

    Where a file extends several, each is read down to the world; a file that two of them rest on is taken once, and they must
    rest on one world. What they change on one day together is refused with the places of both (:func:`checked_order`).
    """
    return [file for _, file in _read_chain(document, path, {})]


def _read_chain(document: Document, path: Path, above: Mapping[Path, str]) -> list[tuple[Path, _File]]:
    seen = {**above, path.resolve(): document.label}
    block = validated(FileBlock, document.data, document, ())
    _check_name(block.name or path.stem, document)
    here = (path.resolve(), _File(block.name or path.stem, document, block))
    if block.extends is None:
        return [here]
    found: list[tuple[Path, _File]] = []
    for name in block.extends if isinstance(block.extends, list) else [block.extends]:
        asked_by = f"{document.label}:{document.line(('extends',))}: extends: "
        other = find(name, beside=path.parent, asked_by=asked_by)
        if other.resolve() in seen:
            circle = " → ".join([*seen.values(), label_of(other)])
            message = f"the files extend each other in a circle ({circle}): one must describe a complete world"
            raise document.error(("extends",), message)
        if len(seen) >= _MAX_CHAIN:
            raise document.error(("extends",), f"more than {_MAX_CHAIN} files extend one another")
        read = _read_chain(read_file(other, label_of(other)), other, seen)
        if found and read[0][0] != found[0][0]:
            message = (
                f"'{found[0][1].name}' and '{read[0][1].name}' are two complete worlds: the files of a list must rest on one"
            )
            raise document.error(("extends",), message)
        known = {place for place, _ in found}
        found += [item for item in read if item[0] not in known]
        if len(found) > _MAX_CHAIN:
            raise document.error(("extends",), f"more than {_MAX_CHAIN} files extend one another")
    return [*found, here]


def _check_name(name: str, document: Document) -> None:
    why = why_no_name(name)
    if why is not None:
        message = f"met {shown(name)}, which {why}: expected a name that a folder of results can have on every system (name:)"
        raise document.error(("name",), message)


def _assembled(
    chain: list[_File], drawn: Mapping[str, object], known_policies: frozenset[str] | None, *, law_alone: bool = False
) -> Scenario:
    base, top = chain[0], chain[-1]
    world = dict(sorted((leaf.path, leaf) for leaf in _leaves(base.document)))
    check_complete(world, base.document)
    days = _days(chain)
    overrides, overridden = _overrides(chain, drawn, world)
    opened = _establishments(chain, days)
    places = partial(geography_of, opened)
    changes: list[Located] = [
        word_as_number(located(block, file.document, ("changes", position), places, told_only=file.block.told_only), world)
        for file in chain
        for position, block in enumerate(file.block.changes)
    ]
    begun = [day_of(block.on) for file in chain for block in file.block.policies]
    changes = checked_order(changes, days["start"], days["end"], begun)
    everywhere = [item for item in changes if item.change.place is None]
    leaves = with_changes(overridden, everywhere, days, law_alone=law_alone)
    somewhere = len(everywhere) < len(changes)
    local = local_leaves(overridden, leaves, changes, (days["start"], days["end"], days), places()) if somewhere else {}
    return Scenario(
        name=top.name,
        title=_languages(top.block.title),
        question=_optional(top.block.question),
        asked_by=_optional(top.block.asked_by),
        source=_origin(top.block),
        start_day=days["start"],
        measure_from_day=days["measure_from"],
        end_day=days["end"],
        sampling_fraction=next(
            (f.block.sampling_fraction for f in reversed(chain) if f.block.sampling_fraction is not None), 1.0
        ),
        policies=_policies(chain, days, known_policies, places, [item.change.on_day for item in changes]),
        changes=tuple(item.change for item in changes),
        amendments=amendments([item for item in changes if item.change.path.startswith(LAW)]),
        world=world,
        overrides=overrides,
        leaves=leaves,
        local=local,
        establishments=opened,
    )


def _leaves(document: Document) -> Iterator[Sourced]:
    yield from _walk(document, document.data["parameters"], ("parameters",))


def _walk(document: Document, node: object, place: Place) -> Iterator[Sourced]:
    if not isinstance(node, dict) or not node:
        message = (
            f"expected a value with its unit and source ('value:', 'unit:', 'kind:', 'source:'), met {shown(node)}"
            if len(place) > 1
            else f"expected blocks of values, met {shown(node)}"
        )
        raise document.error(place, message)
    if len(place) > 1 and LEAF_KEYS & {key for key in node if isinstance(key, str)}:
        path = ".".join(str(part) for part in place[1:])
        yield sourced(path, validated(ParameterBlock, node, document, place))
        return
    for key, inner in node.items():
        here = (*place, str(key))
        if not isinstance(key, str) or not _NAME.fullmatch(key):
            message = "a name of parameters is made of letters, digits, '_' and '-', and begins with a letter"
            raise document.error(here, message)
        if len(place) == 1 and key in LEAF_KEYS | {"law"}:
            message = (
                "the law is not a parameter of a scenario: its texts are in sim/law/texts, changed by 'changes'"
                if key == "law"
                else f"'{key}' belongs to a value and cannot name a group"
            )
            raise document.error(here, message)
        yield from _walk(document, inner, here)


def _days(chain: list[_File]) -> dict[str, int]:
    days: dict[str, int] = {}
    given: dict[str, _File] = {}
    for file in chain:
        for key in _DAYS:
            on: date | None = getattr(file.block, key)
            if on is not None:
                days[key], given[key] = day_of(on), file
    for key, limit in (("start", FIRST_DAY), ("end", LAST_DAY)):
        if days[key] < limit if key == "start" else days[key] > limit:
            bound = f"starts on {iso(limit)} at the earliest" if key == "start" else f"ends by {iso(limit)} at the latest"
            message = f"met {iso(days[key])}: a run {bound} (nothing is known of the country further away)"
            raise given[key].document.error((key,), message)
    if not days["start"] < days["end"]:
        key = _last_given(chain, given, "end", "start")
        other = "start" if key == "end" else "end"
        side = "after the start" if key == "end" else "before the end"
        message = f"met {iso(days[key])}: expected a day {side}, {iso(days[other])}"
        raise given[key].document.error((key,), message)
    if not days["start"] <= days["measure_from"] <= days["end"]:
        if days["measure_from"] < days["start"]:
            key = _last_given(chain, given, "measure_from", "start")
        else:
            key = _last_given(chain, given, "measure_from", "end")
        message = f"met {iso(days['measure_from'])}: expected a day of the run, {iso(days['start'])} to {iso(days['end'])}"
        if key != "measure_from":
            # The person wrote the other day: the first measured day is that of the world it extends.
            first, world = iso(days["measure_from"]), given["measure_from"].name
            message = (
                f"met {iso(days[key])}: the first measured day, {first} ('{world}'), is then outside the run."
                " Give measure_from: as well, a day between start and end"
            )
        raise given[key].document.error((key,), message)
    return days


def _last_given(chain: list[_File], given: Mapping[str, _File], key: str, other: str) -> str:
    """Which of two days was written in the file nearest to the reader: that one is told; the first if one file gives both."""
    return max((key, other), key=lambda name: next(place for place, file in enumerate(chain) if file is given[name]))


def _overrides(
    chain: list[_File], drawn: Mapping[str, object], world: dict[str, Sourced]
) -> tuple[dict[str, Any], dict[str, Sourced]]:
    merged_overrides: dict[str, Any] = {}
    origin: dict[str, Document] = {}
    for file in chain:
        for key, value in (file.block.overrides or {}).items():
            merged_overrides[str(key)] = value
            origin[str(key)] = file.document
    for key, value in drawn.items():
        merged_overrides[key] = list(value) if isinstance(value, tuple) else value
        origin.pop(key, None)

    def fail(path: str, message: str) -> ScenarioError:
        if path in origin:
            return origin[path].error(("overrides", path), message)
        return ScenarioError(f"overrides: {dotted((path,))}: {message}")

    overridden = with_overrides(world, merged_overrides, fail)
    for path, document in origin.items():
        parent = path if path in world else path.rpartition(".")[0]
        question = thousands_meant(document, ("overrides", path), world[parent].unit, path.removeprefix(parent)[1:] or None)
        if question is not None:
            raise fail(path, question)
    return merged_overrides, overridden


def _establishments(chain: list[_File], days: Mapping[str, int]) -> tuple[Establishment, ...]:
    """Return what is opened, closed and resized, in the order of the files: a later one may speak of one that is opened."""
    found: list[Establishment] = []
    for file in chain:
        for position, block in enumerate(file.block.establishments):
            place = ("establishments", position)
            try:
                each = establishment_of(block, geography_of(tuple(found)))
            except EntryError as problem:
                raise file.document.error((*place, *problem.place), str(problem)) from problem
            first = min(each.days())
            if not days["start"] <= first <= days["end"]:
                message = f"met {iso(first)}, outside the run ({iso(days['start'])} to {iso(days['end'])})"
                raise file.document.error(place, message)
            twice = next((e for e in found if e.name == each.name and (e.kind == each.kind or "" in (e.kind, each.kind))), None)
            if twice is not None:
                message = f"'{each.name}' is spoken of twice: give all its dates in one line"
                raise file.document.error((*place, each.done), message)
            found.append(each)
    return tuple(found)


def _policies(
    chain: list[_File],
    days: Mapping[str, int],
    known: frozenset[str] | None,
    places: Callable[[], Geography],
    changed: Sequence[int],
) -> tuple[PolicyCall, ...]:
    begun = [*changed, *(day_of(block.on) for file in chain for block in file.block.policies)]
    calls: dict[tuple[int, str, Where | None], tuple[PolicyCall, str]] = {}
    for file in chain:
        for position, block in enumerate(file.block.policies):
            place = ("policies", position)
            day = day_of(block.on)
            if not days["start"] <= day <= days["end"] and not left_out(day, begun, days["start"], days["end"]):
                message = f"met {iso(day)}, outside the run ({iso(days['start'])} to {iso(days['end'])})"
                raise file.document.error((*place, "on"), message)
            if known is not None and block.name not in known:
                names = ", ".join(sorted(known)) or "none"
                message = f"no policy '{block.name}'.{suggestion(block.name, known)} There are: {names}"
                raise file.document.error((*place, "name"), message)
            try:
                check_settings(block.name, block.with_)
                for name in block.with_:
                    check_setting_typed(file.document, (*place, "with", name), block.name)
            except EntryError as problem:
                raise file.document.error((*place, "with", *problem.place), str(problem)) from problem
            where = f"{file.document.label}:{file.document.line(place)}"
            there = place_of(block.where, file.document, place, places)
            reason = why_not_there(block.name, there.given() if there is not None else ())
            if reason is not None:
                raise file.document.error((*place, "where"), reason)
            if (day, block.name, there) in calls:
                message = f"'{block.name}' begins twice on {iso(day)}: here and at {calls[day, block.name, there][1]}"
                raise file.document.error((*place, "name"), message)
            until = None if block.until is None else day_of(block.until)
            if until is not None and block.name in ON_ONE_DAY:
                message = f"'{block.name}' acts on one day: it has no end"
                raise file.document.error((*place, "until"), message)
            calls[day, block.name, there] = (PolicyCall(block.name, day, block.with_, until, there), where)
    ordered = sorted(calls.items(), key=lambda item: (item[0][0], item[0][1], str(item[0][2] or "")))
    return tuple(call for _, (call, _) in ordered)


def _languages(text: Bilingual) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}


def _optional(text: Bilingual | None) -> dict[str, str] | None:
    return None if text is None else _languages(text)


def _origin(block: FileBlock) -> dict[str, str] | None:
    if block.source is None:
        return None
    return {key: value for key, value in block.source.model_dump().items() if value is not None}
