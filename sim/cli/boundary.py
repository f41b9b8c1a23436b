"""Where the command line ends: what went wrong told in one message, and streams that can write it.

Anything a user can mend is told without a traceback, with exit code 2: an error of ours, and any error of the system, of a
value or of an encoding that comes through. What is a mistake of the program itself is said to be one, with exit code 1, and
where its details are. ``SORTIE_TRACEBACK=1`` shows the traceback of either.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any, TextIO

from sim.cli.language import say
from sim.errors import SimError, reason

PROGRAM_ERROR, USER_ERROR = 1, 2

_PLAIN = {
    "→": "->", "↓": "v", "↑": "^", "−": "-", "≤": "<=", "≥": ">=", "≈": "~", "×": "x", "±": "+/-", "…": "...", "–": "-",
    "—": "-", "·": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "€": "EUR", "œ": "oe", "Œ": "Oe",
    "\u202f": " ", "\u00a0": " ", "\u2009": " ", "━": "-", "╸": "-", "╺": "-", "│": "|", "─": "-",
}  # fmt: skip
"""How a terminal that lacks a sign writes it."""


def _plainly(problem: UnicodeError) -> tuple[str, int]:
    assert isinstance(problem, UnicodeEncodeError)
    import unicodedata  # noqa: PLC0415 (only a terminal that lacks a sign needs it)

    encoding = problem.encoding
    told = ""
    for letter in problem.object[problem.start : problem.end]:
        written = _PLAIN.get(letter) or unicodedata.normalize("NFKD", letter)
        told += written.encode(encoding, "ignore").decode(encoding) or "?"
    return told, problem.end


codecs.register_error("sortie", _plainly)


def ready_streams() -> None:
    """Let standard output and error write any text, whatever their encoding: what it lacks comes out in plain letters."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError, LookupError):
            stream.reconfigure(errors="sortie")  # type: ignore[union-attr]


def tell(problem: BaseException) -> int:
    """Print what went wrong, in the language of the reader, and return the exit code."""
    if os.environ.get("SORTIE_TRACEBACK"):
        traceback.print_exception(problem)
    if isinstance(problem, SimError):
        _print(say(str(problem)))
        return USER_ERROR
    if hasattr(problem, "format_message"):
        return _tell_usage(problem)
    if isinstance(problem, BrokenPipeError):
        _close_quietly(sys.stdout)
        return PROGRAM_ERROR
    if isinstance(problem, OSError):
        _print(say(_of_system(problem)))
        return USER_ERROR
    if isinstance(problem, RecursionError):
        _print(say("a file or an argument is nested too deep to be read."))
        return USER_ERROR
    if isinstance(problem, MemoryError):
        _print(say("out of memory. Ask for less at a time: a smaller --fraction, fewer --workers."))
        return USER_ERROR
    if isinstance(problem, (ValueError, ArithmeticError)):
        met = f"{type(problem).__name__}: {problem}"
        _print(say(f"a value cannot be used ({met}). SORTIE_TRACEBACK=1 tells where it was met."))
        return USER_ERROR
    _print(
        say(f"this is a mistake of sortie itself ({type(problem).__name__}: {problem}). The details are in {_kept(problem)}")
    )
    return PROGRAM_ERROR


def _of_system(problem: OSError) -> str:
    why = reason(problem)
    return f"{problem.filename}: cannot be used: {why}." if problem.filename else f"the system refuses: {why}."


def _kept(problem: BaseException) -> str:
    text = "".join(traceback.format_exception(problem))
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".txt", prefix="sortie-", delete=False, encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return f"\n{text}"
    return str(Path(file.name))


def _tell_usage(problem: Any) -> int:
    """Tell a command line that cannot be read: how the command is used, then what is wrong."""
    ctx = getattr(problem, "ctx", None)
    message = problem.format_message()
    if type(problem).__name__ == "NoArgsIsHelpError":
        # Asked for nothing, a command says what it can do: this is no mistake.
        print(message)
        return 0
    if ctx is not None:
        _print(ctx.command.get_usage(ctx))
        _print(say(f"Try '{ctx.command_path} --help' for help.") + "\n")
    for prefix in ("Value error, ", "Assertion failed, "):
        message = message.replace(prefix, "")
    _print(say("Error: ") + say(message))
    return int(getattr(problem, "exit_code", USER_ERROR))


def _print(text: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr)


def _close_quietly(stream: TextIO) -> None:
    """Leave nothing to write into a pipe that is closed: Python would complain of it at the end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
