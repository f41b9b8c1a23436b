"""From one published definition of the dry-release rate to the other, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sim.explorer.widgets import framed
from sim.indicators.bridge import STEPS
from sim.indicators.context import MEASURED
from sim.presentation import charts
from sim.presentation.formatting import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.library.read import Figures
    from sim.presentation.texts import Texts


def bridge(t: Texts, figures: Figures, chosen: Sequence[str]) -> None:
    """Draw the dry releases of definition (a), what is added and taken away, and those of (b); the table has the rates."""
    figures = figures.over(MEASURED)
    base = figures.base
    steps, lines, at = [], [], 0.0
    for position, step in enumerate(STEPS):
        group = f"step={step}"
        people, dry, rate = (figures.get(base, f"bridge_{what}", group) for what in ("people", "dry", "rate"))
        if people is None or dry is None or rate is None:
            continue
        is_total = position in {0, len(STEPS) - 1}
        if not is_total and abs(people.mean) + abs(dry.mean) == 0:
            continue
        label = t(f"bridge.{position}")
        write = t.number if is_total else t.signed
        if is_total:
            steps.append({"name": label, "begin": 0.0, "end": dry.mean, "sort": "total", "label": t.number(dry.mean)})
            at = dry.mean
        else:
            sort = "less" if dry.mean < 0 else "more"
            steps.append({"name": label, "begin": at, "end": at + dry.mean, "sort": sort, "label": t.signed(dry.mean)})
            at += dry.mean
        words = {
            t("bridge.step"): label,
            t("bridge.people"): write(people.mean),
            t("bridge.dry"): write(dry.mean),
            t("bridge.rate"): t.percent(rate.mean, 1),
        }
        who = t.title(figures.titles[base])
        line = Line(words, {"step": label, "scenario": who, "people": people.mean, "dry": dry.mean, "rate": rate.mean})
        for name in chosen:
            other = figures.get(name, "bridge_rate", group)
            line[t.title(figures.titles[name])] = "–" if other is None else t.percent(other.mean, 1)
            if other is not None:
                line.numbers.append({"step": label, "scenario": t.title(figures.titles[name]), "rate": other.mean})
        lines.append(line)
    if len(lines) < 2:
        return
    st.header(t("bridge.title"), anchor=False)
    st.markdown(t("bridge.lead"))
    first, last = (figures.get(base, "bridge_rate", f"step={step}") for step in (STEPS[0], STEPS[-1]))
    assert first is not None
    assert last is not None
    alt = t("bridge.alt", a=t.percent(first.mean, 1), b=t.percent(last.mean, 1))
    framed(t, "pont", charts.waterfall(t, pd.DataFrame(steps)), alt, lines, t("bridge.source"))
