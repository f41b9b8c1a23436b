"""Une vie: one simulated person through the system, and the same person under a policy."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.explorer.data import reference
from sim.explorer.layout import texts
from sim.explorer.widgets import downloads, small
from sim.library.lives import KINDS
from sim.presentation.life_story import legal_dates, moments, portrait
from sim.scenario.days import day_in_figures

if TYPE_CHECKING:
    from sim.library.read import Reference
    from sim.presentation.texts import Texts


def page() -> None:
    """Draw the page."""
    t = texts()
    told = reference()
    st.title(t("life.title"), anchor=False)
    st.warning(t("life.nobody"), icon=":material/person_off:")
    people = told.table("people")
    kinds = [kind for kind in KINDS if (people["kind"] == kind).any()]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(t("life.kind"), kinds, format_func=lambda key: t(f"life.kind.{key}"), key=f"kind-{t.lang}")
        rows = people[people["kind"] == kind].reset_index(drop=True)
        number = st.selectbox(
            t("life.person"), list(rows.index), format_func=lambda n: t("life.number", n=int(n) + 1), key=f"person-{kind}"
        )
    row = rows.iloc[int(number)]
    person = int(row["person"])
    figures = told.figures
    others = [name for name in figures.scenarios if name != figures.base]
    default = others.index(row["policy"]) + 1 if row["policy"] in others else 0
    beside = st.selectbox(
        t("life.beside"),
        ["", *others],
        index=default,
        format_func=lambda name: t.title(figures.titles[name]) if name else t("life.alone"),
        key=f"beside-{t.lang}-{kind}-{number}",
    )
    names = [figures.base, beside] if beside else [figures.base]
    for column, name in zip(st.columns(len(names), gap="large"), names, strict=True):
        with column:
            _life(t, told, name, person)
    if beside:
        small(t("life.same"))


def _life(t: Texts, told: Reference, scenario: str, person: int) -> None:
    st.header(t.title(told.figures.titles[scenario]), anchor=False)
    events, exits = (_of(told.table(name), scenario, person) for name in ("lives", "portraits"))
    st.markdown(portrait(t, exits))
    steps = moments(t, events, told.codebook, told.manifest["start"]) + legal_dates(t, exits)
    steps.sort(key=lambda step: (step.day, step.legal))
    items = "".join(
        f'<li class="{"law" if step.legal else "met"}"><span class="when">{html.escape(t.day(step.day))}</span>'
        f"{html.escape(step.text)}</li>"
        for step in steps
    )
    st.html(f'<ul class="timeline">{items}</ul>')
    small(t("life.legend"))
    table = pd.DataFrame([{"day": day_in_figures(step.day, t.lang), "event": step.text} for step in steps])
    downloads(t, f"vie-{scenario}-{person}", table)


def _of(frame: pd.DataFrame, scenario: str, person: int) -> pd.DataFrame:
    return frame[(frame["scenario"] == scenario) & (frame["person"] == person)]


page()
