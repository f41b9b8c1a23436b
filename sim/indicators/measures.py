"""Measures served outside the cell: begun, how long, how many withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.indicators.tidy import Figures, counts, group, integers, months_told, share, within

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.indicators.context import Context
    from sim.indicators.tidy import Tables

FROM_LIBERTY = -2
"""Code of ``measures.adjustment`` for a measure that was not preceded by a cell."""
_ANSWERS = {
    "reminder": "reminded",
    "hours": "widened",
    "remission": "remission_lost",
    "suspension": "suspended",
    "other measure": "turned",
}
"""Answers of the judge to an incident, and the column of ``flows`` that counts them."""
WITHDRAWN, SUSPENDED = 1, 2
"""Codes of ``measures.withdrawn`` for one that was withdrawn, and for one suspended."""


def measures(tables: Tables, context: Context, figures: Figures) -> None:
    """Add measures begun from a cell, length and withdrawal of those that ended, by regime and origin."""
    codebook = tables.codebook
    regimes = codebook.regimes
    ended_all, exits = tables.table("measures"), tables.table("exits")
    flows, ends = tables.table("flows"), tables.table("ends")[["day", "person", "stay", "committed_day"]]
    begun_again = _begun_again(ended_all)
    for window in context.windows():
        _incidents(months_told(flows, window), context, window.label, figures)
        figures.add(window.label, "second_measure_share", "all", _second_measures(within(ends, window), ended_all[begun_again]))
        begun = within(exits, window)
        starts = counts(integers(begun, "regime"), len(regimes))
        for regime, number in zip(regimes, starts.tolist(), strict=True):
            figures.add(
                window.label,
                "measures_begun",
                group(regime=regime, origin="custody"),
                number * context.weight / window.years,
            )
        ended = within(ended_all, window)
        ended = ended[ended["withdrawn"].to_numpy() != SUSPENDED]  # they go on
        length = (ended["day"] - ended["start_day"]).to_numpy().astype(np.float64)
        withdrawn = (ended["withdrawn"].to_numpy() == WITHDRAWN).astype(np.float64)
        code = integers(ended, "regime")
        liberty = integers(ended, "adjustment") == FROM_LIBERTY
        for origin, chosen in (("custody", ~liberty), ("liberty", liberty)):
            here = np.where(chosen, code, -1)
            number, days, lost = (counts(here, len(regimes), weights) for weights in (None, length, withdrawn))
            for position, regime in enumerate(regimes):
                label = group(regime=regime, origin=origin)
                figures.add(window.label, "measures_ended", label, number[position] * context.weight / window.years)
                figures.add(window.label, "measure_length_mean", label, share(days[position], number[position]))
                figures.add(window.label, "measure_withdrawn_share", label, share(lost[position], number[position]))


def _incidents(told: pd.DataFrame, context: Context, label: str, figures: Figures) -> None:
    """Incidents a year by answer, months told; those left are withdrawals."""
    if not len(told):
        return
    answered = {answer: float(told[column].mean()) for answer, column in _ANSWERS.items()}
    answered["withdrawal"] = float(told["incidents"].mean()) - sum(answered.values())
    for answer, number in answered.items():
        figures.add(label, "incidents", group(answer=answer), number * 12 * context.weight)


def _begun_again(measures: pd.DataFrame) -> NDArray[np.bool_]:
    """Say which measures began by themselves: not those a measure was turned into, nor those taken up after a suspension."""
    person, start = integers(measures, "person"), integers(measures, "start_day")
    order = np.lexsort((start, person))
    same = person[order][1:] == person[order][:-1]
    ended = measures["withdrawn"].to_numpy()[order][:-1]
    follows = same & ((start[order][1:] == integers(measures, "day")[order][:-1]) | (ended == SUSPENDED))
    found = np.ones(len(order), dtype=bool)
    found[order[1:]] = ~follows
    return found


def _second_measures(ends: pd.DataFrame, begun: pd.DataFrame) -> float:
    """Share, of the stays with a measure, of those with two or more."""
    stays = ends.groupby(["person", "stay"], as_index=False).agg(committed=("committed_day", "min"), over=("day", "max"))
    met = stays.merge(begun[["person", "start_day"]], on="person")
    met = met[(met["start_day"] >= met["committed"]) & (met["start_day"] <= met["over"])]
    number = met.groupby(["person", "stay"]).size().to_numpy()
    return share(float((number > 1).sum()), len(number))
