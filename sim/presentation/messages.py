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
        found = _pattern(self.parts).fullmatch(text)
        if found is None or (self.is_bare and any(len(filled.split()) > _FEW for filled in found.groups())):
            return None
        return dict(zip(self.blanks, found.groups(), strict=True))

    @property
    def is_bare(self) -> bool:
        """Whether it is two blanks about one short word, as ``{low} to {high}``: any sentence with that word would fit it."""
        return len(self.parts) == 3 and not self.parts[0] and not self.parts[2] and len(self.parts[1].strip()) <= _FEW


@cache
def _pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("(.*?)".join(re.escape(part) for part in parts), re.DOTALL)


@lru_cache(maxsize=1)
def catalogue() -> dict[str, str]:
    """Return the French of every English text."""
    read: dict[str, str] = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader)
    return read


@lru_cache(maxsize=1)
def _shapes() -> tuple[Shape, ...]:
    """Return the texts with blanks, the one with most words of its own first."""
    found = []
    for english, french in catalogue().items():
        pieces = _BLANK.split(english)
        if len(pieces) > 1:
            found.append(Shape(tuple(pieces[::2]), tuple(pieces[1::2]), french))
    return tuple(sorted(found, key=lambda shape: -sum(map(len, shape.parts))))


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
    for shape in _shapes():
        filled = shape.match(text)
        if filled is not None:
            return shape.french.format(**{name: _inner(name, value, depth) for name, value in filled.items()})
    placed = _PLACE.fullmatch(text)
    if placed is not None:
        why = french(placed["why"], depth + 1)
        return None if why is None else f"{placed['place']}{placed['key']}{why}"
    return None


def _inner(name: str, value: str, depth: int) -> str:
    if not name.endswith("_") or not value:
        return value
    told = french(value, depth + 1)
    return value if told is None else told
