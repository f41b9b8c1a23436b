"""What the rooms below say, in the words of Python: their messages name options of commands."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.dates import iso, parse_day
from sim.errors import RequestError, SimError
from sim.scenario.numerals import plain_day

if TYPE_CHECKING:
    from collections.abc import Iterator

Dated = str | date | datetime | np.datetime64
"""A day: ``"2026-07-01"``, a date, or a timestamp of pandas."""

_INSTEAD = (
    ("sortie list", "sortie.scenarios()"),
    ("sortie show baseline", 'sortie.Scenario("baseline").parameters()'),
    ("sortie law show", "sortie.Law().rules()"),
    ("sortie data add-months FILE", "the command sortie data add-months FILE"),
)
_LAW_OF = re.compile(r"sortie law show --scenario (\S+)")
_OPTION = re.compile(r"(?<![\w-])--(?!no-)([a-z][a-z-]*)")
_REMEASURE = re.compile(r"sortie remeasure [^\n]*")


def in_python(message: str) -> str:
    """Return a message with the names of Python in place of commands and options: ``measure_from`` for ``--measure-from``."""
    message = _LAW_OF.sub(r'sortie.Law(scenario="\1").rules()', message)
    for command, name in _INSTEAD:
        message = message.replace(command, name)
    message = _REMEASURE.sub("Results.remeasure()", message)
    return _OPTION.sub(lambda found: found[1].replace("-", "_"), message)


@contextmanager
def told_in_python() -> Iterator[None]:
    """Say in the words of Python what anything below refuses; the kind of error stays."""
    try:
        yield
    except SimError as problem:
        said = in_python(str(problem))
        if said == str(problem):
            raise
        raise type(problem)(said) from None


def day_text(value: Dated, what: str) -> str:
    """Return a day as ``2026-07-01``; ``what`` is named in the error.

    Raises
    ------
    RequestError
        If it is no day.
    """
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    text = value.date().isoformat() if isinstance(value, datetime) else value.isoformat() if isinstance(value, date) else value
    try:
        return iso(parse_day(plain_day(text)))
    except (ValueError, TypeError, AttributeError):
        msg = f"{what}: met {value!r}, expected a date such as '2026-07-01'."
        raise RequestError(msg) from None


def day_number(value: Dated, what: str) -> int:
    """Return a day as days since 1970-01-01; raises as :func:`day_text`."""
    return parse_day(day_text(value, what))


def shortened(text: str, limit: int = 60) -> str:
    """Cut a text that is long."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def told_path(path: Path) -> str:
    """Return a path as messages call it: from the working directory if it is below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def plain(value: Any) -> Any:
    """Return a value of NumPy or pandas as a plain one: numbers, lists and tables of them."""
    if isinstance(value, dict | pd.Series):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "tolist"):
        return plain(value.tolist()) if getattr(value, "ndim", 0) else value.item()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def plain_file(value: Any) -> Any:
    """Return what was read of a file with its dates as texts, keys included."""
    if isinstance(value, dict):
        return {key.isoformat() if isinstance(key, date) else str(key): plain_file(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain_file(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
