"""The page of findings: each names a test that exists, and every fault of the first jurist is there."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from sim.dates import day_of
from sim.law import Sentence, Statutes
from sim.law.rulebook.timeline import life_of
from tests.law.test_cases import CASES, Words

PAGE = Path(__file__).parents[2] / "docs" / "law_cases.md"
ROWS = [line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if re.match(r"\| (§|[A-G]\d|Q\d|–)", line)]
FAULTS = {f"§{number}" for number in range(14)}
WORKED = {"A4", "A9", "A14", "B3", "B7", "C3", "D2", "D4", "E1", "E4"}
"""Cases worked by that jurist where the answer was another; two more have no letter."""


def case_names():
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.load(path.read_text(encoding="utf-8"), Loader=Words):  # noqa: S506  a safe loader but for its booleans
            yield path.stem, case["case"]


def test_every_fault_and_every_worked_case_that_differed_is_in_the_page():
    told = {row[0].removeprefix("| ").partition(" ")[0] for row in ROWS}

    assert told >= FAULTS | WORKED
    assert sum(row[0].startswith("| –") for row in ROWS) >= 2


def test_every_test_that_the_page_names_exists():
    known = {f"{stem}: {name}" for stem, name in case_names()}
    for row in ROWS:
        named = re.findall(r"`([^`]+)`", row[-1])
        assert named, row[0]
        for name in named:
            if name.startswith("tests/"):
                path, _, function = name.partition("::")
                source = (PAGE.parents[1] / path).read_text(encoding="utf-8")
                assert not function or f"def {function}(" in source, name
            else:
                assert any(case.startswith(name) for case in known), name


def test_edges_are_more_than_fifty_each_with_its_article_and_its_working():
    """What no arithmetic is needed for is a threshold, met or not, or a date of the texts: its name says which."""
    edges = yaml.load((CASES / "17_edges.yaml").read_text(encoding="utf-8"), Loader=Words)  # noqa: S506  a safe loader but for its booleans

    assert len(edges) >= 50
    assert all(case["article"] for case in edges)
    for case in edges:
        # A date that is reckoned on shares of the sentence cannot be seen at a glance: the operation is written down.
        if case.get("ask") in {"life", "several"} and {"LC", "LSC", "two thirds hearing"} & set(case["expect"]):
            assert case.get("note"), case["case"]


@pytest.mark.parametrize("day", [date(2015, 2, 2), date(2018, 2, 1)])
def test_before_june_2019_nobody_had_to_be_informed(day):
    """§7: D147-17 of 2015 has no such duty."""
    rows = life_of(Sentence.of(day_of(day), 12, birth_day=0), Statutes.load(), share_granted=0)

    assert "LSC" in {row.event for row in rows}
    assert "inform LSC" not in {row.event for row in rows}


def test_articles_that_a_magistrate_looks_up():
    """§9: the articles that were wrong, read in the code pénitentiaire and the CPP."""
    rules = Statutes.load()
    for path, article in {
        "external_placement.approval_months": "C. pénit. R424-19",
        "external_placement.approval_years": "C. pénit. R424-19",
        "allocation.magistrate_opposes_days": "C. pénit. D215-12, D215-13",
        "allocation.plan_review_months": "C. pénit. D211-32",
    }.items():
        assert rules.rule(path).periods[-1].article == article
    conversion = rules.rule("free_convicts.conversion_max_months")
    assert [period.article for period in conversion.periods] == ["CP 132-57", "CPP 747-1"]


def test_the_suspension_of_2009_made_no_distinction_for_recidivists():
    """§8: such a rule was in the texts and in no code."""
    assert "suspension.judge_max_remaining_months_recidive" not in Statutes.load().paths()
