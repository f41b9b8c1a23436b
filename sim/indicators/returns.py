"""Reconviction expected of those who left, always under the three causal assumptions together.

Probabilities are added up, events are not counted: chance in sampled reconvictions would be larger than the effects
asked about (recidivism.md §7). The clock starts when the person first leaves the cell as sentenced, and a measure that
fails afterwards counts under the route first granted (§5.4). Nothing is said past 60 months.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.indicators.tidy import Figures, group, integers
from sim.reconviction import ASSUMPTIONS

if TYPE_CHECKING:
    from sim.indicators.context import Context
    from sim.indicators.tidy import Tables

HORIZONS = (12, 24, 36, 60)
"""Months after the exit at which a probability is given."""

MUST_NOT_CLAIM = (
    (
        "The three assumptions (no effect of the route, central reading, whole adjusted gap causal) fit the "
        "published French "
        "data equally well: none of them may be quoted without the other two, and a zero effect is compatible with "
        "the data."
    ),
    (
        "The published gap between people who left adjusted and people who left dry is not the effect of adjusting: "
        "those who "
        "are adjusted are chosen. No effect has been measured in France for the LSC de plein droit or for external "
        "placement."
    ),
    "A lower dry-release rate is an administrative outcome: it does not by itself mean less reoffending.",
    ("Reconviction is not reoffending: it misses undetected acts, and convictions abroad of people who left the country."),
    ("Averages over a population. Nothing here predicts, or may be used on, a person; nothing is said beyond five years."),
)
"""Printed with every figure of reconviction (recidivism.md §8)."""


def returns(tables: Tables, context: Context, figures: Figures) -> None:
    """Add the mean probability of reconviction at each horizon under each assumption, and the people it stands for."""
    model = context.reconviction
    if model is None:
        return
    exits = tables.table("exits")
    # Once per person and stay: an exit after a withdrawal (spell 1, 2 …) belongs to the route granted first.
    first = exits[(exits["sentenced"].to_numpy() == 1) & (exits["spell"].to_numpy() == 0)]
    day = first["day"].to_numpy()
    score, seen, unseen = (first[name].to_numpy().astype(np.float64) for name in ("score", "seen", "unseen"))
    regime, procedure = integers(first, "regime"), integers(first, "adjustment")
    # One after another, not a mask each: a sum over a slice costs a tenth.
    order = np.argsort(day, kind="stable")
    way = model.way(regime, procedure)[order]
    bounds = [(window, *np.searchsorted(day[order], (window.start_day, window.stop_day))) for window in context.windows()]
    for assumption in ASSUMPTIONS:
        risk = model.risk(score, seen, unseen, assumption)[order]
        for months in HORIZONS:
            probability = -np.expm1(-risk * model.exposure(months, assumption)[way])
            for window, start, stop in bounds:
                left = int(stop - start)
                if left:
                    label = group(assumption=assumption, months=str(months))
                    expected = float(probability[start:stop].sum())
                    figures.add(window.label, "reconviction", label, expected / left)
                    figures.add(window.label, "reconvicted_per_year", label, expected * context.weight / window.years)
