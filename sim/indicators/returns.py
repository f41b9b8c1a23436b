"""Reconviction expected of those who left, always under the three causal assumptions together.

Probabilities are added up, events are not counted: chance in sampled reconvictions would be larger than the effects
asked about (recidivism.md §7). The clock starts when the person first leaves the cell as sentenced, and a measure that
fails afterwards counts under the route first granted (§5.4). Nothing is said past 60 months. Two figures go together: what
becomes of the leavers of a period (per person), and the acts that fall in a period (per calendar year), because an
earlier release also moves acts forward in time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.dates import DAYS_PER_MONTH
from sim.indicators.open_setting import load_met
from sim.indicators.tidy import Figures, group, integers
from sim.reconviction import ASSUMPTIONS
from sim.reconviction.claims import MUST_NOT_CLAIM

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.indicators.context import Context, Window
    from sim.indicators.tidy import Tables
    from sim.reconviction import ReconvictionModel

    Floats = NDArray[np.float64]

__all__ = ["HORIZONS", "MUST_NOT_CLAIM", "returns"]

HORIZONS = (12, 24, 36, 60)
"""Months after the exit at which a probability is given."""

_OF_EXITS = [
    "day", "committed_day", "stay", "spell", "sentenced", "regime", "adjustment", "homeless", "housed", "ready_day",
    "interregion", "contact", "programme", "score", "seen", "unseen",
]  # fmt: skip
BEGUN = 2
"""Code of ``exits.programme`` for somebody whom a programme took."""
LOW_RISK = -0.30
"""Observed score below which risk is low: the lowest third of people (x ~ N(0, 0.70²))."""

_STRATA = 40
"""Groups of equal size by observed score, within which adjusted and dry are compared (recidivism.md, annex A)."""


def returns(tables: Tables, context: Context, figures: Figures) -> None:
    """Add expected reconviction per person and per calendar year, and gaps between routes, under each assumption."""
    model = context.reconviction
    if model is None:
        return
    exits = tables.table("exits")[_OF_EXITS]
    # Once per person and stay: an exit after a withdrawal (spell 1, 2 …) belongs to the route granted first.
    first = exits[(exits["sentenced"].to_numpy() == 1) & (exits["spell"].to_numpy() == 0)]
    day = integers(first, "day")
    score, seen, unseen = (first[name].to_numpy().astype(np.float64) for name in ("score", "seen", "unseen"))
    route, procedure = integers(first, "regime") + 1, integers(first, "adjustment")
    row = model.row(route, procedure)
    levers = _levers(first, score, tables, context)
    spans = [(window, (day >= window.start_day) & (day < window.stop_day)) for window in context.windows()]
    for assumption in ASSUMPTIONS:
        credited = None if levers is None else levers * model.solution.assumptions[assumption].scale
        risk = model.risk(score, seen, unseen, route, procedure, assumption, credited)
        exposure = model.exposure_by_day(assumption)
        for months in HORIZONS:
            probability = -np.expm1(-risk * exposure[row, model.days(months)])
            for window, chosen in spans:
                left = int(chosen.sum())
                if left:
                    label = group(assumption=assumption, months=str(months))
                    expected = float(probability[chosen].sum())
                    figures.add(window.label, "reconviction", label, expected / left)
                    figures.add(window.label, "reconvicted_per_year", label, expected * context.weight / window.years)
            if months == int(model.gaps["months"]):
                window, chosen = spans[0]
                _gaps(model, route[chosen], score[chosen], probability[chosen], window, assumption, figures)
        _acts(day, risk, exposure, row, context, assumption, figures)


def _levers(first: pd.DataFrame, score: Floats, tables: Tables, context: Context) -> Floats | None:
    """Other effects on each person's log hazard, added up; None if all are off."""
    every = (context.levers, *(levers for _, levers in context.lever_changes))
    prison = context.prison
    inside = bool(prison) and bool(prison["per_month"] or prison["per_stay"])
    programme = integers(first, "programme") == BEGUN
    off = not (context.open_caseload or context.contact or inside or (context.programmes and programme.any()))
    if off and not any(any(levers.values()) for levers in every):
        return None
    day = integers(first, "day")
    found = (integers(first, "homeless") == 1) & (integers(first, "housed") == 1)
    levers = context.lever("housing", day) * found + context.lever("preparation", day) * (integers(first, "ready_day") >= 0)
    if inside:
        months = (integers(first, "day") - integers(first, "committed_day")) / DAYS_PER_MONTH
        levers = levers + prison["per_month"] * (np.minimum(months, prison["most_months"]) - prison["usual_months"])
        stays = np.minimum(integers(first, "stay"), prison["most_stays"])
        levers = levers + prison["per_stay"] * (stays - prison["usual_stays"])
    if context.programmes and programme.any():
        at_risk = score >= context.programmes["risk_score"]
        levers = levers + programme * np.where(at_risk, context.programmes["at_risk"], context.programmes["low_risk"])
    if context.contact:
        levers = levers + context.contact * first["contact"].to_numpy().astype(np.float64)
    if context.open_caseload:
        # Whoever leaves on a measure is followed outside; at low risk, the load does not matter (recidivism.md §5.3).
        followed = (integers(first, "regime") >= 0) & (score >= LOW_RISK)
        load = load_met(tables, day, integers(first, "interregion"), context.usual_load)
        levers = levers + context.open_caseload * np.log(load / context.usual_load) * followed
    result: Floats = levers
    return result


def _acts(
    day: NDArray[np.int64], risk: Floats, exposure: Floats, row: NDArray[np.int64], context: Context, assumption: str,
    figures: Figures,
) -> None:  # fmt: skip
    """Acts expected in each window of people who left before its end: each release counts at most once, for five years."""
    windows = context.windows()
    last = exposure.shape[1] - 1
    so_far = {}
    for boundary in sorted({edge for window in windows for edge in (window.start_day, window.stop_day)}):
        gone = day < boundary
        since = np.minimum(boundary - day[gone], last)
        so_far[boundary] = -float(np.expm1(-risk[gone] * exposure[row[gone], since]).sum())
    for window in windows:
        acts = so_far[window.stop_day] - so_far[window.start_day]
        label = group(assumption=assumption)
        figures.add(window.label, "acts_per_year", label, acts * context.weight / window.years)


def _gaps(
    model: ReconvictionModel, route: NDArray[np.int64], score: Floats, probability: Floats, window: Window,
    assumption: str, figures: Figures,
) -> None:  # fmt: skip
    """Gap between adjusted and dry: raw, and at equal observed score, the routes the published one sets apart left out."""
    adjusted = route > 0
    if not adjusted.any() or adjusted.all():
        return
    raw = float(probability[adjusted].mean() - probability[~adjusted].mean())
    figures.add(window.label, "reconviction_gap", group(assumption=assumption, gap="raw"), raw)
    apart = np.isin(route, [code for code, name in enumerate(model.routes) if name in model.set_apart])
    compared = adjusted & ~apart
    stratum = np.searchsorted(np.quantile(score, np.arange(1, _STRATA) / _STRATA), score)

    def by_stratum(chosen: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        people = np.bincount(stratum[chosen], minlength=_STRATA).astype(np.float64)
        total = np.bincount(stratum[chosen], weights=probability[chosen], minlength=_STRATA)
        return people, total / np.maximum(people, 1.0)

    people, theirs = by_stratum(compared)
    others, dry = by_stratum(~adjusted)
    both = (people > 0) & (others > 0)
    if both.any():
        gap = float(((theirs - dry)[both] * people[both]).sum() / people[both].sum())
        figures.add(window.label, "reconviction_gap", group(assumption=assumption, gap="adjusted"), gap)
