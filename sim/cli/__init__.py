"""The command line: ``sortie list · show · check · run · plan · batch · compare · query · solve · story · law · data``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sim.errors import SimError

if TYPE_CHECKING:
    from collections.abc import Sequence

USER_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; anything a user can mend is one message on standard error and exit code 2."""
    import sim.cli.fitting  # noqa: F401, PLC0415 (its commands join the others)
    from sim.cli.commands import app  # noqa: PLC0415 (so that importing sim.cli from a test costs nothing)

    try:
        app(args=None if arguments is None else list(arguments), prog_name="sortie")
    except SimError as problem:
        print(problem, file=sys.stderr)
        sys.exit(USER_ERROR)
