"""Établissements: establishments as last published, map without background and table that sorts; interregions as simulated."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.explorer.address import listed
from sim.explorer.data import day_number, establishments, reference
from sim.explorer.layout import texts
from sim.explorer.widgets import downloads, small, table
from sim.presentation import charts

if TYPE_CHECKING:
    from sim.library.read import Figure, Reference
    from sim.presentation.texts import Texts

EVERY = "tous"
"""Of the address: no establishment in particular."""
_MAINLAND = {"latitude": (41.0, 51.5), "longitude": (-5.5, 10.0)}


def page() -> None:
    """Draw the page. Establishments are as published: the model does not beat the last map (docs/map_check.md)."""
    t = texts()
    told = reference()
    figures = told.figures
    st.title(t("sites.title"), anchor=False)
    st.markdown(t("sites.lead"))
    day, rows = establishments()
    rows = rows.sort_values("density", ascending=False)
    _mine(t, rows)
    left, right = st.columns([1, 1], gap="large")
    with left:
        st.header(t("sites.map", date=t.day(day_number(day))), anchor=False)
        inside = rows["latitude"].between(*_MAINLAND["latitude"]) & rows["longitude"].between(*_MAINLAND["longitude"])
        held, density = rows[inside]["held"], rows[inside]["density"]
        labels = [t("sites.label", held=t.number(h), density=t.percent(d)) for h, d in zip(held, density, strict=True)]
        drawn = rows[inside].assign(label=labels)
        worst = rows.dropna(subset=["density"]).nlargest(3, "density")
        said = ", ".join(f"{row['site']} ({t.percent(row['density'])})" for row in worst.to_dict("records"))
        st.altair_chart(charts.places(t, drawn, t("sites.density")), alt=t("sites.alt", said=said), width="stretch", key="map")
        small(t("sites.map_source", n=int((~inside).sum())))
    with right:
        st.header(t("sites.regions"), anchor=False)
        name = listed(
            t,
            "politique",
            t("sites.scenario"),
            list(figures.scenarios),
            told=lambda key: t.title(figures.titles[key]),
            key=f"sites-{t.lang}",
        )
        _regions(t, told, name)
    st.header(t("sites.table"), anchor=False)
    st.markdown(t("sites.caution"))
    shown = _sorted(t, _table(t, rows))
    small(t("sites.table_help"))
    percent = st.column_config.NumberColumn(format="percent")
    st.dataframe(shown, hide_index=True, column_config={t("sites.density"): percent}, height=420, alt=t("sites.table"))
    downloads(t, f"etablissements-{day}", rows)


def _mine(t: Texts, rows: pd.DataFrame) -> None:
    """Find one establishment by its name: its row, and an address to give."""
    known = rows.dropna(subset=["site_id"]).sort_values("site")
    names = dict(zip(known["site_id"].astype(str), known["site"], strict=True))
    chosen = listed(
        t,
        "etablissement",
        t("sites.find"),
        [EVERY, *names],
        told=lambda key: names.get(key, t("sites.every")),
        key=f"site-{t.lang}",
    )
    if chosen != EVERY:
        shown = _table(t, known[known["site_id"].astype(str) == chosen])
        shares = {t("sites.density")}
        words = {column: shown[column].map(lambda value, share=column in shares: _value(t, value, share)) for column in shown}
        table(pd.DataFrame(words), t("sites.find"))


def _value(t: Texts, value: object, share: bool) -> str:  # noqa: FBT001 (a formatter)
    if not isinstance(value, int | float):
        return str(value)
    if isnan(value):
        return "–"
    return t.percent(float(value)) if share else t.number(float(value))


def _table(t: Texts, rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            t("sites.site"): rows["site"],
            t("sites.region"): rows["interregion"],
            t("sites.held"): rows["held"].round(),
            t("sites.density"): rows["density"].round(2),
            t("sites.over"): (rows["held"] - rows["places"]).clip(lower=0),
        }
    )


def _sorted(t: Texts, shown: pd.DataFrame) -> pd.DataFrame:
    """Sort by a column that is chosen: headers of a drawn table are not reached by keyboard."""
    columns = list(shown.columns)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(t("sites.sort"), columns, index=columns.index(t("sites.density")), key=f"sort-{t.lang}")
        down = st.toggle(t("sites.down"), value=True, key="sort-down")
    return shown.sort_values(str(chosen), ascending=not down, kind="stable", na_position="last")


def _regions(t: Texts, told: Reference, name: str) -> None:
    figures = told.figures
    lines = []
    for region in told.codebook.interregions:
        group = f"interregion={region}"
        dry, wait, load = (
            figures.get(name, indicator, group) for indicator in ("dry_rate_exits", "hearing_wait_mean", "caseload")
        )
        if dry is None:
            continue
        lines.append(
            {
                t("sites.region"): region,
                t("sites.dry"): _with_interval(t, dry, "share"),
                t("sites.wait"): "–" if wait is None else _with_interval(t, wait, "days"),
                t("sites.load"): "–" if load is None else t.number(load.mean, 0),
            }
        )
    table(pd.DataFrame(lines), t("sites.regions"))


def _with_interval(t: Texts, figure: Figure, kind: str) -> str:
    """A level and its interval: alone it would be taken for a ranking of courts."""
    low, high = t.level(figure.mean_low, kind), t.level(figure.mean_high, kind)
    return f"{t.level(figure.mean, kind)} ({t('card.plain', low=low, high=high)})"


page()
