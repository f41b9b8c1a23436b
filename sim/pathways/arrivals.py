"""Committals of today, measures begun from liberty, and where the people of the first day are found."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from sim.dates import DAYS_PER_MONTH, NEVER
from sim.engine.compile import entry
from sim.engine.generated import choice
from sim.engine.record import INTS
from sim.institutions.agenda import Step, schedule
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.people import free_slot
from sim.institutions.placements import PlaceKind, free_places, give_up_waiting, take_place, wait_for_place
from sim.institutions.prisons import QuarterKind, roomiest
from sim.institutions.probation_service import wait_for_counsellor
from sim.institutions.queues import QueueKind, leave_queue
from sim.institutions.state import draw, law_for, parameters_at_office, parameters_for, write
from sim.law.remission import examined_ahead, next_review, reduced_end
from sim.law.sentence import total_at_most
from sim.pathways.application import choose, estimate_file, without_host
from sim.pathways.custody import date_end, enter_cell
from sim.pathways.incidents import turn_into_place_kept
from sim.pathways.measure import pool_of, start_serving
from sim.pathways.reviews import next_board, set_review
from sim.pathways.stay import (
    ask_for_transfer,
    commit,
    date_further,
    destination,
    first_quarter,
    reschedule,
    start_sentence,
)
from sim.pathways.transfers import DESTINATIONS, move_people
from sim.population.attributes import Stream
from sim.population.person import FileState, reset_stay
from sim.records.codes import Movement, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from sim.institutions.state import State
    from sim.population.person import Person

    Ints = NDArray[np.int64]

_LAST_DAYS = 60


class Arrival(IntEnum):
    """How people come into the tables of a run."""

    COMMITTAL = 0
    """By a committal of this month."""
    RETURN = 1
    """Released by the model, and back this month: their committal is dated next."""
    ON_REMAND = 2
    """Found on remand on the first day."""
    SERVING = 3
    """Found serving in a cell on the first day."""
    ON_MEASURE = 4
    """Found on a measure on the first day."""
    FILL = 5
    """Nobody more: people found are moved to the places free for them."""


def schedule_committals(state: State, slots: Ints, days: Ints) -> None:
    """Date the committal of each person."""
    for turn in range(len(slots)):
        schedule(state, days[turn], Step.COMMITTAL, state.people[slots[turn]])


def reset_returning(state: State, slots: Ints) -> None:
    """Begin another stay of each person."""
    for slot in slots:
        person = state.people[slot]
        leave_queue(state, QueueKind.RETURN, person)
        person.stay += 1
        reset_stay(person)


def seed_remand(state: State, slots: Ints, elapsed: Ints) -> None:
    """Put people on remand for so many days in their place."""
    for turn in range(len(slots)):
        found_on_remand(state.people[slots[turn]], state, elapsed[turn])


def seed_serving(state: State, slots: Ints, elapsed: Ints) -> None:
    """Put people judged so many days ago, serving in a cell, in their place."""
    for turn in range(len(slots)):
        found_serving(state.people[slots[turn]], state, elapsed[turn])


def seed_on_measure(state: State, slots: Ints, elapsed: Ints, regime: int, from_cell: float) -> None:
    """Put people on a measure for so many days in their place; a share came from a cell."""
    for turn in range(len(slots)):
        found_on_measure(state.people[slots[turn]], state, elapsed[turn], regime, from_cell)


def fill_prisons(state: State) -> None:
    """Fill the free places of the establishments for sentenced people, however many moves it takes."""
    move_people(state, float(NEVER))


ARRIVALS: Mapping[Arrival, Callable[..., None]] = {
    Arrival.COMMITTAL: schedule_committals,
    Arrival.RETURN: reset_returning,
    Arrival.ON_REMAND: seed_remand,
    Arrival.SERVING: seed_serving,
    Arrival.ON_MEASURE: seed_on_measure,
    Arrival.FILL: fill_prisons,
}
"""Functions of the tables of a run and of the arguments of :func:`people_arrive` they take."""

_arrive = choice([ARRIVALS[arrival] for arrival in Arrival], arguments=5)


@entry(0, INTS, INTS, 0, 0.0, on_tables=True)
def people_arrive(state: State, arrival: int, slots: Ints, days: Ints, regime: int, from_cell: float) -> None:
    """Put people in their place, one after the other: one compiled function of all arrivals.

    Parameters
    ----------
    arrival
        Which of :data:`ARRIVALS`.
    slots, days
        Shapes ``(n,)``: the people; the day of their committal, or how many days they have been there.
    regime, from_cell
        Of people found on a measure: the regime, and the share of them who came from a cell.
    """
    _arrive(arrival, state, slots, days, regime, from_cell)


def arrive(person: Person, state: State) -> None:
    """Committal today: to a cell, or to a measure from liberty; or the evening a place was kept for, after a host's failure."""
    if person.committed_day >= 0:
        turn_into_place_kept(person, state)
    elif person.home_stay:
        begin_at_home(person, state)
    else:
        commit(person, state)


def begin_at_home(person: Person, state: State) -> None:
    """Begin a measure from liberty; without a free place the person waits for one on its list, counted there.

    After ``practices.placements.patience_days`` without a place in semi-liberty or outside, the judge turns it into a tag;
    after ``practices.placements.tag_patience_days`` without a tag, into another sentence or into prison.
    """
    day, placements = state.nation.day, parameters_for(state, person).placements
    if person.waiting_place:
        if state.regimes[person.granted_regime].places == PlaceKind.DEVICES:
            if day - person.place_wanted_day >= placements.tag_patience_days:
                give_up_tag(person, state)
            return
        give_up_waiting(state, person)
        person.granted_regime = state.nation.tag_regime
    if person.file == FileState.GRANTED:
        person.file = FileState.NONE  # a place of the list was kept for this evening
    else:
        pool = pool_of(person, state)
        if pool >= 0 and free_places(state.pools[pool]) <= state.queues[state.pools[pool].queue].length:
            wait_for_place(state, state.pools[pool], person)
            tag = state.regimes[person.granted_regime].places == PlaceKind.DEVICES
            schedule(state, day + (placements.tag_patience_days if tag else placements.patience_days), Step.COMMITTAL, person)
            return
        if pool >= 0:
            take_place(state.pools[pool])
    person.committed_day = day
    state.nation.home_starts += 1
    start_sentence(person, state, day, day)
    _remit_at_once(person, state)
    write(state, Movement.COMMITTED, person, person.stream, 0)
    start_serving(person, state, -1)
    date_end(person, state)


def give_up_tag(person: Person, state: State) -> None:
    """The judge gives up a tag that does not come: the sentence is converted (747-1), if it may be, or enforced in a cell."""
    day = state.nation.day
    waited = day - person.place_wanted_day
    give_up_waiting(state, person)
    convertible = total_at_most(person, law_for(state, person).free_convicts.conversion_max_months)
    share = parameters_for(state, person).placements.untagged_converted_share
    if convertible and draw(state, DecisionPoint.MEASURE_CONVERTED, person, person.stay) < share:
        state.nation.converted += 1
        write(state, Movement.CONVERTED, person, -1, waited)
        free_slot(state, person)
        return
    state.nation.enforced += 1
    person.home_stay = False
    person.remand_days = 0
    person.granted_regime = -1
    commit(person, state)


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
    _found_in_cell(person, state, Status.REMAND, first_quarter(person, state))
    schedule(state, person.committed_day + person.remand_days, Step.TRIAL, person)


def found_serving(person: Person, state: State, elapsed: int) -> None:
    """Somebody serving in a cell on the first day, judged so many days ago."""
    if person.stream in (Stream.SENTENCED, Stream.FREE_CONVICT):
        person.remand_days = 0
    judged = state.nation.day - elapsed
    person.committed_day = judged - person.remand_days
    _replay(person, state, judged)
    quarter = _found_quarter(person, state, judged)
    _found_in_cell(person, state, Status.SENTENCED, quarter)
    if state.quarters[quarter].kind == QuarterKind.MA:
        ask_for_transfer(person, state)
    reschedule(person, state)
    date_further(person, state)
    _request_under_way(person, state)


def found_on_measure(person: Person, state: State, elapsed: int, regime: int, from_cell: float) -> None:
    """Somebody on a measure on the first day; a share came from a cell, the others from liberty."""
    person.home_stay = draw(state, DecisionPoint.STOCK_MEASURE_ORIGIN, person, 0) >= from_cell
    person.remand_days = 0
    person.committed_day = state.nation.day - elapsed
    _replay(person, state, person.committed_day)
    person.granted_regime = regime
    pool = pool_of(person, state)
    if pool >= 0:
        take_place(state.pools[pool])
    start_serving(person, state, -1)
    person.measure_day = person.committed_day
    if not person.home_stay:
        # They left a cell some time ago and have not come back: a new offence is dated from the first day of the run on.
        person.left_day, person.left_regime = state.nation.day - 1, regime
    date_end(person, state)


def _request_under_way(person: Person, state: State) -> None:
    """Where the request of someone found serving stands: decided and to be renewed, before the judge, prepared, or to come.

    Without this the files of the whole stock would open on the first day, and none come before the judge for a year.
    """
    if person.file != FileState.WANTED:
        return
    day, parameters = state.nation.day, parameters_for(state, person)
    luck = draw(state, DecisionPoint.STOCK_REQUEST, person, 0)
    when = draw(state, DecisionPoint.STOCK_REQUEST_WHEN, person, 0)
    decided, pending, prepared = parameters.stock.decided, parameters.stock.pending, parameters.stock.prepared
    if luck < decided:
        _put_off(person, state, day + 1 + int(when * 2 * parameters.hearings.bar_days))
    elif luck < decided + pending:
        person.asked = choose(person, state)
        if person.asked < 0:
            return
        person.file = FileState.LODGED
        person.requested_day = day - int(when * parameters.stock.request_wait_days)
        ready = person.requested_day + int(parameters.hearings.instruction_days)
        person.list_day = ready if ready > day else day + 1
        schedule(state, person.list_day, Step.LIST, person)
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
        _put_off(person, state, day + 1 + int(when * parameters.files.lead_days))


def _put_off(person: Person, state: State, day: int) -> None:
    person.file = FileState.NONE
    person.barred_until = person.open_day = day
    schedule(state, day, Step.FILE, person)


def _found_quarter(person: Person, state: State, judged: int) -> int:
    """Where someone serving is found: moved since the judgment if enough was left to serve then, and a place is free."""
    quarter = first_quarter(person, state)
    if state.quarters[quarter].kind != QuarterKind.MA:
        return quarter
    kind = destination(person, (person.end_day - judged) / DAYS_PER_MONTH, state)
    region = state.quarters[quarter].region
    for queue, other in DESTINATIONS:
        if queue == kind and kind != QuarterKind.SAS:
            free = roomiest(state, other, region)
            if free >= 0:
                return free
    return quarter


def _found_in_cell(person: Person, state: State, status: int, quarter: int) -> None:
    person.status = status
    enter_cell(person, quarter, state)
    # Assessed long since; whoever has been there longer than the arrival unit can be taken at once.
    since = max(person.committed_day, state.nation.day - parameters_at_office(state, person).probation_service.arrival_days)
    wait_for_counsellor(state, person, since)


def _replay(person: Person, state: State, judged: int) -> None:
    """Reckon the end of a sentence pronounced before the first day, past reviews of remission included."""
    day = state.nation.day
    law = law_for(state, person)
    start_sentence(person, state, judged, person.committed_day)
    review = next_board(person, state, judged)
    while review is not None and review.day < day:
        person.end_day = reduced_end(person, int(person.share_granted * review.max_days), law)
        person.ahead_days = review.max_days if examined_ahead(person, review, law) else 0
        review = None if review.last else next_board(person, state, review.day)
    set_review(person, state, review)
    if person.end_day <= day:
        person.end_day = day + 1 + int(draw(state, DecisionPoint.STOCK_LAST_DAYS, person, 0) * _LAST_DAYS)
