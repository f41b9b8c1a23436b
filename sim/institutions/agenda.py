"""The register (*échéancier*): the dated steps of every person, applied day by day.

A step is a person on the list of a day and a kind. Adding one costs the same whatever the list; nothing is ever searched
for or removed: a step that has become void finds, when its day comes, that the person's own date is no longer this one, and
does nothing. In the words of discrete-event simulation it is the future event list.

Order within a day is a rule (decision 0002), written once in :class:`Step`; within a kind, persons are taken by identifier,
so that order never depends on a history another scenario could change. Boards that are short of room are the exception: who
was put off comes first there (:mod:`sim.pathways.sessions`).
"""

from __future__ import annotations

from enum import IntEnum, unique
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.prefetch import prefetch

if TYPE_CHECKING:
    from sim.engine.compile import Day
    from sim.institutions.state import State
    from sim.population.person import Person


@unique
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
    """A measure meets an incident, and may be withdrawn."""
    EFFECT = 5
    """A granted measure takes effect, if there is a place."""
    PROBATION = 6
    """A measure served as probation turns into conditional release."""
    AGAIN = 7
    """After a withdrawn measure, something may be asked for again."""
    LEAVE = 8
    """A request for a permission to go out comes before the board."""
    BOARD = 9
    """Examination of the LSC of art. 720 § I at two thirds."""
    BOARD_OF_RIGHT = 10
    """Examination of the LSC as of right (§ II)."""
    TURNOVER = 11
    """The counsellor who holds the person leaves the post."""
    FILE = 12
    """Time to open a file for an adjustment."""
    LODGE = 13
    """A ready file may be lodged with the judge."""
    LIST = 14
    """The request is ready to be heard and joins the hearing queue."""
    CHAMBER = 15
    """A request not heard in the legal delay is taken to the chamber, then decided by it."""
    REMISSION_WITHDRAWN = 16
    """Misconduct costs part of the remission granted."""
    LODGING = 17
    """A place to live in is asked for, directed by the SIAO, or no longer kept."""
    WORK = 18
    """Somebody is put on the line for a job, or a job ends."""
    CARE = 19
    """Somebody is put on the line for care, or a treatment is completed; the last step of the morning."""
    COMMITTAL = 20
    """A person comes under committal."""


_APPLIED = -2
_SLOTS = 1 << 32
PAGE = 8
"""Numbers on a page of the register, one line of memory: the page that comes after it, then up to seven people (decision 0011).
"""
_FULL = PAGE - 1


def schedule(state: State, day: Day, step: Step, person: Person) -> None:
    """Date a step; a day already applied is an error, a day beyond the horizon is forgotten."""
    nation = state.nation
    if day >= nation.end_day:
        return
    last_page = state.last_page[step]
    # Eight times the page, plus the people on it; none (-1) looks like a full one.
    last = last_page[day - nation.start_day]
    assert last != _APPLIED, "the step's day is past"
    if last % PAGE == _FULL:
        page = nation.free_page
        assert page >= 0, "the register is full"
        nation.free_page = state.pages[page, 0]
        nation.pages_left -= 1
        state.pages[page, 0] = last
        last = page * PAGE
    last += 1
    # The person with the slot, so that an entry outlives the slot it was made for without harm.
    state.pages[last // PAGE, last % PAGE] = int(person.id) * _SLOTS + int(person.slot)
    last_page[day - nation.start_day] = last


def take_due(state: State, step: Step) -> np.ndarray[Any, Any]:
    """Take the people whose step falls due today off the register, by identifier: slots, shape ``(n_due,)``.

    A handler may date another step of a later kind for the same day; one of the same or an earlier kind would be lost, and
    is an error.
    """
    nation = state.nation
    last_page = state.last_page[step]
    today = nation.day - nation.start_day
    first = last_page[today]
    assert first != _APPLIED, "a day is applied once"
    last_page[today] = _APPLIED
    number = 0
    last = first
    while last >= 0:
        page = state.pages[last // PAGE]
        for place in range(1, last % PAGE + 1):
            prefetch(state.people[page[place] % _SLOTS])
        number += last % PAGE
        last = page[0]
    found = np.empty(number, dtype=np.int64)
    number = 0
    last = first
    while last >= 0:
        page = state.pages[last // PAGE]
        for place in range(1, last % PAGE + 1):
            found[number] = page[place]
            number += state.people[page[place] % _SLOTS].id == page[place] // _SLOTS
        after = page[0]
        page[0] = nation.free_page
        nation.free_page = last // PAGE
        nation.pages_left += 1
        last = after
    found = found[:number]
    found.sort()
    nation.applied += number
    for place in range(number):
        found[place] %= _SLOTS
    return found
