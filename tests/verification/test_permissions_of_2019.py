"""Permissions to go out of 2019 in the model, beside the published count of that year."""

from __future__ import annotations

import pytest

from sim.dates import parse_day
from sim.experiments.measurement import context_for
from sim.indicators.permissions import permissions
from sim.indicators.summary import TablesInMemory
from sim.indicators.tidy import Figures
from tests.worlds import BASELINE, run, scenario

pytestmark = pytest.mark.slow


def test_as_many_permissions_to_as_many_people_as_in_2019() -> None:
    """27,846 people had 71,532 (OIP, evidence/law.md §8): within a tenth, once requests have had a year to come."""
    world = run(scenario(start="2018-01-01", end="2019-12-31", fraction=0.2, world=BASELINE))
    context = context_for(world.scenario)
    assert parse_day("2018-01-01") <= context.measure_from_day
    figures = Figures()
    permissions(TablesInMemory(world.world.records), context, figures)
    found = figures.frame().set_index(["period", "indicator", "group"])["value"]["2019"]
    assert found["leave_people", "all"] == pytest.approx(27_846, rel=0.1)
    assert found["leaves_granted", "all"] == pytest.approx(71_532, rel=0.1)
