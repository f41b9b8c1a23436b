"""A day on which some text is replaced is nothing by itself: what nobody reads may not move a run by its date."""

from __future__ import annotations

import numpy as np
import pytest

from sim.dates import parse_day
from sim.institutions.world import World
from sim.simulation import run as simulation
from tests.worlds import run, scenario

pytestmark = pytest.mark.nightly

OUTSIDE = "means.open_setting.posts"


def test_days_on_which_nothing_changes_leave_every_table_as_it_is(monkeypatch):
    # Surveys that follow the load closely, so that counting people on another day would show.
    world = scenario("", {"means.open_setting.survey_power": 1.5}, end="2023-07-01")
    before = run(world, keep_events=True)
    days = simulation.change_days(world)
    more = sorted({*days, *range(parse_day("2022-01-10"), parse_day("2023-06-30"), 17)})
    assert len(more) > len(days) + 20
    monkeypatch.setattr(simulation, "change_days", lambda _scenario: more)

    after = run(world, keep_events=True)

    assert set(before.tables) == set(after.tables)
    for name, table in before.tables.items():
        assert np.array_equal(table, after.tables[name]), name


def test_posts_that_come_within_a_month_weigh_on_the_load_the_same_day():
    world = scenario(f"changes:\n  - {{on: 2022-03-10, scale: {OUTSIDE}, by: 2}}\n", end="2022-03-20")
    usual = run(scenario("", end="2022-03-20"))

    doubled = run(world)

    loads = [[float(team.load) for team in each.state.community_teams] for each in (usual, doubled)]
    assert loads[1] == pytest.approx([load / 2 for load in loads[0]])


def test_reckoning_everyone_again_moves_nothing(monkeypatch):
    """A text that changes nothing for them leaves the dates of all as they are: each step dates what it moves itself.

    From the early releases of 2020, past the release as of right, with a remission for all between.
    """
    remission = "policies:\n  - {name: collective_remission, on: 2022-06-10, with: {days_a_month: 3, longest_days: 60}}\n"
    asked = {
        "practices.boards.requests_decided_share": 1.0,
        "practices.boards.same_standard": 1.0,
        "practices.leave.asking_share": 0.6,
        "practices.remission.credit_withdrawn": 0.2,
    }
    world = scenario(remission, asked, start="2020-01-01", end="2024-06-01", fraction=0.01)
    before = run(world, keep_events=True)
    days = simulation.change_days(world)
    more = {*range(parse_day("2020-01-10"), parse_day("2024-05-20"), 23)}
    monkeypatch.setattr(simulation, "change_days", lambda _scenario: sorted({*days, *more}))
    put_in_place = World.apply_parameters
    monkeypatch.setattr(World, "apply_parameters", lambda world: put_in_place(world) or world.day in more)

    after = run(world, keep_events=True)

    assert {name: table.tobytes() for name, table in before.tables.items()} == {
        name: table.tobytes() for name, table in after.tables.items()
    }
