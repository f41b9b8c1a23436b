"""A YAML text turned into plain data, with the line of every entry, and errors that say where.

The events of libyaml are read one by one rather than through a ready-made loader. One pass then gives the data, the map
of lines (without which an error could name neither ``changes[3]`` nor its line), duplicate keys, and a refusal of
aliases, which is what makes "billion laughs" files harmless. A file of 2,000 lines takes about 30 ms.

Scalars follow YAML 1.2: only ``true`` and ``false`` are switches (``no`` is a word, and Norway a country), and
an ISO date is a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from sim.engine.readings import kept, sources
from sim.errors import ScenarioError, ordinary_file, reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MAX_BYTES = 1_000_000
"""Size of the largest file read: the reference world has about a tenth of it."""

_MAX_DEPTH = 24
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_GROUPED = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF|nan|NaN|NAN)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAMED = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_SWITCHES = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_LOADER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

_LONGEST_MESSAGE = 1_500
"""Characters of a message: one that repeats what was met is no longer than what can be read."""

Place = tuple[str | int, ...]
"""Where something stands in a file: keys and positions from the top."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read: its plain data and where each entry stands.

    ``label`` is how messages call the file; ``lines`` gives the line (from 1) of each place; ``grouped`` what was typed where a
    number has three digits after its point (:mod:`sim.scenario.slips`).
    """

    label: str
    data: dict[str | date, Any]
    lines: dict[Place, int] = field(default_factory=dict)
    grouped: dict[Place, str] = field(default_factory=dict)

    def line(self, place: Sequence[str | int]) -> int:
        """Line of an entry, or of the nearest one above it that is in the file."""
        at = tuple(place)
        while at and at not in self.lines:
            at = at[:-1]
        return self.lines.get(at, 1)

    def error(self, place: Sequence[str | int], message: str) -> ScenarioError:
        """Return the error that names the file, the line and the place, then says ``message`` (cut when too long)."""
        where = dotted(place)
        if len(message) > _LONGEST_MESSAGE:
            message = f"{message[: _LONGEST_MESSAGE - 300]} … {message[-250:]}"
        return ScenarioError(f"{self.label}:{self.line(place)}: {where + ': ' if where else ''}{message}")


_LONGEST_KEY = 80
"""Characters of a key that a message shows: the longest path of a parameter or rule is shorter."""


def dotted(place: Sequence[str | int]) -> str:
    """Write a place as people do: ``changes[0].set``; a key that is too long for one is cut."""
    text = ""
    for part in place:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            cut = part if len(part) <= _LONGEST_KEY else part[: _LONGEST_KEY - 1] + "…"
            text += f".{cut}" if text else cut
    return text


def shown(value: object, limit: int = 60) -> str:
    """Write a value met in a message: text between quotes, dates in ISO form, long things cut."""
    text = _shown(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _shown(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_shown(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_shown(item) for item in value) + "]"
    return repr(value)


def read_file(path: Path, label: str, way_out: str = "") -> Document:
    """Read a YAML file of at most :data:`MAX_BYTES`; ``way_out`` ends the message when there is none.

    Raises
    ------
    ScenarioError
        If the file cannot be read, is too large, is not UTF-8, or is not the YAML described above.
    """
    if path.is_dir():
        msg = f"{label}: this is a directory; a scenario is one YAML file. List them with: sortie list"
        raise ScenarioError(msg)
    try:
        with ordinary_file(path).open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as problem:
        way_out = way_out or "Give the name of a scenario (sortie list) or the path of a YAML file"
        msg = f"{label}: cannot be read ({reason(problem)}). {way_out}"
        raise ScenarioError(msg) from problem
    depends_on = [*_reader(), raw]
    data, lines, grouped = kept("scenario", depends_on, lambda: _parts(read_bytes(raw, label)))
    return Document(label, data, lines, grouped)


@cache
def _reader() -> list[bytes]:
    """What a reading depends on beside the file."""
    return [*sources(__file__), f"{yaml.__version__} {_LOADER.__name__}".encode()]


def _parts(document: Document) -> tuple[Any, ...]:
    return document.data, document.lines, document.grouped


def read_bytes(raw: bytes, label: str) -> Document:
    """Read the bytes of a scenario, wherever they come from (a file, an upload); raises as :func:`read_file`."""
    if len(raw) > MAX_BYTES:
        msg = f"{label}: larger than {MAX_BYTES:,} bytes: this is not a scenario. Series and results belong in CSV"
        raise ScenarioError(msg)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        msg = (
            f"{label}:{line}: not UTF-8 text (byte {raw[problem.start]:#04x} at position {problem.start})."
            " Save the file as UTF-8"
        )
        raise ScenarioError(msg) from problem
    return _Builder(label).document(text)


class _Builder:
    """Builds the data of one document from parser events."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.lines: dict[Place, int] = {}
        self.grouped: dict[Place, str] = {}

    def document(self, text: str) -> Document:
        try:
            events = yaml.parse(text, Loader=_LOADER)
            data = self._document(events)
        except yaml.MarkedYAMLError as problem:
            raise self._syntax(problem, text) from problem
        except yaml.YAMLError as problem:
            position = getattr(problem, "position", 0) or 0
            line = text[:position].count("\n") + 1
            msg = f"{self.label}:{line}: not a text file in YAML: it holds a control character or binary data"
            raise ScenarioError(msg) from problem
        if not isinstance(data, dict):
            met = {list: "a list", type(None): "nothing (the file is empty)"}.get(type(data), shown(data))
            msg = f"{self.label}:1: expected 'key: value' lines (extends, title, changes …), met {met}"
            raise ScenarioError(msg)
        return Document(self.label, data, self.lines, self.grouped)

    def _syntax(self, problem: yaml.MarkedYAMLError, text: str) -> ScenarioError:
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 if mark else 1
        rows = text.splitlines()
        row = rows[line - 1] if 0 < line <= len(rows) else ""
        hint = f" (opened on line {problem.context_mark.line + 1})" if problem.context_mark else ""
        advice = ""
        if row[: len(row) - len(row.lstrip())].count("\t"):
            advice = ". Indent with spaces: YAML takes no tabs"
        elif "mapping values" in (problem.problem or ""):
            advice = ". Check the indentation, and put quotes round a text that holds ': '"
        return ScenarioError(f"{self.label}:{line}: not valid YAML: {problem.problem}{hint}{advice}")

    def _fail(self, event: yaml.Event, place: Place, message: str) -> ScenarioError:
        where = dotted(place)
        return ScenarioError(f"{self.label}:{_line(event)}: {where + ': ' if where else ''}{message}")

    def _document(self, events: Iterator[yaml.Event]) -> object:
        data: object = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._fail(event, (), "a second document begins (---): one scenario a file")
                data = self._node(next(events), events, ())
        return data

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], place: Place) -> object:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise self._fail(event, place, "anchors (&) and aliases (*) are not read: write the value out")
        if len(place) > _MAX_DEPTH:
            raise self._fail(event, place[:3], f"nested deeper than {_MAX_DEPTH} levels")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        if event.tag not in {None, "!"}:  # type: ignore[attr-defined]
            raise self._fail(event, place, f"tags ({event.tag}) are not read")  # type: ignore[attr-defined]
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[object] = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                here = (*place, len(items))
                self.lines[here] = _line(event)
                items.append(self._node(event, events, here))
            return items
        return self._mapping(events, place)

    def _mapping(self, events: Iterator[yaml.Event], place: Place) -> dict[str | date, object]:
        data: dict[str | date, object] = {}
        before: object = None
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None:
                raise self._fail(event, place, "a key must be a plain word or a date")
            key: str | date = event.value
            if _DATE.fullmatch(event.value):
                key = _date(event.value) or event.value
            here = (*place, event.value)
            if key in data:
                first = self.lines[here]
                raise self._fail(event, here, f"written twice (first on line {first}): keep one")
            self.lines[here] = _line(event)
            value = next(events)
            if _is_decimals(event, value, before):
                ways = f'with a point (0.{event.value}) or quotes ("0,{event.value}")'
                raise self._fail(event, place, f"a comma between braces begins another key: write a decimal {ways}")
            data[key] = before = self._node(value, events, here)
        return data

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> object:
        text: str = event.value
        if _GROUPED.fullmatch(text):
            self.grouped[place] = text
        if event.tag not in {None, "!"}:
            raise self._fail(event, place, f"tags ({event.tag}) are not read")
        if not event.implicit[0]:
            return text
        if text in _NAMED:
            return _NAMED[text]
        if text in _SWITCHES:
            return _SWITCHES[text]
        if _INTEGER.fullmatch(text) and len(text) <= 18:
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
        if _NOT_FINITE.fullmatch(text):
            raise self._fail(event, place, f"met {text}: expected a finite number")
        if _DATE.fullmatch(text):
            day = _date(text)
            if day is None:
                raise self._fail(event, place, f"met {text}: this day is not in the calendar")
            return day
        return text


def _is_decimals(key: yaml.ScalarEvent, value: yaml.Event, before: object) -> bool:
    """Whether a key is what stands after the comma of ``{by: 0,5}``: digits alone, without a value, after a number."""
    empty = isinstance(value, yaml.ScalarEvent) and value.implicit[0] and not value.value
    number = isinstance(before, int | float) and not isinstance(before, bool)
    return empty and number and key.implicit[0] and key.value.isdigit()


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark is not None else 1


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
