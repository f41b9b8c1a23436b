"""The week of a counsellor: how many hours there are, what each task asks of them, and what is left undone.

A week is the statutory one less leave and absence. What it goes to is a table of tasks (:class:`Task`), each with its own
demand: by post, by person held, by event. Tasks are served in the order of a plan; of what is left undone, some waits for
another week (arrivals, reports, surveys), the rest is lost.

Other grades (secretaries, social workers, psychologists, managers) have posts and a work of their own; the hours of it they
have no time for are asked of the counsellors, under the task each stands for.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from sim.dates import DAYS_PER_YEAR
from sim.institutions.state import parameters_in

if TYPE_CHECKING:
    from sim.institutions.probation_parameters import ProbationServiceOfDay
    from sim.institutions.probation_service import ProbationOffice
    from sim.institutions.state import State

WEEKS = DAYS_PER_YEAR / 7
_DAYS_WORKED = 5


class Task(IntEnum):
    """What the hours of a week go to; a plan ranks them (``means.probation_service.priority``)."""

    DUTY = 0
    """Being on call (*permanence*): letters, moves, urgent matters of the people held."""
    ARRIVALS = 1
    """Assessment of newcomers."""
    REPORTS = 2
    """Reports on requests lodged."""
    PREPARATION = 3
    """Files of requests."""
    INTERVIEWS = 4
    """Follow-up interviews held whatever the load; those of arrivals and files are in their own tasks."""
    ADMINISTRATION = 5
    """Meetings, training, records; and the secretaries' work that nobody else does."""
    TRAVEL = 6
    """Between sites, courts and partners."""
    HEARINGS = 7
    """Preparing and attending hearings."""
    BOARDS = 8
    """Opinions for the board (*commission de l'application des peines*)."""
    SURVEYS = 9
    """Surveys for a tag (*enquêtes de faisabilité DDSE*): asked for, followed, read."""
    SOCIAL = 10
    """Lodging, papers and rights, where no social worker does it."""
    MORE_INTERVIEWS = 11
    """Follow-up interviews beyond those, as many as are wanted, if hours are left."""


TASKS = tuple(task.name.lower() for task in Task)


class Grade(IntEnum):
    """Who else works in a service of probation (``means.support.posts``)."""

    SECRETARIES = 0
    """Whose work counsellors do as administration."""
    SOCIAL_WORKERS = 1
    """As lodging, papers and rights."""
    PSYCHOLOGISTS = 2
    """As assessments of newcomers."""
    MANAGERS = 3
    """As opinions for the board, where they represent the service."""


GRADES = tuple(grade.name.lower() for grade in Grade)


def hours_present(service: ProbationServiceOfDay) -> float:
    """Hours a week somebody in post is there for, leave and absence taken off."""
    return service.week_hours * (1.0 - service.leave_share) * (1.0 - service.absence_share)


def people_there(office: ProbationOffice, state: State) -> int:
    """People the office answers for: those a counsellor follows and those who wait for one, who write and move as others do."""
    return int(office.held + state.queues[office.queue].length)


def undone(office: ProbationOffice, grade: int, present: float, state: State) -> float:
    """Hours a week of a grade's work that its own posts at an office have no time for."""
    support = parameters_in(state, office.place).support
    lacking = people_there(office, state) * support.work[grade] - office.share * support.posts[grade] * present
    return max(lacking, 0.0)


def hours_wanted(office: ProbationOffice, task: int, state: State) -> float:
    """Hours a week that a task other than files asks of the counsellors of an office."""
    service = parameters_in(state, office.place).probation_service
    present = hours_present(service)
    wanted = 0.0
    if task == Task.DUTY:
        wanted = people_there(office, state) * service.duty_hours
    elif task == Task.ARRIVALS:
        # What psychologists leave undone is added in the week (begin_week): it waits as assessments do.
        wanted = office.arrivals_due
    elif task == Task.REPORTS:
        wanted = office.reports_due
    elif task == Task.INTERVIEWS:
        wanted = kept_interviews(office, service, present)
    elif task == Task.ADMINISTRATION:
        wanted = office.posts * service.administration_hours + undone(office, Grade.SECRETARIES, present, state)
    elif task == Task.TRAVEL:
        wanted = office.posts * service.travel_hours
    elif task == Task.HEARINGS:
        wanted = office.hearings_due
    elif task == Task.BOARDS:
        wanted = people_there(office, state) * service.opinions_wanted * service.opinion_hours / WEEKS
        wanted += undone(office, Grade.MANAGERS, present, state)
    elif task == Task.SURVEYS:
        wanted = office.surveys_due
    elif task == Task.SOCIAL:
        wanted = undone(office, Grade.SOCIAL_WORKERS, present, state)
    elif task == Task.MORE_INTERVIEWS:
        more = max(service.interviews_wanted - service.interviews_kept, 0.0)
        wanted = office.held * more * service.interview_hours / WEEKS
        kept = kept_interviews(office, service, present)
        wanted = min(wanted, max(interview_hours(office, service, present) - kept, 0.0))
    return wanted


def interview_hours(office: ProbationOffice, service: ProbationServiceOfDay, present: float) -> float:
    """Most hours a week that follow-up interviews may take: so many days of five."""
    return office.posts * present * service.interview_days / _DAYS_WORKED


def kept_interviews(office: ProbationOffice, service: ProbationServiceOfDay, present: float) -> float:
    """Hours a week of the interviews held whatever the load."""
    wanted = office.held * service.interviews_kept * service.interview_hours / WEEKS
    return min(wanted, interview_hours(office, service, present))


def serve_task(office: ProbationOffice, task: int, hours: float, state: State) -> float:
    """Spend the hours left on a task other than files; return those spent.

    Assessments, reports and surveys not done wait for another week; the rest of what is not done is lost.
    """
    wanted = hours_wanted(office, task, state)
    spent = wanted if wanted < hours else max(hours, 0.0)
    if task == Task.DUTY:
        office.hours_duty += spent
    elif task == Task.ARRIVALS:
        office.hours_arrivals += spent
        office.arrivals_due -= spent
    elif task == Task.REPORTS:
        office.hours_reports += spent
        office.reports_due -= spent
        office.late = 1.0 - spent / wanted if wanted > 0 else 0.0
    elif task == Task.INTERVIEWS or task == Task.MORE_INTERVIEWS:
        office.hours_interviews += spent
        hold_interviews(office, spent, state)
    elif task == Task.ADMINISTRATION:
        office.hours_administration += spent
    elif task == Task.TRAVEL:
        office.hours_travel += spent
    elif task == Task.HEARINGS:
        office.hours_hearings += spent
        office.hearings_due = 0.0
    elif task == Task.BOARDS:
        office.hours_boards += spent
    elif task == Task.SURVEYS:
        office.hours_surveys += spent
        office.surveys_due -= spent
    elif task == Task.SOCIAL:
        office.hours_social += spent
    return spent


def hold_interviews(office: ProbationOffice, hours: float, state: State) -> None:
    """Count the interviews so many hours hold, and what each person held has of them."""
    service = parameters_in(state, office.place).probation_service
    interviews = hours / service.interview_hours if service.interview_hours > 0 else 0.0
    office.interviews += interviews
    if office.held > 0:
        office.contact += interviews / office.held


def begin_week(office: ProbationOffice, state: State) -> None:
    """Begin a week: it owes usual contact to whoever is held, and the assessments psychologists have no time for."""
    if office.held > 0:
        office.contact -= parameters_in(state, office.place).contact.usual_interviews / WEEKS
    present = hours_present(parameters_in(state, office.place).probation_service)
    office.arrivals_due += undone(office, Grade.PSYCHOLOGISTS, present, state)
