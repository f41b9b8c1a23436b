"""Méthode et limites: what the model does, how it is held against what is published, what it cannot do, a glossary."""

from __future__ import annotations

import streamlit as st

from sim.explorer.data import reference
from sim.explorer.parts import downloads, small, table
from sim.explorer.published import held_against
from sim.explorer.shell import texts


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
    table(held, t("method.held"))
    small(t("method.held_source"))
    downloads(t, "validation", held)
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


page()
