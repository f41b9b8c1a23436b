"""A further sentence put into execution during the stay: the end moves, and with it everything that depends on it.

Thresholds apply to the sum of the sentences under committal (convention C5 of the rule book): a sentence that comes may close
what was open. A request or a grant the law no longer opens in time lapses; a release under constraint refused or not examined
is examined again at two thirds of the new total; a request given up for want of time may be made again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import NEVER, add_months
from sim.institutions.agenda import Step, schedule
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.prisons import QuarterKind
from sim.institutions.queues import QueueKind
from sim.institutions.state import draw, law_for, lognormal_at, parameters_for, write
from sim.law.reckoning import first_day
from sim.law.remission import credit_days, credit_of
from sim.pathways.custody import drop_file
from sim.pathways.occurrences import of_further_sentence
from sim.pathways.reviews import review_period_again
from sim.pathways.stay import ask_for_transfer, date_further, expect_end, reschedule
from sim.population.person import FileState
from sim.records.codes import Movement, Status

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.population.person import Person

_SOON = 28
"""Days by which the first day of a request may slip, by a session of the board or a sitting, without the file being dropped."""


def enforce_additional_sentence(person: Person, state: State) -> None:
    """Put a further sentence into execution: served after the others, or absorbed by them (*confusion*, art. 132-4 CP).

    Only for people in a cell: of somebody on a measure, the judge may let the measure go on, which is not told apart here.
    """
    day, further = state.nation.day, state.parameters.further
    if person.further_day != day or person.status != Status.SENTENCED or person.end_day <= day:
        return
    occurrence = of_further_sentence(person)
    person.further += 1
    person.further_day = -1
    months = int(lognormal_at(further.months, draw(state, DecisionPoint.STAY_FURTHER_MONTHS, person, occurrence)) + 0.5)
    months = min(max(months, 1), further.longest_months - person.total_months)
    if months <= 0 or draw(state, DecisionPoint.STAY_FURTHER_ABSORBED, person, occurrence) < further.absorbed_share:
        write(state, Movement.FURTHER, person, -1, 0)
    else:
        before = person.total_days
        extend_sentence(person, state, months)
        write(state, Movement.FURTHER, person, -1, person.total_days - before)
    date_further(person, state)


def extend_sentence(person: Person, state: State, months: int) -> None:
    """Add months to the sum of the sentences; each has its own automatic credit (*crédit de réduction*, D115-2)."""
    law = law_for(state, person)
    total, credit, before = person.total_days, credit_days(person, law), person.end_day
    person.total_months += months
    person.total_days = add_months(person.start_day, person.total_months) - person.start_day
    person.end_day += person.total_days - total
    if law.remission.credit_on_each_sentence:
        person.end_day -= credit_of(months, person.end_day, person, law)
    else:
        person.end_day -= credit_days(person, law) - credit
    review_period_again(person, state)
    if person.withdrawn:
        # What may be asked for again after a withdrawal, had the end not come first.
        if before <= person.again_day < person.end_day:
            schedule(state, person.again_day, Step.AGAIN, person)
    else:
        reopen_file(person, state)
        reopen_boards(person, state)
        open_again(person, state)
    quarter = state.quarters[person.quarter]
    queued = state.links[person.slot, QueueKind.TRANSFER].queue >= 0 or state.links[person.slot, QueueKind.SUPPORT].queue >= 0
    if not queued and quarter.kind == QuarterKind.MA:
        ask_for_transfer(person, state)
    reschedule(person, state)
    expect_end(person)


def reopen_file(person: Person, state: State) -> None:
    """Drop a request or a grant the law no longer opens in time; what had been given up may be asked for again."""
    day = state.nation.day
    file = person.file
    if file in (FileState.NONE, FileState.REFUSED):
        person.file = FileState.NONE
        person.open_day = -1
        return
    if file == FileState.WANTED:
        return
    law = law_for(state, person)
    if file == FileState.GRANTED:
        stands = first_day(person.granted_adjustment, person, law) <= max(person.effect_day, day)
    else:
        opens = first_day(person.asked, person, law)
        stands = opens < min(person.end_day, day + parameters_for(state, person).files.lead_days + _SOON)
        ahead = opens - parameters_for(state, person).files.lodged_ahead_days
        if stands and file == FileState.READY and ahead > person.lodge_day:
            person.lodge_day = ahead
            schedule(state, ahead, Step.LODGE, person)
    if not stands:
        drop_file(person, state)
        person.granted_regime = person.granted_adjustment = -1
        person.waiting_place = False
        person.effect_day = person.open_day = -1


def reopen_boards(person: Person, state: State) -> None:
    """Have a release under constraint whose day has been put off examined again."""
    day = state.nation.day
    law = law_for(state, person)
    person.board_day = person.board_right_day = -1
    person.board_put_off = person.board_right_put_off = False
    person.board_since_day = person.board_right_since_day = -1
    if person.file == FileState.GRANTED:
        return
    for code in state.board_codes:
        if first_day(code, person, law) > day:
            person.board_outcome = -1
    for code in state.right_codes:
        if first_day(code, person, law) > day:
            person.board_right_outcome = -1


def open_again(person: Person, state: State) -> None:
    """Reckon the first day anything opens to the new total."""
    law = law_for(state, person)
    earliest = NEVER
    for code in state.hearing_codes:
        earliest = min(earliest, first_day(code, person, law))
    for code in state.board_codes:
        earliest = min(earliest, first_day(code, person, law))
    for code in state.right_codes:
        earliest = min(earliest, first_day(code, person, law))
    person.eligible_day = earliest if earliest < person.end_day else -1
