"""People on probation or community work who were not committed for it: how many, what they owe, who ends in a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.indicators.tidy import ALL, Figures, census_days, group, months_told, share

if TYPE_CHECKING:
    from sim.indicators.context import Context
    from sim.indicators.tidy import Tables


def probation(tables: Tables, context: Context, figures: Figures) -> None:
    """Add the stock, those who began, what became of those a scenario adds, and community work, for each window."""
    table = tables.table("probation")
    for window in context.windows():
        stock, month = census_days(table, window), months_told(table, window)
        if not len(stock) or not len(month):
            continue
        for column, label in (("standing", ALL), ("more", group(against="unchanged"))):
            figures.add(window.label, "on_probation", label, float(stock[column].mean()) * context.weight)
        a_year = context.weight * 12 / len(month)
        total = month[["began", "followed", "hours", "not_done", "failed", "came_back"]].sum()
        for column in ("began", "failed", "came_back"):
            figures.add(window.label, "probation_flow", group(movement=column), float(total[column]) * a_year)
        figures.add(window.label, "community_work_hours", ALL, float(total["hours"]) * a_year)
        figures.add(window.label, "community_work_waiting", ALL, float(stock["hours_waiting"].mean()) * context.weight)
        figures.add(window.label, "community_work_not_done", ALL, share(float(total["not_done"]), float(total["began"])))
