"""What always holds of the lives that are told, and what a reform changes in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.dates import NEVER, parse_day
from sim.law import Amendment, Sentence, Statutes
from sim.law.adjustments import ADJUSTMENTS
from sim.law.calendar import released_on
from sim.law.rulebook.timeline import life_of

STATUTES = Statutes.load()
BORN = parse_day("1990-06-15")


def by_event(rows):
    return {row.event: row for row in rows}


@given(
    committed=st.integers(parse_day("2014-01-01"), parse_day("2027-01-01")),
    months=st.integers(1, 200),
    remand=st.sampled_from([0, 60, 300]),
    recidive=st.booleans(),
    share=st.floats(0, 1),
)
def test_every_life_is_told_in_order_with_an_article_each_and_ends_once(committed, months, remand, recidive, share):
    made = Sentence.of(committed, months, remand_days=remand, recidive=recidive, birth_day=BORN)
    rows = life_of(made, STATUTES, share_granted=share)

    assert [row.day for row in rows] == sorted(row.day for row in rows)
    assert all(row.article and row.label for row in rows)
    events = [row.event for row in rows if row.event != "reduction"]
    assert len(events) == len(set(events))
    assert events.count("released") == 1
    for adjustment in ADJUSTMENTS:
        # Told once: open on a day, or never.
        assert (adjustment.code in events) != (f"never {adjustment.code}" in events)


WHAT_AN_AMENDMENT_NAMES = {
    ("semi_liberty.max_months", 36): {"SL"},
    ("external_placement.max_months", 36): {"PE"},
    ("home_detention.max_months", 36): {"DDSE"},
    ("release_under_constraint.fraction_served", 0.5): {"LSC", "inform LSC"},
    # § I is not examined when release as of right comes first.
    ("release_under_constraint_as_of_right.max_remaining_months", 4): {"LSC-PD", "inform LSC-PD", "LSC", "inform LSC"},
    ("release_under_constraint_as_of_right.information_months_before", 2): {"inform LSC-PD"},
    ("conditional_release.hearing_fraction_served", 0.5): {"two thirds hearing"},
    ("conditional_release.judge_max_remaining_months", 24): {"judge alone", "LC", "SL", "PE", "DDSE", "two thirds hearing"},
    ("leave.family_days", 4): {"leave family"},
    ("leave.one_day_fraction_served", 0.25): {"leave one_day"},
    ("allocation.transfer_months", 6): {"transfer"},
    ("allocation.release_preparation_max_remaining_months", 12): {"SAS"},
    ("supervision.security_notice_months", 24): {"notice"},
    ("supervision.no_contact_order", False): {"no contact"},
}


@given(
    named=st.sampled_from(sorted(WHAT_AN_AMENDMENT_NAMES)),
    committed=st.integers(parse_day("2023-01-01"), parse_day("2026-06-30")),
    months=st.integers(1, 160),
    share=st.sampled_from([0, 0.65, 1]),
    child=st.booleans(),
)
def test_a_reform_changes_in_a_life_only_what_it_names(named, committed, months, share, child):
    path, value = named
    made = Sentence.of(committed, months, birth_day=BORN, child_born_day=committed - 400 if child else NEVER)
    reformed = STATUTES.amended([Amendment(path, parse_day("2023-01-01"), "set", value)])

    before, after = (life_of(made, statutes, share_granted=share) for statutes in (STATUTES, reformed))
    changed = {row.event.removeprefix("never ") for row in set(before) ^ set(after)}
    assert changed <= WHAT_AN_AMENDMENT_NAMES[named]


@pytest.mark.parametrize("named", sorted(WHAT_AN_AMENDMENT_NAMES))
def test_and_it_does_change_it_in_some_life(named):
    path, value = named
    reformed = STATUTES.amended([Amendment(path, parse_day("2023-01-01"), "set", value)])
    changed = set()
    for months in (8, 12, 30, 48, 60, 100, 144):
        made = Sentence.of(parse_day("2024-02-01"), months, birth_day=BORN)
        before, after = (life_of(made, statutes, share_granted=0.65) for statutes in (STATUTES, reformed))
        changed |= {row.event.removeprefix("never ") for row in set(before) ^ set(after)}

    assert changed
    assert changed <= WHAT_AN_AMENDMENT_NAMES[named]


@given(
    committed=st.integers(parse_day("2010-01-01"), parse_day("2027-01-01")),
    months=st.integers(1, 240),
    wait=st.sampled_from([0, 0, 200, 700]),
    surety=st.sampled_from([0, 0, 0.5, 2 / 3]),
    due=st.just(NEVER) | st.integers(100, 2000),
    share=st.floats(0, 1),
)
def test_nothing_opens_before_the_judgment_is_final_nor_in_the_minimum_term(committed, months, wait, surety, due, share):
    made = Sentence.of(committed, months, sentenced_day=committed + wait, birth_day=BORN)
    made.surety_end_day = made.start_day + max(1, int(surety * made.total_days)) if surety else -1
    made.child_due_day = due if due == NEVER else committed + due
    rows = life_of(made, STATUTES, share_granted=share)
    lines = by_event(rows)

    barred = {adjustment.code for adjustment in ADJUSTMENTS} | {"leave family", "leave one_day", "two thirds hearing", "SEFIP"}
    for event in barred & set(lines):
        assert lines[event].day >= made.surety_end_day
    for event in barred & set(lines) - {"two thirds hearing"}:
        assert lines[event].day >= lines["final"].day
    # Nobody leaves on a Sunday or a public holiday, nor waits for the day after (716-3).
    assert lines["released"].day >= released_on(min(made.end_day, made.surety_end_day))
