"""sortie: an open simulation of how people leave French prisons.

``load_scenario`` reads a world, ``run`` simulates one replication of it in memory, ``replicate`` many of them onto the
disk, ``open_run`` reads results back, ``compare`` says what a policy changes against its baseline.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiments.batch import run_experiment
    from sim.experiments.compare import compare
    from sim.experiments.experiment import read_experiment
    from sim.experiments.querying import open_results
    from sim.experiments.replicate import replicate
    from sim.records.run_folder import open_run
    from sim.scenario import load_scenario
    from sim.simulation.run import simulate as run

__all__ = ["compare", "load_scenario", "open_results", "open_run", "read_experiment", "replicate", "run", "run_experiment"]

_WHERE = {
    "compare": ("sim.experiments.compare", "compare"),
    "load_scenario": ("sim.scenario", "load_scenario"),
    "open_results": ("sim.experiments.querying", "open_results"),
    "open_run": ("sim.records.run_folder", "open_run"),
    "read_experiment": ("sim.experiments.experiment", "read_experiment"),
    "replicate": ("sim.experiments.replicate", "replicate"),
    "run": ("sim.simulation.run", "simulate"),
    "run_experiment": ("sim.experiments.batch", "run_experiment"),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that ``sortie --help`` need not load the engine."""
    try:
        module, attribute = _WHERE[name]
    except KeyError:
        msg = f"module 'sim' has no attribute {name!r}"
        raise AttributeError(msg) from None
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
