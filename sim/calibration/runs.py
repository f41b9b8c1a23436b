"""Runs of many scenarios with one luck, kept and resumed; and the table of what a calibration ran."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import DataError, RequestError
from sim.experiments.replicate import Retention, ScenarioRun, fill
from sim.experiments.run_options import adapted
from sim.experiments.units import begin
from sim.policies import POLICIES
from sim.records.atomic import write_atomically
from sim.records.manifest import describe_machine
from sim.records.parquet import cause
from sim.scenario import read_scenario

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from sim.experiments.execution import Backend
    from sim.experiments.progress import Listener
    from sim.records.run_folder import RunFolder
    from sim.scenario import Scenario

TABLE = "runs.parquet"
_MEASURED = "measured: "


@dataclass(frozen=True)
class Runner:
    """Where runs are kept and who runs them."""

    folder: Path
    seed: int
    means: Backend
    listener: Listener

    def run(
        self,
        name: str,
        scenarios: Sequence[Scenario],
        numbers: Sequence[int] = (0,),
        tables: tuple[str, ...] = (),
    ) -> list[RunFolder]:
        """Run what is missing of the replications of each scenario, under a folder of that name.

        Raises
        ------
        RequestError
            If a run failed; the others are kept.
        """
        return self._filled(name, [(scenario, n) for n, scenario in enumerate(scenarios)], numbers, tables, fork=False)

    def run_families(self, name: str, families: Sequence[Sequence[Scenario]], first: int = 0) -> list[list[pd.DataFrame]]:
        """Run scenarios that share a past together, family by family, and return the figures of each.

        ``first`` numbers the families: it keeps those of one call apart from those of another.

        Raises
        ------
        RequestError
            If a run failed; the others are kept.
        """
        listed = [(scenario, first + n) for n, family in enumerate(families) for scenario in family]
        met = iter(self._filled(name, listed, (0,), (), fork=True))
        return [[next(met).indicators() for _ in family] for family in families]

    def _filled(
        self, name: str, listed: Sequence[tuple[Scenario, int]], numbers: Sequence[int], tables: tuple[str, ...], *, fork: bool
    ) -> list[RunFolder]:
        made = describe_machine()
        folder = (self.folder / name).resolve()
        scenario_runs = [ScenarioRun(scenario, begin(scenario, self.seed, folder, made), n) for scenario, n in listed]
        kept = Retention("none", tables, current=True)
        filled = fill(scenario_runs, numbers, seed=self.seed, kept=kept, means=self.means, listener=self.listener, fork=fork)
        if filled.failures:
            failure = filled.failures[0]
            msg = f"{len(filled.failures)} runs failed, the others are kept. {failure.unit}: {failure.message}"
            raise RequestError(msg)
        return [scenario_run.run for scenario_run in scenario_runs]


def with_overrides(scenario: Scenario, overrides: Mapping[str, Any]) -> Scenario:
    """Return a scenario with values set on all their dates: its own complete text, read again."""
    if not overrides:
        return scenario
    values = {**scenario.overrides, **overrides}
    drawn = read_scenario(scenario.to_yaml(), name=scenario.name, overrides=values, known_policies=frozenset(POLICIES))
    return replace(drawn, name=scenario.name)


def framed(scenario: Scenario, frame: Mapping[str, str], fraction: float | None = None) -> Scenario:
    """Return a scenario over the days of a frame."""
    return adapted(scenario, days=frame, fraction=fraction)


@dataclass(frozen=True)
class Ran:
    """What a calibration ran: points of the cube and the targets measured there."""

    parameters: tuple[str, ...]
    points: NDArray[np.float64]
    targets: tuple[str, ...]
    outputs: NDArray[np.float64]

    def write(self, path: Path) -> None:
        """Write as Parquet, whole or not at all."""
        import pyarrow as pa  # noqa: PLC0415 (slow to import)
        import pyarrow.parquet as pq  # noqa: PLC0415

        columns = {name: self.points[:, column] for column, name in enumerate(self.parameters)}
        columns |= {f"{_MEASURED}{name}": self.outputs[:, column] for column, name in enumerate(self.targets)}
        sink = pa.BufferOutputStream()
        pq.write_table(pa.table(columns), sink)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, sink.getvalue().to_pybytes())

    @classmethod
    def read(cls, path: Path) -> Ran:
        """Read what a calibration wrote.

        Raises
        ------
        DataError
            If there is none that is whole.
        """
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        try:
            table = pq.read_table(path)
        except (OSError, pa.ArrowException) as problem:
            msg = f"{path}: no runs of a calibration can be read there ({cause(problem)}). Make them with: sortie calibrate"
            raise DataError(msg) from problem
        if not table.column_names or not all(pa.types.is_floating(field.type) for field in table.schema):
            met = ", ".join(table.column_names[:3])
            msg = f"{path}: met columns {met} …, expected numbers written by sortie calibrate. Make them with: sortie calibrate"
            raise DataError(msg)
        parameters = tuple(name for name in table.column_names if not name.startswith(_MEASURED))
        targets = tuple(name.removeprefix(_MEASURED) for name in table.column_names if name.startswith(_MEASURED))
        points = np.column_stack([table.column(name).to_numpy() for name in parameters])
        outputs = np.column_stack([table.column(_MEASURED + name).to_numpy() for name in targets])
        return cls(parameters, points, targets, outputs)
