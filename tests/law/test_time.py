"""The law in time: harsher values never reach older facts, no rule answers before its date, sums agree with their parts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.dates import NEVER, add_months, iso, parse_day
from sim.errors import LawError
from sim.law import Sentence, Statutes
from sim.law.adjustments import ADJUSTMENTS
from sim.law.calendar import is_working_day
from sim.law.reading import is_harsher, read_text, read_texts, rules_of
from sim.law.remission import credit_days
from sim.law.rulebook.execution import Extract, credited_end, under_committal
from sim.law.rulebook.first_days import first_day_of
from sim.law.rulebook.timeline import life_of
from sim.law.statutes import DatedTimeline, NoSuchRuleError

STATUTES = Statutes.load()
RULES = {rule.path: rule for rule in rules_of(read_texts())}
BOUND = sorted(path for path, rule in RULES.items() if any(period.later_facts_only for period in rule.periods))
DIRECTED = sorted(path for path, rule in RULES.items() if rule.harsher and not any(p.exception for p in rule.periods))
FIRST, LAST = parse_day("2005-01-01"), parse_day("2026-12-31")
DAYS = st.integers(FIRST, LAST)


def test_what_the_law_of_2020_and_of_2005_made_harsher_binds_later_facts_only():
    expected = {
        "conditional_release.life_trial_months",
        "conditional_release.life_trial_months_recidive",
        "conditional_release.trial_cap_months_recidive",
        "free_convicts.max_months",
        "remission.credit_months_first_year_recidive",
        "sentencing.ab_initio_up_to_months",
        "suspension.judge_suspension_open_to_terrorism",
    }
    assert expected <= set(BOUND)


@given(path=st.sampled_from(DIRECTED), facts=DAYS, earlier=DAYS, later=DAYS)
def test_for_given_facts_no_value_is_ever_harsher_than_one_in_force_since_them(path, facts, earlier, later):
    """What CP 112-2, 3° says: between the facts and any decision after, the law of enforcement only gets milder."""
    earlier, later = sorted((max(earlier, facts), max(later, facts)))
    rule = RULES[path]
    before, after = (rule.in_force(day, facts) for day in (earlier, later))

    if before is not None:
        assert not is_harsher(after.value, before.value, rule.harsher)


@given(path=st.sampled_from(BOUND), day=DAYS, facts=DAYS)
def test_a_value_that_binds_later_facts_is_never_that_of_older_ones(path, day, facts):
    period = RULES[path].in_force(day, facts)

    assert period is None or not period.later_facts_only or period.from_day <= facts


@given(
    committed=DAYS,
    months=st.integers(1, 240),
    recidive=st.booleans(),
    older=st.integers(0, 6000),
    share=st.sampled_from([0, 1]),
)
def test_older_facts_never_make_an_adjustment_open_later(committed, months, recidive, older, share):
    made = Sentence.of(committed, months, recidive=recidive, birth_day=committed - 12_000, facts_day=committed - 30)
    old = replace(made, facts_day=made.facts_day - older)

    for adjustment in ADJUSTMENTS:
        days = [first_day_of(adjustment, s, s.law(STATUTES, committed), share) for s in (old, made)]
        assert days[0] <= days[1]


@given(path=st.sampled_from(sorted(RULES)), before=st.integers(1, 4000))
def test_a_rule_asked_before_its_first_date_answers_that_there_is_none(path, before):
    first = RULES[path].periods[0].from_day

    with pytest.raises(
        NoSuchRuleError, match=f"law.{path}: no such rule on {iso(first - before)}; the texts date it from {iso(first)}"
    ):
        STATUTES.dated().value(path, first - before)
    assert STATUTES.dated().value(path, first) == RULES[path].periods[0].value
    # A run needs a number: it takes the earliest value, and says so.
    assert STATUTES.value(path, first - before) == RULES[path].periods[0].value


def test_the_statutes_of_a_day_answer_the_same():
    law = STATUTES.dated().at(parse_day("2008-06-01"))

    with pytest.raises(NoSuchRuleError, match=r"law.free_convicts.study_months: no such rule on that day; .* from 2009-11-26"):
        _ = law.free_convicts.study_months
    with pytest.raises(NoSuchRuleError, match=r"law.suspension.court_split_max_months: no such rule on 2008-06-01"):
        law.suspension.court_split_max_months.at(parse_day("2008-06-01"))
    assert isinstance(law.suspension.court_split_max_months, DatedTimeline)
    assert STATUTES.at(parse_day("2008-06-01")).free_convicts.study_months == 2
    assert STATUTES.dated() is STATUTES.dated().dated()


TEXT = """\
notion: bracelet
title: {en: Bracelet, fr: Bracelet}
references:
  A1: {title: "CPP, art. 1", href: "https://example.org/a1"}
rules:
  max_months:
    label: {en: Longest, fr: Au plus}
    unit: months
    article: CPP 1
    basis: date_of_decision
    harsher: lower
    values:
      - {from: 2010-01-01, value: 24, reference: A1, quality: read}
      - {from: 2020-01-01, BASIS value: 12, reference: A1, quality: read}
"""


def broken(tmp_path, text):
    path = tmp_path / "bracelet.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LawError) as error:
        read_text(path)
    return str(error.value)


def test_a_text_in_which_a_harsher_value_reaches_older_facts_is_refused(tmp_path):
    said = broken(tmp_path, TEXT.replace("BASIS ", ""))

    assert "bracelet.yaml:13: rules.max_months.values[1]: harsher than the value before it" in said
    assert "write basis: date_of_facts (CP 112-2, 3°), or say in 'exception'" in said


@pytest.mark.parametrize("basis", ["basis: date_of_facts,", 'exception: "an express provision",'])
def test_it_is_read_once_it_says_which(tmp_path, basis):
    path = tmp_path / "bracelet.yaml"
    path.write_text(TEXT.replace("BASIS", basis), encoding="utf-8")
    rule = read_text(path).rules["max_months"]
    day, old = parse_day("2021-01-01"), parse_day("2019-06-01")

    assert rule.in_force(day, old).value == (24 if "facts" in basis else 12)
    assert rule.in_force(day, day).value == rule.in_force(day).value == 12
    assert rule.in_force(parse_day("2009-12-31")) is None


def test_other_mistakes_about_the_facts_are_refused(tmp_path):
    assert "'sideways'; expected one of: higher, lower, true, false" in broken(
        tmp_path, TEXT.replace("lower", "sideways").replace("BASIS ", "")
    )
    assert "a period of its own basis can only be of 'date_of_facts'" in broken(
        tmp_path, TEXT.replace("BASIS", "basis: date_of_ecrou,")
    )
    first = TEXT.replace("BASIS ", "").replace("value: 24,", "basis: date_of_facts, value: 24,")
    assert "the first period cannot be of 'date_of_facts': say what older facts have" in broken(tmp_path, first)
    whole = TEXT.replace("basis: date_of_decision", "basis: date_of_facts").replace("BASIS ", "")
    assert "'date_of_facts' is said of the period that is harsher, not of the rule" in broken(tmp_path, whole)


@given(start=DAYS, parts=st.lists(st.integers(1, 60), min_size=1, max_size=4))
def test_a_sum_of_sentences_has_the_months_of_its_parts_and_ends_where_the_last_one_ends(start, parts):
    made = under_committal([Extract(months) for months in parts], start)

    assert made.total_months == sum(parts)
    # One month is thirty days (716-1).
    assert made.total_days == (30 if parts == [1] else add_months(start, sum(parts)) - start)
    # Each runs de quantième à quantième from the end of the one before: the clipping of short months moves it by days only.
    assert abs(made.end_day - add_months(start, sum(parts))) <= 3 * len(parts)


@given(start=st.integers(FIRST, parse_day("2022-12-31")), months=st.integers(2, 200), recidive=st.booleans())
def test_one_sentence_has_the_same_credit_alone_as_in_a_list(start, months, recidive):
    alone = Sentence.of(start, months, recidive=recidive)
    extract = Extract(months, recidive=recidive)
    law = alone.law(STATUTES, start)

    end, operation = credited_end(alone, (extract,), STATUTES, "en")

    assert under_committal([extract], start).end_day == alone.end_day
    assert (end, operation) == credited_end(alone, (), STATUTES, "en")
    assert alone.end_day - end == credit_days(alone, law)


@given(
    start=st.integers(FIRST, parse_day("2022-12-31")),
    parts=st.lists(st.integers(2, 40), min_size=2, max_size=3),
)
def test_the_credit_of_several_whole_years_is_more_than_that_of_their_sum(start, parts):
    """A first year counts three months in each: what D115-2 gives, and a credit of the sum would take."""
    years = [12 * months for months in parts]
    made = under_committal([Extract(months) for months in years], start)
    summed = Sentence.of(start, sum(years))

    each, _ = credited_end(made, [Extract(months) for months in years], STATUTES, "en")
    one, _ = credited_end(summed, (), STATUTES, "en")

    assert each == add_months(one, -(len(parts) - 1)) or abs(each - add_months(one, -(len(parts) - 1))) <= 3


@given(committed=st.integers(FIRST, LAST), months=st.integers(1, 120), days=st.integers(0, 40), share=st.floats(0, 1))
def test_nobody_is_released_on_a_sunday_or_a_holiday_nor_before_the_working_day_before_the_end(committed, months, days, share):
    rows = {row.event: row for row in life_of(Sentence.of(committed, months, days=days), STATUTES, share_granted=share)}
    released = rows["released"].day

    assert is_working_day(released) or released == committed
    assert "aménagement" not in rows["released"].label
    if rows["released"].operation:
        assert rows["released"].operation.endswith("is no working day (716-3)")


@given(committed=st.integers(parse_day("2012-01-01"), LAST), years=st.integers(15, 30), share=st.sampled_from([0, 0.5, 1]))
def test_under_730_2_nothing_opens_before_the_trial_period_ends_and_release_comes_a_year_after(committed, years, share):
    made = Sentence.of(committed, 12 * years, felony=True, ssj_incurred=True, birth_day=committed - 12_000)
    rows = {row.event: row for row in life_of(made, STATUTES, share_granted=share)}
    if "LC" not in rows:
        return

    assert rows["LC"].decider.startswith("TAP")
    assert rows["LC"].day >= add_months(rows["trial"].day, 12) or rows["LC"].day >= NEVER
    assert "judge alone" not in rows
    for code in ("SL", "PE", "DDSE"):
        if code in rows:
            assert rows[code].day >= rows["trial"].day
