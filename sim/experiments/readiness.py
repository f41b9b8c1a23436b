"""Compile the engine before the first unit is begun: once for each version of the code, and not by every worker at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engine.compile import is_ready, say_ready
from sim.scenario import read_scenario

if TYPE_CHECKING:
    from collections.abc import Callable

COMPILING = "compiling the engine, about a minute, once for this version of the code"

# Everything that Python calls compiled: people placed, institutions acting, a cap that releases.
_EVERYTHING = """extends: baseline.yaml
title: {en: Made to be compiled, fr: Pour être compilé}
question: {en: none, fr: aucune}
start: 2023-01-01
measure_from: 2023-01-01
end: 2023-02-28
sampling_fraction: 0.001
policies:
  - {name: population_cap, on: 2023-01-02, with: {density: 0.1, within_days: 3650}}
"""


def make_ready(tell: Callable[[str], None]) -> bool:
    """Compile what is not; say so before, since it takes a minute.

    Returns
    -------
        Whether anything had to be compiled.
    """
    if is_ready():
        return False
    from sim.simulation.run import simulate  # noqa: PLC0415 (the engine: only what runs it needs it)

    tell(COMPILING)
    simulate(read_scenario(_EVERYTHING, name="compiled"), seed=1, replication=0)
    say_ready()
    return True
