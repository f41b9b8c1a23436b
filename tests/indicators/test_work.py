"""Jobs and visits, on tables whose answers are known by hand."""

from __future__ import annotations

import pytest

from sim.dates import parse_day
from sim.indicators.summary import TablesInMemory
from sim.indicators.tidy import Figures
from sim.indicators.work import work
from sim.records.tables import Records
from tests.fabricated import CODEBOOK, add, census, context

DAY = parse_day("2025-06-15")


@pytest.fixture(scope="module")
def told():
    """Four people leave, one woman; two never worked, one of them the woman; one was never visited."""
    records = Records(CODEBOOK)
    census(records)
    for person, (female, jobs, visited) in enumerate([(0, 1, 1), (0, 2, 1), (0, 0, 0), (1, 0, 1)]):
        add(records, "exits", day=DAY, person=person, sentenced=1, female=female, jobs=jobs, visited=visited)
    figures = Figures()
    work(TablesInMemory(records), context(), figures)
    return figures.frame().set_index(["period", "indicator", "group"])["value"]["2025"]


def test_who_never_worked_and_was_never_visited(told):
    assert told["never_worked", "all"] == 0.5
    assert told["never_worked", "sex=men"] == pytest.approx(1 / 3)
    assert told["never_worked", "sex=women"] == 1
    assert told["never_visited", "all"] == 0.25


def test_jobs_over_people_held_and_the_wait(told):
    people = 40 / told["working_share", "all"]
    assert told["job_seekers_share", "all"] == pytest.approx(60 / people)
    assert told["job_wait", "all"] == 100
