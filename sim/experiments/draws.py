"""Parameter draws: many worlds within the plausible ranges of the named assumptions, spread evenly over them.

A Latin hypercube (McKay, Beckman and Conover, 1979): with *n* draws the range of each value is cut into *n* equal parts and
each part is met once. Within its range a value is uniform: a range says what is plausible, not what is likely. A table with a
prior (``reconviction.effects``) is drawn from it: normal entries with a common factor, whose range is their 5th to 95th
percentile, and entries that are a share (beta) of another plus an error of their own. Order
and position come from the project's own luck, by the path of the value: adding a value to the list moves no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.special import betaincinv, ndtri
from sim.errors import ScenarioError, suggestion
from sim.randomness import Draws
from sim.scenario.values import entries_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from sim.scenario import Scenario, Sourced

ASSUMPTIONS = "assumptions"
"""Word for every parameter of kind ``assumption`` or ``study`` that has a range."""

_P95 = 1.6448536269514722
"""95th percentile of the standard normal."""
_SHARES = frozenset({"share", "probability"})


@dataclass(frozen=True)
class Uncertain:
    """One number that is drawn: a parameter, or one entry of a table or list."""

    path: str
    leaf: str
    """Path of the parameter it belongs to."""
    central: float
    """Its value on the first measured day."""
    low: float
    high: float
    dated: bool
    """Whether it changes over time: then it is scaled on all dates, so that its history keeps its shape."""


def uncertain_values(scenario: Scenario, paths: Sequence[str]) -> list[Uncertain]:
    """List the numbers that paths name: a parameter, an entry, a group of them, or ``assumptions``.

    Raises
    ------
    ScenarioError
        For a path that leads nowhere, or to a value without a range.
    """
    leaves = scenario.parameters()
    found: dict[str, Uncertain] = {}
    for path in paths:
        chosen = list(_numbers(scenario, path))
        if not chosen:
            named = path in leaves
            msg = f"draws: '{path}': " + (
                "has no range, so it cannot be drawn. Give it a `range: [low, high]`, or leave it out."
                if named
                else f"no parameter of this name.{suggestion(path, leaves)} List them with: sortie show {scenario.name}"
            )
            raise ScenarioError(msg)
        found |= {value.path: value for value in chosen}
    return [found[path] for path in sorted(found)]


def _numbers(scenario: Scenario, path: str) -> Iterator[Uncertain]:
    leaves = scenario.parameters()
    for name, leaf in leaves.items():
        if path == ASSUMPTIONS:
            wanted, entry = leaf.kind in {"assumption", "study"}, None
        else:
            wanted = name == path or name.startswith(path + ".") or path.startswith(name + ".")
            entry = path[len(name) + 1 :] if path.startswith(name + ".") else None
        if wanted and leaf.range is not None:
            yield from _of_leaf(scenario, leaf, entry)


def _of_leaf(scenario: Scenario, leaf: Sourced, only: str | None) -> Iterator[Uncertain]:
    day = scenario.measure_from_day
    # Overrides come before changes: what counts is whether the world itself has a history.
    dated = len(scenario.world[leaf.path].timeline.days) > 1
    value = scenario.world[leaf.path].at(day)
    if leaf.shape == ("number",):
        low, high = scenario.world[leaf.path].bounds(day) or (0.0, 0.0)
        assert isinstance(value, float | int)
        yield Uncertain(leaf.path, leaf.path, float(value), low, high, dated)
    elif leaf.shape[0] != "switch":
        for entry, number in entries_of(value).items():
            bounds = scenario.world[leaf.path].bounds(day, entry)
            if bounds is not None and only in {None, entry}:
                yield Uncertain(f"{leaf.path}.{entry}", leaf.path, float(number), *bounds, dated)


def hypercube(number: int, paths: Sequence[str], seed: int) -> NDArray[np.float64]:
    """Latin hypercube on the unit cube: float64, shape ``(number, len(paths))``; a column depends on its path alone."""
    luck = Draws(seed, 0)
    rows = np.arange(number)
    columns = np.empty((number, len(paths)))
    for column, path in enumerate(paths):
        order = np.argsort(luck.uniform(f"design.order.{path}", rows), kind="stable")
        columns[order, column] = (rows + luck.uniform(f"design.place.{path}", rows)) / number
    return columns


def drawn_overrides(scenario: Scenario, values: Sequence[Uncertain], number: int, seed: int) -> list[dict[str, Any]]:
    """Return the overrides of draws 1 … ``number`` (draw 0, the central values, has none).

    Entries of a table with a total (shares of a whole) are drawn each for itself, then brought back to the total together.
    """
    return [overrides_for(scenario, values, row) for row in drawn_levels(scenario, values, number, seed)]


def drawn_levels(scenario: Scenario, values: Sequence[Uncertain], number: int, seed: int) -> list[dict[str, float]]:
    """Return the level of each value in draws 1 … ``number``, by path."""
    paths = [value.path for value in values]
    cube = hypercube(number, paths, seed)
    levels = [levels_at(values, row) for row in cube]
    for leaf in dict.fromkeys(value.leaf for value in values):
        if scenario.world[leaf].prior is not None:
            common = hypercube(number, [f"{leaf} common", f"{leaf} share"], seed)
            mine = [value for value in values if value.leaf == leaf]
            drawn = _from_prior(scenario, mine, cube[:, [paths.index(value.path) for value in mine]], common)
            for found, row in zip(levels, drawn, strict=True):
                found.update(row)
    return levels


def _from_prior(
    scenario: Scenario, values: Sequence[Uncertain], cube: NDArray[np.float64], common: NDArray[np.float64]
) -> list[dict[str, float]]:
    """Levels of the entries of one table under its prior, a draw each; columns of ``cube`` are those of ``values``."""
    leaf = scenario.world[values[0].leaf]
    prior = leaf.prior
    assert prior is not None, f"{leaf.path} has no prior"
    day = scenario.measure_from_day
    own = dict(zip((value.path for value in values), ndtri(cube).T, strict=True))
    factor = sqrt(prior.correlation) * ndtri(common[:, 0])
    share = betaincinv(*prior.beta, common[:, 1]) if prior.beta is not None else np.zeros(len(cube))
    central = {name: float(number) for name, number in entries_of(leaf.at(day)).items()}
    normal: dict[str, NDArray[np.float64]] = {}
    for name in prior.normal:
        low, high = leaf.bounds(day, name) or (central[name], central[name])
        # Of an entry that is not drawn, the central value.
        z = own.get(f"{leaf.path}.{name}")
        standard = factor + sqrt(1.0 - prior.correlation) * z if z is not None else None
        middle, spread = (low + high) / 2, (high - low) / (2 * _P95)
        normal[name] = np.full(len(cube), central[name]) if standard is None else middle + spread * standard
    found = {f"{leaf.path}.{name}": level for name, level in normal.items()}
    for name, whole in prior.share_of.items():
        path = f"{leaf.path}.{name}"
        if path in own:
            found[path] = share * normal[whole] + prior.error_sd * own[path]
    return [{path: float(found[path][row]) for path in own} for row in range(len(cube))]


def levels_at(values: Sequence[Uncertain], row: NDArray[np.float64]) -> dict[str, float]:
    """Levels of the values at a point of the unit cube, 0 and 1 being the ends of each range."""
    return {value.path: value.low + float(u) * (value.high - value.low) for value, u in zip(values, row, strict=True)}


def overrides_for(scenario: Scenario, values: Sequence[Uncertain], levels: Mapping[str, float]) -> dict[str, Any]:
    """Return the overrides that give the values these levels."""
    overrides: dict[str, Any] = {}
    for value in values:
        leaf = scenario.world[value.leaf]
        if leaf.total is not None:
            overrides[leaf.path] = _whole(scenario, leaf, levels)
        elif value.dated and value.central != 0:
            overrides[value.path] = {"scale": min(levels[value.path] / value.central, room(leaf, value))}
        else:
            overrides[value.path] = min(levels[value.path], 1.0) if leaf.unit in _SHARES else levels[value.path]
    return overrides


def room(leaf: Sourced, value: Uncertain) -> float:
    """Return the largest factor that leaves every dated value of a share at most 1: another year's may be above today's."""
    if leaf.unit not in _SHARES:
        return inf
    entry = value.path[len(leaf.path) + 1 :]
    highest = max(float(entries_of(v)[entry]) if entry else float(v) for v in leaf.timeline.values)  # type: ignore[arg-type]
    return (1.0 - 1e-12) / highest if highest > 0 else inf


def _whole(scenario: Scenario, leaf: Sourced, levels: Mapping[str, float]) -> Any:
    entries = entries_of(leaf.at(scenario.measure_from_day))
    drawn = {entry: levels.get(f"{leaf.path}.{entry}", float(number)) for entry, number in entries.items()}
    size = sum(drawn.values())
    total = leaf.total or 1.0
    scaled = {entry: number * total / size for entry, number in drawn.items()}
    return list(scaled.values()) if leaf.shape[0] == "list" else scaled
