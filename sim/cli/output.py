"""How results are printed: tables for people, JSON for programs, numbers with their unit."""

from __future__ import annotations

import json
import math
import sys
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
    """JSON has no NaN: what is not known is null."""
    if isinstance(content, float):
        return content if math.isfinite(content) else None
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    return content


def number(value: float, kind: str) -> str:
    """Write a value in its unit.

    ``kind`` is ``share`` (percent), ``density`` (percent of the places), ``people``, ``days``, ``ratio`` or ``euros``.
    """
    if value != value:  # noqa: PLR0124 (NaN)
        return "–"
    if kind in {"share", "density"}:
        return f"{100 * value:.1f} %"
    if kind == "euros":
        return f"{value / 1e6:,.1f} M€"
    if kind == "days":
        return f"{value:,.0f} d"
    return f"{value:,.1f}" if kind == "ratio" else f"{value:,.0f}"


def difference(value: float, kind: str) -> str:
    """Write a difference: signed, in points for shares; ``=`` when it is exactly nothing."""
    if value != value:  # noqa: PLR0124 (NaN)
        return "–"
    if value == 0:
        return "="
    sign = "+" if value > 0 else "−"
    size = abs(value)
    if kind in {"share", "density"}:
        return f"{sign}{100 * size:.2f} pt"
    if kind == "euros":
        return f"{sign}{size / 1e6:,.2f} M€"
    if kind == "days":
        return f"{sign}{size:,.1f} d"
    return f"{sign}{size:,.2f}" if kind == "ratio" else f"{sign}{size:,.0f}"


def interval(middle: float, half_width: float, kind: str, *, signed: bool) -> str:
    """Write an interval ``[low, high]``; empty when there is none or when it has no width."""
    if half_width != half_width or half_width == 0:  # noqa: PLR0124 (NaN)
        return ""
    write = difference if signed else number
    low, high = write(middle - half_width, kind), write(middle + half_width, kind)
    for unit in (" %", " pt", " M€", " d"):
        low = low.removesuffix(unit)
    return f"[{low}, {high}]"
