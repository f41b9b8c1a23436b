"""The model against the past: started in 2018 and in 2023, and from each January, beside two naive rivals.

Nothing is changed for the past but what is dated: law, means, flows, and the first day's published stocks. The forecasts are
therefore conditional: they are given the committals and sentence lengths that came, which the naive rivals are not. What is
tested is that the rules turn known flows into the right stocks, not that anybody could have known the flows.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.calibration.history import (
    SERIES,
    TABLES,
    last_value,
    linear_trend,
    nearest,
    published,
    simulated,
)
from sim.calibration.runs import framed, with_overrides

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.calibration.runs import Runner
    from sim.scenario import Scenario

    History = Mapping[str, Mapping[str, float]]

STARTS = ("2018-01-01", "2023-01-01")
ORIGINS = tuple(range(2019, 2026))
END = "2026-02-01"
FORECAST = ("detained", "remand", "not_detained", "density_ma")


class Event(NamedTuple):
    """A movement of a series that the model must show (figures.md §6)."""

    name: str
    what: str
    series: str
    first: str
    last: str
    tolerance: float
    """Accepted departure, as a share of the published movement; infinite if only the sign is asked."""


EVENTS = (
    Event("covid_fall", "Covid: fall of détenus, January to July 2020", "detained", "2020-01-01", "2020-07-01", 0.10),
    Event("rebound", "Rebound of détenus, January to October 2021", "detained", "2021-01-01", "2021-10-01", 0.15),
    Event(
        "covid_remand_share", "Share of prévenus, January 2019 to July 2020", "remand_share", "2019-01-01", "2020-07-01", 0.25
    ),
    Event("ddse_fall", "DDSE, July 2019 to July 2020", "ddse", "2019-07-01", "2020-07-01", 0.25),
    Event("ddse_after_2019_law", "DDSE, July 2020 to October 2021", "ddse", "2020-07-01", "2021-10-01", 0.25),
    Event("not_detained_rise", "Non détenus, January 2021 to February 2025", "not_detained", "2021-01-01", "2025-02-01", 0.25),
    Event("summer_2025", "Season: détenus, July to September 2025", "detained", "2025-07-01", "2025-09-01", float("inf")),
    Event(
        "new_year_2026", "Season: détenus, December 2025 to January 2026", "detained", "2025-12-01", "2026-01-01", float("inf")
    ),
)


@dataclass(frozen=True)
class Draws:
    """Overrides of the central draw, then of others for the interval."""

    overrides: tuple[Mapping[str, Any], ...]


def backtest(scenario: Scenario, draws: Draws, runner: Runner, fraction: float | None = None) -> dict[str, Any]:
    """Run the past and compare.

    Returns
    -------
        ``long``: each series from each start, fit and coverage; ``events``; ``rolling``: forecasts one and two years ahead
        with those of the rivals; ``errors``: their mean absolute errors.
    """
    observed = published()
    long = []
    events: list[dict[str, Any]] = []
    for start in STARTS:
        runs = _lived(scenario, draws, runner, f"from_{start}", start, END, fraction)
        long += [{"start": start, **row} for row in fits(observed, runs)]
        if start == STARTS[0]:
            events = [movement(event, observed, runs[0]) for event in EVENTS]
    rolling = []
    for year in ORIGINS:
        origin, end = f"{year}-01-01", min(f"{year + 2}-02-01", END)
        runs = _lived(scenario, draws, runner, f"origin_{year}", origin, end, fraction)
        rolling += forecasts(observed, runs, origin)
    return {"draws": len(draws.overrides), "long": long, "events": events, "rolling": rolling, "errors": errors(rolling)}


def _lived(
    scenario: Scenario, draws: Draws, runner: Runner, name: str, start: str, end: str, fraction: float | None
) -> list[History]:
    frame = framed(scenario, {"start": start, "measure_from": start, "end": end}, fraction)
    runs = runner.run(name, [with_overrides(frame, row) for row in draws.overrides], tables=TABLES)
    return [simulated(run) for run in runs]


def fits(observed: History, runs: Sequence[History]) -> list[dict[str, Any]]:
    """Set each series of the central run, the first, beside what was published; the others give the interval."""
    rows = []
    for series in SERIES:
        days = [day for day in observed[series.name] if day in runs[0][series.name]]
        days = [day for day in days if day > min(runs[0]["detained"])]
        if not days:
            continue
        truth = np.array([observed[series.name][day] for day in days])
        every = np.array([[run[series.name][day] for day in days] for run in runs])
        relative = every[0] / truth - 1
        worst = int(np.argmax(np.abs(relative)))
        low, high = np.quantile(every, [0.05, 0.95], axis=0)
        rows.append(
            {
                "series": series.name,
                "what": series.what,
                "points": len(days),
                "mean_error": float(relative.mean()),
                "mean_absolute_error": float(np.abs(relative).mean()),
                "tolerance": series.tolerance,
                "within": float((np.abs(relative) <= series.tolerance).mean()),
                "covered": float(((truth >= low) & (truth <= high)).mean()) if len(runs) > 1 else None,
                "worst": float(relative[worst]),
                "worst_day": days[worst],
            }
        )
    return rows


def movement(event: Event, observed: History, run: History) -> dict[str, Any]:
    """Compare a movement of the run with the published one, between the published days nearest to those of the event."""
    series = observed[event.series]
    ends = [nearest(series, day, within=31) for day in (event.first, event.last)]
    row: dict[str, Any] = {"event": event.name, "what": event.what, "published": None, "model": None, "inside": False}
    if ends[0] is None or ends[1] is None:
        return row
    (first, before), (last, after) = ends[0], ends[1]
    row |= {"first": first, "last": last, "published": after - before}
    if first not in run[event.series] or last not in run[event.series]:
        return row
    model = run[event.series][last] - run[event.series][first]
    same_sign = model * (after - before) > 0
    close = not isfinite(event.tolerance) or abs(model - (after - before)) <= event.tolerance * abs(after - before)
    return row | {"model": model, "inside": bool(same_sign and close)}


def forecasts(observed: History, runs: Sequence[History], origin: str) -> list[dict[str, Any]]:
    """Forecast each series one and two years after an origin, beside the last value and the linear trend."""
    rows = []
    for name in FORECAST:
        for years in (1, 2):
            found = nearest(observed[name], f"{int(origin[:4]) + years}{origin[4:]}")
            if found is None or found[0] not in runs[0][name]:
                continue
            day, truth = found
            values = np.array([run[name][day] for run in runs])
            low, high = np.quantile(values, [0.05, 0.95]).tolist() if len(runs) > 1 else (nan, nan)
            rows.append(
                {
                    "origin": origin,
                    "series": name,
                    "years": years,
                    "day": day,
                    "published": truth,
                    "model": float(values[0]),
                    "low": low,
                    "high": high,
                    "last_value": last_value(observed[name], origin),
                    "linear_trend": linear_trend(observed[name], origin, day),
                }
            )
    return rows


def errors(rolling: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Mean absolute error of each forecaster, as a share of the published figure, over the origins all three can answer."""
    rows = []
    for name in FORECAST:
        for years in (1, 2):
            chosen = [row for row in rolling if row["series"] == name and row["years"] == years]
            chosen = [row for row in chosen if isfinite(row["last_value"]) and isfinite(row["linear_trend"])]
            if not chosen:
                continue
            row: dict[str, Any] = {"series": name, "years": years, "origins": len(chosen)}
            for who in ("model", "last_value", "linear_trend"):
                row[who] = float(np.mean([abs(one[who] / one["published"] - 1) for one in chosen]))
            told = [one for one in chosen if isfinite(one["low"])]
            inside = [one["low"] <= one["published"] <= one["high"] for one in told]
            rows.append(row | {"covered": float(np.mean(inside)) if told else None})
    return rows
