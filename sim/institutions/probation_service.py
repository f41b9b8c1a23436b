"""The probation service inside prisons (*SPIP, milieu fermé*): caseloads that are held, hours that run out.

Each establishment has an antenna. A newcomer waits until a counsellor has room (*posts × limit* files are held at most, the
rest wait in order of arrival). The hours of a week go to five tasks in the order of a plan, so that what overload leaves
undone is the last of them; those of preparation are shared equally among the files open (recidivism.md §3.2: *simulate the
queue*). Equal sharing is kept in virtual time: ``progress`` is the hours each open file has received since the beginning; a
file that needs *w* hours is done when it has grown by *w*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.institutions.queues import FOR_COUNSELLOR, join, quit_line
from sim.population.person import HELD, OPEN, READY, UNKNOWN, WAITING

if TYPE_CHECKING:
    from sim.engine.compile import Count, Day
    from sim.institutions.parameters import Row
    from sim.institutions.state import System
    from sim.population.person import Person


TASKS = ("duty", "arrivals", "reports", "preparation", "interviews")
"""What the hours of a week go to: a plan ranks them (``means.probation_service.priority``)."""
DUTY, ARRIVALS, REPORTS, PREPARATION, INTERVIEWS = range(len(TASKS))


class Antenna:
    """The counsellors of one establishment."""

    site: Count
    waiting: Count
    """Line of those who wait for a counsellor."""
    first_file: Count
    """Row of the table of open files where those of this antenna begin: ``active`` of them, in no order."""
    room: Count
    """Rows it has there."""
    posts: float
    capacity: Count
    """Most people the counsellors hold together."""
    held: Count
    active: Count
    """Files being prepared."""
    progress: float
    """Hours each file open from the beginning would have received."""
    arrivals_due: float
    """Hours of arrival assessments still to be done."""
    reports_due: float
    """Hours of reports still to be written."""
    late: float
    """Share of the hours of reports due that the last week left undone."""
    hours_duty: float
    hours_arrivals: float
    hours_reports: float
    hours_interviews: float
    interviews: float
    files_lost: Count
    """Files a new counsellor took up."""
    hours_offered: float
    hours_used: float
    assigned: Count
    wait_days: int
    done: Count


class OpenFile:
    """A file being prepared.

    Those of an antenna lie side by side: each week looks at them all, thirty thousand in the country, and following a line from
    person to person took a tenth of a national run.
    """

    until: float
    """Progress of the antenna at which the file is done."""
    needed: float
    """Hours the file needs from its beginning."""
    slot: Count


def enrol(system: System, person: Person, day: Day) -> None:
    """Put a newcomer on the list of those who wait for a counsellor."""
    person.counsellor = WAITING
    person.enrolled_day = day
    join(system, FOR_COUNSELLOR, system.antennae[person.site].waiting, person)


def next_newcomer(system: System, antenna: Antenna, before_day: Day) -> int:
    """Take the next person a counsellor has room for, among those enrolled by ``before_day``: their slot, -1 if none."""
    slot = system.lines[antenna.waiting].first
    if slot < 0 or antenna.held >= antenna.capacity:
        return -1
    person = system.people[slot]
    if person.enrolled_day > before_day:
        return -1
    quit_line(system, FOR_COUNSELLOR, person)
    antenna.held += 1
    person.counsellor = HELD
    return int(slot)


def leave_counsellor(system: System, person: Person) -> None:
    """Take a person off the list or off the caseload."""
    if person.counsellor == HELD:
        system.antennae[person.site].held -= 1
    elif person.counsellor == WAITING:
        quit_line(system, FOR_COUNSELLOR, person)
    person.counsellor = UNKNOWN


def task_of_rank(priority: Row, rank: int) -> int:
    """Task a plan serves at a rank, 0 the first; of two tasks ranked alike, the one first in :data:`TASKS`."""
    for task in range(len(priority)):
        before = 0
        for other in range(len(priority)):
            ahead = priority[other] < priority[task]
            if ahead or (priority[other] == priority[task] and other < task):
                before += 1
        if before == rank:
            return task
    return -1


def start_file(system: System, person: Person, hours: float) -> None:
    """Start preparing a file that needs so many hours."""
    antenna = system.antennae[person.site]
    assert antenna.active < antenna.room, "more files open than the counsellors may hold"
    place = antenna.first_file + antenna.active
    opened = system.files[place]
    opened.slot = person.slot
    opened.until = antenna.progress + hours
    opened.needed = person.needed
    antenna.active += 1
    person.file = OPEN
    person.file_place = place
    person.quality = 1.0
    person.work_from = antenna.progress


def stop_file(system: System, person: Person) -> None:
    """Stop preparing a file, done or not; the hours spent on it stay spent."""
    antenna = system.antennae[person.site]
    person.hours += antenna.progress - person.work_from
    antenna.active -= 1
    # The last one takes its place.
    last = system.files[antenna.first_file + antenna.active]
    freed = system.files[person.file_place]
    freed.until = last.until
    freed.needed = last.needed
    freed.slot = last.slot
    system.people[last.slot].file_place = person.file_place
    person.file_place = -1


def work_left(system: System, person: Person) -> float:
    """Hours an open file still needs."""
    return float(system.files[person.file_place].until - system.antennae[person.site].progress)


def work(system: System, antenna: Antenna, hours: float, most: float) -> np.ndarray[Any, Any]:
    """Spend the hours of a week on the open files; no file takes more than ``most`` hours in a week.

    Returns
    -------
        Slots of the people whose file is finished, in the order they finished, shape ``(n_finished,)``.
    """
    files = _by_work_left(system, antenna, most)
    finished = 0
    room = most
    while antenna.active and hours > 0 and room > 0:
        if finished == len(files):  # those left need more than one may get: they all move on, none finishes
            step = min(room, hours / antenna.active)
            antenna.progress += step
            antenna.hours_used += step * antenna.active
            break
        person = system.people[files[finished]]
        need = work_left(system, person)
        step = min(need, room, hours / antenna.active)
        antenna.progress += step
        hours -= step * antenna.active
        antenna.hours_used += step * antenna.active
        room -= step
        if step >= need - 1e-9:
            stop_file(system, person)
            person.file = READY
            finished += 1
        elif step < need:
            break
    antenna.done += finished
    return files[:finished]


def close_pressed(system: System, antenna: Antenna, days: float, least: float) -> np.ndarray[Any, Any]:
    """Stop preparing the files of people who have ``days`` left at most, if ``least`` of the hours needed are spent.

    A thin file is lodged rather than none: the share of its hours that was spent weighs in the decision.

    Returns
    -------
        Slots of those people, in no order, shape ``(n_closed,)``.
    """
    first = antenna.first_file
    closed = np.empty(antenna.active, dtype=np.int64)
    number = 0
    # From the last to the first: what takes the place of a file that is put away has been looked at.
    for place in range(first + antenna.active - 1, first - 1, -1):
        opened = system.files[place]
        done = 1.0 - (opened.until - antenna.progress) / opened.needed
        if done < least:
            continue
        slot = opened.slot
        person = system.people[slot]
        if person.end_day - system.nation.day <= days:
            stop_file(system, person)
            person.file = READY
            person.quality = done
            closed[number] = slot
            number += 1
    antenna.done += number
    return closed[:number]


def _by_work_left(system: System, antenna: Antenna, most: float) -> np.ndarray[Any, Any]:
    """Slots of the files that ``most`` hours may finish, nearest first, shape ``(n_near,)``; by person if equally near.

    The order of the others decides nothing this week, and ordering them all was most of the cost of a plan.
    """
    first = antenna.first_file
    slots = np.empty(antenna.active, dtype=np.int64)
    until = np.empty(antenna.active, dtype=np.float64)
    number = 0
    reach = antenna.progress + most + 1e-6
    for place in range(first, first + antenna.active):
        opened = system.files[place]
        if opened.until <= reach:
            slots[number] = opened.slot
            until[number] = opened.until
            number += 1
    slots = slots[:number][np.argsort(until[:number], kind="mergesort")]
    for place in range(1, number):
        here = place
        while here > 0 and _ties_out_of_order(system, slots[here - 1], slots[here]):
            slots[here - 1], slots[here] = slots[here], slots[here - 1]
            here -= 1
    return slots


def _ties_out_of_order(system: System, one: int, other: int) -> bool:
    first, second = system.people[one], system.people[other]
    return bool(system.files[first.file_place].until == system.files[second.file_place].until and first.id > second.id)
