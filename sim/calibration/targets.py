"""Published figures, and the same quantities measured on a run (``scenarios/observed/targets.yaml``).

A target is measured by a small expression over the figures of :mod:`sim.indicators`,
``stock[status=detained]@2025-01-01 - stock[status=detained]@2024-01-01``: indicator, group in square brackets (none for
``all``), period after the sign @, joined by + − * / and round brackets.
"""

from __future__ import annotations

import ast
import operator
import re
from dataclasses import dataclass
from functools import cache
from math import nan
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import yaml
from scipy.special import ndtr

from sim.errors import DataError, reason, suggestion
from sim.indicators.catalogue import CATALOGUE
from sim.scenario import observed_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

FILE = "targets.yaml"
_TERM = re.compile(r"([a-z_]\w*)(?:\[([^\]]*)\])?@([0-9]{4}(?:-[0-9]{2}-[0-9]{2})?)")
_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FIELDS = {
    "name", "what", "quoi", "value", "unit", "date", "scope", "source", "measure", "tolerance", "why", "error", "discrepancy",
    "argued", "use", "group", "follows", "suspected",
}  # fmt: skip
_WORDS = ("name", "what", "quoi", "unit", "date", "scope", "source", "measure", "why", "argued")
_NEEDED = _FIELDS - {"group", "follows", "suspected"}
FIT, TUNED, UNSEEN = USES = ("fit", "tuned", "unseen")
"""What a target is used for: fitted; looked at while something was set; neither, and evidence."""


class Figure(NamedTuple):
    """One figure of a run."""

    period: str
    indicator: str
    group: str


@dataclass(frozen=True)
class Target:
    """One published figure."""

    name: str
    what: str
    quoi: str
    """The same in French."""
    value: float
    unit: str
    date: str
    scope: str
    source: str
    measure: str
    """Expression by which the same quantity is measured on a run."""
    tolerance: float
    """Accepted departure, in the unit."""
    why: str
    """Reason of the tolerance."""
    error: float
    """Standard error of the published figure."""
    discrepancy: float
    """Standard deviation by which a model of this kind is admitted to be wrong."""
    argued: str
    """Why these two: who would say so."""
    use: str
    """One of :data:`USES`."""
    group: str = ""
    """Rows that share a source, a definition or a mechanism."""
    follows: tuple[str, ...] = ()
    """Rows of which it is the sum, the difference or the ratio: told, counted nowhere."""
    suspected: str = ""
    """Mechanism suspected where the central draw misses it."""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Figures of a run that it is made of."""
        return tuple(dict.fromkeys(_figure(match) for match in _TERM.finditer(self.measure)))

    def measured(self, figures: Mapping[Figure, float]) -> float:
        """Value of the quantity on one replication; NaN if a figure it needs is not there (nobody concerned)."""
        names: dict[str, float] = {}

        def name_of(match: re.Match[str]) -> str:
            name = f"figure{len(names)}"
            names[name] = figures.get(_figure(match), nan)
            return name

        try:
            return _evaluate(ast.parse(_TERM.sub(name_of, self.measure), mode="eval").body, names)
        except ZeroDivisionError:
            return nan

    def inside(self, value: float) -> bool:
        """Whether a value of the model lies within the tolerance."""
        return abs(value - self.value) <= self.tolerance * (1 + 1e-9)

    @property
    def spread(self) -> float:
        """Standard deviation of what is published about what the model gives at its best values."""
        return float(np.hypot(self.error, self.discrepancy))


def _figure(match: re.Match[str]) -> Figure:
    indicator, group, period = match.groups()
    return Figure(period, indicator, group or "all")


def _evaluate(node: ast.expr, names: Mapping[str, float]) -> float:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            return _OPERATIONS[type(op)](_evaluate(left, names), _evaluate(right, names))
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.Constant(value=int() | float() as value):
            return float(value)
    msg = f"targets: measure: '{ast.unparse(node)}' is neither a figure, a number nor + − * / of these."
    raise DataError(msg)


@dataclass(frozen=True)
class Group:
    """How far the rows of a group are wrong together: correlations."""

    error: float
    discrepancy: float
    why: str


def read_targets(path: Path | None = None) -> tuple[Target, ...]:
    """Read the targets, from the packaged file by default.

    Raises
    ------
    DataError
        With the target and what is wrong with it.
    """
    content, label = _read(path)
    targets = tuple(_target(block, label) for block in content["targets"])
    names = [target.name for target in targets]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        msg = f"{label}: targets: '{twice}' is there twice, expected each once."
        raise DataError(msg)
    groups = content.get("groups", {})
    for target in targets:
        where = f"{label}: targets: {target.name}: "
        lost = next((name for name in target.follows if name not in names), None)
        if lost is not None:
            raise DataError(where + f"follows: no target '{lost}'.{suggestion(lost, names)}")
        if target.group and target.group not in groups:
            raise DataError(where + f"group: no group '{target.group}'.{suggestion(target.group, groups)}")
        if target.follows and target.use != TUNED:
            raise DataError(where + f"use: met {target.use}, expected tuned: it follows other rows.")
    return targets


def read_groups(path: Path | None = None) -> dict[str, Group]:
    """Read how far rows of one group go together, from the packaged file by default.

    Raises
    ------
    DataError
        If a correlation is below 0 or is 1 or more.
    """
    content, label = _read(path)
    groups = {
        str(name): Group(float(g["error"]), float(g["discrepancy"]), str(g["why"])) for name, g in content["groups"].items()
    }
    for name, group in groups.items():
        for what, value in (("error", group.error), ("discrepancy", group.discrepancy)):
            if not 0 <= value < 1:
                msg = f"{label}: groups: {name}: {what}: met {value:g}, expected a correlation from 0 to less than 1."
                raise DataError(msg)
    return groups


def covariance(targets: Sequence[Target], groups: Mapping[str, Group]) -> NDArray[np.float64]:
    """Covariance of what is published about what the model gives at its best values: shape ``(n_targets, n_targets)``."""
    error = np.array([target.error for target in targets])
    discrepancy = np.array([target.discrepancy for target in targets])
    found = np.diag(error**2 + discrepancy**2)
    for i, one in enumerate(targets):
        for j, other in enumerate(targets[:i]):
            if one.group and one.group == other.group:
                together = groups[one.group]
                shared = together.error * error[i] * error[j] + together.discrepancy * discrepancy[i] * discrepancy[j]
                found[i, j] = found[j, i] = shared
    return found


def _read(path: Path | None) -> tuple[dict[str, Any], str]:
    path = path or observed_file(FILE)
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8")), path.name
    except (OSError, yaml.YAMLError) as problem:
        msg = f"{path.name}: cannot be read ({reason(problem)})."
        raise DataError(msg) from problem


def _target(block: Mapping[str, Any], label: str) -> Target:
    name = block.get("name", "?")
    where = f"{label}: targets: {name}: "
    missing = sorted(_NEEDED - set(block))
    unknown = sorted(set(block) - _FIELDS)
    if missing or unknown:
        words = [f"lacks {', '.join(missing)}"] if missing else []
        words += [f"has no use for '{key}'.{suggestion(key, _FIELDS)}" for key in unknown]
        raise DataError(where + "; ".join(words))
    if block["use"] not in USES:
        raise DataError(where + f"use: met {block['use']!r}, expected fit, tuned or unseen.")
    numbers = {key: float(block[key]) for key in ("value", "tolerance", "error", "discrepancy")}
    low = next((key for key in ("tolerance", "discrepancy") if numbers[key] <= 0), None)
    if low is not None:
        raise DataError(where + f"{low}: met {numbers[low]:g}, expected a number above 0.")
    fields: dict[str, Any] = {key: str(block[key]) for key in _WORDS} | numbers
    target = Target(
        **fields,
        use=str(block["use"]),
        group=str(block.get("group", "")),
        follows=tuple(str(row) for row in block.get("follows", ())),
        suspected=str(block.get("suspected", "")),
    )
    for figure in target.figures:
        if figure.indicator not in CATALOGUE:
            known = suggestion(figure.indicator, CATALOGUE)
            raise DataError(where + f"measure: no indicator '{figure.indicator}'.{known}")
    if not target.figures:
        raise DataError(where + f"measure: met {target.measure!r}, expected figures such as dry_rate_exits@2024.")
    target.measured({})  # the expression is walked once, so that a mistake in it is told now
    return target


def measured_on(indicators: pd.DataFrame, targets: Sequence[Target]) -> dict[str, float]:
    """Measure every target on one replication's figures (columns ``period, indicator, group, value``)."""
    wanted = {figure for target in targets for figure in target.figures}
    rows = zip(indicators["period"], indicators["indicator"], indicators["group"], indicators["value"], strict=True)
    figures = {key: float(value) for *place, value in rows if (key := Figure(*map(str, place))) in wanted}
    return {target.name: target.measured(figures) for target in targets}


class Row(NamedTuple):
    """One target beside the model."""

    target: str
    what: str
    published: float
    tolerance: float
    median: float
    low: float
    high: float
    inside: bool
    """Whether the median is within the tolerance."""
    covered: bool
    """Whether the published figure lies in that interval."""
    use: str
    follows: bool
    """Whether it is the sum, difference or ratio of other rows."""
    unit: str
    source: str
    n: int
    """Replications or draws behind it."""


def compare_with(
    targets: Sequence[Target], runs: Sequence[Mapping[str, float]], weights: NDArray[np.float64] | None = None
) -> list[Row]:
    """Set each target beside the runs: their median, and the interval that holds 90 % of what would be published of them.

    The interval is that of the runs widened by the published figure's error and the discrepancy of the model.
    """
    rows = []
    for target in targets:
        values = np.array([run[target.name] for run in runs], dtype=np.float64)
        known = np.isfinite(values)
        weight = (np.ones(len(values)) if weights is None else weights)[known]
        values = values[known]
        low, median, high = predictive(values, weight, target.spread) if weight.sum() > 0 else (nan, nan, nan)
        rows.append(
            Row(
                target=target.name,
                what=target.what,
                published=target.value,
                tolerance=target.tolerance,
                median=median,
                low=low,
                high=high,
                inside=target.inside(median),
                covered=bool(low <= target.value <= high),
                use=target.use,
                follows=bool(target.follows),
                unit=target.unit,
                source=target.source,
                n=len(values),
            )
        )
    return rows


def predictive(
    values: NDArray[np.float64], weights: NDArray[np.float64], spread: float, shares: Sequence[float] = (0.05, 0.5, 0.95)
) -> tuple[float, ...]:
    """Quantiles of a mixture of normals of one standard deviation, one about each value."""
    grid = np.linspace(values.min() - 4 * spread, values.max() + 4 * spread, 2001)
    below = ndtr((grid[:, None] - values) / spread) @ (weights / weights.sum())
    return tuple(float(np.interp(share, below, grid)) for share in shares)


@cache
def packaged() -> tuple[Target, ...]:
    """Return the packaged targets, read once."""
    return read_targets()


@cache
def packaged_groups() -> dict[str, Group]:
    """Return the groups of the packaged targets, read once."""
    return read_groups()
