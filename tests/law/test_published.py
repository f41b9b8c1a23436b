"""Runs the questions found in public with their answer: ``tests/law/published.yaml``, and holds the score that is published.

The cases of ``cases/`` are ours; these are not. A mutation score measures the tests against the code, this one the code against
what others say of the Code.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from sim.dates import day_of
from sim.law import Statutes
from tests.law.asking import QUESTIONS, Asked, days, plain, sentence_of
from tests.law.test_cases import Words, json_copy, written

PUBLISHED = yaml.load((Path(__file__).parent / "published.yaml").read_text(encoding="utf-8"), Loader=Words)  # noqa: S506


def answered(case):
    """What the law says, cut to what the case expects."""
    sentence = sentence_of(dict(case["sentence"]))
    day = day_of(case["on"]) if "on" in case else sentence.sentenced_day
    found = plain(QUESTIONS[case["ask"]](Asked(sentence, Statutes.load(), day, days(json_copy(case.get("with", {}))))))
    expected = written(case["expect"])
    return {key: found[key] for key in expected} if isinstance(expected, dict) else found


@pytest.mark.parametrize("case", PUBLISHED, ids=[f"published-{number:02d}" for number in range(len(PUBLISHED))])
def test_a_published_answer(case):
    assert case["source"].startswith(("https://", "http://"))
    assert answered(case) == written(case["expect"]), case["case"]


def test_the_score_against_published_examples_is_the_one_we_publish(root):
    right = sum(answered(case) == written(case["expect"]) for case in PUBLISHED)
    page = (root / "docs" / "law_mutation.md").read_text(encoding="utf-8")

    (said,) = re.findall(r"\*\*(\d+) of (\d+) published answers", page)
    assert said == (str(right), str(len(PUBLISHED)))
