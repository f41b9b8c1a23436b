"""Care for addictions inside: how long it is waited for, and how far people in need have come when they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.indicators.tidy import ALL, Figures, counts, group, integers, months_told, share, within

if TYPE_CHECKING:
    from sim.indicators.context import Context
    from sim.indicators.tidy import Tables

STAGES = ("none", "waiting", "under_way", "completed")
"""Names of the codes of ``exits.care_stage``."""


def care(tables: Tables, context: Context, figures: Figures) -> None:
    """Add the wait, and the shares of people in need who leave at each stage, for each window in which anybody was treated."""
    exits = tables.table("exits")[["day", "sentenced", "care", "care_stage"]]
    for window in context.windows():
        told = months_told(tables.table("care"), window)
        if not told["treated"].sum():
            continue
        wait = share(float(told["wait_days"].sum()), float(told["started"].sum()))
        figures.add(window.label, "care_wait", ALL, wait)
        left = within(exits, window)
        left = left[(integers(left, "sentenced") == 1) & (integers(left, "care") == 1)]
        found = counts(integers(left, "care_stage"), len(STAGES))
        for name, number in zip(STAGES, found.tolist(), strict=True):
            figures.add(window.label, "care_at_exit", group(care=name), share(number, len(left)))
