"""Numbers of assumptions are given once: unique, never moved, never used again, and quoted rightly wherever they are quoted."""

from __future__ import annotations

import hashlib

import pytest

from sim.errors import DataError
from sim.scenario import check, load_scenario
from sim.scenario.numbering import REGISTRY, number_new, numbers, read_numbers, retired

FIRST = 113
"""Numbers given when they were first kept, in November 2026: these lines may only change on purpose, and here."""
DIGEST = "ad454c5cc516a8a32b8cbf6b6372332fc7d7a2fd605055faa4e994b96341e471"


def lines():
    return [line for line in REGISTRY.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def test_every_assumption_of_the_baseline_has_a_number_and_only_those():
    told = {item.path: item.code for item in check(load_scenario("baseline")).hypotheses}
    gone = {text.split(":")[0] for text in retired().values()}
    assert told == {path: code for path, code in numbers().items() if path not in gone}, "python docs/generate.py"
    assert len(set(numbers().values())) == len(numbers())


def test_no_number_changes_silently():
    first = "".join(f"{line}\n" for line in lines()[:FIRST])
    assert hashlib.sha256(first.encode()).hexdigest() == DIGEST, "a number that was quoted somewhere would mean something else"


def test_a_policy_does_not_renumber():
    base, policy = (check(load_scenario(name)).hypotheses for name in ("baseline", "housing_first_decisions"))
    assert [item.code for item in base] == [item.code for item in policy]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("HYP-02: a.b\nHYP-01: a.c\n", "2: met HYP-01, expected HYP-03 or above"),
        ("HYP-01: a.b\nHYP-01: a.c\n", "2: met HYP-01, expected HYP-02 or above"),
        ("HYP-1: a.b\n", "met 'HYP-1: a.b', expected 'HYP-nn: a.path'"),
        ("HYP-01: a.b\nHYP-02: a.b\n", "2: 'a.b' already is HYP-01"),
        ("HYP-01: {was: a.b}\n", "expected 'HYP-nn: a.path' or 'HYP-nn: {was: a.path, why: …}'"),
        ("a.b: HYP-01\n", "expected 'HYP-nn: a.path'"),
    ],
)
def test_a_broken_registry_says_where(tmp_path, text, words):
    file = tmp_path / "assumptions.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_numbers(file)
    assert words in str(caught.value)


def test_new_assumptions_get_the_next_numbers_and_old_ones_keep_theirs(tmp_path):
    file = tmp_path / "assumptions.yaml"
    before = "# Head\nHYP-01: means.z\nHYP-02: {was: means.y, why: a statistic was published}\n"
    file.write_text(before, encoding="utf-8")
    assert number_new(["means.z", "means.b", "means.a"], file) == ["HYP-03: means.a", "HYP-04: means.b"]
    assert file.read_text(encoding="utf-8") == before + "HYP-03: means.a\nHYP-04: means.b\n"
    assert number_new(["means.a"], file) == []
    assert read_numbers(file)["means.y"] == "HYP-02"
    assert retired(file) == {"HYP-02": "means.y: a statistic was published"}
