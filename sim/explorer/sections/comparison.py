"""Sections of the comparison: routes, causes, who changes route, waits, occupation, reconviction, costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.explorer.layout import page_file
from sim.explorer.sections import flows
from sim.explorer.sections.definitions import bridge
from sim.explorer.sections.reconviction import reconviction
from sim.explorer.sections.waits import waits
from sim.explorer.widgets import framed, small
from sim.indicators.costs import MEANS
from sim.presentation import charts
from sim.presentation.formatting import difference_line, dot, dots
from sim.presentation.headlines import BY_KEY, CAUSES, KINDS, ROUTES, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.library.read import Figures, Reference
    from sim.presentation.texts import Texts


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
    outcomes = [Outcome(f"route.{route}", "releases", f"route={route}", "people") for route in ROUTES]
    lines = [difference_line(t, figures, chosen, t(o.key), o) for o in outcomes]
    framed(t, "voies", chart, t("routes.alt"), lines, t("routes.source"))
    bridge(t, figures, chosen)
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
            lines.append(difference_line(t, figures, [name], label, Outcome(cause, "dry_cause", f"cause={cause}", "people")))
        steps.append(_step(title, 0.0, total.mean, "total", t.number(total.mean)))
        lines.append(difference_line(t, figures, [name], t("causes.all"), BY_KEY["dry_releases"]))
        alt = t("causes.alt", base=t.number(base.mean), policy=t.number(total.mean), title=title)
        chart = charts.waterfall(t, pd.DataFrame(steps))
        framed(t, f"causes-{name}", chart, alt, lines, t("causes.source"))


def _step(name: str, begin: float, end: float, sort: str, label: str) -> dict[str, object]:
    return {"name": name, "begin": begin, "end": end, "sort": sort, "label": label}


def changes(t: Texts, told: Reference, figures: Figures, chosen: Sequence[str]) -> None:
    """Say who leaves by another route, person by person."""
    st.header(t("changes.title"), anchor=False)
    st.markdown(t("changes.lead", n=told.manifest["people_replications"]))
    for name in chosen:
        st.subheader(t.title(figures.titles[name]), anchor=False)
        flows.route_changes(t, told, name)


def occupation(t: Texts, told: Reference, figures: Figures, chosen: Sequence[str]) -> None:  # noqa: ARG001
    """Draw density by kind of establishment."""
    st.header(t("occupation.title"), anchor=False)
    outcomes = [Outcome(f"kind.{kind}", "density", f"kind={kind}", "density") for kind in KINDS]
    rows = dots(t, figures, (figures.base, *chosen), [(t(o.key), o) for o in outcomes])
    chart = charts.grouped(t, rows, t("occupation.axis"), 1.0, t("occupation.mark"), number=".0%")
    lines = [difference_line(t, figures, chosen, t(o.key), o) for o in outcomes]
    lines.append(difference_line(t, figures, chosen, t("outcome.over_capacity"), BY_KEY["over_capacity"]))
    framed(t, "occupation", chart, t("occupation.alt"), lines, t("occupation.source"))
    st.page_link(page_file("sites"), label=t("occupation.sites"), icon=":material/location_on:")


def costs(t: Texts, told: Reference, figures: Figures, chosen: Sequence[str]) -> None:  # noqa: ARG001
    """Give what each lever costs, and apart from it what it displaces, at the low, central and high price."""
    st.header(t("costs.title"), anchor=False)
    rows, lines = [], []
    told_whole = figures.get(figures.base, "cost_of_means", "item=all,price=central") is not None
    shown = ("cost_of_means", "item=all,price=central") if told_whole else ("cost", "place=places,price=central")
    for name in chosen:
        figure = figures.get(name, *shown)
        if figure is not None:
            rows.append(dot(t.title(figures.titles[name]), figure, t.change(figure.difference, "euros"), 1e-6))
    sides = [("means", "cost_of_means", "item", ("all", *MEANS)), ("marginal", "cost_marginal", "place", _PLACES)]
    sides.append(("average", "cost", "place", (*_PLACES, "DDSE", "PE")))
    for side, indicator, dimension, entries in sides:
        for entry in entries:
            for price in ("low", "central", "high") if entry in {"all", "places"} else ("central",):
                label = f"{t('cost.' + side)} · {t(f'{dimension}.{entry}')} · {t('price.' + price)}"
                priced = Outcome(entry, indicator, f"{dimension}={entry},price={price}", "euros")
                lines.append(difference_line(t, figures, chosen, label, priced))
    if rows:
        chart = charts.intervals(t, pd.DataFrame(rows), t("costs.axis") if told_whole else t("cost.average"))
        framed(t, "couts", chart, t("costs.alt"), lines, t("costs.source"))
    small(t("costs.caution"))


_PLACES = ("places", "cell", "SL", "LC")


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

YEARLY = frozenset({"table", "causes", "routes", "waits", "occupation", "costs"})
"""Those that can speak of one year."""
