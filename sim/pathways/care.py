"""Care inside: asked for some time after the arrival, waited for in order, had for a while; what it is worth to the judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.agenda import Step, schedule
from sim.institutions.care import break_care_off, complete_care, next_treated, wait_for_care
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.density import left_of
from sim.institutions.parameters_of_detention import CARE
from sim.institutions.state import draw, lognormal_at, parameters_for, parameters_in
from sim.pathways.occurrences import of_course
from sim.population.person import CareStage

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.population.person import Person


def ask_for_care(person: Person, state: State) -> None:
    """Date the day somebody in need who would be treated is put on the line where they have arrived."""
    care = parameters_for(state, person).care
    if not person.care or care.asking_share <= 0 or person.care_stage != CareStage.NONE:
        return
    if draw(state, DecisionPoint.CARE_ASKED, person, person.stay) < care.asking_share:
        person.care_step_day = state.nation.day + max(1, care.asked_days)
        schedule(state, person.care_step_day, Step.CARE, person)


def follow_care(person: Person, state: State) -> None:
    """The day somebody is put on the line, or a treatment is completed."""
    if person.care_step_day != state.nation.day or person.quarter < 0:
        return
    person.care_step_day = -1
    if person.care_stage == CareStage.NONE:
        wait_for_care(state, person)
    elif person.care_stage == CareStage.TREATED:
        complete_care(state, person)
    treat(state, person.site)


def treat(state: State, site: int) -> None:
    """Begin the treatments an establishment has room for."""
    slot = next_treated(state, site)
    while slot >= 0:
        person = state.people[slot]
        luck = draw(state, DecisionPoint.CARE_LASTS, person, of_course(person))
        person.care_step_day = state.nation.day + 1 + int(lognormal_at(parameters_for(state, person).care.treatment, luck))
        schedule(state, person.care_step_day, Step.CARE, person)
        slot = next_treated(state, site)


def treat_everywhere(state: State) -> None:
    """Begin the treatments there is more room for than there was."""
    for site in range(len(state.care_units)):
        if parameters_in(state, state.offices[site].place).care.asking_share > 0:
            treat(state, site)


def leave_care(person: Person, state: State) -> None:
    """Break a treatment off, or leave its line; the next on the line is taken."""
    site = person.site
    if break_care_off(state, person):
        treat(state, site)


def cared_for(person: Person, state: State) -> bool:
    """Whether care is arranged for somebody in need of it: under way or completed inside.

    Where nobody waits for it (``practices.care.asking_share`` 0), by the counsellor, in a share of the files opened.
    """
    here = parameters_for(state, person)
    if here.care.asking_share > 0:
        return bool(person.care_stage >= CareStage.TREATED)
    return person.opened_day >= 0 and draw(
        state, DecisionPoint.FILE_CARE, person, person.stay
    ) < here.files.care_arranged * left_of(state, person.site, CARE)
