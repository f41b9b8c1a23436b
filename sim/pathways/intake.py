"""Who comes under committal: the stock of the first day, each month's entrants, the free convicts' line, and returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import first_of_month, first_of_next_month
from sim.institutions.queues import QueueKind, slots_in_queue
from sim.pathways.arrivals import Arrival, people_arrive
from sim.pathways.free_convicts import LineOfFreeConvicts, without_changes
from sim.pathways.probation import CONVERTED, NOBODY, Probation, outcome_elsewhere
from sim.population.attributes import STREAMS, Stream
from sim.population.entrants import POOL_OUTCOMES
from sim.population.initial_stock import Stock

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.institutions.world import World
    from sim.population.entrants import Cohort, Entrants

    Ints = NDArray[np.int64]


class Intake:
    """What brings people in, month by month."""

    __slots__ = ("entrants", "line", "probation", "world")

    def __init__(self, world: World, entrants: Entrants) -> None:
        self.world = world
        self.entrants = entrants
        self.probation = Probation(world, entrants)
        self.line = LineOfFreeConvicts(world, entrants, self.probation)

    def month(self) -> None:
        """Draw the cohort of the month that begins today (or began before the first day of the run) and date its steps."""
        world = self.world
        first = first_of_month(world.day)
        after = first_of_next_month(first)
        self.probation.take_off(first, after)
        self._to_cell(self._but_for_probation(self.entrants.month(first)))
        self._after_conviction(*self._by_court(first))
        self.line.month(first)
        self._after_conviction(*self.line.judge())
        enforced, reoffended = self.probation.come(first, after)
        self._enforce(enforced)
        self._reoffend(reoffended)
        self._come_back(first)

    def _but_for_probation(self, cohort: Cohort) -> Cohort:
        """Sentence to probation those whom courts would commit and a scenario has them follow instead; return the others."""
        scenario, day = self.entrants.scenario, self.world.day
        shares = scenario.table("flows.probation.instead", day)
        longest = scenario.number("flows.probation.longest_months", day)
        if not any(shares.values()):
            return cohort
        share = np.array([shares.get(name, 0.0) for name in STREAMS])[cohort.stream]
        short = cohort.drawn["total_months"] <= longest
        chosen = short & (self.entrants.draws.uniform("probation.instead", cohort.ids) < share) & (cohort.days >= day)
        self.probation.begin(cohort.take(np.flatnonzero(chosen)), np.full(int(chosen.sum()), NOBODY))
        return cohort.take(np.flatnonzero(~chosen))

    def _by_court(self, first: int) -> tuple[Cohort, Ints]:
        """People the court gives a measure at once; those it gives probation are followed there."""
        cohort, outcome = self.entrants.by_court(first)
        before = without_changes(self.entrants, ("flows.committals.ab_initio", "flows.ab_initio.outcome"))
        others, usual = (cohort, outcome) if before is None else before.by_court(first)
        day = self.world.day
        there = (usual == CONVERTED) & (others.days >= day)
        spared = np.flatnonzero(there & (outcome_elsewhere(others.ids, cohort.ids, outcome) != CONVERTED))
        self.probation.spared(others.take(spared), outcome_elsewhere(others.ids[spared], cohort.ids, outcome))
        here = (outcome == CONVERTED) & (cohort.days >= day)
        put = np.flatnonzero(here)
        self.probation.begin(cohort.take(put), outcome_elsewhere(cohort.ids[put], others.ids, usual))
        rest = np.flatnonzero(outcome != CONVERTED)
        return cohort.take(rest), outcome[rest]

    def _enforce(self, cohort: Cohort) -> None:
        """Put the sentence of people who failed on probation into execution."""
        slots = self.world.allocate(cohort.ids, cohort.stream, cohort.drawn)
        people: Any = self.world.state.people
        people.remand_days[slots] = 0
        people.convicted[slots] = True
        self._place(Arrival.COMMITTAL, slots, cohort.days)

    def _reoffend(self, cohort: Cohort) -> None:
        """Date the committal for a new offence of people who were on probation: another stay of theirs."""
        again = np.ones(len(cohort.ids), dtype=np.int64)
        stream, drawn = self.entrants.returning(cohort.ids, again, self.world.day)
        slots = self.world.allocate(cohort.ids, stream, cohort.drawn | drawn)
        people: Any = self.world.state.people
        people.stay[slots] = again
        self._bring(slots, cohort.days)

    def _to_cell(self, cohort: Cohort) -> None:
        """Date the committals of a cohort from today on."""
        comes = cohort.days >= self.world.day
        slots = self.world.allocate(cohort.ids[comes], cohort.stream[comes], {n: c[comes] for n, c in cohort.drawn.items()})
        self._bring(slots, cohort.days[comes])

    def _bring(self, slots: Ints, days: Ints) -> None:
        """Date the committal of people who are in the table; those who come sentenced have no remand to serve."""
        people: Any = self.world.state.people
        judged = _COMES_SENTENCED[people.stream[slots]]
        people.remand_days[slots[judged]] = 0
        people.convicted[slots[judged]] = True
        self._place(Arrival.COMMITTAL, slots, days)

    def _after_conviction(self, cohort: Cohort, outcome: Ints) -> None:
        """Date the committal of convicts free until now: to the measure decided, or to a cell (``enforced``)."""
        comes = cohort.days >= self.world.day
        slots = self.world.allocate(cohort.ids[comes], cohort.stream[comes], {n: c[comes] for n, c in cohort.drawn.items()})
        self._decided(slots, outcome[comes])
        self._bring(slots, cohort.days[comes])

    def _decided(self, slots: Ints, outcome: Ints) -> None:
        people: Any = self.world.state.people
        regime = np.array([self.world.regime_code.get(name, -1) for name in POOL_OUTCOMES])[outcome]
        people.home_stay[slots] = regime >= 0
        people.granted_regime[slots] = regime

    def _come_back(self, first: int) -> None:
        """People the model released and whose new offence leads back to prison this month."""
        world, state = self.world, self.world.state
        people: Any = state.people
        months: Any = state.months
        line = int(state.nation.return_queue + np.searchsorted(months, first))
        slots = world.call(slots_in_queue, QueueKind.RETURN.value, line)
        if not len(slots):
            return
        slots = slots[np.argsort(people.id[slots])]
        days = people.return_day[slots].astype(np.int64)
        self._place(Arrival.RETURN, slots, days)
        ids, stays = people.id[slots].astype(np.int64), people.stay[slots].astype(np.int64)
        stream, drawn = self.entrants.returning(ids, stays, world.day)
        people.stream[slots] = stream
        for name, column in drawn.items():
            people[name][slots] = column
        self._bring(slots, days)

    # ---- the first day -------------------------------------------------------------------------------------------

    def open_stock(self) -> None:
        """Put the people of the first day in place, then fill the establishments for sentenced people."""
        world, scenario = self.world, self.entrants.scenario
        day = world.day
        stock = Stock(self.entrants, day)

        def number(path: str) -> int:
            return round(scenario.number(f"stock.{path}", day) * self.entrants.fraction)

        self._found(stock.remand(number("remand")), Arrival.ON_REMAND)
        serving = stock.serving(number("serving"))
        longest_first = np.argsort(-serving.days, kind="stable")
        self._found(serving.take(longest_first), Arrival.SERVING)
        from_cell = scenario.table("stock.measures_from_custody")
        for code, regime in enumerate(world.regimes):
            if regime.code in from_cell:
                found = stock.at_home(number(f"measures.{regime.code}"))
                self._found(found, Arrival.ON_MEASURE, code, from_cell[regime.code])
        self.line.found(*stock.free_convicts(number("free_convicts")))
        self._place(Arrival.FILL, slots=_NOBODY, days=_NOBODY)

    def _found(self, cohort: Cohort, arrival: Arrival, regime: int = 0, from_cell: float = 0.0) -> None:
        """Put people found on the first day in place; ``cohort.days`` is the time they have been there."""
        slots = self.world.allocate(cohort.ids, cohort.stream, cohort.drawn)
        self._place(arrival, slots, cohort.days, regime, from_cell)

    def _place(self, arrival: Arrival, slots: Ints, days: Ints, regime: int = 0, from_cell: float = 0.0) -> None:
        """Call :func:`~sim.pathways.arrivals.people_arrive`, compiled."""
        self.world.ensure_capacity()
        people, dates = (np.ascontiguousarray(column, dtype=np.int64) for column in (slots, days))
        self.world.call(people_arrive, arrival.value, people, dates, regime, float(from_cell))
        self.world.collect()


_NOBODY = np.zeros(0, dtype=np.int64)
_COMES_SENTENCED = np.isin(np.arange(len(Stream)), (Stream.SENTENCED, Stream.FREE_CONVICT, Stream.AB_INITIO))
"""By stream: whether people are sentenced when they come."""
