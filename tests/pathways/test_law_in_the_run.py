"""Rules of law that a run applies by itself, each on a life whose dates are known by hand (plain engine)."""

from __future__ import annotations

from typing import Any

import pytest

from sim.dates import NEVER, add_months, iso, parse_day
from sim.engine.compile import twin
from sim.law import Sentence, Statutes
from sim.law.calendar import is_working_day, released_on
from sim.law.remission import credit_days, credit_of_all, first_board_day, next_review
from sim.law.rulebook.execution import Extract, credited_end, under_committal
from sim.pathways.custody import leaving_day
from sim.pathways.further_sentences import lengthen
from sim.records.codes import Status
from tests.neutral import NO_BOARDS, NO_HEARINGS, OFF
from tests.pathways.lives import Small, prison

CLOSED = {**OFF, **NO_BOARDS, **NO_HEARINGS}


def _one(months: int = 10, start: str = "2023-02-01", law: dict[str, Any] | None = None, **facts: Any) -> tuple[Small, Any]:
    """One person, with some rules of law at another value."""
    small = prison(1, CLOSED, {"total_months": months, "consents": False, "share_granted": 0.0, **facts}, start, law)
    return small, small.state.people[small.slots[0]]


# ---- release, never on a Sunday or a public holiday (716-3) -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "leaves"),
    [
        ("2023-07-01", "2024-04-30"),  # ten months end on 1 May 2024, a holiday
        ("2023-03-17", "2024-01-17"),  # a Wednesday
        ("2023-05-09", "2024-03-09"),  # a Saturday: prisons free people on it
        ("2023-05-31", "2024-03-30"),  # 31 March 2024 is Easter Sunday: the Saturday before
        ("2023-06-01", "2024-03-30"),  # 1 April 2024 is Easter Monday
    ],
)
def test_nobody_leaves_on_a_sunday_or_a_holiday(start: str, leaves: str) -> None:
    small, _ = _one(10, start)
    small.live(400)
    assert [iso(int(day)) for day in small.exits["day"]] == [leaves]
    assert iso(int(small.exits["end_day"][0])) == iso(add_months(parse_day(start), 10))


def test_without_the_rule_people_leave_on_the_end_itself() -> None:
    small, _ = _one(10, "2023-07-01", law={"sentence.no_release_on_holidays": False})
    small.live(400)
    assert [iso(int(day)) for day in small.exits["day"]] == ["2024-05-01"]


def test_conditional_release_ends_on_its_own_day() -> None:
    """Nobody leaves a prison on that day."""
    small, person = _one(10, "2023-07-01")
    person.status = Status.CONDITIONAL_RELEASE
    assert iso(leaving_day(person, small.state)) == "2024-05-01"


def test_the_working_day_before_is_the_same_compiled() -> None:
    compiled = twin(released_on)
    first = parse_day("2018-01-01")
    for day in range(first, first + 20 * 365):
        assert compiled(day) == released_on(day) <= day
        assert is_working_day(released_on(day))
    assert compiled(NEVER) == released_on(NEVER) == NEVER


# ---- credit on each sentence (D115-2) ---------------------------------------------------------------------------------------


def test_a_sentence_that_comes_has_a_credit_of_its_own() -> None:
    """Twelve months from 1 February 2021, and twelve more: three months of credit each, which leaves until 1 August 2022."""
    small, person = _one(12, "2021-02-01")
    lengthen(person, small.state, 12)
    assert iso(int(person.end_day)) == "2022-08-01"


def test_with_the_credit_of_the_sum_it_ends_a_month_later() -> None:
    small, person = _one(12, "2021-02-01", {"remission.credit_on_each_sentence": False})
    lengthen(person, small.state, 12)
    assert iso(int(person.end_day)) == "2022-09-01"
    assert person.end_day == person.start_day + person.total_days - credit_days(person, small.state.laws[0])


def test_those_committed_from_2023_have_none() -> None:
    small, person = _one(12, "2023-02-01")
    lengthen(person, small.state, 12)
    assert iso(int(person.end_day)) == "2025-02-01"


@pytest.mark.parametrize("recidive", [False, True])
@pytest.mark.parametrize("months", [(12, 12), (10, 8), (30, 6, 14), (5, 3, 2), (24, 11), (120, 9, 9)])
def test_those_found_on_the_first_day_have_the_credit_that_the_rule_book_says(months: tuple[int, ...], recidive: bool) -> None:
    """To the two days by which calendar months taken off in another order differ."""
    day = parse_day("2021-02-01")
    extracts = [Extract(each, recidive=recidive) for each in months]
    told = under_committal(extracts, day)
    end, _ = credited_end(told, extracts, Statutes.load(), "en")
    sentence = Sentence.of(day, sum(months), recidive=recidive)
    longer = sum(each for each in months[1:] if each >= 12)
    shorter = sum(months[1:]) - longer
    credit = credit_of_all(longer, shorter, sentence, Statutes.load().at(day))
    assert abs(credit - (told.end_day - end)) <= 2


# ---- when a board first examines what was served (D116-2, D116-3) -----------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "first"),
    [
        ("2023-04-15", "2023-06-11"),  # less than a year of remand: ten days after judgment, when it is final
        ("2022-06-02", "2023-06-11"),
        ("2022-06-01", "2023-07-11"),  # a year: within two months from finality
        ("2022-03-01", "2023-07-11"),
    ],
)
def test_a_board_first_sits_soon_after_a_short_remand_and_within_two_months_after_a_long_one(held: str, first: str) -> None:
    judged = parse_day("2023-06-01")
    law = Statutes.load().at(judged)
    assert iso(first_board_day(Sentence.of(judged, 18, remand_days=judged - parse_day(held)), law)) == first
    short = Sentence.of(judged, 4, remand_days=40)
    only = next_review(short, judged, law)
    assert only is not None
    assert iso(only.day) == "2023-06-11"


def test_one_board_examines_the_last_full_year_and_what_is_left() -> None:
    """Eighteen months: the board of the first anniversary takes the six months left into account."""
    together, one = _one(18, "2023-02-01", share_granted=0.5)
    apart, two = _one(18, "2023-02-01", {"remission.one_board_for_last_period": False}, share_granted=0.5)
    for small in (together, apart):
        small.live(366)  # the morning of 1 February 2024 is over
    assert (one.review_day, two.review_day) == (-1, parse_day("2024-02-02"))
    assert one.end_day < two.end_day
    apart.live(1)
    assert (two.review_day, two.end_day) == (-1, one.end_day)
