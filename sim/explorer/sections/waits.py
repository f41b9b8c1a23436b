"""Sections about time and work: waits against the legal delay, what judges and counsellors have on their hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.explorer.widgets import framed, small
from sim.indicators.context import MEASURED
from sim.presentation import charts
from sim.presentation.formatting import difference_line, dots
from sim.presentation.headlines import BY_KEY, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.library.read import Figures, Reference
    from sim.presentation.texts import Texts

LEGAL_DAYS = 120
"""Four months, as a mark on charts of waits; the indicator itself counts calendar months."""
SERVED_DAYS = (60, 122, 182)
"""Days at which the curve of waits is read (:mod:`sim.indicators.censored`)."""
_FOUR_MONTHS = 122

JUDGES = (
    Outcome("slots", "hearing_slots", "all", "people"),
    Outcome("heard", "hearings_held", "all", "people"),
    Outcome("requests_waiting", "requests_waiting", "all", "people"),
    Outcome("unmet_slots", "unmet_slots", "all", "people"),
)
"""Work of judges: places at sittings and requests heard, a year; requests that wait, mean of the months."""


def waits(t: Texts, told: Reference, figures: Figures, chosen: Sequence[str]) -> None:  # noqa: ARG001 (sections are alike)
    """Draw waits against the legal four months, then the work of judges and of counsellors."""
    st.header(t("waits.title"), anchor=False)
    names = (figures.base, *chosen)
    wait = [BY_KEY["wait"], BY_KEY["wait_p90"]]
    rows = dots(t, figures, names, [(t(f"outcome.{o.key}"), o) for o in wait])
    chart = charts.grouped(t, rows, t("unit.days_axis"), LEGAL_DAYS, t("waits.legal"))
    lines = [difference_line(t, figures, chosen, t(f"outcome.{o.key}"), o) for o in (*wait, BY_KEY["late"])]
    framed(t, "attentes", chart, t("waits.alt"), lines, t("waits.source"))
    late = figures.get(figures.base, "hearing_past_legal_delay")
    st.markdown("" if late is None else t("waits.sentence", n=t.number(10 * late.mean, 1)))
    _served(t, figures.over(MEASURED), chosen)
    st.header(t("judges.title"), anchor=False)
    rows = dots(t, figures, names, [(t(f"judges.{o.key}"), o) for o in JUDGES])
    chart = charts.grouped(t, rows, t("judges.axis"), None, "")
    lines = [difference_line(t, figures, chosen, t(f"judges.{o.key}"), o) for o in JUDGES]
    framed(t, "juges", chart, t("judges.alt"), lines, t("judges.source"))
    st.header(t("load.title"), anchor=False)
    rows = dots(t, figures, names, [(t("outcome.caseload"), BY_KEY["caseload"])])
    marks = charts.grouped(t, rows, t("load.axis"), 60, t("load.mark"))
    lines = [difference_line(t, figures, chosen, t(f"outcome.{key}"), BY_KEY[key]) for key in ("caseload", "no_counsellor")]
    framed(t, "charge", marks, t("load.alt"), lines, t("load.source"))


def _served(t: Texts, figures: Figures, chosen: Sequence[str]) -> None:
    """Share of requests heard within so many days, those cut short counted as still waiting."""
    st.subheader(t("served.title"), anchor=False)
    points, lines = [], []
    for days in SERVED_DAYS:
        outcome = Outcome("served", "wait_served", f"step=hearing,days={days}", "share")
        lines.append(difference_line(t, figures, chosen, t("served.within", n=days), outcome))
    for name in (figures.base, *chosen):
        who = t.title(figures.titles[name])
        points.append({"x": 0.0, "y": 0.0, "who": who, "label": t.percent(0.0)})
        for days in SERVED_DAYS:
            figure = figures.get(name, "wait_served", f"step=hearing,days={days}")
            if figure is not None:
                points.append({"x": float(days), "y": figure.mean, "who": who, "label": t.percent(figure.mean)})
    if len(points) <= 1 + len(chosen):
        return
    chart = charts.cumulative(t, pd.DataFrame(points), t("served.axis"), _FOUR_MONTHS, t("waits.legal"), height=280)
    framed(t, "servis", chart, t("served.alt"), lines, t("served.source"))
    found = figures.get(figures.base, "wait_served", f"step=hearing,days={_FOUR_MONTHS}")
    lost = figures.get(figures.base, "wait_unserved", "step=hearing")
    if found is not None and lost is not None:
        st.markdown(t("served.sentence", n=t.number(10 * (1 - found.mean), 1), never=t.percent(lost.mean)))
    small(t("compare.whole_window"))
