"""Pieces of the model alone, against what queueing theory says."""

from __future__ import annotations

import numpy as np
import pytest

from sim.institutions.probation_service import enrol, leave_counsellor, next_newcomer, share_hours, start_file
from sim.population.person import CounsellorState, FileState
from sim.randomness import Draws
from tests.neutral import NO_BOARDS, NO_HEARINGS
from tests.worlds import bare_system, run, scenario

pytestmark = pytest.mark.nightly


def test_hours_are_shared_equally() -> None:
    """Virtual time finishes each file in the week in which sharing the hours out file by file does."""
    draws, ids = Draws(2, 0), np.arange(60)
    needs = (1 + 12 * draws.uniform("need", ids)).tolist()
    starts = (20 * draws.uniform("start", ids)).astype(int).tolist()
    state, people = bare_system(60)
    office = state.offices[0]
    done: dict[int, int] = {}
    plain: dict[int, int] = {}
    left: dict[int, float] = {}
    for week in range(80):
        for i, start in enumerate(starts):
            if start == week:
                start_file(state, people[i], needs[i], 0)
                left[i] = needs[i]
        for slot in share_hours(state, office, 9.0, 2.5):
            assert people[slot].file == FileState.READY
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
    assert office.hours_used == pytest.approx(sum(needs), rel=1e-9)
    assert office.active == 0


def test_a_caseload_is_never_exceeded_and_is_first_come_first_served() -> None:
    """Counsellors hold at most posts × limit; whoever has left is skipped; the rest come in order."""
    state, people = bare_system(10)
    office = state.offices[0]
    office.capacity = 2 * 3
    for day, person in enumerate(people):
        enrol(state, person, day)
    leave_counsellor(state, people[1])
    taken = []
    while (slot := next_newcomer(state, office, 20)) >= 0:
        taken.append(people[slot].id)
    assert taken == [0, 2, 3, 4, 5, 6]
    assert (office.held, state.queues[office.queue].length) == (6, 3)
    leave_counsellor(state, people[3])
    assert next_newcomer(state, office, 6) == -1  # number 7 came on day 7
    assert next_newcomer(state, office, 7) == 7
    assert people[8].counsellor == CounsellorState.WAITING


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
