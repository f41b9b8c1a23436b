"""How long people wait, and how much work there is: hearings, counsellors, files.

A wait for a hearing is measured on requests that were decided there. Those whose sentence ended first are not in it: they
are dry releases with the cause ``NOT_HEARD``, and both must be read together. Nor are those that a board decided at two
thirds (art. 720 § I): they never had their hearing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.indicators.tidy import ALL, Figures, counts, group, integers, months_after, months_told, share, within
from sim.records.codes import Outcome

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.indicators.context import Context, Window
    from sim.indicators.tidy import Tables
    from sim.records.tables import Codebook

TASKS = {
    "duty": "hours_duty",
    "arrivals": "hours_arrivals",
    "reports": "hours_reports",
    "preparation": "hours_used",
    "interviews": "hours_interviews",
    "administration": "hours_administration",
    "travel": "hours_travel",
    "hearings": "hours_hearings",
    "boards": "hours_boards",
    "surveys": "hours_surveys",
    "social": "hours_social",
    "unused": "hours_unused",
}
"""Tasks of a counsellor's week, and the column of their hours."""
LEGAL_MONTHS = 4
"""Months within which the judge must hear a request (code de procédure pénale, art. D. 49-33; law.md §9)."""


_OF_DECISIONS = ["day", "site", "adjustment", "outcome", "board", "requested_day", "legal_months"]


def waits(tables: Tables, context: Context, figures: Figures) -> None:
    """Add hearing waits, decisions, and the work of the probation service, for each window."""
    codebook = tables.codebook
    decisions, services = tables.table("decisions")[_OF_DECISIONS], tables.table("services")
    late = _past_legal_delay(*(integers(decisions, name) for name in ("requested_day", "day", "legal_months")))
    decisions = decisions.assign(late=late)
    for window in context.windows():
        decided = within(decisions, window)
        _hearings(decided, codebook, context, window, figures)
        _outcomes(decided, codebook, context, window, figures)
        _service(months_told(services, window), codebook, context, window, figures)


def _past_legal_delay(requested: NDArray[np.int64], decided: NDArray[np.int64], given: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which decisions came later than the months the law gives them (0: those of the judge)."""
    late = np.zeros(len(requested), dtype=bool)
    months = np.where(given > 0, given, LEGAL_MONTHS)
    for number in np.unique(months).tolist():
        mine = months == number
        late[mine] = decided[mine] > months_after(requested[mine], number)
    return late


def _hearings(decided: pd.DataFrame, codebook: Codebook, context: Context, window: Window, figures: Figures) -> None:
    heard = (integers(decided, "board") == 0) & (integers(decided, "outcome") != Outcome.NOT_EXAMINED)
    hearings = decided[heard]
    if not len(hearings):
        return
    days = (hearings["day"] - hearings["requested_day"]).to_numpy().astype(np.float64)
    late = hearings["late"].to_numpy()
    figures.add(window.label, "hearing_wait_mean", ALL, float(days.mean()))
    for name, quantile in (("hearing_wait_median", 0.5), ("hearing_wait_p90", 0.9)):
        figures.add(window.label, name, ALL, float(np.quantile(days, quantile)))
    figures.add(window.label, "hearing_past_legal_delay", ALL, float(late.mean()))
    dimensions = [("procedure", integers(hearings, "adjustment"), codebook.adjustments)]
    site = integers(hearings, "site")
    region = np.asarray(codebook.site_interregion, dtype=np.int64)[site]
    dimensions.append(("interregion", region, codebook.interregions))
    if window.start_day == context.measure_from_day:
        dimensions.append(("site", site, codebook.sites))
    for dimension, codes, names in dimensions:
        columns = (counts(codes, len(names)), counts(codes, len(names), days), counts(codes, len(names), late * 1.0))
        for name, number, waited, are_late in zip(names, *(c.tolist() for c in columns), strict=True):
            label = f"{dimension}={name}"
            figures.add(window.label, "hearing_wait_mean", label, share(waited, number))
            figures.add(window.label, "hearing_past_legal_delay", label, share(are_late, number))


def _outcomes(decided: pd.DataFrame, codebook: Codebook, context: Context, window: Window, figures: Figures) -> None:
    shape = (2, len(codebook.adjustments), len(Outcome))
    code = np.ravel_multi_index([integers(decided, name) for name in ("board", "adjustment", "outcome")], shape)
    by_court = counts(code, int(np.prod(shape))).reshape(shape)
    cells = by_court.sum(axis=0)
    for row, procedure in enumerate(codebook.adjustments):
        # A request that a board decided was not heard; what only boards decide has no other rate.
        mine = by_court[int(procedure in context.boards), row]
        examined = float(mine.sum() - mine[Outcome.NOT_EXAMINED] - mine[Outcome.NOT_INFORMED])
        figures.add(window.label, "grant_rate", group(procedure=procedure), share(mine[Outcome.GRANTED], examined))
        for outcome in Outcome:
            number = float(cells[row, outcome]) * context.weight / window.years
            figures.add(window.label, "decisions", group(procedure=procedure, outcome=outcome.name), number)


def _service(services: pd.DataFrame, codebook: Codebook, context: Context, window: Window, figures: Figures) -> None:
    if not len(services):
        return
    months = len(np.unique(services["day"].to_numpy()))
    mean = context.weight / months
    # By the months told, not the window's length: the month that ends with the run is never told.
    per_year = context.weight * 12 / months
    total = services.sum(numeric_only=True)
    offered, used = float(total["hours_offered"]), float(total["hours_used"])
    figures.add(window.label, "assignment_wait_mean", ALL, share(float(total["wait_days"]), float(total["assigned"])))
    figures.add(window.label, "waiting_for_counsellor", ALL, float(total["waiting"]) * mean)
    figures.add(window.label, "posts", ALL, float(total["posts"]) * mean)
    figures.add(window.label, "caseload", ALL, share(float(total["held"]), float(total["posts"])))
    figures.add(window.label, "hours_offered", ALL, offered * per_year)
    figures.add(window.label, "hours_used", ALL, used * per_year)
    figures.add(window.label, "hours_used_share", ALL, share(used, offered))
    for task, column in TASKS.items():
        figures.add(window.label, "hours_by_task", group(task=task), float(total[column]) * per_year)
    interviews = share(float(total["interviews"]) * 12, float(total["held"]))
    figures.add(window.label, "interviews_per_person", ALL, interviews)
    figures.add(window.label, "files_lost", ALL, float(total["files_lost"]) * per_year)
    figures.add(window.label, "hearings_put_off_share", ALL, share(float(total["adjourned"]), float(total["heard"])))
    figures.add(window.label, "files_done", ALL, float(total["files_done"]) * per_year)
    figures.add(window.label, "hearing_slots", ALL, float(total["slots"]) * per_year)
    figures.add(window.label, "hearings_held", ALL, float(total["heard"]) * per_year)
    figures.add(window.label, "hearings_not_brought", ALL, float(total["cancelled"]) * per_year)
    figures.add(window.label, "hearings_beyond_slots", ALL, float(total["beyond"]) * per_year)
    figures.add(window.label, "requests_waiting", ALL, float(total["queue"]) * mean)
    unmet = np.maximum(services["queue"].to_numpy() - services["slots"].to_numpy(), 0)
    figures.add(window.label, "unmet_slots", ALL, float(unmet.sum()) * mean)
    site = integers(services, "site")
    dimensions = [("interregion", np.asarray(codebook.site_interregion, dtype=np.int64)[site], codebook.interregions)]
    if window.start_day == context.measure_from_day:
        dimensions.append(("site", site, codebook.sites))
    for dimension, codes, names in dimensions:
        columns = {
            column: counts(codes, len(names), services[column].to_numpy().astype(np.float64)).tolist()
            for column in ("held", "posts", "wait_days", "assigned", "waiting", "queue")
        }
        for position, name in enumerate(names):
            label = f"{dimension}={name}"
            row = {column: values[position] for column, values in columns.items()}
            figures.add(window.label, "caseload", label, share(row["held"], row["posts"]))
            figures.add(window.label, "assignment_wait_mean", label, share(row["wait_days"], row["assigned"]))
            figures.add(window.label, "waiting_for_counsellor", label, row["waiting"] * mean)
            figures.add(window.label, "requests_waiting", label, row["queue"] * mean)
