"""The court alone: notice, leave, files put off, boards that are full, and the plan of a week."""

from __future__ import annotations

import pytest

from sim.institutions.enforcement_court import board_takes, list_request, take_sitting
from sim.institutions.placements import PlaceKind, free_places, open_week, take_place
from sim.population.person import FileState
from tests.neutral import NO_BOARDS
from tests.pathways.lives import prison
from tests.worlds import bare_system


def _court(slots: float):
    state, people = bare_system(6)
    court = state.courts[0]
    court.per_day, court.interval, state.nation.season = slots / 28, 28, 1.0
    return state, people, court


def test_nobody_is_heard_before_the_notice_is_over() -> None:
    """Ten days from the day the request is ready to the hearing (D49-15)."""
    state, people, court = _court(10)
    list_request(state, court, people[0])
    state.nation.day += court.notice - 1
    list_request(state, court, people[1])
    assert list(take_sitting(state, court, -1)) == []
    state.nation.day += 1
    assert list(take_sitting(state, court, -1)) == [0]
    state.nation.day += court.notice
    assert list(take_sitting(state, court, -1)) == [1]


def test_a_file_put_off_comes_first() -> None:
    """It was promised a day: it is heard before those who waited behind it, without a new notice."""
    state, people, court = _court(2)
    court.notice = 0
    for person in people[:4]:
        list_request(state, court, person)
    people[5].adjourned = True
    list_request(state, court, people[5])
    assert people[5].file == FileState.LISTED
    assert list(take_sitting(state, court, -1)) == [5, 0]
    assert list(take_sitting(state, court, -1)) == [1, 2]
    assert state.queues[court.queue].length == 1


def test_judges_leave_takes_slots_away() -> None:
    """Half the season, half the slots."""
    state, people, court = _court(4)
    court.notice, state.nation.season = 0, 0.5
    for person in people:
        list_request(state, court, person)
    assert len(take_sitting(state, court, -1)) == 2


def test_the_year_has_all_its_slots() -> None:
    """Months weigh relative to one another: a year's slots do not depend on the shape of the season."""
    small = prison(1, {"practices.hearings.season": [1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1]}, {})
    found = []
    for month in range(12):
        small.world.day = 19_358 + 31 * month  # from 1 January 2023 on, a day in each month
        small.world.open_month()
        found.append(small.state.nation.season)
    assert sum(found) / 12 == pytest.approx(1.0, abs=0.02)
    assert found[5] == pytest.approx(6 * found[0])


def test_a_board_takes_so_many_files_a_session() -> None:
    """Two and a half: two, then three."""
    _, _, court = _court(1)
    court.board_room, court.board_left = 2.5, 0.0
    assert [board_takes(court, 40) for _ in range(4)] == [True, True, False, False]
    assert [board_takes(court, 68) for _ in range(4)] == [True, True, True, False]
    court.board_room = 0.0
    assert not board_takes(court, 96)


@pytest.mark.parametrize("every", [1, 2])
def test_a_board_with_room_for_less_than_a_file_examines_its_share(every: int) -> None:
    """A fifth of a file a session, over ten years, whether people are there at each session or at some of them only."""
    court = bare_system(1)[0].courts[0]
    court.board_room, court.board_left, court.board_day = 0.2, 0.0, -1
    sessions = 130
    taken = sum(board_takes(court, 28 * number) for number in range(0, sessions, every))
    assert taken == pytest.approx(0.2 * sessions, abs=2)


def test_tags_are_fitted_so_many_a_week() -> None:
    """A free tag is no place until somebody can fit it; other places need nobody."""
    state, _ = bare_system(1)
    tags = next(pool for pool in state.pools if state.regimes[pool.regime].places == PlaceKind.DEVICES)
    beds = state.pools[0]
    tags.places, tags.used, beds.places, beds.used = 10, 0, 10, 0
    state.parameters.placements.fittings_a_week = 2.0
    open_week(state, 1.0)
    for _ in range(2):
        assert free_places(tags) > 0
        take_place(tags)
    assert free_places(tags) == 0
    open_week(state, 1.0)
    assert free_places(tags) == 8
    for left in range(10, 0, -1):
        assert free_places(beds) == left
        take_place(beds)


def test_the_chamber_decides_what_the_judge_did_not_hear() -> None:
    """Past the legal four months without a hearing, those who seize the chamber are decided by it."""
    overrides = {
        "means.enforcement_courts.hearing_slots": 0.0,
        "practices.hearings.referral_share": 1.0,
        "practices.hearings.appeal_days": 30,
        "practices.files.hours": dict.fromkeys(("DDSE", "SL", "LC", "PE"), 1.0),
    }
    small = prison(12, NO_BOARDS | overrides, {"total_months": 24})
    small.live(720)
    decisions = small.rows("decisions")
    decisions = decisions[[int(code) in small.state.hearing_codes for code in decisions["adjustment"]]]
    assert len(decisions) >= 10
    assert (decisions["board"] == 0).all()
    assert (decisions["day"] - decisions["requested_day"]).min() > 120
    assert len(decisions[decisions["outcome"] == 0]) > 0
