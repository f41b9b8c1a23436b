"""Combien faut-il ?: the smallest setting that reaches a target, with an interval, from sweeps made beforehand."""

from __future__ import annotations

from math import isfinite, isnan
from typing import TYPE_CHECKING

import streamlit as st

from sim.experiments.solve import Answer, Target
from sim.explorer.address import listed
from sim.explorer.data import baseline, day_number, reference
from sim.explorer.layout import texts
from sim.explorer.widgets import framed, small
from sim.presentation import charts
from sim.presentation.formatting import Line
from sim.presentation.headlines import BY_KEY, SOUGHT, Outcome

if TYPE_CHECKING:
    import pandas as pd

    from sim.library.read import Reference
    from sim.presentation.texts import Texts

_PERCENT = {"share", "density"}


def page() -> None:
    """Draw the page."""
    t = texts()
    told = reference()
    st.title(t("howmany.title"), anchor=False)
    st.markdown(t("howmany.lead"))
    sweeps = [sweep["name"] for sweep in told.manifest["sweeps"]]
    with st.grid(3, min_column_width=250):
        lever = listed(
            t,
            "levier",
            t("howmany.lever"),
            sweeps,
            told=lambda name: t.title(told.sweep(name)["title"]),
            key=f"lever-{t.lang}",
        )
        key = listed(t, "resultat", t("howmany.output"), SOUGHT, told=lambda name: t(f"outcome.{name}"), key=f"sought-{t.lang}")
        outcome = BY_KEY[key]
        curve = told.curve(lever, outcome.indicator, outcome.group)
        target = _target(t, outcome, curve, lever)
    answer = told.seek(lever, Target(outcome.indicator, outcome.group, "<=", target))
    _answered(t, told, lever, outcome, target, answer)
    _drawn(t, told, lever, outcome, target, answer, curve)
    small(t("howmany.source", n=told.manifest["sweep_replications"]))
    path, scenario = told.sweep(lever)["add"], told.figures.base
    goal = f"{outcome.indicator}{'' if outcome.group == 'all' else f'[{outcome.group}]'} <= {target:.6g}"
    st.markdown(t("howmany.command"))
    since = told.sweep(lever)["since"]
    today = baseline().number(path, day_number(since))
    furthest = today + max(told.sweep(lever)["by"], key=abs)
    command = f"sortie solve {scenario} --lever {path} --from {since} --up-to {furthest:g} --target '{goal}'"
    st.code(command, language=None, wrap_lines=True)


def _target(t: Texts, outcome: Outcome, curve: pd.DataFrame, lever: str) -> float:
    """Ask for the target: halfway along what the sweep reaches, unless another is chosen."""
    factor = 100.0 if outcome.kind in _PERCENT else 1.0
    low, high = factor * float(curve["mean"].min()), factor * float(curve["mean"].max())
    step = 0.1 if outcome.kind == "share" else 1.0 if outcome.kind in {"density", "days"} else 100.0
    middle = round((low + high) / 2 / step) * step
    chosen = st.number_input(
        t("howmany.target", unit=t(f"howmany.unit.{outcome.kind}")),
        value=middle,
        step=step,
        format="%.1f" if step < 1 else "%.0f",
        key=f"target-{lever}-{outcome.key}",
    )
    return float(chosen) / factor


def _answered(t: Texts, told: Reference, lever: str, outcome: Outcome, target: float, answer: Answer) -> None:
    unit = t.title(told.sweep(lever)["unit"])
    goal = t("howmany.goal", outcome=t(f"outcome.{outcome.key}"), value=t.level(target, outcome.kind))
    if not answer.reached:
        best = min(answer.tried, key=lambda row: row[1])
        text = t("howmany.never", goal=goal, best=t.level(best[1], outcome.kind), setting=t.signed(best[0]), unit=unit)
    elif answer.setting == 0:
        text = t("howmany.already", goal=goal)
    else:
        low, high = sorted((answer.low, answer.high), key=abs) if isfinite(answer.high) else (answer.low, answer.high)
        high_text = t.signed(high) if isfinite(high) else t("howmany.beyond")
        low_text = t.signed(0.0 if isnan(low) else low)
        text = t("howmany.answer", goal=goal, setting=t.signed(answer.setting), unit=unit, low=low_text, high=high_text)
    st.html(f'<p class="lead">{text}</p>')
    if not answer.one_way:
        st.warning(t("howmany.not_one_way"))


def _drawn(t: Texts, told: Reference, lever: str, outcome: Outcome, target: float, answer: Answer, curve: pd.DataFrame) -> None:
    found = None
    if answer.reached:
        furthest = float(curve["setting"].iloc[abs(curve["setting"]).argmax()])
        low = 0.0 if isnan(answer.low) else answer.low
        found = (low, answer.setting, answer.high if isfinite(answer.high) else furthest)
    title = t.title(told.sweep(lever)["title"])
    number = ".1%" if outcome.kind == "share" else ".0%" if outcome.kind == "density" else ",.0f"
    y_title = t(f"outcome.{outcome.key}")
    chart = charts.curve(t, curve, title, y_title, target, found, number=number)
    rows = [
        Line(
            {
                title: t.signed(row["setting"]),
                y_title: t.level(row["mean"], outcome.kind),
                t("howmany.interval"): t(
                    "card.plain", low=t.level(row["low"], outcome.kind), high=t.level(row["high"], outcome.kind)
                ),
            },
            {title: row["setting"], y_title: row["mean"], "low": row["low"], "high": row["high"]},
        )
        for row in curve.to_dict("records")
    ]
    framed(t, "combien", chart, t("howmany.alt", lever=title, outcome=y_title), rows, t("howmany.caution"))


page()
