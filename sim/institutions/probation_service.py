"""The probation service inside prisons (*SPIP, milieu fermé*): caseloads that are held, hours that run out.

Each establishment has an antenna. A newcomer waits until a counsellor has room (*posts × limit* files are held at most, the
rest wait in order of arrival); files are prepared with the hours left once duties are done, shared equally among the files
open (recidivism.md §3.2: *simulate the queue*). Equal sharing is kept in virtual time: ``progress`` is the hours each open
file has received since the beginning; a file that needs *w* hours is done when it has grown by *w*. Finding the next file to
finish is then a heap's top, not a pass over all files.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from sim.population.person import HELD, OPEN, READY, UNKNOWN, WAITING

if TYPE_CHECKING:
    from sim.population.person import Person


class Antenna:
    """The counsellors of one establishment."""

    __slots__ = (
        "active",
        "assigned",
        "capacity",
        "done",
        "files",
        "held",
        "hours_offered",
        "hours_used",
        "posts",
        "progress",
        "queue",
        "site",
        "wait_days",
        "waiting",
    )

    def __init__(self, site: int) -> None:
        self.site = site
        self.posts = 0.0
        self.capacity = 0
        self.held = 0
        self.waiting = 0
        self.queue: deque[tuple[Person, int]] = deque()
        self.files: list[tuple[float, int, int, Person]] = []
        self.active = 0
        self.progress = 0.0
        self.hours_offered = 0.0
        self.hours_used = 0.0
        self.assigned = 0
        self.wait_days = 0
        self.done = 0

    def staff(self, posts: float, limit: float) -> None:
        """Set the counsellors in post and how many people each may hold."""
        self.posts = posts
        self.capacity = int(posts * limit)

    def enrol(self, person: Person, day: int) -> None:
        """Put a newcomer on the list of those who wait for a counsellor."""
        person.counsellor = WAITING
        person.enrolled_day = day
        self.waiting += 1
        self.queue.append((person, day))

    def take(self, before_day: int) -> Person | None:
        """Next person a counsellor has room for, among those enrolled by ``before_day``; who has left is skipped."""
        queue = self.queue
        while queue and self.held < self.capacity:
            person, enrolled = queue[0]
            if person.counsellor != WAITING or person.enrolled_day != enrolled or person.site != self.site:
                queue.popleft()
                continue
            if enrolled > before_day:
                return None
            queue.popleft()
            self.waiting -= 1
            self.held += 1
            person.counsellor = HELD
            return person
        return None

    def leave(self, person: Person) -> None:
        """Take a person off the list or off the caseload."""
        if person.counsellor == HELD:
            self.held -= 1
        elif person.counsellor == WAITING:
            self.waiting -= 1
        person.counsellor = UNKNOWN

    def close(self, person: Person) -> None:
        """Stop preparing a file; the hours spent on it stay spent."""
        self.active -= 1
        person.hours += self.progress - person.work_from

    def open(self, person: Person, hours: float) -> None:
        """Start preparing a file that needs so many hours."""
        self.active += 1
        person.work_from = self.progress
        person.work_until = self.progress + hours
        heappush(self.files, (person.work_until, person.id, person.stay, person))

    def work(self, hours: float, most: float) -> list[Person]:
        """Spend the hours of a week on the open files; no file takes more than ``most`` hours in a week.

        Returns
        -------
            The people whose file is finished, in the order they finished.
        """
        finished: list[Person] = []
        room = most
        while self.active and hours > 0 and room > 0:
            while self.files and not self._open_at_top():
                heappop(self.files)
            if not self.files:
                break
            need = self.files[0][0] - self.progress
            step = min(need, room, hours / self.active)
            self.progress += step
            hours -= step * self.active
            self.hours_used += step * self.active
            room -= step
            if step >= need - 1e-9:
                person = heappop(self.files)[3]
                person.file = READY
                person.hours += self.progress - person.work_from
                self.active -= 1
                finished.append(person)
            elif step < need:
                break
        self.done += len(finished)
        return finished

    def _open_at_top(self) -> bool:
        mark, _, stay, person = self.files[0]
        return person.file == OPEN and person.stay == stay and person.work_until == mark and person.site == self.site
