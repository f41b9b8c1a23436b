"""Names of scenarios and experiments: each is the name of a folder of results, so it must be one on every system."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100
"""Characters of a name: what is left of the 255 of a file name once arms of an experiment add theirs."""
RESERVED = "baseline"
"""Name of the world that every comparison begins from: a file that extends another may not take it."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_FIRST = "-.=+@~ "


def why_no_name(name: str) -> str | None:
    """Return why a name cannot be a folder's on every system, or None when it can."""
    if not name.strip():
        return "is empty"
    if len(name) > LONGEST:
        return f"has {len(name)} characters, {LONGEST} at most"
    hidden = next((letter for letter in name if unicodedata.category(letter)[0] == "C"), None)
    if hidden is not None:
        return f"holds a sign that is not seen (U+{ord(hidden):04X})"
    met = _FORBIDDEN.search(name)
    if met is not None:
        return f"holds {met[0]}, which no file name has on Windows"
    if name[0] in _FIRST:
        return f"begins with '{name[0]}': a command, a shell or a spreadsheet would take it for something else"
    if name[-1] in ". ":
        return "ends with a point or a space, which Windows drops"
    if _DEVICES.fullmatch(name):
        return "is a device of Windows"
    return None
