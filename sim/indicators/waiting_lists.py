"""Who waits, where and since when: each list by interregion and establishment, on each 1 January and over each period.

The days are those already waited by the people on a list that day, not those people have waited when they are served: where a
queue grows the first lag behind. Waits of those served stand in :mod:`sim.indicators.waits`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.dates import date_of, iso
from sim.indicators.tidy import Figures, census_days, counts, group, integers, share
from sim.records.codes import WaitingList

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.indicators.context import Context
    from sim.indicators.tidy import Tables
    from sim.records.tables import Codebook

    Ints = NDArray[np.int64]

NAMES = {code: code.name.lower().replace("_", "-") for code in WaitingList}
"""Lists as groups name them: ``list=semi-liberty``, ``site=Fresnes,list=judge`` (the place first, as in all groups)."""


def waiting_lists(tables: Tables, context: Context, figures: Figures) -> None:
    """Add people waiting and days waited so far, by list, for the country, each interregion and each establishment.

    Establishments on each 1 January and over the measured window only.
    """
    lists = tables.table("lists")
    every = np.unique(tables.table("nation")["day"].to_numpy())
    for day in every.tolist():
        date = date_of(day)
        if (date.month, date.day) == (1, 1):
            _add(lists[lists["day"].to_numpy() == day], 1, iso(day), tables.codebook, context, figures, sites=True)
    for window in context.windows():
        months = int(((every >= window.start_day) & (every < window.stop_day)).sum())
        sites = window.start_day == context.measure_from_day
        _add(census_days(lists, window), months, window.label, tables.codebook, context, figures, sites=sites)


def _add(
    rows: pd.DataFrame, months: int, period: str, book: Codebook, context: Context, figures: Figures, *, sites: bool
) -> None:
    """Add what some censuses counted: means of so many months."""
    code, waiting, days = (integers(rows, name) for name in ("list", "waiting", "waited_days"))
    places: list[tuple[str, tuple[str, ...], Ints]] = [
        ("", ("",), np.zeros(len(rows), dtype=np.int64)),
        ("interregion", book.interregions, integers(rows, "interregion")),
    ]
    if sites:
        places.append(("site", book.sites, integers(rows, "site")))
    for dimension, names, place in places:
        size = len(names)
        here = place >= 0
        cells = code[here] * size + place[here]
        people = counts(cells, len(WaitingList) * size, waiting[here].astype(np.float64)).reshape(-1, size)
        waited = counts(cells, len(WaitingList) * size, days[here].astype(np.float64)).reshape(-1, size)
        for line, name in NAMES.items():
            if dimension and not people[line].any():
                continue  # the list of another territory, or of nobody
            for column, where in enumerate(names):
                label = group(**({dimension: where} if dimension else {}), list=name)
                if months:
                    figures.add(period, "waiting_list", label, float(people[line, column]) / months * context.weight)
                figures.add(period, "waiting_list_days", label, share(waited[line, column], people[line, column]))
