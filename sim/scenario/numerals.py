"""Numbers and dates as people type them, where they cannot be mistaken: ``0,5``, ``2/3``, ``1 500``, ``01/06/2026``."""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_FRACTION = re.compile(r"\s*(-?\d+)\s*/\s*(\d+)\s*")
_DECIMAL = re.compile(r"[-+]?\d+,\d+")
_GROUPED = re.compile(r"[-+]?\s?(?:\d+|\d{1,3}(?:[\u202f\u00a0 ]\d{3})+)(?:[.,]\d+)?")
"""Spaces stand between thousands, and nowhere else: ``7 00`` is a slip of the hand."""
_SPACES = str.maketrans(dict.fromkeys("\u202f\u00a0 ", None))
_MINUS = str.maketrans("−", "-")


def plain_day(text: str) -> str:
    """Return ``2026-06-01`` for ``01/06/2026`` (day first: this is about France), any other text as it is."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return text
    day, month, year = map(int, found.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return text


def plain_number(text: str) -> str:
    """Return ``0.5`` for ``0,5`` and ``0.666…`` for ``2/3``, any other text as it is.

    ``1,500`` could be one and a half or fifteen hundred: it is left, and refused further on.
    """
    words = text.translate(_MINUS)
    found = _FRACTION.fullmatch(words)
    if found is not None:
        try:
            return repr(int(found[1]) / int(found[2]))
        except (ArithmeticError, ValueError):  # by nought, or more digits than a number has here
            return text
    if not _GROUPED.fullmatch(words.strip()):
        return text
    words = words.translate(_SPACES)
    if _DECIMAL.fullmatch(words) and not _doubtful(words):
        return words.replace(",", ".")
    return words if re.fullmatch(r"[-+]?\d+(\.\d+)?", words) else text


def percent_meant(raw: object) -> str:
    """Guess at the end of a refusal: ``50 %`` where a number was expected is half of 1; nothing for any other text."""
    if not isinstance(raw, str) or not raw.strip().endswith(("%", "pour cent", "percent")):
        return ""
    digits = plain_number(re.sub(r"\s*(%|pour cent|percent)$", "", raw.strip()))
    try:
        percent = float(digits)
    except ValueError:
        return ""
    return f". If {percent:g} % is meant, write {percent / 100:g}"


def _doubtful(words: str) -> bool:
    whole, _, decimals = words.lstrip("+-").partition(",")
    return len(decimals) == 3 and not whole.startswith("0") and len(whole) <= 3
