"""Who comes under committal: the stock of the first day, each month's entrants, the free convicts' pool, and returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.dates import NEVER, first_of_month, parse_day
from sim.institutions.register import COMMITTAL, END, FILE, LIST, TRIAL
from sim.law.remission import next_review
from sim.pathways.application import choose as choose_adjustment
from sim.pathways.custody import enter_cell
from sim.pathways.measure import pool_of, start_serving
from sim.pathways.stay import ask_for_transfer, commit, first_quarter, reschedule, set_review, start_sentence
from sim.pathways.transfers import move_people
from sim.population import attributes as streams
from sim.population.entrants import NOT_COMMITTED
from sim.population.initial_stock import Found, Stock
from sim.population.person import LODGED, NO_FILE, REMAND, SENTENCED, WANTED
from sim.records.codes import Movement

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.institutions.system import PenalSystem
    from sim.pathways.after_release import Returns
    from sim.population.entrants import Entrants
    from sim.population.person import Person

_RETRY_DAYS = 28
_RETRIES = 3


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
        for day, person in self.entrants.month(first):
            if day >= system.day:
                self.to_cell(person, day)
        convicts = self.entrants.convicts(first)
        self._count_in_pool(convicts.waiting_from, 1)
        self._count_in_pool(convicts.waiting_until, -1)
        for day, person, outcome in convicts.committed:
            if day >= system.day:
                self.after_conviction(person, day, outcome)
        self._come_back(first)

    def to_cell(self, person: Person, day: int) -> None:
        """Date a committal to a cell."""
        if person.stream in (streams.SENTENCED, streams.FREE_CONVICT, streams.AB_INITIO):
            person.remand_days = 0
            person.convicted = True
        self.system.register.on(day, COMMITTAL, person)

    def after_conviction(self, person: Person, day: int, outcome: str) -> None:
        """Date the committal of a convict free until now: to the measure decided, or to a cell (``enforced``)."""
        code = self.system.regime_code.get(outcome)
        if code is not None:
            person.home_stay = True
            person.granted_regime = code
        self.to_cell(person, day)

    def _count_in_pool(self, days: NDArray[np.int64], change: int) -> None:
        changes = self.system.pool_change
        index = np.clip(days - self.system.start_day, 0, len(changes) - 1)
        for day, people in zip(*(counted.tolist() for counted in np.unique(index, return_counts=True)), strict=True):
            changes[day] += change * people

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
            person.hearings += 1
            if person.hearings > _RETRIES and pool is not system.placements.devices:
                # No place for three months: the judge turns the measure into a tag (displaced, and counted as such).
                person.granted_regime = system.regime_code["DDSE"]
                pool = system.placements.devices
            if pool.free() <= 0 or person.hearings <= _RETRIES:
                system.register.on(day + _RETRY_DAYS, COMMITTAL, person)
                return
        if pool is not None:
            pool.used += 1
        person.committed_day = day
        system.people[person.id] = person
        system.home_starts += 1
        start_sentence(person, system, day, day)
        self._remit_at_once(person)
        if system.writes:
            system.write(Movement.COMMITTED, person, person.stream, 0)
        start_serving(person, system, -1)
        system.register.on(person.end_day, END, person)

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
        waiting = stock.free_convicts(number("free_convicts"))
        leave = day + np.array([left for _, left, _ in waiting], dtype=np.int64)
        self._count_in_pool(np.full(len(waiting), day), 1)
        self._count_in_pool(leave, -1)
        for person, left, outcome in waiting:
            if outcome not in NOT_COMMITTED:
                self.after_conviction(person, day + left, outcome)
        for queues in system.establishments.queues.values():
            for region, queue in enumerate(queues):
                queues[region] = type(queue)(sorted(queue, key=lambda entry: entry[0].convicted_day))
        move_people(system, NEVER)

    def _on_remand(self, found: Found) -> None:
        system, person = self.system, found.person
        person.committed_day = system.day - found.elapsed
        person.remand_days = max(person.remand_days, found.elapsed + 1)
        self._found_in_cell(person, REMAND)
        system.register.on(person.committed_day + person.remand_days, TRIAL, person)

    def _serving(self, found: Found) -> None:
        system, person = self.system, found.person
        if person.stream in (streams.SENTENCED, streams.FREE_CONVICT):
            person.remand_days = 0
        judged = system.day - found.elapsed
        person.committed_day = judged - person.remand_days
        self._replay(person, judged)
        self._found_in_cell(person, SENTENCED)
        ask_for_transfer(person, system)
        reschedule(person, system)
        self._request_under_way(person)

    def _request_under_way(self, person: Person) -> None:
        """Where the request of someone found serving stands: decided and to be renewed, before the judge, or to come.

        Without this the files of the whole stock would open on the first day.
        """
        system = self.system
        day = system.day
        if person.file != WANTED:
            return
        draws = system.draws
        shares = self.entrants.scenario.table("stock.requests")
        luck = draws.of("stock.request", person.luck)
        when = draws.of("stock.request.when", person.luck)
        practice = system.practice
        if luck < shares["decided"]:
            self._put_off(person, day + 1 + int(when * 2 * practice.bar_days))
        elif luck < shares["decided"] + shares["pending"]:
            person.asked = choose_adjustment(person, system)
            if person.asked < 0:
                return
            person.file = LODGED
            person.requested_day = day - int(when * practice.instruction_days)
            person.step_day = day + 1 + int((1.0 - when) * practice.instruction_days)
            system.register.on(person.step_day, LIST, person)
        else:
            self._put_off(person, day + 1 + int(when * practice.lead_days))

    def _put_off(self, person: Person, day: int) -> None:
        person.file = NO_FILE
        person.barred_until = person.step_day = day
        self.system.register.on(day, FILE, person)

    def _on_measure(self, found: list[Found], regime: str) -> None:
        """Put people on a measure they are serving today; a share came from a cell, the others from liberty."""
        system = self.system
        code = system.regime_code[regime]
        from_cell = self.entrants.scenario.table("stock.measures_from_custody")[regime]
        for one in found:
            person = one.person
            luck = system.draws.of("stock.measure.origin", person.luck)
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
            system.register.on(person.end_day, END, person)

    def _found_in_cell(self, person: Person, status: int) -> None:
        system = self.system
        person.status = status
        system.people[person.id] = person
        enter_cell(person, first_quarter(person, system), system)
        # Whoever has been there longer than the arrival unit can be taken at once.
        enrolled = max(person.committed_day, system.day - system.practice.arrival_days)
        system.antennae[person.site].queue[-1] = (person, enrolled)
        person.enrolled_day = enrolled

    def _remit_at_once(self, person: Person) -> None:
        """Take the remissions of a measure from liberty off at its beginning: no date before its end depends on them."""
        law = self.system.law_for(person)
        after = self.system.day
        review = next_review(person, after, law)
        while review is not None:
            person.end_day -= int(person.share_granted * review.max_days)
            after = review.day
            review = None if review.last else next_review(person, after, law)
        person.end_day = max(person.end_day, self.system.day + 1)

    def _replay(self, person: Person, judged: int) -> None:
        """Reckon the end of a sentence pronounced before the first day, past reviews of remission included."""
        system = self.system
        day = system.day
        law = system.law_for(person)
        start_sentence(person, system, judged, person.committed_day)
        after = judged
        review = next_review(person, after, law)
        while review is not None and review.day < day:
            person.end_day -= int(person.share_granted * review.max_days)
            after = review.day
            review = None if review.last else next_review(person, after, law)
        set_review(person, system, review)
        if person.end_day <= day:
            luck = system.draws.of("stock.last_days", person.luck)
            person.end_day = day + 1 + int(luck * 60)


def base_day() -> int:
    """Base date of the model: 1 October 2025, the last table by establishment with every published total."""
    return parse_day("2025-10-01")
