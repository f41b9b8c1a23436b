"""What the engine is compared with says the same as the engine, event for event; and the engine has not become the slower."""

from __future__ import annotations

import argparse
import time

import bench
import measuring
import network
import numpy as np
import peers
import pytest
import report
import textbook
import theory

from sim.population.entrants import Entrants
from sim.population.initial_stock import Stock
from sim.simulation.run import simulate

pytestmark = pytest.mark.nightly

TIMED = ((Entrants, ("month", "free_convicts", "returning")), (Stock, ("remand", "serving", "at_home", "free_convicts")))
ADJUSTED = ("person", "day", "adjustment", "outcome")


@pytest.fixture(scope="module")
def lived():
    """Two years of an eightieth of the country, in both forms, and the seconds each took; the engine is compiled before."""
    scenario = textbook.reduced(0.012, end="2027-12-31")
    simulate(textbook.reduced(0.001, end="2026-02-01"), seed=1, replication=0)
    began = time.process_time()
    tables = simulate(scenario, seed=1, replication=0).tables
    between = time.process_time()
    prison = textbook.Prison(scenario, 1, 0)
    prison.run()
    return prison, {name: table.array() for name, table in tables.items()}, between - began, time.process_time() - between


def test_everybody_leaves_on_the_same_day_by_the_same_route_in_both_forms(lived):
    """And was given a counsellor, prepared, asked and was heard on the same days."""
    prison, tables, _, _ = lived
    exits = tables["exits"]
    assert sorted(prison.exits) == sorted(zip(*(exits[name].tolist() for name in textbook.Exit._fields), strict=True))
    assert len({leaving.regime for leaving in prison.exits}) == 5


def test_every_request_is_decided_alike_in_both_forms(lived):
    prison, tables, _, _ = lived
    decisions = tables["decisions"]
    heard = decisions[np.isin(decisions["adjustment"], prison.hearings)]
    columns = [heard[name].tolist() for name in ADJUSTED]
    columns[-1] = [outcome == 0 for outcome in columns[-1]]
    assert sorted(prison.decisions) == sorted(zip(*columns, strict=True))
    assert len(prison.decisions) > 200


@pytest.mark.benchmark
def test_the_engine_costs_no_more_than_it_did_beside_the_textbook(lived):
    """At an eightieth of the country, where it is at its worst, it took once to five times the textbook's time."""
    _, _, engine, other = lived
    assert engine < 15 * other


@pytest.mark.parametrize("name", ["mmc", "caseload"])
def test_the_bare_loop_and_the_textbook_tell_the_same_story(name):
    """Both draw the same numbers in the same order."""
    one, other = (peers.FORMS[f"{name}_{tool}"](3000, 7)._replace(seconds=0.0) for tool in ("heapq", "simpy"))
    assert one == pytest.approx(other, rel=1e-9)


@pytest.mark.parametrize("patience", [0.0, 12.0])
def test_a_network_applies_the_steps_its_people_make_it_apply(monkeypatch, patience):
    """Each arrival and each end once, and no other step: what is counted is exact. Plain, so that nothing is compiled."""
    monkeypatch.setattr(network, "compiled", lambda function: function)
    monkeypatch.setattr(network, "TICKS", 20)
    number = 300
    if patience:
        world = network.build(number, rate=8.0, first=20, second=5, care=theory.CARE, patience=patience)
    else:
        world = network.build(number, rate=8.0, first=9, second=9, care=0.0, patience=0.0)
    network.run(world)
    counted = world.nation
    assert int(counted.served) + int(counted.left) == number
    assert (int(counted.held), int(counted.busy)) == (0, 0)
    assert int(counted.had_to_wait) > 0
    # An arrival and a hearing each; with sentences, their end as well, and a file for each who was taken.
    files = int(counted.taken) + number if patience else 0
    assert int(counted.applied) == number + int(counted.served) + files
    assert int(counted.left) > 0 if patience else int(counted.left) == 0


SETTINGS = {
    "run": ("0.001", "2022-03-31"),
    "drawing": ("0.001", "2022-03-31"),
    "engine": ("0.002", "2026-06-30"),
    "textbook": ("0.002", "2026-06-30"),
}


@pytest.mark.parametrize("name", sorted(set(measuring.THINGS) - {"first_day"}))
def test_everything_that_is_measured_runs(monkeypatch, name):
    """A benchmark nobody runs for a month is one that has stopped working. Small; `first_day` has no small form."""
    monkeypatch.setattr(measuring, "MILLION", 2_000)
    monkeypatch.setattr(measuring, "PENDING", 100)
    for owner, names in TIMED:  # what `drawing` replaces is put back
        for each in names:
            monkeypatch.setattr(owner, each, getattr(owner, each))
    found = measuring.measure_here(name, *SETTINGS.get(name, ()))
    assert found["mb"] > 10
    assert found["clock"] >= 0
    if name in SETTINGS:
        counted = found["drawing" if name == "drawing" else "steps"]
        assert counted > 0


def test_theory_is_what_erlang_says():
    """M/M/c as a network without patience: two servers, by hand (2ρ²/(1+ρ) of arrivals wait)."""
    load = 0.75
    assert theory.erlang_c(2 * load, 2).had_to_wait == pytest.approx(2 * load**2 / (1 + load))


@pytest.mark.slow
def test_a_hundred_replications_are_told_from_a_few(tmp_path):
    found = bench.hundred(bench.SMALL._replace(fraction=0.001, replications=1), argparse.Namespace(), {})
    told = report.write(tmp_path, {"hundred": report.stamped(found)})
    assert told == {"minutes_for_a_hundred_of_five": pytest.approx(found["clock"] * 100 / 60, abs=0.1)}
    assert f"{found['clock']:.0f} s of the clock" in (tmp_path / "results.md").read_text(encoding="utf-8")
