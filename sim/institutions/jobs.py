"""Jobs of prisons: so many in each quarter, and a line of those who wait for one, first come first served.

A job is had for a time, or until its holder leaves the quarter; it goes to the next on the line the same day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.queues import QueueKind, enqueue, leave_queue
from sim.population.person import WorkState

if TYPE_CHECKING:
    from sim.engine.compile import Count
    from sim.institutions.state import State
    from sim.population.person import Person


class Workshop:
    """Jobs of one quarter, and what happened to them since the last census."""

    jobs: Count
    working: Count
    queue: Count
    started: Count
    """People who began a job."""
    wait_days: Count
    """Days these had waited on the line, added up."""


def wait_for_job(state: State, person: Person) -> None:
    """Put somebody last on the line of the quarter where they are."""
    person.work = WorkState.WAITING
    person.work_since_day = state.nation.day
    enqueue(state, QueueKind.JOB, state.workshops[person.quarter].queue, person)


def next_hired(state: State, quarter: int) -> int:
    """Give a free job of a quarter to the next on its line: their slot, -1 if no job is free or nobody waits."""
    workshop = state.workshops[quarter]
    slot = state.queues[workshop.queue].first
    if slot < 0 or workshop.working >= workshop.jobs:
        return -1
    person = state.people[slot]
    leave_queue(state, QueueKind.JOB, person)
    workshop.working += 1
    workshop.started += 1
    workshop.wait_days += state.nation.day - person.work_since_day
    person.work = WorkState.WORKING
    person.work_since_day = state.nation.day
    person.jobs += 1
    return int(slot)


def give_up_job(state: State, person: Person) -> bool:
    """Leave the job, or its line; return whether a job is free for that."""
    had = person.work == WorkState.WORKING
    if had:
        state.workshops[person.quarter].working -= 1
    elif person.work == WorkState.WAITING:
        leave_queue(state, QueueKind.JOB, person)
    person.work = WorkState.NONE
    person.work_step_day = -1
    return had
