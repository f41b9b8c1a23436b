"""What density takes away, and what visits do: each by itself, in the direction it should, nothing at its neutral value."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.institutions.density import left_at, usual_density
from sim.records.codes import Lodging
from tests.worlds import FinishedRun, run, scenario

SMALL: dict[str, Any] = {"start": "2022-01-01", "end": "2024-06-01", "fraction": 0.03}
TAKES, TIES = "practices.density.takes", "practices.ties"
WORK = {"practices.work.asking_share": 0.75}
CROWDED = {f"means.establishments.extra_places.{kind}": -places for kind, places in (("MA", 20_000.0), ("CD", 10_000.0))}
"""Half the places, so that establishments are more crowded than on the base date."""


@cache
def world(*changes: tuple[str, float]) -> FinishedRun:
    """A small country that is crowded, with what a test changes."""
    return run(scenario(overrides={**CROWDED, **WORK, **dict(changes)}, **SMALL))


def with_(what: str, takes: float) -> FinishedRun:
    """The same where density takes something away."""
    return world((f"{TAKES}.{what}", takes), *ALSO.get(what, {}).items())


ALSO: dict[str, dict[str, float]] = {
    "care": {"practices.files.care_arranged": 0.9, "practices.hearings.decision.care": 4.0},
    "escorts": {"practices.hearings.extraction_share": 0.5, "practices.hearings.extraction_cancelled_share": 0.1},
}


def given(of: FinishedRun, what: str) -> float:
    """What the country gives of it."""
    if what == "hours":
        return float(of.tables["services"]["hours_offered"].sum())
    if what == "escorts":
        return -float(of.tables["services"]["cancelled"].sum())
    if what == "work":
        return float(of.tables["jobs"]["jobs"].sum())
    if what == "care":
        return float((of.tables["decisions"]["outcome"] == 0).sum())
    return float(of.tables["exits"]["visited"].mean())


@pytest.mark.parametrize("what", ["hours", "escorts", "work", "care", "visits"])
def test_density_takes_it_away(what: str) -> None:
    """Where it is said to; more, where it is said to take more."""
    nothing, some, much = (given(with_(what, takes), what) for takes in (0.0, 0.4, 0.9))
    assert much < some < nothing


def test_crowding_is_people_for_a_place_beside_the_base_date() -> None:
    """Reckoned again by hand from the quarters on the last first of the month."""
    of = world()
    quarters, geography = of.state.quarters, of.world.geography
    site = int(np.argmax(np.bincount(quarters.site, weights=quarters.capacity)))
    mine = quarters.site == site
    usual = sum(q.base_detainees for q in geography.quarters if q.site == site) / sum(
        q.places.at(geography.base_day) for q in geography.quarters if q.site == site
    )
    assert usual_density(geography)[site] == pytest.approx(usual)
    last = of.tables["quarters"]
    last = last[last["day"] == last["day"].max()]
    people = (last["remand"] + last["sentenced"])[mine[last["quarter"]]].sum()
    places = last["capacity"][mine[last["quarter"]]].sum()
    assert of.state.offices.crowding[site] == pytest.approx(min(max(people / places - usual, -1), 1))
    assert of.state.offices.crowding.max() > 0.3


def test_the_factor_is_one_at_the_density_of_the_base_date() -> None:
    assert [left_at(0.4, dose) for dose in (-1.0, 0.0, 0.5, 1.0)] == pytest.approx([1.4, 1.0, 0.8, 0.6])
    assert left_at(0.0, 0.7) == 1.0
    assert left_at(2.0, 1.0) == 0.0


def test_more_places_give_back_what_density_takes() -> None:
    """The same people in more places: more hours, and nothing at all where density takes nothing."""
    for takes, gain in ((0.0, 0.0), (0.5, 0.02)):
        hours = [
            run(scenario(overrides={f"{TAKES}.hours": takes, "means.establishments.extra_places.MA": places}, **SMALL))
            for places in (0.0, 20_000.0)
        ]
        offered = [float(of.tables["services"]["hours_offered"].sum()) for of in hours]
        if gain:
            assert offered[1] > offered[0] * (1 + gain)
        else:
            assert hours[0].tables["exits"].tobytes() == hours[1].tables["exits"].tobytes()


def test_the_published_shares_are_never_visited() -> None:
    """42 % of men and 47 % of women, and as many as a scenario says from its day on."""
    exits = world().tables["exits"]
    assert (exits["visited"][exits["female"] == 0] == 0).mean() == pytest.approx(0.42, abs=0.02)
    everybody = world((f"{TIES}.never_visited.men", 0.0), (f"{TIES}.never_visited.women", 0.0)).tables["exits"]
    assert (everybody["visited"] == 1).all()


def test_visits_shorten_the_search_for_a_home() -> None:
    """Of those who are visited more find one, of the others fewer, where visits are said to."""
    shares = []
    for effect in (0.0, 1.5):
        exits = world((f"{TIES}.lodging", effect)).tables["exits"]
        searching = exits[exits["lodging"] != Lodging.HOME]
        shares.append([(searching["lodging"][searching["visited"] == seen] == Lodging.FOUND).mean() for seen in (0, 1)])
    assert abs(shares[0][1] - shares[0][0]) < 0.06
    assert shares[1][1] - shares[1][0] > 0.15


def test_visits_weigh_before_the_judge_and_on_a_measure() -> None:
    usual = world()
    judged = world((f"{TIES}.decision", 4.0))
    exits = [of.tables["exits"] for of in (usual, judged)]
    gaps = [
        (e["regime"][(e["visited"] == 1) & (e["sentenced"] == 1)] >= 0).mean()
        - (e["regime"][(e["visited"] == 0) & (e["sentenced"] == 1)] >= 0).mean()
        for e in exits
    ]
    assert gaps[1] > gaps[0] + 0.1
    calm = world((f"{TIES}.incidents", -3.0))
    assert (calm.tables["measures"]["withdrawn"] == 1).sum() != (usual.tables["measures"]["withdrawn"] == 1).sum()


def test_where_nothing_weighs_who_is_visited_changes_nothing() -> None:
    everybody = world((f"{TIES}.never_visited.men", 0.0))
    assert everybody.tables["decisions"].tobytes() == world().tables["decisions"].tobytes()
