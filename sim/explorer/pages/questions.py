"""Questions: a card for each of the first, with its finding, and every policy on one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.explorer.data import reference
from sim.explorer.drawn import address_of, drawn
from sim.explorer.layout import texts
from sim.presentation.featured import featured, ordered
from sim.presentation.question.questions_page import Asked, questions_body
from sim.presentation.texts import Texts

if TYPE_CHECKING:
    from sim.scenario.describe import Language

CARDS = 10


@st.cache_data(max_entries=4, show_spinner=False)
def _page(lang: Language, made: str) -> str:  # noqa: ARG001 (the hash tells a reference made anew)
    t, told = Texts(lang), reference()
    asked = []
    for name in ordered(told):
        row = told.scenario(name)
        title = t.title(row["title"])
        asked.append(Asked(name, title, t.title(row["question"]) if row.get("question") else title))
    return questions_body(t, told.figures, asked, featured(told, CARDS), lambda policy: address_of(policy, lang))


def page() -> None:
    """Draw the page."""
    t = texts()
    made = str(reference().manifest["files"])
    drawn(_page(t.lang, made), f"questions-{t.lang}")


page()
