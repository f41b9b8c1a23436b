"""Sections of the comparison: routes, causes, who changes route, waits, occupation, reconviction, costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.explorer import charts, flows
from sim.explorer.outcomes import BY_KEY, CAUSES, KINDS, ROUTES, Outcome
from sim.explorer.parts import framed, small
from sim.explorer.writing import interval_text, verdict_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.explorer.texts import Texts
    from sim.reference.reading import Figure, Figures, Reference

LEGAL_DAYS = 120
"""Four months, as a mark on charts of waits; the indicator itself counts calendar months."""


def routes(t: Texts, told: Reference, figures: Figures, chosen: Sequence[str]) -> None:
    """Draw ways out as bars of 100 %, then the flows from way in to way out."""
    st.header(t("routes.title"), anchor=False)
    rows, order = [], []
    for name in (figures.base, *chosen):
        who = t.title(figures.titles[name])
        order.append(who)
        found = {route: figures.get(name, "releases", f"route={route}") for route in ROUTES}
        total = sum(figure.mean for figure in found.values() if figure is not None)
        for route, figure in found.items():
            if figure is not None and total:
                share = figure.mean / total
                rows.append({"who": who, "part": t(f"route.{route}"), "share": share, "label": t.percent(share)})
    parts = [t(f"route.{route}") for route in ROUTES]
    chart = charts.shares(t, pd.DataFrame(rows), order, parts, [charts.ROUTE_COLOURS[route] for route in ROUTES])
    lines = [_line(t, figures, chosen, t(f"route.{route}"), "releases", f"route={route}", "people") for route in ROUTES]
    framed(t, "voies", chart, t("routes.alt"), pd.DataFrame(lines), t("routes.source"))
    st.header(t("flows.title"), anchor=False)
    paths = told.table("paths")
    flows.sankey_of_paths(t, paths[paths["scenario"] == figures.base], told.manifest["people_replications"])


def causes(t: Texts, told: Reference, figures: Figures, chosen: Sequence[str]) -> None:  # noqa: ARG001 (sections are alike)
    """Draw why people leave with nothing, from the base to each policy."""
    st.header(t("causes.title"), anchor=False)
    st.markdown(t("causes.lead"))
    for name in chosen:
        title = t.title(figures.titles[name])
        st.subheader(title, anchor=False)
        base = figures.get(figures.base, "dry_releases")
        total = figures.get(name, "dry_releases")
        if base is None or total is None:
            continue
        steps = [_step(t.title(figures.titles[figures.base]), 0.0, base.mean, "total", t.number(base.mean))]
        at, lines = base.mean, []
        for cause in CAUSES:
            figure = figures.get(name, "dry_cause", f"cause={cause}")
            was = figures.get(figures.base, "dry_cause", f"cause={cause}")
            if figure is None or was is None or (figure.mean == 0 and was.mean == 0):
                continue
            label = t(f"cause.{cause}")
            sort = "less" if figure.difference < 0 else "more"
            steps.append(_step(label, at, at + figure.difference, sort, t.change(figure.difference, "people")))
            at += figure.difference
            lines.append(_line(t, figures, [name], label, "dry_cause", f"cause={cause}", "people"))
        steps.append(_step(title, 0.0, total.mean, "total", t.number(total.mean)))
        lines.append(_line(t, figures, [name], t("causes.all"), "dry_releases", "all", "people"))
        alt = t("causes.alt", base=t.number(base.mean), policy=t.number(total.mean), title=title)
        chart = charts.waterfall(t, pd.DataFrame(steps))
        framed(t, f"causes-{name}", chart, alt, pd.DataFrame(lines), t("causes.source"))


def _step(name: str, begin: float, end: float, sort: str, label: str) -> dict[str, object]:
    return {"name": name, "begin": begin, "end": end, "sort": sort, "label": label}


def changes(t: Texts, told: Reference, figures: Figures, chosen: Sequence[str]) -> None:
    """Say who leaves by another route, person by person."""
    st.header(t("changes.title"), anchor=False)
    st.markdown(t("changes.lead", n=told.manifest["people_replications"]))
    for name in chosen:
        st.subheader(t.title(figures.titles[name]), anchor=False)
        flows.route_changes(t, told, name)


def waits(t: Texts, told: Reference, figures: Figures, chosen: Sequence[str]) -> None:  # noqa: ARG001
    """Draw waits against the legal four months, and workloads."""
    st.header(t("waits.title"), anchor=False)
    names = (figures.base, *chosen)
    wait = [BY_KEY["wait"], BY_KEY["wait_p90"]]
    chart = charts.grouped(t, _dots(t, figures, names, wait), t("unit.days_axis"), LEGAL_DAYS, t("waits.legal"))
    late = figures.get(figures.base, "hearing_past_legal_delay")
    said = "" if late is None else t("waits.sentence", n=t.number(10 * late.mean, 1))
    lines = [_line(t, figures, chosen, t(f"outcome.{o.key}"), o.indicator, o.group, o.kind) for o in (*wait, BY_KEY["late"])]
    framed(t, "attentes", chart, t("waits.alt"), pd.DataFrame(lines), t("waits.source"))
    st.markdown(said)
    st.header(t("load.title"), anchor=False)
    load = [BY_KEY["caseload"]]
    marks = charts.grouped(t, _dots(t, figures, names, load), t("load.axis"), 60, t("load.mark"))
    keys = ("caseload", "no_counsellor")
    lines = [
        _line(t, figures, chosen, t(f"outcome.{key}"), BY_KEY[key].indicator, BY_KEY[key].group, BY_KEY[key].kind)
        for key in keys
    ]
    framed(t, "charge", marks, t("load.alt"), pd.DataFrame(lines), t("load.source"))


def occupation(t: Texts, told: Reference, figures: Figures, chosen: Sequence[str]) -> None:  # noqa: ARG001
    """Draw density by kind of establishment."""
    st.header(t("occupation.title"), anchor=False)
    outcomes = [Outcome(f"kind.{kind}", "density", f"kind={kind}", "density") for kind in KINDS]
    rows = _dots(t, figures, (figures.base, *chosen), outcomes, prefix="")
    chart = charts.grouped(t, rows, t("occupation.axis"), 1.0, t("occupation.mark"), number=".0%")
    lines = [_line(t, figures, chosen, t(o.key), o.indicator, o.group, o.kind) for o in outcomes]
    over = BY_KEY["over_capacity"]
    lines.append(_line(t, figures, chosen, t("outcome.over_capacity"), over.indicator, over.group, over.kind))
    framed(t, "occupation", chart, t("occupation.alt"), pd.DataFrame(lines), t("occupation.source"))
    st.page_link("sim/explorer/pages/sites.py", label=t("occupation.sites"), icon=":material/location_on:")


def reconviction(t: Texts, told: Reference, figures: Figures, chosen: Sequence[str]) -> None:  # noqa: ARG001
    """Put reconviction under the three causal assumptions side by side, never one alone."""
    st.header(t("reconviction.title"), anchor=False)
    st.markdown(t("reconviction.lead"))
    months = ("12", "36", "60")
    for name in chosen:
        title = t.title(figures.titles[name])
        st.subheader(title, anchor=False)
        rows, lines = [], []
        for assumption in ("none", "central", "all_causal"):
            label = t(f"assumption.{assumption}")
            line = {t("reconviction.assumption"): label}
            for horizon in months:
                group = f"assumption={assumption},months={horizon}"
                figure = figures.get(name, "reconviction", group)
                if figure is None:
                    continue
                change = t.change(figure.difference, "fine")
                line[t("reconviction.months", n=horizon)] = f"{change} ({interval_text(t, figure, 'fine')})"
                if horizon == "60":
                    rows.append(_dot(label, figure, change, 100))
            lines.append(line)
        if rows:
            chart = charts.intervals(t, pd.DataFrame(rows), t("reconviction.axis"))
            framed(
                t, f"recidive-{name}", chart, t("reconviction.alt", title=title), pd.DataFrame(lines), t("reconviction.source")
            )
    for position in range(1, 5):
        st.markdown(f"- {t(f'reconviction.not{position}')}")


def costs(t: Texts, told: Reference, figures: Figures, chosen: Sequence[str]) -> None:  # noqa: ARG001
    """Give costs at the low, central and high price."""
    st.header(t("costs.title"), anchor=False)
    rows, lines = [], []
    for name in chosen:
        figure = figures.get(name, "cost", "place=all,price=central")
        if figure is not None:
            rows.append(_dot(t.title(figures.titles[name]), figure, t.change(figure.difference, "euros"), 1e-6))
    for place in ("all", "places", "counsellors", "cell", "DDSE", "SL", "PE", "LC"):
        for price in ("low", "central", "high"):
            label = f"{t('place.' + place)} · {t('price.' + price)}"
            lines.append(_line(t, figures, chosen, label, "cost", f"place={place},price={price}", "euros"))
    if rows:
        chart = charts.intervals(t, pd.DataFrame(rows), t("costs.axis"))
        framed(t, "couts", chart, t("costs.alt"), pd.DataFrame(lines), t("costs.source"))
    small(t("costs.caution"))


def _dot(name: str, figure: Figure, label: str, factor: float) -> dict[str, object]:
    return {
        "name": name,
        "difference": figure.difference * factor,
        "low": figure.difference_low * factor,
        "high": figure.difference_high * factor,
        "label": label,
    }


def _dots(
    t: Texts, figures: Figures, names: Sequence[str], outcomes: Sequence[Outcome], *, prefix: str = "outcome."
) -> pd.DataFrame:
    rows = []
    for outcome in outcomes:
        for name in names:
            figure = figures.get(name, outcome.indicator, outcome.group)
            if figure is not None:
                rows.append(
                    {
                        "what": t(f"{prefix}{outcome.key}"),
                        "who": t.title(figures.titles[name]),
                        "value": figure.mean,
                        "low": figure.low,
                        "high": figure.high,
                        "label": t.level(figure.mean, outcome.kind),
                    }
                )
    return pd.DataFrame(rows)


def _line(
    t: Texts, figures: Figures, chosen: Sequence[str], label: str, indicator: str, group: str, kind: str
) -> dict[str, str]:
    base = figures.get(figures.base, indicator, group)
    line = {t("table.outcome"): label, t("table.base"): "–" if base is None else t.level(base.mean, kind)}
    for name in chosen:
        figure = figures.get(name, indicator, group)
        title = t.title(figures.titles[name])
        if figure is None:
            line[title] = "–"
        else:
            change = t.change(figure.difference, kind)
            line[title] = f"{change} ({interval_text(t, figure, kind)}) · {verdict_text(t, figure)}"
    return line


SECTIONS: dict[str, Callable[[Texts, Reference, Figures, Sequence[str]], None]] = {
    "causes": causes,
    "routes": routes,
    "changes": changes,
    "waits": waits,
    "occupation": occupation,
    "reconviction": reconviction,
    "costs": costs,
}
"""Sections of the page after the table, in the order in which they are offered."""
