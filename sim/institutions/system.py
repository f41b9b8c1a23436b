"""The penal system of one run: the clock, the law in force, the institutions and what is written down.

Every process and every step receives this one object. It holds no rule: law is in ``sim.law``, what happens to a person in
``sim.pathways``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import simpy

from sim.institutions.enforcement_court import Court
from sim.institutions.establishments import KINDS, Establishments
from sim.institutions.placements import Placements
from sim.institutions.practice import Practice
from sim.institutions.probation_service import Antenna
from sim.institutions.register import Register
from sim.law.adjustments import ADJUSTMENTS
from sim.law.reckoning import reckoning
from sim.law.statutes import Statutes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.institutions.establishments import Geography
    from sim.law.adjustments import Adjustment, Regime
    from sim.law.reckoning import Reckoning
    from sim.law.statutes import StatutesInForce
    from sim.population.person import Person
    from sim.randomness import Draws
    from sim.records.tables import Records
    from sim.scenario import Scenario


def regimes_of(adjustments: Sequence[Adjustment]) -> tuple[Regime, ...]:
    """Regimes of a run: those the adjustments may take the form of, in the order of the law."""
    found: dict[str, Regime] = {}
    for adjustment in adjustments:
        for regime in adjustment.regimes:
            found.setdefault(regime.code, regime)
    return tuple(found.values())


class PenalSystem:
    """What every process receives."""

    # What holds on a day (:meth:`provide`).
    law: StatutesInForce
    reckoning: Reckoning
    """First days of the adjustments, under the law for everyone (when :attr:`one_law`)."""
    practice: Practice
    options_housed: dict[int, float]
    """Weights of the adjustments people with a lodging ask a judge for, by position."""
    options_unhoused: dict[int, float]
    occupation: list[float]
    """Share of people with work or activity, by kind of quarter."""

    def __init__(self, scenario: Scenario, draws: Draws, records: Records, geography: Geography) -> None:
        self.scenario = scenario
        self.draws = draws
        self.records = records
        self.writes = records.keep_events
        """Whether movements are written down."""
        self.start_day = scenario.start_day
        self.end_day = scenario.end_day + 1
        """Day after the last one simulated."""
        self.day = self.start_day
        self.env = simpy.Environment(initial_time=self.start_day)
        self.register = Register(self.start_day, self.end_day)
        self.people: dict[int, Person] = {}
        """Everyone under committal, by identifier."""

        self.adjustments: tuple[Adjustment, ...] = ADJUSTMENTS
        self.regimes: tuple[Regime, ...] = regimes_of(ADJUSTMENTS)
        self.regime_code = {regime.code: index for index, regime in enumerate(self.regimes)}
        self.release_code = next(i for i, a in enumerate(self.adjustments) if a.needs_hearing and a.regimes[0].ends_committal)
        """Adjustment that ends the committal by a hearing: what a probationary measure leads to."""
        self.release_regime = self.regime_code[self.adjustments[self.release_code].regimes[0].code]
        self.form_of = tuple(self.regime_code[adjustment.regimes[0].code] for adjustment in self.adjustments)
        """First regime each adjustment may take the form of."""
        self.hearing_codes = tuple(i for i, a in reversed(list(enumerate(self.adjustments))) if a.needs_hearing)
        self.board_codes = tuple(i for i, a in enumerate(self.adjustments) if not a.needs_hearing and not a.of_right)
        self.right_codes = tuple(i for i, a in enumerate(self.adjustments) if a.of_right)
        self._statutes = Statutes.load().amended(scenario.amendments)
        self.one_law = _one_law(scenario)
        """Whether the law of a day is the same for everyone (no reform for new committals only)."""
        self.dating_notions = tuple(dict.fromkeys((*(a.notion for a in self.adjustments), "remission", "sentence", "surety")))
        """Notions of the law that date something in a sentence: a change of any other needs no reckoning."""

        sites = len(geography.sites)
        self.establishments = Establishments(geography, scenario.sampling_fraction)
        self.antennae = [Antenna(site) for site in range(sites)]
        self.courts = [Court(site) for site in range(sites)]
        pools = {regime.places: code for code, regime in enumerate(self.regimes) if regime.places}
        self.placements = Placements(self.establishments, pools)
        self.site_share = geography.site_shares()

        self.entries = self.home_starts = self.exits = self.returns = self.recalls = 0
        self.pool_change = [0] * (self.end_day - self.start_day + 1)
        """Change of the number of free convicts awaiting the judge, by day of the run."""
        self.pool = 0
        self.inside = self.outside = 0
        """People on a measure under committal: sleeping in prison, and not."""
        self.on_measure = [[0, 0] for _ in self.regimes]
        """People on each regime: from a cell, from liberty."""
        self.follow: Callable[[Person, int, int, int], None] = _no_return
        """What follows a release (set by the pathways)."""
        self.provide()

    @property
    def statutes(self) -> Statutes:
        """The whole dated law of this run, the scenario's changes included."""
        return self._statutes

    def law_for(self, person: Person) -> StatutesInForce:
        """Law in force today for a person (reforms may apply to new committals only)."""
        return self.law if self.one_law else self._statutes.at(self.day, person.committed_day)

    def reckoning_for(self, person: Person) -> Reckoning:
        """First days of the adjustments, under the law for this person."""
        return self.reckoning if self.one_law else reckoning(self._statutes.at(self.day, person.committed_day))

    def provide(self) -> None:
        """Put today's law, practices and means in place."""
        day = self.day
        self.law = self._statutes.at(day)
        self.reckoning = reckoning(self.law)
        practice = self.practice = Practice.read(self.scenario, day)
        codes = [(code, self.adjustments[code].code) for code in self.hearing_codes]
        self.options_housed = {code: practice.weights_housed.get(name, 0.0) for code, name in codes}
        self.options_unhoused = {code: practice.weights_unhoused.get(name, 0.0) for code, name in codes}
        prisons = self.establishments
        fraction = prisons.fraction
        prisons.fill = [practice.fill.get(kind, 1.0) for kind in KINDS]
        extra = self.scenario.table("means.establishments.extra_places", day)
        prisons.extra_places = {KINDS.index(kind): places for kind, places in extra.items() if places}
        work = self.scenario.table("means.establishments.occupation", day)
        self.occupation = [work.get(kind, work["MA"]) for kind in KINDS]
        prisons.open_places(day)
        self.placements.provide(practice.external_places, practice.devices, practice.semi_liberty_elsewhere)
        hearings = prisons.geography.site_shares(self.scenario.table("means.enforcement_courts.slots_by_kind", day))
        for site, share in enumerate(self.site_share):
            self.antennae[site].staff(practice.posts * share * fraction, practice.limit)
            self.courts[site].provide(practice.slots * hearings[site] * fraction)

    def go_on_under(self, scenario: Scenario) -> None:
        """Take over a scenario that says the same about every day so far; what differs comes on its day."""
        self.scenario = scenario
        self._statutes = Statutes.load().amended(scenario.amendments)
        self.one_law = _one_law(scenario)

    def write(self, movement: int, person: Person, detail: int = -1, value: int = -1) -> None:
        """Record a movement of a person; callers ask :attr:`writes` first (a call saved 700,000 times a simulated year)."""
        table = self.records.tables["events"]
        table.rows += table.row(self.day, person.id, person.stay, movement, detail, person.status, person.quarter, value)


def _one_law(scenario: Scenario) -> bool:
    return all(amendment.applies_to == "everyone" for amendment in scenario.amendments)


def _no_return(person: Person, left_day: int, regime: int, adjustment: int) -> None:
    """Nobody comes back, until the pathways say otherwise."""
