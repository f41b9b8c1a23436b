"""Extreme worlds whose answer is known beforehand."""

from __future__ import annotations

import numpy as np

from sim.population.entrants import FIRST_ENTRANT
from sim.population.person import CounsellorState
from sim.records.codes import Cause
from tests.neutral import NO_BOARDS, NO_HEARINGS, PLENTY
from tests.worlds import run, scenario

INSTRUCTION = {"practices.hearings.instruction_days": 52.0}
"""Its mean, so that what follows from it does not move with a fit."""
MEASURES = ("DDSE", "SL", "PE", "LC")


def sentenced(world):
    exits = world.tables["exits"]
    return exits[exits["sentenced"] == 1]


def test_no_hearings_no_boards_everybody_leaves_at_the_end() -> None:
    """Without hearings nor boards, nobody is adjusted, and nobody is refused."""
    world = run(scenario(overrides=NO_HEARINGS | NO_BOARDS))
    exits = sentenced(world)
    assert len(exits) > 300
    assert (exits["regime"] < 0).all()
    assert not np.isin(exits["cause"], [Cause.REFUSED_PROJECT, Cause.REFUSED_RISK, Cause.NO_HOUSING]).any()
    assert len(world.tables["decisions"][world.tables["decisions"]["outcome"] == 0]) == 0


def test_no_counsellors_no_request() -> None:
    """Without counsellors nobody is assigned, no file is opened, and those who could have asked lack a counsellor."""
    world = run(
        scenario(
            overrides={
                "means.probation_service.posts": 0.0,
                **NO_BOARDS,
                "stock.requests": {"decided": 0, "pending": 0, "prepared": 0},
            }
        )
    )
    exits = sentenced(world)
    assert (exits["assigned_day"] == -1).all()
    assert (exits["requested_day"] == -1).all()
    assert (exits["cause"] == Cause.NO_COUNSELLOR).sum() > 50
    assert not np.isin(exits["cause"], [Cause.FILE_NOT_READY, Cause.NOT_HEARD]).any()


def test_a_board_that_takes_nobody_leaves_a_short_calendar_its_cause() -> None:
    """Where nothing could open before the end, the calendar is the cause, whether boards sit without effect or not at all."""
    slots = {"means.enforcement_courts.board_slots": 0.0}
    worlds = [run(scenario(overrides=NO_HEARINGS | changed, fraction=0.01)) for changed in (NO_BOARDS, slots)]
    short = [exits["person"][exits["cause"] == Cause.CALENDAR_TOO_SHORT].tolist() for exits in map(sentenced, worlds)]
    assert len(short[0]) > 30
    assert short[0] == short[1]


def test_plenty_means_no_wait() -> None:
    """With counsellors who stay, sittings and hours without limit, nobody lacks one; requests wait their instruction only."""
    world = run(scenario(overrides={**PLENTY, "means.probation_service.turnover": 0.0, **INSTRUCTION}))
    exits = sentenced(world)
    # The first day alone makes people wait: lines then stand in the order people were found, not in that of their arrival, and
    # establishments are filled. Whoever is new to one of the last places has fourteen days in the arrival unit, then the next
    # weekly plan; those behind them wait as long. Three weeks on, everybody found has a counsellor, or has left.
    newcomer = 14 + 7
    lacking = exits[exits["cause"] == Cause.NO_COUNSELLOR]
    assert (lacking["person"] < FIRST_ENTRANT).all()
    taken = np.where(lacking["assigned_day"] < 0, lacking["day"], lacking["assigned_day"])
    assert (taken <= world.scenario.start_day + newcomer).all()
    waiting = world.people[world.people.counsellor == CounsellorState.WAITING]
    assert (world.world.day - waiting.enrolled_day <= newcomer).all()
    decisions = world.tables["decisions"]
    heard = decisions[np.isin(decisions["adjustment"], world.world.state.hearing_codes)]
    wait = heard["day"] - heard["requested_day"]
    # Instruction (52 days on average, and the notice of ten) and the week to the next sitting.
    assert 50 < wait.mean() < 85


def test_no_measure_is_withdrawn_when_none_can_be() -> None:
    """A withdrawal rate of zero leaves no recall and no release with that cause."""
    world = run(scenario(overrides={"practices.measures.withdrawn": dict.fromkeys(MEASURES, 0.0)}))
    assert world.tables["flows"]["recalls"].sum() == 0
    assert world.tables["measures"]["withdrawn"].sum() == 0
    assert not (sentenced(world)["cause"] == Cause.MEASURE_WITHDRAWN).any()


def test_nobody_comes_and_the_prison_empties() -> None:
    """Without committals the stock only falls, and the short sentences are gone within the run."""
    none = {f"flows.committals.{s}": 0.0 for s in ("fast_track", "investigation", "sentenced", "ab_initio", "free_convict")}
    quiet = none | {"stock.free_convicts": 0.0, "flows.returns.prison_share": 0.0}
    world = run(scenario(overrides=quiet, end="2026-01-01"))
    stock = world.tables["nation"]["detained"]
    remand = world.tables["nation"]["remand"]
    assert (np.diff(remand) <= 0).all()
    assert stock[-1] < 0.35 * stock[0]
    assert world.tables["flows"]["entries"].sum() == 0


def test_a_deadline_that_is_enforced_is_kept() -> None:
    """With requests heard by their fourth month, no decision comes later than a sitting after it, and slots are counted."""
    extra = "changes:\n  - {on: 2022-07-01, set: means.enforcement_courts.longest_wait_days, to: 120}\n"
    few = {"means.enforcement_courts.hearing_slots": 8_000.0, "practices.hearings.adjourned_share": 0.0, **INSTRUCTION}
    world = run(scenario(extra, overrides=few, end="2024-06-01"))
    lax = run(scenario(overrides=few, end="2024-06-01"))

    def waits(of) -> np.ndarray:
        decisions = of.tables["decisions"]
        heard = decisions[np.isin(decisions["adjustment"], of.world.state.hearing_codes)]
        late = heard[heard["day"] > heard["day"].min() + 400]
        return late["day"] - late["requested_day"]

    # A request still under instruction on its 120th day is heard at the next sitting after it is ready.
    assert np.quantile(waits(world), 0.9) <= 150
    assert np.quantile(waits(lax), 0.9) > 180
    assert world.tables["services"]["slots"].sum() > lax.tables["services"]["slots"].sum()


def test_a_reform_that_touches_nobody_changes_nothing() -> None:
    """A threshold moved where no sentence lies gives the same bytes in every table."""
    extra = "changes:\n  - {on: 2022-06-01, set: law.conditional_release.trial_cap_months, to: 239, applies_to: everyone}\n"
    before, after = run(scenario()), run(scenario(extra))
    for name, table in before.tables.items():
        assert table.tobytes() == after.tables[name].tobytes(), name


def test_a_reform_for_new_committals_leaves_those_inside() -> None:
    """Ending the release as of right for new committals alone keeps it for people committed before."""
    reform = "law.release_under_constraint_as_of_right.in_force"
    extra = f"changes:\n  - {{on: 2023-03-01, set: {reform}, to: false, applies_to: new_committals}}\n"
    world = run(scenario(extra, fraction=0.01))
    decisions = world.tables["decisions"]
    code = world.world.state.right_codes[0]
    exits = world.tables["exits"]
    committed = dict(zip(exits["person"], exits["committed_day"], strict=True))
    from sim.dates import parse_day  # noqa: PLC0415

    day = parse_day("2023-03-01")
    examined = decisions[(decisions["adjustment"] == code) & (decisions["day"] >= day)]
    assert len(examined) > 20
    assert all(committed.get(p, day - 1) < day for p in examined["person"])
