"""Places to live in when one leaves prison (CHRS and others), reached through the SIAO of an interregion.

Two lots of places in each interregion: those open to anybody, where people from elsewhere (*rivals*) take whatever comes free
but the share that is offered to people who leave prison, and those reserved for the latter, which stand empty when nobody
asks. Everybody who has a place keeps it for a time; whoever comes from prison leaves on a day of a calendar, since the
person may be forgotten by then. People inside wait for a place on one line of the interregion, first come first served.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.queues import QueueKind, enqueue, leave_queue
from sim.population.person import LodgingStage

if TYPE_CHECKING:
    from sim.engine.compile import Count, Day
    from sim.institutions.state import State
    from sim.population.person import Person

WEEK = 7
LOTS = 2
"""Lots of places of an interregion: open to anybody, then reserved."""


class LodgingPool:
    """One lot of places in one interregion, and what happened to it since the last census.

    Requests and the line are counted with the lot that is open to anybody.
    """

    region: Count
    reserved: bool
    places: Count
    rivals: Count
    """People from elsewhere who have a place."""
    lodged: Count
    """People who left prison and have one."""
    kept: Count
    """Places kept for people still in prison."""
    filed_with: Count
    """Requests the SIAO examines."""
    queue: Count
    """Line of those whose request it has accepted."""
    week: Count
    """Last week of the run at which those whose time was over left."""
    leaving: float
    """Part of a person from elsewhere who has not left yet."""
    turn: float
    """Part of a place whose turn for somebody who leaves prison has come."""
    asked: Count
    filed: Count
    queued: Count
    unwritten: Count
    """Requests given up before anybody wrote them: the person has left, or found a home."""
    dropped: Count
    """The same while the SIAO examined them, or on the line."""
    refused: Count
    """Hosts' refusals; the person stays on the line."""
    admitted: Count
    expired: Count
    """Places no longer kept: the release did not come; the person is on the line again."""
    returned: Count
    """Kept places given back at the exit: the person has found a home, sleeps in prison, or is housed with the measure."""
    moved_in: Count
    moved_out: Count
    vacated: Count
    """Of these, back in a cell before their time was over."""
    unclaimed: Count
    """Places offered to people who leave prison when nobody waited: others took them."""
    wait_days: Count
    """Days on the line of those admitted, added up."""


def search_gained(state: State) -> float:
    """Days that a search under way since the first day has gained by today on one at the usual pace; below 0: lost."""
    nation = state.nation
    return float(nation.search_extra + (state.parameters.lodging.search_pace - 1.0) * (nation.day - nation.search_since_day))


def lodging_row(state: State, person: Person) -> int:
    """Row of the lot open to anybody in a person's interregion; the reserved one is next."""
    return LOTS * int(state.quarters[person.home_quarter].region)


def free_beds(pool: LodgingPool) -> int:
    """Places nobody has; none while more people are there than a lot that shrank has places."""
    free = pool.places - pool.rivals - pool.lodged - pool.kept
    return int(free) if free > 0 else 0


def want_request(state: State, person: Person) -> None:
    """Put somebody on the list of requests that the establishment has to write."""
    person.lodging_stage = LodgingStage.TO_FILE
    person.lodging_since_day = state.nation.day
    enqueue(state, QueueKind.LODGING, state.offices[person.site].lodging_queue, person)


def join_line(state: State, person: Person) -> None:
    """Put somebody last on the line of the interregion."""
    person.lodging_stage = LodgingStage.WAITING
    person.lodging_since_day = state.nation.day
    enqueue(state, QueueKind.LODGING, state.lodgings[lodging_row(state, person)].queue, person)


def follow_person(state: State, person: Person) -> None:
    """Have the request of somebody who was moved written where they are now, after those that wait there."""
    if person.lodging_stage == LodgingStage.TO_FILE:
        person.lodging_since_day = state.nation.day
        enqueue(state, QueueKind.LODGING, state.offices[person.site].lodging_queue, person)


def give_up_request(state: State, person: Person) -> None:
    """Close a request that led to no place."""
    pool = state.lodgings[lodging_row(state, person)]
    stage = person.lodging_stage
    if stage == LodgingStage.TO_FILE:
        pool.unwritten += 1
    elif stage == LodgingStage.FILED:
        pool.filed_with -= 1
        pool.dropped += 1
    elif stage == LodgingStage.WAITING:
        pool.dropped += 1
    leave_queue(state, QueueKind.LODGING, person)
    person.lodging_stage = LodgingStage.NONE


def keep_bed(state: State, person: Person, row: int) -> None:
    """Keep a place of a lot for somebody taken off the line."""
    pool = state.lodgings[row]
    pool.kept += 1
    pool.admitted += 1
    pool.wait_days += state.nation.day - person.lodging_since_day
    person.lodging_stage = LodgingStage.KEPT
    person.lodging_pool = row


def let_go(state: State, person: Person) -> None:
    """Give a kept place back at the exit of somebody who does not need it."""
    pool = state.lodgings[person.lodging_pool]
    pool.kept -= 1
    pool.returned += 1
    person.lodging_stage = LodgingStage.NONE


def move_in(state: State, person: Person, until: Day) -> None:
    """Take the place that was kept, until a day; at least a week."""
    pool = state.lodgings[person.lodging_pool]
    pool.kept -= 1
    pool.lodged += 1
    pool.moved_in += 1
    person.lodging_stage = LodgingStage.LODGED
    first, day = state.nation.start_day, state.nation.day
    # The week at whose meeting they have left: never one that is over.
    week = (max(until, day + WEEK) - first + WEEK - 1) // WEEK
    person.lodging_until_day = first + WEEK * week
    if week < state.lodging_ends.shape[1]:
        state.lodging_ends[person.lodging_pool, week] += 1


def vacate(state: State, person: Person) -> None:
    """Free the place of somebody who is back in a cell before their time was over there."""
    if person.lodging_stage == LodgingStage.LODGED:
        pool = state.lodgings[person.lodging_pool]
        week = (person.lodging_until_day - state.nation.start_day) // WEEK
        if week > pool.week:
            if week < state.lodging_ends.shape[1]:
                state.lodging_ends[person.lodging_pool, week] -= 1
            pool.lodged -= 1
            pool.moved_out += 1
            pool.vacated += 1
    person.lodging_stage = LodgingStage.NONE


def people_leave(state: State, row: int, stay_days: float) -> None:
    """Let those leave whose time is over by today's weekly meeting; people from elsewhere stay as long on average."""
    pool = state.lodgings[row]
    week = (state.nation.day - state.nation.start_day) // WEEK
    ended = state.lodging_ends[row, week]
    pool.lodged -= ended
    pool.moved_out += ended
    pool.week = week
    pool.leaving += pool.rivals * WEEK / stay_days if stay_days > 0 else 0.0
    leaving = min(int(pool.leaving), pool.rivals)
    pool.leaving -= int(pool.leaving)
    pool.rivals -= leaving


def own_turn(pool: LodgingPool, share: float) -> bool:
    """Whether the next free place of a lot open to anybody is for somebody who leaves prison."""
    pool.turn += share
    if pool.turn < 1.0 - 1e-9:
        return False
    pool.turn -= 1.0
    return True


def first_in_line(state: State, row: int) -> int:
    """Slot of the first person on the line of an interregion, taken off it; -1 if there is none."""
    slot = state.queues[state.lodgings[row].queue].first
    if slot >= 0:
        leave_queue(state, QueueKind.LODGING, state.people[slot])
    return int(slot)
