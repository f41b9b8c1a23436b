"""A collective remission (*grâce collective*): so many days for each month left, once, for everybody serving."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.dates import DAYS_PER_MONTH
from sim.engine.compile import entry
from sim.institutions.clock import POLICIES as PART
from sim.institutions.clock import wait_until
from sim.institutions.state import write
from sim.law.sentence import after_share
from sim.pathways.reviews import date_end_moved
from sim.pathways.stay import reschedule
from sim.policies.policy import Policy
from sim.records.codes import Movement, Status

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from simpy import Event

    from sim.institutions.state import State
    from sim.institutions.world import World

_TOGETHER = 8_192
"""People remitted between two collections of what is written: each may write several rows, and a table holds 65,536."""


class CollectiveRemission(Policy):
    """On one day, everybody serving a sentence under committal is remitted some days for each month left.

    The defaults are an assumption: seven days a month and four months at most, as the decrees of 14 July are recalled to have
    said until 2006 (no text of them was read). People sentenced for felonies are left out unless ``felonies`` is 1. Nobody
    leaves before the next day.
    """

    name: ClassVar[str] = "collective_remission"
    defaults: ClassVar[Mapping[str, float]] = {"days_a_month": 7, "longest_days": 120, "felonies": 0}

    def act(self, world: World) -> Generator[Event, None, None]:
        """Remit on the day."""
        if not world.start_day <= self.on_day < world.end_day:
            return
        yield wait_until(world, self.on_day, PART)
        world.day = self.on_day
        world.ensure_capacity()
        settings = [float(self.settings[name]) for name in ("days_a_month", "longest_days", "felonies")]
        for first in range(0, len(world.state.people), _TOGETHER):
            world.collect(all_rows=True)
            world.call(remit_some, first, *settings)
        world.collect()


@entry(0, 0.0, 0.0, 0.0, on_tables=True)
def remit_some(state: State, first: int, days_a_month: float, longest_days: float, felonies: float) -> None:
    """Take days off the end of sentences being served, from a slot on; dates that depend on it are reckoned again."""
    day = state.nation.day
    for slot in range(first, min(first + _TOGETHER, len(state.people))):
        person = state.people[slot]
        serving = (
            person.status in (Status.SENTENCED, Status.MEASURE_INSIDE, Status.MEASURE_OUTSIDE) and person.convicted_day >= 0
        )
        if person.id < 0 or not serving or person.life or person.end_day <= day + 1 or (person.felony and felonies < 1):
            continue
        granted = int(min((person.end_day - day) / DAYS_PER_MONTH * days_a_month, longest_days))
        if granted <= 0:
            continue
        end = person.end_day - granted
        person.end_day = end if end > day else day + 1
        if person.surety_end_day > day:
            # It stays, and cannot exceed half of the sentence that results (720-2).
            half = after_share(person.start_day, person.total_days - granted, 0.5)
            person.surety_end_day = min(person.surety_end_day, half)
            person.end_day = max(person.end_day, person.surety_end_day)
        write(state, Movement.REMITTED, person, -1, granted)
        date_end_moved(person, state)
        if person.status == Status.SENTENCED:
            reschedule(person, state)
