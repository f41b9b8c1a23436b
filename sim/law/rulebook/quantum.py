"""The firm part of a sentence as people write it: ``36 months``, ``2 ans 15 jours``, ``life``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sim.errors import RequestError

if TYPE_CHECKING:
    from sim.law.rulebook.words import Language

_LONGEST_YEARS = 80
_PART = re.compile(r"(\d+)\s*(years?|ans?|months?|mois|days?|jours?)", re.ASCII)


def read_quantum(text: str, where: str = "quantum", language: Language = "en") -> tuple[int, int, bool]:
    """Return months, days and whether it is for life; ``where`` is named in errors, which are in ``language``.

    Raises
    ------
    RequestError
        If nothing can be made of it, or if a unit is said twice: that is several sentences.
    """
    words = text.strip().lower()
    if words in {"life", "perpétuité", "perpetuite"}:
        return 0, 0, True
    months = days = 0
    units = [unit[0].replace("a", "y").replace("j", "d") for _, unit in _PART.findall(words)]
    if len(set(units)) < len(units):
        # The credit of before 2023 is that of each sentence (D115-2): a sum would have another.
        msg = {
            "en": f"{where}: '{text}' says a unit twice; expected one sentence; for several: sortie law sentence FILE",
            "fr": f"{where} : « {text} » répète une unité ; attendu une peine ; plusieurs : sortie law sentence FICHIER",
        }[language]
        raise RequestError(msg)
    for count, unit in _PART.findall(words):
        if unit[0] in "ya":
            months += 12 * int(count)
        elif unit[0] == "m":
            months += int(count)
        else:
            days += int(count)
    left = _PART.sub("", words).replace(",", " ").replace(" and ", " ").replace(" et ", " ").strip()
    if left or months + days == 0:
        msg = {
            "en": f"{where}: cannot read '{text}'; expected '36 months', '2 years 15 days', '45 days' or 'life'",
            "fr": f"{where} : « {text} » illisible ; attendu « 36 mois », « 2 ans 15 jours », « 45 jours » ou « perpétuité »",
        }[language]
        raise RequestError(msg)
    if months + days // 31 > 12 * _LONGEST_YEARS:
        msg = {
            "en": f"{where}: '{text}' is more than {_LONGEST_YEARS} years; write 'life' for life",
            "fr": f"{where} : « {text} » dépasse {_LONGEST_YEARS} ans ; écrivez « perpétuité » pour la perpétuité",
        }[language]
        raise RequestError(msg)
    return months, days, False
