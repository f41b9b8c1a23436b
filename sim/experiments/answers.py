"""What a policy changes, over draws: the median, its 90 % interval, the sign, what it hangs on and where it tips.

An answer is the distribution of one difference over the draws of an experiment (plausible ones, or a posterior's with their
weights), each draw being another world that could be ours. The central draw is no more than one of them and is told apart. The
interval holds what the draws differ in and the chance of the replications that each was run with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import inf, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import yaml

from sim.errors import RequestError, ScenarioError, suggestion
from sim.experiments.attribution import FEWEST_DRAWS, Part, Tipping, hangs_on, tipping
from sim.experiments.results_tree import INDEX, read_index
from sim.experiments.weighted import effective_size, weighted_quantile
from sim.indicators.catalogue import CATALOGUE
from sim.indicators.context import MEASURED
from sim.indicators.headline import HEADLINE
from sim.records.run_folder import open_run
from sim.scenario import read_scenario
from sim.scenario.values import entries_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from sim.scenario import Scenario

    Values = NDArray[np.float64]
    Figure = tuple[str, str]

ALL = "all"
"""Name of the reading that takes every draw."""
READINGS = Path(__file__).with_name("readings.yaml")
_FIGURE = re.compile(r"(?P<indicator>\w+)(\[(?P<group>[^\]]+)\])?")
STEPS = {"share": 0.01}
"""By unit, how much is worth telling: beside the sign, where a policy begins to move a share by a point."""
COLUMNS = (
    "policy", "indicator", "group", "period", "reading", "base", "central", "median", "low", "high", "below_zero", "above_zero",
    "draws", "effective", "explained",
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """One way of reading a statement about the country as it is."""

    name: str
    title: Mapping[str, str]
    """By language."""
    indicator: str = ""
    group: str = ""
    at_least: float = -inf
    below: float = inf

    def holds(self, base: Mapping[Figure, Values], draws: int) -> NDArray[np.bool_]:
        """Say of which draws it holds."""
        if not self.indicator:
            return np.ones(draws, dtype=np.bool_)
        met = base.get((self.indicator, self.group))
        if met is None:
            return np.zeros(draws, dtype=np.bool_)
        found: NDArray[np.bool_] = (met >= self.at_least) & (met < self.below)
        return found


@dataclass(frozen=True)
class Answer:
    """What one policy does to one figure, under one reading."""

    policy: str
    indicator: str
    group: str
    period: str
    reading: str
    base: float
    """Median of the figure without the policy."""
    central: float
    """The difference in the central draw."""
    median: float
    low: float
    high: float
    """Ends of the interval that holds 90 % of the draws."""
    below_zero: float
    """Share of the draws in which the policy lowers the figure."""
    above_zero: float
    """… raises it; the rest is exactly nothing."""
    draws: int
    effective: float
    """Draws of equal weight that would be worth as much."""
    explained: float
    """Share of the spread of the difference that the parameters named foretell."""
    parts: tuple[Part, ...]
    tips: tuple[Tipping, ...]

    @property
    def told(self) -> bool:
        """Whether there are draws enough for an interval."""
        return self.effective >= FEWEST_DRAWS


@dataclass(frozen=True)
class Answers:
    """Every answer of an experiment."""

    experiment: str
    answers: tuple[Answer, ...]
    labels: Mapping[str, Mapping[str, str]]
    """Names of the parameters that draws move, by language."""
    units: Mapping[str, str]
    replications: int

    def frame(self) -> pd.DataFrame:
        """One row an answer: :data:`COLUMNS`."""
        return pd.DataFrame([[getattr(each, name) for name in COLUMNS] for each in self.answers], columns=list(COLUMNS))

    def parts(self) -> pd.DataFrame:
        """What each answer hangs on: one row a parameter named."""
        rows = [
            (*_key(each), part.parameter, part.share, part.first, part.total, part.direction)
            for each in self.answers
            for part in each.parts
        ]
        return pd.DataFrame(rows, columns=[*_KEY, "parameter", "share", "first", "total", "direction"])

    def tips(self) -> pd.DataFrame:
        """Where each answer tips: one row for each level looked at."""
        rows = [
            (*_key(each), tip.parameter, tip.level, tip.found, tip.value, tip.low, tip.high, tip.side, tip.beyond, tip.before)
            for each in self.answers
            for tip in each.tips
        ]
        columns = ["parameter", "level", "found", "value", "low", "high", "side", "beyond", "before"]
        return pd.DataFrame(rows, columns=[*_KEY, *columns])


_KEY = ["policy", "indicator", "group", "period", "reading"]


def _key(answer: Answer) -> tuple[str, ...]:
    return answer.policy, answer.indicator, answer.group, answer.period, answer.reading


@cache
def readings() -> tuple[Reading, ...]:
    """Every draw, then each reading of what can be read in two ways."""
    found = [Reading(ALL, {"en": "all draws", "fr": "tous les tirages"})]
    for statement in yaml.safe_load(READINGS.read_text(encoding="utf-8")).values():
        found += [
            Reading(
                each["name"],
                each["title"],
                statement["indicator"],
                statement["group"],
                each.get("at_least", -inf),
                each.get("below", inf),
            )
            for each in statement["readings"]
        ]
    return tuple(found)


def figure_asked(text: str | None) -> tuple[Figure, ...] | None:
    """Read ``indicator`` or ``indicator[group]``; None where nothing is asked.

    Raises
    ------
    RequestError
        If it is of another form, or there is no such indicator.
    """
    if text is None:
        return None
    match = _FIGURE.fullmatch(text.strip())
    if match is None:
        msg = f"indicator: met {text!r}, expected 'indicator' or 'indicator[group]', as in 'density[kind=MA]'."
        raise RequestError(msg)
    if match["indicator"] not in CATALOGUE:
        msg = f"no indicator '{match['indicator']}'.{suggestion(match['indicator'], CATALOGUE)}"
        raise RequestError(msg)
    return ((match["indicator"], match["group"] or "all"),)


def answers(
    folder: Path | str,
    *,
    policies: Sequence[str] | None = None,
    figures: Sequence[Figure] | None = None,
    period: str = MEASURED,
) -> Answers:
    """Answer from an experiment that was run over draws.

    Parameters
    ----------
    folder
        Of the experiment: ``results/<experiment>``.
    policies
        Arms wanted; None for all.
    figures
        Indicators and groups wanted; None for those told first.
    period
        ``measured``, a year, or the day of a census.

    Raises
    ------
    RequestError
        If there is no such arm or figure, or the experiment has no draws.
    """
    folder = Path(folder)
    index = read_index(folder / INDEX)
    arms = [arm["name"] for arm in index["arms"] if arm["name"] != index["base"]]
    for name in policies or ():
        if name not in arms:
            msg = f"no policy '{name}' in {folder}.{suggestion(name, arms)} There are: {', '.join(arms) or 'none'}"
            raise RequestError(msg)
    arms = [name for name in arms if policies is None or name in policies]
    if len(index["draws"]) < 2:
        msg = (
            f"{folder}: this experiment has no draws, so nothing can be said of what an answer hangs on. "
            f"Write `draws: plausible` in its file"
        )
        raise RequestError(msg)
    wanted = tuple(figures or HEADLINE.values())
    where = {(row["arm"], row["draw"]): folder / row["arm"] / row["run"] for row in index["runs"]}
    read = _Reader(where, len(index["draws"]), period)
    context = {(each.indicator, each.group) for each in readings() if each.indicator}
    base = read.arm(index["base"], {*wanted, *context})
    if figures is not None:
        _must_be_there(wanted, base, folder, period)
    scenario = _base_of(where[index["base"], 0])
    names, levels = levels_of(index["draws"], scenario)
    weights = np.array(index.get("weights", [1.0] * len(index["draws"])), dtype=np.float64)
    found = [
        answer
        for name in arms
        for answer in _of_policy(name, wanted, period, (base, read.arm(name, set(wanted))), (names, levels, weights))
    ]
    labels, units = _words(names, scenario)
    return Answers(str(index["name"]), tuple(found), labels, units, read.replications)


class _Reader:
    """Figures of the arms of an experiment, a value a draw: the mean of its replications."""

    def __init__(self, where: Mapping[tuple[str, int], Path], draws: int, period: str) -> None:
        self._where, self._draws, self._period = where, draws, period
        self.replications = 0

    def arm(self, name: str, wanted: set[Figure]) -> dict[Figure, Values]:
        found: dict[Figure, Values] = {}
        for draw in range(self._draws):
            frame = open_run(self._where[name, draw]).indicators()
            self.replications = max(self.replications, frame["replication"].nunique())
            frame = frame[(frame["period"] == self._period) & frame["indicator"].isin([indicator for indicator, _ in wanted])]
            means = frame.groupby(["indicator", "group"], observed=True)["value"].mean()
            for key, value in means.items():
                if key in wanted:
                    found.setdefault(key, np.full(self._draws, nan))[draw] = value
        return found


def _must_be_there(wanted: Sequence[Figure], base: Mapping[Figure, Values], folder: Path, period: str) -> None:
    for indicator, group in wanted:
        if (indicator, group) not in base:
            msg = f"{folder}: '{indicator}' has no group '{group}' in period '{period}'"
            raise RequestError(msg)


def _of_policy(
    name: str,
    wanted: Sequence[Figure],
    period: str,
    arms: tuple[Mapping[Figure, Values], Mapping[Figure, Values]],
    draws: tuple[Sequence[str], Values, Values],
) -> Iterator[Answer]:
    base, policy = arms
    names, levels, weights = draws
    for figure in wanted:
        if figure not in base or figure not in policy:
            continue
        differences = policy[figure] - base[figure]
        known = np.isfinite(differences)
        known[0] = False  # the central draw is told apart
        for reading in readings():
            chosen = known & reading.holds(base, len(weights)) & (weights > 0)
            if reading.name == ALL and not chosen.any():
                break
            yield _answer((name, *figure, period, reading.name), base[figure], differences, (names, levels, weights), chosen)


def _answer(
    key: tuple[str, str, str, str, str],
    base: Values,
    differences: Values,
    draws: tuple[Sequence[str], Values, Values],
    chosen: NDArray[np.bool_],
) -> Answer:
    names, levels, weights = draws[0], draws[1][chosen], draws[2][chosen]
    values = differences[chosen]
    size = effective_size(weights) if len(weights) else 0.0
    central = float(differences[0])
    if size < FEWEST_DRAWS:  # a reading that few draws bear out: no answer rather than a loose one
        return Answer(*key, nan, central, nan, nan, nan, nan, nan, len(values), size, 0.0, (), ())
    low, median, high = weighted_quantile(values, weights, [0.05, 0.5, 0.95])
    explained, parts = hangs_on(names, levels, values, weights)
    tips = []
    if parts:
        column = levels[:, list(names).index(parts[0].parameter)]
        tips = [tipping(parts[0].parameter, column, values, weights, level) for level in _levels(key[1], float(median))]
    below, above = (float(np.average(side, weights=weights)) for side in (values < 0, values > 0))
    middle = float(weighted_quantile(base[chosen], weights, [0.5])[0])
    return Answer(
        *key,
        base=middle,
        central=central,
        median=float(median),
        low=float(low),
        high=float(high),
        below_zero=below,
        above_zero=above,
        draws=len(values),
        effective=size,
        explained=explained,
        parts=tuple(parts),
        tips=tuple(tips),
    )


def _levels(indicator: str, median: float) -> list[float]:
    """Levels whose crossing is worth telling: the sign, and a first amount on the side of the median."""
    step = STEPS.get(CATALOGUE[indicator].unit) if indicator in CATALOGUE else None
    return [0.0] if step is None else [0.0, -step if median <= 0 else step]


def _base_of(run: Path) -> Scenario | None:
    """The scenario of the base at its central values; None where the folder holds no scenario that this version reads."""
    try:
        return read_scenario(open_run(run).scenario_text, name="base")
    except ScenarioError:  # of another version: an answer needs it for units and names only
        return None


def levels_of(draws: Sequence[Mapping[str, Any]], scenario: Scenario | None) -> tuple[list[str], Values]:
    """Every number that draws move, by path, and its level in each draw, in its own unit.

    What a draw does not name has its central value; a factor multiplies it; a path of factors counts as their mean over the
    days it speaks of.
    """
    flat = [dict(_flat(draw, scenario)) for draw in draws]
    names = sorted({name for row in flat for name in row})
    levels = np.array([[row.get(name, _central(name, scenario)) for name in names] for row in flat], dtype=np.float64)
    levels = levels.reshape(len(flat), len(names))
    known = np.flatnonzero(np.isfinite(levels[1:]).all(axis=0))  # the central draw names nothing
    return [names[column] for column in known], levels[:, known]


def _flat(draw: Mapping[str, Any], scenario: Scenario | None) -> Iterator[tuple[str, float]]:
    for path, value in draw.items():
        if isinstance(value, int | float):  # a switch is 0 or 1
            yield path, float(value)
        elif isinstance(value, dict) and set(value) == {"scale"}:
            central = _central(path, scenario)
            yield path, float(value["scale"]) * (central if np.isfinite(central) else 1.0)
        elif isinstance(value, dict) and set(value) == {"path"}:
            yield path, float(np.mean(list(value["path"].values())))
        elif isinstance(value, dict):
            yield from ((f"{path}.{entry}", float(number)) for entry, number in value.items())
        elif isinstance(value, list):
            yield from ((f"{path}.{place}", float(number)) for place, number in enumerate(value))


def _central(name: str, scenario: Scenario | None) -> float:
    if scenario is None:
        return nan
    parent, _, entry = name.rpartition(".")
    if name in scenario.world:
        value = scenario.world[name].at(scenario.measure_from_day)
        return float(value) if isinstance(value, int | float) else nan
    if parent in scenario.world:
        return float(entries_of(scenario.world[parent].at(scenario.measure_from_day)).get(entry, nan))
    return nan


def _words(names: Sequence[str], scenario: Scenario | None) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    labels: dict[str, dict[str, str]] = {}
    units: dict[str, str] = {}
    for name in names:
        leaf = None if scenario is None else scenario.world.get(name) or scenario.world.get(name.rpartition(".")[0])
        if leaf is None:
            continue
        entry = name.removeprefix(leaf.path)[1:]
        if leaf.label is not None:
            labels[name] = {lang: f"{text} ({entry})" if entry else text for lang, text in leaf.label.items()}
        if leaf.unit is not None:
            units[name] = leaf.unit
    return labels, units
