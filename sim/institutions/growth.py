"""Making room: tables that grow during a run, between two acts of an institution.

Compiled code takes rows and never makes any: whoever calls it first makes sure that there are enough. Each function returns
the tables made anew, by the names :class:`~sim.institutions.state.System` gives them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.compile import fields_of
from sim.engine.prefetch import in_lines
from sim.institutions.agenda import PAGE
from sim.institutions.probation_service import OpenFile
from sim.institutions.queues import KINDS_OF_LINE, Link
from sim.population.person import PERSON

if TYPE_CHECKING:
    from sim.institutions.state import System

    Tables = dict[str, Any]

WHOLE = np.dtype((np.void, PERSON.itemsize))
"""A row of the table of people as so many bytes."""
_STEPS_AHEAD = 3
"""Most steps dated in a month for each person, on average."""


def more_people(system: System, number: int, blank: Any) -> Tables:
    """Add slots for so many people, nobody's yet: rows like ``blank``, and their links."""
    old: Any = system.people
    before = len(old)
    table: Any = in_lines(before + number, PERSON).view(np.recarray)
    table.view(WHOLE)[:before] = old.view(WHOLE)
    table.view(WHOLE)[before:] = blank
    table.slot = np.arange(before + number)
    links: Any = np.zeros((before + number, KINDS_OF_LINE), dtype=fields_of(Link)).view(np.recarray)
    links.line = links.before = links.after = -1
    links[:before] = system.links
    free: Any = np.zeros(before + number, dtype=np.int32)
    left = int(system.nation.free_slots)
    # The lowest slots are on top: they are taken first.
    free[:number] = np.arange(before + number - 1, before - 1, -1)
    free[number : number + left] = system.free[:left]
    system.nation.free_slots = left + number
    return {"people": table, "links": links, "free": free}


def pages_wanted(system: System) -> int:
    """Pages of the register that may be taken in a month: full ones, and one begun for each kind and day."""
    return _STEPS_AHEAD * len(system.people) // (PAGE - 1) + int(system.heads.size)


def more_pages(system: System, number: int) -> Tables:
    """Add so many pages to the register."""
    before = len(system.pages)
    pages = in_lines((before + number) * PAGE, np.int64).reshape(-1, PAGE)
    pages[:before] = system.pages
    pages[before:, 0] = np.arange(before + 1, before + number + 1)
    pages[-1, 0] = system.nation.free_page
    system.nation.free_page = before
    system.nation.pages_left += number
    return {"pages": pages}


def more_desks(system: System) -> Tables:
    """Give each antenna a row for every file its counsellors may hold, no more than there are people; nothing if it has."""
    antennae: Any = system.antennae
    wanted = np.minimum(antennae.capacity, len(system.people))
    if (wanted <= antennae.room).all():
        return {}
    old: Any = system.files
    room = np.maximum(wanted, antennae.room)
    files: Any = np.zeros(int(room.sum()), dtype=fields_of(OpenFile)).view(np.recarray)
    first = np.cumsum(room) - room
    people: Any = system.people
    for antenna, begins in zip(antennae, first.tolist(), strict=True):
        kept = old[antenna.first_file : antenna.first_file + antenna.active]
        files[begins : begins + len(kept)] = kept
        people.file_place[kept.slot] = begins + np.arange(len(kept))
    antennae.first_file, antennae.room = first, room
    return {"files": files}
