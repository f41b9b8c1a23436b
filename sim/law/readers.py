"""Who reads each rule: a run (*engine*), or nobody but a jurist (*rule book only*).

``read_by.yaml`` beside this file is written by ``docs/read_by.py``, which follows the code of a run from its entry to the
fields of the law's record that it reads; a test derives it again. A run shows nothing of a change of any other rule, and
:mod:`sim.scenario.readers` refuses it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import yaml

Reader = Literal["engine", "rule book only"]

FILE = Path(__file__).with_name("read_by.yaml")


@cache
def engine_rules() -> frozenset[str]:
    """Return the rules that a run reads, by their path without ``law.``: ``release_under_constraint.fraction_served``."""
    by_notion = yaml.safe_load(FILE.read_text(encoding="utf-8"))["engine"]
    return frozenset(f"{notion}.{rule}" for notion, rules in by_notion.items() for rule in rules)


def reader_of_rule(path: str) -> Reader:
    """Who reads a rule, by its path without ``law.``."""
    return "engine" if path in engine_rules() else "rule book only"
