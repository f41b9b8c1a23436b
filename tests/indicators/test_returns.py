"""Reconviction: probabilities added up, the three assumptions together, nothing past five years."""

from __future__ import annotations

import numpy as np
import pytest

from sim.dates import parse_day
from sim.indicators.open_setting import load_met, open_setting
from sim.indicators.returns import HORIZONS, MUST_NOT_CLAIM, _levers, returns
from sim.indicators.summary import TablesInMemory
from sim.indicators.tidy import Figures
from sim.reconviction import ASSUMPTIONS
from sim.records.tables import Records
from tests.fabricated import CODEBOOK, RECONVICTION, add, context, fabricate

DAY = parse_day("2025-06-01")


def figures_of(records: Records, **settings: object):
    figures = Figures()
    returns(TablesInMemory(records), context(**settings), figures)
    return figures.frame().set_index(["period", "indicator", "group"])["value"]


def test_the_three_assumptions_always_come_together_and_stop_at_sixty_months():
    found = figures_of(fabricate())["measured"]["reconviction"]
    assert set(found.index) == {f"assumption={a},months={m}" for a in ASSUMPTIONS for m in HORIZONS}
    assert max(HORIZONS) <= 60
    assert any("zero effect" in claim for claim in MUST_NOT_CLAIM)


def test_it_is_the_mean_of_the_probabilities_of_those_who_left():
    records = Records(CODEBOOK)
    people = [(0.4, 0.1, -0.3, 0, -1), (-0.2, 1.0, 0.5, 4, 3)]
    for number, (score, seen, unseen, route, procedure) in enumerate(people):
        add(
            records, "exits", day=DAY, person=number, sentenced=1, score=score, seen=seen, unseen=unseen,
            regime=route - 1, adjustment=procedure, cause=0 if route == 0 else -1,
        )  # fmt: skip
    columns = [np.array(column) for column in zip(*people, strict=True)]
    expected = RECONVICTION.probability(*columns, 60, "central").mean()
    found = figures_of(records, weight=10.0)["2025"]
    assert found["reconviction"]["assumption=central,months=60"] == pytest.approx(expected, rel=1e-6)
    assert found["reconvicted_per_year"]["assumption=central,months=60"] == pytest.approx(20 * expected, rel=1e-6)


def test_a_failed_measure_counts_once_under_the_route_first_granted():
    once, again = Records(CODEBOOK), Records(CODEBOOK)
    for records in (once, again):
        add(records, "exits", day=DAY, person=1, sentenced=1, regime=3, adjustment=3)
    add(again, "exits", day=DAY + 60, person=1, spell=1, sentenced=1, cause=13, score=3.0)
    assert figures_of(again)["2025"].equals(figures_of(once)["2025"])


def test_without_an_effect_the_route_changes_nothing():
    records = [Records(CODEBOOK), Records(CODEBOOK)]
    add(records[0], "exits", day=DAY, sentenced=1, score=0.3, seen=0.5, unseen=-0.5, cause=0)
    add(records[1], "exits", day=DAY, sentenced=1, score=0.3, seen=0.5, unseen=-0.5, regime=3, adjustment=3)
    dry, adjusted = (figures_of(r)["2025"]["reconviction"] for r in records)
    assert dry["assumption=none,months=60"] == adjusted["assumption=none,months=60"]
    assert dry["assumption=central,months=60"] > adjusted["assumption=central,months=60"]


def test_the_load_of_the_open_setting_counts_for_those_it_follows_and_not_at_the_usual_one():
    """At the usual load nothing moves; at twice it, those on a measure at medium or high risk are reconvicted more."""
    records = Records(CODEBOOK)
    for person, (score, regime) in enumerate([(0.4, 0), (-0.6, 0), (0.4, -1)]):
        add(
            records, "exits", day=DAY, person=person, sentenced=1, score=score, regime=regime,
            adjustment=2 if regime >= 0 else -1, cause=-1 if regime >= 0 else 0,
        )  # fmt: skip
    for day in (DAY - 31, DAY):
        add(records, "open_setting", day=day, interregion=0, posts=1.0, followed=44, background=150.0)
    pick = ("measured", "reconviction", "assumption=central,months=60")

    off = figures_of(records)[pick]
    assert figures_of(records, open_caseload=0.08, usual_load=194.0)[pick] == pytest.approx(off, abs=1e-12)
    heavy = figures_of(records, open_caseload=0.08, usual_load=97.0)
    assert heavy[pick] > off
    assert heavy["measured", "reconviction", "assumption=none,months=60"] == pytest.approx(
        figures_of(records)["measured", "reconviction", "assumption=none,months=60"]
    )
    day, region, otherwise = np.array([DAY, DAY + 5]), np.array([0, 0]), 97.0
    assert load_met(TablesInMemory(records), day, region, otherwise).tolist() == [194.0, 194.0]
    assert load_met(TablesInMemory(Records(CODEBOOK)), day, region, otherwise).tolist() == [97.0, 97.0]


def test_the_open_setting_tells_its_load_and_the_wait_for_a_first_appointment():
    """People over counsellors; the wait in proportion."""
    figures = Figures()
    open_setting(TablesInMemory(fabricate()), context(usual_load=48.5, first_appointment_days=18.0), figures)
    found = figures.frame().set_index(["period", "indicator", "group"])["value"]["measured"]
    assert found["open_setting_load", "all"] == pytest.approx(97.0)
    assert found["first_appointment_days", "all"] == pytest.approx(36.0)
    assert (found["open_setting_posts", "all"], found["open_setting_followed", "all"]) == (2.0, 14.0)


def test_contact_moves_reconviction_as_much_as_each_assumption_lets_effects():
    """Nothing under none; exp(effect x interviews) on the hazard under central; nothing for the usual contact."""
    records = Records(CODEBOOK)
    add(records, "exits", day=DAY, sentenced=1, score=0.3, seen=0.5, unseen=-0.5, cause=0, contact=4.0)
    pick = {name: ("measured", "reconviction", f"assumption={name},months=12") for name in ASSUMPTIONS}
    off, on = figures_of(records), figures_of(records, contact=-0.02)
    assert on[pick["none"]] == pytest.approx(off[pick["none"]], abs=1e-12)
    hazard = [-np.log1p(-figures[pick["central"]]) for figures in (off, on)]
    assert hazard[1] / hazard[0] == pytest.approx(np.exp(-0.08), rel=1e-6)
    assert on[pick["all_causal"]] < off[pick["all_causal"]]


def test_a_lever_that_changes_on_a_day_counts_for_those_who_leave_from_it_on():
    """Somebody without a home at entry finds one: alike before the day, less risk after it, by the effect of that day."""
    records = Records(CODEBOOK)
    for number, day in enumerate((DAY, DAY + 365)):
        add(records, "exits", day=day, person=number, sentenced=1, homeless=1, housed=1, cause=0)
    off, on = {"housing": 0.0, "preparation": 0.0}, {"housing": -0.5, "preparation": 0.0}
    group = "assumption=central,months=12"
    dated = figures_of(records, levers=off, lever_changes=((DAY + 100, on),))
    always = figures_of(records, levers=on)
    never = figures_of(records, levers=off)
    assert dated["2025"]["reconviction"][group] == never["2025"]["reconviction"][group]
    assert dated["2026"]["reconviction"][group] == always["2026"]["reconviction"][group]
    assert always["2026"]["reconviction"][group] < never["2026"]["reconviction"][group]


def test_prison_itself_adds_to_the_hazard_by_months_inside_and_earlier_stays():
    """Known answer: at the usual months and stays nothing; each month and stay beyond adds its own, up to a bound."""
    off = {"per_month": 0.0, "per_stay": 0.0, "usual_months": 10.0, "usual_stays": 0.0, "most_months": 20.0, "most_stays": 2.0}
    records = Records(CODEBOOK)
    for person, (months, stay) in enumerate([(10, 0), (20, 0), (40, 0), (10, 1), (10, 5)]):
        day = DAY
        inside = round(months * 365.25 / 12)
        add(records, "exits", day=day, person=person, stay=stay, sentenced=1, committed_day=day - inside, end_day=day)
    tables = TablesInMemory(records)
    exits = tables.table("exits")
    none = context(prison=off)
    assert _levers(exits, exits["score"].to_numpy(), tables, none) is None, "off: nothing is even added"
    told = _levers(exits, exits["score"].to_numpy(), tables, context(prison={**off, "per_month": 0.01, "per_stay": 0.1}))
    assert told == pytest.approx([0.0, 0.1, 0.1, 0.1, 0.2], abs=1e-3)
