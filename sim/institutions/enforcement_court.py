"""The sentence-enforcement judge (*juge de l'application des peines*, JAP) of each establishment.

Adversarial hearings (art. 712-6) are held in sittings that take a finite number of files, first come first served; who has
left prison in the meantime is skipped. A sitting's slots accumulate as a fraction, so that a small court with 2.5 files a
month hears 2 or 3, never a rounded-up 3. Boards (*commission de l'application des peines*, CAP) sit on fixed days.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from sim.population.person import LISTED

if TYPE_CHECKING:
    from sim.population.person import Person

_BOARD_PERIOD = 28


class Court:
    """The hearings of one establishment."""

    __slots__ = ("board_offset", "credit", "heard", "interval", "per_day", "queue", "site", "slots", "waiting")

    def __init__(self, site: int) -> None:
        self.site = site
        self.queue: deque[tuple[Person, int]] = deque()
        self.waiting = 0
        self.per_day = 0.0
        self.interval = _BOARD_PERIOD
        self.credit = 0.0
        self.slots = 0
        self.heard = 0
        self.board_offset = (site * 11) % _BOARD_PERIOD

    def provide(self, slots_per_year: float) -> None:
        """Set the hearing slots a year; larger courts sit weekly or fortnightly, small ones every four weeks."""
        self.per_day = slots_per_year / 365.25
        monthly = slots_per_year / 12
        self.interval = 7 if monthly >= 32 else 14 if monthly >= 12 else _BOARD_PERIOD

    def enter(self, person: Person, day: int) -> None:
        """List a request that is ready to be heard."""
        person.file = LISTED
        person.step_day = day
        self.waiting += 1
        self.queue.append((person, day))

    def leave(self, person: Person) -> None:
        """Strike a request off the list (release, transfer, withdrawal of the request)."""
        if person.file == LISTED:
            self.waiting -= 1

    def sitting(self, overdue_before: int) -> list[Person]:
        """Take the files of one sitting, first come first served.

        Parameters
        ----------
        overdue_before
            Requests lodged before this day are heard whatever the slots (a deadline that is enforced); -1 for none.

        Returns
        -------
            People to be heard today.
        """
        self.credit += self.per_day * self.interval
        number = int(self.credit)
        self.credit -= number
        self.slots += number
        taken: list[Person] = []
        queue = self.queue
        while queue:
            person, listed = queue[0]
            if not self._awaits(person, listed):
                queue.popleft()
                continue
            if number <= 0:
                break
            number -= 1
            queue.popleft()
            taken.append(person)
        if overdue_before >= 0:
            # The list is in the order requests became ready, not in that in which they were lodged: look at all of it.
            late = [entry for entry in queue if self._awaits(*entry) and entry[0].requested_day < overdue_before]
            if late:
                gone = {person.id for person, _ in late}
                self.queue = deque(entry for entry in queue if entry[0].id not in gone)
                self.slots += len(late)
                taken += [person for person, _ in late]
        self.waiting -= len(taken)
        self.heard += len(taken)
        return taken

    def _awaits(self, person: Person, listed: int) -> bool:
        return person.file == LISTED and person.step_day == listed and person.site == self.site

    def board_on_or_after(self, day: int) -> int:
        """Next session of the board."""
        return day + (self.board_offset - day) % _BOARD_PERIOD

    def board_on_or_before(self, day: int) -> int:
        """Last session of the board."""
        return day - (day - self.board_offset) % _BOARD_PERIOD
