"""Plain data written as YAML: the same data always give the same bytes.

A text is quoted unless it can be nothing else than a text, so that what is read back is what was written, whatever the
version of YAML of the reader.
"""

from __future__ import annotations

import re
from typing import Any

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
_RESERVED = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan"})
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAYS = frozenset({"on", "until", "start", "measure_from", "end", "date"})
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def to_text(data: dict[str, Any]) -> str:
    """Return plain data (mappings, lists, texts, numbers, switches) as YAML; keys stay in the order given."""
    lines: list[str] = []
    _mapping(data, "", lines)
    return "\n".join(lines) + "\n"


def _mapping(data: dict[str, Any], indent: str, lines: list[str]) -> None:
    for key, value in data.items():
        if isinstance(value, dict) and value:
            lines.append(f"{indent}{_key(key)}:")
            _mapping(value, indent + "  ", lines)
        elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            lines.append(f"{indent}{_key(key)}:")
            for item in value:
                inner: list[str] = []
                _mapping(item, indent + "    ", inner)
                lines.append(f"{indent}  - {inner[0].lstrip()}")
                lines.extend(inner[1:])
        else:
            bare = key in _DAYS and isinstance(value, str) and _DATE.fullmatch(value)
            lines.append(f"{indent}{_key(key)}: {value if bare else _inline(value)}")


def _inline(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_inline(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key)}: {_inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, int | float):
        return repr(value)
    assert isinstance(value, str), value
    return _text(value)


def _key(key: str) -> str:
    return key if _DATE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    if _BARE.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    return '"' + "".join(_character(character) for character in text) + '"'


def _character(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
