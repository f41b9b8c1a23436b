"""sortie: an open simulation of how people leave French prisons.

``Scenario`` is a world and what is changed in it; ``run`` simulates scenarios side by side and gives ``Results``, whose frames
say what a policy changes; ``figures`` reads those that come with sortie; ``Law`` tells the rules in force and the life of
a sentence. ``import sortie`` gives the same names.

Below them, for programs: ``load_scenario`` reads a world, ``simulate`` lives one replication of it in memory, ``replicate``
many of them onto the disk, ``open_run`` reads a run back, ``compare`` says what a run changes against another.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.api.answering import PolicyAnswers, SharedGap, answers, hypotheses
    from sim.api.held import OlderMeasures
    from sim.api.law import Law, Sentence
    from sim.api.library import Library, figures
    from sim.api.results import Results
    from sim.api.running import Answer, experiment, run, solve, sweep
    from sim.api.running import open as open  # noqa: A004 (sortie.open, as gzip.open)
    from sim.api.scenario import Scenario, scenarios
    from sim.errors import DataError, LawError, RequestError, RunFolderError, ScenarioError, SimError
    from sim.experiments.batch import run_experiment
    from sim.experiments.compare import compare
    from sim.experiments.experiment import read_experiment
    from sim.experiments.querying import open_results
    from sim.experiments.replicate import replicate
    from sim.records.run_folder import open_run
    from sim.scenario import load_scenario
    from sim.simulation.run import simulate

__all__ = [
    "Answer",
    "DataError",
    "Law",
    "LawError",
    "Library",
    "OlderMeasures",
    "PolicyAnswers",
    "RequestError",
    "Results",
    "RunFolderError",
    "Scenario",
    "ScenarioError",
    "Sentence",
    "SharedGap",
    "SimError",
    "answers",
    "compare",
    "experiment",
    "figures",
    "hypotheses",
    "load_scenario",
    "open_results",
    "open_run",
    "read_experiment",
    "replicate",
    "run",
    "run_experiment",
    "scenarios",
    "simulate",
    "solve",
    "sweep",
]

# Where each name is. ``open`` is not in __all__: ``from sortie import *`` must not take Python's own away.
_ROOMS: dict[str, str] = {
    "Answer": "sim.api.running",
    "DataError": "sim.errors",
    "Law": "sim.api.law",
    "LawError": "sim.errors",
    "Library": "sim.api.library",
    "OlderMeasures": "sim.api.held",
    "PolicyAnswers": "sim.api.answering",
    "RequestError": "sim.errors",
    "Results": "sim.api.results",
    "RunFolderError": "sim.errors",
    "Scenario": "sim.api.scenario",
    "ScenarioError": "sim.errors",
    "Sentence": "sim.api.law",
    "SharedGap": "sim.api.answering",
    "SimError": "sim.errors",
    "answers": "sim.api.answering",
    "compare": "sim.experiments.compare",
    "experiment": "sim.api.running",
    "figures": "sim.api.library",
    "hypotheses": "sim.api.answering",
    "load_scenario": "sim.scenario",
    "open": "sim.api.running",
    "open_results": "sim.experiments.querying",
    "open_run": "sim.records.run_folder",
    "read_experiment": "sim.experiments.experiment",
    "replicate": "sim.experiments.replicate",
    "run": "sim.api.running",
    "run_experiment": "sim.experiments.batch",
    "scenarios": "sim.api.scenario",
    "simulate": "sim.simulation.run",
    "solve": "sim.api.running",
    "sweep": "sim.api.running",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that ``sortie --help`` need not load the engine."""
    if name not in _ROOMS:
        msg = f"module 'sim' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_ROOMS[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_ROOMS})
