"""Pages drawn as HTML and SVG by :mod:`sim.presentation.question`: one string to the browser, no chart library.

``st.html`` takes inline SVG away; a component keeps it, without a frame around. What goes in is ours, and every label of it is
escaped where it is drawn.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

import sim.presentation

_ASSETS = Path(sim.presentation.__file__).parent / "assets"
_SHOW = """
export default function({ data, parentElement }) {
  const place = parentElement.querySelector(".sortie");
  if (place.dataset.shown !== data.key) { place.innerHTML = data.html; place.dataset.shown = data.key; }
  place.onclick = event => {
    const link = event.target.closest("a");
    const address = link && link.getAttribute("href");
    if (!address || !address.startsWith("#")) return;
    event.preventDefault();
    const part = place.querySelector(address);
    if (part) part.scrollIntoView({ behavior: "smooth" });
  };
}
"""
"""Only anchors are followed here. A link to another page is the browser's own: its history then has one line a page, which a
change of page by the server does not give (measured: two)."""


@cache
def style() -> str:
    """Return the style sheet of questions, kept to them: nested, so that Streamlit's own elements are left alone."""
    tokens, page = ((_ASSETS / name).read_text(encoding="utf-8") for name in ("tokens.css", "page.css"))
    own = (
        ".sortie { font: 400 17px/1.5 var(--sans); color: var(--ink); } .sortie .wrap { padding: 0; max-width: none; }"
        ".sortie :is(.hero, section.top) { padding-top: var(--s2); }"
    )
    return f"{tokens}\n.sortie {{ {page} }}\n{own} .sortie .solid .wrap {{ padding: 0 var(--s4); }}"


@cache
def _component() -> Any:
    return st.components.v2.component("sortie.drawn", html='<div class="sortie"></div>', js=_SHOW, isolate_styles=False)


def address_of(policy: str, lang: str) -> str:
    """Address of the page of a question, from any page."""
    return f"question?politique={policy}" + ("" if lang == "fr" else f"&lang={lang}")


def drawn(html: str, key: str) -> None:
    """Show a page."""
    st.html(f"<style>{style()}</style>")
    _component()(data={"html": html, "key": key}, key=f"drawn-{key}")
