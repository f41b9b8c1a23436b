"""Who comes back: days free to the day, and what prison itself does to it, off and on."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.pathways.after_release import prison_effect
from sim.records.codes import Movement
from tests.worlds import run, scenario

PRISON = "reconviction.prison"


class Prison:
    """Values of a day."""

    per_month, per_stay, usual_months, usual_stays, most_months, most_stays = 0.01, 0.1, 9.0, 0.5, 36.0, 4.0


@cache
def lived(per_month: float = 0.0, per_stay: float = 0.0):
    world = scenario(
        overrides={f"{PRISON}.per_month": per_month, f"{PRISON}.per_stay": per_stay}, end="2025-01-01", fraction=0.01
    )
    return run(world, keep_events=True)


def test_the_effect_is_nothing_at_the_usual_and_bounded():
    month = 365.25 / 12
    assert prison_effect(round(9 * month), 0, Prison) == pytest.approx(-0.05, abs=1e-3)
    assert prison_effect(round(19 * month), 0, Prison) == pytest.approx(0.05, abs=1e-3)
    assert prison_effect(round(100 * month), 9, Prison) == pytest.approx(0.27 + 0.35)


def test_days_free_are_those_between_the_movements_of_each_person():
    tables = lived().tables
    events = tables["events"]
    # Some begin at home, on a measure: no entry into detention. Some were found on a measure, and left no cell in the run.
    back = events[(events["movement"] == Movement.COMMITTED) & (events["stay"] > 0) & (events["quarter"] >= 0)]
    exits = tables["exits"]
    last = {}
    for person, stay, day in zip(exits["person"].tolist(), exits["stay"].tolist(), exits["day"].tolist(), strict=True):
        last.setdefault((person, stay), day)  # the cell first left as sentenced is where the clock begins
    flows = tables["flows"]
    pairs = [(row, last.get((int(row["person"]), int(row["stay"]) - 1))) for row in back[back["day"] < flows["day"].max()]]
    free = np.array([row["day"] - left for row, left in pairs if left is not None])
    assert flows["returns"].sum() == len(pairs)
    assert flows["released"].sum() == len(free) > 20
    assert flows["free_days"].sum() == pytest.approx(free.sum(), rel=0.1), "of a withdrawn measure the last exit is meant"
    assert abs(flows["soon"].sum() - (free < 365).sum()) <= 0.1 * len(free)


def test_stays_that_feed_themselves_bring_more_people_back():
    returns = [world.tables["flows"]["returns"].sum() for world in (lived(), lived(per_month=0.05), lived(per_stay=-2.0))]
    assert returns[1] != returns[0]
    assert returns[2] > returns[0], "nobody has been inside before at first: less than usual, so more with a minus sign"
