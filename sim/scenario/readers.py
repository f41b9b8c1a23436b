"""No painted door: what no run reads may not be changed as if one did.

A change of a rule that only the rule book tells, or of a parameter that no code reads, would be accepted, described, simulated,
and reported as "no effect". Every door (``check``, ``show``, ``run``, ``batch``, ``solve``, the explorer, the Python API) loads
scenarios through :mod:`sim.scenario.loading`, which asks here; the refusal names the parameter that would do it.

Who reads what is derived from the code (``docs/read_by.py``). What stands in the model for a rule that is not read
(``simulated_by.yaml``), and which rules decide nothing although they are read (``without_effect.yaml``), are reviewed
judgements.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml

from sim.dates import iso
from sim.law.readers import engine_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Reader = Literal[
    "engine", "first day", "measures", "measures by day", "rule book only", "nobody concerned", "nobody"
]  # fmt: skip
"""Who reads a value: a run, as it goes or once on its first day; what is measured on it, on the first day measured (costs) or
for each day; the rule book of the law, which no run asks; a run, for people who are not in the model; or no code at all."""

LAW = "law."
BEHAVIOURS = "policies."
READ_BY = Path(__file__).with_name("read_by.yaml")
SIMULATED_BY = Path(__file__).with_name("simulated_by.yaml")
WITHOUT_EFFECT = Path(__file__).with_name("without_effect.yaml")
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (a safe loader)


@cache
def parameter_readers() -> Mapping[str, Reader]:
    """Who reads each parameter of the baseline, and each entry that is not read as the rest of its table is."""
    return {path: reader for reader, paths in _load(READ_BY).items() for path in paths}


@cache
def stand_ins() -> Mapping[str, tuple[str, ...]]:
    """What stands in the model for a rule that no run reads: parameters, rules that are read, behaviours (``policies.…``).

    By rule, or by notion for all its rules that are not named themselves.
    """
    return {key: tuple(paths) for key, paths in _load(SIMULATED_BY).items()}


@cache
def without_effect() -> Mapping[str, Mapping[str, Any]]:
    """Rules that a run reads and that move nothing, with the reason.

    ``nobody``: no person of the model is concerned. ``hidden``: another rule, as it stands, decides before (in both languages).
    """
    found: Mapping[str, Mapping[str, Any]] = _load(WITHOUT_EFFECT)
    return found


def hidden_by(path: str) -> Mapping[str, str] | None:
    """Why a rule (``law.…``) decides nothing as the other rules stand, by language; None if it does."""
    found: Mapping[str, str] | None = without_effect()["hidden"].get(path.removeprefix(LAW))
    return found


def reader_of(path: str) -> Reader:
    """Who reads a rule of law (``law.…``), a parameter, or one entry of it."""
    if path.startswith(LAW):
        rule = path[len(LAW) :]
        if rule in without_effect()["nobody"]:
            return "nobody concerned"
        return "engine" if rule in engine_rules() else "rule book only"
    known = parameter_readers()
    found = known.get(path) or known.get(path.rpartition(".")[0])
    if found is not None:
        return found
    # A table whose entries are not all read by the same is read by the one who reads most often.
    entries = {reader for entry, reader in known.items() if entry.startswith(f"{path}.")}
    return next((reader for reader in ("engine", "first day", "measures by day", "measures") if reader in entries), "nobody")


def simulated_by(path: str) -> tuple[str, ...]:
    """What to change for a run to do what a rule (``law.…``) says; nothing if nothing in the model stands for it."""
    rule = path[len(LAW) :]
    return stand_ins().get(rule, stand_ins().get(rule.partition(".")[0], ()))


def way_out(path: str) -> str:
    """Say what would simulate a rule that no run reads."""
    found = simulated_by(path)
    if not found:
        return "Nothing in the model stands for it"
    behaviours = [f"'{name[len(BEHAVIOURS) :]}'" for name in found if name.startswith(BEHAVIOURS)]
    values = [f"'{name}'" for name in found if not name.startswith(BEHAVIOURS)]
    parts = [f"change {_listed(values)}"] if values else []
    parts += [f"add the behaviour {_listed(behaviours)} under 'policies'"] if behaviours else []
    return f"To simulate it, {', or '.join(parts)}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def unread_rule(path: str, value: object, amends: Iterable[str]) -> str | None:
    """Why no run would show a change of a rule, with the way out; None if one would.

    Parameters
    ----------
    path
        The rule, ``law.`` first.
    value
        What it is set to.
    amends
        Rules, without ``law.``, that it changes when it is set to true (a pending reform); none for any other.
    """
    amended = list(amends)
    nobody = without_effect()["nobody"]
    if value is not True or not amended:
        if path[len(LAW) :] in nobody:
            return f"no run would show '{path}' changed: {nobody[path[len(LAW) :]]}"
        if reader_of(path) == "engine":
            return None
        return f"'{path}' is told by the rule book and read by no run, which would show no effect. {way_out(path)}"
    unread = [f"{LAW}{rule}" for rule in amended if rule not in engine_rules() or rule in nobody]
    if not unread:
        return None
    listed = ", ".join(f"'{rule}'" for rule in unread)
    message = f"'{path}' amends {len(amended)} rules, {len(unread)} of which no run reads: {listed}. {way_out(path)}"
    if len(unread) < len(amended):
        rest = ", ".join(f"'{LAW}{rule}'" for rule in amended if f"{LAW}{rule}" not in unread)
        message += f"; what a run reads of it can be changed by itself: {rest}"
    return message


def unread_parameter(path: str, parameter: str, moved: Iterable[str], day: int, days: Mapping[str, int]) -> str | None:
    """Why no run would show a change of a parameter; None if one would.

    Parameters
    ----------
    path
        What is changed, for the message.
    parameter, moved
        The parameter, and those of its entries that take another value (none, if it has none).
    day
        When.
    days
        ``start`` and ``measure_from`` of the run.
    """
    readers = {reader_of(f"{parameter}.{entry}") for entry in moved} or {reader_of(parameter)}
    if readers == {"nobody"}:
        return nobody_reads(path)
    late = [read_too_late(path, reader, day, days) for reader in sorted(readers) if reader != "nobody"]
    return None if None in late else late[-1]


def read_too_late(path: str, reader: Reader, day: int, days: Mapping[str, int]) -> str | None:
    """Why a change on a day comes after what it changes was read; None if it does not."""
    if reader == "measures" and day > days["measure_from"]:
        return (
            f"'{path}' is read once, on the first day measured ({iso(days['measure_from'])}): a change on {iso(day)} would"
            " have no effect. Let it change on that day or before"
        )
    if reader == "first day" and day > days["start"]:
        return (
            f"'{path}' is read once, on the first day of the run ({iso(days['start'])}): a change on {iso(day)} would have no"
            " effect. Let it change on that day"
        )
    return None


def nobody_reads(path: str) -> str:
    """Say that no code reads a parameter."""
    return (
        f"no code reads '{path}': no run would show the change. If code that reads it has just been written,"
        " 'python docs/generate.py' finds it"
    )
