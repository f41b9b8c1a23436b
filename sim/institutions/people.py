"""The table of people: a slot each, free again once nothing more can happen to the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.queues import KINDS_OF_QUEUE
from sim.records.codes import Status

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.population.person import Person

NOBODY = -1


def free_slot(state: State, person: Person) -> None:
    """Give a person's slot back: released, and not to return within the run."""
    for kind in range(KINDS_OF_QUEUE):
        assert state.links[person.slot, kind].queue < 0, "still waiting for something"
    person.id = NOBODY
    person.status = Status.AT_LIBERTY
    nation = state.nation
    state.free[nation.free_slots] = person.slot
    nation.free_slots += 1
