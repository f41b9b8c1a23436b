"""The parameters that are fitted, as a unit cube: 0 and 1 are the ends of each range (``scenarios/observed``)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from sim.calibration.screening import Design
from sim.errors import DataError, ScenarioError
from sim.experiments.draws import drawn_levels, levels_at, overrides_for, room, uncertain_values
from sim.scenario import observed_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.experiments.draws import Uncertain
    from sim.scenario import Scenario

FILE = "calibration.yaml"
FRAME = ("start", "measure_from", "end")


@dataclass(frozen=True)
class Space:
    """Parameters to fit, in a scenario."""

    scenario: Scenario
    values: tuple[Uncertain, ...]
    beside: tuple[Uncertain, ...] = ()
    """Values that are drawn in every run and not fitted."""

    @property
    def names(self) -> tuple[str, ...]:
        """Their paths, in the order of the columns of the cube."""
        return tuple(value.path for value in self.values)

    @property
    def centre(self) -> NDArray[np.float64]:
        """Point of the cube where the baseline's own values are: float64, shape ``(n_parameters,)``."""
        return np.array([(value.central - value.low) / (value.high - value.low) for value in self.values])

    def levels(self, point: NDArray[np.float64]) -> dict[str, float]:
        """Levels at a point of the cube, by path."""
        return levels_at(self.values, point)

    def overrides(self, point: NDArray[np.float64], beside: Mapping[str, float] | None = None) -> dict[str, Any]:
        """Overrides of the scenario that give those levels, and those of the values drawn beside."""
        if beside is None:
            return overrides_for(self.scenario, self.values, self.levels(point))
        levels = {**self.levels(point), **beside}
        return overrides_for(self.scenario, (*self.values, *self.beside), levels)

    def drawn_beside(self, number: int, seed: int) -> list[dict[str, float]]:
        """Levels of the values drawn beside, for so many runs."""
        return drawn_levels(self.scenario, self.beside, number, seed)

    @property
    def central_beside(self) -> dict[str, float]:
        """Levels of the baseline of the values drawn beside."""
        return {value.path: value.central for value in self.beside}

    def point(self, levels: Mapping[str, float]) -> NDArray[np.float64]:
        """Point of the cube of given levels."""
        return np.array([(levels[v.path] - v.low) / (v.high - v.low) for v in self.values])


@dataclass(frozen=True)
class Settings:
    """What is fitted, and the days simulated to fit it."""

    frame: Mapping[str, str]
    parameters: tuple[str, ...]
    fraction: float
    """Share of the country in the runs of the waves."""
    draws_fraction: float
    """… and in those of the draws, which are weighted by their own run."""
    drawn_beside: tuple[str, ...]
    """What is drawn in every run and not fitted."""
    screening: Design
    targets: tuple[str, ...] = ()
    """Rows that are fitted; none: all whose use is to be."""


def read_settings(path: Path | None = None) -> Settings:
    """Read which parameters are fitted, from the packaged file by default.

    Raises
    ------
    DataError
        If the file says something else.
    """
    path = path or observed_file(FILE)
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    design = content["screening"]
    return Settings(
        _frame(content["frame"], f"{path.name}: frame"),
        tuple(str(name) for name in content["parameters"]),
        float(content["fraction"]),
        float(content["draws_fraction"]),
        tuple(str(name) for name in content["drawn_beside"]),
        Design(
            _frame(design["frame"], f"{path.name}: screening: frame"),
            float(design["fraction"]),
            tuple(str(name) for name in design["policies"]),
            tuple(str(year) for year in design["years"]),
            {str(name): str(group) for name, group in design["indicators"].items()},
            tuple(str(word) for word in design["left_out"]),
        ),
        tuple(str(name) for name in content.get("targets", ())),
    )


def _frame(block: Mapping[str, Any], where: str) -> dict[str, str]:
    frame = {key: str(value) for key, value in block.items()}
    if set(frame) != set(FRAME):
        msg = f"{where}: met {', '.join(frame)}, expected {', '.join(FRAME)}."
        raise DataError(msg)
    return frame


def space_of(scenario: Scenario, parameters: tuple[str, ...], beside: tuple[str, ...] = ()) -> Space:
    """Return the space of some parameters of a scenario, and of what is drawn beside them.

    A group named in ``beside`` stands for those of its values that have a range of two ends and are not fitted; a table of
    shares of a whole of which some are fitted stays out of it, for what one takes the others give.

    Raises
    ------
    DataError
        If a fitted one has no range with two ends.
    """
    try:
        values = tuple(_reached(scenario, value) for value in uncertain_values(scenario, parameters))
        more = [_reached(scenario, value) for value in (uncertain_values(scenario, beside) if beside else [])]
    except ScenarioError as problem:
        msg = f"{FILE}: parameters: {problem}"
        raise DataError(msg) from problem
    flat = next((value for value in values if value.high <= value.low), None)
    if flat is not None:
        msg = f"{FILE}: parameters: '{flat.path}': its range is {flat.low:g}–{flat.high:g}, expected two ends."
        raise DataError(msg)
    paths = {value.path for value in values}
    whole = {value.leaf for value in values if scenario.world[value.leaf].total is not None}
    drawn = (v for v in more if v.high > v.low and v.path not in paths and v.leaf not in whole)
    return Space(scenario, values, tuple(drawn))


def _reached(scenario: Scenario, value: Uncertain) -> Uncertain:
    """Return a value with the part of its range it can take: a share that grows over time ends where its last year is 1."""
    if not value.dated or value.central == 0:
        return value
    return replace(value, high=min(value.high, value.central * room(scenario.world[value.leaf], value)))
