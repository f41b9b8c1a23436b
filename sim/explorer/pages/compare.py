"""Comparer: up to three policies against the baseline, always as paired differences."""

from __future__ import annotations

import streamlit as st

from sim.explorer import comparing
from sim.explorer.data import reference
from sim.explorer.note import note_html
from sim.explorer.outcomes import TABLE
from sim.explorer.parts import downloads, small, table
from sim.explorer.shell import texts
from sim.explorer.writing import difference_table, numbers_table, what_the_interval_holds

MOST = 3
"""Policies beside the baseline: beyond that a chart cannot be read."""


def page() -> None:
    """Draw the page."""
    t = texts()
    told = reference()
    figures = told.figures
    st.title(t("compare.title"), anchor=False)
    known = [name for name in figures.scenarios if name != figures.base]
    asked = [name for name in st.query_params.get_all("p") if name in known][:MOST]
    chosen = st.multiselect(
        t("compare.choose"),
        known,
        default=asked or known[:MOST],
        max_selections=MOST,
        format_func=lambda name: t.title(figures.titles[name]),
        key=f"compare-{t.lang}",
    )
    if not chosen:
        st.info(t("compare.none"))
        return
    st.query_params["p"] = chosen
    small(what_the_interval_holds(t, figures, chosen[0]))
    sections = ["table", *comparing.SECTIONS]
    section = st.radio(
        t("compare.section"),
        sections,
        format_func=lambda name: t(f"compare.section.{name}"),
        horizontal=True,
        key=f"section-{t.lang}",
    )
    if section == "table":
        st.header(t("compare.section.table"), anchor=False)
        table(difference_table(t, figures, chosen, TABLE), t("compare.title"))
        downloads(t, "comparaison", numbers_table(figures, [figures.base, *chosen], TABLE))
        note = note_html(t, figures, chosen, told.manifest)
        st.download_button(
            t("download.note"), note, file_name="note.html", mime="text/html", on_click="ignore", icon=":material/description:"
        )
        small(t("download.note_help"))
    else:
        comparing.SECTIONS[section](t, told, figures, chosen)


page()
