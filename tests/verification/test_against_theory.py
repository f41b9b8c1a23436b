"""Pieces of the model alone, against what queueing theory says."""

from __future__ import annotations

import numpy as np
import pytest

from sim.institutions.probation_service import enrol, leave_counsellor, next_newcomer, start_file, work
from sim.population.person import READY, WAITING
from sim.randomness import Draws
from tests.worlds import NO_BOARDS, NO_HEARINGS, bare_system, run, scenario


def test_hours_are_shared_equally() -> None:
    """Virtual time finishes each file in the week in which sharing the hours out file by file does."""
    draws, ids = Draws(2, 0), np.arange(60)
    needs = (1 + 12 * draws.uniform("need", ids)).tolist()
    starts = (20 * draws.uniform("start", ids)).astype(int).tolist()
    system, people = bare_system(60)
    antenna = system.antennae[0]
    done: dict[int, int] = {}
    plain: dict[int, int] = {}
    left: dict[int, float] = {}
    for week in range(80):
        for i, start in enumerate(starts):
            if start == week:
                start_file(system, people[i], needs[i])
                left[i] = needs[i]
        for slot in work(system, antenna, 9.0, 2.5):
            assert people[slot].file == READY
            done[people[slot].id] = week
        hours, room = 9.0, 2.5
        while left and hours > 1e-9 and room > 1e-9:
            share = min(hours / len(left), room, *left.values())
            hours -= share * len(left)
            room -= share
            left = {i: need - share for i, need in left.items()}
            plain |= {i: week for i, need in left.items() if need <= 1e-9}
            left = {i: need for i, need in left.items() if need > 1e-9}

    assert done == plain
    assert len(done) == len(needs)
    assert antenna.hours_used == pytest.approx(sum(needs), rel=1e-9)
    assert antenna.active == 0


def test_a_caseload_is_never_exceeded_and_is_first_come_first_served() -> None:
    """Counsellors hold at most posts × limit; whoever has left is skipped; the rest come in order."""
    system, people = bare_system(10)
    antenna = system.antennae[0]
    antenna.capacity = 2 * 3
    for day, person in enumerate(people):
        enrol(system, person, day)
    leave_counsellor(system, people[1])
    taken = []
    while (slot := next_newcomer(system, antenna, 20)) >= 0:
        taken.append(people[slot].id)
    assert taken == [0, 2, 3, 4, 5, 6]
    assert (antenna.held, system.lines[antenna.waiting].length) == (6, 3)
    leave_counsellor(system, people[3])
    assert next_newcomer(system, antenna, 6) == -1  # number 7 came on day 7
    assert next_newcomer(system, antenna, 7) == 7
    assert people[8].counsellor == WAITING


def test_remand_is_a_queue_with_a_server_for_everyone() -> None:
    """The stock on remand settles at flow × mean stay (Little), with the spread of a Poisson count (M/G/∞)."""
    flows = {
        "flows.committals.fast_track": 30_000.0,
        "flows.committals.investigation": 0.0,
        "flows.committals.sentenced": 0.0,
        "flows.committals.ab_initio": 0.0,
        "flows.committals.free_convict": 0.0,
        "flows.returns.prison_share": 0.0,
        "flows.returns.expected_per_year": [0.0] * 15,
        "flows.season": [1.0] * 12,
        "stock.remand": 0.0,
        "stock.serving": 0.0,
        "stock.free_convicts": 0.0,
        "stock.measures.SL": 0.0,
        "stock.measures.PE": 0.0,
        "stock.measures.DDSE": 0.0,
    }
    overrides = flows | NO_HEARINGS | NO_BOARDS
    found = []
    for replication in range(6):
        world = run(scenario(overrides=overrides, end="2026-01-01", fraction=0.02), replication=replication)
        found.append(world.tables["nation"]["remand"][10::4])
    stock = np.concatenate(found).astype(float)
    exits = world.tables["exits"]
    stay = (np.where(exits["convicted_day"] > 0, exits["convicted_day"], exits["day"]) - exits["committed_day"])[
        exits["stream"] == 0
    ].mean()
    expected = 30_000 / 365.25 * stay * 0.02

    assert stock.mean() == pytest.approx(expected, rel=0.06)
    assert stock.var() / stock.mean() == pytest.approx(1.0, abs=0.45)


def test_little_holds_for_people_in_custody() -> None:
    """Mean stock = throughput × mean stay, on people followed from committal to their first exit."""
    world = run(scenario(fraction=0.02, end="2027-01-01"), keep_events=True)
    exits = world.tables["exits"]
    window = (exits["spell"] == 0) & (exits["committed_day"] >= world.scenario.start_day + 400)
    mine = exits[window & (exits["day"] < world.scenario.end_day - 400)]
    assert len(mine) > 1_000
    days = np.arange(world.scenario.start_day + 800, world.scenario.end_day - 800, 30)
    stock = np.array([((mine["committed_day"] <= d) & (mine["day"] > d)).sum() for d in days])
    rate = np.array([((mine["committed_day"] > d - 365) & (mine["committed_day"] <= d)).sum() / 365 for d in days])
    # The identity holds for any process over a window it fills and empties; here both ends are cut, so within a few per cent.
    stay = (mine["day"] - mine["committed_day"])[(mine["committed_day"] < world.scenario.end_day - 1_200)].mean()
    assert stock.mean() == pytest.approx(rate.mean() * stay, rel=0.12)
