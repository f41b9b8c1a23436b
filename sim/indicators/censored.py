"""Waits that count those who never got what they waited for: Kaplan–Meier.

A mean over those who were heard forgets the others: whoever left first waited too, and longest when queues are long. Here
someone whose stay ends before the step is a wait cut short (right-censored), and the quantiles are those of the time to
the step if stays did not end. So is, for a hearing, a request that a board decides at two thirds: it is heard no more. A
quantile that the curve never reaches is not given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.indicators.tidy import Figures, group, integers, is_among, within
from sim.records.codes import Outcome

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.indicators.context import Context, Window
    from sim.indicators.tidy import Tables

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

QUANTILES = (0.5, 0.9)
MARKS = {"hearing": (60, 122, 182), "counsellor": (21, 60, 122), "file": (60, 122, 182)}
"""Days at which the share already served is given, by step."""

_EXITS = [
    "day", "spell", "sentenced", "regime",
    "committed_day", "assigned_day", "opened_day", "ready_day", "requested_day", "heard_day",
]  # fmt: skip


class Wait(NamedTuple):
    """Days waited, and whether they ended in the step: both of shape ``(n,)``; those cut short otherwise than by the exit."""

    days: Ints
    reached: NDArray[np.bool_]
    settled: int = 0
    """Waits cut short because what was waited for was settled elsewhere: in the curve, in no share of the never served."""


def censored_waits(tables: Tables, context: Context, figures: Figures) -> None:
    """Add, for each window and step, quantiles of the wait, the share served in time, and the share never served."""
    exits = tables.table("exits")[_EXITS]
    decisions = tables.table("decisions")[["day", "requested_day", "adjustment", "board", "outcome"]]
    # What only boards decide is asked of nobody.
    asked = [code for code, name in enumerate(tables.codebook.adjustments) if name not in context.boards]
    decisions = decisions[is_among(integers(decisions, "adjustment"), np.asarray(asked, dtype=np.int64))]
    for window in context.windows():
        left = within(exits, window)
        requests = within(decisions, window)
        for step, wait in (("hearing", _hearing(requests, left)), ("counsellor", _counsellor(left)), ("file", _file(left))):
            _add(wait, step, window, figures)


def _hearing(requests: pd.DataFrame, left: pd.DataFrame) -> Wait:
    """From the request to the decision, for requests that ended in the window by a decision or by the end of the stay."""
    requests = requests[integers(requests, "outcome") != Outcome.NOT_EXAMINED]
    pending = integers(left, "requested_day") > np.maximum(integers(left, "heard_day"), -1)
    pending &= (integers(left, "regime") < 0) & (integers(left, "sentenced") == 1)
    cut = (integers(left, "day") - integers(left, "requested_day"))[pending]
    days = integers(requests, "day") - integers(requests, "requested_day")
    at_board = integers(requests, "board") == 1
    reached = np.concatenate([~at_board, np.zeros(len(cut), dtype=bool)])
    return Wait(np.concatenate([days, cut]), reached, int(at_board.sum()))


def _counsellor(left: pd.DataFrame) -> Wait:
    """From the committal to a counsellor, for first exits of the window."""
    first = left[integers(left, "spell") == 0]
    assigned, committed = integers(first, "assigned_day"), integers(first, "committed_day")
    reached = assigned >= 0
    return Wait(np.maximum(np.where(reached, assigned, integers(first, "day")) - committed, 0), reached)


def _file(left: pd.DataFrame) -> Wait:
    """From the opening of a file to its completion, for first exits of the window."""
    first = left[(integers(left, "spell") == 0) & (integers(left, "opened_day") >= 0)]
    opened, ready = integers(first, "opened_day"), integers(first, "ready_day")
    reached = ready >= opened
    return Wait(np.maximum(np.where(reached, ready, integers(first, "day")) - opened, 0), reached)


def survival(wait: Wait) -> tuple[Floats, Floats]:
    """Kaplan–Meier curve: days at which it may fall, and the share still waiting after each, shape ``(n_days,)`` both.

    The product-limit estimate, as ``scipy.stats.ecdf`` gives it (the tests compare them): importing that takes longer than
    all the indicators of a run.
    """
    length = int(wait.days.max()) + 1
    served = np.bincount(wait.days[wait.reached], minlength=length)
    gone = served + np.bincount(wait.days[~wait.reached], minlength=length)
    at_risk = len(wait.days) - np.concatenate([[0], np.cumsum(gone)[:-1]])
    days = np.flatnonzero(gone)
    return days.astype(np.float64), np.cumprod(1.0 - served[days] / at_risk[days])


def _unserved(wait: Wait) -> float:
    """Share of the waits that the end of the stay cut short, among those it or the step ended."""
    ended = len(wait.reached) - wait.settled
    return (ended - int(wait.reached.sum())) / ended


def _add(wait: Wait, step: str, window: Window, figures: Figures) -> None:
    if not wait.reached.any():
        return
    figures.add(window.label, "wait_unserved", group(step=step), _unserved(wait))
    days, still = survival(wait)
    for quantile in QUANTILES:
        below = np.flatnonzero(still <= 1.0 - quantile + 1e-12)
        if len(below):
            name = group(step=step, quantile=f"{quantile:g}")
            figures.add(window.label, "wait_quantile", name, float(days[below[0]]))
    for mark in MARKS[step]:
        at = int(np.searchsorted(days, mark, side="right")) - 1
        figures.add(window.label, "wait_served", group(step=step, days=str(mark)), 1.0 - float(still[at]) if at >= 0 else 0.0)
