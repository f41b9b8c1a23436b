"""Behavioural levers: what they do, and what they refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.dates import parse_day
from sim.errors import ScenarioError
from sim.institutions.prisons import QuarterKind
from sim.policies import POLICIES
from sim.policies.population_cap import PopulationCap
from sim.policies.type_cap import TypeCap
from sim.records.codes import Cause, Outcome
from tests.worlds import FinishedRun, run, scenario

if TYPE_CHECKING:
    from sim.institutions.world import World

DAY = parse_day("2023-01-02")


def density(world: FinishedRun) -> float:
    """Density of remand prisons at the last census."""
    quarters = world.tables["quarters"]
    last = quarters[quarters["day"] == quarters["day"].max()]
    mine = last[world.world.state.quarters.kind[last["quarter"]] == QuarterKind.MA]
    return (mine["remand"].sum() + mine["sentenced"].sum()) / mine["capacity"].sum()


def test_a_cap_lowers_density_and_makes_no_dry_release(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the cap people leave under supervision, until each quarter is down to it or nobody in it qualifies."""
    cap, within = 1.0, 365
    extra = f"policies:\n  - {{name: population_cap, on: 2023-01-02, with: {{density: {cap}, within_days: {within}}}}}\n"
    weeks: list[tuple[int, int]] = []
    act = PopulationCap.act_this_week

    def watched(policy: PopulationCap, world: World) -> None:
        act(policy, world)
        quarters, people = world.state.quarters, world.state.people
        above = quarters.remand + quarters.sentenced - (quarters.capacity * cap).astype(int)
        crowded = (quarters.kind == QuarterKind.MA) & (quarters.capacity > 0) & (above > 0)
        qualify = np.flatnonzero(policy.qualify(people, world.day))
        assert not crowded[people.quarter[qualify]].any(), "somebody who qualifies is still in a quarter above the cap"
        weeks.append((world.day, int(crowded.sum())))

    monkeypatch.setattr(PopulationCap, "act_this_week", watched)
    free, capped = run(scenario(fraction=0.01)), run(scenario(extra, fraction=0.01))

    assert [day for day, _ in weeks] == list(range(DAY, capped.scenario.end_day + 1, 7))
    assert density(capped) < density(free)
    before = [t["exits"][t["exits"]["day"] < DAY].tobytes() for t in (free.tables, capped.tables)]
    assert before[0] == before[1]
    left = capped.tables["exits"]
    freed = left[(left["day"] >= DAY) & (left["heard_day"] == -1) & (left["regime"] >= 0) & (left["sentenced"] == 1)]
    assert len(freed) > 50


def test_a_cap_far_above_changes_nothing() -> None:
    """A cap under which nobody is near enough to the end gives the same bytes: 5 is the most a density may be."""
    extra = "policies:\n  - {name: population_cap, on: 2023-01-02, with: {density: 5, within_days: 0}}\n"
    free, capped = run(scenario()), run(scenario(extra))

    for name, table in free.tables.items():
        assert table.tobytes() == capped.tables[name].tobytes(), name


def test_settings_are_checked() -> None:
    """An unknown setting is named with the known ones; a value must be a number."""
    with pytest.raises(
        ScenarioError, match=r"no setting 'densty'; known: density, within_days, reserve, agreed_share. Did you mean 'density'"
    ):
        PopulationCap(DAY, {"densty": 1.2})
    with pytest.raises(ScenarioError, match="expected a number"):
        PopulationCap(DAY, {"density": "high"})


def test_names_match() -> None:
    """A lever is listed under its own name."""
    assert all(policy.name == name for name, policy in POLICIES.items())


def test_a_collective_remission_lets_people_out_sooner_and_nobody_before() -> None:
    """More leave in the month after; nothing differs before; nobody sentenced for a felony gains from it."""
    extra = "policies:\n  - {name: collective_remission, on: 2023-01-02, with: {days_a_month: 15}}\n"
    free, remitted = run(scenario(fraction=0.01)), run(scenario(extra, fraction=0.01), keep_events=True)

    def after(world: FinishedRun, days: int) -> int:
        exits = world.tables["exits"]
        return int(((exits["day"] >= DAY) & (exits["day"] < DAY + days) & (exits["sentenced"] == 1)).sum())

    before = [t["exits"][t["exits"]["day"] < DAY].tobytes() for t in (free.tables, remitted.tables)]
    assert before[0] == before[1]
    assert after(remitted, 90) > after(free, 90)
    assert (remitted.tables["exits"]["end_day"] >= remitted.tables["exits"]["day"])[
        remitted.tables["exits"]["sentenced"] == 1
    ].all()


def test_a_cap_on_a_form_displaces_people_where_it_says() -> None:
    """No tag is granted any more once its cap is reached; without anywhere to go more people leave for want of one."""
    extra = "policies:\n  - {{name: type_cap, on: 2023-01-02, with: {{DDSE: 0, to_SL: {share}}}}}\n"
    nowhere, elsewhere = (run(scenario(extra.format(share=share), fraction=0.02)) for share in (0.0, 1.0))
    tag = nowhere.world.regime_code["DDSE"]
    for world in (nowhere, elsewhere):
        decisions = world.tables["decisions"]
        late = decisions[(decisions["day"] > DAY) & (decisions["outcome"] == Outcome.GRANTED)]
        assert len(late) > 20
        assert not (late["regime"] == tag).any()
    lost = [(world.tables["exits"]["cause"] == Cause.NO_DEVICE).sum() for world in (nowhere, elsewhere)]
    assert lost[0] > lost[1]


def test_shares_of_the_displaced_add_up_to_one_at_most() -> None:
    """More would be people made out of nothing."""
    with pytest.raises(ScenarioError, match="add up to 1 at most"):
        TypeCap(DAY, {"DDSE": 10, "to_SL": 0.7, "to_PE": 0.6})
