"""Behavioural levers (:mod:`sim.policies`) on the page of the builder, a switch each, and the day on which levers move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.explorer.data import day_number
from sim.explorer.scenario_form import DATES
from sim.policies import POLICIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.presentation.texts import Texts

_SHARE, _SMALL = 2.0, 10.0
"""Settings whose default is below the first are shares, below the second a few days; above it days; negative ones, people."""
_FEW, _MANY = 1.0, 500.0


def day_of_levers(t: Texts) -> str:
    """Ask on which day the levers move; shown in words, kept in the address as files have it, so that links work in both."""
    asked = st.query_params.get("on")
    if "on" not in st.session_state and asked in DATES:
        st.session_state["on"] = asked
    told = {day: t.day(day_number(day)) for day in DATES}
    on = str(st.selectbox(t("build.from"), DATES, key="on", format_func=told.__getitem__, help=t("build.from_help")))
    if on != DATES[0]:
        st.query_params["on"] = on
    elif "on" in st.query_params:
        del st.query_params["on"]
    return on


def policy_switches(t: Texts, on: str, *, disabled: bool) -> None:
    """Switch behavioural levers on, each with its settings. The list of calls is the truth; widgets show it."""
    for name, policy in POLICIES.items():
        calls = st.session_state["policies"]
        mine = next((call for call in calls if call["name"] == name), None)
        key = f"policy-{name}"
        st.session_state[key] = mine is not None
        words, about = t(f"policy.{name}"), t(f"policy.{name}.help")
        st.toggle(words, key=key, help=about, disabled=disabled, on_change=_switch_policy, args=(name, on))
        if mine is None:
            continue
        for setting, default in policy.defaults.items():
            box = f"{key}-{setting}"
            st.session_state[box] = float(mine.get("with", {}).get(setting, default))
            step, form = _steps(default)
            words = t(f"policy.{name}.{setting}")
            st.number_input(
                words,
                min(0.0, default),
                step=step,
                format=form,
                key=box,
                disabled=disabled,
                on_change=_set_policy,
                args=(name, setting),
            )


def _steps(default: float) -> tuple[float, str]:
    """Step of a setting and how it is written, by the size of its default."""
    if default < 0:
        return _MANY, "%.0f"
    if default < _SHARE:
        return 0.05, "%.2f"
    return (_FEW, "%.0f") if default < _SMALL else (10.0, "%.0f")


def _switch_policy(name: str, on: str) -> None:
    others = [call for call in st.session_state["policies"] if call["name"] != name]
    mine = [{"name": name, "on": on}] if st.session_state[f"policy-{name}"] else []
    st.session_state["policies"] = [*others, *mine]


def _set_policy(name: str, setting: str) -> None:
    value = float(st.session_state[f"policy-{name}-{setting}"])
    st.session_state["policies"] = [
        {**call, "with": {**call.get("with", {}), setting: value}} if call["name"] == name else call
        for call in st.session_state["policies"]
    ]


def policy_told(t: Texts, call: Mapping[str, Any]) -> str:
    """Say a call in words: its name, its settings (those left out too), its day."""
    name = str(call["name"])
    given = call.get("with", {})
    settings = {**POLICIES[name].defaults, **given} if name in POLICIES else given
    said = ", ".join(f"{t.name(f'policy.{name}', key)} {t.short(value)}" for key, value in settings.items())
    return t("build.policy", name=t.name("policy", name), settings=said, day=t.day(day_number(str(call["on"]))))
