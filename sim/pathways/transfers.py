"""Transfers from *maisons d'arrêt* to establishments for sentenced people, as places come free (law.md §9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.establishments import CD, CNE, EPSN, MA, MC, SAS
from sim.pathways.custody import drop_file
from sim.pathways.stay import date_boards, reschedule
from sim.population.person import GRANTED, LISTED, LODGED, NO_FILE, SENTENCED
from sim.records.codes import Movement

if TYPE_CHECKING:
    from sim.institutions.system import PenalSystem
    from sim.population.person import Person

_DAYS_PER_MONTH = 365.25 / 12
_DESTINATIONS = ((MC, MC), (CD, CD), (CD, CNE), (CD, EPSN), (SAS, SAS))
"""Which queue feeds which kind of quarter."""


def move_people(system: PenalSystem, most: float) -> None:
    """Fill the free places of every interregion from its queues, ``most`` moves per interregion and kind at the most."""
    prisons = system.establishments
    for region in range(len(prisons.geography.interregions)):
        for queue, kind in _DESTINATIONS:
            waiting = prisons.queues[queue][region]
            moved = 0
            while waiting and moved < most:
                quarter = prisons.roomiest(kind, region)
                if quarter < 0:
                    break
                person, stay = waiting.popleft()
                if _still_to_move(person, stay, queue, system):
                    transfer(person, quarter, system)
                    moved += 1


def _still_to_move(person: Person, stay: int, kind: int, system: PenalSystem) -> bool:
    """Whether someone in the queue is still in a *maison d'arrêt*, with no decision near and enough left to serve."""
    if person.stay != stay or person.status != SENTENCED or person.withdrawn:
        return False
    if person.quarter < 0 or system.establishments.kind[person.quarter] != MA:
        return False
    if person.file in (LODGED, LISTED, GRANTED):
        return False
    shortest = system.practice.support_months[0] if kind == SAS else system.practice.support_months[0] * 2
    return (person.end_day - system.day) / _DAYS_PER_MONTH >= shortest


def transfer(person: Person, quarter: int, system: PenalSystem) -> None:
    """Move a person; the counsellor changes, an open file is begun again there."""
    prisons = system.establishments
    left = person.quarter
    prisons.sentenced[left] -= 1
    had_file = person.file != NO_FILE
    drop_file(person, system)
    system.antennae[person.site].leave(person)
    prisons.sentenced[quarter] += 1
    person.quarter = quarter
    person.site = prisons.site[quarter]
    system.antennae[person.site].enrol(person, system.day)
    if system.writes:
        system.write(Movement.TRANSFERRED, person, value=left)
    if had_file:
        person.step_day = -1
        reschedule(person, system)
    else:
        date_boards(person, system, system.reckoning_for(person))
