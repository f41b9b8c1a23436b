"""Scarce places outside the cell: semi-liberty quarters, hosts of external placements, tags.

Places are shared between those who ask for them by any procedure. Whoever is granted one waits in order of the day it was
due; who has left, or has been given something else, is skipped. Semi-liberty and external placements belong to an
interregion, devices to the country.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from sim.institutions.establishments import SL

if TYPE_CHECKING:
    from sim.institutions.establishments import Establishments
    from sim.population.person import Person


class Pool:
    """Places of one regime in one territory."""

    __slots__ = ("places", "queue", "regime", "used", "waiting")

    def __init__(self, regime: int) -> None:
        self.regime = regime
        self.places = 0
        self.used = 0
        self.waiting = 0
        self.queue: deque[tuple[Person, int]] = deque()

    def free(self) -> int:
        """Places nobody has."""
        return self.places - self.used

    def wait(self, person: Person, day: int) -> None:
        """Put someone with a grant on the waiting list."""
        person.effect_day = day
        person.waiting_place = True
        self.waiting += 1
        self.queue.append((person, day))

    def leave(self, person: Person) -> None:
        """Take someone off the waiting list."""
        self.waiting -= 1
        person.waiting_place = False

    def next(self) -> Person | None:
        """Next person waiting, taken off the list."""
        queue = self.queue
        while queue:
            person, since = queue.popleft()
            if person.waiting_place and person.effect_day == since and person.granted_regime == self.regime:
                self.waiting -= 1
                person.waiting_place = False
                return person
        return None


class Placements:
    """All the pools of a run."""

    __slots__ = ("devices", "establishments", "external", "semi_liberty")

    def __init__(self, establishments: Establishments, regimes: dict[str, int]) -> None:
        self.establishments = establishments
        regions = len(establishments.geography.interregions)
        self.semi_liberty = [Pool(regimes.get("SL", -1)) for _ in range(regions)]
        self.external = [Pool(regimes.get("PE", -1)) for _ in range(regions)]
        self.devices = Pool(regimes.get("devices", -1))

    def provide(self, external_places: float, devices: float, semi_liberty_elsewhere: float) -> None:
        """Set the places: semi-liberty from the quarters, external placements by interregion, devices nationally.

        External places, and the semi-liberty places of other quarters, follow the population held on the base date: no
        register of conventions is published.
        """
        prisons = self.establishments
        for region, pool in enumerate(self.semi_liberty):
            pool.places = sum(int(prisons.capacity[q] * prisons.fill[SL]) for q in prisons.by_kind[SL][region])
        self._share_out(self.external, external_places, keep=False)
        self._share_out(self.semi_liberty, semi_liberty_elsewhere, keep=True)
        self.devices.places = round(devices * prisons.fraction)

    def _share_out(self, pools: list[Pool], places: float, *, keep: bool) -> None:
        """Share national places between interregions by the population held there, rounded in cumulation."""
        prisons = self.establishments
        weights = [0] * len(pools)
        for quarter in prisons.geography.quarters:
            weights[quarter.interregion] += quarter.base_detainees
        total, exact, given = sum(weights), 0.0, 0
        for region, pool in enumerate(pools):
            exact += places * prisons.fraction * weights[region] / total
            part = round(exact) - given
            pool.places = pool.places + part if keep else part
            given += part

    def pool(self, places: str | None, region: int) -> Pool | None:
        """Pool of a kind of places in an interregion; None if places are not limited."""
        if places == "SL":
            return self.semi_liberty[region]
        if places == "PE":
            return self.external[region]
        if places == "devices":
            return self.devices
        return None
