"""How results are printed: tables for people, JSON for programs, numbers with their unit."""

from __future__ import annotations

import json
import math
import shutil
import sys
import textwrap
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sim.cli.language import say, spoken, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from rich.console import Console

    from sim.experiments.progress import progress_on

WIDTH = 100
"""Columns a report needs at most."""


SCHEMA = 1
"""Number of the form of every JSON output; raised when a program that reads the old form would be misled."""


def print_json(content: object) -> None:
    """Print plain data on standard output, and nothing else: an object with its ``schema``; a list is under ``rows``."""
    numbered = {"schema": SCHEMA, **(content if isinstance(content, Mapping) else {"rows": content})}
    # Where the stream has not every sign, they are escaped: what a program reads must not change with a terminal.
    everything = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"
    json.dump(_plain(numbered), sys.stdout, ensure_ascii=not everything, indent=1, allow_nan=False)
    sys.stdout.write("\n")


def console() -> Console:
    """Return a console on standard output, no wider than :data:`WIDTH`, without colours outside a terminal."""
    from rich.console import Console  # noqa: PLC0415 (0.05 s that --help and --json do not need)

    width = None if sys.stdout.isatty() else WIDTH
    made = Console(width=width, highlight=False, soft_wrap=False)
    return made if made.width <= WIDTH else Console(width=WIDTH, highlight=False)


def filled(text: str) -> str:
    """Return a line folded to :data:`WIDTH`, between words only: the narrow space within a number is none between words."""
    indent = " " * (len(text) - len(text.lstrip(" ")))
    folds = textwrap.fill(text.strip(), WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
    return folds or text


def progress_of(mode: str) -> progress_on:
    """Return what tells the progress of a set of replications, in the language of the reader."""
    from sim.experiments.progress import progress_on  # noqa: PLC0415

    return progress_on(mode, words=say)


def terminal_width() -> int:
    """Columns there are to write in: those of the terminal, or of ``COLUMNS``; :data:`WIDTH` where there is neither."""
    return shutil.get_terminal_size((WIDTH, 24)).columns


def folded(frame: pd.DataFrame, most: int = 200) -> str:
    """Write a table in the columns there are: one too wide is folded, its columns in several blocks one below the other."""
    width = max(terminal_width(), 40)
    cut = frame.apply(lambda column: column.map(lambda value: _short(value, width - 12)) if column.dtype == object else column)
    told: str = cut.to_string(index=False, max_rows=most, line_width=None)
    if max(map(len, told.splitlines()), default=0) > width:
        told = cut.to_string(max_rows=most, line_width=width)
    return told


def _short(value: object, width: int) -> object:
    return f"{value[: width - 1]}…" if isinstance(value, str) and len(value) > width else value


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, words: int) -> None:
    """Print a table whose first ``words`` columns are words, folded within their column, and the others figures."""
    from rich.table import Table  # noqa: PLC0415

    made = Table(box=None, padding=(0, 0, 0, 1), header_style="bold")
    for position, header in enumerate(headers):
        made.add_column(
            say(header), justify="left" if position < words else "right", no_wrap=position >= words, overflow="fold"
        )
    for row in rows:
        made.add_row(*(cell.replace("[", r"\[") for cell in row))
    console().print(made)


def _plain(content: Any) -> Any:
    """JSON has no NaN and no dates: what is not known is null, a day is ``2026-01-01``, a moment ``2026-01-01T00:00:06``."""
    if content is None or isinstance(content, str | bool | int):
        return content
    if isinstance(content, float):
        return content if math.isfinite(content) else None
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple | set | frozenset):
        return [_plain(value) for value in content]
    if isinstance(content, datetime):
        if content != content:  # noqa: PLR0124 (pandas' NaT is no moment)
            return None
        at_midnight = content.time() == time()
        return content.date().isoformat() if at_midnight else content.isoformat()
    if isinstance(content, date | time):
        return content.isoformat()
    if hasattr(content, "tolist"):  # an array or a number of NumPy
        return _plain(content.tolist())
    return str(content)


def number(value: float, kind: str) -> str:
    """Write a value in its unit.

    ``kind`` is ``share`` (percent), ``density`` (percent of the places), ``reconviction`` (percent),
    ``people``, ``days``, ``ratio`` or ``euros``.
    """
    return _signed(value, kind, plus="") + (_unit(kind) if math.isfinite(value) else "")


def _unit(kind: str) -> str:
    return " j" if kind == "days" and spoken() == "fr" else _UNIT[kind]


def difference(value: float, kind: str, *, exactly: bool = True) -> str:
    """Write a difference: signed, in points for shares; ``=`` for nothing, unless it is nothing on average only."""
    if value == 0 and exactly:
        return "="
    unit = " pt" if kind in PERCENT else _unit(kind)
    return _signed(value, kind, plus="+", finer=1) + (unit if math.isfinite(value) else "")


def interval(middle: float, half_width: float, kind: str, *, signed: bool) -> str:
    """Write an interval ``[low, high]`` in the unit of its middle; empty when there is none, a dash when it has no width."""
    if not math.isfinite(half_width) or (half_width == 0 and middle == 0):
        return ""
    if _without_width(middle, half_width):
        return "–"
    plus, finer = ("+", 1) if signed else ("", 0)
    low, high = (_signed(end, kind, plus=plus, finer=finer) for end in (middle - half_width, middle + half_width))
    if low == high and kind != "reconviction":
        # Narrower than what is written: decimals are added until its ends are told apart.
        for decimals in range(1, 5):
            ends = (middle - half_width, middle + half_width)
            low, high = (_signed(end, kind, plus=plus, finer=finer, more=decimals) for end in ends)
            if low != high:
                break
        else:
            return "–"
    return f"[{low} ; {high}]" if spoken() == "fr" else f"[{low}, {high}]"


TIED = "–: every replication gave the same number, which says nothing of chance: ask for more replications"


def tied(middle: float, half_width: float, replications: float) -> bool:
    """Whether several replications all gave one number that is not 0: a dash is written, and :data:`TIED` below."""
    return bool(middle) and replications > 1 and (math.isnan(half_width) or _without_width(middle, half_width))


def _without_width(middle: float, half_width: float) -> bool:
    return half_width <= 1e-9 * max(abs(middle), 1e-9)


PERCENT = ("share", "density", "reconviction")
_UNIT = {"share": " %", "reconviction": " %", "density": " %", "people": "", "days": " d", "ratio": "", "euros": " M€"}
_SCALE = {"share": 100.0, "reconviction": 100.0, "density": 100.0, "euros": 1e-6}
_DECIMALS = {"share": 1, "reconviction": 1, "density": 1, "euros": 1, "ratio": 1, "people": 0, "days": 0}


def _signed(value: float, kind: str, *, plus: str, finer: int = 0, more: int = 0) -> str:
    """Write a number in its scale, with a true minus sign; small counts keep a decimal so as not to read as nothing."""
    if not math.isfinite(value):
        return "–"
    size = abs(value) * _SCALE.get(kind, 1.0)
    decimals = _DECIMALS[kind] + finer
    if kind == "reconviction":
        decimals = 1  # never more: the precision would be a claim (recidivism.md §8, 13)
    elif kind == "people" and (not finer or size >= 10):
        decimals = 0
    text = f"{size:,.{decimals + more}f}"
    sign = "−" if value < 0 else plus
    return written(f"{sign}{text}" if text.strip("0,.") else text)
