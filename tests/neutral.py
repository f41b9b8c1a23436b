"""Worlds with every mechanism off, and worlds where nothing lacks, made from ``neutral.yaml``: a line a parameter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

REGISTRY = Path(__file__).with_name("neutral.yaml")
FACT = "fact"
WORDS = frozenset({"neutral", "plenty", "no_hearings", "no_boards", "with", "other"})


def read() -> dict[str, Any]:
    """What is written of each parameter: ``fact``, or values by word (:data:`WORDS`)."""
    with REGISTRY.open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (a safe one)


def _worth(word: str) -> Mapping[str, Any]:
    return {path: told[word] for path, told in read().items() if told != FACT and word in told}


OFF = _worth("neutral")
"""Every mechanism does nothing: overrides by path. What befalls people is then their sentence, its texts and its delays."""
PLENTY = _worth("plenty")
"""Nobody waits for a counsellor's hours, a hearing or a place."""
NO_HEARINGS = _worth("no_hearings")
NO_BOARDS = _worth("no_boards")
OTHERWISE = _worth("other")
"""Another value of whatever only a mechanism reads: where that is off, it changes nothing."""
READ_WITH = _worth("with")
"""The path that switches on what reads a parameter."""
