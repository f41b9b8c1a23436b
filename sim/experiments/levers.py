"""One lever of one scenario, moved to a setting and simulated: what target seeking evaluates."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import iso, parse_day
from sim.errors import RequestError, RunFolderError, ScenarioError
from sim.experiments.experiment import with_lines
from sim.experiments.replicate import Retention, ScenarioRun, fill
from sim.experiments.solve import Answer, Target, find_root
from sim.experiments.units import begin
from sim.records.manifest import describe_machine
from sim.scenario.library import find

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.experiments.execution import Backend
    from sim.experiments.progress import Listener
    from sim.scenario import Scenario

_PLACE = re.compile(r"^[^\s:]*:\d+: changes\[\d+\]\.\w+: ")


@dataclass(frozen=True)
class Search:
    """What is sought: the smallest move of ``lever`` from its value today to ``furthest`` that reaches the target."""

    scenario: str
    lever: str
    target: Target
    on: str | None
    """Day the target is about: its census where the output has one, else its year; None for the measured window."""
    moved: str | None
    """Day the lever moves; None for the first measured day."""
    furthest: float | None
    """Furthest setting tried; None for four times today's value."""
    tolerance: float | None
    """Settings closer than this are not told apart; None for a two-hundredth of the way."""
    replications: int
    seed: int


def of_file(search: Search, frame: Mapping[str, Any]) -> Callable[[float | None], Scenario]:
    """Return the scenarios that a search tries, from a scenario that has a name or a file.

    ``frame`` holds ``start``, ``measure_from``, ``end``, ``sampling_fraction`` if they are to be other than the scenario's.
    """
    file = find(search.scenario)
    base = with_lines(file, frame, [])

    def changed(setting: float | None) -> Scenario:
        if setting is None:
            return base
        return with_lines(file, frame, [{"on": iso(_moves(search, base)), "set": search.lever, "to": setting}])

    return changed


def _moves(search: Search, base: Scenario) -> int:
    """Day the lever moves."""
    return base.measure_from_day if search.moved is None else _day("--from", search.moved)


def seek(
    search: Search, changed: Callable[[float | None], Scenario], *, output: Path, means: Backend, listener: Listener
) -> Answer:
    """Find the smallest setting of a lever that reaches the target.

    Parameters
    ----------
    changed
        Gives the scenario with the lever at a setting; as it is today for None.

    Raises
    ------
    RequestError
        If the lever is no number, a day makes no sense, or a unit failed.
    """
    if search.replications < 2:
        msg = f"--replications: met {search.replications}, expected 2 or more: an interval needs them."
        raise RequestError(msg)
    if search.tolerance is not None and not 0 < search.tolerance < inf:
        msg = f"--tolerance: met {search.tolerance:g}, expected a number above 0."
        raise RequestError(msg)
    if search.furthest is not None and not isfinite(search.furthest):
        msg = f"--up-to: met {search.furthest:g}, expected a finite number."
        raise RequestError(msg)
    base = changed(None)
    if search.on is not None and not base.start_day <= _day("--on", search.on) <= base.end_day:
        msg = f"--on: met {search.on}, outside the run ({iso(base.start_day)} to {iso(base.end_day)})."
        raise RequestError(msg)
    today = base.number(search.lever, _moves(search, base))
    furthest = 4 * today if search.furthest is None else search.furthest
    if furthest == today:
        msg = f"--up-to: met {furthest:g}, which is the value of '{search.lever}' today: say how far it may go."
        raise RequestError(msg)
    _check_end(search, changed, furthest)
    made = describe_machine()
    root = output.resolve() / "solve"

    def evaluate(setting: float) -> NDArray[np.float64]:
        scenario = changed(None if setting == today else float(setting))
        scenario = replace(scenario, name=f"{base.name}+{search.lever.rpartition('.')[2]}={setting:.6g}")
        scenario_run = ScenarioRun(scenario, begin(scenario, search.seed, root, made))
        filled = fill(
            [scenario_run],
            range(search.replications),
            seed=search.seed,
            kept=Retention("none", (), current=True),
            means=means,
            listener=listener,
        )
        if filled.failures:
            raise RequestError(filled.failures[0].message)
        return _outputs(scenario_run, scenario, search)

    tolerance = abs(furthest - today) / 200 if search.tolerance is None else search.tolerance
    return find_root(evaluate, search.target, today, furthest, tolerance=tolerance)


def _check_end(search: Search, changed: Callable[[float | None], Scenario], furthest: float) -> None:
    """Check that the furthest setting is one the lever can have, before anything is run."""
    try:
        changed(float(furthest))
    except ScenarioError as problem:
        # The change is made here: its place in a file is nobody's line.
        why = _PLACE.sub("", str(problem))
        if search.furthest is not None:
            msg = f"--up-to: met {furthest:g}, which '{search.lever}' cannot be: {why}"
        else:
            met = f"four times '{search.lever}' today is {furthest:g}, which it cannot be"
            msg = f"--up-to: {met}: say how far it may go. {why}"
        raise RequestError(msg) from problem


def _day(option: str, text: str) -> int:
    try:
        return parse_day(text)
    except ValueError:
        msg = f"{option}: met {text!r}, expected a date such as 2026-07-01."
        raise RequestError(msg) from None


def _outputs(scenario_run: ScenarioRun, scenario: Scenario, search: Search) -> NDArray[np.float64]:
    frame = scenario_run.run.indicators()
    frame = frame[(frame["indicator"] == search.target.output) & (frame["group"] == search.target.group)]
    periods = list(dict.fromkeys(frame["period"]))
    period = "measured"
    if search.on is not None:
        period = search.on if search.on in periods else search.on[:4]
    found = frame[(frame["period"] == period) & (frame["replication"] < search.replications)]
    if found.empty:
        msg = (
            f"'{search.target.output}[{search.target.group}]' has no value for {search.on or 'the measured window'} in "
            f"a run of {iso(scenario.start_day)} to {iso(scenario.end_day)}. "
            f"Periods: {', '.join(periods[:12]) or 'none, there is no such group'}."
        )
        raise RequestError(msg)
    values = found.set_index("replication")["value"].reindex(range(search.replications))
    if values.isna().any():
        msg = (
            f"{scenario_run.run.path}: the output is missing in some replication: nobody was concerned. Use a larger fraction."
        )
        raise RunFolderError(msg)
    array: NDArray[np.float64] = values.to_numpy(dtype=np.float64)
    return array
