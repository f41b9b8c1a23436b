"""Worlds whose engine is a few lines of chance, so that what is tested is how they are run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
