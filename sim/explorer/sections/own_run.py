"""The answer to a scenario that a visitor ran: the page of a question, its table, its note."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.explorer.drawn import drawn
from sim.explorer.kept_runs import looked_at
from sim.explorer.scenario_form import NAME, SEED, command
from sim.explorer.widgets import downloads, small, table
from sim.library.read import Figures, figures_of_runs
from sim.presentation.formatting import difference_table, numbers_table, what_the_interval_holds
from sim.presentation.headlines import TABLE
from sim.presentation.policy_brief import note_html
from sim.presentation.question.question_page import question_body
from sim.presentation.question.shown import ENOUGH, of_runs
from sim.records.manifest import package_version
from sim.scenario.ranges import outside_ranges

if TYPE_CHECKING:
    from sim.explorer.jobs import Request
    from sim.presentation.texts import Texts
    from sim.scenario import Scenario


@st.cache_data(max_entries=32, show_spinner=False)
def _compared(base: str, policy: str, replications: int) -> Figures:
    from sim.records.run_folder import open_run  # noqa: PLC0415

    return figures_of_runs(open_run(base), open_run(policy), replications)


def own_run(t: Texts, scenario: Scenario, request: Request) -> None:
    """Show what a run found, as the questions of the library are shown."""
    n, again = request.replications, command(f"{NAME}.yaml", request.replications, request.fraction)
    for folder in request.folders:
        looked_at(folder)
    base, policy = request.folders
    figures = _compared(str(base), str(policy), n)
    st.header(t("results.title"), anchor=False)
    small(t("results.identity", run=request.run_id, base=request.base_id, n=n, share=t.percent(float(request.fraction))))
    name = scenario.name if scenario.name in figures.scenarios else figures.base
    if name != figures.base:
        drawn(question_body(of_runs(t, figures, name, scenario, n, again)), f"own-{request.run_id}-{n}-{t.lang}")
    small(what_the_interval_holds(t, figures, name) + (" " + t("results.rough", n=n) if n < ENOUGH else ""))
    with st.expander(t("results.table"), expanded=False):
        table(difference_table(t, figures, [name], TABLE), t("results.table"))
        downloads(t, "mon-scenario", numbers_table(t, figures, [figures.base, name], TABLE))
    made = {
        "seed": SEED,
        "replications": n,
        "fraction": float(request.fraction),
        "run_id": request.run_id,
        "version": package_version(),
        "outside": outside_ranges(scenario),
        "file": f"{NAME}.yaml",
        "command": again,
    }
    st.download_button(
        t("download.note"),
        note_html(t, figures, [name], made),
        file_name="note.html",
        mime="text/html",
        on_click="ignore",
        key="note",
        icon=":material/description:",
    )
    small(t("download.note_help"))
