"""Family ties: people who are visited, and what that does to the search for a home, the judge's opinion and a measure.

Who is visited is drawn for the stay; where an establishment is more crowded than usual, some are no longer. Each effect is the
difference from people who never are, less its mean at the usual share of people who are, so that practices, which were observed
so, need no correction on average.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from sim.institutions.decision_points import DecisionPoint
from sim.institutions.density import left_of
from sim.institutions.parameters_of_detention import VISITS
from sim.institutions.state import draw

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.population.person import Person


def visited(person: Person, state: State) -> bool:
    """Whether the person is visited where they are held."""
    ties = state.parameters.ties
    if person.visits < ties.never_visited[1 if person.female else 0]:
        return False
    if state.parameters.density.takes[VISITS] == 0 or person.site < 0:
        return True
    return draw(state, DecisionPoint.STAY_VISITS_KEPT, person, person.stay) < left_of(state, person.site, VISITS)


def tie(effect: float, person: Person, state: State) -> float:
    """Return an effect of being visited, less its mean over people as they are visited usually."""
    if effect == 0:
        return 0.0
    return float(effect * ((1.0 if visited(person, state) else 0.0) - state.parameters.ties.usual_share))


def credit_of_ties(person: Person, state: State) -> float:
    """Log-odds that visits add to the judge's opinion."""
    return tie(state.parameters.ties.decision, person, state)


def search_with_ties(days: float, person: Person, state: State) -> float:
    """Days that a search for a home takes, shorter for those who are visited."""
    effect = tie(state.parameters.ties.lodging, person, state)
    return days if effect == 0 else float(days * exp(-effect))


def incidents_with_ties(person: Person, state: State) -> float:
    """Factor of visits on the incidents of a measure."""
    effect = tie(state.parameters.ties.incidents, person, state)
    return 1.0 if effect == 0 else exp(effect)
