"""What density takes away: hours of counsellors, escorts, jobs, care, visits, by how crowded an establishment is.

The dose is the people an establishment has for each place beyond those it had on the base date: practices were observed with
the density of the day, so that at that density nothing needs a correction. Each effect is a share taken for each person a place
has more, given back where there are fewer, and is off at 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.institutions.state import parameters_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.engine.compile import Count
    from sim.institutions.state import State
    from sim.scenario.geography import Geography

MOST = 1.0
"""Dose beyond which nothing more is taken: no establishment was observed a whole person a place further."""


def set_density(state: State, usual: NDArray[np.float64]) -> None:
    """Set how crowded each establishment is today, beside the base date; 0 where it had no place then, or has none now."""
    quarters: Any = state.quarters
    offices: Any = state.offices
    people = np.bincount(quarters.site, weights=quarters.remand + quarters.sentenced, minlength=len(offices))
    places = np.bincount(quarters.site, weights=quarters.capacity, minlength=len(offices))
    dose = np.where((places > 0) & (usual > 0), people / np.maximum(places, 1) - usual, 0.0)
    offices.crowding[:] = np.clip(dose, -MOST, MOST)


def usual_density(geography: Geography) -> NDArray[np.float64]:
    """People for each place of an establishment on the base date, shape ``(n_sites,)``; 0 without any."""
    people, places = np.zeros(len(geography.sites)), np.zeros(len(geography.sites))
    for quarter in geography.quarters:
        people[quarter.site] += quarter.base_detainees
        places[quarter.site] += quarter.places.at(geography.base_day)
    usual: NDArray[np.float64] = np.where(places > 0, people / np.maximum(places, 1), 0.0)
    return usual


def left_of(state: State, site: Count, what: int) -> float:
    """Factor on what an establishment gives today (position in :data:`~sim.institutions.parameters_of_detention.TAKEN`)."""
    office = state.offices[site]
    return left_at(parameters_in(state, office.place).density.takes[what], office.crowding)


def left_at(takes: float, dose: float) -> float:
    """Factor at a dose: nothing below 0, at most twice as much as usual."""
    return float(min(max(1.0 - takes * dose, 0.0), 2.0))


def jobs_on(
    state: State, base: NDArray[np.float64], share: NDArray[np.float64], takes: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Jobs of each quarter today, rounded in cumulation over the quarters of a kind, shape ``(n_quarters,)``.

    ``base`` are the people of this sample on the base date; a quarter that was not there then has jobs for its places.
    ``share`` and ``takes`` (of what density takes from work) have a value for each quarter, that of its place.
    """
    quarters: Any = state.quarters
    offices: Any = state.offices
    held = np.where(base > 0, base, quarters.capacity)
    left = np.clip(1.0 - takes * offices.crowding[quarters.site], 0.0, 2.0)
    exact = held * share * left
    jobs = np.zeros(len(exact), dtype=np.int64)
    for kind in np.unique(quarters.kind):
        mine = np.flatnonzero(quarters.kind == kind)
        jobs[mine] = np.diff(np.rint(np.cumsum(exact[mine])), prepend=0.0).astype(np.int64)
    return jobs
