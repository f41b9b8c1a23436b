"""What always holds of a sentence, over sentences Hypothesis invents.

The dates of the law are closed forms; here each is compared with a slow reading of the text, day after day, over
calendar arithmetic that is not ours (dateutil).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.dates import NEVER, add_months, date_of, day_of, parse_day
from sim.law import Amendment, Sentence, Statutes
from sim.law import sentence as arithmetic
from sim.law.adjustments import ADJUSTMENTS
from sim.law.calendar import easter_day, is_working_day, prorogued, public_holidays, weekday, working_days_after
from sim.law.leave import leaves
from sim.law.reinforced import probation_needed
from sim.law.remission import credit_days, next_review, projected, reduced_end
from sim.law.rulebook.pregnancy import as_seen_on

STATUTES = Statutes.load()
BY_CODE = {adjustment.code: adjustment for adjustment in ADJUSTMENTS}
FIRST, LAST = parse_day("2014-01-01"), parse_day("2027-12-31")


@st.composite
def sentences(draw, *, longest=180, recidive=None):
    committed = draw(st.integers(FIRST, LAST))
    remand = draw(st.sampled_from([0, 0, 1, 30, 120, 400]))
    judged = committed + draw(st.sampled_from([0, 0, 45, 200, 500]))
    months = draw(st.integers(1, longest) | st.sampled_from([6, 12, 24, 25, 60, 61, 120, 121]).filter(lambda m: m <= longest))
    made = Sentence.of(
        committed,
        months,
        days=draw(st.sampled_from([0, 0, 0, 10])),
        remand_days=remand,
        sentenced_day=judged,
        felony=draw(st.booleans()),
        recidive=draw(st.booleans()) if recidive is None else recidive,
        terrorism=draw(st.sampled_from([False, False, True])),
        lsc_excluded=draw(st.booleans()),
        removal=draw(st.booleans()),
        birth_day=committed - draw(st.integers(18 * 366, 80 * 365)),
        child_born_day=draw(st.just(NEVER) | st.integers(committed - 4000, committed + 400)),
        surety_end_day=draw(st.just(-1) | st.integers(committed, committed + 3000)),
    )
    reduced = draw(st.sampled_from([0, 0, 14, 100, 500]))
    return replace(made, end_day=max(made.end_day - reduced, made.start_day + 1))


def months_later(day, months):
    return day_of(date_of(day) + relativedelta(months=months))


def remaining_at_most(sentence, day, months):
    return months_later(day, months) >= sentence.end_day


def total_at_most(sentence, months):
    """As the registry counts: the longest the months can last, whatever the day they begin."""
    if sentence.total_months != months:
        return sentence.total_months < months
    starts = [day_of(date(2023 + k // 12, k % 12 + 1, 1)) for k in range(48)]
    return sentence.total_days <= max(months_later(start, months) - start for start in starts)


def half(sentence, day):
    return day - sentence.start_day >= sentence.end_day - day


def two_thirds(sentence, day):
    return day - sentence.start_day >= 2 * (sentence.end_day - day)


def of_age(sentence, day):
    return date_of(day) >= date_of(sentence.birth_day) + relativedelta(years=70)


def parental(sentence, day, on):
    if sentence.child_born_day == NEVER or (sentence.recidive and on < parse_day("2015-01-01")):
        return False
    born = date_of(sentence.child_born_day)
    young = born <= date_of(day) < born + relativedelta(years=10)
    return young and (total_at_most(sentence, 48) or remaining_at_most(sentence, day, 48))


def trial_over(sentence, day, on):
    cap = 240 if sentence.recidive else 180
    if day >= months_later(sentence.start_day, cap):
        return True
    return (two_thirds if sentence.recidive and on < parse_day("2015-01-01") else half)(sentence, day)


def conditional_release_open(sentence, day, on):
    return trial_over(sentence, day, on) or of_age(sentence, day) or parental(sentence, day, on)


def as_of_right_open(sentence, day, on):
    return on >= parse_day("2023-01-01") and total_at_most(sentence, 24) and remaining_at_most(sentence, day, 3)


def excluded_as_of_right(sentence):
    return sentence.felony or sentence.terrorism or sentence.lsc_excluded


def first_day(sentence, is_open):
    """First day on which a condition holds, reading day after day."""
    day = max(sentence.start_day, sentence.sentenced_day, sentence.surety_end_day)
    while day < sentence.end_day:
        if is_open(day):
            return day
        day += 1
    return NEVER


@given(sentence=sentences(longest=60), on=st.integers(FIRST, LAST))
def test_conditional_release_opens_on_the_first_day_the_text_allows(sentence, on):
    law = STATUTES.at(on)

    expected = first_day(sentence, lambda day: conditional_release_open(sentence, day, on))
    if probation := probation_needed(sentence, law):
        # Terrorism until 2020 (730-2-1): the measure waits for the trial period, the release for the measure.
        expected = NEVER if expected == NEVER else add_months(expected, probation)
        expected = expected if expected < sentence.end_day else NEVER
    assert expected == BY_CODE["LC"].eligible_from(sentence, law)


@given(sentence=sentences(longest=60), on=st.integers(FIRST, LAST))
def test_release_as_of_right_opens_on_the_first_day_the_text_allows(sentence, on):
    law = STATUTES.at(on)

    expected = NEVER
    if not excluded_as_of_right(sentence):
        expected = first_day(sentence, lambda day: as_of_right_open(sentence, day, on))
    assert expected == BY_CODE["LSC-PD"].eligible_from(sentence, law)


@given(sentence=sentences(longest=72), on=st.integers(FIRST, LAST))
def test_release_under_constraint_opens_on_the_first_day_the_text_allows(sentence, on):
    law = STATUTES.at(on)

    expected = NEVER
    if on >= parse_day("2015-01-01") and total_at_most(sentence, 60):
        expected = first_day(sentence, lambda day: two_thirds(sentence, day))
    reached = sentence.start_day
    while not two_thirds(sentence, reached):
        reached += 1
    if as_of_right_open(sentence, reached, on) and not excluded_as_of_right(sentence) and not sentence.removal:
        expected = NEVER
    assert expected == BY_CODE["LSC"].eligible_from(sentence, law)


@given(sentence=sentences(longest=60), on=st.integers(FIRST, LAST))
def test_semi_liberty_opens_on_the_first_day_the_text_allows(sentence, on):
    law = STATUTES.at(on)
    months = 12 if sentence.recidive and on < parse_day("2020-03-24") else 24
    trial = sentence.start_day
    while not trial_over(sentence, trial, on):
        trial += 1
    # Probation runs ahead of the day of release: end of the trial period and of the minimum term, or the parental day.
    release = min(max(trial, sentence.surety_end_day), first_day(sentence, lambda day: parental(sentence, day, on)))

    def is_open(day):
        ending = total_at_most(sentence, months) or remaining_at_most(sentence, day, months)
        return ending or day >= months_later(release, -12)

    expected = first_day(sentence, is_open)
    if sentence.terrorism and on >= parse_day("2016-06-05"):
        expected = NEVER
    assert expected == BY_CODE["SL"].eligible_from(sentence, law)


@given(sentence=sentences(), on=st.integers(FIRST, LAST))
def test_eligibility_is_never_on_or_after_the_end_nor_before_judgment(sentence, on):
    law = STATUTES.at(on)

    for adjustment in ADJUSTMENTS:
        day = adjustment.eligible_from(sentence, law)
        assert (
            day == NEVER or max(sentence.start_day, sentence.sentenced_day, sentence.surety_end_day) <= day < sentence.end_day
        )
        if adjustment.excluded(sentence, law):
            assert day == NEVER


@given(sentence=sentences(longest=120), more=st.integers(1, 24), on=st.integers(FIRST, LAST))
def test_a_longer_sentence_never_opens_sooner(sentence, more, on):
    """Monotone where the law is: release as of right yields to nothing, § I yields to it, the rest is ordered."""
    law = STATUTES.at(on)
    end = add_months(sentence.end_day, more)
    longer = replace(
        sentence,
        end_day=end,
        total_months=sentence.total_months + more,
        total_days=sentence.total_days + end - sentence.end_day,
    )

    for code in ("LC", "SL", "PE", "DDSE", "LSC-PD"):
        sooner, later = (BY_CODE[code].eligible_from(s, law) for s in (sentence, longer))
        # A sentence that ends before its opening has none at all; a longer one may have one.
        assert later >= sooner or sooner == NEVER


@given(sentence=sentences(), more=st.integers(1, 400), on=st.integers(FIRST, LAST))
def test_a_reduction_never_delays(sentence, more, on):
    law = STATUTES.at(on)
    assume(sentence.end_day - more > sentence.start_day)
    reduced = replace(sentence, end_day=sentence.end_day - more)

    for code in ("LC", "SL", "PE", "DDSE", "LSC-PD"):
        before, after = (BY_CODE[code].eligible_from(s, law) for s in (sentence, reduced))
        assert after <= before or after == NEVER


@given(sentence=sentences(), day=st.integers(FIRST, LAST + 9000))
def test_served_and_remaining_add_up(sentence, day):
    length = sentence.end_day - sentence.start_day
    served, remaining = arithmetic.served(sentence, day), arithmetic.remaining(sentence, day)

    assert served >= 0 <= remaining
    if sentence.start_day <= day <= sentence.end_day:
        assert served + remaining == length
    assert arithmetic.half_day(sentence) <= arithmetic.two_thirds_day(sentence) <= sentence.end_day


@given(end=st.integers(FIRST, LAST), months=st.integers(0, 60))
def test_the_day_when_so_many_months_remain(end, months):
    day = arithmetic.day_when_remaining(end, months)
    less = arithmetic.day_when_less_remains(end, months)

    assert months_later(day, months) >= end > months_later(day - 1, months)
    assert months_later(less, months) > end >= months_later(less - 1, months)


@given(sentence=sentences(longest=120), share=st.floats(0, 1), base=st.sampled_from(["NOMINAL", "TRANCHE"]))
def test_reviews_come_in_order_before_the_end_and_end(sentence, share, base):
    paths = ("remission.base_up_to_one_year", "remission.base_above_one_year")
    statutes = STATUTES.amended([Amendment(path, FIRST, "set", base) for path in paths])
    law = statutes.at(sentence.sentenced_day, sentence.committed_day)
    walked = replace(sentence)
    after, granted, count = sentence.sentenced_day, 0, 0

    while review := next_review(walked, after, law):
        assert after < review.day < walked.end_day
        assert review.max_days > 0
        days = round(share * review.max_days)
        walked.end_day -= days
        granted += days
        after = review.day
        count += 1
        if review.last:
            assert next_review(walked, after, law) is None
        assert count < 40

    years = (sentence.total_days + 40) / 365
    assert granted <= 0.5 * (sentence.total_days + 40) + 31
    assert count <= years + 2


@given(sentence=sentences(longest=120), lower=st.floats(0, 1), upper=st.floats(0, 1))
def test_a_larger_share_never_ends_later(sentence, lower, upper):
    lower, upper = sorted((lower, upper))
    law = STATUTES.at(sentence.sentenced_day, sentence.committed_day)
    ends = [projected(sentence, law, share).end_day for share in (0.0, lower, upper)]

    assert ends[0] == sentence.end_day
    assert ends[1] <= ends[0]
    assert ends[2] <= ends[1]


@given(sentence=sentences(longest=240))
def test_the_credit_is_between_nothing_and_a_quarter_and_depends_on_the_regime(sentence):
    law = STATUTES.at(sentence.sentenced_day)
    days = credit_days(sentence, law)

    if sentence.committed_day >= parse_day("2023-01-01"):
        assert days == 0
    assert 0 <= days <= 0.26 * sentence.total_days + 3


@given(sentence=sentences(), place=st.sampled_from(["MA", "MC", "CSL", "CD", "SAS"]), final=st.integers(FIRST, LAST))
def test_no_permission_before_finality_nor_in_the_minimum_term_nor_after_the_end(sentence, place, final):
    for leave in leaves(sentence, place, final, STATUTES.at(final)):
        assert leave.from_day == NEVER or max(final, sentence.surety_end_day) <= leave.from_day < sentence.end_day


@given(day=st.integers(FIRST, LAST), count=st.integers(0, 20))
def test_working_days(day, count):
    end = working_days_after(day, count)

    assert sum(is_working_day(d) for d in range(day + 1, end + 1)) == count
    assert prorogued(day) >= day
    assert weekday(prorogued(day)) < 5
    assert weekday(day) == date_of(day).weekday()


def test_easter_is_the_easter_of_dateutil_and_no_year_lacks_its_holidays():
    for year in range(1900, 2200):
        assert date_of(easter_day(year)) == easter(year)
        assert len(public_holidays(year)) in {10, 11}


@given(committed=st.integers(FIRST, LAST), months=st.integers(2, 130), days=st.integers(0, 20), threshold=st.integers(2, 130))
def test_a_total_is_compared_in_months_and_days_whatever_the_year(committed, months, days, threshold):
    made = Sentence.of(committed, months, days=days)

    assert arithmetic.total_at_most(made, threshold) is ((months, days) <= (threshold, 0))


@given(sentence=sentences(longest=84), due=st.integers(FIRST, LAST), on=st.integers(FIRST, LAST))
def test_a_pregnancy_opens_conditional_release_on_the_first_day_the_text_allows(sentence, due, on):
    """Day after day: over twelve weeks of pregnancy (27 before the birth), then a child under ten."""
    law = STATUTES.at(on)
    # Terrorism had, from 2016 to 2020, a year of a measure of its own before any release (730-2-1).
    sentence = replace(sentence, terrorism=False)
    expecting = replace(sentence, child_born_day=NEVER, child_due_day=due)

    def is_open(day):
        pregnant = due - 27 * 7 < day < due and on >= parse_day("2014-10-01")
        child = date_of(due) <= date_of(day) < date_of(due) + relativedelta(years=10)
        counts = (pregnant or child) and (not sentence.recidive or on >= parse_day("2015-01-01"))
        short = total_at_most(sentence, 48) or remaining_at_most(sentence, day, 48)
        return (counts and short) or trial_over(sentence, day, on) or of_age(sentence, day)

    # What the article sees changes with the day: the answer of a day holds if it is not later.
    found, day = NEVER, max(sentence.start_day, sentence.sentenced_day, sentence.surety_end_day)
    while found == NEVER and day < sentence.end_day:
        if BY_CODE["LC"].eligible_from(as_seen_on(expecting, day, law), law) <= day:
            found = day
        day += 1
    assert found == first_day(sentence, is_open)


@given(sentence=sentences(), days=st.integers(0, 4000))
def test_reductions_never_enter_the_minimum_term_nor_lengthen_the_sentence(sentence, days):
    end = reduced_end(sentence, days, STATUTES.at(sentence.sentenced_day))

    assert end == max(sentence.end_day - days, min(sentence.end_day, sentence.surety_end_day))
