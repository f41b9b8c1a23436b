"""The law asked plain and compiled gives the same answers; its records refuse what they cannot hold."""

from __future__ import annotations

import numpy as np
import pytest

from sim.dates import NEVER, parse_day
from sim.engine.compile import compiled_form
from sim.errors import LawError
from sim.law import Amendment, Sentence
from sim.law.adjustments import ADJUSTMENTS
from sim.law.reckoning import closed_by_law, first_day, opening_day
from sim.law.record import NOTIONS, law_dtype, law_records
from sim.law.remission import credit_days, next_review
from sim.population.person import PERSON
from sim.timeline import Timeline

DAYS = ["2018-05-01", "2020-01-01", "2021-06-01", "2022-06-01", "2023-02-01", "2026-01-01", "2029-06-01"]
CODES = len(ADJUSTMENTS)
QUESTIONS = 3 * CODES + 4
SENTENCES = 300


def ask(people, law, answers):
    """Every question the engine asks the law, about each person."""
    for turn in range(len(people)):
        person = people[turn]
        for code in range(CODES):
            answers[turn, 3 * code] = first_day(code, person, law)
            answers[turn, 3 * code + 1] = opening_day(code, person, law)
            answers[turn, 3 * code + 2] = closed_by_law(code, person, law)
        answers[turn, 3 * CODES] = credit_days(person, law)
        review = next_review(person, person.sentenced_day, law)
        if review is not None:
            answers[turn, 3 * CODES + 1] = review.day
            answers[turn, 3 * CODES + 2] = review.max_days
            answers[turn, 3 * CODES + 3] = review.last


@pytest.fixture(scope="module")
def sentences() -> list[Sentence]:
    """Sentences of every length and kind, thick around the thresholds, from 2012 to 2029."""
    luck = np.random.default_rng(1)
    months = [1, 2, 3, 4, 6, 8, 11, 12, 13, 18, 23, 24, 25, 30, 36, 60, 84, 119, 120, 121, 240]
    made = []
    for _ in range(SENTENCES):
        day = int(luck.integers(parse_day("2012-01-01"), parse_day("2029-01-01")))
        yes = luck.random(7) < (0.4, 0.1, 0.3, 0.2, 0.2, 0.05, 0.1)
        made.append(
            Sentence.of(
                day,
                int(luck.choice(months)),
                remand_days=int(luck.integers(0, 400)) if luck.random() < 0.5 else 0,
                recidive=bool(yes[0]),
                felony=bool(yes[1]),
                birth_day=day - int(luck.integers(16 * 365, 82 * 365)),
                child_born_day=day - int(luck.integers(0, 4_000)) if yes[2] else NEVER,
                removal=bool(yes[3]),
                lsc_excluded=bool(yes[4]),
                terrorism=bool(yes[5]),
            )
        )
    return made


@pytest.mark.parametrize("share", [None, 0.7], ids=["end granted", "end projected"])
def test_the_law_says_the_same_plain_and_compiled(statutes, sentences, share):
    if share is not None:
        day = parse_day("2012-01-01")
        statutes = statutes.amended(
            [
                Amendment("sentence.end_counted", day, "set", "PROJECTED"),
                Amendment("sentence.projected_share", day, "set", share),
            ]
        )
    dtype = law_dtype(statutes)
    states = [statutes.at(parse_day(day)) for day in DAYS]
    people = np.zeros(len(sentences), dtype=PERSON).view(np.recarray)
    for name in PERSON.names:
        if hasattr(sentences[0], name):
            people[name] = [getattr(sentence, name) for sentence in sentences]
    told = set()
    for state, record in zip(states, law_records(states, dtype), strict=True):
        plain = np.full((len(sentences), QUESTIONS), -1, dtype=np.int64)
        fast = plain.copy()
        ask(sentences, state, plain)
        compiled_form(ask)(people, record, fast)
        different = np.flatnonzero((plain != fast).any(axis=1))
        assert not len(different), (sentences[different[0]], plain[different[0]], fast[different[0]])
        told.add(plain.tobytes())
    assert len(told) >= 2, "the law changes between these days"


def test_records_hold_every_rule_that_always_has_a_value(statutes):
    dtype = law_dtype(statutes)
    left_out = set()
    for notion in NOTIONS:
        for rule in vars(getattr(statutes.at(parse_day("2024-01-01")), notion)):
            if rule not in dtype[notion].names:
                left_out.add(f"{notion}.{rule}")
    assert left_out == {
        "conditional_release.parental_pregnancy_weeks",
        "release_under_constraint.first_appointment_working_days",
        "release_under_constraint.information_months_before",
        "release_under_constraint.information_short_total_months",
        "conditional_release.hearing_min_total_months",
        "special_remission.credit_order_remand_months",
    }
    for path in left_out:
        assert any(period.value is None for period in statutes.rule(path).periods)


def test_records_say_what_the_statutes_say(statutes):
    dtype = law_dtype(statutes)
    for day in statutes.change_days():
        law = statutes.at(day)
        record = law_records([law], dtype)[0]
        for notion in NOTIONS:
            for rule, value in vars(getattr(law, notion)).items():
                if rule in dtype[notion].names and isinstance(value, bool | int | float):
                    assert record[notion][rule] == value, f"{notion}.{rule} on {day}"


def test_a_rule_with_more_dated_values_than_a_record_holds_is_refused(statutes):
    law = statutes.at(parse_day("2024-01-01"))
    dtype = law_dtype(statutes)
    values = vars(law.remission)
    kept = values["regime"]
    values["regime"] = Timeline([(day, "OLD") for day in range(5)])
    try:
        with pytest.raises(LawError, match=r"law\.remission\.regime: 5 dated values .* holds 4\. Raise _CHANGES"):
            law_records([law], dtype)
        values["regime"] = Timeline([(day, "OLD") for day in range(4)])
        law_records([law], dtype)
    finally:
        values["regime"] = kept


def test_a_rule_a_scenario_empties_is_refused(statutes):
    day = parse_day("2024-01-01")
    emptied = statutes.amended([Amendment("semi_liberty.max_months", day, "set", None)])
    with pytest.raises(LawError, match=r"law\.semi_liberty\.max_months: no value; a run needs one"):
        law_records([emptied.at(day)], law_dtype(statutes))


def test_an_adjustment_that_reckons_its_own_way_is_refused():
    """The compiled engine asks opens and excluded: a method of its own above them would be passed over."""
    from sim.law import reckoning  # noqa: PLC0415

    class Odd(type(ADJUSTMENTS[0])):
        def eligible_from(self, *_):
            return 0

    with pytest.raises(AssertionError, match="belongs in opens or excluded"):
        reckoning._eligible(Odd())
