"""Queues, first come first served: doubly linked lists of people, by slot.

Each queue of the country is a row of one table: its first and last person, and its length. A person has a link for each kind of
queue, to the one before and the one after. Joining, leaving and being served take the same time whatever the length:
nobody is searched for, and a queue holds those who wait in it only.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.compile import entry

if TYPE_CHECKING:
    from sim.engine.compile import Code, Count
    from sim.institutions.state import State
    from sim.population.person import Person


class QueueKind(IntEnum):
    """What people queue for; a person is in one queue of a kind at most."""

    COUNSELLOR = 0
    """A counsellor of the establishment."""
    HEARING = 1
    """A hearing of the court that decides."""
    PLACE = 2
    """A scarce place of the measure granted."""
    TRANSFER = 3
    """A place in a detention centre or a *maison centrale*."""
    SUPPORT = 4
    """A place in a *structure d'accompagnement vers la sortie*."""
    RETURN = 5
    """The month of a return to prison."""
    LODGING = 6
    """Somebody to write a request for a place to live in, then a place."""
    JOB = 7
    """A job in the quarter."""
    CARE = 8
    """Treatment in the establishment."""


KINDS_OF_QUEUE = len(QueueKind)
NOBODY = -1


class Queue:
    """One line."""

    first: Count
    """Slot of the first person, -1 if there is none."""
    last: Count
    length: Count


class QueueLink:
    """Where a person stands in the line of a kind.

    The links of a person lie side by side: whoever leaves a cell looks at four kinds at once.
    """

    queue: Code
    """Row of the line, -1 if the person is in none."""
    before: Count
    after: Count


def enqueue(state: State, kind: QueueKind, line: int, person: Person) -> None:
    """Take the last place of a line, leaving any other of the kind."""
    slot = person.slot
    links = state.links
    link = links[slot, kind]
    if link.queue >= 0:
        leave_queue(state, kind, person)
    queue = state.queues[line]
    link.queue = line
    link.before = queue.last
    link.after = NOBODY
    if queue.last >= 0:
        links[queue.last, kind].after = slot
    else:
        queue.first = slot
    queue.last = slot
    queue.length += 1


def enqueue_first(state: State, kind: QueueKind, line: int, person: Person) -> None:
    """Take the first place of a line: whoever was promised it."""
    enqueue(state, kind, line, person)
    links = state.links
    queue = state.queues[line]
    slot = person.slot
    if queue.first == slot:
        return
    link = links[slot, kind]
    links[link.before, kind].after = NOBODY
    queue.last = link.before
    link.before = NOBODY
    link.after = queue.first
    links[queue.first, kind].before = slot
    queue.first = slot


def leave_queue(state: State, kind: QueueKind, person: Person) -> None:
    """Leave the line of a kind, if the person is in one."""
    links = state.links
    link = links[person.slot, kind]
    if link.queue < 0:
        return
    queue = state.queues[link.queue]
    if link.before >= 0:
        links[link.before, kind].after = link.after
    else:
        queue.first = link.after
    if link.after >= 0:
        links[link.after, kind].before = link.before
    else:
        queue.last = link.before
    queue.length -= 1
    link.queue = NOBODY


@entry(0, 0, on_tables=True)
def slots_in_queue(state: State, kind: QueueKind, line: int) -> np.ndarray[Any, Any]:
    """Slots of those who wait in a line, first come first, shape ``(length,)``."""
    queue = state.queues[line]
    slots = np.empty(queue.length, dtype=np.int64)
    slot = queue.first
    for place in range(queue.length):
        slots[place] = slot
        slot = state.links[slot, kind].after
    return slots
