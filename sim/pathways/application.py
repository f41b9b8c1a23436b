"""The file of a request for an adjustment, from the counsellor to the judge, in a race with the end of the sentence."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from sim.dates import DAYS_PER_YEAR, NEVER
from sim.institutions.agenda import LIST, LODGE, TURNOVER, date_step
from sim.institutions.community_supervision import survey_factor
from sim.institutions.decision_points import (
    FILE_AGREED,
    FILE_ASKED,
    FILE_EXTERNAL,
    FILE_HOURS,
    FILE_RELEASE,
    HEARING_INSTRUCTION,
    STAY_TURNOVER,
)
from sim.institutions.placements import DEVICES, SEMI_LIBERTY
from sim.institutions.probation_service import (
    ARRIVALS,
    DUTY,
    INTERVIEWS,
    PREPARATION,
    REPORTS,
    close_pressed,
    enrol,
    leave_counsellor,
    next_newcomer,
    start_file,
    stop_file,
    task_of_rank,
    work,
    work_left,
)
from sim.institutions.state import draw, drawn, law_for, write
from sim.law.reckoning import first_day
from sim.pathways.custody import housed
from sim.pathways.hearing import date_referral
from sim.pathways.temporary_leave import ask_for_leave, host_agrees
from sim.population.person import HELD, LODGED, NO_FILE, OPEN, READY, SENTENCED, WANTED
from sim.records.moves import ASSIGNED, FILE_OPENED, FILE_READY, REQUESTED

if TYPE_CHECKING:
    from sim.institutions.parameters import Practice
    from sim.institutions.probation_service import Antenna
    from sim.institutions.state import System
    from sim.population.person import Person

_MOST_COUNSELLORS = 64
_WEEK = 7
_WEEKS = DAYS_PER_YEAR / _WEEK


def consider_file(person: Person, system: System) -> None:
    """Time to prepare: the file is opened if a counsellor is there, else wanted until one is."""
    day = system.nation.day
    if person.step_day != day or person.file != NO_FILE or person.status != SENTENCED or person.withdrawn:
        return
    if person.consents:
        want_file(person, system)


def want_file(person: Person, system: System) -> None:
    """Ask for a file: opened at once if a counsellor is there; not asked for when too little is left."""
    if person.end_day - system.nation.day < system.practice.shortest_days:
        return
    person.file = WANTED
    if person.counsellor == HELD:
        open_file(person, system)


def open_file(person: Person, system: System) -> None:
    """Choose what to ask for and start working on it; nothing is begun when too little is left.

    A file that the last counsellor left open is taken up where it was, the work lost to be done again.
    """
    day = system.nation.day
    practice = system.practice
    if person.hours_left >= 0:
        start_file(system, person, person.hours_left)
        person.hours_left = -1.0
        return
    if person.end_day - day < practice.shortest_days:
        person.file = NO_FILE
        return
    ask_for_leave(person, system)
    asked = without_host(person, choose(person, system), system)
    if asked < 0:
        person.file = NO_FILE
        return
    size_up(person, asked, system)
    start_file(system, person, person.needed)
    write(system, FILE_OPENED, person, asked, -1)


def size_up(person: Person, asked: int, system: System) -> None:
    """Set what is asked for from today: the hours the file needs, and the day by which others have answered."""
    day, practice = system.nation.day, system.practice
    occurrence = person.stay * 8 + person.hearings
    wait = drawn(practice.external_days[asked], draw(system, FILE_EXTERNAL, person, occurrence))
    if system.regimes[system.procedures[asked].form].places == DEVICES:
        wait *= survey_factor(person, system)
    person.asked = asked
    person.opened_day = day
    person.external_day = day + int(wait)
    person.needed = drawn(practice.hours[asked], draw(system, FILE_HOURS, person, occurrence))


def choose(person: Person, system: System) -> int:
    """Choose the adjustment to ask for, from the person's means: lodging leads to a tag, none to a place outside.

    Among those the law opens soon enough; weights are a practice parameter. Returns -1 if the law opens none.
    """
    practice = system.practice
    left = person.end_day - system.nation.day
    soon = practice.lead_days + _WEEK * 4
    latest = system.nation.day + (left if left < soon else soon)
    law = law_for(system, person)
    release = system.nation.release_code
    occurrence = person.stay * 8 + person.hearings
    if left > practice.long_remaining_days:
        # Mid-sentence with a project: conditional release, when the law opens it soon enough.
        likes = draw(system, FILE_RELEASE, person, occurrence) < practice.long_release_share
        if likes and first_day(release, person, law) < latest:
            return release
    luck = draw(system, FILE_ASKED, person, occurrence)
    weights = practice.weights_housed if housed(person, system.nation.day) else practice.weights_unhoused
    shut = 0
    while True:
        # Drawn by weight, then checked against the law; an adjustment the law keeps shut is drawn no more.
        total = 0.0
        for code in system.hearing_codes:
            if not shut >> code & 1:
                total += weights[code]
        if total <= 0:
            return -1
        edge, chosen = luck * total, -1
        for code in system.hearing_codes:
            if shut >> code & 1:
                continue
            chosen = code  # the last one, if rounding leaves none
            edge -= weights[code]
            if edge < 0:
                break
        if first_day(chosen, person, law) < latest:
            return chosen
        shut |= 1 << chosen


def without_host(person: Person, asked: int, system: System) -> int:
    """What is asked for in the end: semi-liberty when no host agrees to an external placement, if the law opens it."""
    practice = system.practice
    if asked < 0 or not system.regimes[system.procedures[asked].form].hosted or practice.agreed_share >= 1.0:
        return asked
    if draw(system, FILE_AGREED, person, person.stay * 8 + person.hearings) < host_agrees(person, system):
        return asked
    latest = system.nation.day + practice.lead_days
    for code in system.hearing_codes:
        if system.regimes[system.procedures[code].form].places == SEMI_LIBERTY:
            return int(code) if first_day(code, person, law_for(system, person)) < min(latest, person.end_day) else asked
    return asked


def weekly_plan(antenna: Antenna, system: System) -> None:
    """One week of an antenna: newcomers are taken while there is room, then the hours go to the tasks in the plan's order."""
    take_newcomers(antenna, system)
    practice = system.practice
    hours = antenna.posts * practice.file_hours
    for rank in range(len(practice.priority)):
        task = task_of_rank(practice.priority, rank)
        if task == PREPARATION:
            hours -= prepare_files(antenna, hours, system)
        else:
            hours -= serve_task(antenna, task, hours, practice)


def take_newcomers(antenna: Antenna, system: System) -> None:
    """Take those who wait for a counsellor, in order of arrival, while one has room."""
    day = system.nation.day
    practice = system.practice
    before = day - practice.arrival_days
    slot = next_newcomer(system, antenna, before)
    while slot >= 0:
        person = system.people[slot]
        person.assigned_day = day
        if person.search_day < 0:
            person.search_day = day
        antenna.assigned += 1
        antenna.wait_days += day - person.enrolled_day
        # Whoever was found on the first day has been assessed long since.
        if person.enrolled_day >= system.nation.start_day:
            antenna.arrivals_due += practice.arrival_hours
        write(system, ASSIGNED, person, -1, day - person.enrolled_day)
        date_successor(person, system)
        if person.file == WANTED:
            open_file(person, system)
        slot = next_newcomer(system, antenna, before)


def date_successor(person: Person, system: System) -> None:
    """Date the day the counsellor who takes a person today leaves the post, if the person is still there."""
    person.successor_day = -1
    turnover = system.practice.turnover
    if turnover <= 0:
        return
    luck = draw(system, STAY_TURNOVER, person, person.stay * _MOST_COUNSELLORS + person.assignments)
    person.assignments += 1
    stays = -log(1.0 - luck) * DAYS_PER_YEAR / turnover
    if stays < person.end_day - system.nation.day:
        person.successor_day = system.nation.day + 1 + int(stays)
        date_step(system, person.successor_day, TURNOVER, person)


def lose_counsellor(person: Person, system: System) -> None:
    """The counsellor leaves: the person is put back on the waiting list, and a share of the work on an open file is lost."""
    if person.successor_day != system.nation.day or person.counsellor != HELD:
        return
    person.successor_day = -1
    if person.file == OPEN:
        antenna = system.antennae[person.site]
        left = work_left(system, person)
        lost = (person.needed - left) * system.practice.turnover_lost
        stop_file(system, person)
        person.file = WANTED
        person.hours_left = left + (lost if lost > 0 else 0.0)
        antenna.files_lost += 1
    leave_counsellor(system, person)
    enrol(system, person, system.nation.day)


def prepare_files(antenna: Antenna, hours: float, system: System) -> float:
    """Spend the hours left on the open files; return those spent. Files that time presses are then lodged as they stand."""
    used = antenna.hours_used
    if hours > 0:
        antenna.hours_offered += hours
        if antenna.active:
            for slot in work(system, antenna, hours, system.practice.most_hours):
                finish_file(system.people[slot], system)
    if system.practice.least_share < 1.0 and antenna.active:
        for slot in close_pressed(system, antenna, system.practice.pressed_days, system.practice.least_share):
            finish_file(system.people[slot], system)
    return antenna.hours_used - used


def serve_task(antenna: Antenna, task: int, hours: float, practice: Practice) -> float:
    """Spend the hours left on a task other than files; return those spent.

    Assessments and reports not done wait for another week; duties and interviews not done are lost.
    """
    wanted = 0.0
    if task == DUTY:
        wanted = antenna.held * practice.duty_hours
    elif task == ARRIVALS:
        wanted = antenna.arrivals_due
    elif task == REPORTS:
        wanted = antenna.reports_due
    elif task == INTERVIEWS:
        wanted = antenna.held * practice.interviews_wanted * practice.interview_hours / _WEEKS
    spent = wanted if wanted < hours else max(hours, 0.0)
    if task == DUTY:
        antenna.hours_duty += spent
    elif task == ARRIVALS:
        antenna.hours_arrivals += spent
        antenna.arrivals_due -= spent
    elif task == REPORTS:
        antenna.hours_reports += spent
        antenna.reports_due -= spent
        antenna.late = 1.0 - spent / wanted if wanted > 0 else 0.0
    elif task == INTERVIEWS:
        antenna.hours_interviews += spent
        if practice.interview_hours > 0:
            antenna.interviews += spent / practice.interview_hours
    return spent


def finish_file(person: Person, system: System) -> None:
    """The counsellor's part is done; the request waits for the others' part and for the law to be near."""
    day = system.nation.day
    opens = first_day(person.asked, person, law_for(system, person))
    ready = person.external_day if person.external_day > day else day
    person.ready_day = ready
    ahead = opens - system.practice.ahead_days if opens < NEVER else ready
    person.step_day = max(day + 1, ready, ahead)
    date_step(system, person.step_day, LODGE, person)


def lodge(person: Person, system: System) -> None:
    """Lodge the request with the judge; its instruction begins."""
    day = system.nation.day
    if person.file != READY or person.step_day != day:
        return
    practice = system.practice
    person.file = LODGED
    person.requested_day = day
    system.antennae[person.site].reports_due += practice.report_hours
    luck = draw(system, HEARING_INSTRUCTION, person, person.stay * 8 + person.hearings)
    person.step_day = day + 1 + int(drawn(practice.instruction, luck))
    date_step(system, person.step_day, LIST, person)
    date_referral(person, system)
    write(system, FILE_READY, person, -1, int(person.hours * 10))
    write(system, REQUESTED, person, person.asked, -1)
