"""The operation by which each date was found, so that a reader can do it again with a pencil: ``880 days ÷ 2 = 440``."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from sim.dates import NEVER, add_months
from sim.law.rulebook.words import dated, numbered, spanned
from sim.law.sentence import EPSILON

if TYPE_CHECKING:
    from sim.law.remission import Caps
    from sim.law.rulebook.words import Language
    from sim.law.sentence import Sentence


def share_of(sentence: Sentence, share: float, language: Language, *, served_for: float = 1) -> str:
    """A share of the sentence: ``2021-02-01 → 2023-07-01: 880 days ÷ 2 = 440``."""
    if sentence.end_day >= NEVER:
        return ""
    days = sentence.end_day - sentence.start_day
    fraction = Fraction(share).limit_denominator(60)
    exact = share * served_for * days
    whole = ceil(exact - EPSILON)
    by = "" if fraction.numerator == 1 else f" × {fraction.numerator}"
    found = numbered(exact, language)
    result = found if abs(exact - whole) < EPSILON else f"{found} → {whole}"
    unit = {"en": "days", "fr": "jours"}[language]
    colon = {"en": ":", "fr": " :"}[language]
    span = f"{dated(sentence.start_day, language)} → {dated(sentence.end_day, language)}{colon} {days} {unit}"
    return f"{span}{by} ÷ {fraction.denominator} = {result}"


def after(day: int, months: int, language: Language) -> str:
    """So many months after a day: ``2022-01-16 + 1 year = 2023-01-16``."""
    return f"{dated(day, language)} + {spanned(months, language)} = {dated(add_months(day, months), language)}"


def before(day: int, months: int, found: int, language: Language) -> str:
    """So many months before a day: ``2025-02-01 − 3 months = 2024-11-01``."""
    return f"{dated(day, language)} − {spanned(months, language)} = {dated(found, language)}"


def days_before(day: int, days: int, language: Language) -> str:
    """So many days before a day: ``2025-02-01 − 84 days = 2024-11-09``."""
    unit = {"en": "day" if days == 1 else "days", "fr": "jour" if days == 1 else "jours"}[language]
    return f"{dated(day, language)} − {days} {unit} = {dated(day - days, language)}"


def reduction(end_day: int, max_days: int, cap: Caps, language: Language) -> str:
    """How the most of an examination was found: months for full years, days for each month over; empty if neither fits."""
    unit, per = {"en": ("months", "days"), "fr": ("mois", "jours")}[language]
    for years in range(41):
        left = max_days - (end_day - add_months(end_day, -cap.months_per_year * years))
        if left < 0:
            break
        months, over = divmod(left, cap.days_per_month)
        if over or months >= 12:
            continue
        parts = []
        if years:
            parts.append(f"{years} × {cap.months_per_year} {unit}")
        if months:
            parts.append(f"{months} {unit} × {cap.days_per_month} {per}")
        return f"{' + '.join(parts)} = {max_days} {per}" if parts else ""
    return ""
