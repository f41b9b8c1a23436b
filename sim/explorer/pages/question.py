"""One question: what a policy changes, why, who, how much, and what would overturn it. Its address names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.explorer.address import unknown
from sim.explorer.data import reference
from sim.explorer.drawn import drawn
from sim.explorer.layout import page_file, texts
from sim.explorer.widgets import downloads
from sim.presentation.featured import featured, labels, ordered
from sim.presentation.formatting import numbers_table
from sim.presentation.headlines import TABLE
from sim.presentation.policy_brief import note_html
from sim.presentation.question.question_page import question_body
from sim.presentation.question.shown import changes_in_words, of_reference
from sim.presentation.texts import Texts

if TYPE_CHECKING:
    from sim.library.read import Reference
    from sim.scenario.describe import Language


@st.cache_data(max_entries=128, show_spinner=False)
def _page(policy: str, lang: Language, made: str) -> str:  # noqa: ARG001 (the hash tells a reference made anew)
    t = Texts(lang)
    return question_body(of_reference(t, reference(), policy, changes_in_words(policy, lang)))


def page() -> None:
    """Draw the page."""
    t, told = texts(), reference()
    known = ordered(told)
    asked = st.query_params.get("politique", "")
    if asked and asked not in known:
        unknown(t, asked)
    shown = asked if asked in known else featured(told, 1)[0]
    row = told.scenario(shown)
    st.set_page_config(page_title=f"{t.title(row['question'] or row['title'])} · sortie")
    drawn(_page(shown, t.lang, str(told.manifest["files"])), f"question-{shown}-{t.lang}")
    _more(t, told, shown)


def _more(t: Texts, told: Reference, shown: str) -> None:
    """Offer what can be taken away, and the other questions."""
    files, others = st.columns([1, 1], gap="large")
    with files:
        downloads(t, shown, numbers_table(t, told.figures, [told.figures.base, shown], TABLE))
        st.download_button(
            t("download.note"),
            note_html(t, told.figures, [shown], told.manifest),
            file_name="note.html",
            mime="text/html",
            on_click="ignore",
            icon=":material/description:",
        )
        st.page_link(
            page_file("compare"), label=t("question.compare"), query_params={"p": shown}, icon=":material/compare_arrows:"
        )
    known = ordered(told)
    with others:
        named = labels(t, told, known)
        chosen = st.selectbox(
            t("question.other"),
            known,
            index=known.index(shown),
            format_func=named.__getitem__,
            key=f"other-question-{t.lang}-{shown}",
        )
    if chosen != shown:
        st.query_params["politique"] = chosen
        st.rerun()


page()
