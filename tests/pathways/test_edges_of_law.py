"""Lives at the edges of the law, each date worked by hand before it was run: ends, thirty days, and a law that changes."""

from __future__ import annotations

from typing import Any

import pytest

from sim.dates import add_months, iso, parse_day
from sim.institutions.world import World
from sim.law import Amendment, Statutes
from sim.law.adjustments import ADJUSTMENTS
from sim.law.reckoning import first_day
from sim.pathways.further_sentences import extend_sentence
from sim.pathways.stay import reckon_again, start_sentence
from sim.policies.collective_remission import remit_some
from sim.population.risk import sampled_returns
from sim.randomness import Draws
from sim.records.tables import Records
from sim.simulation.run import codebook, geography
from tests.pathways.test_law_in_the_run import _felon, _one
from tests.worlds import scenario


def _leaves(small: Any) -> list[str]:
    small.live(500)
    return [iso(int(day)) for day in small.exits["day"]]


@pytest.mark.parametrize(
    ("start", "facts", "leaves"),
    [
        ("2023-09-14", {}, "2024-07-13"),  # 14 July 2024, a Sunday
        ("2024-09-14", {}, "2025-07-12"),  # 14 July 2025, a Monday, after a Sunday
        ("2024-07-01", {}, "2025-04-30"),  # 1 May 2025, a Thursday
        ("2023-07-09", {}, "2024-05-07"),  # Ascension, 9 May 2024, the day after another holiday
        ("2024-06-21", {}, "2025-04-19"),  # Easter Monday, 21 April 2025
        ("2024-01-10", {"remand_days": 100}, "2024-11-09"),  # counted from the committal: 10 November 2024, a Sunday
    ],
)
def test_ten_months_never_end_on_a_sunday_or_a_holiday(start: str, facts: dict[str, Any], leaves: str) -> None:
    assert _leaves(_one(10, start, **facts)[0]) == [leaves]


@pytest.mark.parametrize(
    ("start", "leaves"),
    [
        ("2023-03-01", "2023-03-31"),  # thirty days of a month of thirty-one
        ("2023-02-01", "2023-03-03"),  # of a month of twenty-eight
        ("2021-03-01", "2021-03-24"),  # less the credit of seven days
    ],
)
def test_one_month_is_thirty_days(start: str, leaves: str) -> None:
    assert _leaves(_one(1, start)[0]) == [leaves]


@pytest.mark.parametrize(
    ("judged", "months", "ends"),
    [
        ("2013-06-01", 24, "2015-03-01"),  # two months and one
        ("2014-12-31", 24, "2016-09-30"),
        ("2015-01-01", 24, "2016-08-01"),  # three and two
        ("2014-06-01", 30, "2016-08-02"),  # three months, and six times five days
    ],
)
def test_a_recidiviste_found_in_2018_keeps_the_credit_of_the_judgment(judged: str, months: int, ends: str) -> None:
    small, person = _one(months, "2018-01-01", recidive=True)
    start_sentence(person, small.state, parse_day(judged), parse_day(judged))
    assert iso(int(person.end_day)) == ends


@pytest.mark.parametrize(("remand", "first"), [(337, "2024-03-01"), (366, "2024-04-10"), (397, "2024-05-11")])
def test_the_first_board_after_eleven_twelve_and_thirteen_months_of_remand(remand: int, first: str) -> None:
    """Twenty-four months from 1 March 2023: the anniversary, or forty days after a judgment that came after a year."""
    small, person = _one(24, "2023-03-01", remand_days=remand)
    small.live(remand + 1)
    assert iso(int(person.review_day)) == first


@pytest.mark.parametrize(
    ("months", "facts", "opens"),
    [
        (36, {}, {"LSC": "2025-02-01", "LSC-PD": "never", "LC": "2024-08-02"}),  # 1,096 days: 731, and 548
        (24, {}, {"LSC": "2024-06-03", "LSC-PD": "2024-11-01", "SL": "2023-02-01"}),  # 731 days: 488
        (9, {}, {"LSC": "never", "LSC-PD": "2023-08-01"}),  # of right the day before two thirds
        (60, {}, {"LSC": "2026-06-03", "SL": "2024-08-02"}),  # 1,826 days: 1,218; a year before half
        (61, {}, {"LSC": "never"}),
    ],
)
def test_what_opens_from_1_february_2023(months: int, facts: dict[str, Any], opens: dict[str, str]) -> None:
    small, person = _one(months, "2023-02-01", **facts)
    law = small.state.laws[0]
    days = {adjustment.code: int(first_day(code, person, law)) for code, adjustment in enumerate(ADJUSTMENTS)}
    assert {code: iso(days[code]) for code in opens} == opens


def test_at_seventy_the_measure_of_730_2_comes_first_and_after_the_surety() -> None:
    """Born on 1 June 1956: no trial period from 1 June 2026; the *sûreté* of half of twenty years still bars everything."""
    for surety, opens in ((0, ("2026-06-01", "2027-06-01")), (1, ("2033-05-01", "2034-05-01"))):
        small, person = _felon(ssj_incurred=True, surety=surety, birth_day=parse_day("1956-06-01"))
        law = small.state.laws[0]
        days = {adjustment.code: int(first_day(code, person, law)) for code, adjustment in enumerate(ADJUSTMENTS)}
        assert (iso(days["SL"]), iso(days["LC"])) == opens


# ---- a law that changes during the stay -----------------------------------------------------------------------------------


def _changes(small: Any, *amended: Amendment) -> None:
    law = Statutes.load().amended(amended).at(small.world.day)
    small.state = small.state._replace(laws=[law])
    reckon_again(small.state)


def test_a_board_grants_what_the_law_of_its_own_day_allows() -> None:
    """Eighteen months, everything granted, two months a year instead of six from day 300.

    On 1 February 2024 the end, 1 August, comes back to 1 June; four months are left, fourteen days each: 6 April.
    """
    small, person = _one(18, "2023-02-01", share_granted=1.0)
    small.live(300)
    _changes(small, Amendment("remission.months_per_year", 0, "set", 2))
    small.live(70)
    assert iso(int(person.end_day)) == "2024-04-06"


def test_a_board_grants_nothing_once_nothing_may_be_granted() -> None:
    small, person = _one(18, "2023-02-01", share_granted=1.0)
    small.live(300)
    nothing = [Amendment(f"remission.{rule}", 0, "set", 0) for rule in ("months_per_year", "days_per_month")]
    _changes(small, *nothing)
    small.live(300)
    assert (iso(int(person.end_day)), len(small.rows("exits"))) == ("2024-08-01", 1)


@pytest.mark.parametrize("months", [12, 30])
@pytest.mark.parametrize("day", [60, 364])
@pytest.mark.parametrize("start", ["2021-02-01", "2023-02-01"])
def test_a_text_that_changes_nothing_moves_no_review(months: int, day: int, start: str) -> None:
    small, person = _one(months, start, share_granted=0.6)
    small.live(day - 20)
    if len(small.exits):
        return
    extend_sentence(person, small.state, 3)
    small.live(20)
    names = ("review_day", "review_days", "review_last", "review_ahead", "review_deducted", "end_day")
    told = [int(person[name]) for name in names]
    reckon_again(small.state)
    assert [int(person[name]) for name in names] == told


@pytest.mark.parametrize(
    ("rule", "value", "dates"),
    [
        ("long_sentences.reinforced", "false", True),
        ("foreigners.removal_bars_measures", "true", True),
        ("procedure.notice_days", "20", False),
    ],
)
def test_a_change_of_any_notion_that_dates_something_is_reckoned_for_those_serving(rule: str, value: str, dates: bool) -> None:
    text = f"changes:\n  - {{on: 2023-02-15, set: law.{rule}, to: {value}, applies_to: everyone}}\n"
    spec, places = scenario(text, start="2023-02-01", fraction=0.001), geography()
    world = World(spec, Draws(1, 0), Records(codebook(places), keep_events=False), places, sampled_returns(spec))
    world.day = parse_day("2023-02-15")
    assert world.apply_parameters() is dates


# ---- a collective remission and the sûreté (720-2) ---------------------------------------------------------------------------


def test_a_collective_remission_leaves_at_most_half_of_what_results_as_surety() -> None:
    """Twenty years, sûreté of half (1 May 2033): 120 days remitted leave 7,185 days, of which 3,593 are half."""
    small, person = _felon(surety=1)
    assert iso(int(person.surety_end_day)) == "2033-05-01"
    remit_some(small.state, 0, 7.0, 120.0, 1.0)
    assert person.end_day == add_months(parse_day("2023-05-01"), 240) - 120
    assert person.surety_end_day == parse_day("2023-05-01") + 3593


def test_the_surety_of_a_felony_found_with_another_sentence_is_half_of_the_felony_alone() -> None:
    """Ten years for the felony, two more besides: five years from the committal."""
    _, person = _one(144, "2023-05-01", felony=True, surety=1, others_longer=24)
    assert iso(int(person.surety_end_day)) == "2028-05-01"


def test_violence_on_officials_has_four_months_a_year_and_nine_days_a_month() -> None:
    """Eighteen months: 1 August 2024 less four months, then two months left, nine days each."""
    small, person = _one(18, "2023-02-01", share_granted=1.0, on_officials=True)
    small.live(372)
    assert iso(int(person.end_day)) == "2024-03-14"


def test_two_years_wholly_reduced_end_before_two_holidays() -> None:
    """1 February 2025 less six months, less six times fourteen days: 9 May 2024, Ascension, the day after 8 May."""
    small, person = _one(24, "2023-02-01", share_granted=1.0)
    small.live(500)
    assert iso(int(person.end_day)) == "2024-05-09"
    assert [iso(int(day)) for day in small.exits["day"]] == ["2024-05-07"]
