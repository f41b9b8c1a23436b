"""A policy in one place: the others stay as they were, to the byte, until people move between them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.dates import parse_day
from sim.experiments.forking import parting_day
from sim.institutions.placements import PlaceKind
from sim.institutions.prisons import QuarterKind
from sim.simulation.run import Trunk, simulate
from tests.worlds import run, scenario

FRACTION, END = 0.01, "2023-06-30"
SOME = [
    "scale: means.probation_service.posts, by: 3",
    "scale: means.enforcement_courts.hearing_slots, by: 2",
    "set: practices.files.lead_days, to: 500",
    "add: practices.hearings.decision.level, by: 2",
    "set: means.probation_service.absence_share, to: 0.5",
    "scale: means.open_setting.posts, by: 0.5",
    "set: means.establishments.occupation.MA, to: 0.9",
]
"""A means and a practice of each level: quarter, establishment, court, interregion."""


@pytest.fixture(scope="module")
def base():
    return run(scenario(end=END, fraction=FRACTION))


def changed(base, line: str):
    made = run(scenario(f"changes:\n  - {{on: 2022-07-01, {line}}}\n", end=END, fraction=FRACTION))
    return made, {
        name: [table[table["day"] < parse_day("2022-07-01")].tobytes() for table in (base.tables[name], made.tables[name])]
        for name in ("exits", "ends", "decisions", "measures", "services", "quarters")
    }


def region_of(finished, name: str) -> int:
    return finished.world.geography.interregions.index(name)


@pytest.mark.parametrize("line", SOME)
def test_a_policy_in_one_interregion_leaves_the_others_as_they_were(base, line):
    made, before = changed(base, f"{line}, where: {{interregion: Lyon}}")
    assert all(one == other for one, other in before.values())
    lyon = region_of(base, "Lyon")
    elsewhere, here = [], []
    for name, column in (("exits", "interregion"), ("open_setting", "interregion")):
        old, new = base.tables[name], made.tables[name]
        elsewhere.append(old[old[column] != lyon].tobytes() == new[new[column] != lyon].tobytes())
        here.append(old[old[column] == lyon].tobytes() == new[new[column] == lyon].tobytes())
    sites = np.array(base.world.geography.site_interregion)
    for name in ("services", "decisions"):
        old, new = base.tables[name], made.tables[name]
        elsewhere.append(old[sites[old["site"]] != lyon].tobytes() == new[sites[new["site"]] != lyon].tobytes())
        here.append(old[sites[old["site"]] == lyon].tobytes() == new[sites[new["site"]] == lyon].tobytes())
    # Who came back: a return depends on the release, and a person returns where they came from.
    assert all(elsewhere)
    assert not all(here)


def test_a_change_in_every_interregion_is_the_change_made_everywhere(base):
    """Share by share, what is added to all of them is what is added to the country."""
    everywhere = run(
        scenario("changes:\n  - {on: 2022-07-01, scale: means.probation_service.posts, by: 2}\n", end=END, fraction=FRACTION)
    )
    names = list(base.world.geography.interregions)
    each, _ = changed(base, f"scale: means.probation_service.posts, by: 2, where: {{interregion: {names}}}")
    for name, table in everywhere.tables.items():
        if name not in ("nation", "standing"):
            assert table.tobytes() == each.tables[name].tobytes(), name


def test_an_end_gives_the_posts_back_and_what_is_added_is_added_there(base):
    made, _ = changed(base, "add: means.probation_service.posts, by: 50, until: 2023-01-01, where: {interregion: Lyon}")
    lyon = region_of(base, "Lyon")
    sites = np.array(base.world.geography.site_interregion)

    def posts(finished, day: str) -> float:
        table = finished.tables["services"]
        return float(table["posts"][(table["day"] == parse_day(day)) & (sites[table["site"]] == lyon)].sum())

    assert posts(made, "2022-07-01") - posts(base, "2022-07-01") == pytest.approx(50 * FRACTION, rel=1e-5)
    assert posts(made, "2022-06-01") == posts(base, "2022-06-01")
    assert posts(made, "2023-01-01") == posts(base, "2023-01-01")


def test_places_added_somewhere_are_added_there(base):
    made, _ = changed(base, "add: means.establishments.extra_places.MA, by: 2000, where: {interregion: Lyon}")
    quarters = base.state.quarters
    more = made.state.quarters.capacity - quarters.capacity
    there = (quarters.region == region_of(base, "Lyon")) & (quarters.kind == QuarterKind.MA)
    assert more[there].sum() == pytest.approx(2000 * FRACTION, abs=1)
    assert not more[~there].any()


def test_hosts_found_somewhere_are_found_there(base):
    """The people they take leave tags, which are the country's, to others: nothing else moves elsewhere."""
    made, _ = changed(base, "add: means.placements.external_places, by: 1000, where: {interregion: Lyon}")
    more = (made.state.pools.places - base.state.pools.places)[base.state.pools.kind == PlaceKind.EXTERNAL]
    assert more.tolist() == [10 if region == region_of(base, "Lyon") else 0 for region in range(len(more))]


def test_a_cap_in_one_place_acts_there_and_ends():
    lines = "policies:\n  - {name: population_cap, on: 2022-07-01, until: 2023-01-01, "
    lines += "where: {interregion: Paris}, with: {density: 0.5}}\n"
    made = run(scenario(lines, end=END, fraction=FRACTION))
    exits = made.tables["exits"]
    freed = exits[exits["by_design"] == 1]
    assert len(freed) > 5
    assert set(freed["interregion"].tolist()) == {region_of(made, "Paris")}
    assert freed["day"].min() >= parse_day("2022-07-01")
    assert freed["day"].max() < parse_day("2023-01-01")


def test_a_cap_on_a_form_that_ends_opens_it_again():
    lines = "policies:\n  - {name: type_cap, on: 2022-07-01, until: 2023-01-01, with: {SL: 0}}\n"
    made = run(scenario(lines, end=END, fraction=FRACTION))
    measures = made.tables["measures"]
    code = made.world.regime_code["SL"]
    assert not any(row.closed_by_cap for row in made.state.regimes)
    begun = measures["begin_day"][measures["regime"] == code] if "begin_day" in measures.dtype.names else measures["start_day"]
    assert (begun >= parse_day("2023-02-01")).any()


def test_each_prison_has_its_own_threshold_and_its_reserve():
    """Fewer people where the threshold is lower, fewer still where places are kept free; elsewhere nobody is let go."""

    def cap(name: str, density: float, reserve: int = 0) -> str:
        settings = f"{{density: {density}, reserve: {reserve}, within_days: 365}}"
        return f"  - {{name: population_cap, on: 2022-07-01, where: {{establishment: {name}}}, with: {settings}}}\n"

    def freed(*lines: str):
        made = run(scenario("policies:\n" + "".join(lines), end=END, fraction=0.05))
        exits = made.tables["exits"]
        of_site = np.bincount(exits["site"][exits["by_design"] == 1], minlength=len(made.world.geography.sites))
        return {made.world.geography.sites[site]: int(of_site[site]) for site in np.flatnonzero(of_site)}

    two = freed(cap("CP FLEURY MEROGIS", 1.5), cap("CP FRESNES", 0.5))
    assert set(two) == {"CP FLEURY MEROGIS", "CP FRESNES"}
    one, lower, reserve = (freed(cap("CP FLEURY MEROGIS", *rule)) for rule in ((1.5,), (1.3,), (1.5, 300)))
    assert set(one) == set(lower) == set(reserve) == {"CP FLEURY MEROGIS"}
    assert 0 < one["CP FLEURY MEROGIS"] < min(lower["CP FLEURY MEROGIS"], reserve["CP FLEURY MEROGIS"])


def test_a_meeting_lets_go_a_share_of_those_it_looks_at():
    """Of the people near their end in a prison far above its threshold, those the meeting agrees to leave, no others."""

    def freed(share: float):
        line = f"  - {{name: population_cap, on: 2022-07-01, with: {{density: 0, within_days: 180, agreed_share: {share}}}}}\n"
        made = run(scenario("policies:\n" + line, end=END, fraction=FRACTION))
        exits = made.tables["exits"]
        return exits["person"][exits["by_design"] == 1]

    everybody, half = freed(1), freed(0.5)
    assert len(freed(0)) == 0
    assert 0.35 * len(everybody) < len(half) < 0.65 * len(everybody)
    assert len(freed(0.8)) > len(half)


def test_an_arm_that_parts_on_the_day_of_a_local_change_is_the_run_of_its_own(base):
    """The places a change tells apart are told apart when the arm takes over, not from the first day."""
    line = "{on: 2022-07-01, scale: means.probation_service.posts, by: 3, where: {interregion: Lyon}, until: 2023-01-01}"
    lines = f"changes:\n  - {line}\n"
    arm = scenario(lines, end=END, fraction=FRACTION)
    day = parting_day(base.scenario, arm)
    assert day == parse_day("2022-07-01")
    trunk = Trunk(base.scenario, seed=1, replication=0)
    trunk.advance_to(day)
    shared = trunk.branch(arm)
    alone = simulate(arm, seed=1, replication=0)
    for name, table in alone.tables.items():
        assert table.array().tobytes() == shared.tables[name].array().tobytes(), name
