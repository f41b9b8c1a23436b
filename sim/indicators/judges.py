"""Enforcement judges as posts, and the free convicts (723-15) they hear beside people in prison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.indicators.tidy import ALL, Figures, group, months_told, share

if TYPE_CHECKING:
    from sim.indicators.context import Context, Window
    from sim.indicators.tidy import Tables

_OUTCOMES = ("measures", "converted", "enforced", "lapsed")


def judges(tables: Tables, context: Context, figures: Figures) -> None:
    """Add what free convicts wait for and get, and how many judges the hearings of each place stand for, by window."""
    free, services, panels = (tables.table(name) for name in ("free_convicts", "services", "panels"))
    for window in context.windows():
        told = months_told(free, window)
        if not len(told):
            continue
        # By the months told, not the window's length: the month that ends with the run is never told.
        per_year = context.weight * 12 / len(told)
        total = {name: float(told[name].sum()) for name in (*_OUTCOMES, "heard", "absent", "waited_days")}
        figures.add(window.label, "free_convict_wait_mean", ALL, share(total["waited_days"], total["heard"]))
        figures.add(window.label, "free_convicts_absent_share", ALL, share(total["absent"], total["heard"]))
        for outcome in _OUTCOMES:
            figures.add(window.label, "free_convicts_decided", group(outcome=outcome), total[outcome] * per_year)
        courts = [months_told(table, window) for table in (services, panels)]
        called = sum(float(table["heard"].sum()) for table in courts) * per_year
        beyond = sum(float(table["beyond"].sum()) for table in courts) * per_year
        _posts(context, window, figures, {"prisons": called, "deadline": beyond, "free_convicts": total["heard"] * per_year})


def _posts(context: Context, window: Window, figures: Figures, hearings: dict[str, float]) -> None:
    """Judges in post, and those whose year the hearings of each place take."""
    if context.judge_hearings <= 0:
        return
    figures.add(window.label, "judges", group(use="in_post"), context.judges)
    for use, number in hearings.items():
        figures.add(window.label, "judges", group(use=use), number / context.judge_hearings)
