"""Transfers from *maisons d'arrêt* to establishments for sentenced people, as places come free (law.md §9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.decision_points import DecisionPoint
from sim.institutions.lodging import follow_person
from sim.institutions.prisons import QuarterKind, roomiest
from sim.institutions.probation_service import enrol, leave_counsellor, stop_file, work_left
from sim.institutions.queues import QueueKind, leave_queue
from sim.institutions.state import draw, law_for, parameters_for, parameters_in, parameters_of_region, write
from sim.pathways.care import ask_for_care, leave_care
from sim.pathways.contact import willing
from sim.pathways.custody import drop_file
from sim.pathways.stay import date_boards, reschedule
from sim.pathways.temporary_leave import move_request
from sim.pathways.work import ask_for_job, leave_job
from sim.population.person import FileState
from sim.records.codes import Movement, Status

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.population.person import Person

_DAYS_PER_MONTH = 365.25 / 12
DESTINATIONS = (
    (QuarterKind.MC, QuarterKind.MC),
    (QuarterKind.CD, QuarterKind.CD),
    (QuarterKind.CD, QuarterKind.CNE),
    (QuarterKind.CD, QuarterKind.EPSN),
    (QuarterKind.SAS, QuarterKind.SAS),
)
"""Which queue feeds which kind of quarter."""


def move_people(state: State, most: float) -> None:
    """Fill the free places of every interregion from its queues.

    ``most`` moves per interregion and kind at the most; below 0: as many as it makes in a week.
    """
    for region in range(state.nation.regions):
        limit = most if most >= 0 else parameters_of_region(state, region).allocation.transfers_per_week
        for queue, kind in DESTINATIONS:
            line = state.queues[state.transfer_queues[queue, region]]
            moved = 0
            while line.length and moved < limit:
                quarter = roomiest(state, kind, region)
                if quarter < 0:
                    break
                person = state.people[line.first]
                leave_queue(state, QueueKind.SUPPORT if queue == QuarterKind.SAS else QueueKind.TRANSFER, person)
                if _still_to_move(person, queue, state):
                    transfer(person, quarter, state)
                    moved += 1


def _still_to_move(person: Person, kind: QuarterKind, state: State) -> bool:
    """Whether someone in the queue is still in a *maison d'arrêt*, with no decision near and enough left to serve."""
    if person.status != Status.SENTENCED or person.withdrawn:
        return False
    if person.quarter < 0 or state.quarters[person.quarter].kind != QuarterKind.MA:
        return False
    if person.file in (FileState.LODGED, FileState.LISTED, FileState.GRANTED, FileState.SEIZED):
        return False
    if kind == QuarterKind.SAS and _unwilling(person, state):
        return False
    shortest = (
        parameters_for(state, person).allocation.support_months[0]
        if kind == QuarterKind.SAS
        else parameters_for(state, person).allocation.support_months[0] * 2
    )
    return (person.end_day - state.nation.day) / _DAYS_PER_MONTH >= shortest


def _unwilling(person: Person, state: State) -> bool:
    """Whether the person does not agree to prepare a release in a unit, where agreement is asked for."""
    share = parameters_for(state, person).release_units.chosen_share
    return not willing(person, state) and draw(state, DecisionPoint.STAY_CHOSEN, person, person.stay) < share


def transfer(person: Person, quarter: int, state: State) -> None:
    """Move a person; the counsellor changes, an open file is begun again there, unless a release unit keeps it."""
    left = person.quarter
    leave_job(person, state)
    leave_care(person, state)
    state.quarters[left].sentenced -= 1
    kept = parameters_in(state, state.quarters[quarter].place).release_units.file_kept
    if state.quarters[quarter].kind != QuarterKind.SAS or person.file == FileState.GRANTED:
        kept = 0.0
    had_file = person.file != FileState.NONE and kept <= 0
    if kept > 0:
        _hand_over(person, kept, state)
    else:
        drop_file(person, state)
    leave_counsellor(state, person)
    state.quarters[quarter].sentenced += 1
    person.quarter = quarter
    person.site = state.quarters[quarter].site
    enrol(state, person, state.nation.day)
    follow_person(state, person)
    ask_for_job(person, state)
    ask_for_care(person, state)
    write(state, Movement.TRANSFERRED, person, -1, left)
    if had_file:
        person.open_day = -1
        reschedule(person, state)
    else:
        date_boards(person, state, law_for(state, person))
    move_request(person, state)


def _hand_over(person: Person, kept: float, state: State) -> None:
    """Hand an open file over to the counsellor of the unit: a share of the work done is kept, what is ready stays so."""
    if person.file != FileState.OPEN:
        return
    left = work_left(state, person)
    lost = (person.needed - left) * (1.0 - kept)
    stop_file(state, person)
    person.file = FileState.WANTED
    person.hours_left = left + (lost if lost > 0 else 0.0)
