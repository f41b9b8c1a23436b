"""How results are printed: tables for people, JSON for programs, numbers with their unit."""

from __future__ import annotations

import json
import math
import sys
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 100
"""Columns a report needs at most."""


def print_json(content: object) -> None:
    """Print plain data on standard output, and nothing else."""
    json.dump(_plain(content), sys.stdout, ensure_ascii=False, indent=1, allow_nan=False)
    sys.stdout.write("\n")


def console() -> Console:
    """Return a console on standard output, no wider than :data:`WIDTH`, without colours outside a terminal."""
    from rich.console import Console  # noqa: PLC0415 (0.05 s that --help and --json do not need)

    width = None if sys.stdout.isatty() else WIDTH
    made = Console(width=width, highlight=False, soft_wrap=False)
    return made if made.width <= WIDTH else Console(width=WIDTH, highlight=False)


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
    return _signed(value, kind, plus="") + (_UNIT[kind] if math.isfinite(value) else "")


def difference(value: float, kind: str, *, exactly: bool = True) -> str:
    """Write a difference: signed, in points for shares; ``=`` for nothing, unless it is nothing on average only."""
    if value == 0 and exactly:
        return "="
    unit = " pt" if kind in PERCENT else _UNIT[kind]
    return _signed(value, kind, plus="+", finer=1) + (unit if math.isfinite(value) else "")


def interval(middle: float, half_width: float, kind: str, *, signed: bool) -> str:
    """Write an interval ``[low, high]`` in the unit of its middle; empty when there is none or it has no width."""
    if not math.isfinite(half_width) or half_width == 0:
        return ""
    plus, finer = ("+", 1) if signed else ("", 0)
    low, high = (_signed(end, kind, plus=plus, finer=finer) for end in (middle - half_width, middle + half_width))
    return f"[{low}, {high}]"


PERCENT = ("share", "density", "reconviction")
_UNIT = {"share": " %", "reconviction": " %", "density": " %", "people": "", "days": " d", "ratio": "", "euros": " M€"}
_SCALE = {"share": 100.0, "reconviction": 100.0, "density": 100.0, "euros": 1e-6}
_DECIMALS = {"share": 1, "reconviction": 1, "density": 1, "euros": 1, "ratio": 1, "people": 0, "days": 0}


def _signed(value: float, kind: str, *, plus: str, finer: int = 0) -> str:
    """Write a number in its scale, with a true minus sign; small counts keep a decimal so as not to read as nothing."""
    if not math.isfinite(value):
        return "–"
    size = abs(value) * _SCALE.get(kind, 1.0)
    decimals = _DECIMALS[kind] + finer
    if kind == "reconviction":
        decimals = 1  # never more: the precision would be a claim (recidivism.md §8, 13)
    elif kind == "people" and (not finer or size >= 10):
        decimals = 0
    text = f"{size:,.{decimals}f}"
    sign = "−" if value < 0 else plus
    return f"{sign}{text}" if text.strip("0,.") else text
