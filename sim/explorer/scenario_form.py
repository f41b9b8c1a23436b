"""A scenario from the levers of the page, as the file the command line takes; and back from a file to the levers."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from sim.dates import iso
from sim.errors import ScenarioError
from sim.policies import POLICIES
from sim.records.manifest import engine_digest, run_identifier
from sim.scenario import read_scenario
from sim.scenario.document import read_bytes
from sim.scenario.library import files
from sim.scenario.naming import RESERVED
from sim.scenario.readers import unread_parameter
from sim.scenario.slips import as_numbers
from sim.scenario.writing import to_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.scenario import Scenario
    from sim.scenario.sourced import Sourced

NAME = "mon-scenario"
DATES = ("2026-07-01", "2027-01-01", "2027-07-01", "2028-01-01")
"""Days on which the levers may move; the first unless chosen."""
FRACTIONS = ("1", "0.2", "0.05")
"""Shares of the country, the whole one unless chosen: it takes ten seconds a replication."""
SEED = 1
MOST_BYTES = 200_000
"""A scenario file is a few kilobytes; the whole baseline is sixty."""


@dataclass(frozen=True)
class Lever:
    """One slider or switch."""

    key: str
    group: str
    paths: tuple[str, ...]
    by: str
    """``percent``, ``number``, ``law`` (the value itself, times :attr:`times`), or empty for a switch."""
    low: int
    high: int
    step: int
    to: float | None
    rest: int = 0
    """Where it stands when nothing is changed."""
    times: int = 1

    def changes(self, value: int, on: str) -> list[dict[str, Any]]:
        """Lines of a scenario file that make a setting; none at rest."""
        if value == self.rest:
            return []
        if self.by == "law":
            to = value if self.times == 1 else round(value / self.times, 4)
            return [{"on": on, "set": path, "to": to, "applies_to": "everyone"} for path in self.paths]
        if self.to is not None:
            return [{"on": on, "set": path, "to": self.to} for path in self.paths]
        if self.by == "percent":
            return [{"on": on, "scale": path, "by": round(1 + value / 100, 4)} for path in self.paths]
        return [{"on": on, "add": path, "by": value} for path in self.paths]


@lru_cache(maxsize=1)
def levers() -> tuple[Lever, ...]:
    """Read the levers, in the order of the page."""
    rows = yaml.safe_load(Path(__file__).with_name("levers.yaml").read_text(encoding="utf-8"))
    return tuple(
        Lever(
            row["key"], row["group"], tuple(row["paths"]), row.get("by", ""), row.get("min", 0), row.get("max", 1),
            row.get("step", 1), row.get("to"), row.get("rest", 0), row.get("times", 1),
        )
        for row in rows
    )  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """What is on the page: settings of the levers, further changes, policies; or a whole file that levers cannot say."""

    settings: Mapping[str, int]
    on: str
    extras: Sequence[Mapping[str, Any]]
    policies: Sequence[Mapping[str, Any]]
    whole: str = ""
    """Text of a file taken as it is."""

    def changes(self) -> list[dict[str, Any]]:
        """Lines of the file, in the order of the levers, then the others."""
        lines = [line for lever in levers() for line in lever.changes(self.setting(lever), self.on)]
        return [*lines, *(dict(extra) for extra in self.extras)]

    def setting(self, lever: Lever) -> int:
        """Setting of a lever; where it rests if nobody moved it."""
        return self.settings.get(lever.key, lever.rest)

    def text(self, title: Mapping[str, str]) -> str:
        """Return the scenario file."""
        if self.whole:
            return self.whole
        block: dict[str, Any] = {"extends": "baseline.yaml", "name": NAME, "title": dict(title)}
        if self.policies:
            block["policies"] = [dict(call) for call in self.policies]
        block["changes"] = self.changes()
        return as_numbers(to_text(block))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is changed."""
        return not self.whole and not self.policies and not self.changes()


def changeable(world: Scenario, on: int) -> dict[str, Sourced]:
    """Single numbers of a world that may change on a day: a run reads them on that day or after."""
    days = {"start": world.start_day, "measure_from": world.measure_from_day}
    numbers = {path: leaf for path, leaf in world.parameters().items() if leaf.shape == ("number",)}
    return {path: leaf for path, leaf in numbers.items() if unread_parameter(path, path, (), on, days) is None}


@lru_cache(maxsize=64)
def loaded(text: str) -> Scenario:
    """Read a scenario file as the command line does.

    Raises
    ------
    ScenarioError
        If anything in it is wrong.
    """
    _must_extend_the_library(text.encode(errors="surrogatepass"), f"{NAME}.yaml")
    scenario = read_scenario(text, name=f"{NAME}.yaml", known_policies=frozenset(POLICIES))
    if scenario.name.casefold() == RESERVED:
        msg = f"name: met {scenario.name!r}, the name of the world that others extend: give this scenario a name of its own."
        raise ScenarioError(msg)
    return scenario


def _must_extend_the_library(raw: bytes, name: str) -> None:
    """Refuse a file that extends anything but a scenario with a name: a stranger's file may not make the server read others."""
    document = read_bytes(raw, name)
    extended = document.data.get("extends")
    known = files()
    for base in extended if isinstance(extended, list) else [extended]:
        if base is not None and str(base).removesuffix(".yaml") not in known:
            raise document.error(("extends",), f"met {str(base)[:80]!r}, expected a shipped scenario: {', '.join(known)}")


def run_id(scenario: Scenario) -> str:
    """Name of the run of a scenario: the one the command line gives it."""
    return run_identifier(scenario.digest(), SEED, engine=engine_digest())


def read_draft(raw: bytes, name: str) -> tuple[Draft, str]:
    """Turn an uploaded file into what the page can hold; also the date its levers move on.

    Raises
    ------
    ScenarioError
        If the file is no scenario, or too large.
    """
    if len(raw) > MOST_BYTES:
        msg = f"{name}: {len(raw):,} bytes; a scenario file has at most {MOST_BYTES:,}."
        raise ScenarioError(msg)
    _must_extend_the_library(raw, name)
    scenario = read_scenario(raw, name=name, known_policies=frozenset(POLICIES))
    block = read_bytes(raw, name).data
    known = {"extends", "name", "title", "question", "asked_by", "source", "changes", "policies"}
    if not set(block) <= known or str(block.get("extends", "")).removesuffix(".yaml") != "baseline":
        return Draft({}, DATES[0], (), (), whole=raw.decode("utf-8-sig")), DATES[0]
    lines = [_plain(line) for line in block.get("changes", [])]
    return _recognised(lines, [call.plain() for call in scenario.policies])


def _plain(line: Mapping[str, Any]) -> dict[str, Any]:
    """A change as plain data, its day as text."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in line.items()}


def _recognised(lines: list[dict[str, Any]], policies: list[dict[str, Any]]) -> tuple[Draft, str]:
    """Put the changes that levers can make on the levers, the others beside them."""
    days = [line["on"] for line in lines if line["on"] in DATES]
    on = max(DATES, key=days.count) if days else DATES[0]
    settings: dict[str, int] = {}
    rest = list(lines)
    for lever in levers():
        value = _setting(lever, rest, on)
        if value is not None:
            settings[lever.key] = value
            made = lever.changes(value, on)
            rest = [line for line in rest if line not in made]
    return Draft(settings, on, tuple(rest), tuple(policies)), on


def _setting(lever: Lever, lines: list[dict[str, Any]], on: str) -> int | None:
    """Setting of a lever that makes lines found in a file; None if there is none."""
    first = next((line for line in lines if lever.paths[0] in line.values() and line["on"] == on), None)
    if first is None:
        return None
    if lever.to is not None:
        value = 1
    elif lever.by == "law":
        met = first.get("to")
        value = round(met * lever.times) if isinstance(met, int | float) and not isinstance(met, bool) else lever.rest
    else:
        number = float(first.get("by", 0) if not isinstance(first.get("by"), str) else 0)
        value = round(100 * (number - 1)) if lever.by == "percent" else round(number)
    made = lever.changes(value, on)
    fits = bool(made) and lever.low <= value <= lever.high and all(line in lines for line in made)
    return value if fits else None


def packed(extras: Sequence[Mapping[str, Any]], policies: Sequence[Mapping[str, Any]], whole: str) -> str:
    """What levers cannot say, short enough for an address; empty if there is nothing."""
    if not extras and not policies and not whole:
        return ""
    plain = json.dumps([[dict(e) for e in extras], [dict(p) for p in policies], whole], separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(plain.encode(), 9)).decode().rstrip("=")


def unpacked(text: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]], str]:
    """Read what :func:`packed` wrote.

    Raises
    ------
    ScenarioError
        If the address was cut or changed.
    """
    try:
        raw = base64.urlsafe_b64decode(text[:MOST_BYTES] + "=" * (-len(text[:MOST_BYTES]) % 4))
        extras, policies, whole = json.loads(zlib.decompressobj().decompress(raw, MOST_BYTES), parse_constant=_no_number)
        _check_depth([extras, policies])
        if not isinstance(whole, str):
            raise ValueError(whole)  # noqa: TRY301 (told below with the others)
        return [_line(extra) for extra in extras], [_line(call) for call in policies], whole
    except (ValueError, TypeError, RecursionError, zlib.error) as problem:
        msg = "the address of this page was cut: ask for it again, or upload the scenario file"
        raise ScenarioError(msg) from problem


_DEEPEST = 8
"""A change of the address is a mapping of values, tables of numbers at most."""


def _no_number(word: str) -> float:
    raise ValueError(word)


def _check_depth(plain: object) -> None:
    """Refuse what is nested deeper than a scenario file is, level by level rather than by recursion.

    Raises
    ------
    ValueError
        If so.
    """
    level = [plain]
    for _ in range(_DEEPEST):
        level = [inner for item in level if isinstance(item, list | dict) for inner in _inside(item)]
        if not level:
            return
    msg = "nested too deep"
    raise ValueError(msg)


def _inside(item: list[Any] | dict[str, Any]) -> list[Any]:
    return list(item.values()) if isinstance(item, dict) else item


def _line(raw: object) -> dict[str, Any]:
    """Return a line of a scenario file that the page can write out: keys that are words, nothing that is empty.

    Raises
    ------
    ValueError
        If it is none. Keys that no file has are left: the reader of files refuses them by name.
    """
    if not isinstance(raw, dict) or not raw or any(not key.strip() for key in raw):
        raise ValueError(raw)
    for value in raw.values():
        # An empty mapping among a list of mappings cannot be written as lines of YAML, and means nothing.
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            raise ValueError(raw)
    return dict(raw)


def from_address(text: str, title: Mapping[str, str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]], str]:
    """Read what :func:`packed` wrote and check it as a scenario, so that the page holds only what a run would take.

    Raises
    ------
    ScenarioError
        If the address was cut or changed, or says what no scenario may.
    """
    extras, policies, whole = unpacked(text)
    scenario = loaded(Draft({}, DATES[0], extras, policies, whole).text(title))
    if whole:
        return [], [], whole
    return [change.plain() for change in scenario.changes], [call.plain() for call in scenario.policies], ""


def command(scenario_file: str, replications: int, fraction: str) -> str:
    """Return the command that makes the same run."""
    part = "" if fraction == "1" else f" --fraction {fraction}"
    return f"sortie run baseline {scenario_file} --replications {replications} --seed {SEED}{part}"


def dates_told(scenario: Scenario) -> tuple[str, str]:
    """First measured day and last day of a scenario."""
    return iso(scenario.measure_from_day), iso(scenario.end_day)
