"""A docket alone, driven by the court's own code, against the queue it is: M/D/c, seen at its sittings.

Requests become ready at random (Poisson); a sitting takes the *c* first of those listed, every *D* days. The number listed
just before a sitting follows ``L' = max(L - c, 0) + A``, with *A* Poisson of mean ``λD``: the recursion of the number of
customers of an M/D/c queue seen every service time (Crommelin 1932: whoever is in service at *t* has left at *t + D*). So the
number left behind by a sitting has exactly the law of that queue's waiting line, and a request waits

    W = Wq(M/D/c) + n + (D - 1)/2

days: the wait of M/D/c, the notice, and on average half an interval until a sitting one could be heard at (requests come in the
morning of a day, sittings are in its afternoon). M/M/c is not it: hearings of random length would wait about twice as long.
"""

from __future__ import annotations

from math import factorial, sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest
from scipy.stats import poisson, t

from sim.engine.compile import compiled_form
from sim.institutions.enforcement_court import list_request, take_sitting
from sim.randomness import Draws
from tests.worlds import bare_system

if TYPE_CHECKING:
    from numpy.typing import NDArray

pytestmark = pytest.mark.nightly

SITTINGS = {0.5: 20_000, 0.6: 20_000, 0.7: 20_000, 0.8: 20_000, 0.9: 40_000, 0.95: 80_000}
"""By utilisation: sittings of each replication, enough for a narrow interval."""
REPLICATIONS = 20
PEOPLE = 2_000
"""More than ever wait at once."""
CONFIDENCE = 0.999
"""Of each of the 36 intervals: one seed in thirty would miss one of them; the seed is fixed."""


class Docket(NamedTuple):
    """A court: so many files every so many days, and a notice."""

    slots: int
    interval: int
    notice: int


MONTHLY, WEEKLY = Docket(4, 28, 0), Docket(9, 7, 10)
COURTS = [pytest.param(MONTHLY, id="monthly"), pytest.param(WEEKLY, id="weekly, with notice")]


# ---- theory ----------------------------------------------------------------------------------------------------------


def left_behind(slots: int, mean: float) -> float:
    """Mean number a sitting leaves behind, in closed form: that waiting in M/D/c with ``mean`` arrivals in a service time.

    From the generating function of the recursion: with ``z_k`` the roots of ``z^c = exp(mean (z - 1))`` inside the unit circle
    other than 1, the mean is ``Σ 1/(1 - z_k) + (mean² - c(c - 1)) / (2(c - mean))``.
    """
    roots = np.exp(2j * np.pi * np.arange(1, slots) / slots)
    z = np.zeros(slots - 1, dtype=complex)
    for _ in range(2_000):
        z = roots * np.exp(mean * (z - 1) / slots)  # a contraction, since mean < slots
    return float((1 / (1 - z)).sum().real + (mean**2 - slots * (slots - 1)) / (2 * (slots - mean)))


def left_behind_step_by_step(slots: int, mean: float, size: int = 400) -> float:
    """Compute the same by iterating the law of the queue from an empty one until nothing moves."""
    law = np.zeros(size)
    law[0] = 1.0
    arrivals = poisson.pmf(np.arange(size), mean)
    for _ in range(4_000):
        grown = np.convolve(law, arrivals)[: size + slots]
        law = np.concatenate([[grown[: slots + 1].sum()], grown[slots + 1 : size + slots]])
    return float((np.arange(size) * law).sum())


def left_behind_by_random_service(slots: int, mean: float) -> float:
    """Mean number waiting in M/M/c (Erlang C): what the docket is not."""
    load = mean / slots
    last = mean**slots / factorial(slots) / (1 - load)
    waits = last / (sum(mean**k / factorial(k) for k in range(slots)) + last)
    return waits * load / (1 - load)


def wait_in_days(court: Docket, waiting: float, mean: float) -> float:
    """Mean wait of a request: that of the queue it stands for (by Little's law), the notice, and half an interval."""
    return waiting / mean * court.interval + court.notice + (court.interval - 1) / 2


# ---- the court -------------------------------------------------------------------------------------------------------


def _live(state: Any, people: Any, ready: Any, sittings: int, warm_up: int) -> tuple[float, float, float]:
    """Live so many sittings, then empty the list: mean number left behind, mean wait in days, share of the slots taken.

    ``ready`` are the days on which requests become ready, in order.
    """
    court = state.courts[0]
    free = np.arange(len(people))
    left = len(people)
    behind, waited, heard, turn, slots_before = 0, 0, 0, 0, 0
    for number in range(sittings):
        day = number * court.interval
        while ready[turn] <= day:
            state.nation.day = ready[turn]
            left -= 1
            turn += 1
            list_request(state, court, people[free[left]])
        state.nation.day = day
        for slot in take_sitting(state, court, -1):
            free[left] = slot
            left += 1
            if number >= warm_up:
                waited += day - people[slot].list_day
                heard += 1
        if number >= warm_up:
            behind += state.queues[court.queue].length
        else:
            slots_before = court.slots
    offered = court.slots - slots_before
    state.nation.day += court.notice
    court.credit = float(len(people))
    take_sitting(state, court, -1)
    court.credit, court.slots = 0.0, 0
    return behind / (sittings - warm_up), waited / heard, heard / offered


@pytest.fixture(scope="module")
def bare() -> tuple[Any, Any]:
    """Courts with nobody before them, and people to ask."""
    return bare_system(PEOPLE)


def live(bare: tuple[Any, Any], court: Docket, utilisation: float, sittings: int) -> NDArray[np.float64]:
    """Live independent replications: number left behind, wait, share of slots taken; shape ``(n_replications, 3)``."""
    state, people = bare
    record = state.courts[0]
    record.per_day, record.interval, record.notice = court.slots / court.interval, court.interval, court.notice
    state.nation.season = 1.0
    # Ten times the relaxation time of the queue, which begins empty.
    warm_up = max(200, int(10 / (court.slots * (1 - utilisation) ** 2)))
    mean = utilisation * court.slots
    number = int((warm_up + sittings) * mean * 1.1) + 500
    found = []
    for replication in range(REPLICATIONS):
        gaps = -np.log(1.0 - Draws(11, replication).uniform("arrivals", np.arange(number)))
        ready = np.ceil(np.cumsum(gaps) * court.interval / mean).astype(np.int64)
        assert ready[-1] > (warm_up + sittings) * court.interval
        found.append(compiled_form(_live)(state, people, ready, warm_up + sittings, warm_up))
        assert state.queues[record.queue].length == 0
    return np.array(found)


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Mean and half-width of its interval over independent replications (Student)."""
    half = t.ppf((1 + CONFIDENCE) / 2, len(values) - 1) * values.std(ddof=1) / sqrt(len(values))
    return float(values.mean()), float(half)


@pytest.mark.parametrize("court", COURTS)
@pytest.mark.parametrize(("utilisation", "sittings"), SITTINGS.items())
def test_a_docket_waits_as_m_d_c(bare, court: Docket, utilisation: float, sittings: int) -> None:
    """Queue, wait and slots taken are those of M/D/c within their intervals, which leave M/M/c out."""
    mean = utilisation * court.slots
    found = live(bare, court, utilisation, sittings)
    queue, wait, taken = (interval(found[:, column]) for column in range(3))
    exact = left_behind(court.slots, mean)

    # Whoever came within the notice is listed too.
    assert queue[0] == pytest.approx(exact + mean * court.notice / court.interval, abs=queue[1])
    assert wait[0] == pytest.approx(wait_in_days(court, exact, mean), abs=wait[1])
    assert taken[0] == pytest.approx(utilisation, abs=taken[1])
    assert wait_in_days(court, left_behind_by_random_service(court.slots, mean), mean) > wait[0] + wait[1]


@pytest.mark.parametrize("slots", [1, 4, 9])
@pytest.mark.parametrize("utilisation", [0.5, 0.8, 0.9])
def test_the_closed_form_is_the_recursion(slots: int, utilisation: float) -> None:
    """The roots and the iterated law agree; with one slot both are Pollaczek–Khinchine for a constant service."""
    mean = utilisation * slots
    assert left_behind(slots, mean) == pytest.approx(left_behind_step_by_step(slots, mean), rel=1e-6)
    if slots == 1:
        assert left_behind(1, mean) == pytest.approx(mean**2 / (2 * (1 - mean)))
