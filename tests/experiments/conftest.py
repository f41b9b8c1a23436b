"""Worlds whose engine is a few lines of chance, so that what is tested is how they are run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from sim.experiments.replicate import Outcome, replicate
from tests import kept
from tests.fabricated import END, MEASURE_FROM, START, context, fabricate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sim.records.tables import Records


@dataclass(frozen=True)
class FakeScenario:
    """What ``replicate`` reads of a scenario."""

    name: str
    grant: float = 0.4
    start_day: int = START
    measure_from_day: int = MEASURE_FROM
    end_day: int = END
    sampling_fraction: float = 1.0

    @property
    def title(self) -> dict[str, str]:
        return {"en": self.name}

    def digest(self) -> str:
        return f"{self.grant}/{self.sampling_fraction}"

    def to_yaml(self) -> str:
        return f"title: {self.name}\n"


def fabricated_engine(patch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Put the fabricated engine in place of the real one; return the list it fills of what it was asked to run."""
    asked: list[tuple[str, int]] = []

    def simulate(
        scenario: FakeScenario, *, seed: int, replication: int, keep_events: bool, on_month: Callable[[int], None]
    ) -> Records:
        asked.append((scenario.name, replication))
        on_month(START)
        records = fabricate(replication, seed=seed, grant=scenario.grant, people=120)
        records.keep_events = keep_events
        return records

    kept.figures(patch)
    patch.setattr("sim.simulation.run.simulate", simulate)
    patch.setattr("sim.experiments.units.context_for", lambda _scenario: context())
    return asked


@pytest.fixture
def engine(monkeypatch) -> list[tuple[str, int]]:
    """The fabricated engine; lists what it was asked to run."""
    return fabricated_engine(monkeypatch)


@pytest.fixture
def run(engine, tmp_path) -> Callable[..., Outcome]:
    """Run fake scenarios in this process, under a folder of the test's own."""

    def run_them(*scenarios: FakeScenario, replications: int = 3, **settings: object) -> Outcome:
        output: Path = tmp_path / "results"
        return replicate(scenarios, replications=replications, workers=1, **{"output": output, **settings})

    return run_them


def known_engine(patch: pytest.MonkeyPatch, figure: Callable[..., dict[tuple[str, str], float]]) -> list[str]:
    """Put an engine whose figures are a formula of the scenario in place of the real one; return the list of what it ran.

    ``figure(scenario, replication)`` gives the value of each indicator and group, over the measured window.
    """
    asked: list[str] = []
    running: list[dict[tuple[str, str], float]] = []

    def simulate(scenario, *, seed, replication, keep_events, on_month) -> Records:
        asked.append(scenario.digest())
        running[:] = [figure(scenario, replication)]
        records = fabricate(replication, seed=seed, grant=0.4, people=2)
        records.keep_events = keep_events
        return records

    def measure(_tables: object, _context: object) -> pd.DataFrame:
        rows = [("measured", indicator, group, value) for (indicator, group), value in running[0].items()]
        return pd.DataFrame(rows, columns=["period", "indicator", "group", "value"])

    patch.setattr("sim.simulation.run.simulate", simulate)
    patch.setattr("sim.indicators.summary.measure", measure)
    patch.setattr("sim.experiments.units.context_for", lambda _scenario: context())
    patch.setattr("sim.experiments.execution.precompile", lambda _listener: False)
    # Arms that share their past are run by workers, which would have the real engine.
    patch.setattr("sim.experiments.execution.families", lambda units, **_means: [(unit,) for unit in units])
    return asked
