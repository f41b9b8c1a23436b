"""Little's law beside every stock: what comes in a year, times the time it stays, over the stock found.

In a steady state the ratio is 1. Below it the stock is larger than today's flows explain (it was filled by larger flows or
longer stays, or people not yet out stay longer than those who are); above it the stock is still filling. A check on the
model and a reading of the country, not a result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.dates import DAYS_PER_YEAR
from sim.indicators.tidy import Figures, census_days, counts, group, integers, months_told, share, within

if TYPE_CHECKING:
    from sim.indicators.context import Context, Window
    from sim.indicators.tidy import Tables


def little(tables: Tables, context: Context, figures: Figures) -> None:
    """Add the ratio for people detained, each measure, who waits for a counsellor, and free convicts, with mean times."""
    for window in context.windows():
        _detained(tables, window, figures)
        _measures(tables, window, figures)
        _counsellor(tables, window, figures)
        _free_convicts(tables, window, figures)


def _detained(tables: Tables, window: Window, figures: Figures) -> None:
    nation = census_days(tables.table("nation"), window)
    flows = months_told(tables.table("flows"), window)
    left = within(tables.table("exits")[["day", "spell", "committed_day"]], window)
    left = left[integers(left, "spell") == 0]
    if not len(nation) or not len(flows) or not len(left):
        return
    stock = float(nation["detained"].mean())
    entries = float(flows["entries"].mean()) * 12
    stay = float((integers(left, "day") - integers(left, "committed_day")).mean())
    figures.add(window.label, "time_inside_mean", group(stock="detained"), stay)
    figures.add(window.label, "time_inside_implied", group(stock="detained"), share(stock * DAYS_PER_YEAR, entries))
    figures.add(window.label, "little_ratio", group(stock="detained"), share(entries * stay / DAYS_PER_YEAR, stock))


def _measures(tables: Tables, window: Window, figures: Figures) -> None:
    standing = census_days(tables.table("standing"), window)
    ended = within(tables.table("measures"), window)
    regimes = tables.codebook.regimes
    spent = counts(integers(ended, "regime"), len(regimes), (ended["day"] - ended["start_day"]).to_numpy().astype(np.float64))
    months = len(np.unique(standing["day"].to_numpy()))
    people = (standing["custody"] + standing["liberty"]).to_numpy().astype(np.float64)
    stock = counts(integers(standing, "regime"), len(regimes), people)
    for code, regime in enumerate(regimes):
        if months and stock[code]:
            ratio = share(float(spent[code]) / (window.years * DAYS_PER_YEAR), float(stock[code]) / months)
            figures.add(window.label, "little_ratio", group(stock=regime), ratio)


def _counsellor(tables: Tables, window: Window, figures: Figures) -> None:
    services = months_told(tables.table("services"), window)
    if not len(services):
        return
    months = len(np.unique(services["day"].to_numpy()))
    waiting = float(services["waiting"].sum()) / months
    spent = float(services["wait_days"].sum()) * 12 / months / DAYS_PER_YEAR
    figures.add(window.label, "little_ratio", group(stock="waiting for a counsellor"), share(spent, waiting))


def _free_convicts(tables: Tables, window: Window, figures: Figures) -> None:
    told = months_told(tables.table("free_convicts"), window)
    waiting = census_days(tables.table("free_convicts"), window)["waiting"]
    left = float(told["heard"].sum() + told["lapsed"].sum())
    if not left or not len(waiting):
        return
    wait = float(told["wait_days"].sum()) / left
    came = float(told["came"].sum()) * 12 / len(told)
    figures.add(window.label, "time_inside_mean", group(stock="free convicts"), wait)
    ratio = share(came * wait / DAYS_PER_YEAR, float(waiting.mean()))
    figures.add(window.label, "little_ratio", group(stock="free convicts"), ratio)
