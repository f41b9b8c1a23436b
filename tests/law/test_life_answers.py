"""The life of a sentence as told: what is asked of it, its boards, its measures before release."""

from __future__ import annotations

import pytest

from sim.dates import NEVER, iso, parse_day
from sim.errors import LawError
from sim.law.adjustments.semi_liberty import SemiLiberty
from sim.law.leave import leaves
from sim.law.rulebook import openings
from sim.law.rulebook.execution import Extract, under_committal
from sim.law.rulebook.timeline import Row, life_of
from tests.law.test_life import STATUTES, by_event, sentence


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_is_between_nothing_and_all(share):
    with pytest.raises(LawError, match="expected a number between 0 and 1"):
        life_of(sentence("2024-02-01", 24), STATUTES, share_granted=share)


def test_an_unknown_place_is_refused():
    with pytest.raises(LawError, match=r"'CDX' is no kind of prison; expected one of: MA, MC, CSL, CD, SAS\..*'CD'"):
        life_of(sentence("2024-02-01", 24), STATUTES, place="CDX")


def test_a_row_as_plain_text():
    row = Row(NEVER, "LC", "Conditional release", "CPP 729", "JAP", "")

    assert row.to_plain() == {
        "date": "never",
        "event": "LC",
        "label": "Conditional release",
        "article": "CPP 729",
        "decider": "JAP",
        "operation": "",
        "note": "",
    }


def test_an_adjustment_of_the_board_without_a_duty_to_inform_has_no_such_row():
    class ByTheBoard(SemiLiberty):
        needs_hearing = False

    law = STATUTES.at(parse_day("2024-02-01"))
    opening = openings._information(ByTheBoard(), openings.Telling("MA", parse_day("2024-02-13")))

    assert opening.opens(sentence("2024-02-01", 12), law) == NEVER


def test_each_permission_has_its_article_in_each_kind_of_prison():
    made, law = sentence("2024-02-01", 36), STATUTES.at(parse_day("2024-02-01"))
    common = [("one_day", "CPP D143-4"), ("family_event", "CPP D143-5"), ("obligation", "CPP D145")]
    family = {"MA": "CPP D143", "MC": "CPP D143", "CSL": "CPP D143", "CD": "CPP D143-1", "SAS": "CPP D143-2"}

    for place, article in family.items():
        yearly = [("yearly", "CPP D143-1")] if place == "CD" else []
        found = [(leave.kind, leave.article) for leave in leaves(made, place, made.sentenced_day, law)]
        assert found == [("family", article), *yearly, *common]


def test_a_board_with_less_than_a_year_left_settles_the_whole_of_it():
    """Art. D116-3. Six months left at the anniversary: three months for the year, then 3 × 7 days, by one board."""
    rows = life_of(sentence("2021-02-01", 23), STATUTES, share_granted=1)

    (board,) = [row for row in rows if row.event == "reduction"]
    assert iso(board.day) == "2022-02-01"
    assert board.operation == "1 × 3 months = 92 days; 3 months × 7 days = 21 days"
    assert iso(by_event(rows)["released"].day) == "2022-04-09"


def test_a_board_with_a_year_left_leaves_the_last_year_to_the_next():
    """Art. D116-3 says *less* than a year: two years from 1 March 2024, nothing granted, leave a year on 1 March 2025."""
    rows = life_of(sentence("2024-03-01", 24), STATUTES, share_granted=0)

    assert len([row for row in rows if row.event == "reduction"]) == 2


@pytest.mark.parametrize(
    ("committed", "months", "facts", "measures"),
    [
        # 720-5 says semi-liberty or a tag, never external placement.
        ("2024-01-02", 300, {"felony": True, "surety_end_day": parse_day("2040-01-02")}, "SL or DDSE"),
        # 730-2 says the three.
        ("2015-06-01", 192, {"felony": True, "ssj_incurred": True}, "SL, PE or DDSE"),
        # Semi-liberty and placement are closed to terrorism since 22 July 2016 (723-1).
        ("2019-01-01", 192, {"felony": True, "ssj_incurred": True, "terrorism": True}, "DDSE"),
    ],
)
def test_the_measure_before_release_is_one_that_is_open(committed, months, facts, measures):
    rows = life_of(sentence(committed, months, **facts), STATUTES, share_granted=0)

    assert f"after at least 1 year of {measures}, from" in by_event(rows)["LC"].note


def test_probation_ahead_of_a_parents_release_waits_for_the_child():
    """Art. 729-3 and 723-1: due on 15 January 2025, past its twelfth week on 11 July 2024 (39 − 12 weeks before, and a day)."""
    rows = by_event(life_of(sentence("2024-03-01", 60, child_due_day=parse_day("2025-01-15")), STATUTES, share_granted=0))
    born = by_event(life_of(sentence("2024-03-01", 72, child_born_day=parse_day("2026-02-10")), STATUTES, share_granted=0))

    assert (iso(rows["SL"].day), iso(rows["LC"].day)) == ("2024-07-11", "2025-03-01")
    assert (iso(born["SL"].day), iso(born["LC"].day)) == ("2026-02-10", "2026-03-01")


def test_seventy_years_of_age_end_the_trial_period_of_the_longest_sentences():
    """The measure of 730-2 may begin at seventy: no later line says that it may begin."""
    life = sentence(
        "2012-01-02", 0, life=True, felony=True, birth_day=parse_day("1950-01-01"), facts_day=parse_day("2011-06-01")
    )
    rows = by_event(life_of(life, STATUTES, share_granted=0))

    assert [iso(rows[event].day) for event in ("trial", "SL", "LC")] == ["2020-01-01", "2020-01-01", "2021-01-01"]


def test_a_sentence_is_not_revoked_by_itself():
    with pytest.raises(LawError, match="revoked by sentence 0"):
        under_committal((Extract(12, revoked_by=0),), parse_day("2022-01-03"))
