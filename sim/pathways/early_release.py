"""The early releases of spring 2020: each week the law allows them, some of those who qualify are examined.

Prosecutor and judge decide on files, without a hearing: no queue is waited in. Whoever goes home for the last two months
leaves the cell, and is told apart here neither from the end of the sentence nor from a dry release, which the ordinance
was not an adjustment from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.decision_points import DecisionPoint
from sim.institutions.state import draw, law_for, parameters_for, write
from sim.law.early_release import early_reduction_days, home_confinement_open
from sim.pathways.custody import housed
from sim.pathways.occurrences import of_week
from sim.pathways.reviews import date_end_moved
from sim.pathways.stay import reschedule
from sim.population.person import FileState
from sim.records.codes import Movement, Status

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.population.person import Person


def release_early(state: State) -> None:
    """Examine everybody serving, if the law allows early releases today."""
    law = state.laws[len(state.laws) - 1].early_release
    if law.reduction_months == 0 and law.home_remaining_months == 0:
        return
    for slot in range(len(state.people)):
        person = state.people[slot]
        if person.id >= 0 and person.convicted_day >= 0 and person.end_day > state.nation.day + 1:
            if person.status == Status.SENTENCED:
                examine_early(person, state)
            elif person.status in (Status.MEASURE_INSIDE, Status.MEASURE_OUTSIDE) and _reduced(person, state):
                date_end_moved(person, state)


def examine_early(person: Person, state: State) -> None:
    """Reduce the sentence of somebody in a cell, or send them home for the rest of it; dates are then reckoned again."""
    day = state.nation.day
    moved = _reduced(person, state)
    if (
        person.end_day > day + 1
        and person.file != FileState.GRANTED
        and home_confinement_open(person, day, law_for(state, person))
    ):
        at_home = (
            housed(person, state)
            and draw(state, DecisionPoint.EARLY_HOME, person, of_week(person, state.nation.day))
            < parameters_for(state, person).early_release.home_a_week
        )
        if at_home:
            person.end_day = day + 1
            moved = True
    if moved:
        date_end_moved(person, state)
        reschedule(person, state)


def _reduced(person: Person, state: State) -> bool:
    """Grant the reduction, once at most; tell whether it was."""
    if person.early_days > 0:
        return False
    most = early_reduction_days(person, law_for(state, person))
    if (
        most == 0
        or draw(state, DecisionPoint.EARLY_REDUCTION, person, of_week(person, state.nation.day))
        >= parameters_for(state, person).early_release.reduction_a_week
    ):
        return False
    person.early_days = most
    person.end_day = max(person.end_day - most, state.nation.day + 1)
    write(state, Movement.REMITTED, person, -1, most)
    return True
