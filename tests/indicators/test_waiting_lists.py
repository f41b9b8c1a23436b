"""Waiting lists: by hand on small tables, and beside what the census counted from the lines of a small world."""

from __future__ import annotations

import numpy as np
import pytest

from sim.dates import parse_day
from sim.indicators.summary import TablesInMemory
from sim.indicators.tidy import Figures
from sim.indicators.waiting_lists import waiting_lists
from sim.records.codes import WaitingList
from sim.records.tables import Records
from tests.fabricated import CODEBOOK, add, context, months
from tests.worlds import small


def figures_of(records: Records, **settings: object):
    figures = Figures()
    waiting_lists(TablesInMemory(records), context(**settings), figures)
    return figures.frame().set_index(["period", "indicator", "group"])["value"]


@pytest.fixture(scope="module")
def records() -> Records:
    """Two establishments: 3 people for 30 days in all at Fresnes and 1 for 50 at Loos, in January and never again."""
    records = Records(CODEBOOK)
    for day in months():
        add(records, "nation", day=day)
    day = parse_day("2025-01-01")
    add(records, "lists", day=day, list=WaitingList.JUDGE, site=0, interregion=0, waiting=3, waited_days=30)
    add(records, "lists", day=day, list=WaitingList.JUDGE, site=1, interregion=1, waiting=1, waited_days=50)
    add(records, "lists", day=day, list=WaitingList.SEMI_LIBERTY, site=-1, interregion=1, waiting=2, waited_days=8)
    add(records, "lists", day=day, list=WaitingList.DEVICE, site=-1, interregion=-1, waiting=5, waited_days=5)
    return records


def test_the_first_of_january_is_told_by_territory(records) -> None:
    """People times the weight; days are a mean over people, not over establishments."""
    found = figures_of(records, weight=10.0)["2025-01-01"]
    people, days = found["waiting_list"], found["waiting_list_days"]

    assert people["list=judge"] == 40
    assert days["list=judge"] == pytest.approx(80 / 4)
    assert people["site=Fresnes,list=judge"] == 30
    assert days["interregion=Lille,list=judge"] == 50
    assert (people["interregion=Lille,list=semi-liberty"], people["interregion=Paris,list=semi-liberty"]) == (20, 0)
    assert (people["list=device"], days["list=device"]) == (50, 1)
    assert people["list=chamber"] == 0
    assert "list=chamber" not in days.index
    assert not any("device,interregion" in label or "semi-liberty,site" in label for label in people.index)


def test_a_year_is_the_mean_of_its_months(records) -> None:
    """One month of the twelve with four people: a third of a person; the days are those of who was there."""
    found = figures_of(records, measure_from_day=parse_day("2024-07-01"))
    year = found["2025"]["waiting_list"]
    assert year["list=judge"] == pytest.approx(4 / 12)
    assert found["2025"]["waiting_list_days"]["list=judge"] == pytest.approx(20)
    assert found["2026"]["waiting_list"]["list=judge"] == 0
    assert found["measured"]["waiting_list"]["site=Loos,list=judge"] == pytest.approx(1 / 30)
    assert not any("site=" in label for label in year.index)


def test_lists_are_what_the_census_counts() -> None:
    """People counted one by one stand in the lines the institutions count: every list, every month, every establishment."""
    world = small()
    lists, state = world.tables["lists"], world.world.state
    days = np.unique(world.tables["nation"]["day"])
    sites, regions = len(state.offices), state.nation.regions

    def listed(code: WaitingList, column: str, size: int) -> np.ndarray:
        mine = lists[lists["list"] == code]
        cells = np.zeros((len(days), size), dtype=int)
        cells[np.searchsorted(days, mine["day"]), np.maximum(mine[column], 0)] = mine["waiting"]
        return cells

    def counted(table: str, column: str, size: int) -> np.ndarray:
        return world.tables[table][column].reshape(len(days), size)

    assert (listed(WaitingList.COUNSELLOR, "site", sites) == counted("services", "waiting", sites)).all()
    assert (listed(WaitingList.JUDGE, "site", sites) == counted("services", "queue", sites)).all()
    assert (listed(WaitingList.COURT_OF_THREE, "interregion", regions) == counted("panels", "queue", regions)).all()
    standing = counted("standing", "waiting", len(world.state.regimes))
    for code, regime in ((WaitingList.SEMI_LIBERTY, "SL"), (WaitingList.EXTERNAL_PLACE, "PE"), (WaitingList.DEVICE, "DDSE")):
        mine = listed(code, "interregion", regions).sum(axis=1)
        assert (mine == standing[:, world.world.regime_code[regime]]).all()
    transfers = lists["list"] >= WaitingList.DETENTION_CENTRE
    assert (lists["waiting"] > 0).all()
    assert (lists["waited_days"] >= 0).all()
    assert set(lists["list"][transfers]) == {7, 8, 9}
    assert (lists["site"][transfers] == -1).all()
