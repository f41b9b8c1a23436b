"""Care inside, on tables whose answers are known by hand."""

from __future__ import annotations

import pytest

from sim.dates import parse_day
from sim.indicators.care import care
from sim.indicators.summary import TablesInMemory
from sim.indicators.tidy import Figures
from sim.records.tables import Records
from tests.fabricated import CODEBOOK, add, census, context


def test_the_wait_and_how_far_people_in_need_had_come():
    """Four in need leave, one of each stage but two who wait; one without a need counts in none."""
    records = Records(CODEBOOK)
    census(records)
    for person, stage in enumerate((1, 1, 2, 3)):
        add(records, "exits", day=parse_day("2025-06-15"), person=person, sentenced=1, care=1, care_stage=stage)
    add(records, "exits", day=parse_day("2025-06-15"), person=9, sentenced=1)
    figures = Figures()
    care(TablesInMemory(records), context(), figures)
    told = figures.frame().set_index(["period", "indicator", "group"])["value"]["2025"]
    assert told["care_wait", "all"] == pytest.approx(80)
    shares = [told["care_at_exit", f"care={name}"] for name in ("none", "waiting", "under_way", "completed")]
    assert shares == [0, 0.5, 0.25, 0.25]
