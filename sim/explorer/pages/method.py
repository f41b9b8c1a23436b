"""Méthode et limites: what the model does, how it is held against what is published, what it cannot do, a glossary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from sim.explorer.data import reference
from sim.explorer.layout import texts
from sim.explorer.widgets import downloads, framed, small, table
from sim.presentation import calibration_summary
from sim.presentation.formatting import in_numbers
from sim.presentation.published import held_against

if TYPE_CHECKING:
    from sim.presentation.texts import Texts


def page() -> None:
    """Draw the page."""
    t = texts()
    told = reference()
    st.title(t("method.title"), anchor=False)
    st.markdown(t("method.lead"))
    st.header(t("method.how"), anchor=False)
    with st.container(key="diagram"):  # on a narrow screen its letters are too small: the list below takes its place
        st.mermaid_chart(t("method.diagram"), alt=t("method.diagram_alt"))
    with st.container(key="diagram-list"):
        st.markdown(t("method.diagram_list"))
    st.markdown(t("method.rules"))
    st.header(t("method.held"), anchor=False)
    st.markdown(t("method.held_lead"))
    held = held_against(t, told.figures)
    table(pd.DataFrame(held), t("method.held"))
    small(t("method.held_source"))
    downloads(t, "validation", in_numbers(held))
    if told.validation is not None:
        _fitted(t, told.validation)
    st.header(t("method.interval"), anchor=False)
    st.markdown(t("method.interval_text"))
    st.header(t("method.cannot"), anchor=False)
    st.markdown(t("method.cannot_text"))
    st.header(t("method.card"), anchor=False)
    st.markdown(t("method.card_text"))
    st.header(t("method.glossary"), anchor=False)
    st.markdown(t("method.glossary_text"))
    st.header(t("method.access"), anchor=False)
    st.markdown(t("method.access_text"))


def _fitted(t: Texts, validation: dict[str, Any]) -> None:
    """Draw what the calibration found: every published figure, what moves the headlines, errors of forecasts."""
    st.subheader(t("method.fitted"), anchor=False)
    st.markdown(t("method.fitted_lead") + " " + calibration_summary.counted(t, validation))
    rows = calibration_summary.targets_table(t, validation)
    with st.expander(t("method.fitted_all", n=len(rows))):
        table(pd.DataFrame(rows), t("method.fitted"))
        downloads(t, "targets", in_numbers(rows))
    if validation["forecasts"]:
        st.subheader(t("method.forecasts"), anchor=False)
        st.markdown(t("method.forecasts_lead"))
        table(calibration_summary.forecasts_table(t, validation), t("method.forecasts"))
    if validation["tornado"]:
        st.subheader(t("method.moves"), anchor=False)
        st.markdown(t("method.moves_lead"))
        names = {row["target"]: row[t.lang] for row in validation["rows"]}
        known = [headline for headline in calibration_summary.HEADLINES if headline in validation["tornado"]]
        for tab, headline in zip(st.tabs([names[headline] for headline in known]), known, strict=True):
            found = calibration_summary.reach(t, validation, headline)
            if found is not None:
                chart, alt, lines = found
                with tab:
                    framed(t, f"reach-{headline}", chart, alt, lines, t("method.moves_source"))
                    missing = calibration_summary.worth(t, validation, headline)
                    if len(missing):
                        st.markdown(t("method.worth_lead"))
                        table(missing, t("method.worth_lead"))


page()
