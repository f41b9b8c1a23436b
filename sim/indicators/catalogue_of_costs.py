"""What each indicator of money is, and the form of an entry of the catalogue (:mod:`sim.indicators.catalogue`)."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """One indicator."""

    label: str
    unit: str
    """``share``, ``people``, ``people/year``, ``days``, ``hours/year``, ``people/place``, ``euros/year`` …"""
    meaning: str
    """How it is counted, precisely enough to count it again from the tables."""


COSTS: dict[str, Entry] = {
    "cost_of_means": Entry(
        "Cost of what is paid for",
        "euros/year",
        "Posts of counsellors in both settings with those without files, other grades, hearing slots, extra judges elsewhere, "
        "places by kind (building spread over their years, and running whoever is held), places to live in, contracts of "
        "devices and external placements, people whom programmes take; item= and price= low, central, high; item=all their "
        "sum. Between two arms: what the lever costs.",
    ),
    "cost_marginal": Entry(
        "Days, at what one more costs",
        "euros/year",
        "Person-days in a cell, in semi-liberty and on conditional release at what one day more or less costs. Counts nothing "
        "that cost_of_means does; between two arms: what the lever displaces, the wings staying open.",
    ),
    "cost": Entry(
        "Days, at the average price",
        "euros/year",
        "Person-days by place at the average price of a day; price= low, central, high; place=places their sum. Between two "
        "arms: what the lever displaces at average cost. It holds part of cost_of_means and cost_marginal: add it to neither.",
    ),
    "cost_of_tags": Entry(
        "Cost of tags",
        "euros/year",
        "Days on a tag at the price of the contract (line=devices, what a budget line of 28 M€ paid in 2023), and the rest of "
        "their average price, which is the time of those who follow them (line=people).",
    ),
    "budget_share": Entry(
        "Share of a budget line",
        "share",
        "What the model spends over the line of the budget: devices, external placements, both in that of alternatives and "
        "adjustments, and places that open in a year at the cost of building them.",
    ),
}
"""Entries of the catalogue."""
