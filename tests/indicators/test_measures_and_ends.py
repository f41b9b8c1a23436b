"""Incidents, second measures, expected ends and releases by design, on tables whose answers are known by hand."""

from __future__ import annotations

import pytest

from sim.dates import parse_day
from sim.indicators.expected_end import expected_ends
from sim.indicators.measures import measures
from sim.indicators.prepared import prepared
from sim.indicators.summary import TablesInMemory
from sim.indicators.tidy import Figures
from sim.records.tables import Records
from tests.fabricated import ADJUSTMENTS, CODEBOOK, REGIMES, add, census, context

DAY = parse_day("2025-06-15")
TAG, SEMI, OUTSIDE, RELEASE = (REGIMES.index(code) for code in ("DDSE", "SL", "PE", "LC"))
LSC = ADJUSTMENTS.index("LSC")


def figures_of(records: Records, of, **settings: object):
    figures = Figures()
    of(TablesInMemory(records), context(**settings), figures)
    return figures.frame().set_index(["period", "indicator", "group"])["value"]


@pytest.fixture
def country() -> Records:
    records = Records(CODEBOOK)
    census(records)
    return records


def stay(records: Records, person: int, *rows: tuple[int, int, int, int]) -> None:
    """A stay that ends in mid-June, and its measures: regime, first and last day before then, how it ended."""
    add(records, "ends", day=DAY, person=person, sentenced=1, committed_day=DAY - 500, end_day=-1, expected_day=-1)
    for regime, start, over, ended in rows:
        add(
            records, "measures", day=DAY - over, person=person, regime=regime, adjustment=LSC, start_day=DAY - start,
            withdrawn=ended,
        )  # fmt: skip


def test_a_second_measure_is_one_that_begins_by_itself(country):
    """Not one the first was turned into, nor the same after a suspension, nor the release a measure led to."""
    stay(country, 1, (TAG, 200, 150, 1), (SEMI, 100, 0, 0))
    stay(country, 2, (OUTSIDE, 200, 150, 3), (SEMI, 150, 0, 0))
    stay(country, 3, (TAG, 200, 150, 2), (TAG, 140, 0, 0))
    stay(country, 4, (TAG, 200, 150, 0), (RELEASE, 150, 0, 0))
    stay(country, 5)
    found = figures_of(country, measures)["2025"]
    assert found["second_measure_share", "all"] == 0.25
    assert found["measure_withdrawn_share", "regime=DDSE,origin=custody"] == pytest.approx(1 / 3)
    assert found["measure_withdrawn_share", "regime=PE,origin=custody"] == 0


def test_incidents_that_no_answer_counts_are_withdrawals(country):
    add(country, "flows", day=parse_day("2025-07-01"), incidents=24, reminded=12, widened=1, suspended=2, turned=3)
    found = figures_of(country, measures, weight=2.0)["2025"]["incidents"]
    # The census of the fixture tells eleven to twelve empty months beside.
    assert found.sum() * 12 == pytest.approx(24 * found["answer=reminder"])
    assert found["answer=withdrawal"] == pytest.approx(found["answer=reminder"] / 2)


def test_the_error_of_the_expected_end_by_regime_of_reductions(country):
    def over(person: int, error: int, credited: int, measure_day: int = -1) -> None:
        add(
            country, "ends", day=DAY, person=person, sentenced=1, committed_day=DAY - 500, measure_day=measure_day,
            end_day=DAY, expected_day=DAY - error, credited=credited,
        )  # fmt: skip

    for person, error in enumerate((-10, 0, 10, 40)):
        over(person, error, 0)
    over(5, 6, 1)
    over(6, 300, 0, DAY)
    add(country, "ends", day=DAY, person=7, sentenced=1, committed_day=DAY - 500, end_day=DAY, expected_day=-1)
    found = figures_of(country, expected_ends)["2025"]["end_error"]
    overall = found[~found.index.str.contains("expected=")]
    assert overall.to_dict() == {
        "reductions=credited,statistic=mean": 6, "reductions=credited,statistic=absolute": 6,
        "reductions=credited,statistic=p90": 6, "reductions=reviewed,statistic=mean": 10,
        "reductions=reviewed,statistic=absolute": 15, "reductions=reviewed,statistic=p90": pytest.approx(31),
    }  # fmt: skip


def test_regimes_are_compared_at_equal_time_expected(country):
    """At equal time the credited err less by half; most of them served years and most of the others months: overall, more."""
    errors = {(100, 1): (2, 1), (100, 0): (4, 9), (1_000, 1): (20, 9), (1_000, 0): (40, 1)}
    person = 0
    for (days, credited), (error, people) in errors.items():
        for each in range(people):
            person += 1
            sign = 1 if each % 2 else -1
            add(
                country, "ends", day=DAY, person=person, sentenced=1, committed_day=DAY - sign * error - days, measure_day=-1,
                end_day=DAY, expected_day=DAY - sign * error, credited=credited,
            )  # fmt: skip
    found = figures_of(country, expected_ends)["2025"]["end_error"]

    def size(regime: str, band: str = "") -> float:
        return found[f"reductions={regime},{band}statistic=absolute"]

    assert size("credited") == pytest.approx((2 + 9 * 20) / 10)
    assert size("reviewed") == pytest.approx((9 * 4 + 40) / 10)
    assert size("credited") > 2 * size("reviewed"), "what misleads"
    for band, (credited, reviewed) in {"≤6 months": (2, 4), "2–5 years": (20, 40)}.items():
        assert size("credited", f"expected={band},") == credited
        assert size("reviewed", f"expected={band},") == reviewed
    assert {label.split(",")[1] for label in found.index if "expected=" in label} == {
        "expected=≤6 months",
        "expected=2–5 years",
    }


def test_a_release_by_design_is_neither_dry_nor_prepared(country):
    """Ten exits: one dry, one by design, eight on a measure of a hundred days."""
    facts = {"day": DAY, "sentenced": 1, "hours": 3.0, "leave_day": DAY - 9, "housed": 1, "adjustment": LSC}
    add(country, "exits", person=1, regime=-1, end_day=DAY, **facts)
    add(country, "exits", person=2, regime=RELEASE, end_day=DAY + 100, by_design=1, **facts)
    for person in range(3, 11):
        add(country, "exits", person=person, regime=TAG, end_day=DAY + 100, **facts)
    found = figures_of(country, prepared)["2025"]
    assert found["by_design_rate", "all"] == 0.1
    assert found["quasi_dry_rate", "days=30"] == 0.1
    assert found["prepared_rate", "days=30,with=all"] == 0.8
