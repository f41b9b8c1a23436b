"""When a measure meets an incident: a hazard by length, person, follow-up and hours out of the home.

The share withdrawn of each regime (``practices.measures.withdrawn``) holds for a measure of ``withdrawn_over_days`` days, of a
person, a follow-up and hours of the usual kind. A longer one meets more incidents.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from sim.dates import add_months
from sim.institutions.agenda import Step, schedule
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.placements import PlaceKind
from sim.institutions.state import draw, law_for, parameters_for, parameters_of_region
from sim.pathways.contact import incidents
from sim.pathways.occurrences import of_incident
from sim.pathways.temporary_leave import failure_after_leave
from sim.pathways.ties import incidents_with_ties
from sim.records.codes import Status

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.population.person import Person

ACTIVE, IDLE, USUAL, MORE = range(4)
"""Places of ``hours_out``: hours a day out of the home with and without an activity, those for which the share withdrawn is as
told, and those that a judge adds."""


def served_until(person: Person, state: State) -> int:
    """End of what a measure may last at most: that of the sentence; of life, the longest supervision (732)."""
    if not person.life:
        return int(person.end_day)
    return add_months(state.nation.day, law_for(state, person).long_sentences.supervision_life_max_months)


def date_incident(person: Person, state: State, point: DecisionPoint = DecisionPoint.MEASURE_WITHDRAWN) -> None:
    """Date the next incident of a measure under way, if it meets one before its end."""
    day = state.nation.day
    measures = parameters_for(state, person).measures
    rate = measures.withdrawn[person.regime]
    if person.adjustment >= 0 and not state.adjustments[person.adjustment].needs_hearing:
        rate *= measures.withdrawn_lsc_factor
    left = served_until(person, state) - day
    factor = incident_factor(person, state) * measures.incidents_per_withdrawal * exposure(person, left, state)
    if person.probation_from_day >= 0 and state.regimes[person.regime].ends_committal:
        factor *= measures.after_probation
    if factor != 1.0:
        rate = 1.0 - (1.0 - min(rate, 1.0)) ** factor
    luck = draw(state, point, person, of_incident(person))
    person.withdrawal_day = -1
    if luck < rate:
        person.withdrawal_day = day + 1 + int(luck / rate * (left - 1))
        schedule(state, person.withdrawal_day, Step.WITHDRAWAL, person)


def exposure(person: Person, left: int, state: State) -> float:
    """How much a measure is exposed in the days left, relative to one of the usual length; 1 where length is not looked at.

    A measure of ``n`` days has (n ÷ usual days) to a power of the usual exposure, spread evenly over its days.
    """
    measures = parameters_for(state, person).measures
    whole = left + state.nation.day - person.measure_day
    if whole <= 0 or left <= 0:
        return 0.0
    usual = measures.withdrawn_over_days[person.regime]
    share = 1.0 if measures.length_power <= 0 or usual <= 0 else float((whole / usual) ** measures.length_power)
    return share if left == whole else share * left / whole


def incident_factor(person: Person, state: State) -> float:
    """Hazard of an incident relative to the usual one: risk, contact, permissions kept to, load of the follow-up, hours out."""
    measures = parameters_for(state, person).measures
    factor = incidents(person, state) * failure_after_leave(person, state) * incidents_with_ties(person, state)
    if measures.incident_person != 0:
        factor *= exp(measures.incident_person * person.score)
    if measures.incident_load != 0 and person.status != Status.MEASURE_INSIDE:
        region = state.quarters[person.home_quarter].region
        load = state.community_teams[region].load
        if load > 0:
            factor *= (load / parameters_of_region(state, region).open_setting.usual_load) ** measures.incident_load
    if measures.incident_hours != 0 and state.regimes[person.regime].places == PlaceKind.DEVICES:
        factor *= exp(measures.incident_hours * (measures.hours_out[USUAL] - hours_out(person, state)))
    return float(factor)


def hours_out(person: Person, state: State) -> float:
    """Hours a day somebody on a tag may be out of the home: more with work or an activity, more once a judge has added some."""
    measures = parameters_for(state, person).measures
    hours = measures.hours_out[ACTIVE if person.occupation < measures.active_share else IDLE]
    return float(hours + measures.hours_out[MORE]) if person.hours_changed else float(hours)
