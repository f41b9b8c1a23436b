"""Comparer: up to three policies against the baseline, always as paired differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.explorer.address import listed, unknown
from sim.explorer.data import day_number, reference
from sim.explorer.layout import texts
from sim.explorer.sections import comparison
from sim.explorer.widgets import downloads, small, table
from sim.indicators.context import MEASURED
from sim.presentation.featured import featured, labels, ordered
from sim.presentation.formatting import difference_table, numbers_table, what_the_interval_holds
from sim.presentation.headlines import TABLE
from sim.presentation.policy_brief import note_html

if TYPE_CHECKING:
    from sim.library.read import Figures, Reference
    from sim.presentation.texts import Texts

MOST = 3
"""Policies beside the baseline: beyond that a chart cannot be read."""


def page() -> None:
    """Draw the page."""
    t = texts()
    told = reference()
    figures = told.figures
    st.title(t("compare.title"), anchor=False)
    known = ordered(told)
    wanted = st.query_params.get_all("p")
    for name in [name for name in wanted if name not in known][:MOST]:
        unknown(t, name)
    asked = [name for name in wanted if name in known][:MOST]
    named = labels(t, told, known)
    chosen = st.multiselect(
        t("compare.choose", n=len(known)),
        known,
        default=asked or featured(told, MOST),
        max_selections=MOST,
        format_func=named.__getitem__,
        key=f"compare-{t.lang}",
        help=t("library.help"),
    )
    if not chosen:
        st.info(t("compare.none"))
        return
    st.query_params["p"] = chosen
    sections = ["table", *comparison.SECTIONS]
    section = listed(
        t,
        "partie",
        t("compare.section"),
        sections,
        told=lambda name: t(f"compare.section.{name}"),
        key=f"section-{t.lang}",
        draw=st.radio,
        horizontal=True,
    )
    figures = _over_a_period(t, told, figures, section)
    small(what_the_interval_holds(t, figures, chosen[0]))
    if section == "table":
        st.header(t("compare.section.table"), anchor=False)
        table(difference_table(t, figures, chosen, TABLE), t("compare.title"))
        downloads(t, "comparaison", numbers_table(t, figures, [figures.base, *chosen], TABLE))
        note = note_html(t, figures, chosen, {**told.manifest, "period": _period(t, told, figures.period)})
        st.download_button(
            t("download.note"), note, file_name="note.html", mime="text/html", on_click="ignore", icon=":material/description:"
        )
        small(t("download.note_help"))
    else:
        comparison.SECTIONS[section](t, told, figures, chosen)


def _over_a_period(t: Texts, told: Reference, figures: Figures, section: str) -> Figures:
    """Let the reader choose the period that the section speaks of, where figures of a year are kept."""
    if section not in comparison.YEARLY:
        small(t("compare.whole_window_is", period=_period(t, told, MEASURED)))
        return figures
    periods = [MEASURED, *told.years()]
    asked = st.query_params.get("periode", MEASURED)
    if asked not in periods:
        unknown(t, asked)
    period = st.segmented_control(
        t("compare.period"),
        periods,
        default=asked if asked in periods else MEASURED,
        required=True,
        format_func=lambda name: t("compare.period.whole") if name == MEASURED else name,
        key=f"period-{t.lang}",
        help=t("compare.period_help", period=_period(t, told, MEASURED)),
    )
    if period != MEASURED:
        st.query_params["periode"] = str(period)
    elif "periode" in st.query_params:
        del st.query_params["periode"]
    return figures.over(str(period))


def _period(t: Texts, told: Reference, period: str) -> str:
    if period != MEASURED:
        return t("compare.period.year", year=period)
    begin, end = (t.day(day_number(told.manifest[key])) for key in ("measure_from", "end"))
    return t("compare.period.from_to", begin=begin, end=end)


page()
