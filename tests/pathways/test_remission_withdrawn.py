"""Withdrawal of remission for misconduct: what it costs, when, and that nothing is reduced on it (plain engine).

``practices.remission.credit_withdrawn`` and ``practices.remission.reduction_withdrawn``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.dates import add_months, iso, parse_day
from sim.law.calendar import released_on
from sim.pathways.incidents import withdraw_remission
from sim.pathways.reviews import next_board
from sim.pathways.stay import lose_remission
from sim.records.codes import Status
from tests.neutral import NO_BOARDS, NO_HEARINGS, OFF
from tests.pathways.lives import Small, prison
from tests.worlds import run, scenario

CREDIT, REDUCTION, STRUCK = (
    f"practices.remission.{name}" for name in ("credit_withdrawn", "reduction_withdrawn", "misconduct_share")
)
CLOSED = {**OFF, **NO_BOARDS, **NO_HEARINGS}


def _held(number: int, start: str, overrides: dict[str, Any], law: dict[str, Any] | None = None, **facts: Any) -> Small:
    return prison(number, {**CLOSED, **overrides}, {"consents": False, "share_granted": 0.0, **facts}, start, law)


def test_a_credit_is_lost_by_some_and_by_as_many_days_as_are_lost_in_all() -> None:
    """Twenty months judged in 2022: credit of three months and fifty-six days; a tenth of all lost by a quarter of people."""
    small = _held(400, "2022-02-01", {CREDIT: 0.1, STRUCK: 0.25}, total_months=20)
    whole = add_months(parse_day("2022-02-01"), 20)
    credit = whole - (add_months(whole, -3) - 56)
    small.live(700)
    exits = small.exits
    assert len(exits) == 400
    lost = exits["end_day"] - (whole - credit)
    assert set(np.unique(lost).tolist()) == {0, round(0.4 * credit)}
    assert (lost > 0).mean() == pytest.approx(0.25, abs=0.07)
    leaves = np.array([released_on(int(day)) for day in exits["end_day"]])
    assert (exits["day"] == leaves).all()


@pytest.mark.parametrize(
    "facts",
    [{}, {"recidive": True}],  # the same for both since 2015 (721 al. 3)
)
def test_misconduct_never_costs_more_than_the_law_lets(facts: dict[str, Any]) -> None:
    """All of a credit of eleven months lost by everybody: three months at most, reckoned back from 1 December 2025."""
    small = _held(1, "2021-11-01", {CREDIT: 1.0, STRUCK: 1.0}, total_months=60, **facts)
    person = small.state.people[small.slots[0]]
    assert iso(int(person.end_day)) == "2025-12-01"
    assert person.remission_loss == person.end_day - add_months(int(person.end_day), -3) == 91


def test_below_a_year_it_costs_seven_days_a_month() -> None:
    small = _held(1, "2022-11-01", {CREDIT: 1.0, STRUCK: 1.0}, total_months=6)
    person = small.state.people[small.slots[0]]
    assert person.remission_loss == 42
    small.live(300)
    assert iso(int(small.exits["end_day"][0])) == "2023-05-01"  # the credit of forty-two days is gone


def test_a_reduction_is_lost_within_the_year_only() -> None:
    """Six months from 2023, all granted by one board: eighty-four days, all lost, unless the window of the law is shorter."""
    for months, ends in ((12, "2023-08-01"), (0, "2023-05-09")):
        law = {"special_remission.withdrawal_window_months": months, "remission.review_lead_days": 30}
        small = _held(1, "2023-02-01", {REDUCTION: 1.0, STRUCK: 1.0}, law, total_months=6, share_granted=1.0)
        person = small.state.people[small.slots[0]]
        while person.review_day >= 0:
            small.live(1)
        assert iso(int(person.end_day)) == "2023-05-09"
        small.live(300)
        assert iso(int(small.exits["end_day"][0])) == ends


def test_nothing_is_reduced_on_what_was_withdrawn() -> None:
    """Thirty days withdrawn before the board of the last period (D116-1): they are served whole after it."""
    found = []
    for lost in (0, 30):
        small = _held(1, "2022-02-01", {}, total_months=20, share_granted=1.0)
        small.live(10)
        person = small.state.people[small.slots[0]]
        person.remission_lost_day, person.remission_loss = small.state.nation.day, lost
        lose_remission(person, small.state)
        while person.review_day >= 0:
            small.live(1)
        assert person.status == Status.SENTENCED
        found.append(int(person.end_day))
    assert found[1] - found[0] == 30


def test_without_misconduct_a_run_is_the_same_to_the_byte() -> None:
    """At zero, the share struck is never asked for."""
    small = {"start": "2022-01-01", "end": "2022-03-01", "fraction": 0.002}
    worlds = [run(scenario(overrides={CREDIT: 0.0, REDUCTION: 0.0, STRUCK: struck}, **small)) for struck in (0.15, 0.5)]
    for name, table in worlds[0].tables.items():
        assert table.tobytes() == worlds[1].tables[name].tobytes(), name


def test_a_withdrawal_puts_off_the_end_of_those_it_has_struck() -> None:
    """The people of the first day of 2022, all committed before 2023: nobody's end comes sooner, that of those struck later."""
    small = {"start": "2022-01-01", "end": "2022-01-03", "fraction": 0.005}
    off, on = (
        {int(person["id"]): person.copy() for person in run(scenario(overrides={CREDIT: share}, **small)).people}
        for share in (0.0, 0.3)
    )
    struck = [person for person in on if on[person]["remission_lost"] > 0 and off[person]["review_day"] < 0]
    assert len(struck) > 10
    assert off.keys() == on.keys()
    assert all(on[person]["end_day"] > off[person]["end_day"] for person in struck)
    alike = [p for p in on if not on[p]["remission_lost"] and not on[p]["remission_loss"]]
    assert all(on[person]["end_day"] == off[person]["end_day"] for person in alike)


def test_nothing_is_reduced_on_what_an_incident_of_a_measure_costs_either() -> None:
    """The board to come grants as much with fifteen days withdrawn as without."""
    small = _held(1, "2022-02-01", {"practices.measures.remission_withdrawn_days": 15}, total_months=20)
    person = small.state.people[small.slots[0]]
    before, end = next_board(person, small.state, int(small.state.nation.day)), int(person.end_day)
    assert withdraw_remission(person, small.state) == 15
    assert person.end_day == end + 15
    assert next_board(person, small.state, int(small.state.nation.day)) == before
