"""Réel contre modèle: published months beside what the model gives for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.explorer.data import reference
from sim.explorer.drawn import drawn
from sim.explorer.layout import texts
from sim.presentation.question.real_and_model import real_body
from sim.presentation.texts import Texts

if TYPE_CHECKING:
    from sim.scenario.describe import Language


@st.cache_data(max_entries=4, show_spinner=False)
def _page(lang: Language, made: str) -> str:  # noqa: ARG001 (the hash tells a reference made anew)
    t, told = Texts(lang), reference()
    return real_body(t, told.figures, t("picture.source", version=told.manifest["version"]))


def page() -> None:
    """Draw the page."""
    t = texts()
    drawn(_page(t.lang, str(reference().manifest["files"])), f"real-{t.lang}")


page()
