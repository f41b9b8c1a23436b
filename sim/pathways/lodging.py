"""Where somebody goes at the exit: a home they have, one found by a search, or a place asked for through the SIAO.

Of those who have nowhere to go a share ask for a place: when a file is opened, or some time before the end that is planned on.
The request waits for somebody's hours (a social worker's, else a counsellor's), then for the SIAO, then on the line of the
interregion for a place and a host who agrees. A place is kept for a time only, unless a release has been granted; without
one the search for a home goes on beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.agenda import Step, schedule
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.expected_end import planned_days_left
from sim.institutions.lodging import (
    LOTS,
    first_in_line,
    free_beds,
    give_up_request,
    join_line,
    keep_bed,
    let_go,
    lodging_row,
    move_in,
    own_turn,
    people_leave,
    search_gained,
    want_request,
)
from sim.institutions.queues import QueueKind, enqueue, leave_queue
from sim.institutions.state import draw, lognormal_at, parameters_for, parameters_in, parameters_of_region
from sim.institutions.working_week import Grade, hours_present, people_there
from sim.pathways.contact import hastened
from sim.pathways.occurrences import of_measure, of_offer
from sim.pathways.ties import search_with_ties
from sim.population.person import CounsellorState, FileState, LodgingStage
from sim.records.codes import Status

if TYPE_CHECKING:
    from sim.institutions.probation_service import ProbationOffice
    from sim.institutions.state import State
    from sim.population.person import Person


def has_home(person: Person, state: State) -> bool:
    """Whether there is a home to go to, at once for most, else found by a search that contact shortens."""
    if person.lodging_day == 0:
        return True
    search = hastened(person.lodging_day, parameters_for(state, person).contact.lodging, person, state)
    search = search_with_ties(search, person, state)
    return bool(person.search_day >= 0 and searched(person, state) >= search)


def searched(person: Person, state: State) -> float:
    """Days of search so far, at the pace of each of them."""
    return float(state.nation.day - person.search_day + search_gained(state) - person.search_extra)


def consider_request(person: Person, state: State) -> None:
    """Ask for a place for somebody a counsellor follows, if they would take one: now, or on the day it is time."""
    share = parameters_for(state, person).lodging.asked_share
    if share <= 0 or person.lodging_day == 0 or person.lodging_stage != LodgingStage.NONE:
        return
    if person.status != Status.SENTENCED or person.counsellor != CounsellorState.HELD or person.life:
        return
    if draw(state, DecisionPoint.LODGING_ASKED, person, person.stay) >= share or has_home(person, state):
        return
    early = planned_days_left(person, state) - parameters_for(state, person).lodging.ahead_days
    if early > 0 and person.file != FileState.OPEN:
        person.lodging_step_day = state.nation.day + early
        schedule(state, person.lodging_step_day, Step.LODGING, person)
        return
    state.lodgings[lodging_row(state, person)].asked += 1
    want_request(state, person)


def follow_request(person: Person, state: State) -> None:
    """What falls due today: asking, the answer of the SIAO, or a place that is no longer kept."""
    if person.lodging_step_day != state.nation.day:
        return
    person.lodging_step_day = -1
    stage = person.lodging_stage
    if stage == LodgingStage.NONE:
        consider_request(person, state)
    elif stage == LodgingStage.FILED:
        pool = state.lodgings[lodging_row(state, person)]
        pool.filed_with -= 1
        pool.queued += 1
        join_line(state, person)
    elif stage == LodgingStage.KEPT:
        if person.file == FileState.GRANTED:
            keep_longer(person, state)  # a release that is certain: the host waits for it
            return
        pool = state.lodgings[person.lodging_pool]
        pool.kept -= 1
        pool.expired += 1
        join_line(state, person)


def write_requests(office: ProbationOffice, by_counsellors: float, state: State) -> None:
    """Write requests, first come first served, with the hours of a week: a share of the social work done, and what is over.

    Parameters
    ----------
    by_counsellors
        Hours of social work that counsellors did in place of social workers.
    """
    here = parameters_in(state, office.place)
    lodging, support = here.lodging, here.support
    if lodging.asked_share <= 0:
        return
    wanted = people_there(office, state) * support.work[Grade.SOCIAL_WORKERS]
    there = office.share * support.posts[Grade.SOCIAL_WORKERS] * hours_present(here.probation_service)
    office.lodging_hours += lodging.work_share * (min(wanted, there) + by_counsellors) + max(there - wanted, 0.0)
    line = state.queues[office.lodging_queue]
    while line.length and office.lodging_hours >= lodging.request_hours:
        person = state.people[line.first]
        if has_home(person, state):
            give_up_request(state, person)
            continue
        office.lodging_hours -= lodging.request_hours
        leave_queue(state, QueueKind.LODGING, person)
        pool = state.lodgings[lodging_row(state, person)]
        pool.filed += 1
        pool.filed_with += 1
        person.lodging_stage = LodgingStage.FILED
        takes = lognormal_at(lodging.siao, draw(state, DecisionPoint.LODGING_SIAO, person, of_measure(person)))
        person.lodging_step_day = state.nation.day + 1 + int(takes)
        schedule(state, person.lodging_step_day, Step.LODGING, person)
    if not line.length:
        office.lodging_hours = min(office.lodging_hours, lodging.request_hours)  # hours are not saved for later


def give_places(state: State) -> None:
    """Once a week: those whose time is over leave, and what is free goes to those who wait, here or elsewhere."""
    for region in range(state.nation.regions):
        lodging = parameters_of_region(state, region).lodging
        row = LOTS * region
        for lot in range(row, row + LOTS):
            people_leave(state, lot, lodging.stay_days)
        # Each person is offered to a host once a week at most.
        offers = int(state.queues[state.lodgings[row].queue].length)
        for _ in range(free_beds(state.lodgings[row + 1])):
            offers = _offer(row, row + 1, offers, state)
            if offers < 0:
                break
        offers = max(offers, 0)
        pool = state.lodgings[row]
        for _ in range(free_beds(pool)):
            if lodging.asked_share > 0 and own_turn(pool, lodging.own_share):
                offers = _offer(row, row, offers, state)
                if offers >= 0:
                    continue
                offers = 0
                pool.unclaimed += 1
            pool.rivals += 1


def _offer(row: int, lot: int, offers: int, state: State) -> int:
    """Offer a free place to those in line until a host takes one; return the offers left of the week, -1 if none did."""
    line, pool = state.lodgings[row].queue, state.lodgings[row]
    while offers > 0:
        slot = first_in_line(state, row)
        if slot < 0:
            return -1
        offers -= 1
        person = state.people[slot]
        if has_home(person, state):
            give_up_request(state, person)
            continue
        luck = draw(state, DecisionPoint.LODGING_HOST, person, of_offer(person))
        person.lodging_offers += 1
        if luck >= parameters_for(state, person).lodging.agreed_share:
            pool.refused += 1
            enqueue(state, QueueKind.LODGING, line, person)  # last again, since the same day: another host may agree
            continue
        keep_bed(state, person, lot)
        keep_longer(person, state)
        return offers
    return -1


def keep_longer(person: Person, state: State) -> None:
    """Keep a place for the days a host does, from today."""
    person.lodging_step_day = state.nation.day + max(1, parameters_for(state, person).lodging.kept_days)
    schedule(state, person.lodging_step_day, Step.LODGING, person)


def leave_for(person: Person, state: State, regime: int) -> None:
    """Settle the request of somebody who leaves a cell: the place that is kept is taken, or given back if it is not needed."""
    stage = person.lodging_stage
    if stage == LodgingStage.NONE or stage == LodgingStage.LODGED:
        return
    if stage != LodgingStage.KEPT:
        give_up_request(state, person)
    elif has_home(person, state) or (regime >= 0 and (state.regimes[regime].sleeps_inside or state.regimes[regime].hosted)):
        let_go(state, person)
    else:
        stays = lognormal_at(
            parameters_for(state, person).lodging.stay, draw(state, DecisionPoint.LODGING_STAY, person, of_measure(person))
        )
        move_in(state, person, state.nation.day + int(stays))
