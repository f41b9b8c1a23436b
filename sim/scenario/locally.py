"""What a scenario changes somewhere: the parameters of each set of places that its changes tell apart.

A place takes the changes made everywhere and those made there, in order of date; of one day, those made there last. An amount
of the whole country that is shared between places (posts, hearings, places) is changed there by what those places have of
it: ``add: …, by: 20`` gives them twenty.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.scenario.changing import checked_order, locate, with_changes
from sim.scenario.scenario import LAW
from sim.scenario.where import level_of, main_quarters, share_of, shared_by, sites_named, why_nowhere

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.errors import ScenarioError
    from sim.scenario.changing import Located
    from sim.scenario.geography import Geography
    from sim.scenario.scenario import Scenario
    from sim.scenario.sourced import Sourced
    from sim.scenario.values import Value
    from sim.scenario.where import Where

    Named = frozenset[Where]

_WEIGHTS = {
    "posts": "means.probation_service.posts_by_kind",
    "support": "means.probation_service.posts_by_kind",
    "hearings": "means.enforcement_courts.slots_by_kind",
}


class PlacesNamed:
    """Which of the places that changes name each quarter, establishment and interregion is."""

    def __init__(self, places: Geography, named: Sequence[Where]) -> None:
        quarters = [(where, where.quarters(places)) for where in named]
        regions = [(where, where.regions(places)) for where in named]
        self.quarters: list[Named] = [frozenset(w for w, those in quarters if q.index in those) for q in places.quarters]
        self.sites: list[Named] = [self.quarters[main] for main in main_quarters(places)]
        self.regions: list[Named] = [
            frozenset(w for w, those in regions if index in those) for index in range(len(places.interregions))
        ]

    def sets(self) -> list[Named]:
        """Every set of places that is told apart, the country first."""
        found = dict.fromkeys((*self.quarters, *self.sites, *self.regions))
        return [frozenset(), *(each for each in found if each)]


def local_leaves(
    world: Mapping[str, Sourced],
    national: Mapping[str, Sourced],
    changes: Sequence[Located],
    run: tuple[int, int, Mapping[str, int]],
    places: Geography,
) -> dict[Named, dict[str, Sourced]]:
    """Return the parameters of each set of places that is told apart; nothing without a change that says where.

    Parameters
    ----------
    world, national
        The parameters before any change, and with the changes made everywhere.
    run
        First and last day of the run, and the days on which what is read once is read.
    """
    start, end, days = run
    named = tuple(dict.fromkeys(item.change.place for item in changes if item.change.place is not None))
    if not named:
        return {}
    for item in changes:
        _check_place(item, places)
    made = [item if item.change.place is None else _there(item, national, places) for item in changes]
    found: dict[Named, dict[str, Sourced]] = {}
    for each in PlacesNamed(places, named).sets()[1:]:
        there = [item for item in made if item.change.place is not None and item.change.place in each]
        # Two places that overlap may not change one value on one day.
        checked_order([item._replace(change=replace(item.change, place=None)) for item in there], start, end)
        everywhere = [item for item in made if item.change.place is None and not item.change.path.startswith(LAW)]
        ordered = sorted([*everywhere, *there], key=lambda item: (item.change.on_day, item.change.place is not None))
        found[each] = with_changes(world, ordered, days)
    return found


def _check_place(item: Located, places: Geography) -> None:
    change = item.change
    if change.place is None:
        return
    reason = why_nowhere(change.path, change.place.given())
    if reason is None and level_of(change.path) in {"establishment", "court"} and not sites_named(change.place, places):
        reason = (
            f"no establishment is mainly there: '{change.path}' is read once for all the quarters of an establishment, where"
            " most of its people are. Name the establishments"
        )
    if reason is not None:
        raise item.error(reason, "where")


def _there(item: Located, national: Mapping[str, Sourced], places: Geography) -> Located:
    """Return a change of what some places have of an amount of the whole country, as one of the amount."""
    change = item.change
    weights = shared_by(change.path)
    if weights is None or change.operation == "scale":
        return item

    def error(message: str) -> ScenarioError:
        return item.error(message, change.operation)

    path, entry = locate(national, change.path, error)
    if weights == "places" and entry is None:
        message = f"say of which kind the places are: {change.operation}: {path}.MA"
        raise item.error(message, "where")
    assert change.place is not None
    share = _share(change.place, weights, national, change.on_day, places, entry)
    if share <= 0:
        message = (
            f"the places named have none of '{change.path}' on that day, so that nothing can be changed of it there. What an"
            " establishment has when it opens is given under 'establishments'"
        )
        raise item.error(message, "where")
    return item._replace(change=replace(change, value=divided(change.value, share)))


def _share(where: Where, weights: str, leaves: Mapping[str, Sourced], day: int, places: Geography, entry: str | None) -> float:
    table = leaves[_WEIGHTS[weights]].at(day) if weights in _WEIGHTS else {}
    return share_of(where, weights, places, table if isinstance(table, dict) else {}, entry, day)


def share_there(scenario: Scenario, where: Where, path: str, day: int, places: Geography) -> float:
    """Share of an amount that the places named have; 1 for a value that is not shared."""
    weights = shared_by(path)
    if weights is None:
        return 1.0
    entry = path.rpartition(".")[2] if path not in scenario.leaves else None
    return _share(where, weights, scenario.leaves, day, places, entry)


def divided(value: Value | str | None, share: float) -> Value | str | None:
    """Return what the whole country would have, of what a share of it has."""
    if isinstance(value, dict):
        return {name: number / share for name, number in value.items()}
    return value / share if isinstance(value, float) else value
