"""Sources: the registry of every parameter, searchable, with its value, range, source, date and grade."""

from __future__ import annotations

import unicodedata

import pandas as pd
import streamlit as st

from sim.explorer.data import baseline
from sim.explorer.layout import texts
from sim.explorer.widgets import downloads, small, table
from sim.scenario.describe import source_table, unit_in_words

_PAGE = 25


def page() -> None:
    """Draw the page."""
    t = texts()
    world = baseline()
    leaves = world.parameters()
    st.title(t("sources.title"), anchor=False)
    rows = source_table(world, t.lang)
    counts = {kind: sum(row.kind == kind for row in rows) for kind in ("statistic", "study", "law", "assumption")}
    st.markdown(t("sources.lead", n=len(rows), **counts))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(t("sources.search"), key="q", bind="query-params", persist_state="session")
        kinds = st.multiselect(
            t("sources.grade"), list(counts), format_func=lambda kind: t(f"grade.{kind}"), key=f"kinds-{t.lang}"
        )
    registry = pd.DataFrame(
        [
            {
                t("sources.what"): leaf.label[t.lang] if (leaf := leaves[row.path]).label else row.path,
                t("sources.value"): f"{row.value} {unit_in_words(row.unit, t.lang)}".strip(),
                t("sources.range"): row.range,
                t("sources.graded"): t(f"grade.{row.kind}") + (f" ({row.hypothesis})" if row.hypothesis else ""),
                t("sources.source"): row.source + (f" {row.href}" if row.href else ""),
                t("sources.date"): row.date,
                t("sources.path"): row.path,
            }
            for row in rows
            if not kinds or row.kind in kinds
        ]
    )
    wanted = _plain(words or "")
    if len(registry):
        shown = registry[
            [all(part in _plain(" ".join(map(str, row))) for part in wanted.split()) for row in registry.to_numpy().tolist()]
        ]
    else:
        shown = registry
    small(t("sources.found", n=len(shown), all=len(rows)))
    pages = max(1, -(-len(shown) // _PAGE))
    number = st.number_input(t("sources.page", n=pages), 1, pages, 1, key=f"page-{wanted}-{len(kinds)}") if pages > 1 else 1
    table(shown.iloc[(int(number) - 1) * _PAGE : int(number) * _PAGE], t("sources.title"))
    downloads(t, "parametres", shown)
    small(t("sources.grades"))


def _plain(text: str) -> str:
    """Text without accents or capitals, to search in."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


page()
