"""The same scenario over other dates, or with a sample of the country."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.dates import iso, parse_day
from sim.errors import RequestError
from sim.scenario.changing import left_out
from sim.scenario.readers import read_too_late, reader_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario import Scenario

_FIELDS = {"start": "start_day", "measure_from": "measure_from_day", "end": "end_day"}


def adapted(scenario: Scenario, *, days: Mapping[str, str | None], fraction: float | None = None) -> Scenario:
    """Return a scenario over other dates and at another sampling fraction; what is None stays.

    Parameters
    ----------
    days
        ISO dates by ``start``, ``measure_from``, ``end``.
    fraction
        Share of the country simulated, above 0 and at most 1.

    Raises
    ------
    RequestError
        If a date or the fraction makes no sense, or a change of the scenario would never come, or after it was read.
    """
    changes: dict[str, int | float] = {}
    for name, text in days.items():
        if text is not None:
            try:
                changes[_FIELDS[name]] = parse_day(text)
            except ValueError:
                msg = f"--{name.replace('_', '-')}: met {text!r}, expected a date such as 2026-07-01."
                raise RequestError(msg) from None
    if fraction is not None:
        if not 0 < fraction <= 1:
            msg = f"--fraction: met {fraction:g}, expected more than 0 and at most 1 (0.05 for one person in twenty)."
            raise RequestError(msg)
        changes["sampling_fraction"] = fraction
    if not changes:
        return scenario
    result: Scenario = replace(scenario, **changes)  # type: ignore[arg-type]
    if not result.start_day <= result.measure_from_day < result.end_day:
        msg = (
            f"scenario '{scenario.name}': start {iso(result.start_day)}, measure_from {iso(result.measure_from_day)}, "
            f"end {iso(result.end_day)}: expected them in that order. Give --start, --measure-from and --end together."
        )
        raise RequestError(msg)
    begun = _begun(scenario)
    days_begun = [day for day, _ in begun]
    for day, what in begun:
        inside = result.start_day <= day <= result.end_day
        if not inside and not left_out(day, days_begun, result.start_day, result.end_day):
            msg = (
                f"scenario '{scenario.name}': '{what}' changes on {iso(day)}, outside the run that was asked for "
                f"({iso(result.start_day)} to {iso(result.end_day)}): it would have no effect. Ask for dates that "
                f"hold it."
            )
            raise RequestError(msg)
    for change in scenario.changes:
        days_read = {"start": result.start_day, "measure_from": result.measure_from_day}
        late = read_too_late(change.path, reader_of(change.path), change.on_day, days_read)
        if late is not None:
            msg = f"scenario '{scenario.name}': {late}."
            raise RequestError(msg)
    return result


def steps_left_out(scenario: Scenario) -> list[str]:
    """Say what a scenario changes or begins after the end of the run, and is not in it: one sentence a value or behaviour."""
    begun = _begun(scenario)
    late: dict[str, list[str]] = {}
    for day, what in begun:
        if left_out(day, [other for other, _ in begun], scenario.start_day, scenario.end_day):
            late.setdefault(what, []).append(iso(day))
    inside = {what for day, what in begun if day <= scenario.end_day}
    return [
        f"scenario '{scenario.name}': '{what}' {'goes on changing' if what in inside else 'begins'} after the end, on "
        f"{', '.join(days)}: not in this run."
        for what, days in late.items()
    ]


def _begun(scenario: Scenario) -> list[tuple[int, str]]:
    """Return what a scenario changes, which behaviours begin and which prisons are moved, with their days."""
    changes = [(change.on_day, change.path) for change in scenario.changes]
    prisons = [(min(each.days()), each.name) for each in scenario.establishments]
    return [*changes, *((call.on_day, call.name) for call in scenario.policies), *prisons]
