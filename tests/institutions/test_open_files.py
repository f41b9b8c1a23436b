"""Files side by side: each office has its own, none is lost when another is put away or when the table grows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.compile import compiled_form
from sim.institutions.probation_service import close_pressed, share_hours, start_file, stop_file, work_left
from sim.population.person import FileState
from tests.neutral import NO_BOARDS
from tests.worlds import bare_system, scenario
from tests.worlds import run as live

PEOPLE = 12
FORMS = [pytest.param(lambda function: function, id="plain"), pytest.param(compiled_form, id="compiled")]
SYSTEM, ROWS = bare_system(PEOPLE)

steps = st.lists(st.tuples(st.sampled_from(["start", "stop", "work"]), st.integers(0, PEOPLE - 1)), max_size=60)


def open_files(state, office):
    """Who has a file open there, and what it still needs."""
    rows = state.files[office.first_file : office.first_file + office.active]
    return {int(row.slot): float(row.until - office.progress) for row in rows}


@pytest.mark.parametrize("form", FORMS)
@given(steps)
def test_files_are_those_started_and_neither_stopped_nor_done(form, moves):
    for office in SYSTEM.offices[:2]:
        office.active, office.progress = 0, 0.0
    left = {}
    for number, person in enumerate(ROWS):
        person.site, person.file, person.needed, person.hours = number % 2, 0, 10.0, 0.0
    for what, number in moves:
        person = ROWS[number]
        office = SYSTEM.offices[person.site]
        if what == "start" and number not in left:
            form(start_file)(SYSTEM, person, 3.0 + number, 0)
            left[number] = 3.0 + number
        elif what == "stop" and number in left:
            form(stop_file)(SYSTEM, person)
            del left[number]
        elif what == "work":
            here = [other for other in left if other % 2 == person.site]
            # One hour each: those who need no more are done.
            done = form(share_hours)(SYSTEM, office, float(len(here)), 1.0)
            for other in here:
                left[other] -= 1.0
            assert sorted(ROWS[slot].id for slot in done) == sorted(other for other in here if left[other] <= 1e-9)
            left = {other: hours for other, hours in left.items() if hours > 1e-9}
        for site in range(2):
            found = open_files(SYSTEM, SYSTEM.offices[site])
            assert {int(SYSTEM.people[slot].id): pytest.approx(hours) for slot, hours in found.items()} == {
                other: hours for other, hours in left.items() if other % 2 == site
            }
        for other, hours in left.items():
            assert form(work_left)(SYSTEM, ROWS[other]) == pytest.approx(hours)


@pytest.mark.parametrize("form", FORMS)
def test_only_files_far_enough_and_pressed_are_lodged_as_they_stand(form):
    state, people = bare_system(6)
    office = state.offices[0]
    day = int(state.nation.day)
    for number, person in enumerate(people):
        person.site, person.needed, person.end_day = 0, 10.0, day + (30 if number % 2 else 300)
        start_file(state, person, 2.0 if number < 4 else 9.0, 0)
    closed = form(close_pressed)(state, office, 60.0, 0.7)
    assert sorted(people[slot].id for slot in closed) == [1, 3]
    assert [people[number].file for number in (1, 3)] == [FileState.READY, FileState.READY]
    assert people[1].quality == pytest.approx(0.8)
    assert sorted(int(state.people[slot].id) for slot in open_files(state, office)) == [0, 2, 4, 5]


def test_no_room_is_an_error():
    state, people = bare_system(2)
    state.offices[0].room = 1
    start_file(state, people[0], 1.0, 0)
    with pytest.raises(AssertionError, match="more files open than the counsellors may hold"):
        start_file(state, people[1], 1.0, 0)


def test_counsellors_who_come_during_a_run_have_room_for_their_files():
    """Four times the posts half-way: the table of files is made anew under the files that are open."""
    more = "changes:\n  - {on: 2022-07-01, scale: means.probation_service.posts, by: 4.0}\n"
    world = live(scenario(more, NO_BOARDS, end="2023-01-01", fraction=0.01))
    state, people = world.world.state, world.people
    assert (state.offices.room >= np.minimum(state.offices.capacity, len(state.people))).all()
    assert sum(len(open_files(state, office)) for office in state.offices) == (people.file == FileState.OPEN).sum() > 0
    for office in state.offices:
        for place in range(office.first_file, office.first_file + office.active):
            person = state.people[state.files[place].slot]
            assert (person.site, person.file, person.file_place) == (office.site, FileState.OPEN, place)
