"""What must hold of the texts of the package, whatever their content."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sim.law
from sim.dates import parse_day
from sim.law import Amendment, Statutes
from sim.law.adjustments import ADJUSTMENTS
from sim.law.reading import read_texts, rules_of
from sim.law.rulebook import delays
from sim.law.rulebook.description import _WEIGHS, document

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


STATEMENTS = {"law_and_practice", "regime_calendar", "pending_reforms"}
"""Texts that inform the reader, the calendar of the reforms and the switches: no function reads their values one by one."""

WRITTEN_INTO_THE_ARITHMETIC = {
    "allocation.organised_crime_units": "a place, not a threshold: no rule of allocation depends on it",
    "allocation.single_cell_derogation": "what the derogation allows is a matter of places",
    "minors.surety_applies": "the Code bars it: no date to reckon",
    "remission.one_board_for_last_period": "a run holds one session for both (pathways/stay.py); their sum is the same",
    "leave.counts_as_served": "time served is counted from the start (C2)",
    "sentence.release_hour": "a day is the unit of time (C7)",
    "sentence.remand_credited": "the start of execution is moved back by the remand (C3)",
    "sentence.sentences_added_up": "the facts of a sentence are those of the sum (C5)",
    "sentence.tagged_house_arrest_credited": "counted with the remand (C3)",
    "sentencing.prison_breach_of_community_work": "the court fixes it: no figure in the law",
    "supervision.lodging_duty": "a duty of the probation service, without a date",
    "supervision.probation_order_summons": "a duty of the probation service, without a date",
}
"""Rules that no function reads, and why."""


def unread():
    """Rules whose name no function of ``sim/law`` mentions, docstrings apart."""
    folder = Path(sim.law.__file__).parent
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py")))
    read = set(re.findall(r"\w+", re.sub(r'"""(?:.|\n)*?"""', "", code)))
    rules = [path for path in RULES if path.partition(".")[0] not in STATEMENTS]
    return {path for path in rules if path.partition(".")[2] not in read}


def test_no_rule_is_a_dead_letter():
    """Every rule is read by a function of the law, is a simple delay, or says why no function reads it."""
    silent = {path for path in unread() if RULES[path].unit not in delays.UNITS}
    assert silent == set(WRITTEN_INTO_THE_ARITHMETIC)


DELAYS_BY_NAME = {
    "allocation.arrival_observation_days",
    "allocation.assessment_stay_max_weeks",
    "allocation.assessment_stay_min_weeks",
    "allocation.isolation_months",
    "allocation.magistrate_opposes_days",
    "allocation.orientation_papers_months",
    "allocation.plan_review_months",
    "allocation.single_cell_answer_months",
    "external_placement.approval_years",
    "free_convicts.convict_may_ask_after_months",
    "home_detention.fitting_days",
    "minors.unit_until_months",
    "procedure.victim_observation_days",
    "sentence.days_of_a_month",
    "sentencing.fast_track_appeal_months",
}


def test_the_thresholds_that_no_function_reads_are_simple_delays():
    """A threshold must not hide behind its unit: those answered by name alone are listed."""
    by_name = {path for path in unread() if RULES[path].unit in delays.UNITS}
    assert by_name == DELAYS_BY_NAME


EXECUTION = ({path.partition(".")[0] for path in RULES} - STATEMENTS) - {
    "allocation",
    "early_release",
    "foreigners",
    "procedure",
    "remand",
    "simplified_procedure",
}
"""Notions whose laws enforce sentences: the others are procedure, prison administration, or a measure of a few weeks."""

NEITHER_WAY = {
    "conditional_release.hearing_min_total_months": "a hearing, created in 2015",
    "free_convicts.decision_months": "a delay of procedure",
    "free_convicts.judge_summons_days": "a delay of procedure",
    "free_convicts.probation_summons_days": "a delay of procedure",
    "long_sentences.terrorism_court": "which court decides (CP 112-2, 1°)",
    "release_under_constraint.first_appointment_working_days": "an appointment",
    "release_under_constraint.information_months_before": "a duty to inform",
    "release_under_constraint.information_short_total_months": "a duty to inform",
    "release_under_constraint.yields_to_a_request": "which of two examinations is held",
    "release_under_constraint.yields_to_as_of_right": "which of two examinations is held",
    "remission.regime": "by the committal, by an express provision (law of 2021, art. 59 VI)",
    "special_remission.credit_withdrawal_by_detention": "less for a short detention, more for one of more than a year",
    "sentencing.contrainte_penale": "a penalty among others",
    "sentencing.contrainte_penale_max_offence_years": "a penalty among others",
    "sentencing.deferred_committal": "an order among others",
    "sentencing.home_detention_sentence": "a penalty among others",
    "sentencing.reinforced_probation": "a penalty among others",
}
"""Rules that change and are harsher neither way, and why."""


def test_every_rule_of_enforcement_that_changes_says_which_way_is_harsher():
    """What makes a text that lets a harsher value reach older facts impossible to load."""
    changing = {
        path
        for path, rule in RULES.items()
        if path.partition(".")[0] in EXECUTION and len({period.value for period in rule.periods}) > 1
    }
    silent = {path for path in changing if RULES[path].harsher is None}
    assert silent == set(NEITHER_WAY)


def test_what_is_recalled_is_not_said_read():
    """A date, or the reach of a rule over older facts, that nobody read: the value is graded as recalled."""
    said = [
        (path, period.from_day)
        for path, rule in RULES.items()
        for period in rule.periods
        if period.quality == "read" and "recalled" in f"{period.note} {period.exception}"
    ]
    assert said == []


def test_every_recalled_value_that_a_run_reads_has_its_weight_measured():
    assert "unmeasured" not in document()
    for path in _WEIGHS:
        assert path in RULES
