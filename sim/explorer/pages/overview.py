"""Vue d'ensemble: figures without a click, and the shipped policies at one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from sim.explorer.address import unknown
from sim.explorer.data import reference
from sim.explorer.layout import page_file, texts
from sim.explorer.widgets import card, framed, small
from sim.presentation import charts
from sim.presentation.featured import featured, labels, ordered
from sim.presentation.formatting import Line, what_the_interval_holds
from sim.presentation.headlines import CARDS
from sim.presentation.published import observed_days
from sim.presentation.texts import Texts
from sim.scenario.days import day_in_figures
from sim.scenario.describe import day_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.library.read import Figures, Reference

HORIZON_YEARS = 2
"""The first screen speaks of this many years after the last published count."""


def page() -> None:
    """Draw the page."""
    t = texts()
    told = reference()
    st.title(t("overview.title"), anchor=False)
    st.html(f'<p class="lead">{_sentence(t, told)}</p>')
    st.fragment(_what_if)(t, told)
    st.header(t("overview.limits"), anchor=False)
    for position in (1, 2, 3):
        st.markdown(f"{position}. {t(f'overview.limit{position}')}")
    st.page_link(page_file("method"), label=t("overview.all_limits"), icon=":material/arrow_forward:")


def _sentence(t: Texts, told: Reference) -> str:
    last = observed_days("detenus")["day"].iloc[-1]
    months = told.figures.months(told.figures.base, "stock", "status=detained")
    wanted = last + pd.DateOffset(years=HORIZON_YEARS)
    row = months[months["day"] <= wanted].iloc[-1]
    epoch = pd.Timestamp("1970-01-01")
    day = day_in_words((row["day"] - epoch).days, t.lang)
    values = {"low": t.number(row["low"]), "high": t.number(row["high"]), "median": t.number(row["median"])}
    return t("overview.sentence", since=day_in_words((last - epoch).days, t.lang), day=day, **values)


def _what_if(t: Texts, told: Reference) -> None:
    figures = told.figures
    near_ones = featured(told)
    asked = st.query_params.get("politique", "")
    if asked and asked not in ordered(told):
        unknown(t, asked)
    options = ["", *near_ones]
    others = [name for name in ordered(told) if name not in near_ones]

    def named(name: str) -> str:
        return t("overview.today") if not name else t.title(figures.titles[name])

    place = options.index(asked) if asked in options else 0
    near, far = f"what-if-{t.lang}", f"other-{t.lang}"
    chosen = st.radio(
        t("overview.what_if"),
        options,
        index=place,
        format_func=named,
        horizontal=True,
        key=near,
        on_change=_forget,
        args=(far,),
    )
    if others:
        at = others.index(asked) + 1 if asked in others else 0
        words = {"": t("overview.no_other"), **labels(t, told, others)}
        other = st.selectbox(
            t("overview.others", n=len(others)),
            list(words),
            index=at,
            format_func=words.__getitem__,
            key=far,
            on_change=_forget,
            args=(near,),
            help=t("library.help"),
        )
        chosen = other or chosen
    if chosen:
        st.query_params["politique"] = chosen
        question = told.scenario(chosen)["question"]
        asked_by = told.scenario(chosen)["asked_by"]
        told_by = "" if not asked_by else " " + t("overview.asked_by", who=t.title(asked_by))
        st.markdown(f"*{t.title(question)}*{told_by}" if question else told_by)
    elif "politique" in st.query_params:
        del st.query_params["politique"]
    with st.grid(3, min_column_width=250, border=True):
        for outcome in CARDS:
            with st.container(gap="xsmall"):
                card(t, outcome, figures, chosen or None)
    small(what_the_interval_holds(t, figures, chosen) if chosen else _where_they_fall(t, told))
    _stock(t, told, figures, chosen)


def _where_they_fall(t: Texts, told: Reference) -> str:
    n, draws = told.manifest["replications"], told.manifest["draws"]
    return t("holds.spread_drawn", n=n, draws=draws) if draws else t("holds.spread", n=n)


def _forget(key: str) -> None:
    """Put the other control back to nothing: one policy is chosen at a time."""
    if key in st.session_state:
        st.session_state[key] = ""


def _stock(t: Texts, told: Reference, figures: Figures, chosen: str) -> None:
    st.header(t("overview.stock"), anchor=False)
    series = _series(t, figures, chosen)
    chart, spec = _chart(t.lang, chosen, told.manifest["files"]["figures.parquet"]["sha256"])
    last = series[0][1].iloc[-1]
    table = [
        Line(
            {
                t("chart.month"): t.day(_day(row)),
                "5 %": t.number(row["low"]),
                t("chart.median"): t.number(row["median"]),
                "95 %": t.number(row["high"]),
            },
            {"day": day_in_figures(_day(row), t.lang), **{key: row[key] for key in ("low", "median", "high")}},
        )
        for row in series[-1][1].iloc[::6].to_dict("records")
    ]
    alt = t("overview.stock_alt", low=t.number(last["low"]), high=t.number(last["high"]), median=t.number(last["median"]))
    framed(t, "detenus", chart, alt, table, t("overview.stock_source"), spec=spec)


def _day(row: Mapping[Any, Any]) -> int:
    return int((row["day"] - pd.Timestamp("1970-01-01")).days)


def _series(t: Texts, figures: Figures, chosen: str) -> list[tuple[str, pd.DataFrame]]:
    """Months of the base, then of the policy chosen, each with its name."""
    series = [(t("scenario.base"), figures.months(figures.base, "stock", "status=detained"))]
    if chosen:
        series.append((t.title(figures.titles[chosen]), figures.months(chosen, "stock", "status=detained")))
    return series


@st.cache_resource(max_entries=200, show_spinner=False)
def _chart(lang: str, chosen: str, figures: str) -> tuple[Any, dict[str, Any]]:  # noqa: ARG001 (a key of the cache)
    """Chart of the first screen and its specification: half a second of work, the same for everybody who looks at a policy."""
    t, told = Texts(lang), reference()
    past = observed_days("detenus")
    past = past[past["day"] >= "2018-01-01"]
    places = observed_days("places_operationnelles")
    places = pd.concat([places[places["day"] >= "2018-01-01"][["day", "value"]], _model_places(told.figures, told)])
    chart = charts.fan(t, past, places, _series(t, told.figures, chosen), pd.Timestamp(told.manifest["measure_from"]))
    return chart, chart.to_dict()


def _model_places(figures: Figures, told: Reference) -> pd.DataFrame:
    """Places the model opens, year by year, after the last published count."""
    years = figures.years(figures.base, "places")
    middle = years.assign(day=years["day"] + pd.DateOffset(months=6), value=years["mean"])
    later: pd.DataFrame = middle[middle["day"] > told.manifest["measure_from"]][["day", "value"]]
    return later


page()
