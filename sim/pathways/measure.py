"""Serving a measure: it takes effect if there is a place, may be withdrawn, and ends with the sentence."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from sim.dates import NEVER, add_months
from sim.institutions.agenda import Step, schedule
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.expected_end import planned_days_left, planned_end
from sim.institutions.lodging import vacate
from sim.institutions.placements import free_places, give_up_waiting, next_waiting, pool_number, take_place, wait_for_place
from sim.institutions.prisons import QuarterKind, roomiest, sector
from sim.institutions.probation_service import enrol
from sim.institutions.state import Table, draw, law_for, new_row, parameters_for, write
from sim.law.reckoning import first_day
from sim.law.reinforced import probation_needed
from sim.pathways.custody import date_end, enter_cell, leave_cell, record_end, record_exit
from sim.pathways.hearing import overturn
from sim.pathways.incident_hazard import date_incident
from sim.pathways.occurrences import of_measure
from sim.pathways.reviews import review_period_again
from sim.population.person import FileState
from sim.records.codes import Movement, Status

if TYPE_CHECKING:
    from sim.institutions.placements import Pool
    from sim.institutions.state import State
    from sim.population.person import Person


class Ended(IntEnum):
    """How a measure ended (column ``withdrawn`` of ``measures``)."""

    SERVED = 0
    WITHDRAWN = 1
    SUSPENDED = 2
    """Back to a cell while the judge decides; it begins again from there."""
    TURNED = 3
    """Turned into another measure, which begins the same day."""


def take_effect(person: Person, state: State) -> None:
    """A granted measure takes effect today, or waits for a place."""
    if person.effect_day != state.nation.day or person.file != FileState.GRANTED or person.waiting_place:
        return
    if person.overturned:
        overturn(person, state)
        return
    if planned_days_left(person, state) < parameters_for(state, person).placements.shortest_measure_days[person.granted_regime]:
        return  # not begun for so little: the decision came too late
    pool = pool_of(person, state)
    if pool < 0:
        begin_measure(person, state)
    elif free_places(state.pools[pool]) > 0:
        take_place(state.pools[pool])
        begin_measure(person, state)
    else:
        wait_for_place(state, state.pools[pool], person)


def pool_of(person: Person, state: State) -> int:
    """Pool of the places the person's granted regime needs, in their interregion; -1 if they are not limited."""
    return pool_number(state, person.granted_regime, person.home_quarter)


def begin_measure(person: Person, state: State) -> None:
    """Leave the cell for a measure; the exit is recorded with its regime and procedure."""
    regime = person.granted_regime
    rule = state.regimes[regime]
    record_exit(person, state, regime, person.granted_adjustment, -1)
    quarter = person.quarter
    person.waiting_place = False
    person.file = FileState.NONE
    leave_cell(person, state)
    person.adjustment = person.granted_adjustment
    person.withdrawn = False  # it was while the measure was suspended
    if person.left_day < 0:
        person.left_regime, person.left_adjustment = regime, person.granted_adjustment
    person.left_day = state.nation.day
    person.effect_day = -1
    start_serving(person, state, quarter)
    if rule.ends_committal:
        # Remission is for people under committal: the end is now certain.
        person.review_day = -1
        date_end(person, state)
        record_end(person, state)
    elif state.adjustments[person.adjustment].needs_hearing:
        person.probation_from_day = state.nation.day
        date_probation(person, state)


def start_serving(person: Person, state: State, quarter: int) -> None:
    """Put a person on the regime granted, from a cell or from liberty, and date its possible withdrawal."""
    day = state.nation.day
    regime = person.granted_regime
    rule = state.regimes[regime]
    person.regime = regime
    person.measure_day = day
    if rule.ends_committal:
        person.status = Status.CONDITIONAL_RELEASE
    else:
        inside = rule.sleeps_inside
        if rule.hosted:
            inside = (
                draw(state, DecisionPoint.MEASURE_HOSTED, person, of_measure(person))
                < parameters_for(state, person).placements.external_hosted_share
            )
        person.status = Status.MEASURE_INSIDE if inside else Status.MEASURE_OUTSIDE
        if not inside:
            state.nation.outside += 1
        else:
            state.nation.inside += 1
            region = state.quarters[person.home_quarter].region
            best = roomiest(state, QuarterKind.SL, region) if rule.sleeps_inside else -1
            person.quarter = best if best >= 0 else (quarter if quarter >= 0 else sector(person.home_quarter, state))
            state.quarters[person.quarter].sentenced += 1
    _count_on_measure(person, state, 1)
    date_incident(person, state)
    person.warned = False
    write(state, Movement.PLACED, person, regime, person.adjustment)


def from_liberty(person: Person) -> bool:
    """Whether the measure under way began at liberty: the first one of such a stay, not one granted after its withdrawal."""
    return person.home_stay and person.withdrawals == 0


def _count_on_measure(person: Person, state: State, change: int) -> None:
    rule = state.regimes[person.regime]
    if from_liberty(person):
        rule.from_liberty += change
    else:
        rule.from_cell += change


def date_probation(person: Person, state: State) -> None:
    """Date the conditional release a measure leads to (*mesure probatoire*, art. 723-1 al. 2), if it is worth it.

    A year at most; then, once the law opens it, the judge turns the measure into conditional release for those who kept
    to it. A withdrawal that comes first prevents it. For the longest sentences the measure is there for nothing else, and
    lasts from one to three years (730-2).
    """
    measures = parameters_for(state, person).measures
    law = law_for(state, person)
    days = int(measures.probation_days[person.regime])
    if probation_needed(person, law):
        days = measures.reinforced_days
    elif draw(state, DecisionPoint.MEASURE_PROBATION, person, of_measure(person)) >= measures.probation_share:
        return
    opens = first_day(state.nation.release_code, person, law)
    day = max(opens, state.nation.day + days)
    if day + measures.probation_worth_days <= planned_end(person, state):
        person.release_day = day
        schedule(state, day, Step.PROBATION, person)


def end_probation(person: Person, state: State) -> None:
    """Turn the measure into conditional release: its place is free, the committal ends."""
    if person.release_day != state.nation.day or person.status not in (Status.MEASURE_INSIDE, Status.MEASURE_OUTSIDE):
        return
    close_measure(person, state, Ended.SERVED)
    person.release_day = -1
    person.withdrawal_day = -1
    person.review_day = -1
    person.granted_regime = person.regime = state.nation.release_regime
    person.measure_day = state.nation.day
    person.status = Status.CONDITIONAL_RELEASE
    if person.life:
        # Its supervision ends, and nothing is left of it (732): five to ten years, the longest here.
        person.end_day = add_months(state.nation.day, law_for(state, person).long_sentences.supervision_life_max_months)
    _count_on_measure(person, state, 1)
    date_end(person, state)
    if parameters_for(state, person).measures.after_probation > 0:
        date_incident(person, state, DecisionPoint.MEASURE_AFTER_PROBATION)
    write(state, Movement.PLACED, person, person.regime, state.nation.release_code)
    record_end(person, state)


def close_measure(person: Person, state: State, ended: Ended) -> None:
    """A measure ends, served or not: its place goes to the next person waiting.

    That of one turned into another stays free for whoever turns it: in the evening nothing may be dated for the day any more.
    """
    row = state.measures[new_row(state, Table.MEASURES, len(state.measures))]
    row.day = state.nation.day
    row.person = person.id
    row.regime = person.regime
    row.adjustment = -2 if from_liberty(person) else person.adjustment
    row.start_day = person.measure_day
    row.withdrawn = ended
    row.incidents = min(person.incidents, 127)
    _count_on_measure(person, state, -1)
    if person.status == Status.MEASURE_OUTSIDE:
        state.nation.outside -= 1
    elif person.status == Status.MEASURE_INSIDE:
        state.nation.inside -= 1
        state.quarters[person.quarter].sentenced -= 1
        person.quarter = -1
    if person.waiting_place:
        give_up_waiting(state, person)  # for another measure, after a host's failure
    elif person.file == FileState.GRANTED:
        person.file = FileState.NONE
        state.pools[pool_of(person, state)].used -= 1  # kept for this evening
    pool = pool_number(state, person.regime, person.home_quarter)
    if pool >= 0:
        state.pools[pool].used -= 1
        if ended != Ended.TURNED:
            serve_next(state.pools[pool], state)


def serve_next(pool: Pool, state: State) -> None:
    """Give the free places of a pool to those who wait."""
    while free_places(pool) > 0:
        slot = next_waiting(state, pool)
        if slot < 0:
            return
        take_place(pool)
        person = state.people[slot]
        if person.status != Status.SENTENCED:
            # At liberty, or left by a host: the place is kept, and the measure begins with the committals of the evening.
            person.file = FileState.GRANTED
            schedule(state, state.nation.day, Step.COMMITTAL, person)
        else:
            begin_measure(person, state)


def withdraw(person: Person, state: State) -> None:
    """Withdrawal (*retrait*, *révocation*): back to a cell for what is left of the sentence."""
    absent = not from_liberty(person) and person.status == Status.MEASURE_INSIDE
    absent = (
        absent
        and draw(state, DecisionPoint.MEASURE_ABSENT, person, of_measure(person))
        < parameters_for(state, person).measures.absent_share[person.regime]
    )
    write(state, Movement.WITHDRAWN, person, person.regime, -1)
    close_measure(person, state, Ended.WITHDRAWN)
    person.status = Status.SENTENCED
    person.withdrawn = True
    person.withdrawal_day = person.release_day = person.probation_from_day = -1
    person.regime = person.adjustment = person.granted_regime = person.granted_adjustment = -1
    state.nation.recalls += 1
    if person.life:
        person.end_day = NEVER
    elif absent:
        # Time at large is not served, and the failure to come back is punished.
        person.end_day += parameters_for(state, person).measures.absent_days
        review_period_again(person, state)
    if not person.life:
        # From liberty the last day was any day; from a cell it is a working day (716-3).
        date_end(person, state)
    vacate(state, person)
    enter_cell(person, sector(person.home_quarter, state), state)
    enrol(state, person, state.nation.day)
    date_second(person, state)
    person.withdrawals += 1
    person.incidents = 0
    person.hours_changed = False


def date_second(person: Person, state: State) -> None:
    """Date the day a person back in a cell may ask again or be examined again, for those who do.

    No text bars a request after a withdrawal; nobody is heard at once, and the wait is no longer than the bar a judge may set
    (D49-33).
    """
    measures = parameters_for(state, person).measures
    person.open_day = person.again_day = -1
    if draw(state, DecisionPoint.MEASURE_SECOND, person, of_measure(person)) >= measures.second_share:
        return
    day = state.nation.day
    longest = add_months(day, law_for(state, person).procedure.bar_hearing_months)
    again = day + max(1, measures.second_days)
    person.again_day = again if again < longest else longest
    if person.again_day < person.end_day:
        schedule(state, person.again_day, Step.AGAIN, person)
