"""MSER-5: it finds the head that does not belong, and says when there is no level."""

from __future__ import annotations

import numpy as np
import pytest

from sim.indicators.drift import mser5, run_in
from sim.indicators.summary import TablesInMemory
from tests.fabricated import fabricate


def test_a_head_that_rises_is_dropped():
    noise = np.random.default_rng(1).normal(0, 1, 60)
    level = np.full(60, 100.0)
    level[:10] -= np.arange(50, 0, -5)
    assert mser5(level + noise) == 10
    assert mser5(np.full(60, 100.0) + noise) <= 10


def test_a_series_without_a_level_says_so():
    assert mser5(np.arange(60.0)) > 30


def test_too_short_a_series_is_refused():
    with pytest.raises(ValueError, match="needs 20 values, met 19"):
        mser5(np.zeros(19))


def test_every_monthly_series_is_looked_at():
    found = {row.series: row for row in run_in(TablesInMemory(fabricate()))}
    assert {"detained", "queue", "on DDSE", "exits"} <= set(found)
    assert found["detained"].months == 0
    assert found["detained"].settled


def test_the_first_people_are_where_a_steady_flow_would_have_them():
    """With the flows of 2018 held, people detained stay within nine per cent of the first day for two years.

    The first day is that of 2018 and lengths are fitted to 2022–2025: the steady stock they make is above it: by six per
    cent before minimum terms and the probation of art. 730-2 were drawn, by eight since.
    """
    from tests.worlds import BASELINE, run, scenario  # noqa: PLC0415 (the engine, which the other tests do without)

    steady = {
        "flows.committals.fast_track": 33_300.0,
        "flows.committals.investigation": 22_900.0,
        "flows.committals.sentenced": 7_800.0,
        "flows.committals.free_convict": 68_000.0,
    }
    world = run(scenario(start="2018-01-01", end="2020-01-01", fraction=0.05, overrides=steady, world=BASELINE))
    nation = world.tables["nation"]["detained"].astype(float)

    assert np.abs(nation / nation[0] - 1).max() < 0.09
