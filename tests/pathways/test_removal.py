"""People put out of the country at the end of their sentence: whom, how many, and nobody else."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sim.records.codes import Movement
from tests.worlds import run, scenario

if TYPE_CHECKING:
    import numpy as np

EXECUTED = "practices.removal.executed"


@cache
def lived(administrative: float = 0.0, judicial: float = 0.0):
    table = {"administrative": administrative, "judicial": judicial}
    world = run(scenario(overrides={EXECUTED: table}, end="2024-06-01", fraction=0.02), keep_events=True)
    return world.tables


def dry(tables) -> np.ndarray:
    """Sentenced people under a removal measure who left a cell at the end of their sentence, in whole months."""
    exits = tables["exits"]
    mine = (exits["sentenced"] == 1) & (exits["removal"] == 1) & (exits["regime"] < 0)
    return exits[mine & (exits["day"] < tables["flows"]["day"].max())]


def test_where_all_are_carried_out_everybody_under_a_measure_leaves_the_country_and_none_comes_back():
    tables = lived(1.0, 1.0)
    left = dry(tables)
    assert tables["flows"]["removed"].sum() == len(left) > 50
    again = tables["events"][tables["events"]["movement"] == Movement.REOFFENDED]
    reoffended = set(zip(again["person"].tolist(), again["stay"].tolist(), strict=True))
    assert not reoffended & set(zip(left["person"].tolist(), left["stay"].tolist(), strict=True))


def test_off_nobody_is_and_a_share_takes_a_part_of_the_same_people():
    assert not lived()["flows"]["removed"].any()
    some, every = (tables["flows"]["removed"].sum() for tables in (lived(0.5, 0.5), lived(1.0, 1.0)))
    assert 0.35 < some / every < 0.65


def test_measures_of_a_court_and_of_the_administration_are_apart():
    court, office, both = (lived(*shares)["flows"]["removed"].sum() for shares in ((0.0, 1.0), (1.0, 0.0), (1.0, 1.0)))
    assert 0 < court < office, "three measures in ten are a court's"
    assert abs(court + office - both) <= 0.1 * both
