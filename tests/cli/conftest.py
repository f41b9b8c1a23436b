"""The command, run in this process on scenarios of the test's own and an engine of a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from sim.cli import main
from sim.errors import RequestError
from tests import kept
from tests.fabricated import context, fabricate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DATES = ("--start", "2024-01-01", "--measure-from", "2025-01-01", "--end", "2026-12-31")


class Answer(NamedTuple):
    """What a command said."""

    code: int
    out: str
    err: str


@pytest.fixture
def sortie(capsys, monkeypatch, tmp_path, root) -> Callable[..., Answer]:
    """Run ``sortie`` with arguments, from a folder that holds ``scenarios/``."""
    (tmp_path / "scenarios").symlink_to(root / "scenarios")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("SORTIE_LANG", "en")
    kept.commands(monkeypatch)

    def run(*arguments: str) -> Answer:
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        said = capsys.readouterr()
        return Answer(int(end.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def engine(monkeypatch, tmp_path) -> Path:
    """Put the fabricated engine in place of the real one, and two policies beside the baseline; gives their folder."""

    def simulate(scenario, *, seed, replication, keep_events, on_month):
        on_month(scenario.start_day)
        records = fabricate(replication, seed=seed, grant=0.6 if scenario.name == "policy" else 0.4, people=150)
        records.keep_events = keep_events
        return records

    kept.figures(monkeypatch)
    monkeypatch.setattr("sim.simulation.run.simulate", simulate)
    monkeypatch.setattr("sim.experiments.units.context_for", lambda _scenario: context(weight=550.0))
    for name in ("policy", "same"):
        (tmp_path / f"{name}.yaml").write_text(
            f"extends: scenarios/baseline.yaml\ntitle: {{fr: {name}, en: {name}}}\n", encoding="utf-8"
        )
    return tmp_path


@pytest.fixture
def unrun(monkeypatch):
    """Nothing is simulated: whoever begins a unit is told so."""

    def execute(*_arguments, **_options):
        message = "begun"
        raise RequestError(message)

    monkeypatch.setattr("sim.experiments.replicate.execute", execute)
