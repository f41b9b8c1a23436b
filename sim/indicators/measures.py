"""Measures served outside the cell: begun, how long, how many withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.indicators.tidy import Figures, counts, group, integers, months_told, share, within

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.indicators.context import Context, Window
    from sim.indicators.tidy import Tables

    Ints = NDArray[np.int64]

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
_DAY_BITS = 20


def measures(tables: Tables, context: Context, figures: Figures) -> None:
    """Add measures begun from a cell, length and withdrawal of those that ended, by regime and origin."""
    codebook = tables.codebook
    regimes = codebook.regimes
    ended_all, exits = tables.table("measures"), tables.table("exits")
    flows = tables.table("flows")
    stays = _Stays(tables.table("ends"), ended_all[["person", "start_day"]][_begun_by_themselves(ended_all)])
    for window in context.windows():
        _incidents(months_told(flows, window), context, window.label, figures)
        figures.add(window.label, "second_measure_share", "all", stays.second_measures(window))
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


def _begun_by_themselves(measures: pd.DataFrame) -> NDArray[np.bool_]:
    """Say which measures began by themselves: not those a measure was turned into, nor those taken up after a suspension."""
    person, start = integers(measures, "person"), integers(measures, "start_day")
    order = np.lexsort((start, person))
    same = person[order][1:] == person[order][:-1]
    ended = measures["withdrawn"].to_numpy()[order][:-1]
    follows = same & ((start[order][1:] == integers(measures, "day")[order][:-1]) | (ended == SUSPENDED))
    found = np.ones(len(order), dtype=bool)
    found[order[1:]] = ~follows
    return found


class _Stays:
    """Ends of committal in the order of stays, and the measures begun: both are put in order once, not for each window."""

    def __init__(self, ends: pd.DataFrame, begun: pd.DataFrame) -> None:
        person, stay = integers(ends, "person"), integers(ends, "stay")
        order = np.lexsort((stay, person))
        self.person, self.stay = person[order], stay[order]
        self.committed, self.day = integers(ends, "committed_day")[order], integers(ends, "day")[order]
        self.begun = np.sort(_moment(integers(begun, "person"), integers(begun, "start_day")))

    def second_measures(self, window: Window) -> float:
        """Share, of the stays that ended in a window and had a measure, of those with two or more."""
        chosen = np.flatnonzero((self.day >= window.start_day) & (self.day < window.stop_day))
        if not len(chosen):
            return float("nan")
        person, stay = self.person[chosen], self.stay[chosen]
        # A stay may end twice: from its first committal to its last end.
        first = np.flatnonzero(np.concatenate(([True], (person[1:] != person[:-1]) | (stay[1:] != stay[:-1]))))
        committed = np.minimum.reduceat(self.committed[chosen], first)
        over = np.maximum.reduceat(self.day[chosen], first)
        met = np.searchsorted(self.begun, _moment(person[first], over), side="right")
        met -= np.searchsorted(self.begun, _moment(person[first], committed))
        return share(float((met > 1).sum()), int((met > 0).sum()))


def _moment(person: Ints, day: Ints) -> Ints:
    """One number for a person and a day, in the order of both; a day before 1970 is as good as that of 1970."""
    return (person << _DAY_BITS) + np.maximum(day, 0)
