"""Work inside: asked for some time after the arrival in a quarter, waited for in order, had for a time."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from sim.institutions.agenda import Step, schedule
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.jobs import give_up_job, next_hired, wait_for_job
from sim.institutions.state import draw, parameters_for, parameters_in
from sim.pathways.occurrences import of_job
from sim.population.person import WorkState
from sim.records.codes import Status

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.population.person import Person


def ask_for_job(person: Person, state: State) -> None:
    """Date the day somebody who would work is put on the line of the quarter where they have arrived."""
    work = parameters_for(state, person).work
    if work.asking_share > 0 and person.occupation < work.asking_share:
        person.work_step_day = state.nation.day + max(1, work.asked_days)
        schedule(state, person.work_step_day, Step.WORK, person)


def follow_job(person: Person, state: State) -> None:
    """The day somebody is put on the line, or a job ends: whoever had it waits for another."""
    if person.work_step_day != state.nation.day or person.quarter < 0:
        return
    give_up_job(state, person)
    wait_for_job(state, person)
    hire(state, person.quarter)


def hire(state: State, quarter: int) -> None:
    """Give the free jobs of a quarter to those who wait."""
    slot = next_hired(state, quarter)
    while slot >= 0:
        person = state.people[slot]
        luck = draw(state, DecisionPoint.WORK_LASTS, person, of_job(person))
        lasts = -log(1.0 - luck) * parameters_for(state, person).work.job_days
        person.work_step_day = state.nation.day + 1 + int(lasts)
        schedule(state, person.work_step_day, Step.WORK, person)
        slot = next_hired(state, quarter)


def hire_everywhere(state: State) -> None:
    """Give the jobs that are more than they were to those who wait."""
    for quarter in range(len(state.workshops)):
        if parameters_in(state, state.quarters[quarter].place).work.asking_share > 0:
            hire(state, quarter)


def leave_job(person: Person, state: State) -> None:
    """Leave the job or the line of the quarter; the next on the line has it."""
    quarter = person.quarter
    if give_up_job(state, person):
        hire(state, quarter)


def has_job_to_show(person: Person, state: State) -> bool:
    """Whether the person has had a job for long enough that it counts for a measure."""
    if person.work != WorkState.WORKING:
        return False
    return bool(state.nation.day - person.work_since_day >= parameters_for(state, person).work.shown_days)


def has_activity(person: Person, state: State) -> bool:
    """Whether the person has work or an activity in the quarter where they sleep.

    Where nobody waits for jobs (``practices.work.asking_share`` 0), and for those on a measure who sleep there, the same people
    always have one: a fixed share.
    """
    here = parameters_for(state, person)
    if here.work.asking_share > 0 and person.status in (Status.REMAND, Status.SENTENCED):
        return bool(person.work == WorkState.WORKING)
    return bool(person.occupation < here.establishments.occupation[state.quarters[person.quarter].kind])
