"""Committals of today, measures begun from liberty, and where the people of the first day are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import DAYS_PER_MONTH, NEVER
from sim.engine.compile import INTS, entry
from sim.institutions.agenda import COMMITTAL, END, FILE, LIST, TRIAL, schedule
from sim.institutions.decision_points import STOCK_LAST_DAYS, STOCK_MEASURE_ORIGIN, STOCK_REQUEST, STOCK_REQUEST_WHEN
from sim.institutions.placements import DEVICES, free_places, take_place
from sim.institutions.prisons import MA, SAS, roomiest
from sim.institutions.queues import RETURNING, leave_queue
from sim.institutions.state import draw, law_for, write
from sim.law.remission import examined_ahead, next_review
from sim.pathways.application import choose, estimate_file, without_host
from sim.pathways.custody import enter_cell
from sim.pathways.measure import pool_of, start_serving
from sim.pathways.stay import (
    ask_for_transfer,
    commit,
    date_further,
    destination,
    first_quarter,
    reschedule,
    set_review,
    start_sentence,
)
from sim.pathways.transfers import DESTINATIONS, move_people
from sim.population.attributes import FREE_CONVICT
from sim.population.attributes import SENTENCED as SENTENCED_STREAM
from sim.population.person import LODGED, NO_FILE, REMAND, SENTENCED, WANTED, begin
from sim.records.moves import COMMITTED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.institutions.state import State
    from sim.population.person import Person

    Ints = NDArray[np.int64]

_RETRY_DAYS = 28
_RETRIES = 3
_LAST_DAYS = 60


DATED, RETURN, REMAND_FOUND, SERVING_FOUND, MEASURE_FOUND, FILL = range(6)
"""What is done with people who come: one compiled function holds them all (:func:`sim.simulation.processes.act` says why)."""


@entry(0, INTS, INTS, 0.0, 0.0, on_tables=True)
def place(state: State, what: int, slots: Ints, days: Ints, one: float, other: float) -> None:
    """Put people in their place, one after the other.

    Parameters
    ----------
    slots, days
        Shapes ``(n,)``: the people; the day of their committal (DATED), or how many days ago it was (the FOUND).
    one, other
        Settings of MEASURE_FOUND: regime, and share from a cell.
    """
    if what == FILL:
        move_people(state, float(NEVER))
    for turn in range(len(slots)):
        person = state.people[slots[turn]]
        if what == DATED:
            schedule(state, days[turn], COMMITTAL, person)
        elif what == RETURN:
            leave_queue(state, RETURNING, person)
            person.stay += 1
            begin(person)
        elif what == REMAND_FOUND:
            found_on_remand(person, state, days[turn])
        elif what == SERVING_FOUND:
            found_serving(person, state, days[turn])
        elif what == MEASURE_FOUND:
            found_on_measure(person, state, days[turn], int(one), other)


def arrive(person: Person, state: State) -> None:
    """Committal today: to a cell, or to a measure from liberty."""
    if person.home_stay:
        begin_at_home(person, state)
    else:
        commit(person, state)


def begin_at_home(person: Person, state: State) -> None:
    """Begin a measure from liberty; without a free place the date is put off (the judge fixes it with the place)."""
    day = state.nation.day
    pool = pool_of(person, state)
    if pool >= 0 and free_places(state.pools[pool]) <= state.queues[state.pools[pool].queue].length:
        person.hearings += 1
        if person.hearings > _RETRIES and state.regimes[person.granted_regime].places != DEVICES:
            # No place for three months: the judge turns the measure into a tag (displaced, and counted as such).
            person.granted_regime = state.nation.tag_regime
            pool = pool_of(person, state)
        if free_places(state.pools[pool]) <= 0 or person.hearings <= _RETRIES:
            schedule(state, day + _RETRY_DAYS, COMMITTAL, person)
            return
    if pool >= 0:
        take_place(state.pools[pool])
    person.committed_day = day
    state.nation.home_starts += 1
    start_sentence(person, state, day, day)
    _remit_at_once(person, state)
    write(state, COMMITTED, person, person.stream, 0)
    start_serving(person, state, -1)
    schedule(state, person.end_day, END, person)


def _remit_at_once(person: Person, state: State) -> None:
    """Take the remissions of a measure from liberty off at its beginning: no date before its end depends on them."""
    law = law_for(state, person)
    day = state.nation.day
    review = next_review(person, day, law)
    while review is not None:
        person.end_day -= int(person.share_granted * review.max_days)
        if review.last:
            break
        review = next_review(person, review.day, law)
    person.end_day = max(person.end_day, day + 1)


# ---- the first day ---------------------------------------------------------------------------------------------------


def found_on_remand(person: Person, state: State, elapsed: int) -> None:
    """Somebody held before trial on the first day, for so many days."""
    person.committed_day = state.nation.day - elapsed
    person.remand_days = max(person.remand_days, elapsed + 1)
    _found_in_cell(person, state, REMAND, first_quarter(person, state))
    schedule(state, person.committed_day + person.remand_days, TRIAL, person)


def found_serving(person: Person, state: State, elapsed: int) -> None:
    """Somebody serving in a cell on the first day, judged so many days ago."""
    if person.stream in (SENTENCED_STREAM, FREE_CONVICT):
        person.remand_days = 0
    judged = state.nation.day - elapsed
    person.committed_day = judged - person.remand_days
    _replay(person, state, judged)
    quarter = _found_quarter(person, state, judged)
    _found_in_cell(person, state, SENTENCED, quarter)
    if state.quarters[quarter].kind == MA:
        ask_for_transfer(person, state)
    reschedule(person, state)
    date_further(person, state)
    _request_under_way(person, state)


def found_on_measure(person: Person, state: State, elapsed: int, regime: int, from_cell: float) -> None:
    """Somebody on a measure on the first day; a share came from a cell, the others from liberty."""
    person.home_stay = draw(state, STOCK_MEASURE_ORIGIN, person, 0) >= from_cell
    person.remand_days = 0
    person.committed_day = state.nation.day - elapsed
    _replay(person, state, person.committed_day)
    person.granted_regime = regime
    pool = pool_of(person, state)
    if pool >= 0:
        take_place(state.pools[pool])
    start_serving(person, state, -1)
    person.measure_day = person.committed_day
    schedule(state, person.end_day, END, person)


def _request_under_way(person: Person, state: State) -> None:
    """Where the request of someone found serving stands: decided and to be renewed, before the judge, prepared, or to come.

    Without this the files of the whole stock would open on the first day, and none come before the judge for a year.
    """
    if person.file != WANTED:
        return
    day, parameters = state.nation.day, state.parameters
    luck = draw(state, STOCK_REQUEST, person, 0)
    when = draw(state, STOCK_REQUEST_WHEN, person, 0)
    decided, pending, prepared = parameters.found_decided, parameters.found_pending, parameters.found_prepared
    if luck < decided:
        _put_off(person, state, day + 1 + int(when * 2 * parameters.bar_days))
    elif luck < decided + pending:
        person.asked = choose(person, state)
        if person.asked < 0:
            return
        person.file = LODGED
        person.requested_day = day - int(when * parameters.found_wait_days)
        ready = person.requested_day + int(parameters.instruction_days)
        person.step_day = ready if ready > day else day + 1
        schedule(state, person.step_day, LIST, person)
    elif luck < decided + pending + prepared:
        asked = without_host(person, choose(person, state), state)
        if asked < 0:
            return
        # Taken up where it is once the counsellor has the person on the list, in the first week.
        estimate_file(person, asked, state)
        person.opened_day = day - int(when * (person.external_day - day))
        person.external_day -= int(when * (person.external_day - day))
        person.hours_left = (1.0 - when) * person.needed
    else:
        _put_off(person, state, day + 1 + int(when * parameters.lead_days))


def _put_off(person: Person, state: State, day: int) -> None:
    person.file = NO_FILE
    person.barred_until = person.step_day = day
    schedule(state, day, FILE, person)


def _found_quarter(person: Person, state: State, judged: int) -> int:
    """Where someone serving is found: moved since the judgment if enough was left to serve then, and a place is free."""
    quarter = first_quarter(person, state)
    if state.quarters[quarter].kind != MA:
        return quarter
    kind = destination(person, (person.end_day - judged) / DAYS_PER_MONTH, state)
    region = state.quarters[quarter].region
    for queue, other in DESTINATIONS:
        if queue == kind and kind != SAS:
            free = roomiest(state, other, region)
            if free >= 0:
                return free
    return quarter


def _found_in_cell(person: Person, state: State, status: int, quarter: int) -> None:
    person.status = status
    enter_cell(person, quarter, state)
    # Whoever has been there longer than the arrival unit can be taken at once.
    person.enrolled_day = max(person.committed_day, state.nation.day - state.parameters.arrival_days)


def _replay(person: Person, state: State, judged: int) -> None:
    """Reckon the end of a sentence pronounced before the first day, past reviews of remission included."""
    day = state.nation.day
    law = law_for(state, person)
    start_sentence(person, state, judged, person.committed_day)
    review = next_review(person, judged, law)
    while review is not None and review.day < day:
        person.end_day -= int(person.share_granted * review.max_days)
        person.ahead_days = review.max_days if examined_ahead(person, review, law) else 0
        review = None if review.last else next_review(person, review.day, law)
    set_review(person, state, review)
    if person.end_day <= day:
        person.end_day = day + 1 + int(draw(state, STOCK_LAST_DAYS, person, 0) * _LAST_DAYS)
