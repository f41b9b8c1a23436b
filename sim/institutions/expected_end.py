"""The end of a sentence as services, hosts and judges can know it: what is left, less the remission they expect.

The register holds the end as it stands: what boards have granted so far is off it, what they will grant is not. Before 2023
most of the reductions were credited with the judgment; since then they are granted review by review, and nobody knows how
much. Who plans (a counsellor, a host, a judge) counts on the mean share of the reductions still possible, not on this person's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.state import law_for, parameters_for
from sim.law.remission import next_review, reduced_end

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.population.person import Person


def foresee(person: Person, state: State) -> None:
    """Reckon the days of remission still to be expected from the end as it stands: the mean share of each review to come."""
    person.foreseen_days = 0
    if person.life or person.review_day < state.nation.day:
        return
    stands = person.end_day
    # On the sentences alone: what was withdrawn is served whole (D116-1).
    end = person.end_day = stands - person.remission_lost
    law = law_for(state, person)
    share = parameters_for(state, person).remission.expected_share
    person.end_day = reduced_end(person, int(share * person.review_days), law)
    after, last = person.review_day, person.review_last
    while not last:
        review = next_review(person, after, law)
        if review is None:
            break
        person.end_day = reduced_end(person, int(share * review.max_days), law)
        after, last = review.day, review.last
    foreseen = end - person.end_day
    person.end_day = stands
    person.foreseen_days = foreseen if foreseen > 0 else 0


def planned_end(person: Person, state: State) -> int:
    """Day that who plans takes for the end of the sentence; the end as it stands if they count on no remission to come."""
    weight = parameters_for(state, person).remission.foreseen
    if weight <= 0:
        return int(person.end_day)
    return int(person.end_day) - int(weight * person.foreseen_days)


def planned_days_left(person: Person, state: State) -> int:
    """Days to :func:`planned_end`."""
    return planned_end(person, state) - int(state.nation.day)
