"""Pieces of pages: cards, differences in words, a chart with its table, source and downloads."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from sim.experiments.export import to_csv
from sim.presentation.formatting import in_numbers, interval_text, png, svg, verdict_text
from sim.presentation.headings import in_french
from sim.presentation.published import observed, period_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.library.read import Figures
    from sim.presentation.formatting import Line
    from sim.presentation.headlines import Outcome
    from sim.presentation.texts import Texts

_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


def small(text: str) -> None:
    """Write a line of small, legible text (Streamlit's captions are too pale)."""
    st.html(f'<p class="small">{text}</p>')


def duration(t: Texts, seconds: float) -> str:
    """Write a duration to the second, or from a minute and a half to the minute."""
    return t("time.seconds", n=t.number(seconds)) if seconds < 90 else t("time.minutes", n=t.number(seconds / 60))


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


def framed(
    t: Texts,
    name: str,
    chart: Any,
    alt: str,
    lines: Sequence[Line],
    source: str,
    spec: dict[str, Any] | None = None,
) -> None:
    """Draw a chart (from its specification, if that is at hand), and under it its table, its source and its downloads.

    ``lines`` is what people read; what they download is the same in numbers, one value a cell.
    """
    if spec is None:
        st.altair_chart(chart, alt=alt, width="stretch", key=f"chart-{name}")
    else:
        st.vega_lite_chart(spec=spec, alt=alt, width="stretch", key=f"chart-{name}")
    with st.expander(t("frame.more")):
        table(pd.DataFrame(lines), alt)
        small(source)
        downloads(t, name, in_numbers(lines), chart)


def downloads(t: Texts, name: str, rows: pd.DataFrame, chart: Any | None = None) -> None:
    """Offer a table as CSV and French CSV, and a chart as SVG and PNG; each is made only when asked for.

    Headings are French in the French CSV and on a page in French; in English they are the names of the columns.
    """
    headed = in_french(rows) if t.lang == "fr" else rows
    buttons: list[tuple[str, str, str, Any]] = [
        (t("download.csv"), f"{name}.csv", "text/csv", lambda: to_csv(headed)),
        (t("download.excel"), f"{name}-excel.csv", "text/csv", lambda: to_csv(in_french(rows), french=True)),
    ]
    if chart is not None:
        buttons += [
            (t("download.svg"), f"{name}.svg", "image/svg+xml", lambda: svg(t, chart).encode()),
            (t("download.png"), f"{name}.png", "image/png", lambda: png(t, chart)),
        ]
    with st.container(horizontal=True):
        for label, file, mime, make in buttons:
            st.download_button(label, make, file_name=file, mime=mime, on_click="ignore", key=f"download-{file}")
