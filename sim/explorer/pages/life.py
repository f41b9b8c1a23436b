"""Une vie: one simulated person through the system, and the same person under a policy."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.explorer.address import listed
from sim.explorer.data import reference
from sim.explorer.layout import texts
from sim.explorer.widgets import downloads, small
from sim.library.lives import KINDS
from sim.presentation.life_story import legal_dates, moments, portrait
from sim.scenario.days import day_in_figures

if TYPE_CHECKING:
    from sim.library.read import Reference
    from sim.presentation.life_story import Moment
    from sim.presentation.texts import Texts

ALONE = "seule"
"""Of the address: the person without a policy beside."""
TYPICAL = "no_file"
"""The commonest way to lose the race; shown first."""


def page() -> None:
    """Draw the page."""
    t = texts()
    told = reference()
    st.title(t("life.title"), anchor=False)
    st.warning(t("life.nobody"), icon=":material/person_off:")
    people = told.table("people")
    kinds = [kind for kind in KINDS if (people["kind"] == kind).any()]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = listed(
            t, "parcours", t("life.kind"), kinds, told=lambda key: t(f"life.kind.{key}"), key=f"kind-{t.lang}",
            default=TYPICAL if TYPICAL in kinds else None,
        )  # fmt: skip
        rows = people[people["kind"] == kind].reset_index(drop=True)
        numbers = [str(n + 1) for n in rows.index]
        number = listed(
            t, "personne", t("life.person"), numbers, told=lambda n: t("life.number", n=n), key=f"person-{kind}-{t.lang}"
        )
    row = rows.iloc[int(number) - 1]
    person = int(row["person"])
    figures = told.figures
    others = [name for name in figures.scenarios if name != figures.base]
    beside = listed(
        t,
        "avec",
        t("life.beside"),
        [ALONE, *others],
        told=lambda name: t("life.alone") if name == ALONE else t.title(figures.titles[name]),
        key=f"beside-{t.lang}-{kind}-{number}",
        default=row["policy"] if row["policy"] in others else None,
    )
    names = [figures.base] if beside == ALONE else [figures.base, beside]
    for column, name in zip(st.columns(len(names), gap="large"), names, strict=True):
        with column:
            _life(t, told, name, person)
    if beside != ALONE:
        small(t("life.same"))


def _life(t: Texts, told: Reference, scenario: str, person: int) -> None:
    st.header(t.title(told.figures.titles[scenario]), anchor=False)
    events, exits = (_of(told.table(name), scenario, person) for name in ("lives", "portraits"))
    st.markdown(portrait(t, exits))
    steps = moments(t, events, told.codebook, told.manifest["start"]) + legal_dates(t, exits)
    steps.sort(key=lambda step: (step.day, step.legal))
    items = "".join(
        f'<li class="{_sort(t, step)}"><span class="when">{html.escape(t.day(step.day))}</span>{html.escape(step.text)}</li>'
        for step in steps
    )
    st.html(f'<ul class="timeline">{items}</ul>')
    small(t("life.legend"))
    table = pd.DataFrame([{"day": day_in_figures(step.day, t.lang), "event": step.text} for step in steps])
    downloads(t, f"vie-{scenario}-{person}", table)


def _sort(t: Texts, step: Moment) -> str:
    """Class of a line: a day that the law sets, the moment at which the race was lost, or what happens."""
    return "law" if step.legal else "lost" if step.text.endswith(t("event.lost")) else "met"


def _of(frame: pd.DataFrame, scenario: str, person: int) -> pd.DataFrame:
    return frame[(frame["scenario"] == scenario) & (frame["person"] == person)]


page()
