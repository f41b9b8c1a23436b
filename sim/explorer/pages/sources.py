"""Sources: the registry of every parameter, searchable, with its value, range, source, date and grade."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.explorer.data import baseline
from sim.explorer.layout import texts
from sim.explorer.widgets import downloads, small, table
from sim.scenario.days import day_in_figures
from sim.scenario.describe import source_table, unit_in_words
from sim.scenario.values import ALWAYS

if TYPE_CHECKING:
    from sim.presentation.texts import Texts
    from sim.scenario import Scenario
    from sim.scenario.sourced import Sourced

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
    downloads(t, "parametres", _numbers(t, world, set(shown[t("sources.path")])) if len(shown) else shown)
    small(t("sources.grades"))


def _numbers(t: Texts, world: Scenario, paths: set[str]) -> pd.DataFrame:
    """What is downloaded: one row an entry and a day, with its own range, so that each cell holds one value."""
    rows: list[dict[str, object]] = []
    for row in source_table(world, t.lang):
        leaf = world.leaves[row.path]
        if row.path not in paths:
            continue
        label = leaf.label[t.lang] if leaf.label else row.path
        about: dict[str, object] = {
            "unit": unit_in_words(row.unit, t.lang) or row.unit,
            "kind": t(f"grade.{row.kind}"),
            "source": row.source,
        }
        for day, value in zip(leaf.timeline.days, leaf.timeline.values, strict=True):
            since = "" if day == ALWAYS else day_in_figures(day, t.lang)
            for entry, number in _entries(value).items():
                one: dict[str, object] = {"path": row.path, "name": label, "entry": entry, "since": since, "value": number}
                rows.append({**one, **_ends(leaf, entry), **about, "assumption": row.hypothesis, "date": row.date})
    return pd.DataFrame(rows)


def _entries(value: object) -> dict[str, object]:
    if isinstance(value, dict):
        return dict(value)
    return {str(at): item for at, item in enumerate(value, start=1)} if isinstance(value, tuple | list) else {"": value}


def _ends(leaf: Sourced, entry: str) -> dict[str, object]:
    found = leaf.range.get(entry) if isinstance(leaf.range, dict) else leaf.range
    low, high = found or (None, None)
    return {"range_low": low, "range_high": high, "range_is": leaf.range_is if found else ""}


def _plain(text: str) -> str:
    """Text without accents or capitals, to search in."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


page()
