"""Short sentences one after the other, on tables whose answers are known by hand."""

from __future__ import annotations

import pytest

from sim.indicators.series import series
from sim.indicators.summary import TablesInMemory
from sim.indicators.tidy import Figures
from sim.records.tables import Records
from tests.fabricated import CODEBOOK, MEASURE_FROM, add, census, context


def figures():
    records = Records(CODEBOOK)
    census(records)
    # Ann three times, short; Ben twice, the second long; Cal once, long. A second exit of a stay and a remand count nothing.
    for person, stay, days, more in [
        (1, 0, 90, {}), (1, 1, 120, {}), (1, 2, 60, {}), (1, 2, 60, {"spell": 1}),
        (2, 0, 100, {}), (2, 1, 900, {}), (3, 0, 900, {}), (4, 0, 0, {"sentenced": 0}),
    ]:  # fmt: skip
        row = {"sentenced": 1, **more}
        add(records, "exits", day=MEASURE_FROM + 10, person=person, stay=stay, quantum_days=days, **row)
    found = Figures()
    series(TablesInMemory(records), context(), found)
    return found.frame().set_index(["period", "indicator", "group"])["value"]["measured"]


def test_stays_are_counted_by_person():
    found = figures()
    assert found["stays_per_person"]["all"] == pytest.approx(6 / 3)
    assert found["stays_per_person"]["sentence=≤6 months"] == pytest.approx(4 / 2)
    assert found["people_with_stays"]["stays=≥2"] == pytest.approx(2 / 3)
    assert found["people_with_stays"]["stays=≥3"] == pytest.approx(1 / 3)
    assert found["people_with_stays"]["stays=≥3,sentence=≤6 months"] == pytest.approx(1 / 2)


def test_days_free_and_entries_within_the_year_are_those_of_the_flows():
    found = figures()
    assert found["days_free"]["all"] == 120
    assert found["entries_within_a_year"]["all"] == pytest.approx(1 / 10)
