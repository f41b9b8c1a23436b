"""Intensive programmes after the release (L'Ouvrage is one): who is directed there, agrees, is at risk enough, and finds room.

A programme takes so many people in a year. It is for people at risk of reoffending: for those at low risk, work in a group of
others at high risk is said to do harm, so that the threshold of risk is a lever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import DAYS_PER_YEAR
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.state import draw, parameters_for
from sim.population.person import CounsellorState, Programme

if TYPE_CHECKING:
    from sim.institutions.parameters_of_programmes import ProgrammeEffectOfDay
    from sim.institutions.state import State
    from sim.population.person import Person


def join_programme(person: Person, state: State) -> None:
    """Take somebody who leaves the cell into a programme, if a counsellor directs them there, they agree and there is room."""
    intake = state.parameters.programmes.intake
    if intake <= 0 or person.counsellor != CounsellorState.HELD:
        return
    here = parameters_for(state, person).programme_practices
    if person.score < here.least_score:
        return
    if draw(state, DecisionPoint.PROGRAMME_DIRECTED, person, person.stay) >= here.directed_share:
        return
    if draw(state, DecisionPoint.PROGRAMME_AGREED, person, person.stay) >= here.agreed_share:
        return
    state.nation.programme_wanted += 1
    person.programme = Programme.BEGUN if _takes(state, intake * state.nation.fraction) else Programme.FULL
    state.nation.programme_begun += person.programme == Programme.BEGUN


def programme_effect(programme: int, score: float, effect: ProgrammeEffectOfDay) -> float:
    """Log hazard that a programme adds for somebody of an observed score; 0 for those who were in none."""
    if programme != Programme.BEGUN:
        return 0.0
    return float(effect.at_risk if score >= effect.risk_score else effect.low_risk)


def _takes(state: State, intake: float) -> bool:
    """Whether there is room today: what a month takes may be kept for later, and no less than one person."""
    nation = state.nation
    since = nation.day - nation.programme_day
    nation.programme_day = nation.day
    nation.programme_room = min(nation.programme_room + since * intake / DAYS_PER_YEAR, max(intake / 12.0, 1.0))
    if nation.programme_room < 1.0:
        return False
    nation.programme_room -= 1.0
    return True
