"""Work inside and visits: who has a job, how long it is waited for, who leaves without ever having had one, or a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.indicators.tidy import ALL, Figures, census_days, counts, group, integers, months_told, share, within

if TYPE_CHECKING:
    import pandas as pd

    from sim.indicators.context import Context, Window
    from sim.indicators.tidy import Tables

_SEXES = ("men", "women")


def work(tables: Tables, context: Context, figures: Figures) -> None:
    """Add shares of people held with a job, waits, and shares of people who leave without one, or a visit, for each window."""
    exits = tables.table("exits")[["day", "sentenced", "female", "jobs", "visited"]]
    for window in context.windows():
        left = within(exits, window)
        left = left[integers(left, "sentenced") == 1]
        _never(left, "visited", "never_visited", window, figures)
        if _jobs(tables, window, figures):
            _never(left, "jobs", "never_worked", window, figures)


def _jobs(tables: Tables, window: Window, figures: Figures) -> bool:
    """Add what jobs there were, by kind of quarter; return whether anybody had one."""
    book = tables.codebook
    told, moved = census_days(tables.table("jobs"), window), months_told(tables.table("jobs"), window)
    held = census_days(tables.table("quarters"), window)
    kind_of, size = np.array(book.quarter_kind), len(book.kinds)

    def by_kind(rows: pd.DataFrame, *columns: str) -> np.ndarray:
        number = rows[list(columns)].to_numpy().astype(np.float64).sum(axis=1)
        return counts(kind_of[integers(rows, "quarter")], size, number)

    working, people = by_kind(told, "working"), by_kind(held, "remand", "sentenced")
    if not working.sum():
        return False
    waiting, started, days = by_kind(told, "waiting"), by_kind(moved, "started"), by_kind(moved, "wait_days")
    chosen = [(ALL, np.ones(size, dtype=bool))]
    chosen += [(group(kind=name), np.arange(size) == code) for code, name in enumerate(book.kinds)]
    for label, mine in chosen:
        everybody = float(people[mine].sum())
        figures.add(window.label, "working_share", label, share(float(working[mine].sum()), everybody))
        figures.add(window.label, "job_seekers_share", label, share(float(waiting[mine].sum()), everybody))
        figures.add(window.label, "job_wait", label, share(float(days[mine].sum()), float(started[mine].sum())))
    return True


def _never(left: pd.DataFrame, column: str, indicator: str, window: Window, figures: Figures) -> None:
    never, female = integers(left, column) == 0, integers(left, "female")
    figures.add(window.label, indicator, ALL, share(float(never.sum()), len(left)))
    for code, name in enumerate(_SEXES):
        mine = female == code
        figures.add(window.label, indicator, group(sex=name), share(float(never[mine].sum()), float(mine.sum())))
