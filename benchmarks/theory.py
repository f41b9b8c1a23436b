"""What theory says of the two networks: Erlang's formula, and the balance of a Markov chain solved to the last digit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

RATE, PLACES = 45.0, 50
"""``mmc``: arrivals a unit of time, places; mean service 1."""
RATE2, HELD, CARE, HEARINGS, PATIENCE = 20.0, 80, 4.0, 14, 12.0
"""``caseload``: arrivals a unit of time, people the counsellors hold, mean preparation, hearings at a time (mean 1), mean
sentence."""
_LONGEST = 220
"""Longest line the chain knows: beyond it less than one arrival in ten thousand million would come."""


class Expected(NamedTuple):
    """What is measured of a network."""

    had_to_wait: float
    """Share of arrivals that waited for the first place."""
    wait: float
    """Mean wait for it, over all arrivals."""
    left: float
    """Share whose sentence ended before they were heard."""


def erlang_c(rate: float = RATE, places: int = PLACES) -> Expected:
    """M/M/c with mean service 1."""
    lost = 1.0
    for number in range(1, places + 1):
        lost = rate * lost / (number + rate * lost)
    waits = lost / (1 - rate / places * (1 - lost))
    return Expected(waits, waits / (places - rate), 0.0)


def caseload() -> Expected:
    """The caseload network, whose times are all exponential: three numbers say its state, and a sparse system is solved.

    The numbers are those who wait for a counsellor, those in preparation, and those who are ready or being heard. Arrivals
    see what an observer sees (PASTA), and the mean wait is the mean line over the rate (Little).
    """
    import numpy as np
    from scipy.sparse import coo_matrix
    from scipy.sparse.linalg import spsolve

    states = [
        (waiting, prepared, ready)
        for ready in range(HELD + 1)
        for prepared in range(HELD - ready + 1)
        for waiting in (range(_LONGEST + 1) if prepared + ready == HELD else (0,))
    ]
    number = {state: place for place, state in enumerate(states)}
    rows, columns, rates = [], [], []
    for state, place in number.items():
        for following, rate in _moves(*state):
            rows += [number[following], place]
            columns += [place, place]
            rates += [rate, -rate]
    # The balance of one state follows from the others: it gives way to the sum of all shares.
    balance = coo_matrix((rates, (rows, columns)), shape=(len(states),) * 2).tolil()
    balance[0, :] = 1.0
    sums = np.zeros(len(states))
    sums[0] = 1.0
    shares = spsolve(balance.tocsc(), sums)
    waiting, prepared, ready = np.array(states).T
    listed = np.maximum(ready - HEARINGS, 0)
    return Expected(
        float(shares[prepared + ready == HELD].sum()),
        float(shares @ waiting / RATE2),
        float(shares @ (waiting + prepared + listed) / PATIENCE / RATE2),
    )


def _moves(waiting: int, prepared: int, ready: int) -> Iterator[tuple[tuple[int, int, int], float]]:
    """States that follow one, and how often."""
    if prepared + ready < HELD:
        yield (0, prepared + 1, ready), RATE2
    elif waiting < _LONGEST:
        yield (waiting + 1, prepared, ready), RATE2
    if waiting:
        yield (waiting - 1, prepared, ready), waiting / PATIENCE
    followed = 1 if waiting else 0
    if prepared:
        yield (waiting, prepared - 1, ready + 1), prepared / CARE
        yield (waiting - followed, prepared - 1 + followed, ready), prepared / PATIENCE
    if ready:
        heard = min(ready, HEARINGS)
        yield (waiting - followed, prepared + followed, ready - 1), heard + (ready - heard) / PATIENCE
