"""The command line: ``sortie list · show · check · run · plan · batch · compare · query · solve · story · law · data``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

USER_ERROR = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; anything a user can mend is one message on standard error and exit code 2."""
    from sim.cli import boundary  # noqa: PLC0415 (so that importing sim.cli from a test costs nothing)

    boundary.ready_streams()
    try:
        code = _answer(sys.argv[1:] if arguments is None else list(arguments))
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as problem:  # noqa: BLE001 (the one place where whatever comes through is told)
        code = boundary.tell(problem)
    sys.exit(code)


def _answer(arguments: list[str]) -> int:
    from sim.cli.language import chosen, speak  # noqa: PLC0415

    lang, rest = chosen(arguments)
    speak(lang)
    from sim.cli.command_tree import built  # noqa: PLC0415
    from sim.cli.fitting import app  # noqa: PLC0415 (the commands, those of fitting among them)

    answer = built(app).main(args=rest or ["--help"], prog_name="sortie", standalone_mode=False)
    return answer if isinstance(answer, int) else 0
