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
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import yaml

from sim.errors import DataError, reason, suggestion
from sim.indicators.catalogue import CATALOGUE
from sim.scenario import observed_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

FILE = "targets.yaml"
Z90 = 1.6448536269514722
"""95th percentile of the standard normal: half a 90 % interval, in standard deviations."""

_TERM = re.compile(r"([a-z_]\w*)(?:\[([^\]]*)\])?@([0-9]{4}(?:-[0-9]{2}-[0-9]{2})?)")
_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FIELDS = {
    "name", "what", "quoi", "value", "unit", "date", "scope", "source", "measure", "tolerance", "why", "error", "discrepancy",
    "kind", "hand", "suspected",
}  # fmt: skip
_NEEDED = _FIELDS - {"error", "discrepancy", "hand", "suspected"}


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
    kind: Literal["fit", "check"]
    hand: bool
    """Whether something in the baseline was set by hand on it: agreement is then fitted."""
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
    def verdict_weight(self) -> str:
        """What agreement means: ``fitted``, ``set by hand`` or ``check``."""
        return "fitted" if self.kind == "fit" else "set by hand" if self.hand else "check"


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


def read_targets(path: Path | None = None) -> tuple[Target, ...]:
    """Read the targets, from the packaged file by default.

    Raises
    ------
    DataError
        With the target and what is wrong with it.
    """
    path = path or observed_file(FILE)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as problem:
        msg = f"{path.name}: cannot be read ({reason(problem)})."
        raise DataError(msg) from problem
    targets = tuple(_target(block, path.name) for block in content["targets"])
    names = [target.name for target in targets]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        msg = f"{path.name}: targets: '{twice}' is there twice, expected each once."
        raise DataError(msg)
    return targets


def _target(block: Mapping[str, Any], label: str) -> Target:
    name = block.get("name", "?")
    where = f"{label}: targets: {name}: "
    missing = sorted(_NEEDED - set(block))
    unknown = sorted(set(block) - _FIELDS)
    if missing or unknown:
        words = [f"lacks {', '.join(missing)}"] if missing else []
        words += [f"has no use for '{key}'.{suggestion(key, _FIELDS)}" for key in unknown]
        raise DataError(where + "; ".join(words))
    if block["kind"] not in {"fit", "check"}:
        raise DataError(where + f"kind: met {block['kind']!r}, expected fit or check.")
    tolerance = float(block["tolerance"])
    if tolerance <= 0:
        raise DataError(where + f"tolerance: met {tolerance:g}, expected a number above 0.")
    target = Target(
        **{key: str(block[key]) for key in ("name", "what", "quoi", "unit", "date", "scope", "source", "measure", "why")},
        value=float(block["value"]),
        tolerance=tolerance,
        error=float(block.get("error", 0.0)),
        discrepancy=float(block.get("discrepancy", tolerance / 2)),
        kind=block["kind"],
        hand=bool(block.get("hand", False)),
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
    """Whether the published figure, give or take its own error, lies in the 90 % interval of the runs."""
    kind: str
    hand: bool
    unit: str
    source: str
    n: int
    """Replications or draws behind it."""


def compare_with(targets: Sequence[Target], runs: Sequence[Mapping[str, float]]) -> list[Row]:
    """Set each target beside the runs: their median and the interval that holds 90 % of them."""
    rows = []
    for target in targets:
        values = np.array([run[target.name] for run in runs], dtype=np.float64)
        values = values[np.isfinite(values)]
        low, median, high = np.quantile(values, [0.05, 0.5, 0.95]).tolist() if len(values) else (nan, nan, nan)
        slack = Z90 * target.error
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
                covered=bool(low - slack <= target.value <= high + slack),
                kind=target.kind,
                hand=target.hand,
                unit=target.unit,
                source=target.source,
                n=len(values),
            )
        )
    return rows


@cache
def packaged() -> tuple[Target, ...]:
    """Return the packaged targets, read once."""
    return read_targets()
