"""Permissions to go out (*permissions de sortir*, CPP art. D143 s.): asked for, given an opinion on, decided, gone out on.

People ask once the law lets them, now and then until the end, and with the file of a request. The counsellor and the prosecutor
give an opinion; the board (*commission de l'application des peines*) decides at a session, of which a permission takes part of
a place; next ones may be left to the head of the prison (art. 723-3). What it is for says what it brings: a host who has met
the person agrees more often, an employer is found, a lodging is found sooner, papers shorten the wait for others. One kept to
speaks for the person before the judge, and for the measure that follows.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

from sim.dates import NEVER
from sim.institutions.agenda import Step, schedule
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.enforcement_court import board_on_or_after, board_takes_permission
from sim.institutions.prisons import QuarterKind
from sim.institutions.state import Table, draw, law_for, new_row, parameters_for, write
from sim.law.leave import family_leave_opens, first_leave_day, one_day_leave_opens
from sim.law.reckoning import first_day
from sim.pathways.custody import date_end, housed
from sim.pathways.lodging import searched
from sim.pathways.occurrences import of_counsellor, of_leave, of_request
from sim.pathways.reviews import review_period_again
from sim.pathways.work import has_activity, has_job_to_show
from sim.population.person import FileState
from sim.records.codes import LeaveEnd, Movement, Purpose, Removal, Status

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.law.statutes import StatutesInForce
    from sim.population.person import Person

_PURPOSES = len(Purpose)
_NOT_BACK = 1 << _PURPOSES
"""Bit of ``leave_marks`` for a permission not come back from."""
_KEPT = _NOT_BACK - 1
_EMPLOYER = 1 << Purpose.EMPLOYER.value
_PREPARING = (FileState.WANTED, FileState.OPEN, FileState.READY, FileState.LODGED, FileState.LISTED)


def leave_opens(person: Person, state: State) -> int:
    """First day the law lets the person go out, where they are held; NEVER if none comes before the end."""
    return int(first_leave_day(person, _place(person, state), person.convicted_day, law_for(state, person)))


def _place(person: Person, state: State) -> str:
    """Kind of prison, as the rules of permissions tell them apart."""
    kind = state.quarters[person.quarter].kind
    return "CD" if kind == QuarterKind.CD else "SAS" if kind == QuarterKind.SAS else "MA"


def date_leave(person: Person, state: State) -> None:
    """Date the next request for a permission, for those who ask: the first after the law opens, the others after a decision.

    Whoever could have asked before (the people found on the first day) is taken in between two requests.
    """
    leave = parameters_for(state, person).leave
    day = state.nation.day
    if leave.asking_share <= 0 or person.leave_asked_day >= day:
        return
    if draw(state, DecisionPoint.LEAVE_ASKS, person, person.stay) >= leave.asking_share:
        return
    opens = leave_opens(person, state)
    if opens >= person.end_day:
        return
    spread = -log(1.0 - draw(state, DecisionPoint.LEAVE_WHEN, person, of_leave(person)))
    when = opens + int(spread * leave.first_days)
    if person.leave_requests > 0 or when < day:
        when = max(day + int(spread * leave.interval_days), opens)
    _ask(person, state, when)


def ask_with_file(person: Person, state: State) -> None:
    """Ask for a permission with the file that is opened, if it comes soon enough to be of use to it."""
    parameters = parameters_for(state, person)
    share = parameters.leave.with_file_share
    if share <= 0 or draw(state, DecisionPoint.FILE_LEAVE, person, of_request(person)) >= share:
        return
    opens, day = leave_opens(person, state), state.nation.day
    if opens >= person.end_day or opens > day + parameters.files.lead_days:
        return
    _ask(person, state, opens)


def _left_to_head(person: Person, state: State) -> bool:
    """Whether the next permission is one that the judge has left to the head of the prison (art. 723-3): never the first."""
    return bool(
        person.leave_day >= 0
        and law_for(state, person).leave.head_may_decide_next
        and draw(state, DecisionPoint.LEAVE_HEAD, person, of_leave(person)) < parameters_for(state, person).leave.head_share
    )


def _ask(person: Person, state: State, when: int) -> None:
    """Put a request on the list of the first session from a day on, its notice kept, unless one comes sooner.

    The head of the prison needs no session.
    """
    day = state.nation.day
    if _left_to_head(person, state):
        session = max(when, day + 1)
    else:
        soonest = day + max(1, parameters_for(state, person).boards.notice_days)
        session = board_on_or_after(state.courts[person.site], max(when, soonest))
    if session < person.end_day and (person.leave_asked_day <= day or session < person.leave_asked_day):
        person.leave_asked_day = session
        person.leave_put_off = 0
        schedule(state, session, Step.LEAVE, person)


def move_request(person: Person, state: State) -> None:
    """After a move, a request under way comes before the board of the new establishment, whose kind may open one."""
    if person.leave_asked_day <= state.nation.day:
        date_leave(person, state)
    elif not _left_to_head(person, state):
        person.leave_asked_day = board_on_or_after(state.courts[person.site], person.leave_asked_day)
        schedule(state, person.leave_asked_day, Step.LEAVE, person)


def examine_leave(person: Person, state: State) -> None:
    """Decide a request: opinions, then the judge at the board, or the head of the prison for one that is not the first."""
    day, leave = state.nation.day, parameters_for(state, person).leave
    if person.leave_asked_day != day or person.status != Status.SENTENCED or person.withdrawn:
        return
    number = of_leave(person)
    if leave_opens(person, state) > day:
        person.leave_asked_day = -1  # what has happened since has put the day off
        date_leave(person, state)
        return
    by_head = _left_to_head(person, state)
    court = state.courts[person.site]
    if not by_head and not board_takes_permission(court, day, leave.board_places, leave.session_share):
        person.leave_put_off += 1
        person.leave_asked_day = board_on_or_after(court, day + 1)
        schedule(state, person.leave_asked_day, Step.LEAVE, person)
        return
    removal = removal_of(person, state)
    purpose = purpose_of(person, state, number)
    counsellor = counsellor_against(person, state, removal, number)
    prosecutor = draw(state, DecisionPoint.LEAVE_PROSECUTOR, person, number) < leave.prosecutor_against[removal]
    result = LeaveEnd.REFUSED
    if draw(state, DecisionPoint.LEAVE_GRANT, person, number) < chance_of_leave(person, state, counsellor, prosecutor):
        result = LeaveEnd.BACK
        if draw(state, DecisionPoint.LEAVE_RETURN, person, number) < leave.non_return_share:
            result = LeaveEnd.NOT_BACK
    row = state.leaves[new_row(state, Table.LEAVES, len(state.leaves))]
    row.day = day
    row.person = person.id
    row.site = person.site
    row.kind = state.quarters[person.quarter].kind
    row.purpose = purpose
    row.result = result
    row.counsellor_against = counsellor
    row.prosecutor_against = prosecutor
    row.by_board = not by_head
    row.put_off = min(person.leave_put_off, 127)
    row.foreign = person.foreign
    row.measure = removal
    write(state, Movement.LEAVE_DECIDED, person, purpose, result)
    person.leave_requests += 1
    person.leave_put_off = 0
    person.leave_asked_day = -1
    if result != LeaveEnd.REFUSED and person.leave_day < 0:
        person.leave_day = day
    if result == LeaveEnd.BACK:
        keep_to(person, purpose, state)
    elif result == LeaveEnd.NOT_BACK:
        _not_back(person, state)
    date_leave(person, state)


def removal_of(person: Person, state: State) -> int:
    """Removal measure the person is under: the administration's, a court's, or none."""
    if not person.removal:
        return Removal.NONE
    judicial = draw(state, DecisionPoint.LEAVE_JUDICIAL, person, 0) < parameters_for(state, person).leave.judicial_share
    return Removal.JUDICIAL if judicial else Removal.ADMINISTRATIVE


def counsellor_against(person: Person, state: State, removal: int, number: int) -> bool:
    """Whether the counsellor's opinion is unfavourable: on its merits, or because an order says so and is followed."""
    leave = parameters_for(state, person).leave
    if draw(state, DecisionPoint.LEAVE_COUNSELLOR, person, number) < leave.counsellor_against[removal]:
        return True
    ordered = leave.ordered_against[removal]
    return (
        ordered > 0
        and draw(state, DecisionPoint.LEAVE_ORDER, person, of_counsellor(person)) < ordered * leave.order_followed_share
    )


def chance_of_leave(person: Person, state: State, counsellor: bool, prosecutor: bool) -> float:
    """Chance that a permission is granted, from the opinions and the person."""
    weights = parameters_for(state, person).leave.decision
    logit = weights.level - weights.score * person.score - weights.seen * person.seen
    if counsellor:
        logit -= weights.counsellor
    if prosecutor:
        logit -= weights.prosecutor
    if person.leave_marks & _NOT_BACK:
        logit -= weights.failed
    if state.quarters[person.quarter].kind == QuarterKind.SAS:
        logit += parameters_for(state, person).release_units.leave_gain
    return 1.0 / (1.0 + exp(-logit))


def purpose_of(person: Person, state: State, number: int) -> int:
    """What a permission is for, among what the person needs: family ties always, the rest while a request is prepared.

    Where only a day out is open (art. D143-4), not family ties, unless nothing else is needed.
    """
    weights = parameters_for(state, person).leave.purposes
    law = law_for(state, person)
    luck = draw(state, DecisionPoint.LEAVE_PURPOSE, person, number)
    total = 0.0
    for purpose in range(_PURPOSES):
        if _needed(person, purpose, state, law):
            total += weights[purpose]
    edge = 0.0
    for purpose in range(_PURPOSES):
        if _needed(person, purpose, state, law):
            edge += weights[purpose]
            if luck * total < edge:
                return purpose
    return Purpose.FAMILY


def _needed(person: Person, purpose: int, state: State, law: StatutesInForce) -> bool:
    if purpose == Purpose.FAMILY:
        return family_leave_opens(person, _place(person, state), law) <= state.nation.day
    if person.file not in _PREPARING or one_day_leave_opens(person, law) > state.nation.day:
        return False
    if purpose == Purpose.EMPLOYER:
        return not has_activity(person, state)
    if purpose == Purpose.HOST:
        hosted = person.asked >= 0 and state.regimes[state.adjustments[person.asked].first_regime].hosted
        return bool(person.host_refused or hosted)
    if purpose == Purpose.LODGING:
        return not housed(person, state)
    return person.file == FileState.OPEN and person.external_day > state.nation.day


def keep_to(person: Person, purpose: int, state: State) -> None:
    """A permission kept to: it stands to the person's credit, and brings what it was for."""
    leave, day = parameters_for(state, person).leave, state.nation.day
    person.leave_marks |= 1 << purpose
    if purpose == Purpose.LODGING:
        look_for_lodging(person, state)
    elif purpose == Purpose.HOST:
        meet_host(person, state)
    elif purpose == Purpose.PAPERS and person.file == FileState.OPEN and person.external_day > day:
        person.external_day -= int((person.external_day - day) * leave.papers_gain)


def _not_back(person: Person, state: State) -> None:
    """Time at large is not served, and the failure to come back is punished, as from a measure."""
    person.leave_marks |= _NOT_BACK
    if person.end_day < NEVER:
        person.end_day += parameters_for(state, person).measures.absent_days
        review_period_again(person, state)
        date_end(person, state)


def look_for_lodging(person: Person, state: State) -> None:
    """Shorten what is left of the search for a lodging from today."""
    if person.lodging_day > 0 and person.search_day >= 0:
        left = person.lodging_day - searched(person, state)
        if left > 0:
            person.lodging_day -= int(left * parameters_for(state, person).leave.lodging_gain)


def meet_host(person: Person, state: State) -> None:
    """A host who had refused meets the person: some agree, and the external placement is asked for after all."""
    if not person.host_refused or person.file != FileState.OPEN:
        return
    if draw(state, DecisionPoint.LEAVE_HOST, person, of_request(person)) >= parameters_for(state, person).leave.host_gain:
        return
    latest = min(state.nation.day + parameters_for(state, person).files.lead_days, person.end_day)
    for code in state.hearing_codes:
        hosted = state.regimes[state.adjustments[code].first_regime].hosted
        if hosted and first_day(code, person, law_for(state, person)) < latest:
            person.asked = code
            person.host_refused = False
            return


def occupied(person: Person, state: State) -> bool:
    """Whether the person has an occupation to show: in prison, or found at an employer's during a permission."""
    here = parameters_for(state, person)
    found = person.leave_marks & _EMPLOYER
    if here.work.asking_share > 0:
        return has_job_to_show(person, state) or bool(
            found and draw(state, DecisionPoint.LEAVE_EMPLOYER, person, person.stay) < here.leave.occupation_gain
        )
    share = here.establishments.occupation[state.quarters[person.quarter].kind]
    if found:
        share += here.leave.occupation_gain * (1.0 - share)
    return bool(person.occupation < share)


def credit_of_leave(person: Person, state: State) -> float:
    """Log-odds that permissions add to the judge's opinion of a measure: for one kept to, against one not come back from."""
    leave = parameters_for(state, person).leave
    if person.leave_marks & _NOT_BACK:
        return -float(leave.decision.failed)
    return float(leave.decision_gain) if person.leave_marks & _KEPT else 0.0


def failure_after_leave(person: Person, state: State) -> float:
    """Factor of permissions kept to on the chance that a measure fails."""
    return float(parameters_for(state, person).leave.failure_factor) if person.leave_marks & _KEPT else 1.0
