"""Who comes under committal: the stock of the first day, each month's entrants, the free convicts' pool, and returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.dates import NEVER, first_of_month, parse_day
from sim.institutions.establishments import CD, MC, SAS
from sim.institutions.register import Step
from sim.law.remission import next_review
from sim.pathways.custody import enter_cell
from sim.pathways.measure import pool_of, start_serving
from sim.pathways.stay import ask_for_transfer, commit, date_review, first_quarter, reschedule, start_sentence
from sim.pathways.transfers import move_people
from sim.population.attributes import AB_INITIO, FREE_CONVICT, SENTENCED, choose, lognormal
from sim.population.entrants import POOL_OUTCOMES
from sim.population.initial_stock import Found, Stock
from sim.records.codes import Movement, Status

if TYPE_CHECKING:
    from sim.institutions.system import PenalSystem
    from sim.pathways.after_release import Returns
    from sim.population.entrants import Entrants
    from sim.population.person import Person

_RETRY_DAYS = 14


class Intake:
    """What brings people in, month by month."""

    __slots__ = ("entrants", "returns", "system")

    def __init__(self, system: PenalSystem, entrants: Entrants, returns: Returns) -> None:
        self.system = system
        self.entrants = entrants
        self.returns = returns

    def month(self) -> None:
        """Draw the cohort of the month that begins today (or began before the first day of the run) and date its steps."""
        system = self.system
        first = first_of_month(system.day)
        arrivals = [(day, person) for day, person in self.entrants.month(first) if day >= system.day]
        cells: list[tuple[int, Person]] = []
        convicts: list[tuple[int, Person]] = []
        for day, person in arrivals:
            (convicts if person.stream in (FREE_CONVICT, AB_INITIO) else cells).append((day, person))
        for day, person in cells:
            self.to_cell(person, day)
        self._measures_or_cell(convicts)
        self._come_back(first)

    def to_cell(self, person: Person, day: int) -> None:
        """Date a committal to a cell."""
        if person.stream in (SENTENCED, FREE_CONVICT, AB_INITIO):
            person.remand_days = 0
            person.convicted = True
        self.system.register.on(day, Step.COMMITTAL, person)

    def _measures_or_cell(self, convicts: list[tuple[int, Person]]) -> None:
        """Free convicts: a measure by the court at once, or the wait for the judge and what becomes of it."""
        if not convicts:
            return
        system = self.system
        draws, scenario = self.entrants.draws, self.entrants.scenario
        ids = np.array([person.id for _, person in convicts])
        pool_shares = scenario.table("flows.pool.outcome", system.day)
        court_shares = scenario.table("flows.ab_initio.outcome", system.day)
        luck = draws.uniform("pool.outcome", ids)
        from_pool = choose(luck, pool_shares, POOL_OUTCOMES).tolist()
        from_court = choose(luck, court_shares, POOL_OUTCOMES).tolist()
        delays = lognormal(
            draws.uniform("pool.delay", ids),
            scenario.number("flows.pool.delay_days", system.day),
            scenario.number("flows.pool.delay_variation", system.day),
        ).tolist()
        for (day, person), pool, court, delay in zip(convicts, from_pool, from_court, delays, strict=True):
            if person.stream == AB_INITIO:
                self.out_of_court(person, day, POOL_OUTCOMES[court])
            else:
                self.await_judge(person, day, day + 1 + int(delay), POOL_OUTCOMES[pool])

    def await_judge(self, person: Person, day: int, decided: int, outcome: str) -> None:
        """Count a free convict in the pool until the day the judge decides."""
        system = self.system
        last = len(system.pool_change) - 1
        system.pool_change[min(max(day - system.start_day, 0), last)] += 1
        system.pool_change[min(decided - system.start_day, last)] -= 1
        self.out_of_court(person, decided, outcome)

    def out_of_court(self, person: Person, day: int, outcome: str) -> None:
        """Send a convict where the decision says: a measure from home, the cell, or nowhere (converted, lapsed)."""
        person.remand_days = 0
        person.convicted = True
        code = self.system.regime_code.get(outcome)
        if code is not None:
            person.home_stay = True
            person.granted_regime = code
            self.system.register.on(day, Step.COMMITTAL, person)
        elif outcome == "enforced":
            self.system.register.on(day, Step.COMMITTAL, person)

    def _come_back(self, first: int) -> None:
        """People the model released and whose new offence leads back to prison this month."""
        month = self.returns.months.index(first)
        due = sorted(self.returns.by_month[month], key=lambda pair: pair[1].id)
        self.returns.by_month[month] = []
        for _, person in due:
            person.stay += 1
            person.begin()
        self.entrants.returning([person for _, person in due], self.system.day)
        for day, person in due:
            self.to_cell(person, day)

    def arrive(self, person: Person) -> None:
        """Committal today: to a cell, or to a measure from liberty."""
        if person.home_stay:
            self._begin_at_home(person)
        else:
            commit(person, self.system)

    def _begin_at_home(self, person: Person) -> None:
        """Begin a measure from liberty; without a free place the date is put off (the judge fixes it with the place)."""
        system = self.system
        day = system.day
        pool = pool_of(person, system)
        if pool is not None and pool.free() - pool.waiting <= 0:
            if day + _RETRY_DAYS < system.end_day:
                system.register.on(day + _RETRY_DAYS, Step.COMMITTAL, person)
            return
        if pool is not None:
            pool.used += 1
        person.committed_day = day
        system.people[person.id] = person
        system.home_starts += 1
        start_sentence(person, system, day, day)
        date_review(person, system, day)
        system.write(Movement.COMMITTED, person, person.stream, 0)
        start_serving(person, system, -1)
        system.register.on(person.end_day, Step.END, person)

    # ---- the first day -------------------------------------------------------------------------------------------

    def open_stock(self) -> None:
        """Put the people of the first day in place, then fill the establishments for sentenced people."""
        system, scenario = self.system, self.entrants.scenario
        day = system.day
        fraction = self.entrants.fraction
        stock = Stock(self.entrants, day)

        def number(path: str) -> int:
            return round(scenario.number(f"stock.{path}", day) * fraction)

        for found in stock.remand(number("remand")):
            self._on_remand(found)
        for found in sorted(stock.serving(number("serving")), key=lambda f: f.elapsed, reverse=True):
            self._serving(found)
        for regime in ("SL", "PE", "DDSE"):
            self._on_measure(stock.at_home(number(f"measures.{regime}")), regime)
        for person, left in stock.free_convicts(number("free_convicts")):
            outcomes = scenario.table("flows.pool.outcome", day)
            luck = np.array([system.draws.one(system.draws.key("pool.outcome"), person.id)])
            self.await_judge(person, day, day + left, POOL_OUTCOMES[int(choose(luck, outcomes, POOL_OUTCOMES)[0])])
        for queues in system.establishments.queues.values():
            for region, queue in enumerate(queues):
                queues[region] = type(queue)(sorted(queue, key=lambda entry: entry[0].convicted_day))
        move_people(system, NEVER)

    def _on_remand(self, found: Found) -> None:
        system, person = self.system, found.person
        person.committed_day = system.day - found.elapsed
        person.remand_days = max(person.remand_days, found.elapsed + 1)
        self._found_in_cell(person, Status.REMAND)
        system.register.on(person.committed_day + person.remand_days, Step.TRIAL, person)

    def _serving(self, found: Found) -> None:
        system, person = self.system, found.person
        if person.stream in (SENTENCED, FREE_CONVICT):
            person.remand_days = 0
        judged = system.day - found.elapsed
        person.committed_day = judged - person.remand_days
        self._replay(person, judged)
        self._found_in_cell(person, Status.SENTENCED)
        ask_for_transfer(person, system)
        reschedule(person, system)

    def _on_measure(self, found: list[Found], regime: str) -> None:
        """Put people on a measure they are serving today; a share came from a cell, the others from liberty."""
        system = self.system
        code = system.regime_code[regime]
        from_cell = self.entrants.scenario.table("stock.measures_from_custody")[regime]
        for one in found:
            person = one.person
            luck = system.draws.one(system.draws.key("stock.measure.origin"), person.id)
            person.home_stay = luck >= from_cell
            person.remand_days = 0
            person.committed_day = system.day - one.elapsed
            self._replay(person, person.committed_day)
            person.granted_regime = code
            pool = pool_of(person, system)
            if pool is not None:
                pool.used += 1
            system.people[person.id] = person
            start_serving(person, system, -1)
            person.measure_day = person.committed_day
            system.register.on(person.end_day, Step.END, person)

    def _found_in_cell(self, person: Person, status: Status) -> None:
        system = self.system
        person.status = status
        system.people[person.id] = person
        enter_cell(person, first_quarter(person, system), system)
        antenna = system.antennae[person.site]
        antenna.queue[-1] = (person, person.committed_day)
        person.enrolled_day = person.committed_day

    def _replay(self, person: Person, judged: int) -> None:
        """Reckon the end of a sentence pronounced before the first day, past reviews of remission included."""
        system = self.system
        day = system.day
        law = system.law_for(person)
        start_sentence(person, system, judged, person.committed_day)
        after = judged
        while (review := next_review(person, after, law)) is not None and review.day < day and review.day > after:
            person.end_day -= int(person.share_granted * review.max_days)
            after = review.day
        date_review(person, system, after)
        if person.end_day <= day:
            luck = system.draws.one(system.draws.key("stock.last_days"), person.id)
            person.end_day = day + 1 + int(luck * 60)


def base_day() -> int:
    """Base date of the model: 1 October 2025, the last table by establishment with every published total."""
    return parse_day("2025-10-01")


__all__ = ["CD", "MC", "SAS", "Intake", "base_day"]
