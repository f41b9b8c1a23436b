"""Where people who leave go to live, and the places they may be given: requests, the line, who has them, what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import DAYS_PER_YEAR
from sim.indicators.costs import LEVELS, at_level
from sim.indicators.tidy import ALL, Figures, census_days, counts, group, integers, months_told, share, within
from sim.records.codes import Lodging

if TYPE_CHECKING:
    from sim.indicators.context import Context, Window
    from sim.indicators.tidy import Tables

NAMES = tuple(code.name.lower() for code in Lodging)
_USES = ("rivals", "lodged", "kept")
_STAGES = ("to_file", "with_siao", "waiting")
_MOVES = ("asked", "filed", "unwritten", "dropped", "refused", "admitted", "expired", "returned", "moved_in", "unclaimed")


def lodging(tables: Tables, context: Context, figures: Figures) -> None:
    """Add shares of exits by where people go, requests, people by stage and by place, wait and cost, for each window."""
    exits = tables.table("exits")[["day", "sentenced", "lodging"]]
    for window in context.windows():
        left = within(exits, window)
        found = counts(integers(left, "lodging")[integers(left, "sentenced") == 1], len(NAMES))
        for name, number in zip(NAMES, found.tolist(), strict=True):
            figures.add(window.label, "lodging_at_exit", group(lodging=name), share(number, float(found.sum())))
        _stocks(tables, context, window, figures)
        _flows(tables, context, window, figures)


def _stocks(tables: Tables, context: Context, window: Window, figures: Figures) -> None:
    told = census_days(tables.table("lodging"), window)
    months = told["day"].nunique()
    if not months:
        return
    mean = context.weight / months
    for stage in _STAGES:
        figures.add(window.label, "lodging_requests", group(stage=stage), float(told[stage].sum()) * mean)
    for use in ("places", *_USES):
        figures.add(window.label, "lodging_places", group(use=use), float(told[use].sum()) * mean)
    empty = told["places"] - told[list(_USES)].sum(axis=1)
    figures.add(window.label, "lodging_places", group(use="empty"), float(empty.clip(lower=0).sum()) * mean)
    if context.lodging_day is not None:
        # What people of the model occupy: the rest is spent anyway.
        nights = float(told["lodged"].sum() + told["kept"].sum()) * mean * DAYS_PER_YEAR
        reserved = told[told["reserved"] == 1]
        nights += float((empty.loc[reserved.index]).clip(lower=0).sum()) * mean * DAYS_PER_YEAR
        for level in LEVELS:
            figures.add(window.label, "lodging_cost", group(price=level), nights * at_level(context.lodging_day, level))


def _flows(tables: Tables, context: Context, window: Window, figures: Figures) -> None:
    told = months_told(tables.table("lodging"), window)
    months = told["day"].nunique()
    if not months:
        return
    for move in _MOVES:
        yearly = float(told[move].sum()) * context.weight * 12 / months
        figures.add(window.label, "lodging_flow", group(move=move), yearly)
    wait = share(float(told["wait_days"].sum()), float(told["admitted"].sum()))
    figures.add(window.label, "lodging_wait", ALL, wait)
