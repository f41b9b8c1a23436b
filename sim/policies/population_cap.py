"""A cap on the population of *maisons d'arrêt* (*régulation carcérale*): above it, those nearest their end leave first."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.institutions.establishments import MA
from sim.pathways.custody import drop_file
from sim.pathways.measure import begin_measure
from sim.pathways.world import POLICIES as PART
from sim.pathways.world import wait_until
from sim.policies.policy import Policy
from sim.population.person import GRANTED
from sim.records.codes import Status

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from simpy import Event

    from sim.institutions.system import PenalSystem
    from sim.population.person import Person

_WEEK = 7


class PopulationCap(Policy):
    """Once a week, each *maison d'arrêt* above the cap releases people sentenced for délits who are nearest their end.

    They leave under conditional release (supervised until the end), never dry; nobody with more than ``within_days`` left,
    under a removal measure, or excluded from the release as of right by an offence, is released. If too few qualify the
    quarter stays above the cap, and the census shows it.
    """

    name: ClassVar[str] = "population_cap"
    defaults: ClassVar[Mapping[str, float]] = {"density": 1.3, "within_days": 180}

    def act(self, system: PenalSystem) -> Generator[Event, None, None]:
        """Release down to the cap, week after week."""
        day = max(self.on_day, system.start_day)
        while day < system.end_day:
            yield wait_until(system, day, PART)
            system.day = day
            self.release_excess(system)
            day += _WEEK

    def release_excess(self, system: PenalSystem) -> None:
        """Bring every *maison d'arrêt* down to the cap, if enough people qualify."""
        prisons = system.establishments
        excess = {
            quarter: prisons.remand[quarter] + prisons.sentenced[quarter] - int(places * self.settings["density"])
            for quarter, places in enumerate(prisons.capacity)
            if prisons.kind[quarter] == MA and places > 0
        }
        excess = {quarter: number for quarter, number in excess.items() if number > 0}
        if not excess:
            return
        nearest: dict[int, list[Person]] = {quarter: [] for quarter in excess}
        for person in system.people.values():
            if person.quarter in nearest and self.qualifies(person, system):
                nearest[person.quarter].append(person)
        code = system.regime_code["LC"]
        procedure = next(i for i, a in enumerate(system.adjustments) if a.code == "LC")
        for quarter, number in excess.items():
            for person in sorted(nearest[quarter], key=lambda p: (p.end_day, p.id))[:number]:
                drop_file(person, system)
                person.file = GRANTED
                person.granted_regime, person.granted_adjustment = code, procedure
                begin_measure(person, system)

    def qualifies(self, person: Person, system: PenalSystem) -> bool:
        """Whether a person may be released to make room."""
        return (
            person.status == Status.SENTENCED
            and not person.felony
            and not person.removal
            and not person.lsc_excluded
            and not person.withdrawn
            and person.end_day - system.day <= self.settings["within_days"]
        )
