"""What the judge decides at an incident of a measure (*incident*): a reminder, other hours, remission, another measure, a cell.

Not every incident ends a measure. The judge may remind the person of the rules (*rappel*), change the hours out of the home,
withdraw days of remission (art. 721), have the person held while they decide (D424-6), turn the measure into another one, or
withdraw it (*retrait*, *révocation*).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.agenda import Step, schedule
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.placements import PlaceKind, free_places, pool_number, pool_of_kind, take_place, wait_for_place
from sim.institutions.prisons import sector
from sim.institutions.probation_service import enrol
from sim.institutions.state import draw, parameters_for, write
from sim.pathways.contact import willing
from sim.pathways.custody import date_end, enter_cell, housed
from sim.pathways.incident_hazard import date_incident, served_until
from sim.pathways.measure import Ended, close_measure, from_liberty, serve_next, start_serving, withdraw
from sim.pathways.occurrences import of_incident, of_measure
from sim.population.person import FileState
from sim.records.codes import Answer, Movement, Status

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.population.person import Person


def meet_incident(person: Person, state: State) -> None:
    """Incident of a measure under way, or end of the time given to find another one: the judge decides."""
    day = state.nation.day
    if person.withdrawal_day != day or person.regime < 0 or person.end_day <= day or person.file == FileState.GRANTED:
        return
    if person.waiting_place:
        withdraw(person, state)  # no other measure was found in time
        return
    state.nation.incidents += 1
    answer = answer_of(person, state)
    if answer == Answer.WITHDRAWN:
        if not (_warned_instead(person, state) or _host_replaced(person, state)):
            withdraw(person, state)
        return
    person.incidents += 1
    if answer == Answer.TURNED and _turn_if_possible(person, state):
        return
    if answer == Answer.SUSPENDED and _can_be_suspended(person, state):
        suspend(person, state)
        return
    if answer == Answer.HOURS and state.regimes[person.regime].places == PlaceKind.DEVICES and not person.hours_changed:
        person.hours_changed = True
        _tell(person, state, Answer.HOURS)
    elif answer == Answer.REMISSION and withdraw_remission(person, state) > 0:
        _tell(person, state, Answer.REMISSION)
    else:
        _tell(person, state, Answer.REMINDED)
    date_incident(person, state)


def answer_of(person: Person, state: State) -> int:
    """Draw what the judge decides, before it is known whether it can be done."""
    answers = parameters_for(state, person).measures.answers
    luck = draw(state, DecisionPoint.MEASURE_ANSWER, person, of_incident(person))
    edge = 0.0
    for place in range(len(answers)):
        edge += answers[place]
        if luck < edge:
            return place + 1
    return 0  # a withdrawal


def _tell(person: Person, state: State, answer: int) -> None:
    """Count an answer that leaves the measure going, or turns it, and write it in the person's life."""
    nation = state.nation
    if answer == Answer.REMINDED:
        nation.reminded += 1
    elif answer == Answer.HOURS:
        nation.widened += 1
    elif answer == Answer.REMISSION:
        nation.remission_lost += 1
    elif answer == Answer.SUSPENDED:
        nation.suspended += 1
    elif answer == Answer.TURNED:
        nation.turned += 1
    write(state, Movement.INCIDENT, person, person.regime, answer)


def withdraw_remission(person: Person, state: State) -> int:
    """Withdraw days of the remission granted so far, never more than there are; return them.

    Nobody on conditional release or serving life has any to lose.
    """
    if person.life or person.status == Status.CONDITIONAL_RELEASE:
        return 0
    granted = person.start_day + person.total_days - person.end_day
    days = min(parameters_for(state, person).measures.remission_withdrawn_days, granted)
    if days <= 0:
        return 0
    person.end_day += days
    person.remission_lost += days  # nothing is reduced on it (D116-1)
    date_end(person, state)
    return int(days)


def _can_be_suspended(person: Person, state: State) -> bool:
    """Whether a measure can be suspended: one that came from a cell, and has longer to go than the judge takes."""
    on_measure = person.status == Status.MEASURE_INSIDE or person.status == Status.MEASURE_OUTSIDE
    return on_measure and not from_liberty(person) and person.end_day - state.nation.day > _held_until_worth(person, state)


def _held_until_worth(person: Person, state: State) -> int:
    worth = parameters_for(state, person).placements.shortest_measure_days[person.regime]
    return int(parameters_for(state, person).measures.suspended_days + worth)


def suspend(person: Person, state: State) -> None:
    """Hold the person in a cell while the judge decides, who lets the measure go on; its place has gone to somebody else."""
    day = state.nation.day
    regime, adjustment = person.regime, person.adjustment
    _tell(person, state, Answer.SUSPENDED)
    close_measure(person, state, Ended.SUSPENDED)
    person.status = Status.SENTENCED
    person.withdrawn = True  # nothing may be asked for meanwhile
    person.withdrawal_day = person.release_day = -1
    person.regime = person.adjustment = -1
    person.granted_regime, person.granted_adjustment = regime, adjustment
    state.nation.recalls += 1
    enter_cell(person, sector(person.home_quarter, state), state)
    enrol(state, person, state.nation.day)
    person.file = FileState.GRANTED
    person.due_day = person.effect_day = day + max(parameters_for(state, person).measures.suspended_days, 1)
    schedule(state, person.effect_day, Step.EFFECT, person)


def _warned_instead(person: Person, state: State) -> bool:
    """Answer the incident by a warning, once; the measure may fail again later."""
    measures = parameters_for(state, person).measures
    if person.warned or draw(state, DecisionPoint.MEASURE_WARNED, person, of_measure(person)) >= measures.warned_share:
        return False
    day = state.nation.day
    person.warned = True
    _tell(person, state, Answer.REMINDED)
    luck = draw(state, DecisionPoint.MEASURE_AGAIN, person, of_measure(person))
    person.withdrawal_day = -1
    if luck < measures.again_share:
        person.withdrawal_day = day + 1 + int(luck / measures.again_share * (served_until(person, state) - day - 1))
        schedule(state, person.withdrawal_day, Step.WITHDRAWAL, person)
    return True


def _host_replaced(person: Person, state: State) -> bool:
    """Turn a failing external placement into semi-liberty, or give the person time to wait for a place of it."""
    measures = parameters_for(state, person).measures
    if measures.turned_share <= 0 or not state.regimes[person.regime].hosted:
        return False
    if draw(state, DecisionPoint.MEASURE_TURNED, person, of_measure(person)) >= measures.turned_share:
        return False
    person.incidents += 1
    if _turn_if_possible(person, state):
        return True
    target = _other_form(person, state)
    if measures.other_measure_days <= 0 or target < 0:
        person.incidents -= 1
        return False
    _tell(person, state, Answer.SEARCH)
    person.granted_regime = state.pools[target].regime
    wait_for_place(state, state.pools[target], person)
    person.withdrawal_day = state.nation.day + measures.other_measure_days
    schedule(state, person.withdrawal_day, Step.WITHDRAWAL, person)
    return True


def _other_form(person: Person, state: State) -> int:
    """Pool of the measure that may follow one that fails: a tag after semi-liberty, semi-liberty after others; -1 if none."""
    rule = state.regimes[person.regime]
    if rule.ends_committal:
        return -1
    region = state.quarters[person.home_quarter].region
    pool = pool_of_kind(state, PlaceKind.SEMI_LIBERTY, region)
    if rule.places == PlaceKind.SEMI_LIBERTY:
        if not (willing(person, state) and housed(person, state)):
            return -1
        pool = pool_of_kind(state, PlaceKind.DEVICES, region)
    regime = state.pools[pool].regime
    return -1 if regime < 0 or state.regimes[regime].closed_by_cap else pool


def _turn_if_possible(person: Person, state: State) -> bool:
    """Turn the measure into the one that may follow it, if a place is free that nobody waits for."""
    target = _other_form(person, state)
    if target < 0 or free_places(state.pools[target]) <= state.queues[state.pools[target].queue].length:
        return False
    _tell(person, state, Answer.TURNED)
    regime, left = state.pools[target].regime, pool_number(state, person.regime, person.home_quarter)
    close_measure(person, state, Ended.TURNED)
    take_place(state.pools[target])
    _go_on(person, state, regime)
    if left >= 0:
        serve_next(state.pools[left], state)
    return True


def turn_into_place_kept(person: Person, state: State) -> None:
    """Turn a measure whose host has left into the one a place was found for: it was kept for this evening.

    The place at the host's goes to the next with those of the week.
    """
    if person.file != FileState.GRANTED or person.status not in (Status.MEASURE_INSIDE, Status.MEASURE_OUTSIDE):
        return
    regime = person.granted_regime
    person.file = FileState.NONE
    _tell(person, state, Answer.TURNED)
    close_measure(person, state, Ended.TURNED)
    _go_on(person, state, regime)


def _go_on(person: Person, state: State, regime: int) -> None:
    person.withdrawal_day = -1
    person.granted_regime = regime
    start_serving(person, state, -1)
