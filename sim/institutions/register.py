"""The register (*échéancier*): the dated steps of every person, applied day by day.

A step is a person in the list of a day and a kind. Adding one costs an ``append``; nothing is ever searched for or removed:
a step that has become void finds, when its day comes, that the person's own date is no longer this one, and does nothing.

Order within a day is a rule (decision 0002), written once in :class:`Step`; within a kind, persons are taken by identifier,
so that order never depends on a history another scenario could change.
"""

from __future__ import annotations

from enum import IntEnum
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.institutions.system import PenalSystem
    from sim.population.person import Person

    Handler = Callable[[Person, PenalSystem], None]

_BY_ID = attrgetter("id")


class Step(IntEnum):
    """Kinds of dated step, in the order of a day: ends, decisions taking effect, boards and files; then committals."""

    END = 0
    """The sentence ends (or the committal of a person held without one)."""
    TRIAL = 1
    """Remand ends: judgment or release."""
    REMISSION = 2
    """Review of the remission."""
    WITHDRAWAL = 3
    """A measure is withdrawn."""
    EFFECT = 4
    """A granted measure takes effect, if there is a place."""
    PROBATION = 5
    """A measure served as probation turns into conditional release."""
    BOARD = 6
    """Examination of the LSC of art. 720 § I at two thirds."""
    BOARD_OF_RIGHT = 7
    """Examination of the LSC as of right (§ II)."""
    FILE = 8
    """Time to open a file for an adjustment."""
    LODGE = 9
    """A ready file may be lodged with the judge."""
    LIST = 10
    """The request is ready to be heard and joins the hearing queue."""
    COMMITTAL = 11
    """A person comes under committal."""


END, TRIAL, REMISSION, WITHDRAWAL, EFFECT, PROBATION, BOARD, BOARD_OF_RIGHT, FILE, LODGE, LIST, COMMITTAL = map(int, Step)
"""The kinds as plain integers, for the loop: reading ``Step.END`` costs 130 ns in Python 3.11, a name of a module 10."""

MORNING = tuple(range(COMMITTAL))
"""Everything but committals, which come after the day's sittings."""


class Register:
    """Day buckets of one run.

    Parameters
    ----------
    start_day, end_day
        The run covers ``[start_day, end_day)``; steps dated later are not kept.
    """

    __slots__ = ("_buckets", "_handlers", "applied", "end_day", "start_day")

    def __init__(self, start_day: int, end_day: int) -> None:
        self.start_day = start_day
        self.end_day = end_day
        # One list a kind and day, found by the day's own number: dating a step is then one append. Days
        # before the run hold no list, and neither do days already applied: dating a step there fails.
        before: list[list[Person] | None] = [None] * start_day
        days = range(start_day, end_day)
        self._buckets: list[list[list[Person] | None]] = [before + [[] for _ in days] for _ in Step]
        self._handlers: list[Handler | None] = [None for _ in Step]
        self.applied = 0
        """Steps applied so far (a determinism check and the unit of the benchmarks)."""

    def handle(self, step: int, handler: Handler) -> None:
        """Say what a kind of step does."""
        self._handlers[step] = handler

    def on(self, day: int, step: int, person: Person) -> None:
        """Date a step; a day already applied is an error, a day beyond the horizon is forgotten."""
        if day < self.end_day:
            self._buckets[step][day].append(person)  # type: ignore[union-attr]  # None has no append: the error wanted

    def apply(self, day: int, steps: tuple[int, ...], system: PenalSystem) -> None:
        """Apply the steps of a day, kind by kind, persons by identifier.

        A handler may date another step of a later kind for the same day; one of the same or an earlier kind would be lost,
        and is an error.
        """
        for step in steps:
            bucket = self._buckets[step]
            persons = bucket[day]
            assert persons is not None, f"day {day} was applied before"
            bucket[day] = None
            if not persons:
                continue
            if len(persons) > 1:
                persons.sort(key=_BY_ID)
            handler = self._handlers[step]
            assert handler is not None, Step(step).name
            self.applied += len(persons)
            for person in persons:
                handler(person, system)
