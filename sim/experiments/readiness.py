"""Compile the engine before the first unit is begun: once for each version of the code, and not by every worker at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sim.engine.compile import is_ready

if TYPE_CHECKING:
    from sim.experiments.progress import Listener

COMPILING = "compiling the engine, once for this version (45 to 60 s of processor)"


def precompile(listener: Listener) -> bool:
    """Compile what is not; say so before, since it takes 45 to 60 s of processor, and how far it has come.

    Returns
    -------
        Whether anything had to be compiled.
    """
    if is_ready():
        return False
    from sim.simulation.run import compile_engine  # noqa: PLC0415 (the engine: only what runs it needs it)

    listener.note(COMPILING)
    begun = time.monotonic()

    def tell(done: int, total: int) -> None:
        listener.compiling(done, total, (time.monotonic() - begun) * (total - done) / done)

    compile_engine(tell)
    return True
