"""What it costs a year, by place and regime, at the low, central and high price of a day.

People in each place on average over the window, times the days of a year, times the price of a day. Prices are
averages, not what one person more or less changes: closing a place saves less than its average cost as long as the
wing stays open. Between two arms, the difference in counsellors and hearings is what the lever costs, that in places what
it moves at average cost; they are kept apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import DAYS_PER_YEAR
from sim.indicators.tidy import ALL, Figures, census_days, group, months_told

if TYPE_CHECKING:
    from sim.indicators.context import Context, Price, Window
    from sim.indicators.tidy import Tables

CELL = "cell"
"""Key of the price of a day in a cell; the others are regimes."""

LEVELS = ("low", "central", "high")


def costs(tables: Tables, context: Context, figures: Figures) -> None:
    """Add the yearly cost by place and in all, that of counsellors and hearings, and their sum, for each window."""
    for window in context.windows():
        people = _people(tables, context, window)
        if not people:
            continue
        posts, slots = _means(tables, context, window)
        for level in LEVELS:
            total = 0.0
            for place, number in people.items():
                price = context.cost_per_day.get(place)
                if price is not None:
                    cost = number * DAYS_PER_YEAR * at_level(price, level)
                    total += cost
                    figures.add(window.label, "cost", group(place=place, price=level), cost)
            figures.add(window.label, "cost", group(place="places", price=level), total)
            if context.counsellor_year is not None and posts is not None:
                counsellors = posts * at_level(context.counsellor_year, level)
                figures.add(window.label, "cost", group(place="counsellors", price=level), counsellors)
                total += counsellors
            if context.hearing is not None and slots is not None:
                hearings = slots * at_level(context.hearing, level)
                figures.add(window.label, "cost", group(place="hearings", price=level), hearings)
                total += hearings
            figures.add(window.label, "cost", group(place=ALL, price=level), total)


def at_level(price: Price, level: str) -> float:
    """Return a price at one of :data:`LEVELS`."""
    value: float = getattr(price, level)
    return value


def _people(tables: Tables, context: Context, window: Window) -> dict[str, float]:
    """Mean number of people in a cell and on each regime; empty if no census fell in the window."""
    nation = census_days(tables.table("nation"), window)
    if not len(nation):
        return {}
    cells = nation["remand"].to_numpy() + nation["sentenced"].to_numpy()
    people = {CELL: float(cells.mean()) * context.weight}
    standing = census_days(tables.table("standing"), window)
    both = standing["custody"].to_numpy() + standing["liberty"].to_numpy()
    regime = standing["regime"].to_numpy()
    for position, name in enumerate(tables.codebook.regimes):
        people[name] = float(both[regime == position].sum()) / len(nation) * context.weight
    return people


def _means(tables: Tables, context: Context, window: Window) -> tuple[float | None, float | None]:
    """Counsellors in post, and hearing slots offered a year; None if no month was told in the window."""
    services = months_told(tables.table("services"), window)
    if not len(services):
        return None, None
    mean = context.weight / services["day"].nunique()
    return float(services["posts"].sum()) * mean, float(services["slots"].sum()) * 12 * mean
