"""Who comes may change on a day: what ``check`` passes, a run reads."""

from __future__ import annotations

import pytest

from sim.errors import ScenarioError
from sim.scenario.readers import reader_of
from sim.simulation.run import paused_garbage_collection, simulate
from tests.worlds import scenario

DAY = "2022-03-01"
FRAME = {"start": "2022-01-01", "end": "2022-06-01", "fraction": 0.005}


def changed(entry, factor=0.9):
    return scenario(f"changes: [{{on: {DAY}, scale: population.person.{entry}, by: {factor}}}]\n", **FRAME)


def entries():
    return sorted(scenario(**FRAME).table("population.person", scenario(**FRAME).start_day))


def test_each_attribute_of_people_changes_on_a_day_or_is_refused_before_a_run():
    once = [entry for entry in entries() if reader_of(f"population.person.{entry}") == "first day"]
    for entry in once:
        with pytest.raises(ScenarioError, match=rf"'population.person.{entry}' is read once, on the first day of the run"):
            changed(entry)
    # Nobody drawn is a minor, so that share cannot be scaled from 0.
    others = [entry for entry in entries() if entry not in once and entry not in {"minor", "youngest_years"}]
    assert once == ["score_sd"]
    assert len(others) > 10
    changes = ", ".join(f"{{on: {DAY}, scale: population.person.{entry}, by: 0.95}}" for entry in others)

    with paused_garbage_collection():
        records = simulate(scenario(f"changes: [{changes}]\n", **FRAME), seed=1, replication=0)

    assert len(records.tables["exits"].array()) > 0


def test_an_attribute_that_changes_on_a_day_moves_those_who_come_after():
    with paused_garbage_collection():
        moved = simulate(changed("no_lodging_at_exit", 0), seed=1, replication=0).tables["exits"].array()
        same = simulate(scenario(**FRAME), seed=1, replication=0).tables["exits"].array()

    assert moved.tobytes() != same.tobytes()
    first = scenario(**FRAME).start_day + 59
    assert moved[moved["day"] < first].tobytes() == same[same["day"] < first].tobytes()
