"""Pieces of pages: cards, differences in words, a chart with its table, source and downloads."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.experiments.export import to_csv
from sim.explorer.data import observed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sim.explorer.outcomes import Outcome
    from sim.explorer.texts import Texts
    from sim.reference.reading import Figure, Figures

_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
ARROWS = {"lower": "↓", "higher": "↑", "unclear": "→", "nothing": "=", "unknown": "?"}


def small(text: str) -> None:
    """Write a line of small, legible text (Streamlit's captions are too pale)."""
    st.html(f'<p class="small">{text}</p>')


def table(frame: pd.DataFrame, label: str) -> None:
    """Show a table as text: it can be read aloud, selected and, where the screen is narrow, scrolled by keyboard."""
    head = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in frame.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(str(value))}</td>" for value in row) + "</tr>" for row in frame.to_numpy().tolist()
    )
    st.html(
        f'<div class="scroll" role="region" tabindex="0" aria-label="{html.escape(label, quote=True)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(text: str) -> str:
    """Text of a cell, its addresses made links."""
    return _ADDRESS.sub(lambda found: f'<a href="{found[0]}" rel="noopener">{found[0]}</a>', html.escape(text))


def interval_text(t: Texts, figure: Figure, kind: str) -> str:
    """Interval of a difference, in words: ``de −40 à −12``."""
    low, high = t.bare_change(figure.difference_low, kind), t.bare_change(figure.difference_high, kind)
    return t("interval.difference", low=low, high=high)


def verdict_text(t: Texts, figure: Figure) -> str:
    """What can be said of a difference, in words."""
    return f"{ARROWS[figure.verdict]} {t('verdict.' + figure.verdict)}"


def card(t: Texts, outcome: Outcome, figures: Figures, policy: str | None) -> None:
    """Show one outcome: its level, its interval, the difference a policy makes, the last published value."""
    shown = figures.get(policy or figures.base, outcome.indicator, outcome.group)
    if shown is None:
        st.metric(t(f"outcome.{outcome.key}"), "–")
        small(t("card.nobody"))
        return
    delta = None if policy is None else t.change(shown.difference, outcome.kind)
    st.metric(
        t(f"outcome.{outcome.key}"),
        t.level(shown.mean, outcome.kind),
        delta=delta,
        delta_color="off",
        delta_arrow="off",
        delta_description=None if policy is None else t("card.against_base"),
        help=t(f"outcome.{outcome.key}.help"),
    )
    if policy is None:
        low, high = t.level(shown.low, outcome.kind), t.level(shown.high, outcome.kind)
        small(t("card.spread", low=low, high=high))
        small(published_text(t, outcome))
    else:
        small(f"{interval_text(t, shown, outcome.kind)}. <span class='verdict'>{verdict_text(t, shown)}</span>")


def published_text(t: Texts, outcome: Outcome) -> str:
    """Last published value beside a figure of the model, with its date and where it was published."""
    if not outcome.published:
        return (
            t("card.not_published") if not t.has(f"outcome.{outcome.key}.published") else t(f"outcome.{outcome.key}.published")
        )
    rows = observed(outcome.published)
    last = rows[-1]
    value = html.escape(t.level(last.value * outcome.scale, outcome.kind))
    return t("card.published", value=value, date=period_text(t, last.date), source=html.escape(last.source))


def period_text(t: Texts, text: str) -> str:
    """Write a published date (year, month or day) in words."""
    if len(text) == len("2025-10-01"):
        from sim.dates import parse_day  # noqa: PLC0415

        return t.day(parse_day(text))
    return text


def difference_table(t: Texts, figures: Figures, policies: Sequence[str], outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Table of differences in words, one line for each outcome: what people read and download."""
    import pandas as pd  # noqa: PLC0415

    return pd.DataFrame(
        [
            difference_line(t, figures, policies, t(f"outcome.{outcome.key}"), outcome)
            for outcome in outcomes
            if figures.get(figures.base, outcome.indicator, outcome.group) is not None
        ]
    )


def difference_line(t: Texts, figures: Figures, policies: Sequence[str], label: str, outcome: Outcome) -> dict[str, str]:
    """One line of such a table, under another name."""
    base = figures.get(figures.base, outcome.indicator, outcome.group)
    line = {t("table.outcome"): label, t("table.base"): "–" if base is None else t.level(base.mean, outcome.kind)}
    for name in policies:
        figure = figures.get(name, outcome.indicator, outcome.group)
        title = t.title(figures.titles[name])
        if figure is None:
            line[title] = "–"
        else:
            change = t.change(figure.difference, outcome.kind)
            line[title] = f"{change} ({interval_text(t, figure, outcome.kind)}) · {verdict_text(t, figure)}"
    return line


def dot(name: str, figure: Figure, label: str, factor: float) -> dict[str, object]:
    """One row of a chart of differences (:func:`sim.explorer.charts.intervals`)."""
    return {
        "name": name,
        "difference": figure.difference * factor,
        "low": figure.difference_low * factor,
        "high": figure.difference_high * factor,
        "label": label,
    }


def dots(t: Texts, figures: Figures, names: Sequence[str], outcomes: Sequence[tuple[str, Outcome]]) -> pd.DataFrame:
    """Rows of a chart of levels (:func:`sim.explorer.charts.grouped`): each outcome under its label, for each scenario."""
    import pandas as pd  # noqa: PLC0415

    rows = []
    for label, outcome in outcomes:
        for name in names:
            figure = figures.get(name, outcome.indicator, outcome.group)
            if figure is not None:
                rows.append(
                    {
                        "what": label,
                        "who": t.title(figures.titles[name]),
                        "value": figure.mean,
                        "low": figure.low,
                        "high": figure.high,
                        "label": t.level(figure.mean, outcome.kind),
                    }
                )
    return pd.DataFrame(rows)


def numbers_table(figures: Figures, names: Sequence[str], outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """The same in numbers, for other programs."""
    import pandas as pd  # noqa: PLC0415

    rows = []
    for name in names:
        for outcome in outcomes:
            figure = figures.get(name, outcome.indicator, outcome.group)
            if figure is not None:
                rows.append({"scenario": name, "indicator": outcome.indicator, "group": outcome.group, **figure._asdict()})
    return pd.DataFrame(rows)


def framed(
    t: Texts,
    name: str,
    chart: Any,
    alt: str,
    rows: pd.DataFrame,
    source: str,
    numbers: pd.DataFrame | None = None,
) -> None:
    """Draw a chart, and under it its table, its source and its downloads."""
    st.altair_chart(chart, alt=alt, width="stretch", key=f"chart-{name}")
    with st.expander(t("frame.more")):
        table(rows, alt)
        small(source)
        downloads(t, name, rows if numbers is None else numbers, chart)


def downloads(t: Texts, name: str, rows: pd.DataFrame, chart: Any | None = None) -> None:
    """Offer a table as CSV and French CSV, and a chart as SVG and PNG; each is made only when asked for."""
    buttons: list[tuple[str, str, str, Any]] = [
        (t("download.csv"), f"{name}.csv", "text/csv", lambda: to_csv(rows)),
        (t("download.excel"), f"{name}-excel.csv", "text/csv", lambda: to_csv(rows, french=True)),
    ]
    if chart is not None:
        buttons += [
            (t("download.svg"), f"{name}.svg", "image/svg+xml", lambda: svg(t, chart).encode()),
            (t("download.png"), f"{name}.png", "image/png", lambda: png(t, chart)),
        ]
    with st.container(horizontal=True):
        for label, file, mime, make in buttons:
            st.download_button(label, make, file_name=file, mime=mime, on_click="ignore", key=f"download-{file}")


def svg(t: Texts, chart: Any) -> str:
    """Return a chart as the text of an SVG image."""
    import vl_convert  # noqa: PLC0415 (30 MB of a browser's engine: only exports need it)

    drawn: str = vl_convert.vegalite_to_svg(_sized(chart), **_locales(t))
    return drawn


def png(t: Texts, chart: Any) -> bytes:
    """Return a chart as a PNG image."""
    import vl_convert  # noqa: PLC0415

    drawn: bytes = vl_convert.vegalite_to_png(_sized(chart), scale=2, **_locales(t))
    return drawn


def _sized(chart: Any) -> dict[str, Any]:
    plain: dict[str, Any] = chart.to_dict()
    plain["width"] = 760
    plain["background"] = "white"
    plain.setdefault("config", {}).pop("locale", None)
    return plain


def _locales(t: Texts) -> Mapping[str, Any]:
    from sim.explorer.texts import VEGA_FR  # noqa: PLC0415

    return {"format_locale": VEGA_FR["number"], "time_format_locale": VEGA_FR["time"]} if t.lang == "fr" else {}


def what_the_interval_holds(t: Texts, figures: Figures, name: str) -> str:
    """Say what the intervals of differences hold, and what they leave out."""
    figure = figures.get(name, "dry_rate_exits")
    if figure is None:
        return t("holds.chance", n=0)
    return t("holds.both" if figure.holds == "both" else "holds.chance", n=figure.n)
