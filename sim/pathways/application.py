"""The file of a request for an adjustment, from the counsellor to the judge, in a race with the end of the sentence."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from sim.dates import DAYS_PER_YEAR, NEVER, add_months
from sim.institutions.agenda import Step, schedule
from sim.institutions.community_supervision import survey_factor
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.density import left_of
from sim.institutions.expected_end import planned_days_left
from sim.institutions.lodging import search_gained
from sim.institutions.order_of_service import Order
from sim.institutions.parameters_of_detention import HOURS
from sim.institutions.placements import PlaceKind
from sim.institutions.prisons import QuarterKind
from sim.institutions.probation_service import (
    close_pressed,
    enrol,
    leave_counsellor,
    next_newcomer,
    share_hours,
    start_file,
    stop_file,
    work_in_order,
    work_left,
)
from sim.institutions.state import draw, law_for, lognormal_at, parameters_at_office, parameters_for, parameters_in, write
from sim.institutions.working_week import Task, begin_week, hours_present, serve_task
from sim.law.reckoning import first_day
from sim.law.reinforced import probation_needed, reinforced
from sim.pathways.contact import ask_later, hastened, known_file, willing
from sim.pathways.custody import housed
from sim.pathways.hearing import date_referral, last_listing
from sim.pathways.lodging import consider_request, write_requests
from sim.pathways.occurrences import of_counsellor, of_request
from sim.pathways.temporary_leave import ask_with_file
from sim.population.person import CounsellorState, FileState
from sim.records.codes import Movement, Status

if TYPE_CHECKING:
    from sim.institutions.probation_service import ProbationOffice
    from sim.institutions.state import State
    from sim.law.statutes import StatutesInForce
    from sim.population.person import Person

_WEEK = 7


def consider_file(person: Person, state: State) -> None:
    """Time to prepare: the file is opened if a counsellor is there, else wanted until one is."""
    day = state.nation.day
    if person.open_day != day or person.file != FileState.NONE or person.status != Status.SENTENCED or person.withdrawn:
        return
    offer_file(person, state)


def offer_file(person: Person, state: State) -> None:
    """Ask for a file if the person consents; else ask again later, where contact may change their mind."""
    if willing(person, state):
        want_file(person, state)
    else:
        ask_later(person, state)


def want_file(person: Person, state: State) -> None:
    """Ask for a file: opened at once if a counsellor is there; not asked for when too little is left."""
    if planned_days_left(person, state) < parameters_for(state, person).files.shortest_remaining_days:
        return
    person.file = FileState.WANTED
    if person.counsellor == CounsellorState.HELD:
        open_file(person, state)


def open_file(person: Person, state: State) -> None:
    """Choose what to ask for and start working on it; nothing is begun when too little is left.

    A file that the last counsellor left open is taken up where it was, the work lost to be done again.
    """
    files = parameters_for(state, person).files
    if person.hours_left >= 0:
        start_file(state, person, person.hours_left, _due(person, state))
        person.hours_left = -1.0
        return
    if planned_days_left(person, state) < files.shortest_remaining_days:
        person.file = FileState.NONE
        return
    ask_with_file(person, state)
    asked = without_host(person, choose(person, state), state)
    if asked < 0:
        person.file = FileState.NONE
        return
    estimate_file(person, asked, state)
    start_file(state, person, person.needed, _due(person, state))
    consider_request(person, state)
    if state.regimes[state.adjustments[asked].first_regime].places == PlaceKind.DEVICES:
        state.offices[person.site].surveys_due += parameters_at_office(state, person).probation_service.survey_hours
    write(state, Movement.FILE_OPENED, person, asked, -1)


def _due(person: Person, state: State) -> int:
    """Day from which a file shares the hours with the others: some time before the law opens what it asks for."""
    opens = first_day(person.asked, person, law_for(state, person))
    return int(opens - parameters_for(state, person).files.first_days)


def estimate_file(person: Person, asked: int, state: State) -> None:
    """Set what is asked for from today: the hours the file needs, and the day by which others have answered."""
    day, files = state.nation.day, parameters_for(state, person).files
    occurrence = of_request(person)
    wait = lognormal_at(files.external_days[asked], draw(state, DecisionPoint.FILE_EXTERNAL, person, occurrence))
    if state.regimes[state.adjustments[asked].first_regime].places == PlaceKind.DEVICES:
        wait *= survey_factor(person, state)
    wait = hastened(wait, parameters_for(state, person).contact.papers, person, state)
    hours = lognormal_at(files.hours[asked], draw(state, DecisionPoint.FILE_HOURS, person, occurrence))
    if state.quarters[person.quarter].kind == QuarterKind.SAS:
        # Partners who come into the unit do part of the work, and answer sooner.
        wait *= parameters_for(state, person).release_units.answers_factor
        hours *= parameters_for(state, person).release_units.hours_factor
    person.asked = asked
    person.opened_day = day
    person.external_day = day + int(wait)
    person.needed = hours


def choose(person: Person, state: State) -> int:
    """Choose the adjustment to ask for, from the person's means: lodging leads to a tag, none to a place outside.

    Among those the law opens soon enough; weights are a practice parameter. Returns -1 if the law opens none.
    """
    files = parameters_for(state, person).files
    left = planned_days_left(person, state)
    law = law_for(state, person)
    soon = _soon_enough(person, state, law)
    latest = state.nation.day + (left if left < soon else soon)
    release = state.nation.release_code
    occurrence = of_request(person)
    # From a cell, the longest sentences lead to the measure that must come before the release (730-2).
    measure_first = probation_needed(person, law) > 0
    if left > files.long_remaining_days and not measure_first:
        # Mid-sentence with a project: conditional release, when the law opens it soon enough.
        likes = draw(state, DecisionPoint.FILE_RELEASE, person, occurrence) < files.long_release_share
        if likes and first_day(release, person, law) < latest:
            return release
    luck = draw(state, DecisionPoint.FILE_ASKED, person, occurrence)
    weights = files.asked_housed if housed(person, state) else files.asked_unhoused
    closed_by_cap = 1 << release if measure_first else 0
    while True:
        # Drawn by weight, then checked against the law; an adjustment the law keeps shut is drawn no more.
        total = 0.0
        for code in state.hearing_codes:
            if not closed_by_cap >> code & 1:
                total += weights[code]
        if total <= 0:
            return -1
        edge, chosen = luck * total, -1
        for code in state.hearing_codes:
            if closed_by_cap >> code & 1:
                continue
            chosen = code  # the last one, if rounding leaves none
            edge -= weights[code]
            if edge < 0:
                break
        if first_day(chosen, person, law) < latest:
            return chosen
        closed_by_cap |= 1 << chosen


def _soon_enough(person: Person, state: State, law: StatutesInForce) -> int:
    """Days within which the law must open an adjustment for it to be asked for now.

    A file begun earlier is for what opens first, not for a heavier measure that opens later: else beginning earlier would
    turn tags into conditional releases, whose files take three times the hours.
    """
    files = parameters_for(state, person).files
    if files.lead_days + _WEEK * 4 <= files.asked_within_days:
        return files.asked_within_days
    first = files.lead_days
    for code in state.hearing_codes:
        opens = first_day(code, person, law) - state.nation.day
        if opens < first:
            first = opens
    return max(files.asked_within_days, first + _WEEK * 4)


def without_host(person: Person, asked: int, state: State) -> int:
    """What is asked for in the end: semi-liberty when no host agrees to an external placement, if the law opens it."""
    parameters = parameters_for(state, person)
    person.host_refused = False
    if (
        asked < 0
        or not state.regimes[state.adjustments[asked].first_regime].hosted
        or parameters.placements.external_agreed_share >= 1.0
    ):
        return asked
    if draw(state, DecisionPoint.FILE_AGREED, person, of_request(person)) < parameters.placements.external_agreed_share:
        return asked
    latest = state.nation.day + parameters.files.lead_days
    for code in state.hearing_codes:
        if state.regimes[state.adjustments[code].first_regime].places == PlaceKind.SEMI_LIBERTY:
            if first_day(code, person, law_for(state, person)) >= min(latest, person.end_day):
                return asked
            person.host_refused = True
            return int(code)
    return asked


def weekly_plan(office: ProbationOffice, state: State) -> None:
    """One week of an office: newcomers are taken while there is room, then the hours go to the tasks in the plan's order."""
    take_newcomers(office, state)
    begin_week(office, state)
    local = parameters_in(state, office.place)
    service = local.probation_service
    hours = office.posts * hours_present(service) * left_of(state, office.site, HOURS)
    social = office.hours_social
    for rank in range(len(service.priority)):
        task = int(service.priority[rank])
        if task == Task.PREPARATION:
            hours -= prepare_files(office, hours, state)
        else:
            hours -= serve_task(office, task, hours, state)
    office.hours_unused += max(hours, 0.0)
    write_requests(office, office.hours_social - social, state)


def take_newcomers(office: ProbationOffice, state: State) -> None:
    """Take those who wait for a counsellor, in order of arrival, while one has room."""
    day = state.nation.day
    service = parameters_in(state, office.place).probation_service
    before = day - service.arrival_days
    slot = next_newcomer(state, office, before)
    while slot >= 0:
        person = state.people[slot]
        person.assigned_day = day
        if person.search_day < 0:
            person.search_day = day
            person.search_extra = search_gained(state)
        office.assigned += 1
        office.wait_days += day - person.enrolled_day
        write(state, Movement.ASSIGNED, person, -1, day - person.enrolled_day)
        date_successor(person, state)
        consider_request(person, state)
        if person.file == FileState.WANTED:
            open_file(person, state)
        slot = next_newcomer(state, office, before)


def date_successor(person: Person, state: State) -> None:
    """Date the day the counsellor who takes a person today leaves the post, if the person is still there."""
    person.successor_day = -1
    turnover = parameters_at_office(state, person).probation_service.turnover
    if turnover <= 0:
        return
    luck = draw(state, DecisionPoint.STAY_TURNOVER, person, of_counsellor(person))
    person.assignments += 1
    stays = -log(1.0 - luck) * DAYS_PER_YEAR / turnover
    if stays < person.end_day - state.nation.day:
        person.successor_day = state.nation.day + 1 + int(stays)
        schedule(state, person.successor_day, Step.TURNOVER, person)


def lose_counsellor(person: Person, state: State) -> None:
    """The counsellor leaves: the person is put back on the waiting list, and a share of the work on an open file is lost."""
    if person.successor_day != state.nation.day or person.counsellor != CounsellorState.HELD:
        return
    person.successor_day = -1
    if person.file == FileState.OPEN:
        office = state.offices[person.site]
        left = work_left(state, person)
        lost = (person.needed - left) * parameters_at_office(state, person).probation_service.turnover_lost
        stop_file(state, person)
        person.file = FileState.WANTED
        person.hours_left = left + (lost if lost > 0 else 0.0)
        office.files_lost += 1
    leave_counsellor(state, person)
    enrol(state, person, state.nation.day)


def prepare_files(office: ProbationOffice, hours: float, state: State) -> float:
    """Spend the hours left on the open files; return those spent. Files that time presses are then lodged as they stand."""
    used = office.hours_used
    if hours > 0:
        office.hours_offered += hours
        if office.active:
            files = parameters_in(state, office.place).files
            if files.order == Order.FIRST_COME:
                done = share_hours(state, office, hours, files.most_hours_a_week)
            else:
                done = work_in_order(state, office, hours, files.most_hours_a_week, files.order)
            for slot in done:
                finish_file(state.people[slot], state)
    if parameters_in(state, office.place).files.least_share < 1.0 and office.active:
        for slot in close_pressed(
            state,
            office,
            parameters_in(state, office.place).files.pressed_days,
            parameters_in(state, office.place).files.least_share,
        ):
            finish_file(state.people[slot], state)
    return office.hours_used - used


def finish_file(person: Person, state: State) -> None:
    """The counsellor's part is done; the request waits for the others' part and for the law to be near."""
    day = state.nation.day
    opens = first_day(person.asked, person, law_for(state, person))
    ready = person.external_day if person.external_day > day else day
    person.ready_day = ready
    ahead = opens - parameters_for(state, person).files.lodged_ahead_days if opens < NEVER else ready
    person.lodge_day = max(day + 1, ready, ahead)
    schedule(state, person.lodge_day, Step.LODGE, person)


def lodge(person: Person, state: State) -> None:
    """Lodge the request with the judge; its instruction begins."""
    day = state.nation.day
    if person.file != FileState.READY or person.lodge_day != day:
        return
    parameters = parameters_for(state, person)
    person.file = FileState.LODGED
    person.requested_day = day
    person.quality = known_file(person.quality, person, state)
    state.offices[person.site].reports_due += parameters.probation_service.report_hours
    luck = draw(state, DecisionPoint.HEARING_INSTRUCTION, person, of_request(person))
    ready = day + 1 + int(lognormal_at(parameters.hearings.instruction, luck))
    person.list_day = max(day + 1, last_listing(person, ready, state))
    law = law_for(state, person)
    if reinforced(person, law):
        # The stay at the national assessment centre and its report (D527-1).
        person.list_day = max(person.list_day, add_months(day, law.long_sentences.assessment_months))
    schedule(state, person.list_day, Step.LIST, person)
    date_referral(person, state)
    write(state, Movement.FILE_READY, person, -1, int(person.hours * 10))
    write(state, Movement.REQUESTED, person, person.asked, -1)
