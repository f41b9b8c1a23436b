"""The two networks as bare loops over a heap, with nothing a modeller would want: the limits, in plain Python and compiled.

One source for both: ``heapq`` and ``random`` run as they are, and numba compiles them. Lines are arrays with a first and a
last; whoever has left is passed over when their turn comes.
"""

from __future__ import annotations

import random
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import MutableSequence

    Floats = MutableSequence[float]
    Ints = MutableSequence[int]

ARRIVES, LEAVES, READY, HEARD = range(4)
WAITING, CARED, LISTED, AT_HEARING, GONE = range(5)


def mmc(number: int, rate: float, places: int, seed: int, line: Floats) -> tuple[int, float, int]:
    """M/M/c, mean service 1: how many waited, all their waits, how many left (nobody). ``line``: room for every arrival."""
    random.seed(seed)
    heap = [0.0]
    heap.pop()
    waited, had_to_wait, busy, begun, first, last = 0.0, 0, 0, 0, 0, 0
    following = random.expovariate(rate)
    while heap or begun < number:
        if heap and (begun >= number or heap[0] <= following):
            now = heappop(heap)
            if first < last:
                waited += now - line[first]
                first += 1
                heappush(heap, now + random.expovariate(1.0))
            else:
                busy -= 1
            continue
        now = following
        begun += 1
        following = now + random.expovariate(rate)
        if busy < places:
            busy += 1
            heappush(heap, now + random.expovariate(1.0))
        else:
            had_to_wait += 1
            line[last] = now
            last += 1
    return had_to_wait, waited, 0


def caseload(  # noqa: C901, PLR0912, PLR0915 (a limit: it does without calls)
    number: int,
    rate: float,
    places: int,
    hearings: int,
    care: float,
    patience: float,
    seed: int,
    state: Ints,
    since: Floats,
    for_care: Ints,
    for_judge: Ints,
) -> tuple[int, float, int]:
    """The caseload network: how many waited for the first place, all their waits, how many left.

    The arrays have room for every arrival: where each person stands, when they came, and the two lines.
    """
    random.seed(seed)
    heap = [(random.expovariate(rate), ARRIVES, 0)]
    waited, had_to_wait, left, held, busy = 0.0, 0, 0, 0, 0
    first_care, last_care, first_judge, last_judge = 0, 0, 0, 0
    while heap:
        now, kind, who = heappop(heap)
        departs, taken = False, -1
        if kind == ARRIVES:
            if who + 1 < number:
                heappush(heap, (now + random.expovariate(rate), ARRIVES, who + 1))
            since[who] = now
            heappush(heap, (now + random.expovariate(1.0 / patience), LEAVES, who))
            if held < places:
                held += 1
                taken = who
            else:
                state[who] = WAITING
                had_to_wait += 1
                for_care[last_care] = who
                last_care += 1
        elif kind == LEAVES:
            if state[who] == WAITING:
                waited += now - since[who]
                left += 1
            elif state[who] == CARED or state[who] == LISTED:
                left += 1
                departs = True
            if state[who] != AT_HEARING:
                state[who] = GONE
        elif kind == READY:
            if state[who] == CARED and busy < hearings:
                busy += 1
                state[who] = AT_HEARING
                heappush(heap, (now + random.expovariate(1.0), HEARD, who))
            elif state[who] == CARED:
                state[who] = LISTED
                for_judge[last_judge] = who
                last_judge += 1
        else:
            busy -= 1
            state[who] = GONE
            departs = True
            while first_judge < last_judge:
                other = for_judge[first_judge]
                first_judge += 1
                if state[other] == LISTED:
                    busy += 1
                    state[other] = AT_HEARING
                    heappush(heap, (now + random.expovariate(1.0), HEARD, other))
                    break
        if departs:
            held -= 1
            while first_care < last_care:
                other = for_care[first_care]
                first_care += 1
                if state[other] == WAITING:
                    held += 1
                    waited += now - since[other]
                    taken = other
                    break
        if taken >= 0:
            state[taken] = CARED
            heappush(heap, (now + random.expovariate(1.0 / care), READY, taken))
    return had_to_wait, waited, left


def room(number: int, *, for_numba: bool) -> tuple[Any, Any, Any, Any]:
    """Arrays for so many arrivals, as each of the two forms likes them: states, times, and two lines."""
    if not for_numba:
        return [0] * number, [0.0] * number, [0] * number, [0] * number
    import numpy as np

    return (
        np.zeros(number, dtype=np.int8),
        np.zeros(number),
        np.zeros(number, dtype=np.int64),
        np.zeros(number, dtype=np.int64),
    )
