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

import errno
import stat
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


REASONS = {
    errno.EPERM: "operation not permitted",
    errno.ENOENT: "no such file or directory",
    errno.EINTR: "interrupted",
    errno.EIO: "input/output error",
    errno.ENXIO: "no such device",
    errno.EBADF: "not an open file",
    errno.EAGAIN: "resource temporarily unavailable",
    errno.ENOMEM: "not enough memory",
    errno.EACCES: "permission denied",
    errno.EBUSY: "device or resource busy",
    errno.EEXIST: "a file is in the way",
    errno.EXDEV: "on another disk",
    errno.ENODEV: "no such device",
    errno.ENOTDIR: "not a directory",
    errno.EISDIR: "is a directory",
    errno.EINVAL: "invalid argument",
    errno.ENFILE: "too many open files",
    errno.EMFILE: "too many open files",
    errno.ETXTBSY: "a program that is running",
    errno.EFBIG: "file too large",
    errno.ENOSPC: "no space left on device",
    errno.ESPIPE: "a pipe, not a file",
    errno.EROFS: "read-only file system",
    errno.EMLINK: "too many links",
    errno.EPIPE: "broken pipe",
    errno.ENAMETOOLONG: "file name too long",
    errno.ENOTEMPTY: "directory not empty",
    errno.ELOOP: "too many levels of symbolic links",
    errno.EDQUOT: "disk quota exceeded",
    errno.ESTALE: "a file of the network that is gone",
    errno.ETIMEDOUT: "timed out",
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EHOSTUNREACH: "no route to host",
    errno.ENETUNREACH: "network unreachable",
    errno.EADDRINUSE: "address already in use",
}
"""Why the system refuses, by its number: the same words on every system, each with its French in the catalogue."""


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


def ordinary_file(path: Path) -> Path:
    """Return the path of a file that can be read to its end: a pipe would be waited for, a device may have none.

    Raises
    ------
    OSError
        If it is something else (:func:`reason` tells it), or is not there.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        message = NOT_ORDINARY
        raise OSError(message)
    return path


NOT_ORDINARY = "not an ordinary file: a directory, a pipe or a device"


def reason(problem: BaseException) -> str:
    """Return why a file or a device cannot be used, in words the catalogue knows.

    The name of the file is left out: the message that holds these words begins with it.
    """
    number = getattr(problem, "errno", None)
    if isinstance(problem, OSError) and problem.args == (NOT_ORDINARY,):
        return NOT_ORDINARY
    if isinstance(number, int) and isinstance(problem, OSError):
        return REASONS.get(number) or f"error {errno.errorcode.get(number, number)} of the system"
    if isinstance(problem, UnicodeDecodeError):
        return "not text in UTF-8"
    if isinstance(problem, ValueError) and hasattr(problem, "lineno"):
        return f"not JSON, line {problem.lineno}"
    return str(problem) or type(problem).__name__
