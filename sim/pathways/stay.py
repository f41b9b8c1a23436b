"""A stay, from committal to release: the decisive dates and what each does."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from sim.dates import DAYS_PER_YEAR, NEVER, add_months
from sim.institutions.agenda import Step, schedule
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.enforcement_court import board_on_or_after, board_on_or_before
from sim.institutions.expected_end import foresee, planned_end
from sim.institutions.people import free_slot
from sim.institutions.prisons import QuarterKind, roomiest, sector
from sim.institutions.probation_service import enrol
from sim.institutions.queues import QueueKind, enqueue
from sim.institutions.state import draw, law_for, parameters_for, write
from sim.law.long_sentences import surety_end, surety_end_of_life
from sim.law.reckoning import first_day
from sim.law.remission import credit_of_all, reduced_end
from sim.law.sentence import term_end
from sim.pathways.after_release import follow
from sim.pathways.application import offer_file
from sim.pathways.causes import binding_cause
from sim.pathways.custody import date_end, enter_cell, leave_cell, leaving_day, record_end, record_exit, remitted
from sim.pathways.lodging import consider_request
from sim.pathways.measure import Ended, close_measure
from sim.pathways.occurrences import of_further_sentence
from sim.pathways.remission_withdrawn import date_credit_withdrawal, date_reduction_withdrawal
from sim.pathways.reviews import date_review, next_board, review_again, set_review
from sim.pathways.temporary_leave import date_leave, examine_leave, removal_of
from sim.population.further_sentences import UNTIL
from sim.population.person import FileState, reset_file
from sim.records.codes import Movement, Status

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.law.statutes import StatutesInForce
    from sim.population.person import Person

_DAYS_PER_MONTH = 365.25 / 12
_YEAR = 365
_ADULT_DAYS = 18 * 365.25


def commit(person: Person, state: State) -> None:
    """Committal (*mise sous écrou*): a place, a counsellor to wait for, and the dates of the sentence."""
    day = state.nation.day
    person.committed_day = day
    state.nation.entries += 1
    if person.stay:
        state.nation.returns += 1
        if person.freed_day >= state.nation.start_day:
            state.nation.released += 1
            state.nation.free_days += day - person.freed_day
            if day - person.freed_day < _YEAR:
                state.nation.soon += 1
    held_before_trial = person.remand_days > 0
    person.status = Status.REMAND if held_before_trial else Status.SENTENCED
    enter_cell(person, first_quarter(person, state), state)
    enrol(state, person, state.nation.day)
    write(state, Movement.COMMITTED, person, person.stream, person.remand_days)
    if held_before_trial:
        schedule(state, day + person.remand_days, Step.TRIAL, person)
    else:
        convict(person, state)


def first_quarter(person: Person, state: State) -> int:
    """Quarter of a newcomer: a place for minors if there is one, else the *maison d'arrêt* of home, which is never full."""
    if state.nation.day - person.birth_day < _ADULT_DAYS:
        quarter = roomiest(state, QuarterKind.EPM, state.quarters[person.home_quarter].region)
        if quarter >= 0:
            return quarter
    return sector(person.home_quarter, state)


def try_case(person: Person, state: State) -> None:
    """End of remand: a final judgment, or release without a sentence to serve."""
    if person.status != Status.REMAND or state.nation.day != person.committed_day + person.remand_days:
        return
    if not person.convicted:
        write(state, Movement.CHARGES_ENDED, person, -1, person.remand_days)
        release(person, state)
        return
    place = state.quarters[person.quarter]
    place.remand -= 1
    place.sentenced += 1
    person.status = Status.SENTENCED
    convict(person, state)


def convict(person: Person, state: State) -> None:
    """Final judgment: remand is credited, the old regime's automatic credit applies, the dates follow."""
    day = state.nation.day
    start_sentence(person, state, day, person.committed_day)
    write(state, Movement.CONVICTED, person, -1, person.total_days)
    if leaving_day(person, state) <= day:
        # Covered by the time already served: an exit without a sentence to serve.
        person.convicted_day = -1
        write(state, Movement.CHARGES_ENDED, person, -1, person.remand_days)
        release(person, state)
        return
    date_review(person, state, day)
    ask_for_transfer(person, state)
    reschedule(person, state)
    expect_end(person)
    date_further(person, state)
    consider_request(person, state)


def expect_end(person: Person) -> None:
    """Remember the end that is expected today, to compare it with the one that comes."""
    if not person.life:
        person.expected_day = person.end_day - person.foreseen_days


def start_sentence(person: Person, state: State, judged_day: int, start_day: int) -> None:
    """Set the dates of a sentence that began to run on ``start_day``, remand included."""
    person.convicted_day = person.sentenced_day = judged_day
    person.start_day = start_day
    end = term_end(start_day, person.total_months)
    person.total_days = end - start_day
    law = law_for(state, person)
    if person.surety and person.life:
        person.surety_end_day = surety_end_of_life(person, law, person.surety > 1)
    elif person.surety:
        # It bears on the sentence for the felony, not on those that came besides.
        months = person.total_months - person.others_longer - person.others_shorter
        person.surety_end_day = surety_end(months, add_months(start_day, months) - start_day, person, law, person.surety > 1)
    if person.life:
        person.end_day = NEVER
        return
    person.end_day = end - credit_of_all(person.others_longer, person.others_shorter, person, law)
    date_credit_withdrawal(person, state, judged_day)


def date_further(person: Person, state: State) -> None:
    """Date the next further sentence put into execution, if one comes before the end (``population.further_sentences``)."""
    if person.life:
        return  # nothing is added to it
    day, further = state.nation.day, state.parameters.further
    rate = further.per_year[person.stream] * further.record_factor[1 if person.recidive else 0] / DAYS_PER_YEAR
    if rate <= 0:
        return
    hazard = -log(1.0 - draw(state, DecisionPoint.STAY_FURTHER, person, of_further_sentence(person))) / rate
    reached = float(day - person.convicted_day)
    latest = float(person.end_day - person.convicted_day)
    for period in range(len(UNTIL)):
        until, pace = UNTIL[period], further.pace[period]
        if reached >= latest:
            return
        if reached >= until:
            continue
        if hazard < (until - reached) * pace:
            reached += hazard / pace
            break
        hazard -= (until - reached) * pace
        reached = until
    when = max(person.convicted_day + int(reached), day) + 1
    if when < person.end_day:
        person.further_day = when
        schedule(state, when, Step.FURTHER, person)


def review_remission(person: Person, state: State) -> None:
    """Grant the person's share of the remission that may be granted, and date the next review."""
    day = state.nation.day
    if person.review_day != day or person.status == Status.AT_LIBERTY or person.convicted_day < 0:
        return
    person.review_day = -1
    days, last = person.review_days, person.review_last
    person.ahead_days = person.review_ahead
    granted = take_off(person, state, days)
    law = law_for(state, person)
    review = None if last else next_board(person, state, day)
    if review is not None and review.last and review.day <= day + 1 and law.remission.one_board_for_last_period:
        # The period left is examined in the same session (D116-3).
        person.ahead_days = review.max_days
        granted += take_off(person, state, review.max_days)
        review = None
    if granted:
        write(state, Movement.REMITTED, person, -1, granted)
    if leaving_day(person, state) == day:
        # It would end tomorrow, a Sunday or a public holiday: the working day before is that of the board (716-3).
        release(person, state)
        return
    date_reduction_withdrawal(person, state, granted)
    set_review(person, state, review)
    reschedule(person, state)


def take_off(person: Person, state: State, most: int) -> int:
    """Take the person's share of what a review may grant off the end, which stays ahead of today; return it, in days."""
    before = person.end_day
    end = reduced_end(person, remitted(person, state, most), law_for(state, person))
    if end < before:
        person.end_day = end if end > state.nation.day else state.nation.day + 1
    return before - end


def lose_remission(person: Person, state: State) -> None:
    """Misconduct costs part of the remission: it is served after what was left, in a cell or on a measure."""
    day = state.nation.day
    held = person.status in (Status.SENTENCED, Status.MEASURE_INSIDE, Status.MEASURE_OUTSIDE)
    if person.remission_lost_day != day or not held or person.convicted_day < 0 or person.end_day <= day:
        return
    person.remission_lost_day = -1
    person.end_day += person.remission_loss
    person.remission_lost += person.remission_loss
    write(state, Movement.REMITTED, person, -1, -int(person.remission_loss))
    if person.status == Status.SENTENCED:
        reschedule(person, state)
    else:
        date_end(person, state)


def reschedule(person: Person, state: State) -> None:
    """Date the next decisive steps: end of sentence, opening of a file, examinations by the board.

    Called whenever something changes a date (a remission, a new text, a return to the cell). Steps dated before are not
    searched for: they find that they are no longer the person's, and do nothing. Each adjustment of the law is asked for
    its own day; none is known by name here.
    """
    day = state.nation.day
    end = person.end_day
    if end <= day:
        end = person.end_day = day + 1
    foresee(person, state)
    if person.review_day <= day or person.review_day >= leaving_day(person, state):
        date_end(person, state)  # else the review comes first, and dates the end again
    if person.status != Status.SENTENCED or person.withdrawn:
        return  # after a withdrawal what is left is served, unless something may be asked for again (ask_again)
    law = law_for(state, person)
    earliest = NEVER
    free = person.file == FileState.NONE and (person.open_day < 0 or person.open_day > day)
    if free or person.eligible_day < 0 or person.eligible_day > day:
        # What the law opens hangs on the sentence, not on where a file stands.
        earliest = _first_opening(person, state, law)
    if free and earliest < end:
        date_file(person, state, _planned_opening(person, state, law, earliest))
    if person.board_outcome < 0 or person.board_right_outcome < 0:
        first = date_boards(person, state, law)
        if first < earliest:
            earliest = first
    if earliest < end and (person.eligible_day < 0 or (day <= earliest < person.eligible_day)):
        # What a reduction has opened was not open before it.
        person.eligible_day = earliest
    date_leave(person, state)


def _first_opening(person: Person, state: State, law: StatutesInForce) -> int:
    """First day the law opens an adjustment that is asked for at a hearing; today or before, the first that is found."""
    earliest = NEVER
    for code in state.hearing_codes:
        first = first_day(code, person, law)
        if first < earliest:
            earliest = first
            if first <= state.nation.day:
                break  # nothing can open sooner than today: most sentences are settled by the first question
    return earliest


def decide_leave(person: Person, state: State) -> None:
    """Decide a request for a permission; a failure to come back has moved the end, and all that rests on it."""
    before = person.end_day
    examine_leave(person, state)
    if person.end_day != before and person.status == Status.SENTENCED:
        reschedule(person, state)


def _planned_opening(person: Person, state: State, law: StatutesInForce, opens: int) -> int:
    """First day a request is expected to open, seen from the end that is planned on; ``opens`` for the end as it stands."""
    end, planned = person.end_day, planned_end(person, state)
    if planned >= end or opens <= state.nation.day:
        return opens
    earliest = opens
    person.end_day = planned
    for code in state.hearing_codes:
        first = first_day(code, person, law)
        if first < earliest:
            earliest = first
    person.end_day = end
    return earliest


def ask_again(person: Person, state: State) -> None:
    """After a withdrawal, the time that had to go by has: a new request or the board, if what is left allows it.

    What was refused or examined before the lost measure says nothing any more.
    """
    if person.again_day != state.nation.day or person.status != Status.SENTENCED or not person.withdrawn:
        return
    person.withdrawn = False
    person.board_outcome = person.board_right_outcome = person.last_outcome = -1
    person.board_put_off = person.board_right_put_off = False
    person.board_since_day = person.board_right_since_day = -1
    reset_file(person)
    reschedule(person, state)


def date_file(person: Person, state: State, opens: int) -> None:
    """Date the preparation of a request the law opens on a day, not before a bar is over; want it at once if it is time."""
    opening = opens - parameters_for(state, person).files.lead_days
    if opening < person.barred_until:
        opening = person.barred_until
    if opening > state.nation.day:
        person.open_day = opening
        schedule(state, opening, Step.FILE, person)
    else:
        offer_file(person, state)


def date_boards(person: Person, state: State, law: StatutesInForce) -> int:
    """Date the examinations by the board that are still to come; return the first day a release under constraint opens.

    Nothing is dated beyond the next review of the remission, which will date it again; a board that sits today is not put off.
    """
    day = state.nation.day
    end = person.end_day
    court = state.courts[person.site]
    until = person.review_day if person.review_day > day else end
    soonest = person.convicted_day + parameters_for(state, person).boards.notice_days
    if soonest <= day:
        soonest = day + 1
    earliest = NEVER
    if person.board_right_outcome < 0:
        for code in state.right_codes:
            opens = first_day(code, person, law)
            if opens >= end:
                continue
            earliest = opens
            session = board_on_or_before(court, opens)
            if session < soonest:
                session = board_on_or_after(court, soonest)
            if session < until and session != person.board_right_day and person.board_right_day != day:
                person.board_right_day = session
                schedule(state, session, Step.BOARD_OF_RIGHT, person)
    if person.board_outcome < 0:
        for code in state.board_codes:
            opens = first_day(code, person, law)
            if opens >= end:
                continue
            if opens < earliest:
                earliest = opens
            session = board_on_or_after(court, max(opens - parameters_for(state, person).boards.examined_ahead_days, soonest))
            if session < until and session != person.board_day and person.board_day != day:
                person.board_day = session
                schedule(state, session, Step.BOARD, person)
    return earliest


def ask_for_transfer(person: Person, state: State) -> None:
    """Queue for an establishment for sentenced people, by what is left to serve (law.md §9)."""
    allocation = parameters_for(state, person).allocation
    months = (person.end_day - state.nation.day) / _DAYS_PER_MONTH
    if months < min(allocation.support_months[0], allocation.detention_centre_months):
        return
    kind = destination(person, months, state)
    region = state.quarters[person.home_quarter].region
    enqueue(
        state, QueueKind.SUPPORT if kind == QuarterKind.SAS else QueueKind.TRANSFER, state.transfer_queues[kind, region], person
    )
    if kind != QuarterKind.SAS and months <= allocation.support_months[1]:
        # Both are open to who has one to two years left: whichever has room first.
        enqueue(state, QueueKind.SUPPORT, state.transfer_queues[QuarterKind.SAS, region], person)


def destination(person: Person, months: float, state: State) -> QuarterKind:
    """Kind of establishment for sentenced people, by what is left to serve and the total (law.md §9)."""
    allocation = parameters_for(state, person).allocation
    if months < allocation.detention_centre_months:
        return QuarterKind.SAS
    if person.total_months < allocation.central_months:
        return QuarterKind.CD
    return (
        QuarterKind.MC
        if draw(state, DecisionPoint.STAY_CENTRAL, person, person.stay) < allocation.central_share
        else QuarterKind.CD
    )


def end_of_sentence(person: Person, state: State) -> None:
    """Close the committal: dry from the cell, or the end of a measure."""
    if person.status == Status.AT_LIBERTY or person.convicted_day < 0 or leaving_day(person, state) > state.nation.day:
        return
    release(person, state)


def release(person: Person, state: State) -> None:
    """Release (*levée d'écrou*): from the cell, the stage reached is the cause; from a measure, it has been served."""
    status = person.status
    cause = -1
    if status in (Status.SENTENCED, Status.REMAND):
        if person.convicted_day >= 0:
            cause = binding_cause(person, state)
        record_exit(person, state, -1, -1, cause)
        leave_cell(person, state)
    else:
        close_measure(person, state, Ended.SERVED)
    if status != Status.CONDITIONAL_RELEASE:
        record_end(person, state)
    person.status = Status.AT_LIBERTY
    write(state, Movement.RELEASED, person, person.regime, cause + 1)
    comes_back = False
    # Of whoever is put out of the country, no new offence is judged here.
    gone = person.convicted_day >= 0 and removed(person, state, status)
    if person.convicted_day >= 0 and not person.home_stay and not gone:
        # The clock starts on the last day in the cell; the route is the one first granted (recidivism.md §1.2).
        left = person.left_day if person.regime >= 0 else state.nation.day
        comes_back = follow(person, state, left, person.left_regime, person.left_adjustment)
    if not comes_back:
        free_slot(state, person)


def removed(person: Person, state: State, status: int) -> bool:
    """Whether somebody who leaves a cell at the end of the sentence is put out of the country, from the gate or retention."""
    if status not in (Status.SENTENCED, Status.REMAND) or not person.removal:
        return False
    share = state.parameters.removal.executed[removal_of(person, state) - 1]
    executed = share > 0 and draw(state, DecisionPoint.REMOVAL_EXECUTED, person, person.stay) < share
    state.nation.removed += executed
    return executed


def reckon_again(state: State) -> None:
    """A new text is in force: dates are reckoned again for everyone serving in a cell, reviews for whoever awaits one."""
    for slot in range(len(state.people)):
        person = state.people[slot]
        # Whoever leaves today does so under the dates already set.
        if person.id < 0 or person.status == Status.AT_LIBERTY or leaving_day(person, state) <= state.nation.day:
            continue
        if person.review_day >= state.nation.day:
            review_again(person, state)
        if person.status == Status.SENTENCED:
            reschedule(person, state)
