"""``reference``: make what the explorer shows without running anything."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sim.cli.language import say
from sim.cli.output import progress_of
from sim.cli.running import INTERRUPTED
from sim.experiments.execution import Backend
from sim.library.build import Size, make_reference

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def reference(
    size: Size, *, output: Path, work: Path, workers: int | None, progress: str, scenarios: Sequence[str] | None
) -> int:
    """Run what is missing, write the reference and say where it is.

    Returns
    -------
        Exit code: 0, or 130 if interrupted.
    """
    try:
        with progress_of(progress) as listener:
            made = make_reference(
                size, output=output, work=work, means=Backend(workers), listener=listener, scenarios=scenarios
            )
    except KeyboardInterrupt:
        print(say("interrupted: finished replications are kept; the same command goes on from there"), file=sys.stderr)
        return INTERRUPTED
    total = sum(path.stat().st_size for path in made.iterdir())
    print(f"{made}: {total / 1e6:.2f} MB")
    return 0
