"""The probation service inside prisons (*SPIP, milieu fermé*): caseloads that are held, files that are prepared.

Each establishment has an office. A newcomer waits until a counsellor has room (*posts × limit* files are held at most, the
rest wait in order of arrival). The hours of a week go to tasks in the order of a plan (:mod:`sim.institutions.working_week`),
so that what overload leaves undone is the last of them; those of preparation are shared equally among the files open
(recidivism.md §3.2: *simulate the queue*). Equal sharing is kept in virtual time: ``progress`` is the hours each open file
has received since the beginning; a file that needs *w* hours is done when it has grown by *w*. A file for what the law opens
later than services look ahead (``practices.files.first_days``) has what hours the others leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.institutions.expected_end import planned_days_left
from sim.institutions.order_of_service import in_order
from sim.institutions.queues import QueueKind, enqueue, leave_queue
from sim.institutions.state import parameters_at_office
from sim.population.person import CounsellorState, FileState

if TYPE_CHECKING:
    from sim.engine.compile import Code, Count, Day
    from sim.institutions.state import State
    from sim.population.person import Person


class ProbationOffice:
    """The counsellors of one establishment."""

    site: Count
    place: Code
    """What holds there (:func:`~sim.institutions.state.parameters_in`)."""
    queue: Count
    """Queue of those who wait for a counsellor."""
    crowding: float
    """People for each place of the establishment more (below 0: fewer) than usual."""
    lodging_queue: Count
    """Queue of those for whom a request for a place to live in is to be written."""
    lodging_hours: float
    """Hours at hand to write them."""
    first_file: Count
    """Row of the table of open files where those of this office begin: ``active`` of them, in no order."""
    room: Count
    """Rows it has there."""
    posts: float
    share: float
    """Share of the national posts of other grades, times the sampling fraction."""
    capacity: Count
    """Most people the counsellors hold together."""
    held: Count
    active: Count
    """Files being prepared."""
    ahead: Count
    """Of them, those that give way to the others: what they ask for opens late."""
    progress: float
    """Hours each file open from the beginning would have received."""
    arrivals_due: float
    """Hours of arrival assessments still to be done."""
    reports_due: float
    """Hours of reports still to be written."""
    hearings_due: float
    """Hours of the week's hearings."""
    surveys_due: float
    """Hours of surveys still to be followed."""
    late: float
    """Share of the hours of reports due that the last week left undone."""
    hours_duty: float
    hours_arrivals: float
    hours_reports: float
    hours_interviews: float
    hours_administration: float
    hours_travel: float
    hours_hearings: float
    hours_boards: float
    hours_surveys: float
    hours_social: float
    hours_unused: float
    """Hours of the week that no task asked for."""
    interviews: float
    contact: float
    """Interviews more than usual that somebody held from the beginning would have had."""
    files_lost: Count
    """Files a new counsellor took up."""
    hours_offered: float
    hours_used: float
    assigned: Count
    wait_days: int
    done: Count


class OpenFile:
    """A file being prepared.

    Those of an office lie side by side, since each week looks at them all (decision 0011).
    """

    until: float
    """Progress of the office at which the file is done."""
    needed: float
    """Hours the file needs from its beginning."""
    due: Day
    """Day from which it shares the hours with the others."""
    ahead: bool
    """Whether that day has not come."""
    slot: Count


def enrol(state: State, person: Person, day: Day) -> None:
    """Put a newcomer on the list of those who wait for a counsellor; the service sees whoever arrives, assigned or not."""
    state.offices[person.site].arrivals_due += parameters_at_office(state, person).probation_service.arrival_hours
    wait_for_counsellor(state, person, day)


def wait_for_counsellor(state: State, person: Person, day: Day) -> None:
    """Put a person on the list of those who wait for a counsellor, enrolled on a day."""
    person.counsellor = CounsellorState.WAITING
    person.enrolled_day = day
    enqueue(state, QueueKind.COUNSELLOR, state.offices[person.site].queue, person)


def next_newcomer(state: State, office: ProbationOffice, before_day: Day) -> int:
    """Take the next person a counsellor has room for, among those enrolled by ``before_day``: their slot, -1 if none."""
    slot = state.queues[office.queue].first
    if slot < 0 or office.held >= office.capacity:
        return -1
    person = state.people[slot]
    if person.enrolled_day > before_day:
        return -1
    leave_queue(state, QueueKind.COUNSELLOR, person)
    office.held += 1
    person.counsellor = CounsellorState.HELD
    person.contact -= office.contact
    return int(slot)


def leave_counsellor(state: State, person: Person) -> None:
    """Take a person off the list or off the caseload."""
    if person.counsellor == CounsellorState.HELD:
        state.offices[person.site].held -= 1
        person.contact += state.offices[person.site].contact
    elif person.counsellor == CounsellorState.WAITING:
        leave_queue(state, QueueKind.COUNSELLOR, person)
    person.counsellor = CounsellorState.NONE


def start_file(state: State, person: Person, hours: float, due: Day) -> None:
    """Start preparing a file that needs so many hours; it gives way to the others until a day."""
    office = state.offices[person.site]
    assert office.active < office.room, "more files open than the counsellors may hold"
    place = office.first_file + office.active
    opened = state.files[place]
    opened.slot = person.slot
    opened.until = office.progress + hours
    opened.needed = person.needed
    opened.due = due
    opened.ahead = opened.due > state.nation.day
    office.ahead += 1 if opened.ahead else 0
    office.active += 1
    person.file = FileState.OPEN
    person.file_place = place
    person.quality = 1.0
    person.work_from = office.progress


def stop_file(state: State, person: Person) -> None:
    """Stop preparing a file, done or not; the hours spent on it stay spent."""
    office = state.offices[person.site]
    person.hours += office.progress - person.work_from
    office.active -= 1
    # The last one takes its place.
    last = state.files[office.first_file + office.active]
    freed = state.files[person.file_place]
    office.ahead -= 1 if freed.ahead else 0
    freed.until = last.until
    freed.needed = last.needed
    freed.due = last.due
    freed.ahead = last.ahead
    freed.slot = last.slot
    state.people[last.slot].file_place = person.file_place
    person.file_place = -1


def work_left(state: State, person: Person) -> float:
    """Hours an open file still needs."""
    return float(state.files[person.file_place].until - state.offices[person.site].progress)


def share_hours(state: State, office: ProbationOffice, hours: float, most: float) -> np.ndarray[Any, Any]:
    """Spend the hours of a week on the open files; no file takes more than ``most`` hours in a week.

    Returns
    -------
        Slots of the people whose file is finished, in the order they finished, shape ``(n_finished,)``.
    """
    if office.ahead:
        _look_ahead(state, office)
    files = _by_work_left(state, office, most)
    finished = 0
    room = most
    before = office.progress
    while office.active > office.ahead and hours > 0 and room > 0:
        sharing = office.active - office.ahead
        if finished == len(files):  # those left need more than one may get: they all move on, none finishes
            step = min(room, hours / sharing)
            office.progress += step
            office.hours_used += step * sharing
            hours -= step * sharing
            break
        person = state.people[files[finished]]
        need = work_left(state, person)
        step = min(need, room, hours / sharing)
        office.progress += step
        hours -= step * sharing
        office.hours_used += step * sharing
        room -= step
        if step >= need - 1e-9:
            stop_file(state, person)
            person.file = FileState.READY
            finished += 1
        elif step < need:
            break
    office.done += finished
    done = files[:finished]
    if office.ahead:
        return np.concatenate((done, _spend_ahead(state, office, hours, most, office.progress - before)))
    return done


def _spend_on(state: State, office: ProbationOffice, person: Person, most: float) -> float:
    """Spend hours on one file beside those that all open files receive alike; return them. A file that is done is put away."""
    need = work_left(state, person)
    step = min(need, most)
    office.hours_used += step
    state.files[person.file_place].until -= step
    person.work_from -= step
    if step >= need - 1e-9:
        stop_file(state, person)
        person.file = FileState.READY
    return float(step)


def _look_ahead(state: State, office: ProbationOffice) -> None:
    """Let the files whose day has come share the hours with the others."""
    for place in range(office.first_file, office.first_file + office.active):
        opened = state.files[place]
        if opened.ahead and opened.due <= state.nation.day:
            opened.ahead = False
            office.ahead -= 1


def _spend_ahead(state: State, office: ProbationOffice, hours: float, most: float, passed: float) -> np.ndarray[Any, Any]:
    """Spend on the files that are ahead the hours which the others left, alike on each.

    ``passed``: hours each of the others received this week.

    Returns
    -------
        Slots of the people whose file is finished, by person, shape ``(n_finished,)``.
    """
    slots = np.empty(office.ahead, dtype=np.int64)
    number = 0
    for place in range(office.first_file, office.first_file + office.active):
        opened = state.files[place]
        if opened.ahead:
            # The others' hours are not its own.
            opened.until += passed
            state.people[opened.slot].work_from += passed
            slots[number] = opened.slot
            number += 1
    slots.sort()  # they lie in no order
    finished = 0
    for place in range(number):
        if hours <= 1e-9:
            break
        person = state.people[slots[place]]
        hours -= _spend_on(state, office, person, min(most, hours / (number - place)))
        if person.file == FileState.READY:
            slots[finished] = slots[place]
            finished += 1
    office.done += finished
    return slots[:finished].copy()


def work_in_order(state: State, office: ProbationOffice, hours: float, most: float, order: int) -> np.ndarray[Any, Any]:
    """Spend the hours of a week on the open files one after the other, in an order of service, ``most`` on each.

    Returns
    -------
        Slots of the people whose file is finished, in the order they finished, shape ``(n_finished,)``.
    """
    slots = np.empty(office.active, dtype=np.int64)
    for place in range(office.active):
        slots[place] = state.files[office.first_file + place].slot
    slots.sort()  # they lie in no order
    finished = 0
    for slot in in_order(state, slots, order):
        if hours <= 0:
            break
        person = state.people[slot]
        hours -= _spend_on(state, office, person, min(most, hours))
        if person.file == FileState.READY:
            slots[finished] = slot
            finished += 1
    office.done += finished
    return slots[:finished].copy()


def close_pressed(state: State, office: ProbationOffice, days: float, least: float) -> np.ndarray[Any, Any]:
    """Stop preparing the files of people who have ``days`` left at most, if ``least`` of the hours needed are spent.

    A thin file is lodged rather than none: the share of its hours that was spent weighs in the decision.

    Returns
    -------
        Slots of those people, in no order, shape ``(n_closed,)``.
    """
    first = office.first_file
    closed = np.empty(office.active, dtype=np.int64)
    number = 0
    # From the last to the first: what takes the place of a file that is put away has been looked at.
    for place in range(first + office.active - 1, first - 1, -1):
        opened = state.files[place]
        done = 1.0 - (opened.until - office.progress) / opened.needed
        if done < least:
            continue
        slot = opened.slot
        person = state.people[slot]
        if planned_days_left(person, state) <= days:
            stop_file(state, person)
            person.file = FileState.READY
            person.quality = done
            closed[number] = slot
            number += 1
    office.done += number
    return closed[:number]


def _by_work_left(state: State, office: ProbationOffice, most: float) -> np.ndarray[Any, Any]:
    """Slots of the files that ``most`` hours may finish, nearest first, shape ``(n_near,)``; by person if equally near.

    The order of the others decides nothing this week, and ordering them all was most of the cost of a plan.
    """
    first = office.first_file
    slots = np.empty(office.active, dtype=np.int64)
    until = np.empty(office.active, dtype=np.float64)
    number = 0
    reach = office.progress + most + 1e-6
    for place in range(first, first + office.active):
        opened = state.files[place]
        if opened.until <= reach and not opened.ahead:
            slots[number] = opened.slot
            until[number] = opened.until
            number += 1
    slots = slots[:number][np.argsort(until[:number], kind="mergesort")]
    for place in range(1, number):
        here = place
        while here > 0 and _ties_out_of_order(state, slots[here - 1], slots[here]):
            slots[here - 1], slots[here] = slots[here], slots[here - 1]
            here -= 1
    return slots


def _ties_out_of_order(state: State, one: int, other: int) -> bool:
    first, second = state.people[one], state.people[other]
    return bool(state.files[first.file_place].until == state.files[second.file_place].until and first.id > second.id)
