"""After the release: a new offence, and the return to prison of the same person.

Figures of reconviction never come from here: they are expected probabilities, computed from each exit
(``sim.reconviction``). Events are sampled only to feed returns, under the central causal assumption, with the clock started
on the day the person left the cell (recidivism.md §1.2, §7).
"""

from __future__ import annotations

from bisect import bisect_right
from math import exp, log
from typing import TYPE_CHECKING

from sim.dates import DAYS_PER_MONTH
from sim.records.codes import Movement

if TYPE_CHECKING:
    from sim.institutions.system import PenalSystem
    from sim.population.person import Person
    from sim.reconviction import ReconvictionModel


class Returns:
    """Returns to come, by month of the run.

    Parameters
    ----------
    model
        The hazard and the effects of routes.
    months
        First days of the months of the run.
    """

    __slots__ = (
        "_cumulative",
        "_hazard",
        "_knots",
        "_lsc",
        "_lsc_cut",
        "_theta",
        "by_month",
        "model",
        "months",
        "system",
    )

    def __init__(self, model: ReconvictionModel, months: list[int], system: PenalSystem) -> None:
        self.model = model
        self.months = months
        self.system = system
        self.by_month: list[list[tuple[int, Person]]] = [[] for _ in months]
        self._knots = model.knots
        self._hazard = model.baseline_hazard("central")
        self._cumulative = [model.cumulative(knot, "central") for knot in model.knots]
        self._theta = model.theta("central").tolist()
        self._lsc = frozenset(model.constrained)
        self._lsc_cut = model.cumulative(model.lsc_months, "central")

    def follow(self, person: Person, left_day: int, regime: int, adjustment: int) -> None:
        """Date the return of a person whose committal ends today, if there is one within the run.

        Parameters
        ----------
        left_day
            Day the person left the cell.
        regime, adjustment
            How: 0 for a dry exit, else 1 + position of the regime; -1 or position of the adjustment.
        """
        system = self.system
        one = system.draws.of
        if one("return.prison", person.luck, person.stay) >= system.practice.prison_after_reconviction:
            return
        months = self.months_to_offence(person, regime, adjustment, one("return.offence", person.luck, person.stay))
        if months is None:
            return
        offence_day = left_day + int(months * DAYS_PER_MONTH) + 1
        wait = -log(1.0 - one("return.lag", person.luck, person.stay)) * system.practice.commit_lag_days
        day = max(offence_day + int(wait), system.day + 1)
        index = bisect_right(self.months, day)
        # Drawn with the cohort of a month that has not begun yet: a return waits for it, at most a month.
        index = max(index - 1, bisect_right(self.months, system.day))
        if index >= len(self.months):
            return
        if system.writes:
            system.write(Movement.REOFFENDED, person, value=offence_day - left_day)
        self.by_month[index].append((max(day, self.months[index]), person))

    def months_to_offence(self, person: Person, regime: int, adjustment: int, luck: float) -> float | None:
        """Months from the exit to the new offence, None if there is none within 60 months."""
        risk = exp(person.score + self._unobserved(person))
        lsc = adjustment in self._lsc
        effect = exp(self._theta[regime][1 if lsc else 0])
        needed = -log(1.0 - luck) / risk
        if lsc and needed > self._lsc_cut * effect:
            needed += self._lsc_cut * (1.0 - effect)
        else:
            needed /= effect
        before, start = 0.0, 0.0
        for end, hazard, cumulative in zip(self._knots, self._hazard, self._cumulative, strict=True):
            if needed <= cumulative:
                return start + (needed - before) / hazard
            before, start = cumulative, end
        return None

    def _unobserved(self, person: Person) -> float:
        rho = self.model.seen_share["central"]
        return float(self.model.unseen_sd * (rho * person.seen + (1.0 - rho * rho) ** 0.5 * person.unseen))
