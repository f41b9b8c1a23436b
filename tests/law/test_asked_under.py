from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.dates import NEVER, add_months, day_within_months, months_between, parse_day
from sim.law.adjustments import ADJUSTMENTS
from sim.law.reckoning import reckoning
from sim.law.sentence import Sentence
from sim.law.statutes import Amendment, Statutes

LAWS = {
    "as it stands": Statutes.load(),
    "removal bars measures": Statutes.load().amended(
        [Amendment("foreigners.removal_bars_measures", parse_day("2023-01-01"), "set", value=True)]
    ),
    "end with reductions to come": Statutes.load().amended(
        [Amendment("sentence.end_counted", parse_day("2023-01-01"), "set", "PROJECTED")]
    ),
    "closed to terrorism, no exclusion": Statutes.load().amended(
        [
            Amendment("semi_liberty.open_to_terrorism", parse_day("2023-01-01"), "set", value=False),
            Amendment("release_under_constraint_as_of_right.excludes_felony", parse_day("2023-01-01"), "set", value=False),
            Amendment("release_under_constraint.yields_to_as_of_right", parse_day("2023-01-01"), "set", value=False),
        ]
    ),
}


@st.composite
def sentences(draw: st.DrawFn) -> Sentence:
    committed = draw(st.integers(parse_day("2018-01-01"), parse_day("2027-12-31")))
    held = draw(st.integers(0, 900))
    sentence = Sentence.of(
        committed,
        draw(st.one_of(st.integers(1, 30), st.sampled_from([12, 24, 60]), st.integers(1, 360))),
        sentenced_day=committed + held,
        life=draw(st.integers(0, 19)) == 0,
        birth_day=committed - draw(st.integers(6600, 28000)),
    )
    for flag in ("felony", "recidive", "terrorism", "lsc_excluded", "removal"):
        setattr(sentence, flag, draw(st.integers(0, 3)) == 0)
    if draw(st.booleans()):
        sentence.child_born_day = committed - draw(st.integers(0, 3650))
    if draw(st.integers(0, 3)) == 0:
        sentence.surety_end_day = committed + draw(st.integers(0, 4000))
    if not sentence.life:
        sentence.end_day -= draw(st.integers(0, sentence.total_days // 3))
    return sentence


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("adjustment", ADJUSTMENTS, ids=lambda a: a.code)
@given(sentence=sentences(), day=st.integers(parse_day("2022-01-01"), parse_day("2030-12-31")))
def test_a_law_read_once_answers_as_the_rule_itself(adjustment, law, sentence, day):
    statutes = LAWS[law].at(day)

    assert adjustment.asked_under(statutes)(sentence) == adjustment.eligible_from(sentence, statutes)


@given(end=st.integers(parse_day("2019-01-01"), parse_day("2060-12-31")), months=st.integers(0, 400))
def test_a_remainder_is_reckoned_as_day_by_day(end, months):
    day = day_within_months(end, months)

    assert day <= end
    assert add_months(day, months) >= end
    assert add_months(day - 1, months) < end


@given(start=st.integers(0, 40_000), length=st.integers(1, 20_000))
def test_whole_months_are_those_that_have_gone_by(start, length):
    months = months_between(start, start + length)

    assert add_months(start, months) <= start + length < add_months(start, months + 1)


def test_life_never_opens_a_release_under_constraint():
    law = Statutes.load().at(parse_day("2025-01-01"))
    lifer = Sentence.of(parse_day("2015-01-01"), 1, life=True)
    answers = {a.code: a.asked_under(law)(lifer) for a in ADJUSTMENTS}

    assert answers["LSC"] == answers["LSC-PD"] == NEVER
    assert answers["LC"] == add_months(lifer.start_day, 18 * 12)


def test_measures_under_the_same_rules_are_one_question():
    law = Statutes.load().at(parse_day("2025-01-01"))
    barred = Statutes.load().amended([Amendment("semi_liberty.max_months", parse_day("2024-01-01"), "set", 12)])
    codes = [a.code for a in ADJUSTMENTS]

    as_they_stand = reckoning(law)
    apart = reckoning(barred.at(parse_day("2025-01-01")))

    # Home detention is open to terrorism, the two others are not.
    assert as_they_stand.opens[codes.index("SL")] is as_they_stand.opens[codes.index("PE")]
    assert len(as_they_stand.by_hearing) == 3
    assert apart.opens[codes.index("SL")] is not apart.opens[codes.index("PE")]
    assert len(apart.by_hearing) == 4
    assert set(as_they_stand.by_hearing) == {as_they_stand.opens[i] for i, a in enumerate(ADJUSTMENTS) if a.needs_hearing}
