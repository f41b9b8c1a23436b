"""Prisons that a scenario opens and closes: once a week those that close are emptied, and remand prisons that open are filled.

Establishments for sentenced people that open fill as others do, from the queues of transfers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.institutions.enforcement_court import list_request
from sim.institutions.lodging import follow_person
from sim.institutions.prisons import QuarterKind, density, roomiest, sector
from sim.institutions.probation_service import enrol, leave_counsellor
from sim.institutions.queues import QueueKind, leave_queue
from sim.institutions.state import law_for, parameters_of_region, write
from sim.pathways.hearing import court_of
from sim.pathways.stay import ask_for_transfer, date_boards
from sim.pathways.temporary_leave import move_request
from sim.pathways.transfers import transfer
from sim.population.person import FileState
from sim.records.codes import Movement, Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.institutions.prisons import QuarterRow
    from sim.institutions.state import State
    from sim.population.person import Person


def move_between_prisons(state: State) -> None:
    """Move people out of the quarters that close, and into the remand prisons that opened, so many a week for each."""
    if not state.nation.moved:
        return
    for number in range(len(state.quarters)):
        quarter = state.quarters[number]
        if quarter.closing and quarter.remand + quarter.sentenced > 0:
            _empty(number, state)
        elif quarter.opened and quarter.kind == QuarterKind.MA:
            _fill(number, state)


def _most(quarter: QuarterRow, state: State) -> int:
    """Moves that a quarter may make in a week: those of a kind and interregion, at the sampling fraction."""
    moves = parameters_of_region(state, quarter.region).allocation.transfers_per_week * state.nation.fraction
    return max(1, int(moves + 0.5))


def _empty(number: int, state: State) -> None:
    """Move people out of a quarter that closes: to one of its kind with room in the interregion, else to a remand prison."""
    quarter = state.quarters[number]
    leaving = _who(state, number, -1)[: _most(quarter, state)]
    for slot in leaving:
        person = state.people[slot]
        to = -1
        if quarter.kind != QuarterKind.MA:
            to = roomiest(state, quarter.kind, quarter.region)
        if to < 0:
            to = sector(number if quarter.kind == QuarterKind.MA else person.home_quarter, state)
        if to == number:
            break  # there is no other in the interregion
        _move(person, to, state)
        if quarter.kind != QuarterKind.MA and state.quarters[to].kind == QuarterKind.MA and person.status == Status.SENTENCED:
            leave_queue(state, QueueKind.TRANSFER, person)
            leave_queue(state, QueueKind.SUPPORT, person)
            ask_for_transfer(person, state)


def _fill(number: int, state: State) -> None:
    """Move people into a remand prison that opened from those of its département, until it is as crowded as they are."""
    quarter = state.quarters[number]
    moved, most = 0, _most(quarter, state)
    for slot in _who(state, -1, quarter.departement):
        if moved == most or quarter.remand + quarter.sentenced >= quarter.capacity:
            break
        person = state.people[slot]
        left = state.quarters[person.quarter]
        if left.closing or left.opened or density(left) <= density(quarter):
            continue
        _move(person, number, state)
        moved += 1


def _who(state: State, number: int, departement: int) -> NDArray[np.int64]:
    """Slots of the people who can be moved today, by identifier: of one quarter, or of the remand prisons of a département."""
    slots = np.empty(len(state.people), dtype=np.int64)
    ids = np.empty(len(state.people), dtype=np.int64)
    found = 0
    for slot in range(len(state.people)):
        person = state.people[slot]
        if person.id < 0 or person.quarter < 0:
            continue
        if number >= 0:
            if person.quarter != number:
                continue
        else:
            quarter = state.quarters[person.quarter]
            if quarter.kind != QuarterKind.MA or quarter.departement != departement:
                continue
            if person.status == Status.MEASURE_INSIDE or _before_the_judge(person):
                continue
        slots[found] = slot
        ids[found] = person.id
        found += 1
    return slots[:found][np.argsort(ids[:found], kind="mergesort")]


def _before_the_judge(person: Person) -> bool:
    """Whether a request of the person is before the judge, or granted: nobody moves them who need not."""
    return person.status == Status.SENTENCED and person.file in (
        FileState.LODGED,
        FileState.LISTED,
        FileState.GRANTED,
        FileState.SEIZED,
    )


def _move(person: Person, to: int, state: State) -> None:
    """Move a person to another quarter, whatever the status: the counsellor changes with the establishment.

    What is before the judge goes with the person: a request that is listed is listed anew with the judge of the other prison.
    """
    before_the_judge = _before_the_judge(person)
    if person.status == Status.SENTENCED and not before_the_judge:
        transfer(person, to, state)
        return
    left = person.quarter
    listed = person.file == FileState.LISTED and court_of(person, state) == person.site
    if listed:
        leave_queue(state, QueueKind.HEARING, person)
    if person.status == Status.REMAND:
        state.quarters[left].remand -= 1
        state.quarters[to].remand += 1
    else:
        state.quarters[left].sentenced -= 1
        state.quarters[to].sentenced += 1
    person.quarter = to
    if person.status != Status.MEASURE_INSIDE:
        leave_counsellor(state, person)  # of the office left: the site is changed after
        person.site = state.quarters[to].site
        enrol(state, person, state.nation.day)
        follow_person(state, person)
    if listed:
        list_request(state, state.courts[person.site], person)
    write(state, Movement.TRANSFERRED, person, -1, left)
    if before_the_judge:
        date_boards(person, state, law_for(state, person))
        move_request(person, state)
