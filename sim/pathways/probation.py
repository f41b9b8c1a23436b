"""Sentenced to probation in the open setting, or to community work: what becomes of people who never enter a cell for it.

A free convict whose sentence is converted (747-1), somebody the court gives probation in place of a short sentence
(*peine de probation autonome*), are followed for a time, fail or not, and may reoffend. Their stock makes the load of the open
setting (:mod:`sim.institutions.probation_ledger`).

The published committals hold already those whom measures of today send to prison. So the world without the changes of the
scenario is drawn beside, of the same people with the same luck: who is on probation in both is counted and nothing more; who is
in the run alone fails and reoffends person by person; who would be in that world alone is taken off the committals of the
month when they would have come. Without a change no person differs, and no byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.dates import DAYS_PER_MONTH, DAYS_PER_YEAR
from sim.engine.record import joined, taken
from sim.population.attributes import choose, lognormal
from sim.population.entrants import POOL_OUTCOMES, Cohort
from sim.population.person import ATTRIBUTES, PERSON
from sim.scenario.effects_of_changes import without_changes
from sim.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.institutions.world import World
    from sim.law.statutes import StatutesInForce
    from sim.population.entrants import Entrants
    from sim.scenario import Scenario

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

CONVERTED, ENFORCED = POOL_OUTCOMES.index("converted"), POOL_OUTCOMES.index("enforced")
NOBODY = -1
"""Outcome of who is not in the other world at all."""
KINDS = ("probation", "community_work", "fine")
"""What a sentence becomes: *sursis probatoire*, *travail d'intérêt général*, *jours-amende* (nobody follows those)."""
_WORK, _FINE = 1, 2
_READ = tuple(f"flows.probation.{name}" for name in ("kinds", "months", "hours", "variation", "work_days", "hours_a_week"))
"""What a measure is drawn from."""
_NOBODY = np.zeros(0, dtype=np.int64)
_NEVER = np.iinfo(np.int64).max
_COMING = np.dtype(
    [("id", "i8"), ("day", "i4"), ("stream", "i1"), ("returns", "?")] + [(name, PERSON[name]) for name in ATTRIBUTES]
)
"""One who will come to a cell: put into execution, or (``returns``) for a new offence."""


class Measures(NamedTuple):
    """What people are sentenced to, one row each in every column."""

    kind: Ints
    end: Ints
    """Day it ends if nothing happens."""
    hours: Ints
    """Hours of community work; 0 for the others."""
    late: Flags
    """Community work that is not done when the law's time for it ends."""


def reoffends_there_only(usual: Ints) -> Flags:
    """Whose new offences nothing but this run dates: the other world has them in a cell, or not at all."""
    return np.asarray((usual == ENFORCED) | (usual == NOBODY))


def outcome_elsewhere(ids: Ints, others: Ints, outcome: Ints) -> Ints:
    """Outcome of some people among others, by identifier; :data:`NOBODY` of who is not among them."""
    order = np.argsort(others)
    place = np.minimum(np.searchsorted(others, ids, sorter=order), max(len(others) - 1, 0))
    found = np.full(len(ids), NOBODY, dtype=np.int64)
    if len(others):
        there = others[order[place]] == ids
        found[there] = outcome[order[place[there]]]
    return found


class Probation:
    """The people on probation of one run."""

    __slots__ = ("_others", "coming", "entrants", "missing", "world")

    def __init__(self, world: World, entrants: Entrants) -> None:
        self.world = world
        self.entrants = entrants
        self.coming = np.zeros(0, dtype=_COMING)
        self.missing: Ints = _NOBODY
        """Days on which somebody comes to a cell in the other world, and not here."""
        self._others: tuple[Scenario, Scenario] | None = None

    def begin(self, cohort: Cohort, usual: Ints) -> None:
        """Put people on probation; ``usual``: what becomes of them in the other world, :data:`NOBODY` if they are not there."""
        if not len(cohort.ids):
            return
        ledger = self.world.probation
        measures = self._measures(cohort.ids, cohort.days)
        new = usual != CONVERTED
        fails, comes_back = self._lives(cohort, measures)
        comes_back = np.where(reoffends_there_only(usual), comes_back, _NEVER)
        stops = np.where(new, np.minimum(np.minimum(fails, comes_back), measures.end), measures.end)
        followed = measures.kind != _FINE
        ledger.stay(self._region(cohort.drawn["home_quarter"][followed]), cohort.days[followed], stops[followed])
        if not new.all():
            self._elsewhere(cohort.take(np.flatnonzero(~new)))
        hours = int(measures.hours.sum())
        ledger.add(began=len(cohort.ids), followed=followed.sum(), not_done=measures.late.sum(), hours=hours)
        ledger.hours_waiting += hours
        self._come(cohort, np.where(new, np.minimum(fails, comes_back), _NEVER), comes_back < fails)

    def spared(self, cohort: Cohort, own: Ints) -> None:
        """Take off the committals to come those of people who are on probation in the other world only.

        ``own``: what becomes of them here. Whoever is enforced, or not here, no longer reoffends as the other world has it.
        """
        if not len(cohort.ids):
            return
        measures = self._elsewhere(cohort)
        fails, comes_back = self._lives(cohort, measures)
        days = np.minimum(fails, np.where(reoffends_there_only(own), comes_back, _NEVER))
        self.missing = np.concatenate((self.missing, days[days < self.world.end_day]))

    def _elsewhere(self, cohort: Cohort) -> Measures:
        """Count people who are on probation in the world without the changes of the scenario."""
        measures = self._measures(cohort.ids, cohort.days, others=True)
        followed = measures.kind != _FINE
        region = self._region(cohort.drawn["home_quarter"][followed])
        self.world.probation.stay(region, cohort.days[followed], measures.end[followed], usual=True)
        self.world.probation.hours_waiting -= int(measures.hours.sum())
        return measures

    def take_off(self, first: int, after: int) -> None:
        """Take the committals that only the other world has off those of the month that begins on ``first``."""
        gone = self.missing < after
        self.entrants.fewer = float(gone.sum()) * DAYS_PER_YEAR / (after - first) / self.world.fraction
        self.missing = self.missing[~gone]

    def come(self, first: int, after: int) -> tuple[Cohort, Cohort]:
        """People who come to a cell before ``after``: put into execution, and for a new offence. Hosts do a month's work."""
        self._hosts_work(after - first)
        now = self.coming["day"] < after
        rows, self.coming = taken(self.coming, now), taken(self.coming, ~now)
        days = np.maximum(rows["day"].astype(np.int64), self.world.day)
        cohorts = []
        for chosen in (~rows["returns"], rows["returns"]):
            drawn = {name: rows[name][chosen] for name in ATTRIBUTES}
            cohorts.append(Cohort(rows["id"][chosen].copy(), days[chosen], rows["stream"][chosen].astype(np.int64), drawn))
        self.world.probation.add(failed=len(cohorts[0].ids), came_back=len(cohorts[1].ids))
        return cohorts[0], cohorts[1]

    def _without_changes(self) -> Scenario:
        scenario = self.world.scenario
        if self._others is None or self._others[0] is not scenario:
            self._others = scenario, without_changes(scenario, _READ) or scenario
        return self._others[1]

    def _measures(self, ids: Ints, days: Ints, *, others: bool = False) -> Measures:
        """What people are sentenced to; ``others``: by the law of the world without the changes, without its work waiting."""
        world, draws = self.world, self.entrants.draws
        day = world.day
        scenario = self._without_changes() if others else world.scenario
        kind = choose(draws.uniform("probation.kind", ids), scenario.table("flows.probation.kinds", day), KINDS)
        law = world.usual_statutes.at(day) if others else world.statutes.at(day)
        spread = scenario.number("flows.probation.variation", day)
        months = lognormal(draws.uniform("probation.months", ids), scenario.number("flows.probation.months", day), spread)
        months = within_probation(months, law, day)
        hours = lognormal(draws.uniform("probation.hours", ids), scenario.number("flows.probation.hours", day), spread)
        hours = np.where(kind == _WORK, within_community_work(hours, law, day), 0.0)
        waits = scenario.number("flows.probation.work_days", day) + (0.0 if others else self._work_waits())
        done = waits + hours / scenario.number("flows.probation.hours_a_week", day) * 7.0
        limit = time_for_community_work(law, day)
        late = (kind == _WORK) & (done > limit)
        length = np.where(kind == _WORK, np.minimum(done, limit), months * DAYS_PER_MONTH)
        return Measures(kind, days + np.maximum(length.astype(np.int64), 1), hours.astype(np.int64), late)

    def _work_waits(self) -> float:
        """Days for which hosts of community work are taken by hours beyond those they usually have."""
        offered = 1000.0 * self.world.scenario.number("flows.probation.hosts_hours", self.world.day) * self.world.fraction
        return max(0, self.world.probation.hours_waiting) / offered * DAYS_PER_YEAR if offered > 0 else 0.0

    def _hosts_work(self, days: int) -> None:
        """Hosts take up hours beyond the usual ones, as far as they have room."""
        scenario, day, ledger = self.world.scenario, self.world.day, self.world.probation
        free = 1000.0 * scenario.number("flows.probation.hosts_hours", day) * scenario.number("flows.probation.hosts_free", day)
        ledger.hours_waiting -= int(min(max(0, ledger.hours_waiting), free * self.world.fraction * days / DAYS_PER_YEAR))

    def _lives(self, cohort: Cohort, measures: Measures) -> tuple[Ints, Ints]:
        """Day each fails and is put into execution, and day each comes to a cell for a new offence; ``_NEVER``: not."""
        draws, scenario, day = self.entrants.draws, self.world.scenario, self.world.day
        shares: Mapping[str, float] = scenario.table("flows.probation.failed", day)
        load = self.world.open_setting_load() ** scenario.number("flows.probation.failed_load", day)
        share = np.array([shares[name] for name in KINDS])[measures.kind] * load
        when = draws.uniform("probation.fails.when", cohort.ids)
        fails = cohort.days + 1 + (when * (measures.end - cohort.days)).astype(np.int64)
        fails = np.where(
            draws.uniform("probation.fails", cohort.ids) < share, fails, np.where(measures.late, measures.end, _NEVER)
        )
        return fails, self._comes_back(cohort)

    def _comes_back(self, cohort: Cohort) -> Ints:
        """Day of the return for a new offence, the clock running from the decision, by the hazard of who leaves dry."""
        world, draws, drawn = self.world, self.entrants.draws, cohort.drawn
        day, model = world.day, world.state.reconviction
        effect = world.scenario.number("reconviction.probation", day)
        risk = np.exp(drawn["score"] + model.on_seen * drawn["seen"] + model.on_unseen * drawn["unseen"] + effect)
        edges = np.asarray(model.edges, dtype=np.float64)
        hazard = np.asarray(model.hazard, dtype=np.float64) * np.asarray(model.effect, dtype=np.float64)[0, 0]
        met = np.concatenate(([0.0], np.cumsum(hazard * np.diff(edges))))
        needed = -np.log(1.0 - draws.uniform("probation.offence", cohort.ids)) / risk
        months = np.interp(needed, met, edges)
        lag = -np.log(1.0 - draws.uniform("probation.lag", cohort.ids)) * world.scenario.number("flows.returns.lag_days", day)
        prison = draws.uniform("probation.prison", cohort.ids) < world.scenario.number("flows.returns.prison_share", day)
        days = cohort.days + 1 + (months * DAYS_PER_MONTH).astype(np.int64) + lag.astype(np.int64)
        return np.where(prison & (needed < met[-1]), days, _NEVER)

    def _come(self, cohort: Cohort, days: Ints, returns: Flags) -> None:
        """Keep those who come to a cell within the run."""
        chosen = np.flatnonzero(days < self.world.end_day)
        rows = np.zeros(len(chosen), dtype=_COMING)
        rows["id"], rows["day"], rows["returns"] = cohort.ids[chosen], days[chosen], returns[chosen]
        rows["stream"] = cohort.stream[chosen]
        for name in ATTRIBUTES:
            rows[name] = cohort.drawn[name][chosen]
        self.coming = joined(self.coming, rows)

    def _region(self, quarters: Ints) -> Ints:
        found: Any = self.world.state.quarters
        regions: Ints = found.region[quarters].astype(np.int64)
        return regions


def within_probation(months: Floats, law: StatutesInForce, day: int) -> Floats:
    """Months of probation within what the law allows (CP 132-42)."""
    return np.clip(months, on(law.sentencing.probation_min_months, day), on(law.sentencing.probation_max_months, day))


def within_community_work(hours: Floats, law: StatutesInForce, day: int) -> Floats:
    """Hours of community work within what the law allows (CP 131-8)."""
    least, most = law.sentencing.community_work_min_hours, law.sentencing.community_work_max_hours
    return np.clip(np.round(hours), on(least, day), on(most, day))


def time_for_community_work(law: StatutesInForce, day: int) -> float:
    """Days within which community work is done (CP 131-22)."""
    return on(law.sentencing.community_work_months, day) * DAYS_PER_MONTH


def on(rule: Any, day: int) -> float:
    """Value of a rule on the day of the judgment, whether or not it is dated by it."""
    return float(rule.at(day) if isinstance(rule, Timeline) else rule)
