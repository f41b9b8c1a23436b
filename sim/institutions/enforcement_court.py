"""The sentence-enforcement judge (*juge de l'application des peines*, JAP) of each establishment, and the courts of three.

Adversarial hearings (art. 712-6) are held in sittings that take a finite number of files, first come first served unless an
order of service says otherwise; who has left prison in the meantime is no longer listed. A sitting's slots accumulate as a
fraction, so that a small court with 2.5 files a month hears 2 or 3, never a rounded-up 3; they are fewer in the months of
leave. A hearing needs its notice. The court of three (*tribunal de l'application des peines*, TAP) of an interregion is a
court without establishment. Boards
(*commission de l'application des peines*, CAP) sit on fixed days, and take a finite number of files too. Judges are posts too:
what one more judge hears is his sittings of a year times the files of one, shared with free convicts and the open setting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.institutions.order_of_service import Order, in_order
from sim.institutions.queues import QueueKind, enqueue, enqueue_first, leave_queue
from sim.population.person import FileState

if TYPE_CHECKING:
    from sim.engine.compile import Code, Count, Day
    from sim.institutions.state import State
    from sim.population.person import Person

BOARD_PERIOD = 28


class Court:
    """The hearings of one establishment."""

    site: Count
    place: Code
    """What holds there (:func:`~sim.institutions.state.parameters_in`)."""
    queue: Count
    """Queue of the requests ready to be heard."""
    per_day: float
    """Hearing slots a day."""
    interval: Count
    """Days from a sitting to the next."""
    notice: Count
    """Days between the notice of a hearing and the hearing (D49-15)."""
    credit: float
    slots: Count
    heard: Count
    adjourned: Count
    """Hearings put off, among the heard."""
    cancelled: Count
    """Those put off because the person was not brought, among the adjourned."""
    beyond: Count
    """Hearings held beyond the slots there are, for a deadline that is kept, among the heard."""
    leaning: float
    """How the court leans: a standard normal, the same in every scenario of a replication (``hearings.court_spread``)."""
    board_offset: Count
    board_room: float
    """Files a session of the board takes."""
    board_left: float
    """Files the session of ``board_day`` can still take."""
    board_day: Day


def sitting_interval(slots_per_year: float) -> int:
    """Days between sittings: larger courts sit weekly or fortnightly, small ones every four weeks."""
    monthly = slots_per_year / 12
    return 7 if monthly >= 32 else 14 if monthly >= 12 else BOARD_PERIOD


def list_request(state: State, court: Court, person: Person) -> None:
    """List a request that is ready to be heard: first if it was put off to a fixed day, else last."""
    person.file = FileState.LISTED
    person.list_day = state.nation.day
    if person.adjourned:
        enqueue_first(state, QueueKind.HEARING, court.queue, person)
    else:
        enqueue(state, QueueKind.HEARING, court.queue, person)


def take_sitting(state: State, court: Court, overdue_before: Day, order: int = 0) -> np.ndarray[Any, Any]:
    """Take the files of one sitting.

    Parameters
    ----------
    overdue_before
        Requests lodged before this day are heard whatever the slots (a deadline that is enforced); -1 for none.
    order
        Who is heard first (:class:`~sim.institutions.order_of_service.Order`); those put off to a fixed day come before all.

    Returns
    -------
        Slots of the people to be heard today, shape ``(n_heard,)``.
    """
    court.credit += court.per_day * court.interval * state.nation.season
    number = int(court.credit)
    court.credit -= number
    court.slots += number
    queue = state.queues[court.queue]
    taken = np.empty(queue.length, dtype=np.int64)
    heard = 0
    if order != Order.FIRST_COME and number > 0:
        for slot in _notified(state, court, order)[:number]:
            taken[heard] = slot
            heard += 1
            leave_queue(state, QueueKind.HEARING, state.people[slot])
    while order == Order.FIRST_COME and queue.length and heard < number:
        slot = queue.first
        person = state.people[slot]
        if not person.adjourned and state.nation.day - person.list_day < court.notice:
            break  # nor was any of those behind notified in time
        taken[heard] = slot
        heard += 1
        leave_queue(state, QueueKind.HEARING, person)
    if overdue_before >= 0:
        # The list is in the order requests became ready, not in that in which they were lodged: look at all of it.
        slot = queue.first
        while slot >= 0:
            after = state.links[slot, QueueKind.HEARING].after
            person = state.people[slot]
            if person.requested_day < overdue_before:
                court.slots += 1
                court.beyond += 1
                taken[heard] = slot
                heard += 1
                leave_queue(state, QueueKind.HEARING, person)
            slot = after
    court.heard += heard
    return taken[:heard]


def _notified(state: State, court: Court, order: int) -> np.ndarray[Any, Any]:
    """Slots of those who may be heard today, in the order they are: put off to a fixed day, then by turn."""
    queue = state.queues[court.queue]
    fixed = np.empty(queue.length, dtype=np.int64)
    others = np.empty(queue.length, dtype=np.int64)
    promised = number = 0
    slot = queue.first
    while slot >= 0:
        person = state.people[slot]
        if person.adjourned:
            fixed[promised] = slot
            promised += 1
        elif state.nation.day - person.list_day >= court.notice:
            others[number] = slot
            number += 1
        slot = state.links[slot, QueueKind.HEARING].after
    return np.concatenate((fixed[:promised], in_order(state, others[:number], order)))


def board_takes(court: Court, day: Day) -> bool:
    """Whether today's session of the board has room for one more file, which is then taken."""
    _open_session(court, day)
    if court.board_left < 1.0:
        return False
    court.board_left -= 1.0
    return True


def board_takes_permission(court: Court, day: Day, places: float, share: float) -> bool:
    """Whether today's session has room for a permission, which then takes so many places: never more than a share of all."""
    if places <= 0:
        return True
    _open_session(court, day)
    if court.board_left - places < (1.0 - share) * court.board_room:
        return False
    court.board_left -= places
    return True


def _open_session(court: Court, day: Day) -> None:
    if court.board_day != day:
        # Places nobody came for are lost with their session, less than a place is kept for the next. A board that has not one
        # place a session keeps the one it has saved: in a part of the country nobody would be there the day it is whole.
        missed = (day - court.board_day) // BOARD_PERIOD - 1 if court.board_day >= 0 else 0
        kept = court.board_left + missed * court.board_room
        court.board_left = court.board_room + (min(kept, 1.0) if court.board_room < 1.0 else kept % 1.0)
        court.board_day = day


def board_on_or_after(court: Court, day: Day) -> Day:
    """Next session of the board."""
    return day + (court.board_offset - day) % BOARD_PERIOD


def board_on_or_before(court: Court, day: Day) -> Day:
    """Last session of the board."""
    return day - (day - court.board_offset) % BOARD_PERIOD
