"""Reconviction under the three causal assumptions side by side, never one alone, with what must not be claimed of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.explorer.widgets import framed, small, table
from sim.indicators.context import MEASURED
from sim.presentation import charts
from sim.presentation.formatting import Line, below_zero_text, dot, interval_text
from sim.reconviction.claims import MUST_NOT_CLAIM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.library.read import Figures, Reference
    from sim.presentation.texts import Texts

ASSUMPTIONS = ("none", "central", "all_causal")
MONTHS = (12, 24, 36, 60)


def reconviction(t: Texts, told: Reference, figures: Figures, chosen: Sequence[str]) -> None:  # noqa: ARG001 (sections are alike)
    """Draw the share reconvicted over five years, then the differences at five years."""
    figures = figures.over(MEASURED)
    st.header(t("reconviction.title"), anchor=False)
    st.markdown(t("reconviction.lead"))
    _curves(t, figures, chosen)
    for name in chosen:
        title = t.title(figures.titles[name])
        st.subheader(title, anchor=False)
        rows, lines = [], []
        for assumption in ASSUMPTIONS:
            label = t(f"assumption.{assumption}")
            line = Line({t("reconviction.assumption"): label})
            for months in MONTHS:
                figure = figures.get(name, "reconviction", _group(assumption, months))
                if figure is None:
                    continue
                change = t.change(figure.difference, "share")
                line[t("reconviction.months", n=months)] = (
                    f"{change} ({interval_text(t, figure, 'share')}) · {below_zero_text(t, figure)}"
                )
                line.numbers.append(
                    {
                        "assumption": label, "months": months, "scenario": title, "difference": figure.difference,
                        "difference_low": figure.difference_low, "difference_high": figure.difference_high,
                        "below_zero": figure.below_zero,
                    }
                )  # fmt: skip
                if months == MONTHS[-1]:
                    rows.append(dot(label, figure, change, 100))
            lines.append(line)
        if rows:
            chart = charts.intervals(t, pd.DataFrame(rows), t("reconviction.axis"))
            alt, source = t("reconviction.alt", title=title), t("reconviction.source")
            framed(t, f"recidive-{name}", chart, alt, lines, source)
    st.subheader(t("claims.title"), anchor=False)
    st.markdown("\n".join(f"- {t(f'claim.{position}')}" for position in range(1, len(MUST_NOT_CLAIM) + 1)))


def _group(assumption: str, months: int) -> str:
    return f"assumption={assumption},months={months}"


def _curves(t: Texts, figures: Figures, chosen: Sequence[str]) -> None:
    """One small chart an assumption: levels, which differ much less than they are high."""
    lines = []
    for column, assumption in zip(st.columns(len(ASSUMPTIONS)), ASSUMPTIONS, strict=True):
        points = []
        label = t(f"assumption.{assumption}")
        for name in (figures.base, *chosen):
            who = t.title(figures.titles[name])
            line = {t("reconviction.assumption"): label, t("table.scenario"): who}
            points.append({"x": 0.0, "y": 0.0, "who": who, "label": t.percent(0.0)})
            for months in MONTHS:
                figure = figures.get(name, "reconviction", _group(assumption, months))
                if figure is not None:
                    said = t.percent(figure.mean, 1)
                    points.append({"x": float(months), "y": figure.mean, "who": who, "label": said})
                    line[t("reconviction.months", n=months)] = said
            lines.append(line)
        with column:
            chart = charts.cumulative(t, pd.DataFrame(points), t("reconviction.curve_axis"), None, "", height=230, names=False)
            st.markdown(f"**{label}**")
            alt = t("reconviction.curve_alt", assumption=label)
            st.altair_chart(chart, alt=alt, width="stretch", key=f"curve-{assumption}")
    small(t("reconviction.curve_note"))
    with st.expander(t("reconviction.levels")):
        table(pd.DataFrame(lines), t("reconviction.levels"))
