"""Words and numbers in French and English: one catalogue a language, the same keys in both."""

from __future__ import annotations

import re
from functools import lru_cache
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from sim.presentation.messages import french
from sim.scenario.describe import Language, day_in_words, figure

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES: tuple[Language, ...] = ("fr", "en")
_FOLDER = Path(__file__).with_name("locales")
_NARROW, _FIXED = "\u202f", "\u00a0"

_MONTHS_FR = ("janvier", "février", "mars", "avril", "mai", "juin",
              "juillet", "août", "septembre", "octobre", "novembre", "décembre")  # fmt: skip
_SHORT_FR = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_DAYS_FR = ("dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")

VEGA_FR: dict[str, Any] = {
    "number": {"decimal": ",", "thousands": _NARROW, "grouping": [3], "currency": ["", f"{_FIXED}€"], "percent": f"{_NARROW}%"},
    "time": {
        "dateTime": "%A %e %B %Y à %X", "date": "%d/%m/%Y", "time": "%H:%M:%S", "periods": ["AM", "PM"],
        "days": list(_DAYS_FR), "shortDays": [f"{day[:3]}." for day in _DAYS_FR],
        "months": list(_MONTHS_FR), "shortMonths": list(_SHORT_FR),
    },
}  # fmt: skip
"""How a French chart writes numbers and dates."""


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(lang: Language) -> Mapping[str, str]:
    """Read the texts of a language, by key."""
    read: dict[str, str] = {}
    for file in (f"{lang}.yaml", f"site.{lang}.yaml"):
        read |= yaml.safe_load((_FOLDER / file).read_text(encoding="utf-8"))
    # A number and its sign stay on one line, as :meth:`Texts.percent` writes them.
    return {key: re.sub(r"(?<=\d) %", f"{_FIXED}%", text) for key, text in read.items()}


KINDS = ("people", "share", "density", "days", "ratio", "euros")
"""What a figure may be, which says how it is written."""


class Texts:
    """The texts of one language, called by key: ``t("overview.title")``."""

    def __init__(self, lang: str | None) -> None:
        self.lang: Language = "en" if lang == "en" else "fr"

    def __call__(self, key: str, **values: object) -> str:
        """Text of a key, its ``{names}`` filled in."""
        text = catalogue(self.lang)[key]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Whether there is such a key."""
        return key in catalogue(self.lang)

    def name(self, prefix: str, code: str) -> str:
        """Name of a code of the tables (``route``, ``DDSE``); the code itself where it needs none."""
        key = f"{prefix}.{code}"
        return self(key) if self.has(key) else code

    def number(self, value: float, digits: int = 0) -> str:
        """Write a number with the separators of the language."""
        if isnan(value):
            return "–"
        text = f"{value:,.{digits}f}"
        if text.strip("-0.,") == "":
            text = text.lstrip("-")
        if self.lang == "fr":
            text = text.replace(",", _NARROW).replace(".", ",")
        return text.replace("-", "−")

    def signed(self, value: float, digits: int = 0) -> str:
        """The same, with its sign."""
        text = self.number(value, digits)
        zero = not any(figure in text for figure in "123456789")
        return text if zero or value <= 0 or isnan(value) else f"+{text}"

    def percent(self, share: float, digits: int = 0) -> str:
        """Write a share as a percentage."""
        return f"{self.number(100 * share, digits)}{_FIXED + '%' if self.lang == 'fr' else '%'}"

    def level(self, value: float, kind: str) -> str:
        """Write a level of one of the :data:`KINDS`."""
        assert kind in KINDS, kind
        if kind == "share":
            return self.percent(value, 1)
        if kind == "density":
            return self.percent(value)
        if kind == "days":
            return self("unit.days", x=self.number(value))
        if kind == "euros":
            return self("unit.billions", x=self.number(value / 1e9, 2))
        return self.number(value, 1 if kind == "ratio" else 0)

    def change(self, value: float, kind: str) -> str:
        """Write a difference of one of the :data:`KINDS`: a difference of shares is in points."""
        assert kind in KINDS, kind
        if kind in {"share", "density"}:
            return self("unit.points", x=self.signed(100 * value, 1))
        if kind == "days":
            return self("unit.days", x=self.signed(value, 1))
        if kind == "euros":
            return self("unit.millions", x=self.signed(value / 1e6))
        return self.signed(value, 1 if kind == "ratio" else 0)

    def bare_change(self, value: float, kind: str) -> str:
        """The same without its unit, for the ends of an interval."""
        if kind in {"share", "density"}:
            return self.signed(100 * value, 1)
        if kind == "days":
            return self.signed(value, 1)
        if kind == "euros":
            return self.signed(value / 1e6)
        return self.signed(value, 1 if kind == "ratio" else 0)

    def day(self, day: int) -> str:
        """Write a day: ``1er juillet 2026``."""
        return day_in_words(day, self.lang)

    def short(self, value: float) -> str:
        """Write a value of a scenario as its file has it."""
        return figure(value, self.lang)

    def problem(self, problem: object) -> str:
        """What went wrong, in the language of the reader where the catalogue has it."""
        told = french(str(problem)) if self.lang == "fr" else None
        return str(problem) if told is None else told

    def title(self, words: Mapping[str, str]) -> str:
        """One of the two languages of a scenario's words."""
        return words[self.lang]
