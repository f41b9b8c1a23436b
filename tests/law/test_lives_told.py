"""Whole lives, as ``sortie law timeline`` tells them: ``tests/law/lives/*.txt``, to be read by a jurist.

The first lines of a file say the sentence (``key: value``, then a blank line); what follows is the life, word for word.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sim.law import Statutes
from sim.law.rulebook.timeline import life_of
from tests.law.asking import sentence_of

LIVES = sorted((Path(__file__).parent / "lives").glob("*.txt"))


def told(spec):
    settings = {key: spec.pop(key) for key in ("place", "share_granted", "language") if key in spec}
    lines = []
    for row in life_of(sentence_of(spec), Statutes.load(), **settings):
        plain = row.to_plain()
        decider = f" · {row.decider}" if row.decider else ""
        lines.append(f"{plain['date']}  {row.event}: {row.label} ({row.article}){decider}")
        lines += [f"            {text}" for text in (row.operation, row.note) if text]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("path", LIVES, ids=[path.stem for path in LIVES])
def test_a_life_is_told_as_written(path):
    head, _, story = path.read_text(encoding="utf-8").partition("\n\n")

    assert story == told(yaml.safe_load(head))


def test_there_are_lives_in_both_languages():
    assert {path.stem.rpartition("_")[2] for path in LIVES} == {"en", "fr"}
    assert len(LIVES) >= 22
