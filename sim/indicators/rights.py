"""What people have a right to and do not get: room, a bed, an examination in time, a release once the law opens one.

Person-days, so that a month for one and a day for thirty weigh the same. People above capacity are counted quarter by
quarter. Those on the floor are estimated from them: the share of people above capacity who have no bed grows with the
density (figures.md §7.8), so that mattresses grow as its square.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.dates import DAYS_PER_YEAR, iso
from sim.indicators.tidy import ALL, Figures, census_days, counts, group, integers, months_after, share, within
from sim.indicators.waits import LEGAL_MONTHS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.indicators.context import Context, Window
    from sim.indicators.tidy import Tables
    from sim.records.tables import Codebook


def rights(tables: Tables, context: Context, figures: Figures) -> None:
    """Add person-days above capacity and on the floor, days past eligibility and days past the legal delay."""
    codebook = tables.codebook
    exits = tables.table("exits")[["day", "sentenced", "eligible_day", "regime", "requested_day", "heard_day"]]
    decisions = tables.table("decisions")[["day", "requested_day", "adjustment", "legal_months"]]
    quarters = tables.table("quarters")
    for day, people in _on_the_floor(quarters, context):
        figures.add(iso(day), "on_the_floor", ALL, people)
    for window in context.windows():
        _room(census_days(quarters, window), codebook, context, window, figures)
        left = within(exits, window)
        _past_eligibility(left, context, window, figures)
        _past_delay(within(decisions, window), left, codebook, context, window, figures)


def _room(quarters: pd.DataFrame, codebook: Codebook, context: Context, window: Window, figures: Figures) -> None:
    if not len(quarters):
        return
    day = quarters["day"].to_numpy()
    months = np.unique(day)
    held = (quarters["remand"] + quarters["sentenced"]).to_numpy().astype(np.float64)
    capacity = quarters["capacity"].to_numpy().astype(np.float64)
    above = np.maximum(held - capacity, 0.0)
    kind = np.asarray(codebook.quarter_kind, dtype=np.int64)[integers(quarters, "quarter")]
    per_year = context.weight * DAYS_PER_YEAR / len(months)
    figures.add(window.label, "days_above_capacity", ALL, float(above.sum()) * per_year)
    by_kind = counts(kind, len(codebook.kinds), above)
    for name, people in zip(codebook.kinds, by_kind.tolist(), strict=True):
        figures.add(window.label, "days_above_capacity", group(kind=name), people * per_year)
    floor = [people for _, people in _on_the_floor(quarters, context)]
    figures.add(window.label, "days_on_the_floor", ALL, sum(floor) * DAYS_PER_YEAR / len(floor))
    figures.add(window.label, "on_the_floor", ALL, sum(floor) / len(floor))


def _on_the_floor(quarters: pd.DataFrame, context: Context) -> list[tuple[int, float]]:
    """People without a bed on each census day: of those above capacity in the crowded quarters, all taken together."""
    days, day = np.unique(quarters["day"].to_numpy(), return_inverse=True)
    capacity = quarters["capacity"].to_numpy().astype(np.float64)
    above = np.maximum((quarters["remand"] + quarters["sentenced"]).to_numpy().astype(np.float64) - capacity, 0.0)
    crowded = above > 0
    excess = counts(day[crowded], len(days), above[crowded])
    room = counts(day[crowded], len(days), capacity[crowded])
    floor = context.floor_factor * np.divide(excess**2, room, out=np.zeros_like(excess), where=room > 0)
    return list(zip(days.tolist(), (floor * context.weight).tolist(), strict=True))


def _past_eligibility(left: pd.DataFrame, context: Context, window: Window, figures: Figures) -> None:
    """Days between the first day the law opened a measure and the exit, for sentenced leavers."""
    opened = integers(left, "eligible_day")
    concerned = (integers(left, "sentenced") == 1) & (opened >= 0)
    days = np.maximum(integers(left, "day") - opened, 0)
    dry = integers(left, "regime") < 0
    for label, chosen in ((ALL, concerned), ("route=dry", concerned & dry), ("route=adjusted", concerned & ~dry)):
        people, total = int(chosen.sum()), float(days[chosen].sum())
        figures.add(window.label, "days_past_eligibility", label, total * context.weight / window.years)
        figures.add(window.label, "days_past_eligibility_mean", label, share(total, people))


def _past_delay(
    decided: pd.DataFrame, left: pd.DataFrame, codebook: Codebook, context: Context, window: Window, figures: Figures
) -> None:
    """Days beyond the months the law gives a decision: those of its court if there was one, four if never heard.

    The requests that a board decides at two thirds count to that day: until then they waited for their hearing.
    """
    boards = [code for code, name in enumerate(codebook.adjustments) if name in context.boards]
    heard = decided[~np.isin(integers(decided, "adjustment"), boards)]
    pending = left[
        (integers(left, "requested_day") > np.maximum(integers(left, "heard_day"), -1)) & (integers(left, "regime") < 0)
    ]
    given = integers(heard, "legal_months")
    months = np.where(given > 0, given, LEGAL_MONTHS)
    total = float(_beyond(integers(pending, "requested_day"), integers(pending, "day"), LEGAL_MONTHS).sum())
    for number in np.unique(months).tolist():
        court = heard[months == number]
        total += float(_beyond(integers(court, "requested_day"), integers(court, "day"), number).sum())
    figures.add(window.label, "days_past_legal_delay", ALL, total * context.weight / window.years)


def _beyond(requested: NDArray[np.int64], until: NDArray[np.int64], months: int) -> NDArray[np.int64]:
    late: NDArray[np.int64] = np.maximum(until - months_after(requested, months), 0)
    return late
