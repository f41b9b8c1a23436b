"""Where people go to live and who has the places, on tables whose answers are known by hand."""

from __future__ import annotations

import pytest

from sim.dates import parse_day
from sim.indicators.lodging import lodging
from sim.indicators.summary import TablesInMemory
from sim.indicators.tidy import Figures
from sim.records.codes import Lodging
from sim.records.tables import Records
from tests.fabricated import CODEBOOK, add, census, context

DAY = parse_day("2025-06-15")


@pytest.fixture(scope="module")
def told():
    """Two interregions, 100 places open to anybody and 10 reserved in each, told every month alike."""
    records = Records(CODEBOOK)
    census(records)
    for person, where in enumerate([Lodging.NOWHERE, Lodging.HOME, Lodging.HOME, Lodging.PLACE]):
        add(records, "exits", day=DAY, person=person, sentenced=1, lodging=where)
    add(records, "exits", day=DAY, person=9, sentenced=0, lodging=Lodging.NOWHERE)
    figures = Figures()
    lodging(TablesInMemory(records), context(), figures)
    return figures.frame().set_index(["period", "indicator", "group"])["value"]["2025"]


def test_where_sentenced_people_go(told):
    assert [told["lodging_at_exit", f"lodging={name}"] for name in ("nowhere", "home", "found", "place")] == [
        0.25,
        0.5,
        0,
        0.25,
    ]


def test_requests_and_places(told):
    stages = [told["lodging_requests", f"stage={name}"] for name in ("to_file", "with_siao", "waiting")]
    assert stages == pytest.approx([4, 6, 18])
    uses = [told["lodging_places", f"use={name}"] for name in ("places", "rivals", "lodged", "kept", "empty")]
    assert uses == pytest.approx([220, 160, 36, 12, 12])


def test_what_becomes_of_requests_in_a_year(told):
    assert told["lodging_flow", "move=asked"] == pytest.approx(2 * 8 * 12)
    assert told["lodging_flow", "move=moved_in"] == pytest.approx(2 * 3 * 12)
    assert told["lodging_wait", "all"] == 50


def test_places_of_people_from_prison_and_empty_reserved_ones_are_paid(told):
    """36 + 12 places had or kept, and 6 reserved ones that are empty; those of people from elsewhere are not of this."""
    assert told["lodging_cost", "price=central"] == pytest.approx(54 * 365.25 * 40)
    assert told["lodging_cost", "price=low"] == pytest.approx(54 * 365.25 * 30)
