"""The front door on an engine of a few lines: what is tested is what people receive."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

import sim as sortie
from tests import kept
from tests.fabricated import context, fabricate

DATES = {"start": "2024-01-01", "measure_from": "2025-01-01", "end": "2026-12-31"}
POSTS = "means.probation_service.posts"


def fabricated(patch, cache):
    """Put the fabricated engine in place of the real one: more are adjusted where there are more posts; list what it runs."""
    asked = []

    def simulate(scenario, *, seed, replication, keep_events, on_month):
        asked.append((scenario.name, replication))
        on_month(scenario.start_day)
        posts = scenario.number(POSTS, scenario.end_day)
        records = fabricate(replication, seed=seed, grant=0.4 + (posts - 1020) / 5000, people=100)
        records.keep_events = keep_events
        return records

    kept.figures(patch)
    patch.setattr("sim.simulation.run.simulate", simulate)
    patch.setattr("sim.experiments.units.context_for", lambda _scenario: context(weight=550.0))
    patch.setattr("sim.experiments.execution.precompile", lambda _listener: False)
    patch.setenv("SORTIE_CACHE", str(cache))
    return asked


@pytest.fixture(scope="session")
def wheel(root, tmp_path_factory) -> Path:
    """The wheel of this checkout."""
    builder = WheelBuilder(str(root))
    return Path(next(iter(builder.build(directory=str(tmp_path_factory.mktemp("wheel")), versions=["standard"]))))


@pytest.fixture
def engine(monkeypatch, tmp_path):
    """The fabricated engine, for one test; lists what it was asked to run."""
    monkeypatch.chdir(tmp_path)
    return fabricated(monkeypatch, tmp_path / "cache")


@pytest.fixture(scope="session")
def base():
    return sortie.Scenario("baseline")


@pytest.fixture(scope="session")
def posts(base):
    return base.change(POSTS, add=700, on="2025-07-01", name="700 more CPIP")


@pytest.fixture(scope="session")
def made(tmp_path_factory, base, posts):
    """Folder of saved results: the baseline and 700 more posts, three replications each, made once."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        fabricated(patch, folder / "cache")
        results = sortie.run([base, posts], replications=3, workers=1, progress=False, **DATES)
        return results.save(folder / "saved")


@pytest.fixture
def results(made, tmp_path, monkeypatch):
    """Those results, opened in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    return sortie.open(shutil.copytree(made, tmp_path / "saved"))
