"""Permissions to go out, on tables whose answers are known by hand."""

from __future__ import annotations

import pytest

from sim.dates import parse_day
from sim.indicators.permissions import permissions
from sim.indicators.summary import TablesInMemory
from sim.indicators.tidy import Figures
from sim.records.codes import LeaveEnd, Purpose, Removal
from sim.records.tables import Records
from tests.fabricated import CODEBOOK, add, context

DAY = parse_day("2025-06-15")


def figures_of(records: Records, **settings: object):
    figures = Figures()
    permissions(TablesInMemory(records), context(**settings), figures)
    return figures.frame().set_index(["period", "indicator", "group"])["value"]


@pytest.fixture
def country() -> Records:
    """Person 1 goes out twice in 2025 and once in 2026, person 2 is refused, person 3 does not come back."""
    records = Records(CODEBOOK)
    add(records, "leaves", day=DAY, person=1, site=0, purpose=Purpose.FAMILY, result=LeaveEnd.BACK, by_board=1, put_off=2)
    add(
        records, "leaves", day=DAY + 1, person=2, site=1, kind=1, purpose=Purpose.EMPLOYER, result=LeaveEnd.REFUSED,
        counsellor_against=1, prosecutor_against=1, by_board=1, foreign=1, measure=Removal.JUDICIAL,
    )  # fmt: skip
    add(records, "leaves", day=DAY + 2, person=3, site=1, kind=1, purpose=Purpose.HOST, result=LeaveEnd.NOT_BACK, by_board=1,
        prosecutor_against=1, foreign=1)  # fmt: skip
    add(records, "leaves", day=DAY + 60, person=1, site=0, result=LeaveEnd.BACK)
    add(records, "leaves", day=DAY + 365, person=1, site=0, result=LeaveEnd.BACK)
    return records


def test_permissions_and_the_people_who_had_them(country):
    found = figures_of(country)
    year = found["2025"]
    assert year["leaves_decided", "all"] == 4
    assert year["leaves_granted", "all"] == 3
    assert year["leaves_grant_rate", "all"] == 0.75
    assert year["leave_people", "all"] == 2
    assert found["2026"]["leave_people", "all"] == 1
    assert year["leaves_not_back", "all"] == pytest.approx(1 / 3)
    assert year["leaves_against", "by=counsellor"] == 0.25
    assert year["leaves_against", "by=prosecutor"] == 0.5
    assert year["leaves_put_off", "all"] == pytest.approx(2 / 3)


def test_part_of_a_year_does_not_count_its_people_as_a_year_of_them():
    """Ten people go out every month: ten people a year, whether the period is a year, a year and a half or two."""
    records = Records(CODEBOOK)
    start = parse_day("2025-01-01")
    for month in range(24):
        for person in range(10):
            add(records, "leaves", day=start + 5 + 30 * month, person=person, site=0, result=LeaveEnd.BACK)
    for months in (12, 18, 24):
        found = figures_of(records, measure_from_day=start, end_day=start + round(months * 30.4375))
        assert found["measured", "leave_people", "all"] == 10
    assert ("measured", "leave_people", "all") not in figures_of(records, measure_from_day=start, end_day=start + 180).index


def test_they_add_up_over_every_dimension(country):
    year = figures_of(country)["2025"]
    for name in ("leaves_decided", "leaves_granted"):
        for dimension in ("nationality", "measure", "purpose", "kind", "interregion"):
            parts = [value for group, value in year[name].items() if group.startswith(f"{dimension}=")]
            assert sum(parts) == year[name, "all"]
    assert year["leaves_grant_rate", "nationality=foreign"] == 0.5
    assert year["leaves_grant_rate", "measure=judicial"] == 0.0
    assert year["leaves_decided", "purpose=family"] == 2


def test_establishments_are_told_over_the_measured_window_only(country):
    found = figures_of(country)
    assert found["measured"]["leaves_decided", "site=Fresnes"] == pytest.approx(3 / 2, rel=0.01)
    assert not [group for group in found["2026"].index.get_level_values("group") if group.startswith("site=")]


def test_nobody_asked_is_no_figure():
    assert figures_of(Records(CODEBOOK)).empty
