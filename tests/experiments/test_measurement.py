"""What indicators are told of the real baseline."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from sim.dates import parse_day
from sim.errors import ScenarioError
from sim.experiments.measurement import context_for, context_of
from sim.indicators.context import Context
from sim.law.adjustments import ADJUSTMENTS
from sim.scenario import load_scenario


@pytest.fixture(scope="module")
def baseline():
    return load_scenario("baseline")


def test_prices_are_those_of_the_scenario_with_their_range(baseline):
    told = context_for(baseline)
    cell = told.cost_per_day["cell"]
    assert cell.central == baseline.number("costs.per_day.cell", baseline.measure_from_day)
    assert cell.low < cell.central < cell.high
    assert set(told.cost_per_day) == {"cell"} | {r.code for a in ADJUSTMENTS for r in a.regimes}


def test_boards_are_the_procedures_without_a_hearing(baseline):
    assert set(context_for(baseline).boards) == {a.code for a in ADJUSTMENTS if not a.needs_hearing}


def test_it_survives_the_manifest(baseline):
    told = context_for(baseline)
    again = Context.from_plain(json.loads(json.dumps(told.to_plain())))
    assert again == told
    nobody_special = [np.zeros(1)] * 3
    assert again.reconviction.probability(*nobody_special, np.array([0]), np.array([-1]), 60, "central")[0] > 0.4


def test_a_sample_weighs_its_people(baseline):
    assert context_for(replace(baseline, sampling_fraction=0.05)).weight == pytest.approx(20)


def test_a_price_without_a_range_is_refused(baseline):
    leaves = dict(baseline.leaves)
    leaves["costs.per_day.PE"] = replace(leaves["costs.per_day.PE"], range=None)
    with pytest.raises(ScenarioError, match=r"costs\.per_day\.PE.*expected `range: \[low, high\]`"):
        context_of(replace(baseline, leaves=leaves), None)


def test_windows_are_the_measured_span_and_the_whole_calendar_years(baseline):
    world = replace(
        baseline,
        start_day=parse_day("2022-03-01"),
        measure_from_day=parse_day("2025-10-01"),
        end_day=parse_day("2027-12-31"),
    )
    windows = context_for(world).windows()
    assert [window.label for window in windows] == ["measured", "2023", "2024", "2025", "2026", "2027"]
    assert [window.years for window in windows[1:]] == [1.0] * 5
    assert windows[0].years == pytest.approx((365 * 2 + 92) / 365.25)
