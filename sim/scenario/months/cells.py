"""What a cell says, as people and the ministry write it: counts, densities, days, kinds of quarter, interregions, names.

A reader returns the value, ``None`` where the cell hides it (*secret statistique*), or raises :class:`ValueError`; whoever
called says which cell of which file, what was expected and the way out.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MASKED = frozenset({"nc", "n c", "nd", "n d", "ns", "secret", "secret statistique", "masque"})
"""What stands for a count that may not be published, in plain letters."""

MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip

_EXCEL_BEGINS = date(1899, 12, 30)
_WORD_DAY = re.compile(rf"(?:\b(1er|\d{{1,2}})[ ]+)?\b({'|'.join(MONTHS)}|[a-z]{{3,5}})[ ]+(\d{{4}}|\d{{2}})\b")
_SHORT = {
    "janv": 1, "jan": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_OFFICE = re.compile(r"\b(direction|interregionale|des|services|penitentiaires|de|disp|d i s p|tab(leau)? ?\d*|\d+)\b")
_OVERSEAS = re.compile(r"\b(dspom|mspom|mom|outre mer)\b")
_LONG_KINDS = (
    ("maison d arret", "ma"),
    ("centre de detention", "cd"),
    ("centre penitentiaire", "cp"),
    ("maison centrale", "mc"),
    ("centre de semi liberte", "csl"),
    ("etablissement penitentiaire pour mineurs", "epm"),
)
_SORTS = frozenset({"ma", "cd", "cp", "mc", "csl", "epm", "epsn", "sas", "cpa"})
_SMALL_WORDS = frozenset({"le", "la", "les", "de", "du", "d", "l", "sur"})


def plain(text: str) -> str:
    """Return a text in small letters without accents, each run of other signs as one space."""
    flat = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9%]+", " ", flat.replace("œ", "oe")).strip()


def _without_spaces(text: str) -> str:
    return re.sub(r"\s", "", text).replace("−", "-")


def masked(text: str) -> bool:
    """Whether a cell hides its count: empty, or NC."""
    return not text.strip() or plain(text) in MASKED


def count(text: str) -> int | None:
    """Read a whole number: ``2 455``, ``192.0`` as pandas writes a column with gaps, ``NC`` for a masked one.

    Raises
    ------
    ValueError
        If it is no whole number.
    """
    if masked(text):
        return None
    met = re.fullmatch(r"(-?\d{1,9})(?:[.,]0+)?", _without_spaces(text))
    if met is None or not met[1].isascii():
        raise ValueError(text)
    return int(met[1])


def density(text: str) -> float | None:
    """Read a density in people per hundred places: ``205,6 %``, or a ratio as a workbook keeps it; infinite for ``Inf``.

    ``None`` where there is nothing to read (``NC``, ``--``). Without a percent sign the number is returned as it is: only the
    places and the people say whether it is a ratio.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    if masked(text) or re.fullmatch(r"[-–—/]*", text.strip()):
        return None
    if plain(text) in {"inf", "infini", "infinity", "div 0", "%inf"}:
        return math.inf
    met = re.fullmatch(r"(\d{1,9}(?:[.,]\d+)?)%?", _without_spaces(text))
    if met is None:
        raise ValueError(text)
    return float(met[1].replace(",", "."))


def day(text: str) -> date:
    """Read a day: ``2026-04-01``, ``01/04/2026`` (day first), ``1er avril 2026``, ``avril 2026``, a day number of Excel.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    text = text.strip()
    if re.fullmatch(r"[3-6]\d{4}", text):
        return _EXCEL_BEGINS + timedelta(days=int(text))
    if met := re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})", text):
        return date(_year(met[3]), int(met[2]), int(met[1]))
    if met := re.fullmatch(r"(\d{4}-\d{2}-\d{2})(?:[ T].*)?", text):
        return date.fromisoformat(met[1])
    words = plain(text)
    if (found := _in_words(words)) is not None and _WORD_DAY.fullmatch(words):
        return found
    raise ValueError(text)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _in_words(words: str) -> date | None:
    for met in _WORD_DAY.finditer(words):
        month = MONTHS.index(met[2]) + 1 if met[2] in MONTHS else _SHORT.get(met[2])
        if month is not None:
            number = 1 if met[1] in {None, "1er"} else int(met[1])
            try:
                return date(_year(met[3]), month, number)
            except ValueError:
                continue
    return None


def day_within(text: str) -> date | None:
    """Find the day that a title names (« Effectifs actualisés au 1er mars 2026 »), None if it names none."""
    found = _in_words(plain(text))
    if found is None and (met := re.search(r"\b\d{1,2}/\d{1,2}/\d{4}\b", text)):
        try:
            return day(met[0])
        except ValueError:
            return None
    return found


def kind(text: str, known: Iterable[str]) -> str | None:
    """Find the kind of quarter a text names among those known (``MA``, ``qMA``, ``ma / qma`` are ``MA/QMA``)."""
    wanted = _without_spaces(plain(text).replace("q ", "q"))
    for name in known:
        forms = {_without_spaces(plain(name)), *(plain(part) for part in name.split("/"))}
        if wanted in forms:
            return name
    return None


def region(text: str, known: Iterable[str]) -> str | None:
    """Find the interregion a text names: ``DISP BORDEAUX``, ``Direction interrégionale de Bordeaux``, ``tab14 Bordeaux``.

    The overseas mission has had several names (*MOM, MSPOM*, now *DSPOM*): each is ``Mom``, the table's own.
    """
    words = plain(text)
    if _OVERSEAS.search(words):
        return next((name for name in known if name == "Mom"), None)
    cut = _OFFICE.sub(" ", words).split()
    for name in known:
        if cut == plain(name).split() or (cut and cut[-1] == plain(name) and "interregionale" in words):
            return name
    return None


def name_key(name: str) -> str:
    """Return what two spellings of an establishment's name have in common.

    Without accents, hyphens and apostrophes, *Saint* as *St*, the kind in short (*Maison d'arrêt de* → *MA*).
    """
    words = plain(name)
    for long, short in _LONG_KINDS:
        words = re.sub(rf"^{long}( (de|du|des|d|de la|de l))?\b", short, words)
    return re.sub(r"\bsaint(e?)\b", r"st\1", words)


def name_words(name: str) -> tuple[str, ...]:
    """Words of a name that tell the place: without its kind and small words."""
    return tuple(word for word in name_key(name).split() if word not in _SORTS | _SMALL_WORDS)
