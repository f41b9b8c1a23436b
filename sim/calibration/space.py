"""The parameters that are fitted, as a unit cube: 0 and 1 are the ends of each range (``scenarios/observed``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from sim.errors import DataError, ScenarioError
from sim.experiments.draws import levels_at, overrides_for, uncertain_values
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

    def overrides(self, point: NDArray[np.float64]) -> dict[str, Any]:
        """Overrides of the scenario that give those levels."""
        return overrides_for(self.scenario, self.values, self.levels(point))

    def point(self, levels: Mapping[str, float]) -> NDArray[np.float64]:
        """Point of the cube of given levels."""
        return np.array([(levels[v.path] - v.low) / (v.high - v.low) for v in self.values])


@dataclass(frozen=True)
class Settings:
    """What is fitted, and the days simulated to fit it."""

    frame: Mapping[str, str]
    parameters: tuple[str, ...]


def read_settings(path: Path | None = None) -> Settings:
    """Read which parameters are fitted, from the packaged file by default.

    Raises
    ------
    DataError
        If the file says something else.
    """
    path = path or observed_file(FILE)
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    frame = {key: str(value) for key, value in content["frame"].items()}
    if set(frame) != set(FRAME):
        msg = f"{path.name}: frame: met {', '.join(frame)}, expected {', '.join(FRAME)}."
        raise DataError(msg)
    return Settings(frame, tuple(str(name) for name in content["parameters"]))


def space_of(scenario: Scenario, parameters: tuple[str, ...]) -> Space:
    """Return the space of some parameters of a scenario.

    Raises
    ------
    DataError
        If one has no range with two ends: it cannot be fitted.
    """
    try:
        values = tuple(uncertain_values(scenario, parameters))
    except ScenarioError as problem:
        msg = f"{FILE}: parameters: {problem}"
        raise DataError(msg) from problem
    flat = next((value for value in values if value.high <= value.low), None)
    if flat is not None:
        msg = f"{FILE}: parameters: '{flat.path}': its range is {flat.low:g}–{flat.high:g}, expected two ends."
        raise DataError(msg)
    return Space(scenario, values)
