"""The register (*échéancier*): the dated steps of every person, applied day by day.

A step is a person on the list of a day and a kind. Adding one costs the same whatever the list; nothing is ever searched
for or removed: a step that has become void finds, when its day comes, that the person's own date is no longer this one, and
does nothing.

Order within a day is a rule (decision 0002), written once in :class:`Step`; within a kind, persons are taken by identifier,
so that order never depends on a history another scenario could change.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.fetching import fetch

if TYPE_CHECKING:
    from sim.compiling import Count, Day
    from sim.institutions.system import System
    from sim.population.person import Person


class Step(IntEnum):
    """Kinds of dated step, in the order of a day: ends, decisions taking effect, boards and files; then committals."""

    END = 0
    """The sentence ends (or the committal of a person held without one)."""
    TRIAL = 1
    """Remand ends: judgment or release."""
    REMISSION = 2
    """Review of the remission."""
    FURTHER = 3
    """A further sentence is put into execution during the stay."""
    WITHDRAWAL = 4
    """A measure is withdrawn."""
    EFFECT = 5
    """A granted measure takes effect, if there is a place."""
    PROBATION = 6
    """A measure served as probation turns into conditional release."""
    AGAIN = 7
    """After a withdrawn measure, something may be asked for again."""
    BOARD = 8
    """Examination of the LSC of art. 720 § I at two thirds."""
    BOARD_OF_RIGHT = 9
    """Examination of the LSC as of right (§ II)."""
    TURNOVER = 10
    """The counsellor who holds the person leaves the post."""
    FILE = 11
    """Time to open a file for an adjustment."""
    LODGE = 12
    """A ready file may be lodged with the judge."""
    LIST = 13
    """The request is ready to be heard and joins the hearing queue."""
    CHAMBER = 14
    """A request not heard in the legal delay is taken to the chamber, then decided by it."""
    COMMITTAL = 15
    """A person comes under committal."""


(
    END,
    TRIAL,
    REMISSION,
    FURTHER,
    WITHDRAWAL,
    EFFECT,
    PROBATION,
    AGAIN,
    BOARD,
    BOARD_OF_RIGHT,
    TURNOVER,
    FILE,
    LODGE,
    LIST,
    CHAMBER,
    COMMITTAL,
) = map(int, Step)
"""The kinds as plain integers, for compiled code."""

_NONE = -1
_APPLIED = -2
_SLOTS = 1 << 32


class Dated:
    """One entry of a day's list."""

    id: Count
    """Person, so that an entry outlives the slot it was made for without harm."""
    slot: Count
    after: Count
    """Next entry of the list, or of the free ones."""


def date_step(system: System, day: Day, step: int, person: Person) -> None:
    """Date a step; a day already applied is an error, a day beyond the horizon is forgotten."""
    nation = system.nation
    if day >= nation.end_day:
        return
    heads = system.heads[step]
    head = heads[day - nation.start_day]
    assert head != _APPLIED, "the step's day is past"
    entry = nation.free_entry
    assert entry >= 0, "the register is full"
    dated = system.dated[entry]
    nation.free_entry = dated.after
    nation.entries_left -= 1
    dated.id = person.id
    dated.slot = person.slot
    dated.after = head
    heads[day - nation.start_day] = entry


def due(system: System, step: int) -> np.ndarray[Any, Any]:
    """Take the people whose step falls due today off the register, by identifier: slots, shape ``(n_due,)``.

    A handler may date another step of a later kind for the same day; one of the same or an earlier kind would be lost, and
    is an error.
    """
    nation = system.nation
    heads = system.heads[step]
    today = nation.day - nation.start_day
    first = heads[today]
    assert first != _APPLIED, "a day is applied once"
    heads[today] = _APPLIED
    number = 0
    entry = first
    while entry >= 0:
        number += 1
        fetch(system.people[system.dated[entry].slot])
        entry = system.dated[entry].after
    found = np.empty(number, dtype=np.int64)
    number = 0
    entry = first
    while entry >= 0:
        dated = system.dated[entry]
        after = dated.after
        if system.people[dated.slot].id == dated.id:
            found[number] = int(dated.id) * _SLOTS + int(dated.slot)
            number += 1
        dated.after = nation.free_entry
        nation.free_entry = entry
        nation.entries_left += 1
        entry = after
    found = found[:number]
    found.sort()
    nation.applied += number
    for place in range(number):
        found[place] %= _SLOTS
    return found
