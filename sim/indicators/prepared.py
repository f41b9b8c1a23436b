"""How long measures last that people leave the cell for, how they were prepared, and how many stand, by procedure.

An adjusted release of a few days is hardly another thing than a dry one: the reader chooses below how many days a measure
counts as none, and what a prepared release is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.indicators.tidy import Figures, counts, group, integers, is_among, share, within

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.indicators.context import Context
    from sim.indicators.tidy import Tables

    Ints = NDArray[np.int64]

THRESHOLDS = (15, 30, 60, 90)
"""Days of a measure below which a release may be called quasi-dry."""
_OF_EXITS = [
    "day", "person", "sentenced", "felony", "regime", "adjustment", "end_day", "hours", "leave_day", "housed", "by_design",
]  # fmt: skip


def prepared(tables: Tables, context: Context, figures: Figures) -> None:
    """Add quasi-dry rates and shares of prepared releases by threshold, and people on a measure by procedure."""
    exits = tables.table("exits")[_OF_EXITS]
    delits = exits[(exits["sentenced"].to_numpy() == 1) & (exits["felony"].to_numpy() == 0)]
    stock = _standing(tables)
    census = integers(tables.table("nation"), "day")
    for window in context.windows():
        _quasi_dry(within(delits, window), window.label, figures)
        chosen = (census >= window.start_day) & (census < window.stop_day)
        if chosen.any():
            _by_procedure(stock[chosen].mean(axis=0) * context.weight, tables, window.label, figures)


def _quasi_dry(frame: pd.DataFrame, label: str, figures: Figures) -> None:
    regime = integers(frame, "regime")
    if not len(regime):
        return
    days = integers(frame, "end_day") - integers(frame, "day")
    day, leave = integers(frame, "day"), integers(frame, "leave_day")
    hours = frame["hours"].to_numpy()
    prepared_by = {
        "file": hours > 0,
        "permission": (leave >= 0) & (leave <= day),
        "lodging": integers(frame, "housed") == 1,
    }
    prepared_by["all"] = np.logical_and.reduce(list(prepared_by.values()))
    by_design = integers(frame, "by_design") == 1
    figures.add(label, "by_design_rate", "all", share(float(by_design.sum()), len(regime)))
    for least in THRESHOLDS:
        worth = (regime >= 0) & (days >= least) & ~by_design
        quasi = ~worth & ~by_design
        figures.add(label, "quasi_dry_rate", group(days=str(least)), share(float(quasi.sum()), len(regime)))
        for name, has in prepared_by.items():
            figures.add(
                label, "prepared_rate", group(days=str(least), with_=name), share(float((worth & has).sum()), len(regime))
            )


def _standing(tables: Tables) -> NDArray[np.float64]:
    """People on a measure granted in a cell, at each census, shape ``(n_months, n_regimes * n_adjustments)``.

    Begun: exits to it, and measures that another one was turned into, known once they have ended. A measure begun or ended on
    the day of a census, after 0 h, is not counted there.
    """
    codebook = tables.codebook
    width = len(codebook.regimes) * len(codebook.adjustments)
    census = integers(tables.table("nation"), "day")
    exits, ended = tables.table("exits"), tables.table("measures")

    def pair(regime: Ints, adjustment: Ints) -> Ints:
        return np.where((regime >= 0) & (adjustment >= 0), regime * len(codebook.adjustments) + adjustment, -1)

    def by_month(days: Ints, code: Ints) -> NDArray[np.float64]:
        known = code >= 0
        month = np.searchsorted(census, days[known], side="right")
        cells = counts(month * width + code[known], (len(census) + 1) * width)
        return cells.reshape(len(census) + 1, width)[: len(census)].cumsum(axis=0)

    left, left_code = integers(exits, "day"), pair(integers(exits, "regime"), integers(exits, "adjustment"))
    over_code = pair(integers(ended, "regime"), integers(ended, "adjustment"))
    start, person = integers(ended, "start_day"), integers(ended, "person")
    far = 1 << 20  # more than any day
    turned = ~is_among(person * far + start, integers(exits, "person") * far + left)
    return by_month(left, left_code) + by_month(start[turned], over_code[turned]) - by_month(integers(ended, "day"), over_code)


def _by_procedure(people: NDArray[np.float64], tables: Tables, label: str, figures: Figures) -> None:
    codebook = tables.codebook
    cells = people.reshape(len(codebook.regimes), len(codebook.adjustments))
    for column, procedure in enumerate(codebook.adjustments):
        for row, regime in enumerate(codebook.regimes):
            figures.add(label, "on_measure", group(regime=regime, procedure=procedure), float(cells[row, column]))
