"""What the command line says, in French: one catalogue, whose keys are the English words of the code.

The English words stand in the code, beside what they are about; ``locales/messages.fr.yaml`` gives the French for each.
``{blanks}`` have the same names on both sides. A text that was made by filling in blanks is found by its shape: among the
keys that fit it, the one with the most words of its own. A blank whose name ends with ``_`` holds words that are looked up in
turn (a reason, a hint); any other holds a name or a value, which is left as it is.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml

_FILE = Path(__file__).with_name("locales") / "messages.fr.yaml"
_BLANK = re.compile(r"\{(\w+)\}")
_PLACE = re.compile(r"(?P<place>[^\n:]*:\d+: )(?P<key>(?:[\w.\[\]-]+: )?)(?P<why>.+)", re.DOTALL)
"""Where a document error stands: ``file:line: place.in.it: why``."""
_SENTENCE = re.compile(r"(?<=[.?!])(?= [A-Z])|(?= \([^()]*\)$)")
"""Between two sentences, the second with the space before it as the catalogue has hints; and before brackets at the end."""
_THOUSANDS = re.compile(r"[-−+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DECIMAL = re.compile(r"[-−+]?\d+\.\d+")
_SIZE = re.compile(r"\d[\d,]*(?:\.\d+)? [kMGT]?B")
_ONE = re.compile(
    r"(?<![\d,.\u202f])1 (tirage|réplication|unité|ligne|simulation|scénario|personne|caractère|octet|fichier)s\b"
)
"""One of what is said to be many; in French nothing is many below two."""
_MEASURED = frozenset({"s", "seconds", "low", "high", "left"})
"""Blanks that hold a number to be read. So do those named ``num_…``.
Others may hold one to be typed, which keeps its point in a file."""
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DAYS = re.compile(r"\d{4}-\d{2}-\d{2}(?:(?:, |; | to | and | or )\d{4}-\d{2}-\d{2})*")
"""A day, or several: what a blank holds is a day that was read; one that somebody typed stands between quotes, as typed."""
_NARROW = "\u202f"
_DEEPEST = 6
_FEW = 2
"""Letters of a word that says little, and words that may stand on either side of it."""
_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class Shape(NamedTuple):
    """A text with blanks, and its French."""

    parts: tuple[str, ...]
    """The words between blanks."""
    blanks: tuple[str, ...]
    french: str

    def match(self, text: str) -> dict[str, str] | None:
        """Return what fills the blanks, if the text has this shape."""
        if not text.startswith(self.parts[0]) or not all(part in text for part in self.parts):
            return None
        found = _pattern(self.parts, self.blanks).fullmatch(text)
        if found is None or (self.is_bare and any(len(filled.split()) > _FEW for filled in found.groups())):
            return None
        return dict(zip(self.blanks, found.groups(), strict=True))

    @property
    def is_bare(self) -> bool:
        """Whether it is two blanks about one short word, as ``{low} to {high}``: any sentence with that word would fit it."""
        return len(self.parts) == 3 and not self.parts[0] and not self.parts[2] and len(self.parts[1].strip()) <= _FEW


@cache
def _pattern(parts: tuple[str, ...], blanks: tuple[str, ...]) -> re.Pattern[str]:
    """Words that are looked up after a point are a sentence: the decimals of ``0.001`` are none."""
    pieces = [re.escape(parts[0])]
    for before, blank, after in zip(parts, blanks, parts[1:], strict=False):
        sentence = before.endswith(".") and blank.endswith("_")
        pieces += [r"((?!\d\d).*?)" if sentence else "(.*?)", re.escape(after)]
    return re.compile("".join(pieces), re.DOTALL)


@lru_cache(maxsize=1)
def catalogue() -> dict[str, str]:
    """Return the French of every English text."""
    read: dict[str, str] = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader)
    return read


@lru_cache(maxsize=1)
def _shapes() -> tuple[Shape, ...]:
    """Return the texts with blanks, the one with most words of its own first; after all others those that begin with a blank.

    Such a blank takes whatever stands before the words it knows, which another text may say.
    """
    found = []
    for english, french in catalogue().items():
        pieces = _BLANK.split(english)
        if len(pieces) > 1:
            found.append(Shape(tuple(pieces[::2]), tuple(pieces[1::2]), french))
    return tuple(sorted(found, key=lambda shape: (not shape.parts[0], -sum(map(len, shape.parts)))))


def blanks(text: str) -> tuple[str, ...]:
    """Return the names of the blanks of a text, sorted."""
    return tuple(sorted(_BLANK.findall(text)))


def french(text: str, depth: int = 0) -> str | None:
    """Return the French of a text, its blanks filled in; None if the catalogue has no such text."""
    exact = catalogue().get(text)
    if exact is not None and not _BLANK.search(text):
        return exact
    if depth > _DEEPEST:
        return None
    # The place first: what it is followed by is then read whole, and no shape takes the place for one of its blanks.
    placed = _PLACE.fullmatch(text)
    if placed is not None:
        why = french(placed["why"], depth + 1)
        if why is not None:
            return f"{placed['place']}{placed['key']}{why}"
    for shape in _shapes():
        filled = shape.match(text)
        if filled is not None:
            told = shape.french.format(**{name: _inner(name, value, depth) for name, value in filled.items()})
            return _ONE.sub(r"1 \1", told)
    return None


def _inner(name: str, value: str, depth: int) -> str:
    if (name in _MEASURED or name.startswith("num_")) and _DECIMAL.fullmatch(value):
        return value.replace(".", ",")
    if _SIZE.fullmatch(value):
        return value.replace(".", "·").replace(",", _NARROW).replace("·", ",").replace("B", "o").replace(" ", _NARROW)
    if _THOUSANDS.fullmatch(value):
        return value.replace(",", _NARROW).replace(".", ",")
    if _DAYS.fullmatch(value):
        return _DAY.sub(r"\3/\2/\1", value)
    if not name.endswith("_") or not value:
        return value
    told = french(value, depth + 1)
    return _sentences(value, depth) if told is None else told


def _sentences(text: str, depth: int) -> str:
    """Return a text with each of its sentences and its last words in brackets told, as far as the catalogue has them."""
    parts = [part for part in _SENTENCE.split(text) if part]
    if len(parts) < 2:
        return text
    return "".join(_part(part, depth) for part in parts)


def _part(text: str, depth: int) -> str:
    """Return a sentence told; the catalogue has hints with the space before them, and other sentences without."""
    bare = text.lstrip()
    told = french(f" {bare}", depth + 1) or french(bare, depth + 1)
    return text if told is None else f"{text[: len(text) - len(bare)]}{told.lstrip()}"
