"""The clock of a run: the parts of a day, in the order in which they follow (decision 0002)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simpy import Event

    from sim.institutions.world import World

# Fractions of a day; powers of two, so that adding whole days to them is exact.
TEXTS, CENSUS, COHORT, DUE, PLANS, SITTINGS, TRANSFERS, POLICIES, COMMITTALS = (i / 16 for i in range(9))


def wait_until(world: World, day: int, part: float) -> Event:
    """Wait for a part of a day (at once if it is now)."""
    return world.env.timeout(day + part - world.env.now)
