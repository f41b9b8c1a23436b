"""After the release: a new offence, and the return to prison of the same person.

Figures of reconviction never come from here: they are expected probabilities, computed from each exit
(``sim.reconviction``). Events are sampled only to feed returns, under the central causal assumption, with the clock started
on the day the person left the cell (recidivism.md §1.2, §7).
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

from sim.dates import DAYS_PER_MONTH
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.queues import QueueKind, enqueue
from sim.institutions.state import draw, write
from sim.pathways.programmes import programme_effect
from sim.reconviction.hazard import NEVER, months_to_offence
from sim.records.codes import Movement

if TYPE_CHECKING:
    from sim.institutions.parameters_of_measures import PrisonOfDay
    from sim.institutions.state import State
    from sim.population.person import Person


def follow(person: Person, state: State, left_day: int, regime: int, adjustment: int) -> bool:
    """Date the return of a person whose committal ends today; say whether there is one within the run.

    Parameters
    ----------
    left_day
        Day the person left the cell.
    regime, adjustment
        How: -1 for a dry exit and for no adjustment.
    """
    nation = state.nation
    if draw(state, DecisionPoint.RETURN_PRISON, person, person.stay) >= state.parameters.returns.prison_share:
        return False
    constrained = adjustment >= 0 and not state.adjustments[adjustment].needs_hearing
    model = state.reconviction
    risk = exp(person.score + model.on_seen * person.seen + model.on_unseen * person.unseen)
    risk *= exp(prison_effect(left_day - person.committed_day, person.stay, state.parameters.prison))
    risk *= exp(programme_effect(person.programme, person.score, state.parameters.programme_effect))
    effect = model.effect[regime + 1, 1 if constrained else 0]
    luck = draw(state, DecisionPoint.RETURN_OFFENCE, person, person.stay)
    months = months_to_offence(luck, risk, model.edges, model.hazard, effect)
    if months == NEVER:
        return False
    offence_day = left_day + int(months * DAYS_PER_MONTH) + 1
    wait = -log(1.0 - draw(state, DecisionPoint.RETURN_LAG, person, person.stay)) * state.parameters.returns.lag_days
    day = max(offence_day + int(wait), nation.day + 1)
    # Drawn with the cohort of a month that has not begun yet: a return waits for it, at most a month.
    month = max(_months_begun(state, day) - 1, _months_begun(state, nation.day))
    if month >= len(state.months):
        return False
    write(state, Movement.REOFFENDED, person, -1, offence_day - left_day)
    person.return_day = max(day, state.months[month])
    person.freed_day = left_day
    enqueue(state, QueueKind.RETURN, nation.return_queue + month, person)
    return True


def prison_effect(days: int, stays: int, prison: PrisonOfDay) -> float:
    """Log hazard that time inside and earlier stays in the run add, against the usual ones; 0 where both are off."""
    months = min(max(days, 0) / DAYS_PER_MONTH, prison.most_months) - prison.usual_months
    earlier = min(stays, prison.most_stays) - prison.usual_stays
    return float(prison.per_month * months + prison.per_stay * earlier)


def _months_begun(state: State, day: int) -> int:
    """How many months of the run have begun on a day."""
    low, high = 0, len(state.months)
    while low < high:
        middle = (low + high) // 2
        if state.months[middle] <= day:
            low = middle + 1
        else:
            high = middle
    return low
