"""What it costs a year: what is paid for (posts, hearings, places, contracts), and, apart, what people's days are worth.

Two sides that are never netted. :data:`MEANS` are what a decision buys, whoever is held: their difference between two arms is
what the lever costs. Days of people in each place are what it moves, told twice: at the average price of a day, which is no
saving (a place left empty costs nearly as much while the wing stays open), and at what one day more or less costs
(``cost_marginal``). Means and marginal days add up without counting anything twice; average days hold part of both and are
added to neither.

Devices and external placements are paid by the day under contract: they are means. What follows somebody on a tag beside the
contract is counsellors' time, which the average price of a day holds too (:func:`_tag`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.dates import DAYS_PER_YEAR
from sim.indicators.tidy import ALL, Figures, census_days, group, integers, months_told, share

if TYPE_CHECKING:
    from sim.indicators.context import Context, Price, Prices, Window
    from sim.indicators.tidy import Tables

CELL = "cell"
"""Key of the price of a day in a cell; the others are regimes."""

PROBATION = "probation"
"""Place of who is on probation without a committal, whose day is priced as one of those supervised alone."""
LEVELS = ("low", "central", "high")
_OPPOSITE = {"low": "high", "central": "central", "high": "low"}
DEVICES, EXTERNAL = "devices", "external_placements"
"""Items of days bought one by one from others: of which regimes, :attr:`~sim.indicators.context.Prices.contracts` says."""
MEANS = (
    "counsellors_inside",
    "counsellors_outside",
    "secretaries",
    "social_workers",
    "psychologists",
    "managers",
    "hearings",
    "hearings_elsewhere",
    "buildings",
    "running",
    "lodging",
    DEVICES,
    EXTERNAL,
    "programmes",
)
"""Items of ``cost_of_means``."""


def costs(tables: Tables, context: Context, figures: Figures) -> None:
    """Add the yearly cost of the means, of people's days at both prices, and the budgets they are a share of."""
    for window in context.windows():
        people = _people(tables, context, window)
        if not people:
            continue
        _days(people, context, figures, window)
        prices = context.prices
        if prices is not None:
            _means(tables, context, figures, window, people, prices)
            _tag(people, context, figures, window, prices)
            _budgets(tables, context, figures, window, people, prices)


def at_level(price: Price, level: str) -> float:
    """Return a price at one of :data:`LEVELS`."""
    value: float = getattr(price, level)
    return value


def _days(people: dict[str, float], context: Context, figures: Figures, window: Window) -> None:
    """Add people's days at the average price, and at what one more costs but for those that are bought."""
    marginal = {} if context.prices is None else context.prices.marginal_day
    bought = {} if context.prices is None else context.prices.contracts
    supervised = PROBATION if context.prices is None else context.prices.supervised
    for indicator, prices in (("cost", context.cost_per_day), ("cost_marginal", marginal)):
        for level in LEVELS:
            total, told = 0.0, False
            for place, number in people.items():
                price = prices.get(supervised if place == PROBATION else place)
                if price is None or (indicator == "cost_marginal" and place in bought):
                    continue
                cost = number * DAYS_PER_YEAR * at_level(price, level)
                total, told = total + cost, True
                figures.add(window.label, indicator, group(place=place, price=level), cost)
            if told:
                figures.add(window.label, indicator, group(place="places", price=level), total)


def _means(
    tables: Tables, context: Context, figures: Figures, window: Window, people: dict[str, float], prices: Prices
) -> None:
    """Add what is paid for, item by item, and in all."""
    posts, slots = _offered(tables, context, window)
    capacity = _capacity(tables, context, window)
    outside = _outside(tables, context, window)
    nights = _nights(tables, context, window)
    flows = months_told(tables.table("flows"), window)["programme_begun"]
    begun = float(flows.mean()) * 12 * context.weight if len(flows) else 0.0
    for level in LEVELS:
        post = 0.0 if context.counsellor_year is None else at_level(context.counsellor_year, level)
        hearing = 0.0 if context.hearing is None else at_level(context.hearing, level)
        items = {
            "counsellors_inside": posts * (1.0 + at_level(prices.idle_inside, level)) * post,
            "counsellors_outside": outside * (1.0 + at_level(prices.idle_outside, level)) * post,
            **{grade: context.mean_of(grade, window) * at_level(price, level) for grade, price in prices.staff_year.items()},
            "hearings": slots * hearing,
            "hearings_elsewhere": context.mean_of("hearings_elsewhere", window) * hearing,
            "buildings": sum(n * _building(prices, kind, level) / _years(prices, level) for kind, n in capacity.items()),
            "running": sum(n * DAYS_PER_YEAR * _fixed(context, prices, kind, level) for kind, n in capacity.items()),
            "lodging": 0.0 if context.lodging_day is None else nights * at_level(context.lodging_day, level),
            **{item: _bought(people, prices, item, level) for item in (DEVICES, EXTERNAL)},
            "programmes": 0.0 if context.programme is None else begun * at_level(context.programme, level),
        }
        for item, cost in items.items():
            figures.add(window.label, "cost_of_means", group(item=item, price=level), cost)
        figures.add(window.label, "cost_of_means", group(item=ALL, price=level), sum(items.values()))


def _building(prices: Prices, kind: str, level: str) -> float:
    return at_level(prices.building.get(kind, prices.building["MA"]), level)


def _years(prices: Prices, level: str) -> float:
    """Years a place lasts: the longest go with the lowest cost."""
    return at_level(prices.place_years, _OPPOSITE[level])


def _fixed(context: Context, prices: Prices, kind: str, level: str) -> float:
    """What a day of a place costs whoever is in it: the average price of a day less what one person more costs.

    The lowest is the low average less the high marginal price.
    """
    place = kind if kind in context.cost_per_day else CELL
    marginal = prices.marginal_day.get(place)
    one_more = 0.0 if marginal is None else at_level(marginal, _OPPOSITE[level])
    return max(0.0, at_level(context.cost_per_day[place], level) - one_more)


def _tag(people: dict[str, float], context: Context, figures: Figures, window: Window, prices: Prices) -> None:
    """Add the two lines of a tag: the contract, which a budget line pays, and the people who follow, who are posts."""
    for level in LEVELS:
        tagged = [regime for regime, item in prices.contracts.items() if item == DEVICES and regime in context.cost_per_day]
        whole = sum(
            people.get(regime, 0.0) * DAYS_PER_YEAR * at_level(context.cost_per_day[regime], level) for regime in tagged
        )
        contract = _bought(people, prices, DEVICES, level)
        figures.add(window.label, "cost_of_tags", group(line=DEVICES, price=level), contract)
        figures.add(window.label, "cost_of_tags", group(line="people", price=level), whole - contract)


def _bought(people: dict[str, float], prices: Prices, item: str, level: str) -> float:
    """Days bought under a contract in a year, at its price."""
    days = {regime: people.get(regime, 0.0) * DAYS_PER_YEAR for regime, of in prices.contracts.items() if of == item}
    return sum(number * at_level(prices.marginal_day[regime], level) for regime, number in days.items())


def _budgets(
    tables: Tables, context: Context, figures: Figures, window: Window, people: dict[str, float], prices: Prices
) -> None:
    """Add what the model spends of each budget line, at the central price: tags, external placements, both, building."""
    spent = {line: _bought(people, prices, item, "central") for line, item in (("devices", DEVICES), ("external", EXTERNAL))}
    spent["alternatives"] = sum(spent.values())
    spent["building"] = sum(
        max(0.0, added) * _building(prices, kind, "central") for kind, added in _added(tables, context, window).items()
    )
    for line, budget in prices.budget.items():
        if line in spent:
            figures.add(window.label, "budget_share", f"line={line}", share(spent[line], budget * 1e6))


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
    on_probation = census_days(tables.table("probation"), window)["standing"]
    if len(on_probation):
        people[PROBATION] = float(on_probation.mean()) * context.weight
    return people


def _offered(tables: Tables, context: Context, window: Window) -> tuple[float, float]:
    """Counsellors in post inside, and hearing slots offered a year, those of the courts of three included."""
    services = months_told(tables.table("services"), window)
    if not len(services):
        return 0.0, 0.0
    mean = context.weight / services["day"].nunique()
    panels = months_told(tables.table("panels"), window)
    slots = float(services["slots"].sum()) + float(panels["slots"].sum())
    return float(services["posts"].sum()) * mean, slots * 12 * mean


def _outside(tables: Tables, context: Context, window: Window) -> float:
    """Counsellors in post outside who hold cases."""
    teams = census_days(tables.table("open_setting"), window)
    return float(teams["posts"].sum()) * context.weight / teams["day"].nunique() if len(teams) else 0.0


def _nights(tables: Tables, context: Context, window: Window) -> float:
    """Nights a year of places to live in, whoever has them: what adding or closing some changes."""
    rows = census_days(tables.table("lodging"), window)
    return float(rows["places"].sum()) * context.weight / rows["day"].nunique() * DAYS_PER_YEAR if len(rows) else 0.0


def _capacity(tables: Tables, context: Context, window: Window) -> dict[str, float]:
    """Mean number of places, by kind of quarter."""
    rows = census_days(tables.table("quarters"), window)
    if not len(rows):
        return {}
    return _by_kind(tables, rows["quarter"].to_numpy(), rows["capacity"].to_numpy(), context.weight / rows["day"].nunique())


def _added(tables: Tables, context: Context, window: Window) -> dict[str, float]:
    """Places that open in a year, by kind of quarter: those of the last census of the window less those of the first."""
    rows = census_days(tables.table("quarters"), window)
    day = integers(rows, "day")
    if not len(rows) or day[0] == day[-1]:
        return {}
    years = (day[-1] - day[0]) / DAYS_PER_YEAR
    sign = (day == day[-1]).astype(np.int64) - (day == day[0])
    return _by_kind(tables, rows["quarter"].to_numpy(), rows["capacity"].to_numpy() * sign, context.weight / years)


def _by_kind(tables: Tables, quarter: np.ndarray, number: np.ndarray, weight: float) -> dict[str, float]:
    kind = np.array(tables.codebook.quarter_kind)[quarter.astype(np.int64)]
    summed = np.bincount(kind, weights=number.astype(np.float64), minlength=len(tables.codebook.kinds)) * weight
    return {name: float(summed[position]) for position, name in enumerate(tables.codebook.kinds) if summed[position]}
