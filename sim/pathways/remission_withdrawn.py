"""Withdrawal of remission for misconduct (*retrait de crédit*, *de réduction de peine*): whom it strikes, when, and how much.

Of the automatic credit, one date for the whole of a sentence; of what a board grants since 2023, one within the year. What is
withdrawn is served after the last sentence (C. pénit. D212-5), and no reduction is counted on it (CPP D116-1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.agenda import Step, schedule
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.state import draw, law_for, parameters_for
from sim.law.remission import regime
from sim.law.withdrawal import withdrawal_max_days
from sim.pathways.occurrences import of_year_served

if TYPE_CHECKING:
    from sim.engine.compile import Day
    from sim.institutions.state import State
    from sim.population.person import Person


def date_withdrawal(person: Person, state: State, granted_day: Day, granted: int, share: float) -> None:
    """Date the misconduct that costs part of what a day granted, if any comes within the law's window and before the end.

    ``share`` of the days granted are lost in all: those it strikes lose so much more of theirs, what the law lets at most.
    """
    struck = parameters_for(state, person).remission.misconduct_share
    if share <= 0 or struck <= 0 or granted <= 0 or person.life or person.remission_lost_day > state.nation.day:
        return
    luck = draw(state, DecisionPoint.REMISSION_WITHDRAWN, person, of_year_served(person, granted_day))
    if luck >= struck:
        return
    when = granted_day + 1 + int(luck / struck * (person.end_day - granted_day - 1))
    most = withdrawal_max_days(person, granted_day, granted, when, law_for(state, person))
    loss = min(int(share / struck * granted + 0.5), most)
    if loss <= 0:
        return
    if when <= state.nation.day:  # found on the first day: it has been withdrawn since
        person.end_day += loss
        person.remission_lost += loss
        return
    person.remission_lost_day = when
    person.remission_loss = loss
    schedule(state, when, Step.REMISSION_WITHDRAWN, person)


def date_credit_withdrawal(person: Person, state: State, judged_day: Day) -> None:
    """The same for the automatic credit of a sentence that has just been dated, committals before 2023."""
    if person.life or regime(person.committed_day, law_for(state, person)) == "NEW":
        return
    credit = int(person.start_day + person.total_days - person.end_day)
    date_withdrawal(person, state, judged_day, credit, parameters_for(state, person).remission.credit_withdrawn)


def date_reduction_withdrawal(person: Person, state: State, granted: int) -> None:
    """The same for what a board has granted today, committals from 2023."""
    if regime(person.committed_day, law_for(state, person)) == "NEW":
        date_withdrawal(person, state, state.nation.day, granted, parameters_for(state, person).remission.reduction_withdrawn)
