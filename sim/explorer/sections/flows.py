"""Flows of people: from way in to way out, and from one way out to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from sim.experiments.compare import ABSENT
from sim.explorer.widgets import downloads, small, table
from sim.presentation.charts import ROUTE_COLOURS

if TYPE_CHECKING:
    from sim.library.read import Reference
    from sim.presentation.texts import Texts

_GREY = "#5B6670"
_JUDGE = ("LC", "SL", "PE", "DDSE")
_BIGGEST = 8


def sankey_of_paths(t: Texts, paths: pd.DataFrame, replications: int) -> None:
    """Draw exits from detention by way in, who decided, and way out."""
    links: dict[tuple[str, str], float] = {}
    for row in paths.to_dict("records"):
        way_in = t(f"stream.{row['stream']}")
        route, procedure = str(row["route"]), str(row["procedure"])
        if route == "unsentenced":
            decided, way_out = t("decided.nobody"), t("route.unsentenced")
        elif route == "dry":
            decided, way_out = t("decided.nothing"), t("route.dry")
        else:
            decided = t("decided.judge") if procedure in _JUDGE else t("decided.board")
            way_out = t(f"route.{route}")
        for pair in ((way_in, decided), (decided, way_out)):
            links[pair] = links.get(pair, 0.0) + float(row["people_per_year"])
    colours = {t(f"route.{route}"): colour for route, colour in ROUTE_COLOURS.items()}
    outs = [t(f"route.{route}") for route in (*ROUTE_COLOURS, "unsentenced")]
    total = sum(value for (_, target), value in links.items() if target in outs)
    shares = {name: sum(v for (_, target), v in links.items() if target == name) / total for name in outs if total}
    said = ", ".join(f"{name} {t.percent(share)}" for name, share in shares.items())
    st.echarts_chart(_option(links, colours), height=460, renderer="svg", alt=t("flows.alt", said=said), key="sankey")
    st.markdown(said + ".")
    with st.expander(t("frame.more")):
        rows = pd.DataFrame(
            [
                {t("flows.from"): a, t("flows.to"): b, t("flows.people"): t.number(value)}
                for (a, b), value in sorted(links.items())
            ]
        )
        table(rows, t("flows.title"))
        small(t("flows.source", n=replications))
        downloads(t, "flux", _in_words(t, paths))


def _in_words(t: Texts, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table with the names of its codes, in French; English files keep the codes."""
    if t.lang == "en":
        return rows
    codes = {"stream": "stream", "procedure": "procedure", "route": "route", "base": "route", "policy": "route"}
    told = {column: rows[column].astype(str).map(lambda code, kind=kind: t.name(kind, code))
            for column, kind in codes.items() if column in rows}  # fmt: skip
    return rows.assign(**told)


def _option(links: dict[tuple[str, str], float], colours: dict[str, str]) -> dict[str, Any]:
    names = list(dict.fromkeys(name for pair in links for name in pair))
    series = {
        "type": "sankey",
        "nodeAlign": "justify",
        "draggable": False,
        "left": 4,
        "right": 210,
        "top": 10,
        "bottom": 10,
        "nodeGap": 14,
        "data": [{"name": name, "itemStyle": {"color": colours.get(name, _GREY)}} for name in names],
        "links": [{"source": a, "target": b, "value": round(value)} for (a, b), value in links.items()],
        "lineStyle": {"color": "target", "opacity": 0.32},
        "label": {"color": "#1A1F24", "fontSize": 13, "width": 200, "overflow": "break"},
    }
    narrow = {"series": [{"right": 118, "nodeGap": 22, "label": {"width": 108, "fontSize": 11}}]}
    option: dict[str, Any] = {"tooltip": {"trigger": "item", "valueFormatter": "localized"}, "series": [series]}
    return {"baseOption": option, "media": [{"query": {"maxWidth": 560}, "option": narrow}]}


def route_changes(t: Texts, told: Reference, policy: str) -> None:
    """List the largest changes of route a policy makes, person by person."""
    frame = told.table("routes")
    rows = frame[frame["scenario"] == policy]
    same = rows["base"] == rows["policy"]
    moved, kept = rows[~same].sort_values("people_per_year", ascending=False), rows[same]
    total = float(moved["people_per_year"].sum())
    everybody = total + float(kept["people_per_year"].sum())
    st.markdown(t("changes.sentence", moved=t.number(total), kept=t.percent(1 - total / everybody if everybody else 1.0, 1)))
    out = moved[moved["base"] == "dry"]["people_per_year"].sum()
    back = moved[moved["policy"] == "dry"]["people_per_year"].sum()
    st.markdown(t("changes.dry", out=t.number(float(out)), back=t.number(float(back))))
    links: dict[tuple[str, str], float] = {}
    for row in moved.head(_BIGGEST).to_dict("records"):
        before, after = _named(t, str(row["base"])), _named(t, str(row["policy"]))
        links[f"{before} ", after] = float(row["people_per_year"])  # the blank tells the two sides of one name apart
    colours = {
        name: colour for route, colour in ROUTE_COLOURS.items() for name in (t(f"route.{route}"), t(f"route.{route}") + " ")
    }
    if links:
        alt = t("changes.alt", title=t.title(told.figures.titles[policy]))
        st.echarts_chart(_option(links, colours), height=340, renderer="svg", alt=alt, key=f"changes-{policy}")
    shown = pd.DataFrame(
        [
            {
                t("changes.before"): _named(t, str(row["base"])),
                t("changes.after"): _named(t, str(row["policy"])),
                t("flows.people"): t.number(float(row["people_per_year"])),
            }
            for row in moved.head(12).to_dict("records")
        ]
    )
    with st.expander(t("frame.more")):
        table(shown, t("changes.title"))
        small(t("changes.source", n=told.manifest["people_replications"]))
        downloads(t, f"changements-{policy}", _in_words(t, rows))


def _named(t: Texts, route: str) -> str:
    return t("route.absent") if route == ABSENT else t(f"route.{route}")
