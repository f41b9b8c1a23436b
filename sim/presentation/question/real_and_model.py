"""What came beside what the model gives for it: published months as dots, the model as a line with its band."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from sim.presentation.headlines import Outcome
from sim.presentation.published import observed_days
from sim.presentation.question.change import told
from sim.presentation.question.finding import unit_after
from sim.presentation.question.since_base import since_body
from sim.presentation.question.svg import HALF, INK, LESS, MUTED, RULE, Frame, both, fine, joined

if TYPE_CHECKING:
    from sim.library.read import Figures
    from sim.presentation.texts import Texts


class Series(NamedTuple):
    """A published monthly series and the figure of the model that stands for it."""

    published: str
    outcome: Outcome
    scale: float


MONTHLY = (
    Series("detenus", Outcome("detained", "stock", "status=detained", "people"), 1.0),
    Series("ecroues_non_detenus", Outcome("not_detained", "stock", "status=not detained", "people"), 1.0),
    Series("prevenus_detenus", Outcome("remand", "stock", "status=remand", "people"), 1.0),
    Series("densite_MA", Outcome("density", "density", "kind=MA", "density"), 0.01),
)


class Compared(NamedTuple):
    """How many published months lie inside the model's band, and the last of them."""

    months: int
    inside: int
    last_day: pd.Timestamp
    published: float
    model: float


def beside(figures: Figures, series: Series) -> pd.DataFrame:
    """Return the months that both know: ``day, value, median, low, high``, in the model's unit."""
    months = figures.months(figures.base, series.outcome.indicator, series.outcome.group)
    seen = observed_days(series.published)
    seen = seen.assign(value=seen["value"] * series.scale)[["day", "value"]]
    return months[["day", "median", "mean", "low", "high"]].merge(seen, on="day", how="inner").sort_values("day")


def compared(figures: Figures, series: Series) -> Compared | None:
    """Count the months inside the band; None where nothing can be compared."""
    rows = beside(figures, series)
    if rows.empty:
        return None
    inside = (rows["value"] >= rows["low"]) & (rows["value"] <= rows["high"])
    last = rows.iloc[-1]
    return Compared(len(rows), int(inside.sum()), last["day"], float(last["value"]), float(last["mean"]))


def picture(t: Texts, figures: Figures, series: Series, width: int, source: str) -> str:
    """Draw one series: the model's line and band over all its months, the published months as dots."""
    model = figures.months(figures.base, series.outcome.indicator, series.outcome.group)
    found = compared(figures, series)
    if found is None or model.empty:
        return ""
    name, kind = t(f"outcome.{series.outcome.key}"), series.outcome.kind
    miss = told(t, found.model - found.published, kind)
    epoch = pd.Timestamp("1970-01-01")
    title = t("chart.real.title", name=name, miss=f"{miss}{unit_after(t, kind)}", day=t.day((found.last_day - epoch).days))
    subtitle = t("chart.real.subtitle", inside=found.inside, months=found.months)
    frame = Frame(t, width, title, subtitle, f"{title}. {subtitle}")
    seen = observed_days(series.published)
    seen = seen[seen["day"] >= model["day"].min()]
    values: list[float] = (seen["value"] * series.scale).tolist()
    low, high = min(*values, float(model["low"].min())), max(*values, float(model["high"].max()))
    left, right, top, height = 56.0, width - 12.0, frame.y + 8, 220.0
    first, last = model["day"].min(), model["day"].max()
    span: int = max((last - first).days, 1)

    def x(day: pd.Timestamp) -> float:
        days: int = (day - first).days
        return left + (right - left) * days / span

    def y(value: float) -> float:
        return top + height * (1 - (value - low) / ((high - low) or 1))

    for value in (low, (low + high) / 2, high):
        frame.line((left, y(value), right, y(value)), RULE)
        frame.text(
            left - 6,
            y(value) + 5,
            t.percent(value) if kind == "density" else told(t, value, kind, sign=False),
            13,
            MUTED,
            "end",
        )
    for year in range(first.year, last.year + 1):
        day = pd.Timestamp(year, 1, 1)
        if day >= first and (not frame.narrow or year % 2 == 0):
            frame.text(x(day), top + height + 20, str(year), 13, MUTED, "middle")
    days = list(model["day"])
    band = [(x(day), y(value)) for day, value in zip(days, model["high"], strict=True)]
    band += [(x(day), y(value)) for day, value in zip(reversed(days), reversed(list(model["low"])), strict=True)]
    frame.shape(joined(band) + " Z", LESS, opacity=0.18)
    frame.shape(joined([(x(day), y(value)) for day, value in zip(days, model["mean"], strict=True)]), stroke=LESS, width=2)
    for day, value in zip(seen["day"], values, strict=True):
        if day <= last:
            frame.dot(x(day), y(value), 2.4, INK)
    frame.y = top + height + 30
    return frame.done(t("chart.real.note"), source)


def real_body(t: Texts, figures: Figures, source: str) -> str:
    """Return the page of what came beside what the model gives, without its head."""
    drawn = (both(partial(picture, t, figures, series, source=source), HALF) for series in MONTHLY if compared(figures, series))
    parts = [f"<div>{each}</div>" for each in drawn]
    body = (
        f'<div class="wrap"><section class="top"><p class="kicker">{escape(t("real.kicker"))}</p>'
        f"<h1>{escape(t('real.head'))}</h1><p>{escape(t('real.body'))}</p></section>{since_body(t, figures, source)}"
        f'<section class="last"><div class="two">{"".join(parts)}</div></section></div>'
    )
    return fine(body, t.lang)
