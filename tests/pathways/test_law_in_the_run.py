"""Rules of law that a run applies by itself, each on a life whose dates are known by hand (plain engine)."""

from __future__ import annotations

from typing import Any

import pytest

from sim.dates import NEVER, add_months, iso, parse_day
from sim.engine.compile import compiled_form
from sim.law import Amendment, Sentence, Statutes
from sim.law.adjustments import ADJUSTMENTS
from sim.law.calendar import is_working_day, released_on
from sim.law.reckoning import first_day
from sim.law.reinforced import probation_needed
from sim.law.remission import credit_days, credit_of_all, first_board_day, next_review
from sim.law.rulebook.execution import Extract, credited_end, under_committal
from sim.law.rulebook.first_days import first_day_of
from sim.pathways.application import choose, lodge
from sim.pathways.custody import leaving_day
from sim.pathways.further_sentences import extend_sentence
from sim.pathways.hearing import before_three_judges
from sim.pathways.measure import begin_measure, end_probation, withdraw
from sim.pathways.stay import start_sentence, take_off
from sim.population.person import FileState
from sim.records.codes import Outcome, Status
from tests.neutral import NO_BOARDS, NO_HEARINGS, OFF, PLENTY
from tests.pathways.lives import Small, prison
from tests.worlds import small as small_world

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


@pytest.mark.parametrize(
    ("start", "leaves"),
    [
        ("2023-02-02", "2023-04-08"),  # the board sits on Friday 7 April 2023, all granted: free on the Saturday
        ("2023-02-03", "2023-04-08"),  # on that Saturday: the next day is Easter, the board's own day is the one before it
        ("2023-02-04", "2023-04-11"),  # on Easter Sunday, which the fixture alone makes it sit on: after Easter Monday
    ],
)
def test_what_a_board_grants_on_a_saturday_frees_nobody_on_the_sunday(start: str, leaves: str) -> None:
    """Four months less fifty-six days of reduction, by a board that sits on the very day they lead to."""
    small, _ = _one(4, start, {"remission.review_lead_days": 0}, share_granted=1.0)
    small.live(200)
    assert [iso(int(day)) for day in small.exits["day"]] == [leaves]


def test_no_dry_release_of_a_run_is_on_a_sunday_or_a_holiday() -> None:
    exits = small_world().tables["exits"]
    dry = exits["day"][(exits["regime"] < 0) & (exits["sentenced"] == 1)]
    assert len(dry) > 200
    assert [iso(int(day)) for day in dry if not is_working_day(int(day))] == []


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
    compiled = compiled_form(released_on)
    first = parse_day("2018-01-01")
    for day in range(first, first + 20 * 365):
        assert compiled(day) == released_on(day) <= day
        assert is_working_day(released_on(day))
    assert compiled(NEVER) == released_on(NEVER) == NEVER


# ---- credit on each sentence (D115-2) ---------------------------------------------------------------------------------------


def test_a_sentence_that_comes_has_a_credit_of_its_own() -> None:
    """Twelve months from 1 February 2021, and twelve more: three months of credit each, which leaves until 1 August 2022."""
    small, person = _one(12, "2021-02-01")
    extend_sentence(person, small.state, 12)
    assert iso(int(person.end_day)) == "2022-08-01"


def test_with_the_credit_of_the_sum_it_ends_a_month_later() -> None:
    small, person = _one(12, "2021-02-01", {"remission.credit_on_each_sentence": False})
    extend_sentence(person, small.state, 12)
    assert iso(int(person.end_day)) == "2022-09-01"
    assert person.end_day == person.start_day + person.total_days - credit_days(person, small.state.laws[0])


def test_those_committed_from_2023_have_none() -> None:
    small, person = _one(12, "2023-02-01")
    extend_sentence(person, small.state, 12)
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


@pytest.mark.parametrize(("judged", "ends"), [("2014-12-01", "2017-08-01"), ("2015-01-01", "2017-06-01")])
def test_a_recidiviste_judged_before_2015_keeps_the_credit_of_that_day(judged: str, ends: str) -> None:
    """Three years less two months and a month a year until 2014: four; less three and two a year since: seven."""
    day = parse_day(judged)
    sentence = Sentence.of(day, 36, recidive=True)
    credit = credit_of_all(0, 0, sentence, Statutes.load().at(parse_day("2018-01-01")))
    assert iso(sentence.end_day - credit) == ends


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


@pytest.mark.parametrize("days", [0, 1])
def test_a_board_that_need_not_wait_sits_the_day_after(days: int) -> None:
    """At no delay at all it was on the day of the judgment, which is over: nobody with a short sentence had a reduction."""
    judged = parse_day("2023-06-01")
    law = Statutes.load().amended([Amendment("remission.first_review_short_days", 0, "set", days)]).at(judged)
    review = next_review(Sentence.of(judged, 4), judged, law)
    assert review is not None
    assert (iso(review.day), review.max_days) == ("2023-06-02", 56)


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


# ---- the longest sentences: sûreté (132-23) and the probation before release (730-2) -----------------------------------------

HALF = [adjustment for adjustment in ADJUSTMENTS if adjustment.code in ("LC", "SL", "PE", "DDSE")]


def _felon(**facts: Any) -> tuple[Small, Any]:
    """Twenty years for a felony, committed and judged on 1 May 2023."""
    return _one(240, "2023-05-01", felony=True, **facts)


def _opens(person: Any, small: Small) -> dict[str, str]:
    return {a.code: iso(int(first_day(ADJUSTMENTS.index(a), person, small.state.laws[0]))) for a in HALF}


def test_nothing_opens_before_the_end_of_the_surety() -> None:
    small, person = _felon(surety=1)
    assert iso(int(person.surety_end_day)) == "2033-05-01"
    assert set(_opens(person, small).values()) == {"2033-05-01"}
    raised, other = _felon(surety=2)
    assert iso(int(other.surety_end_day)) == "2036-08-30"  # two thirds of 7,305 days: 4,870
    assert set(_opens(other, raised).values()) == {"2036-08-30"}
    assert _felon()[1].surety_end_day == -1


def test_a_short_sentence_has_no_automatic_surety() -> None:
    assert _one(119, "2023-05-01", felony=True, surety=1)[1].surety_end_day == -1
    assert _one(120, "2023-05-01", felony=True, surety=1)[1].surety_end_day == parse_day("2028-05-01")


def test_reductions_never_bring_the_end_before_the_surety() -> None:
    small, person = _felon(surety=2, share_granted=1.0)
    assert take_off(person, small.state, 240 * 30) > 0
    assert person.end_day == person.surety_end_day


def test_release_comes_a_year_after_a_measure_that_waits_for_the_trial_period() -> None:
    """Half of twenty years is served on 1 May 2033: the measure then, the release a year later; a year sooner without 730-2."""
    small, person = _felon(ssj_incurred=True)
    assert _opens(person, small) == {"SL": "2033-05-01", "PE": "2033-05-01", "DDSE": "2033-05-01", "LC": "2034-05-01"}
    ordinary, other = _felon()
    assert _opens(other, ordinary) == {"SL": "2032-05-01", "PE": "2032-05-01", "DDSE": "2032-05-01", "LC": "2033-05-01"}
    off = _one(240, "2023-05-01", {"long_sentences.reinforced": False}, felony=True, ssj_incurred=True)
    assert _opens(off[1], off[0]) == _opens(other, ordinary)


def test_a_listed_felony_is_concerned_from_ten_years_and_another_from_fifteen() -> None:
    law = Statutes.load().at(parse_day("2023-05-01"))

    def needed(months: int, **facts: bool) -> int:
        return probation_needed(Sentence.of(parse_day("2023-05-01"), months, felony=True, **facts), law)

    assert [needed(months, listed_felony=True) for months in (119, 120)] == [0, 12]
    assert [needed(months, ssj_incurred=True) for months in (179, 180)] == [0, 12]
    assert needed(360) == 0


@pytest.mark.parametrize("months", [119, 120, 150, 180, 240, 360])
@pytest.mark.parametrize(
    "facts", [{}, {"ssj_incurred": True}, {"listed_felony": True}, {"recidive": True, "ssj_incurred": True}]
)
@pytest.mark.parametrize("surety", [0.0, 0.5, 2 / 3])
def test_a_run_and_the_rule_book_open_the_longest_sentences_on_the_same_days(
    months: int, facts: dict[str, bool], surety: float
) -> None:
    day = parse_day("2016-05-01")
    law = Statutes.load().at(parse_day("2023-05-01"))
    sentence = Sentence.of(day, months, felony=True, birth_day=day - 30 * 365, **facts)
    sentence.surety_end_day = day + int(surety * sentence.total_days) if surety else -1
    assert {a.code: a.eligible_from(sentence, law) for a in HALF} == {a.code: first_day_of(a, sentence, law) for a in HALF}


def test_the_measure_goes_to_three_judges_and_leads_to_release_after_a_year_and_a_half() -> None:
    """Eight of sixteen years served: no release is asked for from the cell; the measure lasts the days of the practice."""
    on = {**CLOSED, "practices.measures.reinforced_days": 540, "means.enforcement_courts.panel_slots": 450}
    small = prison(1, on, {"total_months": 192, "felony": True, "ssj_incurred": True, "score": 0.0}, "2023-02-01")
    state, person = small.state, small.state.people[small.slots[0]]
    start_sentence(person, state, small.world.day, parse_day("2015-01-01"))
    release = state.nation.release_code
    asked = choose(person, state)
    assert asked >= 0
    assert asked != release
    person.asked = asked
    assert before_three_judges(person, state)
    person.granted_adjustment, person.granted_regime = asked, state.adjustments[asked].first_regime
    begin_measure(person, state)
    assert person.probation_from_day == small.world.day
    assert person.release_day == small.world.day + 540
    person.ssj_incurred = False
    assert not before_three_judges(person, state)


def test_the_assessment_centre_has_six_months_before_the_hearing() -> None:
    small, person = _felon(ssj_incurred=True)
    for concerned in (True, False):
        person.ssj_incurred = concerned
        person.file, person.lodge_day, person.asked = FileState.READY, small.world.day, int(small.state.hearing_codes[0])
        lodge(person, small.state)
        assert bool(person.list_day >= add_months(small.world.day, 6)) is concerned


# ---- release as of right, on condition that a removal measure is carried out (law of 26 January 2024) ------------------------


@pytest.mark.parametrize(
    ("start", "law", "refused"),
    [
        ("2023-04-01", {}, False),
        ("2024-04-01", {}, True),
        ("2024-04-01", {"release_under_constraint_as_of_right.removal_is_condition": False}, False),
    ],
)
def test_a_removal_not_carried_out_bars_release_as_of_right_since_2024(start: str, law: dict[str, bool], refused: bool) -> None:
    never_removed = {**OFF, **NO_HEARINGS, **PLENTY, "practices.boards.removal_executed": 0.0}
    small = prison(1, never_removed, {"total_months": 6, "removal": True, "foreign": True}, start, law)
    small.live(185)
    of_right = {code for code, adjustment in enumerate(ADJUSTMENTS) if adjustment.code == "LSC-PD"}
    outcomes = {Outcome(int(row["outcome"])) for row in small.rows("decisions") if int(row["adjustment"]) in of_right}
    assert outcomes
    assert (Outcome.REMOVAL_MEASURE in outcomes) is refused


# ---- life --------------------------------------------------------------------------------------------------------------------


def _lifer(start: str = "2023-02-01", **facts: Any) -> tuple[Small, Any]:
    on = {**CLOSED, "practices.measures.reinforced_days": 540, "means.enforcement_courts.panel_slots": 450}
    lasting = {"total_months": 360, "felony": True, "life": True, "surety": 1, "ssj_incurred": True, **facts}
    small = prison(1, on, {"share_granted": 1.0, **lasting}, start)
    return small, small.state.people[small.slots[0]]


def test_life_has_no_end_no_reduction_and_eighteen_years_before_anything() -> None:
    small, person = _lifer()
    assert person.end_day == NEVER
    assert person.review_day == -1
    assert person.further_day == -1
    assert _opens(person, small) == {"SL": "2041-02-01", "PE": "2041-02-01", "DDSE": "2041-02-01", "LC": "2042-02-01"}
    raised, other = _lifer(surety=2)
    assert _opens(other, raised)["SL"] == "2045-02-01"
    small.live(400)
    assert person.end_day == NEVER
    assert len(small.exits) == 0


def test_life_is_released_after_its_probation_and_supervised_for_ten_years() -> None:
    """Nineteen years served: the measure now, conditional release after 540 days, over ten years later."""
    small, person = _lifer()
    state, today = small.state, small.world.day
    start_sentence(person, state, today, parse_day("2004-01-01"))
    person.asked = choose(person, state)
    assert before_three_judges(person, state)
    person.granted_adjustment, person.granted_regime = person.asked, state.adjustments[person.asked].first_regime
    begin_measure(person, state)
    assert small.exits["end_day"][0] == -1
    assert person.release_day == today + 540
    small.world.day = int(person.release_day)
    end_probation(person, state)
    assert person.status == Status.CONDITIONAL_RELEASE
    assert person.end_day == add_months(small.world.day, 120)


def test_a_measure_of_life_that_is_withdrawn_leaves_life_to_serve() -> None:
    small, person = _lifer()
    state = small.state
    person.granted_adjustment = int(state.hearing_codes[1])
    person.granted_regime = state.adjustments[person.granted_adjustment].first_regime
    begin_measure(person, state)
    person.withdrawal_day = small.world.day
    withdraw(person, state)
    assert (person.status, person.end_day, person.probation_from_day) == (Status.SENTENCED, NEVER, -1)
