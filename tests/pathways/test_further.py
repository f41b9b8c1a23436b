"""A further sentence put into execution: the end, the thresholds, the request and the boards follow (plain engine)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.dates import add_months
from sim.law.calendar import released_on
from sim.pathways.further_sentences import enforce_additional_sentence, extend_sentence
from sim.population.further_sentences import MOST, Further, past
from sim.population.person import FileState
from sim.randomness import Draws
from sim.records.codes import Status
from tests.neutral import NO_BOARDS, NO_HEARINGS, OFF
from tests.pathways.lives import Small, prison
from tests.worlds import scenario

PER_YEAR = "population.further.per_year"
CLOSED = {**OFF, **NO_BOARDS, **NO_HEARINGS}


def _one(months: int = 10, start: str = "2023-02-01", **facts: Any) -> tuple[Small, Any]:
    small = prison(1, CLOSED, {"total_months": months, "consents": False, **facts}, start)
    return small, small.state.people[small.slots[0]]


def test_nothing_comes_without_a_rate() -> None:
    """At a rate of zero nothing is dated."""
    _, person = _one()
    assert person.further_day == -1


def test_the_end_moves_by_the_calendar_months_added() -> None:
    """Committed from 2023, without credit: ten months and five more end where fifteen would, reductions apart."""
    small, person = _one()
    extend_sentence(person, small.state, 5)
    assert person.total_months == 15
    assert person.end_day == add_months(person.start_day, 15)
    assert person.total_days == person.end_day - person.start_day


@pytest.mark.parametrize(("months", "more"), [(8, 3), (10, 4), (10, 9), (14, 8), (20, 6)])
def test_no_period_is_reviewed_twice(months: int, more: int) -> None:
    """A sentence that comes just after a review ahead of its period brings about what the sum known at once does."""
    small, person = _one(months, share_granted=0.8)
    while person.ahead_days == 0:
        small.live(1)
    assert person.status == Status.SENTENCED
    extend_sentence(person, small.state, more)
    full = person.start_day + person.total_days
    while person.review_day >= 0:
        small.live(1)
    assert person.status == Status.SENTENCED
    known, same = _one(months + more, share_granted=0.8)
    while same.review_day >= 0:
        known.live(1)
    at_once = same.start_day + same.total_days - same.end_day
    assert 0.75 * at_once <= full - person.end_day <= at_once + 20


def test_a_request_the_total_closes_lapses() -> None:
    """Sixteen months are under the threshold of two years; with thirty more nothing opens soon: the request is dropped."""
    small, person = _one(16)
    person.file, person.asked, person.requested_day = FileState.LODGED, int(small.state.hearing_codes[0]), small.world.day
    extend_sentence(person, small.state, 60)
    assert person.file == FileState.NONE


def test_a_grant_the_total_leaves_open_stands() -> None:
    """A month more closes nothing to a sentence of six months: the grant takes effect on its day."""
    small, person = _one(6)
    code = next(c for c in small.state.hearing_codes if c != small.state.nation.release_code)
    person.file, person.granted_adjustment, person.granted_regime = FileState.GRANTED, int(code), 0
    person.effect_day = small.world.day + 10
    extend_sentence(person, small.state, 1)
    assert person.file == FileState.GRANTED
    assert person.effect_day == small.world.day + 10


def test_what_was_given_up_may_be_asked_again() -> None:
    """A request refused with too little left is open again when the end moves, not before the bar is over."""
    small, person = _one(8)
    person.consents = True
    person.file, person.barred_until = FileState.REFUSED, small.world.day + 150
    extend_sentence(person, small.state, 6)
    assert person.file == FileState.NONE
    assert person.open_day == small.world.day + 150


def test_the_boards_examine_again_at_the_new_two_thirds() -> None:
    """An examination concluded is forgotten when the day it is due at moves ahead."""
    small, person = _one(8)
    small.live(120)
    person.board_outcome = person.board_right_outcome = 2
    extend_sentence(person, small.state, 10)
    assert (person.board_outcome, person.board_right_outcome) == (-1, -1)


def test_an_absorbed_sentence_moves_nothing() -> None:
    """Concurrent: it is counted, and the end stays."""
    small = prison(1, {**CLOSED, "population.further.absorbed_share": 1.0}, {"consents": False})
    person = small.state.people[small.slots[0]]
    end = person.end_day
    person.further_day = small.world.day
    enforce_additional_sentence(person, small.state)
    assert (person.further, person.end_day) == (1, end)


def test_people_leave_on_the_end_that_sentences_gave_them() -> None:
    """With sentences at a high rate and nothing else to wait for, everybody leaves dry on the end the steps reckoned."""
    rates = dict.fromkeys(OFF[PER_YEAR], 1.5)
    small = prison(12, {**CLOSED, PER_YEAR: rates}, {"total_months": 4, "consents": False})
    before = small.people.end_day.max()
    small.live(700)
    exits = small.exits
    assert len(exits) > 4, "some have left"
    assert [int(day) for day in exits["day"]] == [released_on(int(end)) for end in exits["end_day"]]
    assert exits["end_day"].max() > before


def test_those_found_inside_have_had_theirs() -> None:
    """Of whole stays, the mean number is what the rate and the pace say while nothing absorbs the time."""
    people = 20_000
    rules = Further([1.0] * 5, [1.0, 1.0], [2.0, 1.0, 0.4], 6.0, 0.6, 1.0, 360)
    columns = {"recidive": np.zeros(people, dtype=bool), "stream": np.zeros(people, dtype=np.int64)}
    found = past(Draws(1, 0), np.arange(people), columns, rules, np.full(people, 182.0), 30.0)
    assert found.months.sum() == 0
    assert (found.span == 182.0).all()
    expected = (2.0 * 91 + 1.0 * 91) / 365.25
    assert np.isfinite(found.day).sum() / people == pytest.approx(expected, abs=0.02)
    assert found.day.shape == (people, MOST)


def test_the_baseline_has_a_rate_for_every_stream_of_a_cell() -> None:
    """The rules read are those of the scenario."""
    rules = Further.read(scenario(), scenario().start_day)
    assert min(rules.rate[:3]) > 0
    assert rules.rate[3] == 0
