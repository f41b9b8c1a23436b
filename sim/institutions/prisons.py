"""Prisons, quarter by quarter: who sleeps where, how full, who waits for a transfer.

Remand and short remainders go to a *maison d'arrêt*, which is never full (its density rises); detention centres and the
other establishments for sentenced people fill to their places and queue (law.md §9). Places come, dated, from the
ministry's monthly table by establishment (``scenarios/observed/establishments.csv``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.geography import KINDS, Geography, Quarter, QuarterKind, read_geography

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.engine.compile import Code, Count
    from sim.institutions.state import State

__all__ = ["KINDS", "Geography", "Quarter", "QuarterKind", "read_geography"]


class QuarterRow:
    """One quarter in a run: who sleeps there, and for how many there is room."""

    kind: Code
    site: Code
    region: Code
    remand: Count
    sentenced: Count
    capacity: Count
    departement: int
    """Number of its département, -1 where none is known."""
    opened: bool
    """Whether a scenario opens it."""
    closing: bool
    """Whether a scenario has closed it: it takes nobody, and those it holds are moved."""
    place: Code
    """What holds there (:func:`~sim.institutions.state.parameters_for`)."""
    limit: Count
    """People it takes when it does not overflow: its places at the filling practised for its kind."""


def free(quarter: QuarterRow) -> int:
    """Places left in a quarter for sentenced people."""
    return quarter.limit - quarter.remand - quarter.sentenced


def density(quarter: QuarterRow) -> float:
    """People for a place; without places, more than anywhere."""
    people = quarter.remand + quarter.sentenced
    return people / quarter.capacity if quarter.capacity > 0 else _CROWDED + people


_CROWDED = 1e6


def sector(home: int, state: State) -> int:
    """*Maison d'arrêt* that takes today whoever would be held in another: itself, unless a scenario opens or closes some.

    The least crowded of itself and of those that opened in its département. Once it closes, of all those of the département
    while one has free places, else of the interregion.
    """
    if not state.nation.moved:
        return home
    own = state.quarters[home]
    best = _least_crowded(state, home, own.departement, own.closing)
    if own.closing and (best < 0 or density(state.quarters[best]) >= 1.0):
        best = _least_crowded(state, home, -2, True)
    return best if best >= 0 else home


def _least_crowded(state: State, home: int, departement: int, all_of_them: bool) -> int:
    """Least crowded remand prison of a département, or of the interregion (-2), that takes people in place of another."""
    best, least = -1, 0.0
    for number in range(len(state.quarters)):
        other = state.quarters[number]
        if other.kind != QuarterKind.MA or other.closing or (number != home and not other.opened and not all_of_them):
            continue
        if other.region != state.quarters[home].region if departement == -2 else other.departement != departement:
            continue
        crowded = density(other)
        if best < 0 or crowded < least:
            best, least = number, crowded
    return best


def roomiest(state: State, kind: int, region: int) -> int:
    """Quarter of a kind and interregion with most free places, -1 if none is free."""
    best, room = -1, 0
    group = kind * state.nation.regions + region
    for place in range(state.first_of_group[group], state.first_of_group[group + 1]):
        quarter = state.by_group[place]
        left = free(state.quarters[quarter])
        if left > room:
            best, room = quarter, left
    return int(best)


def groups(geography: Geography) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Quarters ordered by kind and interregion, shape ``(n_quarters,)``, and where each group begins in that order."""
    regions = len(geography.interregions)
    number = np.array([q.kind * regions + q.interregion for q in geography.quarters])
    first = np.searchsorted(np.sort(number), np.arange(len(KINDS) * regions + 1))
    return np.argsort(number, kind="stable"), first


def places_on(
    geography: Geography,
    day: int,
    extra_places: Mapping[int, float],
    fraction: float,
    elsewhere: Mapping[int, Mapping[int, float]] | None = None,
) -> NDArray[np.int64]:
    """Places of each quarter on a day: the table's, a scenario's extra ones, at the sampling fraction, rounded in cumulation.

    ``extra_places`` by kind are shared in proportion to the places there are; ``elsewhere`` says what they are for some
    quarters, by index, as if they were so in the whole country: the difference is added to those quarters alone.
    """
    capacity = np.zeros(len(geography.quarters), dtype=np.int64)
    order, first = groups(geography)
    regions = len(geography.interregions)
    for kind in range(len(KINDS)):
        mine = order[first[kind * regions] : first[(kind + 1) * regions]].tolist()
        places = [geography.quarters[index].places.at(day) for index in mine]
        total = sum(places)
        factor = 1.0 + (extra_places.get(kind, 0.0) / total if total else 0.0)
        stepped = [geography.quarters[index].places_on(day) - number for index, number in zip(mine, places, strict=True)]
        exact, given = 0.0, 0
        more, added = 0.0, 0
        for index, number, steps in zip(mine, places, stepped, strict=True):
            exact += number * factor * fraction
            capacity[index] = round(exact) - given
            given += int(capacity[index])
            if elsewhere and index in elsewhere and total:
                more += number * (elsewhere[index].get(kind, 0.0) - extra_places.get(kind, 0.0)) / total * fraction
                capacity[index] += round(more) - added
                added = round(more)
            if steps:  # what a scenario opens or closes is rounded by itself: it moves no place elsewhere
                capacity[index] = max(0, int(capacity[index]) + round(steps * fraction))
            if geography.quarters[index].closed_on(day):
                capacity[index] = 0
    return capacity


def home_shares(geography: Geography) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Cumulative share of committals of each *maison d'arrêt*, from the people held on the base date.

    An interregion has its share of all people held, since those moved on stay in it; within it each remand prison has its
    share of those held in remand prisons. With shares of remand prisons alone, theirs would empty where there are many
    places for sentenced people.
    """
    quarters = [q for q in geography.quarters if q.kind == QuarterKind.MA and q.base_detainees > 0]
    held, on_remand = np.zeros(len(geography.interregions)), np.zeros(len(geography.interregions))
    for quarter in geography.quarters:
        held[quarter.interregion] += quarter.base_detainees
    for quarter in quarters:
        on_remand[quarter.interregion] += quarter.base_detainees
    weights = np.array([q.base_detainees * held[q.interregion] / on_remand[q.interregion] for q in quarters])
    return np.cumsum(weights / weights.sum()), np.array([q.index for q in quarters])
