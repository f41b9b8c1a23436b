"""Rates of dry release, routes and causes on tables small enough to count on one's fingers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.dates import parse_day
from sim.errors import DataError
from sim.indicators.bridge import STEPS, bridge
from sim.indicators.releases import releases
from sim.indicators.summary import TablesInMemory
from sim.indicators.tidy import Figures
from sim.records.codes import Cause
from sim.records.tables import Records
from tests.fabricated import CODEBOOK, add, context, fabricate

if TYPE_CHECKING:
    import pandas as pd

DAY = parse_day("2025-06-01")
MEASURED_YEARS = 730 / 365.25


def figures_of(indicator, records: Records, **settings: object) -> pd.Series:
    figures = Figures()
    indicator(TablesInMemory(records), context(**settings), figures)
    return figures.frame().set_index(["period", "indicator", "group"])["value"]


@pytest.fixture
def four_exits() -> Records:
    """In June 2025: two dry délits (3 and 18 months), a DDSE by LSC (8 months), a crime in LC, a remand that ends."""
    records = Records(CODEBOOK)
    add(records, "exits", day=DAY, person=1, sentenced=1, quantum_days=91, cause=Cause.CALENDAR_TOO_SHORT, foreign=1)
    add(records, "exits", day=DAY, person=2, sentenced=1, quantum_days=548, cause=Cause.NOT_HEARD)
    add(
        records,
        "exits",
        day=DAY,
        person=3,
        sentenced=1,
        quantum_days=243,
        regime=3,
        adjustment=4,
        site=1,
        interregion=1,
    )
    add(records, "exits", day=DAY, person=4, sentenced=1, felony=1, quantum_days=3000, regime=0, adjustment=0)
    add(records, "exits", day=DAY, person=5, sentenced=0)
    return records


def test_the_rate_counts_delits_only_and_the_passage_to_a_measure_as_an_exit(four_exits):
    rate = figures_of(releases, four_exits)["2025"]["dry_rate_exits"]
    assert rate["all"] == pytest.approx(2 / 3)
    assert rate["class=crime"] == 0
    assert rate["nationality=foreign"] == 1
    assert rate["nationality=French"] == pytest.approx(1 / 2)
    assert rate["interregion=Lille"] == 0
    assert "2024" not in figures_of(releases, four_exits).xs("dry_rate_exits", level="indicator").index


def test_bands_follow_the_firm_part_and_up_to_one_year_adds_two_of_them(four_exits):
    found = figures_of(releases, four_exits)["2025"]
    assert found["dry_rate_exits"]["band=≤6 months"] == 1
    assert found["dry_rate_exits"]["band=6–12 months"] == 0
    assert found["dry_rate_exits"]["band=≤1 year"] == pytest.approx(1 / 2)
    assert found["dry_rate_exits"]["band=1–2 years"] == 1
    assert found["exits_per_year"]["band=≤1 year"] == 2
    assert found["exits_per_year"]["band=>5 years"] == 0, "crimes are apart"
    assert "band=>5 years" not in found["dry_rate_exits"].index, "a rate over nobody is no figure"


@pytest.mark.parametrize(
    ("days", "band"),
    [(184, "≤6 months"), (185, "6–12 months"), (366, "6–12 months"), (367, "1–2 years"), (731, "1–2 years"),
     (732, "2–5 years"), (1827, "2–5 years"), (1828, ">5 years")],
)  # fmt: skip
def test_each_band_ends_with_the_longest_span_its_name_allows(days, band):
    records = Records(CODEBOOK)
    add(records, "exits", day=DAY, person=1, sentenced=1, quantum_days=days, cause=Cause.DECLINED)
    assert figures_of(releases, records)["2025"]["exits_per_year"][f"band={band}"] == 1


def test_yearly_figures_divide_the_window_and_multiply_the_sample(four_exits):
    tenth = figures_of(releases, four_exits, weight=10.0)
    assert tenth["2025"]["exits_per_year"]["all"] == 30
    assert tenth["measured"]["exits_per_year"]["all"] == pytest.approx(30 / MEASURED_YEARS)
    assert tenth["2025"]["dry_rate_exits"]["all"] == pytest.approx(2 / 3), "a rate has no weight"


def test_each_exit_takes_one_route(four_exits):
    routes = figures_of(releases, four_exits)["2025"]["releases"]
    alone = routes[[group for group in routes.index if "," not in group]]
    assert alone.sum() == 5
    assert alone["route=dry"] == 2
    assert alone["route=unsentenced"] == 1
    assert routes["route=DDSE,procedure=LSC"] == 1
    assert routes["route=LC,procedure=LC"] == 1


def test_a_dry_release_without_a_cause_is_refused(four_exits):
    add(four_exits, "exits", day=DAY, person=9, sentenced=1, quantum_days=10)
    with pytest.raises(DataError, match="person 9"):
        figures_of(releases, four_exits)


@settings(max_examples=25)
@given(replication=st.integers(0, 1000), grant=st.floats(0, 1))
def test_causes_add_up_to_the_dry_releases(replication, grant):
    found = figures_of(releases, fabricate(replication, grant=grant, people=60))
    for period in found.index.unique("period"):
        rows = found[period]
        causes = rows["dry_cause"]
        crimes_too = causes[[group for group in causes.index if "class" not in group]]
        assert crimes_too.sum() == pytest.approx(rows["dry_releases"]["all"], abs=1e-9)
        assert (causes.sum() - crimes_too.sum()) == pytest.approx(rows["dry_releases"]["class=délit"], abs=1e-9)
        assert rows["releases"]["route=dry"] == pytest.approx(rows["dry_releases"]["all"])


def test_the_second_definition_counts_ends_of_committal_that_did_not_begin_at_home():
    records = Records(CODEBOOK)
    add(records, "ends", day=DAY, person=1, sentenced=1)
    add(records, "ends", day=DAY, person=2, sentenced=1, regime=3)
    add(records, "ends", day=DAY, person=3, sentenced=1, felony=1, regime=0)
    add(records, "ends", day=DAY, person=4, sentenced=1, home=1, regime=3)
    add(records, "ends", day=DAY, person=5, sentenced=0)
    found = figures_of(releases, records)["2025"]
    assert found["dry_rate_ends"]["all"] == pytest.approx(1 / 3)
    assert found["dry_rate_ends"]["class=délit"] == pytest.approx(1 / 2)
    assert found["ends_per_year"]["all"] == 3


def test_the_bridge_leads_from_one_rate_to_the_other_step_by_step():
    records = Records(CODEBOOK)
    before, later = parse_day("2024-11-01"), parse_day("2025-09-01")

    def exit_(person: int, day: int = DAY, **values: float) -> None:
        add(records, "exits", day=day, person=person, sentenced=1, quantum_days=100, **values)

    def end(person: int, day: int = DAY, **values: float) -> None:
        add(records, "ends", day=day, person=person, sentenced=1, **values)

    exit_(1, cause=Cause.DECLINED), end(1)  # dry
    exit_(2, regime=0, adjustment=0, felony=1), end(2, regime=0, felony=1)  # a crime, into LC
    exit_(3, cause=Cause.MEASURE_WITHDRAWN), end(3, home=1)  # failed at home, then dry
    exit_(4, regime=3, adjustment=3)  # adjusted, withdrawn …
    exit_(4, later, spell=1, cause=Cause.MEASURE_WITHDRAWN), end(4, later)  # … and dry at last
    exit_(5, regime=3, adjustment=3)  # measure still running at the end of the year
    exit_(6, before, regime=3, adjustment=3), end(6, regime=3)  # begun the year before
    end(7, regime=3)  # was on a measure when the run began
    exit_(8, regime=0, adjustment=0), end(8, regime=0)  # LC, which ends the committal; withdrawn …
    exit_(8, later, spell=1, cause=Cause.MEASURE_WITHDRAWN), end(8, later)  # … so that one stay ends twice
    found = figures_of(bridge, records)["2025"]
    people = [found["bridge_people"][f"step={step}"] for step in STEPS]
    dry = [found["bridge_dry"][f"step={step}"] for step in STEPS]
    assert people == [7, 1, -1, -1, -1, 1, 1, 0, 7]
    assert dry == [3 + 1, 0, -1, 0, 0, 0, 0, 0, 2 + 1]
    assert found["bridge_rate"][f"step={STEPS[0]}"] == pytest.approx(4 / 7)
    assert found["bridge_rate"][f"step={STEPS[-1]}"] == pytest.approx(3 / 7)


@settings(max_examples=25)
@given(replication=st.integers(0, 1000), grant=st.floats(0, 1))
def test_the_bridge_leaves_nobody_to_explain(replication, grant):
    records = fabricate(replication, grant=grant, people=60)
    steps, rates = figures_of(bridge, records), figures_of(releases, records)
    for period in ("measured", "2024", "2025", "2026"):
        assert steps[period]["bridge_people"]["step=± not reconciled"] == 0
        assert steps[period]["bridge_dry"]["step=± not reconciled"] == 0
        if "dry_rate_ends" in rates[period].index:
            assert steps[period]["bridge_rate"][f"step={STEPS[-1]}"] == pytest.approx(rates[period]["dry_rate_ends"]["all"])
