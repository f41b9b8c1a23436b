"""What must hold of the texts of the package, whatever their content."""

from __future__ import annotations

import pytest

from sim.dates import parse_day
from sim.law import Amendment, Statutes
from sim.law.adjustments import ADJUSTMENTS
from sim.law.reading import read_texts, rules_of

RULES = {rule.path: rule for rule in rules_of(read_texts())}


def test_no_pending_reform_is_in_force():
    pending = [rule for path, rule in RULES.items() if path.startswith("pending_reforms.")]

    assert len(pending) == 9
    assert {period.value for rule in pending for period in rule.periods} == {False}


def test_a_pending_reform_that_amends_nothing_says_why():
    pending = [rule for path, rule in RULES.items() if path.startswith("pending_reforms.")]

    assert [rule.path for rule in pending if not rule.amends and "mends nothing" not in (rule.note or "")] == []


@pytest.mark.parametrize("path", ["kervran", "kervran_no_release_as_of_right", "sure_enforcement"])
def test_turning_a_pending_reform_on_makes_its_amendments_and_no_other(path):
    on = parse_day("2026-07-01")
    statutes = Statutes.load()
    amended = statutes.amended([Amendment(f"pending_reforms.{path}", on, "set", value=True)])

    changed = {p for p in statutes.paths() if statutes.value(p, on) != amended.value(p, on)}
    amends = RULES[f"pending_reforms.{path}"].amends
    differing = {p for p, value in amends.items() if statutes.value(p, on) != value}
    assert changed == differing | {f"pending_reforms.{path}"}
    assert {p: amended.value(p, on) for p in amends} == dict(amends)


def test_every_value_of_a_flag_is_yes_or_no():
    wrong = [r.path for r in RULES.values() if r.unit == "flag" and any(type(p.value) is not bool for p in r.periods)]

    assert wrong == []


def test_every_number_is_of_a_unit_of_numbers():
    words = {"flag", "statement", "regime", "base", "end"}
    wrong = [
        r.path
        for r in RULES.values()
        if r.unit not in words and any(not isinstance(p.value, int | float | None) for p in r.periods)
    ]

    assert wrong == []


def test_every_uncertain_number_has_a_range_or_a_grade_that_says_so():
    """A value known only by recollection is graded so: nothing is passed off as read."""
    for rule in RULES.values():
        for period in rule.periods:
            if period.reference.href is None:
                assert period.quality in {"memory", "memory+", "practice", "derived"}, rule.path


def test_everything_the_law_says_since_2014_is_dated():
    """No measure of the engine depends on a rule whose first date lies after it came into force."""
    on = parse_day("2015-01-01")
    law = Statutes.load().at(on)

    for adjustment in ADJUSTMENTS:
        assert getattr(law, adjustment.notion)
    assert law.release_under_constraint.in_force
    assert not law.release_under_constraint_as_of_right.in_force


def test_labels_are_in_both_languages_and_differ_or_are_names():
    same = [r.path for r in RULES.values() if r.label["en"] == r.label["fr"]]

    assert same == []
