"""Growth of tables during a run, between two calls of compiled code.

Compiled code takes rows and never makes any: whoever calls it first makes sure that there are enough. Each function returns
the tables made anew, by the names :class:`~sim.institutions.state.State` gives them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.compile import fields_of
from sim.engine.prefetch import in_lines
from sim.institutions.agenda import PAGE
from sim.institutions.probation_service import OpenFile
from sim.institutions.queues import KINDS_OF_QUEUE, QueueLink
from sim.population.person import PERSON

if TYPE_CHECKING:
    from sim.institutions.state import State

    Tables = dict[str, Any]

ROW_BYTES = np.dtype((np.void, PERSON.itemsize))
"""A row of the table of people as so many bytes."""
_STEPS_AHEAD = 3
"""Most steps dated in a month for each person, on average."""


def grow_people(state: State, number: int, blank: Any) -> Tables:
    """Add slots for so many people, nobody's yet: rows like ``blank``, and their links."""
    old: Any = state.people
    before = len(old)
    table: Any = in_lines(before + number, PERSON).view(np.recarray)
    table.view(ROW_BYTES)[:before] = old.view(ROW_BYTES)
    table.view(ROW_BYTES)[before:] = blank
    table.slot = np.arange(before + number)
    links: Any = np.zeros((before + number, KINDS_OF_QUEUE), dtype=fields_of(QueueLink)).view(np.recarray)
    links.queue = links.before = links.after = -1
    links[:before] = state.links
    free: Any = np.zeros(before + number, dtype=np.int32)
    left = int(state.nation.free_slots)
    # The lowest slots are on top: they are taken first.
    free[:number] = np.arange(before + number - 1, before - 1, -1)
    free[number : number + left] = state.free[:left]
    state.nation.free_slots = left + number
    return {"people": table, "links": links, "free": free}


def pages_wanted(state: State) -> int:
    """Pages of the register that may be taken in a month: full ones, and one begun for each kind and day."""
    return _STEPS_AHEAD * len(state.people) // (PAGE - 1) + int(state.last_page.size)


def grow_agenda(state: State, number: int) -> Tables:
    """Add so many pages to the register."""
    before = len(state.pages)
    pages = in_lines((before + number) * PAGE, np.int64).reshape(-1, PAGE)
    pages[:before] = state.pages
    pages[before:, 0] = np.arange(before + 1, before + number + 1)
    pages[-1, 0] = state.nation.free_page
    state.nation.free_page = before
    state.nation.pages_left += number
    return {"pages": pages}


def grow_open_files(state: State) -> Tables:
    """Give each office a row for every file its counsellors may hold, no more than there are people; nothing if it has."""
    offices: Any = state.offices
    wanted = np.minimum(offices.capacity, len(state.people))
    if (wanted <= offices.room).all():
        return {}
    old: Any = state.files
    room = np.maximum(wanted, offices.room)
    files: Any = np.zeros(int(room.sum()), dtype=fields_of(OpenFile)).view(np.recarray)
    first = np.cumsum(room) - room
    people: Any = state.people
    for office, begins in zip(offices, first.tolist(), strict=True):
        kept = old[office.first_file : office.first_file + office.active]
        files[begins : begins + len(kept)] = kept
        people.file_place[kept.slot] = begins + np.arange(len(kept))
    offices.first_file, offices.room = first, room
    return {"files": files}
