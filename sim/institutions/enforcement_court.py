"""The sentence-enforcement judge (*juge de l'application des peines*, JAP) of each establishment.

Adversarial hearings (art. 712-6) are held in sittings that take a finite number of files, first come first served; who has
left prison in the meantime is no longer listed. A sitting's slots accumulate as a fraction, so that a small court with 2.5
files a month hears 2 or 3, never a rounded-up 3. Boards (*commission de l'application des peines*, CAP) sit on fixed days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.institutions.lines import FOR_HEARING, join, quit_line
from sim.population.person import LISTED

if TYPE_CHECKING:
    from sim.compiling import Count, Day
    from sim.institutions.system import System
    from sim.population.person import Person

BOARD_PERIOD = 28


class Court:
    """The hearings of one establishment."""

    site: Count
    waiting: Count
    """Line of the requests ready to be heard."""
    per_day: float
    """Hearing slots a day."""
    interval: Count
    """Days from a sitting to the next."""
    credit: float
    slots: Count
    heard: Count
    board_offset: Count


def sitting_interval(slots_per_year: float) -> int:
    """Days between sittings: larger courts sit weekly or fortnightly, small ones every four weeks."""
    monthly = slots_per_year / 12
    return 7 if monthly >= 32 else 14 if monthly >= 12 else BOARD_PERIOD


def list_request(system: System, person: Person) -> None:
    """List a request that is ready to be heard."""
    person.file = LISTED
    person.step_day = system.nation.day
    join(system, FOR_HEARING, system.courts[person.site].waiting, person)


def sit(system: System, court: Court, overdue_before: Day) -> np.ndarray[Any, Any]:
    """Take the files of one sitting, first come first served.

    Parameters
    ----------
    overdue_before
        Requests lodged before this day are heard whatever the slots (a deadline that is enforced); -1 for none.

    Returns
    -------
        Slots of the people to be heard today, shape ``(n_heard,)``.
    """
    court.credit += court.per_day * court.interval
    number = int(court.credit)
    court.credit -= number
    court.slots += number
    line = system.lines[court.waiting]
    taken = np.empty(line.length, dtype=np.int64)
    heard = 0
    while line.length and heard < number:
        slot = line.first
        taken[heard] = slot
        heard += 1
        quit_line(system, FOR_HEARING, system.people[slot])
    if overdue_before >= 0:
        # The list is in the order requests became ready, not in that in which they were lodged: look at all of it.
        slot = line.first
        while slot >= 0:
            after = system.links[FOR_HEARING][slot].after
            person = system.people[slot]
            if person.requested_day < overdue_before:
                court.slots += 1
                taken[heard] = slot
                heard += 1
                quit_line(system, FOR_HEARING, person)
            slot = after
    court.heard += heard
    return taken[:heard]


def board_on_or_after(court: Court, day: Day) -> Day:
    """Next session of the board."""
    return day + (court.board_offset - day) % BOARD_PERIOD


def board_on_or_before(court: Court, day: Day) -> Day:
    """Last session of the board."""
    return day - (day - court.board_offset) % BOARD_PERIOD
