"""Published series, as the pages and the notebooks set them beside the model."""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from sim.presentation.formatting import Line
from sim.presentation.headlines import Outcome
from sim.scenario.observed import observed_file

if TYPE_CHECKING:
    from sim.library.read import Figures
    from sim.presentation.texts import Texts


class Observed(NamedTuple):
    """One published value."""

    date: str
    """Year, month or day, as published."""
    value: float
    source: str
    href: str


@lru_cache(maxsize=1)
def _series() -> dict[str, list[Observed]]:
    found: dict[str, list[Observed]] = {}
    with observed_file("series.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["confidence"] != "read":
                continue
            value = Observed(row["date"], float(row["value"]), row["source_title"], row["source_url"])
            found.setdefault(row["series"], []).append(value)
    return found


def observed(series: str) -> list[Observed]:
    """List the published values of a series, those read in a stored copy of their page, by date."""
    return sorted(_series().get(series, []), key=lambda row: row.date)


def observed_days(series: str) -> pd.DataFrame:
    """Return the values of a series that speak of a day: columns ``day, value, source``."""
    rows = [(row.date, row.value, row.source) for row in observed(series) if len(row.date) == len("2025-10-01")]
    frame = pd.DataFrame(rows, columns=["day", "value", "source"]).drop_duplicates("day")
    return frame.assign(day=pd.to_datetime(frame["day"]))


_HELD_AGAINST = (
    ("detenus", Outcome("detained", "stock", "status=detained", "people"), 1.0),
    ("ecroues_total", Outcome("committed", "stock", "status=under committal", "people"), 1.0),
    ("ecroues_non_detenus", Outcome("not_detained", "stock", "status=not detained", "people"), 1.0),
    ("prevenus_detenus", Outcome("remand", "stock", "status=remand", "people"), 1.0),
    ("densite_globale", Outcome("density_all", "density", "all", "density"), 0.01),
    ("densite_MA", Outcome("density", "density", "kind=MA", "density"), 0.01),
    ("regime_densite_CD", Outcome("density_cd", "density", "kind=CD", "density"), 0.01),
)
_YEARLY = (("part_sorties_seches_delits", Outcome("dry_rate", "dry_rate_exits", "all", "share"), 0.01),)


def period_text(t: Texts, text: str) -> str:
    """Write a published date (year, month or day) in words."""
    if len(text) == len("2025-10-01"):
        from sim.dates import parse_day  # noqa: PLC0415

        return t.day(parse_day(text))
    return text


def held_against(t: Texts, figures: Figures) -> list[Line]:
    """The model's own past against what was published: last month, or last year, that both know."""
    lines = []
    for series, outcome, scale in (*_HELD_AGAINST, *_YEARLY):
        both = []
        for row in observed(series):
            figure = figures.get(figures.base, outcome.indicator, outcome.group, row.date)
            if figure is not None:
                both.append((row, figure))
        if not both:
            continue
        row, figure = both[-1]
        value = row.value * scale
        inside = figure.low <= value <= figure.high
        words = {
            t("table.outcome"): t(f"outcome.{outcome.key}"),
            t("method.date"): period_text(t, row.date),
            t("method.published"): t.level(value, outcome.kind),
            t("method.model"): f"{t.level(figure.median, outcome.kind)} "
            f"({t('card.plain', low=t.level(figure.low, outcome.kind), high=t.level(figure.high, outcome.kind))})",
            t("method.gap"): t.change(figure.median - value, outcome.kind),
            t("method.inside"): t("method.yes" if inside else "method.no"),
            t("chart.source"): row.source,
        }
        numbers = {"published": value, "model": figure.median, "low": figure.low, "high": figure.high}
        gap = {"gap": figure.median - value, "unit": outcome.kind, "source": row.source}
        lines.append(Line(words, {"outcome": t(f"outcome.{outcome.key}"), "date": row.date, **numbers, **gap}))
    return lines
