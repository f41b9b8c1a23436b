"""Errors that a user can meet, in one tree.

::

    SimError
    ├── ScenarioError     a scenario file says something wrong (file, path inside it, value, way out)
    ├── LawError          a text of law is broken, or a rule is asked of a sentence it cannot apply to
    ├── DataError         a packaged or observed table is broken
    ├── RunFolderError    a results folder is missing, unfinished or of another version
    └── RequestError      a command was asked for something that does not exist

A message names the file, the path inside it, the value met, what was expected, and the way out.
The command line turns any of them into one line on standard error and exit code 2.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class SimError(Exception):
    """Anything a user can mend: bad input, missing folder, impossible request."""


class ScenarioError(SimError):
    """A scenario file says something wrong."""


class LawError(SimError):
    """A text of law is broken, or a rule was asked of a sentence it cannot apply to."""


class DataError(SimError):
    """A packaged or observed table is broken."""


class RunFolderError(SimError):
    """A results folder is missing, unfinished or of another version."""


class RequestError(SimError):
    """A command was asked for something that does not exist."""


def suggestion(met: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` when a known name is close to the one met, else nothing."""
    close = get_close_matches(met, list(known), n=1, cutoff=0.6)
    return f" Did you mean '{close[0]}'?" if close else ""
