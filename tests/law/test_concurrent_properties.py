"""Properties of mergers, of the highest legal maximum and of withdrawals, over lists of sentences drawn at random."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from hypothesis import assume, given
from hypothesis import strategies as st

from sim.dates import NEVER, add_months, parse_day
from sim.law import Sentence, Statutes
from sim.law.calendar import released_on
from sim.law.rulebook.execution import Extract, credited_end, execution_order, merged, total, under_committal, withdrawn_days
from sim.law.rulebook.maximum import within_maximum
from sim.law.rulebook.timeline import life_of
from sim.law.rulebook.withdrawn import reductions_of

STATUTES = Statutes.load().dated()
FIRST, LAST = parse_day("2012-01-01"), parse_day("2026-06-01")
lengths = st.tuples(st.integers(0, 60), st.integers(0, 25)).filter(any)
flags = st.fixed_dictionaries({"recidive": st.booleans(), "against_the_state": st.booleans(), "follows_remand": st.booleans()})


@st.composite
def extracts(draw, most=4, least=1):
    """Sentences served one after the other: neither merged, nor revoked, nor withdrawn."""
    lists = st.lists(st.builds(lambda length, more: Extract(*length, **more), lengths, flags), min_size=least, max_size=most)
    return tuple(draw(lists))


def length(extract):
    return extract.months, extract.days


@given(found=extracts(least=2), share=st.none() | st.integers(1, 24))
def test_a_merger_is_between_the_longest_and_the_sum(found, share):
    """CP 132-4: the second merged into the first, whole or in part."""
    shorter = min(found[0].months, found[1].months)
    assume(share is None or share <= shorter)
    result = merged((found[0], replace(found[1], merged_into=0, merged_months=share), *found[2:]))

    assert len(result) == len(found) - 1
    assert length(result[0]) >= length(found[0])
    assert result[0].months >= found[1].months
    assert total(result) <= total(found)
    if share is None:
        assert length(result[0]) == max(length(found[0]), length(found[1]))
    else:
        assert total(result) == (total(found)[0] - share, total(found)[1])


@given(found=extracts(least=2))
def test_a_whole_merger_is_the_same_whichever_is_merged_into_the_other(found):
    one = merged((found[0], replace(found[1], merged_into=0)))
    other = merged((replace(found[0], merged_into=1), found[1]))

    assert length(one[0]) == length(other[0])


@given(found=extracts(), maximum=st.integers(1, 240))
def test_the_maximum_is_kept_and_nothing_is_cut_that_need_not_be(found, maximum):
    assume(all(length(extract) <= (maximum, 0) for extract in found))
    result = within_maximum(found, maximum)
    whole, served = total(found), total(result.extracts)

    if whole <= (maximum, 0):
        assert result.extracts == found
        assert result.cuts == ()
    else:
        # Days over are not exchanged for months: what is served is the maximum, or the sum of months that fit.
        assert served <= (maximum, 0)
        assert served >= max(length(extract) for extract in found)
        assert result.cuts
    assert all(cut.served < cut.pronounced for cut in result.cuts)


@given(found=extracts(), maximum=st.integers(1, 240))
def test_the_sum_within_the_maximum_does_not_depend_on_the_order_of_the_list(found, maximum):
    assume(all(length(extract) <= (maximum, 0) for extract in found))

    assert len({total(within_maximum(order, maximum).extracts) for order in permutations(found)}) == 1


@given(found=extracts(), maximum=st.integers(12, 240), more=st.integers(0, 60))
def test_a_higher_maximum_never_lessens_what_is_served(found, maximum, more):
    lower, higher = (total(within_maximum(found, most).extracts) for most in (maximum, maximum + more))

    assert lower <= higher


@given(found=extracts(), committed=st.integers(FIRST, LAST), lost=st.integers(1, 200), more=st.integers(0, 200))
def test_a_withdrawal_never_brings_the_end_forward_nor_a_longer_one(found, committed, lost, more):
    ends = []
    for days in (0, lost, lost + more):
        listed = (*found, Extract(0, days, withdrawal=True)) if days else found
        made = under_committal(listed, committed)
        ends.append(credited_end(made, listed, STATUTES, "en")[0])

    assert ends[0] + lost == ends[1]
    assert ends[1] + more == ends[2]


@given(found=extracts(), committed=st.integers(FIRST, parse_day("2022-12-31")))
def test_credit_never_puts_the_end_back_and_leaves_most_of_the_sentence(found, committed):
    made = under_committal(found, committed)
    end, _ = credited_end(made, found, STATUTES, "en")

    assert made.start_day < end <= made.end_day
    # Three months of the first twelve at most: never more than a quarter, and the three days that months differ by.
    assert made.end_day - end <= (made.end_day - made.start_day) / 4 + 4 * len(found)
    had = reductions_of(made, found, STATUTES)
    assert had.credit == made.end_day - end


@given(found=extracts(), committed=st.integers(FIRST, LAST))
def test_one_sentence_and_a_list_of_one_agree(found, committed):
    """The law counts alike a sentence alone, as one or as a list; a month alone is thirty days in both (716-1)."""
    one = found[0]
    alone = Sentence.of(committed, one.months, days=one.days, recidive=one.recidive)
    summed = under_committal(found[:1], committed)

    assert (alone.end_day, alone.total_months, alone.total_days) == (summed.end_day, summed.total_months, summed.total_days)
    assert credited_end(alone, (), STATUTES, "en")[0] == credited_end(summed, found[:1], STATUTES, "en")[0]


@given(found=extracts(), committed=st.integers(FIRST, LAST), withdrawn=st.integers(0, 60))
def test_the_order_of_the_list_moves_the_end_by_no_more_than_months_differ(found, committed, withdrawn):
    """D212-5 sets the order: a list in another one is served alike, but between sentences that it does not tell apart."""
    lost = (Extract(0, withdrawn, withdrawal=True),) if withdrawn else ()
    ends, orders = set(), set()
    for order in permutations((*found, *lost)):
        ends.add(under_committal(order, committed).end_day)
        orders.add(tuple((order[p].months, order[p].days, order[p].recidive) for p in execution_order(order)))

    assert len(orders) == 1
    assert len(ends) == 1
    assert withdrawn_days((*found, *lost), committed) == withdrawn


@given(found=extracts(most=3), committed=st.integers(FIRST, LAST), share=st.sampled_from([0, 0.5, 1]), removal=st.booleans())
def test_no_line_comes_before_the_judgment_nor_a_measure_before_the_committal_or_after_the_end(
    found, committed, share, removal
):
    judged = tuple(replace(extract, judged_day=committed - 300 * number) for number, extract in enumerate(found))
    made = under_committal(judged, committed, removal=removal, birth_day=committed - 12_000)
    rows = life_of(made, STATUTES, share_granted=share, extracts=judged)
    released = next(row.day for row in rows if row.event == "released")

    assert rows[0].day >= min(extract.judged_day for extract in judged)
    for row in rows:
        if row.event in {"SL", "PE", "DDSE", "LC", "LSC", "LSC-PD", "reduction", "SAS", "leave family", "leave one_day"}:
            assert committed <= row.day <= made.end_day < NEVER
    assert released <= made.end_day
    assert released in {released_on(released), made.sentenced_day}


@given(found=extracts(), committed=st.integers(FIRST, LAST))
def test_each_sentence_more_is_served_whole(found, committed):
    """*De quantième à quantième*: the sum is served as long as its sentences, whatever the day they begin on."""
    made = under_committal(found, committed)
    months, days = total(found)
    least = add_months(committed, months) + days
    # A month alone is thirty days (716-1); ends of months are cut short once for each sentence.
    assert abs(made.end_day - least) <= 3 * len(found)
