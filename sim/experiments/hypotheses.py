"""Two sets of hypotheses side by side: how far each explains why two people get two answers about one policy.

Two scenarios say two worlds, a union's and a ministry's; a third says the policy. Where they differ is taken apart into
hypotheses: a parameter, a rule of law, a behaviour, what is built. Each world in which some of them are as the one says and the
others as the other says is run with and without the policy, all with one luck. The part of a hypothesis in the gap between the
two answers is its Shapley value: what it adds, averaged over the orders in which the first set could be turned into the second.
The parts add up to the gap. Beyond :data:`MOST` hypotheses (2 to that power of worlds) each is changed alone in the first
world, and alone is left unchanged in the second: the mean of the two, and what is left is told as their interactions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import iso
from sim.errors import RequestError
from sim.experiments.attribution import shapley
from sim.experiments.replicate import Retention, ScenarioRun, fill
from sim.experiments.units import begin
from sim.indicators.context import MEASURED
from sim.indicators.estimates import Estimate, estimate
from sim.indicators.headline import HEADLINE
from sim.policies import POLICIES
from sim.records.manifest import describe_machine
from sim.scenario import read_scenario
from sim.scenario.scenario import LAW, nested
from sim.scenario.sourced import plain_value
from sim.scenario.writing import to_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from sim.experiments.execution import Backend
    from sim.experiments.progress import Listener
    from sim.scenario import Scenario

    Values = NDArray[np.float64]
    Figure = tuple[str, str]
    Worlds = frozenset[int]

MOST = 8
"""Hypotheses taken apart exactly at most: 256 worlds, twice as many runs a replication."""
ESTABLISHMENTS = "establishments"
BEHAVIOUR = "policies."
FOLDER = "hypotheses"


@dataclass(frozen=True)
class Hypothesis:
    """What two sets of hypotheses say differently."""

    name: str
    """Path of a parameter, ``law.…``, ``policies.…`` or ``establishments``; beginning of the paths of a family."""
    members: tuple[str, ...]
    """What it is made of: itself, or the paths of the family."""
    label: Mapping[str, str]
    """Name for readers, by language; empty where there is none."""
    one: str
    other: str
    """Value on the first measured day under each, as text; empty for what has none."""


@dataclass(frozen=True)
class Explained:
    """Part of one hypothesis in the gap between two answers."""

    hypothesis: Hypothesis
    part: Estimate
    """In the unit of the figure; its interval is of chance."""
    share: float
    """Of the gap; NaN where there is none."""
    alone: float
    """What changing it alone in the first world does to the answer."""
    last: float
    """What it adds once all the others are as the second says."""


@dataclass(frozen=True)
class Gap:
    """One figure: the two answers and what explains that they differ."""

    indicator: str
    group: str
    one: Estimate
    other: Estimate
    gap: Estimate
    """The second answer less the first."""
    parts: tuple[Explained, ...]
    interactions: float
    """What the parts do not add up to; 0 where they are Shapley values."""


@dataclass(frozen=True)
class Hypotheses:
    """What :func:`explain` found."""

    one: str
    other: str
    policy: str
    hypotheses: tuple[Hypothesis, ...]
    gaps: tuple[Gap, ...]
    exact: bool
    """Whether the parts are exact Shapley values."""
    worlds: int
    replications: int

    def frame(self) -> pd.DataFrame:
        """One row a figure: the two answers, their gap with its interval, and what the parts leave."""
        import pandas as pd  # noqa: PLC0415 (0.3 s, and the messages of a mistake need no frame)

        rows = [
            (each.indicator, each.group, each.one.mean, each.other.mean, each.gap.mean, each.gap.low, each.gap.high,
             each.interactions)
            for each in self.gaps
        ]  # fmt: skip
        columns = ["indicator", "group", "first", "second", "gap", "low", "high", "interactions"]
        return pd.DataFrame(rows, columns=columns)

    def parts(self) -> pd.DataFrame:
        """One row for each figure and hypothesis."""
        import pandas as pd  # noqa: PLC0415

        rows = [
            (gap.indicator, gap.group, each.hypothesis.name, each.hypothesis.one, each.hypothesis.other, each.part.mean,
             each.part.low, each.part.high, each.share, each.alone, each.last)
            for gap in self.gaps
            for each in gap.parts
        ]  # fmt: skip
        columns = ["indicator", "group", "hypothesis", "first", "second", "part", "low", "high", "share", "alone", "last"]
        return pd.DataFrame(rows, columns=columns)


def differing(one: Scenario, other: Scenario, *, families: bool = False) -> tuple[Hypothesis, ...]:
    """Take apart what two worlds say differently during a run; ``families`` puts parameters of one part of the world together.

    Raises
    ------
    RequestError
        If they are over other days or another sample, or have other parameters: their answers are not about one thing.
    """
    for what, mine, theirs in (
        ("start", iso(one.start_day), iso(other.start_day)),
        ("measure_from", iso(one.measure_from_day), iso(other.measure_from_day)),
        ("end", iso(one.end_day), iso(other.end_day)),
        ("sampling_fraction", f"{one.sampling_fraction:g}", f"{other.sampling_fraction:g}"),
    ):
        if mine != theirs:
            msg = (
                f"'{one.name}' and '{other.name}' differ in their frame: {what} {mine} and {theirs}. "
                f"Give both the same with --start, --measure-from, --end and --fraction."
            )
            raise RequestError(msg)
    if one.world.keys() != other.world.keys():
        unknown = min(one.world.keys() ^ other.world.keys())
        msg = f"'{one.name}' and '{other.name}' are worlds of two versions: '{unknown}' is in one of them only."
        raise RequestError(msg)
    paths = [path for path in one.world if _differs(one, other, path)]
    changed = {change.path for change in (*one.changes, *other.changes) if change.path.startswith(LAW)}
    paths += sorted(path for path in changed if _lines(one, path) != _lines(other, path))
    called = {call.name for call in (*one.policies, *other.policies)}
    paths += sorted(f"{BEHAVIOUR}{name}" for name in called if _calls(one, name) != _calls(other, name))
    if one.establishments != other.establishments:
        paths.append(ESTABLISHMENTS)
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(".".join(path.split(".")[:2]) if families else path, []).append(path)
    return tuple(_hypothesis(name, members, one, other) for name, members in groups.items())


def _differs(one: Scenario, other: Scenario, path: str) -> bool:
    mine, theirs = one.leaves[path].timeline, other.leaves[path].timeline
    days = sorted({one.start_day, *mine.days, *theirs.days})
    if any(mine.at(day) != theirs.at(day) for day in days if one.start_day <= day <= one.end_day):
        return True
    return [line for line in _lines(one, path) if "where" in line] != [line for line in _lines(other, path) if "where" in line]


def _lines(scenario: Scenario, path: str) -> list[dict[str, Any]]:
    """Changes of a parameter or of one of its entries, or of a rule of law, as a file says them."""
    return [
        c.plain() for c in scenario.changes if c.path == path or (not path.startswith(LAW) and _leaf(scenario, c.path) == path)
    ]


def _leaf(scenario: Scenario, path: str) -> str:
    """The parameter that a path is, or is an entry of; a rule of law is itself."""
    return path if path in scenario.world or path.startswith(LAW) else path.rpartition(".")[0]


def _calls(scenario: Scenario, name: str) -> list[dict[str, Any]]:
    return [call.plain() for call in scenario.policies if call.name == name]


def _hypothesis(name: str, members: Sequence[str], one: Scenario, other: Scenario) -> Hypothesis:
    leaf = one.world.get(members[0]) if len(members) == 1 else None
    label = leaf.label if leaf is not None and leaf.label is not None else {}
    told = _values(members[0], one, other) if len(members) == 1 else ("", "")
    return Hypothesis(name, tuple(members), label, *told)


def _values(path: str, one: Scenario, other: Scenario) -> tuple[str, str]:
    """What two worlds say of one thing, as short texts; of a table what differs, on the first day on which it does."""
    if path.startswith(LAW):
        mine, theirs = (_said([(line["on"], line.get("to", line.get("by"))) for line in _lines(w, path)]) for w in (one, other))
        return mine, theirs
    if path.startswith(BEHAVIOUR):
        name = path.removeprefix(BEHAVIOUR)
        mine, theirs = (_said([(call["on"], call.get("with", "")) for call in _calls(w, name)]) for w in (one, other))
        return mine, theirs
    if path not in one.leaves:
        return "", ""
    lines = [world.leaves[path].timeline for world in (one, other)]
    days = sorted({one.start_day, *(day for line in lines for day in line.days if one.start_day <= day <= one.end_day)})
    days = [one.measure_from_day, *days]
    day = next((day for day in days if lines[0].at(day) != lines[1].at(day)), one.measure_from_day)
    values = [plain_value(line.at(day)) for line in lines]
    if isinstance(values[0], dict):
        apart = [key for key, value in values[0].items() if values[1].get(key) != value]
        values = [{key: value[key] for key in apart} for value in values]
    return _text(values[0]), _text(values[1])


def _said(dated: Sequence[tuple[str, Any]]) -> str:
    return "; ".join(f"{day} {_text(value)}".strip() for day, value in dated)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text(number)}" for key, number in value.items())
    if isinstance(value, list):
        return ", ".join(_text(number) for number in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}"
    return "" if value is None else str(value)


def mixed(
    one: Scenario, other: Scenario, hypotheses: Sequence[Hypothesis], chosen: Worlds, policy: Scenario | None
) -> Scenario:
    """Return the first world in which the hypotheses chosen are as the second says, with a policy on top or without.

    Raises
    ------
    ScenarioError
        If the policy cannot be had in that world (it changes a value on the day on which a hypothesis does).
    """
    swapped = {path for number in chosen for path in hypotheses[number].members}

    def source(path: str) -> Scenario:
        return other if path in swapped else one

    leaves = {path: source(path).world[path] for path in one.world}
    overrides = {
        path: value for world in (one, other) for path, value in world.overrides.items() if source(_leaf(world, path)) is world
    }
    changes = [
        change.plain() for world in (one, other) for change in world.changes if source(_leaf(world, change.path)) is world
    ]
    calls = [call.plain() for world in (one, other) for call in world.policies if source(BEHAVIOUR + call.name) is world]
    built = [each.plain() for each in source(ESTABLISHMENTS).establishments]
    if policy is not None:
        changes += [change.plain() for change in policy.changes]
        calls += [call.plain() for call in policy.policies]
        built += [each.plain() for each in policy.establishments]
    plain: dict[str, Any] = {
        "name": "world" if policy is None else "policy",
        "title": {"fr": "hypothèses", "en": "hypotheses"},
        "start": iso(one.start_day),
        "measure_from": iso(one.measure_from_day),
        "end": iso(one.end_day),
        "sampling_fraction": one.sampling_fraction,
        "policies": calls,
        "changes": changes,
        "parameters": nested({path: leaf.plain() for path, leaf in leaves.items()}),
    }
    if overrides:
        plain["overrides"] = overrides
    if built:
        plain["establishments"] = built
    names = f"{one.name}, {other.name}" + ("" if policy is None else f", {policy.name}")
    found = read_scenario(to_text(plain), name=names, known_policies=frozenset(POLICIES))
    return replace(found, name=plain["name"])


def worlds_needed(number: int, *, exact: bool) -> list[Worlds]:
    """Sets of hypotheses whose worlds are run: all of them, or each alone and all but each."""
    everything = frozenset(range(number))
    if exact:
        return [frozenset(c) for size in range(number + 1) for c in combinations(range(number), size)]
    ones = [frozenset({each}) for each in range(number)]
    return list(dict.fromkeys([frozenset(), *ones, *(everything - each for each in ones), everything]))


def explain(
    one: Scenario,
    other: Scenario,
    policy: Scenario,
    *,
    output: Path,
    means: Backend,
    listener: Listener,
    seed: int = 1,
    replications: int = 4,
    families: bool = False,
    most: int = MOST,
    figures: Sequence[Figure] | None = None,
) -> Hypotheses:
    """Run what is missing of the worlds between two sets of hypotheses, and share out the gap between their answers.

    Raises
    ------
    RequestError
        If the two do not differ, the policy changes nothing, or a run failed (the others are kept).
    """
    found = differing(one, other, families=families)
    if not found:
        msg = f"'{one.name}' and '{other.name}' are one world during the run: there is nothing to explain."
        raise RequestError(msg)
    if not (policy.changes or policy.policies or policy.establishments):
        msg = f"'{policy.name}' changes nothing: give as third the policy about which the two sets of hypotheses disagree."
        raise RequestError(msg)
    exact = len(found) <= most
    needed = worlds_needed(len(found), exact=exact)
    made = describe_machine()
    root = (output / FOLDER).resolve()
    runs: list[ScenarioRun] = []
    for number, chosen in enumerate(needed):
        for arm in (None, policy):
            scenario = mixed(one, other, found, chosen, arm)
            runs.append(ScenarioRun(scenario, begin(scenario, seed, root, made), number))
    kept = Retention("none", (), current=True)
    fork = means.backend != "serial"
    filled = fill(runs, range(replications), seed=seed, kept=kept, means=means, listener=listener, fork=fork)
    if filled.failures:
        failure = filled.failures[0]
        msg = f"{len(filled.failures)} runs failed, the others are kept. {failure.unit}: {failure.message}"
        raise RequestError(msg)
    wanted = tuple(figures or HEADLINE.values())
    effects = {
        chosen: _effects(runs[2 * number], runs[2 * number + 1], wanted, replications) for number, chosen in enumerate(needed)
    }
    gaps = tuple(
        shared_out(figure, {chosen: effect[figure] for chosen, effect in effects.items()}, found, exact=exact)
        for figure in wanted
        if all(figure in effect for effect in effects.values())
    )
    return Hypotheses(one.name, other.name, policy.name, found, gaps, exact, len(needed), replications)


def _effects(world: ScenarioRun, policy: ScenarioRun, wanted: Sequence[Figure], replications: int) -> dict[Figure, Values]:
    """What the policy does in one world, replication by replication; figures that one of them lacks are left out."""
    found = []
    for run in (world.run, policy.run):
        frame = run.indicators()
        frame = frame[(frame["period"] == MEASURED) & (frame["replication"] < replications)]
        found.append(frame.set_index(["indicator", "group", "replication"])["value"])
    moved = found[1] - found[0]
    effects = {}
    for indicator, group in wanted:
        values = [float(moved.get((indicator, group, number), np.nan)) for number in range(replications)]
        if np.isfinite(values).all():
            effects[indicator, group] = np.array(values)
    return effects


def shared_out(figure: Figure, answers: Mapping[Worlds, Values], hypotheses: Sequence[Hypothesis], *, exact: bool) -> Gap:
    """Share out the gap between the answers of the first and of the last world, replication by replication."""
    number = len(hypotheses)
    nothing, everything = frozenset[int](), frozenset(range(number))
    gap = answers[everything] - answers[nothing]
    alone = [answers[frozenset({each})] - answers[nothing] for each in range(number)]
    last = [answers[everything] - answers[everything - {each}] for each in range(number)]
    if exact:
        count = len(gap)
        by_replication = [shapley(number, lambda chosen, k=k: float(answers[chosen][k])) for k in range(count)]  # type: ignore[misc]
        parts = [np.array([row[each] for row in by_replication]) for each in range(number)]
    else:
        parts = [(alone[each] + last[each]) / 2 for each in range(number)]
    whole = float(gap.mean())
    explained = [
        Explained(
            hypothesis,
            estimate(parts[each].tolist()),
            float(parts[each].mean()) / whole if whole else float("nan"),
            float(alone[each].mean()),
            float(last[each].mean()),
        )
        for each, hypothesis in enumerate(hypotheses)
    ]
    rest = 0.0 if exact else whole - sum(float(part.mean()) for part in parts)
    return Gap(
        *figure,
        estimate(answers[nothing].tolist()),
        estimate(answers[everything].tolist()),
        estimate(gap.tolist()),
        tuple(sorted(explained, key=lambda each: -abs(each.part.mean))),
        rest,
    )
