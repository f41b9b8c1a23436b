"""After the release: a new offence, and the return to prison of the same person.

Figures of reconviction never come from here: they are expected probabilities, computed from each exit
(``sim.reconviction``). Events are sampled only to feed returns, under the central causal assumption, with the clock started
on the day the person left the cell (recidivism.md §1.2, §7).
"""

from __future__ import annotations

from math import exp, log, sqrt
from typing import TYPE_CHECKING

from sim.dates import DAYS_PER_MONTH
from sim.institutions.lines import RETURNING, join
from sim.institutions.luck import RETURN_LAG, RETURN_OFFENCE, RETURN_PRISON
from sim.institutions.system import draw, write
from sim.records.moves import REOFFENDED

if TYPE_CHECKING:
    from sim.institutions.system import System
    from sim.population.person import Person

_NOBODY_RETURNS = -1.0


def follow(person: Person, system: System, left_day: int, regime: int, adjustment: int) -> bool:
    """Date the return of a person whose committal ends today; say whether there is one within the run.

    Parameters
    ----------
    left_day
        Day the person left the cell.
    regime, adjustment
        How: 0 for a dry exit, else 1 + position of the regime; -1 or position of the adjustment.
    """
    nation = system.nation
    if draw(system, RETURN_PRISON, person, person.stay) >= system.practice.prison_after_reconviction:
        return False
    constrained = adjustment >= 0 and not system.procedures[adjustment].needs_hearing
    luck = draw(system, RETURN_OFFENCE, person, person.stay)
    months = months_to_offence(person, system, regime, constrained, luck)
    if months == _NOBODY_RETURNS:
        return False
    offence_day = left_day + int(months * DAYS_PER_MONTH) + 1
    wait = -log(1.0 - draw(system, RETURN_LAG, person, person.stay)) * system.practice.commit_lag_days
    day = max(offence_day + int(wait), nation.day + 1)
    # Drawn with the cohort of a month that has not begun yet: a return waits for it, at most a month.
    month = max(_months_begun(system, day) - 1, _months_begun(system, nation.day))
    if month >= len(system.months):
        return False
    write(system, REOFFENDED, person, -1, offence_day - left_day)
    person.return_day = max(day, system.months[month])
    join(system, RETURNING, nation.return_lines + month, person)
    return True


def _months_begun(system: System, day: int) -> int:
    """How many months of the run have begun on a day."""
    low, high = 0, len(system.months)
    while low < high:
        middle = (low + high) // 2
        if system.months[middle] <= day:
            low = middle + 1
        else:
            high = middle
    return low


def months_to_offence(person: Person, system: System, regime: int, constrained: bool, luck: float) -> float:
    """Months from the exit to the new offence, -1 if there is none within 60 months."""
    model = system.reconviction
    rho = model.seen_share
    unobserved = model.unseen_sd * (rho * person.seen + sqrt(1.0 - rho * rho) * person.unseen)
    risk = exp(person.score + unobserved)
    effect = exp(model.effect[regime][1 if constrained else 0])
    needed = -log(1.0 - luck) / risk
    if constrained and needed > model.lsc_cut * effect:
        needed += model.lsc_cut * (1.0 - effect)
    else:
        needed /= effect
    before, start = 0.0, 0.0
    for interval in range(len(model.knots)):
        if needed <= model.cumulative[interval]:
            return start + (needed - before) / model.hazard[interval]
        before, start = model.cumulative[interval], model.knots[interval]
    return _NOBODY_RETURNS
