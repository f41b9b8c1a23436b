"""Dates and numbers as the reader of a life writes them: ISO in English, day first in French."""

from __future__ import annotations

from typing import Literal

from sim.dates import NEVER, date_of, iso

Language = Literal["en", "fr"]


def dated(day: int, language: Language) -> str:
    """A day in words: ``2024-02-01``, ``01/02/2024``; ``never``, ``jamais``."""
    if language == "en":
        return iso(day)
    return "jamais" if day >= NEVER else date_of(day).strftime("%d/%m/%Y")


def numbered(value: float, language: Language) -> str:
    """A number with two decimals at most, and the decimal mark of the language."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if language == "fr" else text


def spanned(months: int, language: Language) -> str:
    """A number of months, in years and months: ``2 years 3 months``, ``2 ans 3 mois``."""
    years, months = divmod(months, 12)
    parts = []
    if years:
        unit = {"en": "year", "fr": "an"}[language]
        parts.append(f"{years} {unit}{'s' if years > 1 else ''}")
    if months or not years:
        unit = "mois" if language == "fr" else "month" if months == 1 else "months"
        parts.append(f"{months} {unit}")
    return " ".join(parts)


def lasting(months: int, days: int, language: Language) -> str:
    """A length of months and days: ``2 years 3 months 15 days``, ``45 jours``."""
    parts = [spanned(months, language)] if months or not days else []
    if days:
        unit = {"en": "day", "fr": "jour"}[language]
        parts.append(f"{days} {unit}{'s' if days > 1 else ''}")
    return " ".join(parts)
