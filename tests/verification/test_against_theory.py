"""Pieces of the model alone, against what queueing theory says."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from sim.institutions.enforcement_court import Court
from sim.institutions.probation_service import Antenna
from sim.population.person import LODGED, OPEN, READY, WAITING, Person
from sim.randomness import Draws
from tests.worlds import NO_BOARDS, NO_HEARINGS, run, scenario


def newcomer(identifier: int, site: int = 0) -> Person:
    """Return someone in a cell of a site."""
    person = Person(identifier)
    person.site = site
    return person


def test_hours_are_shared_equally() -> None:
    """Virtual time finishes each file in the week in which sharing the hours out file by file does."""
    draws, ids = Draws(2, 0), np.arange(60)
    needs = (1 + 12 * draws.uniform("need", ids)).tolist()
    starts = (20 * draws.uniform("start", ids)).astype(int).tolist()
    antenna = Antenna(0)
    done: dict[int, int] = {}
    plain: dict[int, int] = {}
    left: dict[int, float] = {}
    for week in range(80):
        for i, start in enumerate(starts):
            if start == week:
                person = newcomer(i)
                person.file = OPEN
                antenna.open(person, needs[i])
                left[i] = needs[i]
        for person in antenna.work(9.0, 2.5):
            assert person.file == READY
            done[person.id] = week
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
    antenna = Antenna(0)
    antenna.staff(2.0, 3.0)
    people = [newcomer(i) for i in range(10)]
    for day, person in enumerate(people):
        antenna.enrol(person, day)
    antenna.leave(people[1])
    taken = []
    while (person := antenna.take(20)) is not None:
        taken.append(person.id)
    assert taken == [0, 2, 3, 4, 5, 6]
    assert (antenna.held, antenna.waiting) == (6, 3)
    antenna.leave(people[3])
    assert antenna.take(6) is None  # number 7 came on day 7
    following = antenna.take(7)
    assert following is people[7]
    assert people[8].counsellor == WAITING


def test_a_docket_waits_as_a_single_server_with_batches() -> None:
    """Arrivals at random, so many files at each sitting: the mean number waiting is that of the bulk-service queue.

    With arrivals of mean ``m`` between sittings and ``k`` slots, the queue just after a sitting is a random walk reflected at
    zero; its exact mean comes from iterating its distribution.
    """
    slots, mean = 4, 3.4
    court = Court(0)
    court.per_day, court.interval = slots / 28, 28
    draws = Draws(11, 0)
    luck = draws.uniform("arrivals", np.arange(60_000))
    from scipy.stats import poisson  # noqa: PLC0415

    arrivals = poisson.ppf(luck, mean).astype(int).tolist()
    waiting, identifier = [], 0
    for turn, number in enumerate(arrivals):
        for _ in range(number):
            person = newcomer(identifier)
            person.file, person.requested_day = LODGED, turn
            court.enter(person, turn)
            identifier += 1
        court.sitting(-1)
        waiting.append(court.waiting)
    size = 400
    distribution = np.zeros(size)
    distribution[0] = 1.0
    steps = poisson.pmf(np.arange(size), mean)
    for _ in range(4_000):
        grown = np.convolve(distribution, steps)[: size + slots]
        distribution = np.concatenate([[grown[: slots + 1].sum()], grown[slots + 1 : size + slots]])
    exact = float((np.arange(len(distribution)) * distribution).sum())
    found = np.array(waiting[1_000:])
    blocks = found[: len(found) // 50 * 50].reshape(50, -1).mean(axis=1)
    error = blocks.std(ddof=1) / sqrt(50)

    assert found.mean() == pytest.approx(exact, abs=4 * error)
    assert error < 0.25 * exact


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
