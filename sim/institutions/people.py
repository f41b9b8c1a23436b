"""The table of people: a slot each, free again once nothing more can happen to the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.queues import KINDS_OF_LINE
from sim.population.person import AT_LIBERTY

if TYPE_CHECKING:
    from sim.institutions.state import System
    from sim.population.person import Person

NOBODY = -1


def free_slot(system: System, person: Person) -> None:
    """Give a person's slot back: released, and not to return within the run."""
    for kind in range(KINDS_OF_LINE):
        assert system.links[person.slot, kind].line < 0, "still waiting for something"
    person.id = NOBODY
    person.status = AT_LIBERTY
    nation = system.nation
    system.free[nation.free_slots] = person.slot
    nation.free_slots += 1
