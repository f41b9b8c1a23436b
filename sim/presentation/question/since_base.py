"""Months published since the base date, one by one, beside what the model had said of them with its interval."""

from __future__ import annotations

import csv
from functools import partial
from html import escape
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from sim.presentation.published import observed
from sim.presentation.question.svg import INK, LESS, MUTED, RULE, Frame, both, joined
from sim.scenario.observed import base_day, observed_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.library.read import Figures
    from sim.presentation.texts import Texts

LATER = "later/series.csv"
_WIDE = 900
_TICKS = 5
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
"""Steps of the axis, in what is displayed."""
_DATE = len("2026-02-01")


class Held(NamedTuple):
    """A figure of the model, and the published series that speak of the same: of two that have a month, the first is taken."""

    key: str
    indicator: str
    group: str
    scale: float
    """Factor from the unit of the series to the model's."""
    series: tuple[str, ...]

    @property
    def shown(self) -> float:
        """Factor from the model's unit to what is displayed."""
        return 1.0 if self.key == "detained" else 100.0


HELD = (
    Held("detained", "stock", "status=detained", 1, ("detenus", "detenus_derive")),
    Held("density_MA", "density", "kind=MA", 0.01, ("densite_MA", "regime_densite_MA")),
    Held("density_CD", "density", "kind=CD", 0.01, ("regime_densite_CD",)),
)


class Month(NamedTuple):
    """One published month beside the model."""

    date: str
    published: float
    source: str
    series: str
    model: float
    low: float
    high: float

    @property
    def inside(self) -> bool:
        """Whether what was published fell inside the interval."""
        return self.low <= self.published <= self.high

    @property
    def derived(self) -> bool:
        """Whether the value is computed here from published lines, and not published itself."""
        return "derive" in self.series or self.series.startswith("regime_")


def _published(held: Held) -> dict[str, tuple[float, str, str]]:
    """Value, source and series of each month; the later tables hold months that nothing was fitted on."""
    with observed_file(LATER).open(encoding="utf-8", newline="") as file:
        later = [row for row in csv.DictReader(file) if row["confidence"] == "read"]
    found: dict[str, tuple[float, str, str]] = {}
    for series in reversed(held.series):
        rows = [(row.date, row.value, row.source) for row in observed(series)]
        rows += [(row["date"], float(row["value"]), row["source_title"]) for row in later if row["series"] == series]
        found |= {date: (held.scale * value, source, series) for date, value, source in rows if len(date) == _DATE}
    return found


def _told(figures: Figures, held: Held) -> pd.DataFrame:
    """Months of the model after the base date."""
    table = figures.months(figures.base, held.indicator, held.group)
    return table[table["day"] > pd.Timestamp(base_day(), unit="D")].assign(
        date=lambda rows: rows["day"].dt.strftime("%Y-%m-%d")
    )


def months(figures: Figures, held: Held) -> list[Month]:
    """List the months published after the base date of which the model speaks, in order."""
    published, table = _published(held), _told(figures, held)
    columns = (table[name].tolist() for name in ("date", "median", "low", "high"))
    return [
        Month(date, *published[date], model, low, high)
        for date, model, low, high in zip(*columns, strict=True)
        if date in published
    ]


def _level(t: Texts, held: Held, value: float) -> str:
    return t.number(held.shown * value, 0 if held.key == "detained" else 1)


def _gap(t: Texts, held: Held, rows: Sequence[Month]) -> str:
    mean = held.shown * sum(row.model - row.published for row in rows) / len(rows)
    if held.key == "detained":
        return t("since.people", x=t.signed(round(mean / 10) * 10))
    return t("since.points", x=t.signed(mean, 1))


def picture(t: Texts, figures: Figures, held: Held, width: int, source: str) -> str:
    """Draw the months since the base date: the model as a line and a band, what was published as dots."""
    rows = months(figures, held)
    inside = sum(row.inside for row in rows)
    title = t("since.title", name=t(f"since.name.{held.key}"), n=inside, of=len(rows), gap=_gap(t, held, rows))
    told = "; ".join(f"{row.date[:7]} {_level(t, held, row.published)} ({_level(t, held, row.model)})" for row in rows)
    frame = Frame(t, width, title, t(f"since.{held.key}"), told)
    table = _told(figures, held)
    table = table[table["date"] <= rows[-1].date]
    lines = {name: [held.shown * value for value in table[name].tolist()] for name in ("median", "low", "high")}
    dots = [held.shown * row.published for row in rows]
    low, high = min(*lines["low"], *dots), max(*lines["high"], *dots)
    step = next(step for step in _STEPS if (high - low) / step <= _TICKS)
    low, high = step * floor(low / step), step * ceil(high / step)
    left, right, top, height = 56.0, width - 16.0, frame.y + 8, 230.0

    def at(n: int, value: float) -> tuple[float, float]:
        across = (n + 0.5) / len(table)
        return left + (right - left) * across, top + height * (high - value) / (high - low)

    for n in range(round((high - low) / step) + 1):
        value = low + step * n
        frame.line((left, at(0, value)[1], right, at(0, value)[1]), RULE)
        frame.text(left - 8, at(0, value)[1] + 5, t.number(value), 13, MUTED, "end")
    dates = table["date"].tolist()
    for n, date in enumerate(dates):
        if not frame.narrow or n % 2 == 0:
            frame.text(at(n, low)[0], top + height + 20, f"{date[5:7]}/{date[:4]}", 13, MUTED, "middle")
    curves = {name: [at(n, value) for n, value in enumerate(values)] for name, values in lines.items()}
    frame.shape(joined([*curves["high"], *reversed(curves["low"])]) + " Z", LESS, opacity=0.18)
    frame.shape(joined(curves["median"]), stroke=LESS, width=2.5)
    for row in rows:
        x, y = at(dates.index(row.date), held.shown * row.published)
        frame.dot(x, y, 5, "#fff" if row.derived else INK, INK)
    frame.y = top + height + 28
    return frame.done(t("since.foot"), source)


def since_body(t: Texts, figures: Figures, source: str) -> str:
    """Return a section: how many months fell inside, each figure drawn, and a table of the months with their sources."""
    day = t.day(base_day())
    found = [(held, rows) for held in HELD if (rows := months(figures, held))]
    head = f"<h2>{escape(t('since.head'))}</h2><p>{escape(t('since.lead', day=day))}</p>"
    if not found:
        return f'<section id="since">{head}<p>{escape(t("since.none", day=day))}</p></section>'
    inside, of = sum(row.inside for _, rows in found for row in rows), sum(len(rows) for _, rows in found)
    verdict = escape(t("since.verdict.in", n=inside, of=of))
    answer = f'<div class="answer"><p class="verdict">{verdict}</p><p>{escape(t("since.note"))}</p></div>'
    parts = "".join(
        f'<section id="{held.key}">{both(partial(picture, t, figures, held, source=source), _WIDE)}'
        f"{_table(t, held, rows)}</section>"
        for held, rows in found
    )
    return f'<section id="since">{head}{answer}</section>{parts}'


def _origin(t: Texts, row: Month) -> str:
    """Where a value comes from, and how it was computed if it was."""
    if "derive" in row.series:
        return t("since.derived")
    return t("since.summed", source=row.source) if row.derived else row.source


def _table(t: Texts, held: Held, rows: Sequence[Month]) -> str:
    words = ("month", "published", "model", "span", "inside", "source")
    heads = "".join(f'<th scope="col">{escape(t(f"since.{word}"))}</th>' for word in words)
    body = "".join(
        f'<tr><th scope="row">{escape(row.date[:7])}</th>'
        + "".join(
            f"<td>{escape(cell)}</td>"
            for cell in (
                _level(t, held, row.published),
                _level(t, held, row.model),
                f"{_level(t, held, row.low)} – {_level(t, held, row.high)}",
                t("since.yes" if row.inside else "since.no"),
                _origin(t, row),
            )
        )
        + "</tr>"
        for row in rows
    )
    name = escape(t(f"since.name.{held.key}"))
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{name}"><table class="months"><thead>'
        f"<tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def since_table(figures: Figures) -> pd.DataFrame:
    """Return the months in numbers, one value a cell, in the model's unit."""
    rows = [{"figure": held.key, **row._asdict(), "inside": row.inside} for held in HELD for row in months(figures, held)]
    return pd.DataFrame(rows)
