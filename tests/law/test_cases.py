"""Runs the cases that jurists read: ``tests/law/cases/*.yaml``. A new case needs no code.

Each case has a name, the article it applies, the day whose law is asked, and what is expected. The expectation of a
table may leave entries out: those written are compared.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from sim.dates import day_of
from sim.law import Statutes
from tests.law.asking import QUESTIONS, Asked, amended, days, plain, sentence_of

CASES = Path(__file__).parent / "cases"
KEYS = {"case", "article", "sentence", "on", "ask", "with", "changes", "expect", "note"}


class Words(yaml.CSafeLoader):
    """YAML 1.2 booleans: ``on`` is a word, not yes."""


Words.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
Words.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def load():
    for path in sorted(CASES.glob("*.yaml")):
        for number, case in enumerate(yaml.load(path.read_text(encoding="utf-8"), Loader=Words)):  # noqa: S506  a safe loader but for its booleans
            yield pytest.param(case, id=f"{path.stem}-{number:02d}")


@pytest.mark.parametrize("case", list(load()))
def test_case(case):
    assert set(case) <= KEYS, f"unknown in the case: {sorted(set(case) - KEYS)}"
    assert case["article"]
    statutes = amended(Statutes.load(), case.get("changes", []))
    sentence = sentence_of(dict(case["sentence"])) if "sentence" in case else None
    on = case.get("on")
    day = day_of(on) if on else sentence.sentenced_day
    asked = Asked(sentence, statutes, day, days(json_copy(case.get("with", {}))))

    found = plain(QUESTIONS[case.get("ask", "eligible")](asked))

    expected = written(case["expect"])
    if isinstance(expected, dict):
        found = {key: found[key] for key in expected}
    assert expected == found, f"{case['case']} ({case['article']})"


def json_copy(value):
    """A copy that a question may take apart (dates kept)."""
    if isinstance(value, dict):
        return {key: json_copy(item) for key, item in value.items()}
    return [json_copy(item) for item in value] if isinstance(value, list) else value


def written(value):
    """The expectation, its dates as ISO text."""
    return json.loads(json.dumps(value, default=lambda day: day.isoformat()))


def test_there_are_enough_cases_and_every_vector():
    names = [case.values[0]["case"] for case in load()]
    vectors = {name.split(" ")[0] for name in names if name.startswith("T")}

    assert len(names) >= 168
    assert {f"T{number}" for number in range(1, 19)} <= vectors
    assert len(set(names)) == len(names), "two cases have one name"
