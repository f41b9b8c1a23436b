"""Probation without a committal: known stocks, who differs from the world without changes, failures, community work."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.institutions.probation_ledger import ProbationLedger
from sim.institutions.world import World
from sim.pathways.probation import CONVERTED, ENFORCED, NOBODY, Probation, outcome_elsewhere
from sim.population.attributes import Stream
from sim.population.entrants import POOL_OUTCOMES, Cohort, Entrants
from sim.population.risk import sampled_returns
from sim.randomness import Draws
from sim.records.tables import Records
from sim.simulation.run import codebook, geography, home_shares
from tests.worlds import run, scenario

DDSE = POOL_OUTCOMES.index("DDSE")
P = "flows.probation"
ONE_KIND = {
    "probation": {"probation": 1, "community_work": 0, "fine": 0},
    "work": {"probation": 0, "community_work": 1, "fine": 0},
}
NONE_FAILS = {"probation": 0, "community_work": 0, "fine": 0}
ALL_FAIL = {"probation": 1, "community_work": 1, "fine": 1}
ALL_CONVERTED = "{DDSE: 0, SL: 0, PE: 0, converted: 1, lapsed: 0, enforced: 0}"
NONE_CONVERTED = "{DDSE: 0.36, SL: 0.015, PE: 0.0105, converted: 0, lapsed: 0.2545, enforced: 0.36}"


def probation(**overrides: Any) -> Probation:
    """Return the people on probation of an empty country, whole, on its first day."""
    chosen = scenario(overrides={f"{P}.{name}": value for name, value in overrides.items()}, fraction=1.0)
    draws = Draws(1, 0)
    world = World(chosen, draws, Records(codebook(geography())), geography(), sampled_returns(chosen))
    return Probation(world, Entrants(chosen, draws, home_shares(geography())))


def people(held: Probation, number: int) -> Cohort:
    """People decided on the first day, as they are drawn."""
    ids = np.arange(5_000_000, 5_000_000 + number)
    days, stream = np.full(number, held.world.day), np.full(number, int(Stream.FREE_CONVICT))
    return Cohort(ids, days, stream, held.entrants.columns(ids, days, stream, held.world.day))


def changed(outcome: str, on: str = "2023-01-01", **overrides: Any):
    lines = f"changes:\n  - {{on: {on}, set: flows.pool.outcome, to: {outcome}}}\n"
    return scenario(
        lines, overrides={f"{P}.{name}": value for name, value in overrides.items()}, end="2024-06-01", fraction=0.02
    )


@cache
def table(kind: str, name: str) -> np.ndarray:
    """A table of a small world: as it is, with all or no free convicts converted, with every measure failing."""
    chosen = {
        "same": lambda: scenario(end="2024-06-01", fraction=0.02),
        "posts": lambda: scenario(
            "changes:\n  - {on: 2023-01-01, scale: means.enforcement_courts.hearing_slots, by: 1.5}\n"
            "  - {on: 2023-01-01, set: means.enforcement_courts.extra_judges, to: 100}\n",
            overrides={"flows.pool.absent_per_month": 0.05, "means.open_setting.survey_power": 1.0},
            end="2024-06-01",
            fraction=0.02,
        ),
        "all": lambda: changed(ALL_CONVERTED, failed=NONE_FAILS),
        "none": lambda: changed(NONE_CONVERTED),
        "fail": lambda: changed(ALL_CONVERTED, failed=ALL_FAIL),
    }[kind]()
    return run(chosen).tables[name]


# ---- the ledger --------------------------------------------------------------------------------------------------------


def test_a_stock_is_whoever_has_begun_and_not_ended():
    ledger = ProbationLedger(100, 200, 2)
    ledger.stay(np.array([0, 0, 1]), np.array([110, 120, 120]), np.array([130, 250, 121]))
    assert ledger.standing(110).tolist() == [0, 0], "at 0 h of the day"
    assert ledger.standing(111).tolist() == [1, 0]
    assert ledger.standing(121).tolist() == [2, 1]
    assert ledger.standing(131).tolist() == [1, 0]
    assert ledger.standing(200).tolist() == [1, 0], "who stays beyond the run is still there"
    ledger.stay(np.array([0]), np.array([110]), np.array([115]), usual=True)
    assert ledger.more(112).tolist() == [0, 0]
    assert ledger.more(121).tolist() == [2, 1]


def test_an_outcome_elsewhere_is_found_by_person():
    found = outcome_elsewhere(np.array([5, 9, 2]), np.array([9, 2, 7]), np.array([1, 3, 4]))
    assert found.tolist() == [NOBODY, 1, 3]
    assert outcome_elsewhere(np.array([5]), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)).tolist() == [NOBODY]


# ---- measures ----------------------------------------------------------------------------------------------------------


def test_whoever_fails_comes_to_a_cell_and_nobody_else():
    held = probation(kinds=ONE_KIND["probation"], failed=ALL_FAIL, months=12, variation=0.01)
    found = people(held, 4_000)
    held.begin(found, np.full(4_000, DDSE))
    assert sorted(held.coming["id"].tolist()) == found.ids.tolist()
    assert not held.coming["returns"].any(), "a tag in the other world: its new offences are in the published committals"
    late = (held.coming["day"] - held.world.day) / 365.25
    assert 0 < late.min() < 0.05
    assert 0.95 < late.max() <= 1.03
    assert np.median(late) == pytest.approx(0.5, abs=0.05), "evenly over the measure"


def test_whoever_is_on_probation_in_both_worlds_is_counted_and_nothing_more():
    held = probation(failed=ALL_FAIL)
    held.begin(people(held, 300), np.full(300, CONVERTED))
    assert len(held.coming) == 0
    assert held.world.probation.more(held.world.day + 30).tolist() == [0] * len(geography().interregions)
    assert held.world.probation.standing(held.world.day + 30).sum() > 200
    assert held.world.probation.hours_waiting == 0


@pytest.mark.parametrize("usual", [ENFORCED, NOBODY])
def test_who_would_be_in_a_cell_or_nowhere_may_reoffend(usual):
    held = probation(failed=NONE_FAILS, kinds=ONE_KIND["probation"])
    held.begin(people(held, 2_000), np.full(2_000, usual))
    within = len(held.coming) / 2_000
    assert held.coming["returns"].all()
    share = held.world.scenario.number("flows.returns.prison_share", held.world.day)
    assert 0.25 * share < within < 0.6 * share, "two years of the hazard of who leaves dry"
    mean = held.coming["score"].mean()
    assert mean > people(held, 2_000).drawn["score"].mean() + 0.1, "those at risk first"


def test_who_is_spared_is_taken_off_the_committals_of_the_day():
    held = probation(failed=ALL_FAIL, kinds=ONE_KIND["probation"], months=12, variation=0.01)
    found = people(held, 365)
    held.spared(found, np.full(365, DDSE))
    assert len(held.missing) == 365
    first = held.world.day
    held.take_off(first, first + 31)
    month = held.entrants.fewer * 31 / 365.25
    assert month == pytest.approx(31, abs=15)
    assert len(held.missing) == 365 - round(month)
    assert held.entrants.rate(Stream.FAST_TRACK, first) == pytest.approx(probation().entrants.rate(Stream.FAST_TRACK, first))
    usual = probation().entrants.rate(Stream.SENTENCED, first)
    assert held.entrants.rate(Stream.SENTENCED, first) == pytest.approx(usual - held.entrants.fewer)


def test_hours_of_community_work_are_those_of_the_law_and_take_their_time():
    orders = {"kinds": ONE_KIND["work"], "failed": NONE_FAILS, "hours": 400.0, "variation": 0.6}
    begun = []
    for extra in ({}, {"hours_a_week": 20.0}, {"work_days": 30}):
        held = probation(**orders, **extra)
        held.begin(people(held, 500), np.full(500, DDSE))
        begun.append(held.world.probation.counts)
        assert held.world.probation.counts["hours"] <= 400 * 500, "CP 131-8"
    assert begun[0]["hours"] == begun[1]["hours"]
    assert begun[0]["not_done"] > 200, "400 hours at a day a week do not end within eighteen months"
    assert begun[1]["not_done"] < begun[0]["not_done"]
    assert begun[2]["not_done"] < begun[0]["not_done"]


def test_hosts_take_what_they_can_and_the_rest_waits():
    held = probation(kinds=ONE_KIND["work"], hosts_free=0.1, hosts_hours=1_200)
    held.world.probation.hours_waiting = 50_000
    held.come(held.world.day, held.world.day + 30)
    month = 1_200_000 * 0.1 * 30 / 365.25
    assert held.world.probation.hours_waiting == pytest.approx(50_000 - month, abs=1)
    for _ in range(12):
        held.come(held.world.day, held.world.day + 30)
    assert held.world.probation.hours_waiting == 0


def test_the_same_people_are_chosen_when_more_are():
    chosen = []
    for share in (0.3, 0.6):
        held = probation(instead={"fast_track": share, "sentenced": share}, longest_months=12)
        from sim.pathways.intake import Intake  # noqa: PLC0415

        intake = Intake(held.world, held.entrants)
        month = held.entrants.month(held.world.day)
        left = intake._but_for_probation(month)
        gone = ~np.isin(month.ids, left.ids)
        assert (month.drawn["total_months"][gone] <= 12).all()
        assert (month.stream[gone] != Stream.INVESTIGATION).all()
        chosen.append(set(month.ids[gone].tolist()))
    assert chosen[0] < chosen[1]


# ---- in a run ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["same", "posts"])
def test_nothing_differs_where_no_conversion_is_changed(kind):
    found = table(kind, "probation")
    assert found["standing"][-1] > 50
    for column in ("more", "failed", "came_back", "hours_waiting"):
        assert not found[column].any(), column


def test_probation_raises_the_load_of_the_open_setting():
    same, every = (table(kind, "open_setting") for kind in ("same", "all"))
    last = same["day"] == same["day"].max()
    more = every["probation"][last].sum()
    assert more > 200
    load = [(rows["followed"] + rows["background"] + rows["probation"])[last].sum() for rows in (same, every)]
    assert load[1] - load[0] > 0.5 * more, "the tags that are no longer worn are taken off"
    assert more == table("all", "probation")["more"][-1]


def test_fewer_conversions_lower_it_and_are_taken_off_the_committals():
    found = table("none", "probation")
    assert found["more"][-1] < -20
    assert not found["failed"].any()


def test_those_who_fail_are_committed_person_by_person():
    free = [table(kind, "flows")["entries"].sum() for kind in ("all", "fail")]
    failed = table("fail", "probation")["failed"]
    assert failed.sum() > 50
    assert free[1] - free[0] == pytest.approx(failed.sum(), rel=0.25), "some return for a new offence rather"


def test_whoever_comes_back_from_probation_was_never_in_a_cell():
    flows, told = table("all", "flows"), table("all", "probation")
    assert told["came_back"].sum() > 0
    assert flows["returns"].sum() - flows["released"].sum() >= told["came_back"].sum() - told["came_back"][-1]
    days = flows["day"].max() - flows["day"].min()
    assert flows["free_days"].sum() <= flows["released"].sum() * days, "nobody has been free since 1970"


def test_a_heavier_load_fails_more_by_its_power():
    """``failed_load`` 1 and twice the usual load: twice the failures; at 0 the load takes no part."""
    shares = {"probation": 0.2, "community_work": 0.2, "fine": 0.2}
    failing = {}
    for power in (0.0, 1.0):
        held = probation(kinds=ONE_KIND["probation"], failed=shares, failed_load=power)
        held.world.open_setting_load = lambda: 2.0
        cohort = people(held, 4_000)
        fails, _ = held._lives(cohort, held._measures(cohort.ids, cohort.days))
        failing[power] = (fails < held.world.end_day * 10).mean()
    assert failing[0.0] == pytest.approx(0.2, abs=0.02)
    assert failing[1.0] == pytest.approx(0.4, abs=0.02)
