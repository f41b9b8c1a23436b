"""Care for addictions inside: so many people treated at a time in each establishment, and a line of those who wait.

Treatment lasts a while, and is broken off by a move; who has been through it counts as cared for until the exit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.queues import QueueKind, enqueue, leave_queue
from sim.population.person import CareStage

if TYPE_CHECKING:
    from sim.engine.compile import Count
    from sim.institutions.state import State
    from sim.population.person import Person


class CareUnit:
    """Care in one establishment, and what happened to it since the last census."""

    slots: Count
    """People it can treat at a time."""
    treated: Count
    queue: Count
    started: Count
    completed: Count
    wait_days: Count
    """Days those who started had waited on the line, added up."""


def wait_for_care(state: State, person: Person) -> None:
    """Put somebody last on the line of the establishment."""
    person.care_stage = CareStage.WAITING
    person.care_since_day = state.nation.day
    enqueue(state, QueueKind.CARE, state.care_units[person.site].queue, person)


def next_treated(state: State, site: int) -> int:
    """Begin the treatment of the next on the line: their slot, -1 if nobody can be taken or nobody waits."""
    unit = state.care_units[site]
    slot = state.queues[unit.queue].first
    if slot < 0 or unit.treated >= unit.slots:
        return -1
    person = state.people[slot]
    leave_queue(state, QueueKind.CARE, person)
    unit.treated += 1
    unit.started += 1
    unit.wait_days += state.nation.day - person.care_since_day
    person.care_stage = CareStage.TREATED
    person.care_courses += 1
    return int(slot)


def complete_care(state: State, person: Person) -> None:
    """Complete a treatment: the place is free, and the person counts as cared for until the exit."""
    unit = state.care_units[person.site]
    unit.treated -= 1
    unit.completed += 1
    person.care_stage = CareStage.DONE


def break_care_off(state: State, person: Person) -> bool:
    """Leave treatment before its end, or its line; return whether somebody else can be taken for that."""
    stage = person.care_stage
    if stage == CareStage.TREATED:
        state.care_units[person.site].treated -= 1
    elif stage == CareStage.WAITING:
        leave_queue(state, QueueKind.CARE, person)
    if stage != CareStage.DONE:
        person.care_stage = CareStage.NONE
    person.care_step_day = -1
    return bool(stage == CareStage.TREATED)
