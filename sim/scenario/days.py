"""Days in figures, as readers of each language write and type them."""

from __future__ import annotations

import re
from typing import Literal

from sim.dates import date_of, iso

_DAY = re.compile(r"(?<![\w/'-])(\d{4})-(\d{2})-(\d{2})\b(?![-/'])")


def day_in_figures(day: int, lang: Literal["fr", "en"]) -> str:
    """Write a day in figures: ``01/07/2026`` in French, ``2026-07-01`` in English, as both may be typed."""
    return f"{date_of(day):%d/%m/%Y}" if lang == "fr" else iso(day)


def days_in(text: str, lang: Literal["fr", "en"]) -> str:
    """Return a text with the days of its source written as the language has them; names of files and addresses stay."""
    return _DAY.sub(r"\3/\2/\1", text) if lang == "fr" else text
