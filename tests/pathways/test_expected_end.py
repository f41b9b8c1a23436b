"""The end that services, hosts and judges plan on: what they can expect, not what will come."""

from __future__ import annotations

import numpy as np
import pytest

from sim.institutions.expected_end import foresee, planned_days_left, planned_end
from sim.institutions.order_of_service import Order, turn_of
from sim.law.remission import next_review
from sim.pathways.hearing import decision_logit
from tests.neutral import NO_BOARDS, OFF
from tests.pathways.lives import prison

MEAN = {"practices.remission.share": 0.6}
PLANNING = {**OFF, **NO_BOARDS, **MEAN, "practices.remission.foreseen": 1.0}


def test_the_expected_end_is_the_end_less_the_mean_share_of_what_may_still_be_granted() -> None:
    """One review for a short sentence: six tenths of its most, whatever this person will be granted."""
    for share in (0.0, 1.0):
        small = prison(1, PLANNING, {"total_months": 8, "share_granted": share})
        person = small.state.people[small.slots[0]]
        review = next_review(person, person.convicted_day, small.state.laws[0])
        assert review is not None
        assert review.last
        assert person.end_day - planned_end(person, small.state) == int(0.6 * review.max_days) > 0


def test_reviews_to_come_are_all_counted_and_those_held_no_more() -> None:
    """Over years the expectation adds up; each review held moves the end as it stands and takes its part of it away."""
    small = prison(1, PLANNING, {"total_months": 60, "share_granted": 0.6, "consents": False})
    state = small.state
    person = state.people[small.slots[0]]
    end, planned = int(person.end_day), planned_end(person, state)
    # Six months a year are the most: a little less than six tenths of two and a half years, on what is served.
    assert 300 < end - planned < 0.6 * 30 * 31
    seen = []
    for _ in range(150):
        small.live(10)
        seen.append((int(person.end_day) - planned_end(person, state), planned_end(person, state)))
        if person.review_day < 0:
            break
    # Granted what was expected, the planned end holds still and nothing is left to expect.
    assert seen[-1][0] == 0
    assert max(abs(day - planned) for _, day in seen) <= 40


def test_before_2023_the_credit_is_known_and_little_is_left_to_expect() -> None:
    """The same sentence, committed under the old regime: what is still uncertain is a part of what it is since."""
    old = prison(1, PLANNING, {"total_months": 36}, start="2022-02-01")
    new = prison(1, PLANNING, {"total_months": 36})
    assert 0 < old.people["foreseen_days"][0] < 0.6 * new.people["foreseen_days"][0]


def test_at_zero_who_plans_counts_on_the_end_as_it_stands() -> None:
    """And between the two on a part of the remission."""
    ends = {}
    for weight in (0.0, 0.5, 1.0):
        small = prison(1, PLANNING | {"practices.remission.foreseen": weight}, {"total_months": 36})
        person = small.state.people[small.slots[0]]
        ends[weight] = int(person.end_day) - planned_end(person, small.state)
    assert ends[0.0] == 0
    assert ends[0.5] == pytest.approx(ends[1.0] / 2, abs=1)


def test_files_hearings_orders_and_judges_look_at_the_planned_end() -> None:
    """A file is wanted earlier; who is nearest the planned end is taken first; the judge weighs the months to it."""
    opened = {}
    for weight in (0.0, 1.0):
        small = prison(1, PLANNING | {"practices.remission.foreseen": weight}, {"total_months": 60})
        opened[weight] = int(small.people["open_day"][0]) - small.world.day
        state = small.state
        person = state.people[small.slots[0]]
        assert turn_of(person, Order.NEAREST_END, state) == planned_end(person, state)
        assert planned_days_left(person, state) == planned_end(person, state) - small.world.day
    assert 0 < opened[1.0] < opened[0.0] - 100

    weights = state.parameters.hearings.decision
    weights.months = 1.0
    nearer, _ = decision_logit(person, weights, small.world.day, state, True, False)
    state.parameters.remission.foreseen = 0.0
    farther, _ = decision_logit(person, weights, small.world.day, state, True, False)
    assert farther - nearer == pytest.approx(
        np.log((person.end_day - small.world.day) / (person.end_day - person.foreseen_days - small.world.day))
    )


def test_the_expectation_moves_nothing_of_the_sentence() -> None:
    """It is worked out on the person's own row, which is left as it was."""
    small = prison(1, PLANNING, {"total_months": 60})
    person = small.state.people[small.slots[0]]
    before = small.people.tobytes()
    foresee(person, small.state)
    assert small.people.tobytes() == before


def test_the_end_expected_at_the_judgment_is_kept_to_compare_it_with_the_one_that_comes() -> None:
    """Granted less than the mean, people leave later than was expected; by what was not granted."""
    for share, later in ((0.3, True), (0.6, False), (0.9, False)):
        small = prison(4, PLANNING, {"total_months": 30, "share_granted": share, "consents": False})
        expected = small.people["expected_day"].copy()
        small.live(31 * 31)
        ends = small.rows("ends")
        assert ends["expected_day"].tolist() == expected.tolist()
        error = ends["end_day"] - ends["expected_day"]
        assert (error > 60).all() if later else (error < 15).all()
