"""Méthode et limites: what the model does, how it is held against what is published, what it cannot do, a glossary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.explorer.data import observed, reference
from sim.explorer.outcomes import Outcome
from sim.explorer.parts import downloads, period_text, small, table
from sim.explorer.shell import texts

if TYPE_CHECKING:
    from sim.explorer.texts import Texts
    from sim.reference.reading import Reference

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
    held = _held(t, told)
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


def _held(t: Texts, told: Reference) -> pd.DataFrame:
    """The model's own past against what was published: last month, or last year, that both know."""
    figures = told.figures
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
        lines.append(
            {
                t("table.outcome"): t(f"outcome.{outcome.key}"),
                t("method.date"): period_text(t, row.date),
                t("method.published"): t.level(value, outcome.kind),
                t("method.model"): f"{t.level(figure.median, outcome.kind)} "
                f"({t('card.plain', low=t.level(figure.low, outcome.kind), high=t.level(figure.high, outcome.kind))})",
                t("method.gap"): t.change(figure.median - value, outcome.kind),
                t("method.inside"): t("method.yes" if inside else "method.no"),
                t("chart.source"): row.source,
            }
        )
    return pd.DataFrame(lines)


page()
