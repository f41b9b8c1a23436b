"""Order of the changelog: in each release, entries by kind, and within a kind as they were written, the newest first.

``python docs/changelog.py`` puts it in order (``docs/generate.py`` runs it); a test holds it. Whoever adds an entry writes it anywhere under the open release.
"""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

KINDS = ("model", "law", "data", "api", "cli", "explorer", "speed", "docs", "tests")
"""Kinds of change, in order: users of results read the first three."""
CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"
_ENTRY = re.compile(r"- \*\*(\w+)\*\* ")


def kind_of(entry: str) -> str:
    """Kind of an entry.

    Raises
    ------
    ValueError
        If it begins with none of :data:`KINDS`.
    """
    found = _ENTRY.match(entry)
    if found is None or found[1] not in KINDS:
        message = f"CHANGELOG.md: met {entry[:60]!r}, expected '- **kind** ', kind one of {', '.join(KINDS)}"
        raise ValueError(message)
    return found[1]


def entries(release: str) -> list[str]:
    """Entries of a release: what stands below its heading."""
    return [entry.rstrip() for entry in re.split(r"^(?=- )", release.strip("\n"), flags=re.MULTILINE) if entry.strip()]


def releases(text: str) -> list[tuple[str, list[str]]]:
    """Heading of each release and its entries; the first part is the page's own head, with none."""
    head, *parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    return [(head.rstrip(), []), *((heading, entries(body)) for heading, _, body in (part.partition("\n") for part in parts))]


def arranged() -> str:
    """Return the changelog in order."""
    parts = []
    for heading, given in releases(CHANGELOG.read_text(encoding="utf-8")):
        ordered = sorted(given, key=lambda entry: KINDS.index(kind_of(entry)))
        by_kind = ("\n".join(group) for _, group in groupby(ordered, kind_of))
        parts.append("\n\n".join([heading, *by_kind]))
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    CHANGELOG.write_text(arranged(), encoding="utf-8")
    print(CHANGELOG)
