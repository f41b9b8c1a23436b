"""Quasi-dry and prepared releases, and stocks by procedure, on tables whose answers are known by hand."""

from __future__ import annotations

import pytest

from sim.dates import parse_day
from sim.indicators.prepared import prepared
from sim.indicators.summary import TablesInMemory
from sim.indicators.tidy import Figures
from sim.records.tables import Records
from tests.fabricated import ADJUSTMENTS, CODEBOOK, REGIMES, add, census, context

DAY = parse_day("2025-06-15")
TAG, SEMI, OUTSIDE = (REGIMES.index(code) for code in ("DDSE", "SL", "PE"))
LSC, BY_TAG, BY_PLACE = (ADJUSTMENTS.index(code) for code in ("LSC", "DDSE", "PE"))


def figures_of(records: Records, **settings: object):
    figures = Figures()
    prepared(TablesInMemory(records), context(**settings), figures)
    return figures.frame().set_index(["period", "indicator", "group"])["value"]


def left(records: Records, person: int, days: int, regime: int, adjustment: int, **facts: float) -> None:
    add(
        records, "exits", day=DAY, person=person, sentenced=1, end_day=DAY + days, regime=regime, adjustment=adjustment, **facts
    )


@pytest.fixture
def country() -> Records:
    records = Records(CODEBOOK)
    census(records)
    return records


def test_a_measure_shorter_than_the_threshold_counts_as_none(country):
    left(country, 1, 0, -1, -1)
    for person, days in enumerate((20, 40, 100), start=2):
        left(country, person, days, TAG, LSC)
    add(country, "exits", day=DAY, person=9, sentenced=1, felony=1)
    found = figures_of(country)["2025"]["quasi_dry_rate"]
    assert found.to_dict() == {"days=15": 0.25, "days=30": 0.5, "days=60": 0.75, "days=90": 0.75}


def test_what_a_prepared_release_has(country):
    left(country, 1, 100, TAG, BY_TAG, hours=3.5, leave_day=DAY - 9, housed=1)
    left(country, 2, 100, TAG, LSC, housed=1, leave_day=DAY + 9)
    left(country, 3, 50, TAG, BY_TAG, hours=3.5)
    left(country, 4, 0, -1, -1, hours=3.5, housed=1)
    found = figures_of(country)["2025"]["prepared_rate"]
    assert {name: found[f"days=60,with={name}"] for name in ("file", "permission", "lodging", "all")} == {
        "file": 0.25, "permission": 0.25, "lodging": 0.5, "all": 0.25,
    }  # fmt: skip
    assert found["days=30,with=file"] == 0.5


def test_people_on_a_measure_by_the_procedure_that_granted_it(country):
    """Two from mid-June; one is withdrawn in August, one's placement turns into semi-liberty in July and ends in September."""
    left(country, 1, 400, TAG, LSC)
    left(country, 2, 400, OUTSIDE, BY_PLACE)
    ended = {"regime": TAG, "adjustment": LSC, "start_day": DAY}
    add(country, "measures", day=parse_day("2025-08-20"), person=1, withdrawn=1, **ended)
    turned, over = parse_day("2025-07-10"), parse_day("2025-09-10")
    add(country, "measures", day=turned, person=2, regime=OUTSIDE, adjustment=BY_PLACE, start_day=DAY)
    add(country, "measures", day=over, person=2, regime=SEMI, adjustment=BY_PLACE, start_day=turned)
    add(country, "measures", day=over, person=3, regime=SEMI, adjustment=-1, start_day=parse_day("2023-12-01"))
    found = figures_of(country, weight=12.0)["2025"]["on_measure"]
    # First of July and of August; first of July; first of August and of September: months of twelve, people of weight twelve.
    assert found["regime=DDSE,procedure=LSC"] == pytest.approx(2)
    assert found["regime=PE,procedure=PE"] == pytest.approx(1)
    assert found["regime=SL,procedure=PE"] == pytest.approx(2)
    assert found["regime=SL,procedure=SL"] == 0
