"""What the indicators of a scenario must be told, read from the scenario and the law."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import ScenarioError
from sim.indicators.context import Context, Price
from sim.indicators.costs import CELL
from sim.law.adjustments import ADJUSTMENTS
from sim.population.risk import reconviction_model

if TYPE_CHECKING:
    from sim.reconviction import ReconvictionModel
    from sim.scenario import Scenario

PER_DAY = "costs.per_day"
COUNSELLOR_YEAR = "costs.counsellor_year"
HEARING = "costs.hearing"
LODGING_DAY = "costs.lodging_day"
LEVERS = "reconviction.levers"
COURTS = "means.enforcement_courts"


def context_for(scenario: Scenario) -> Context:
    """Gather what a scenario's runs are measured with; see :func:`context_of`."""
    return context_of(scenario, reconviction_model(scenario))


def context_of(scenario: Scenario, reconviction: ReconvictionModel | None) -> Context:
    """Gather the windows, weight, prices and model of reconviction with which a scenario's runs are measured.

    Raises
    ------
    ScenarioError
        If the price of a place is missing, or has no range.
    """
    regimes = dict.fromkeys(regime.code for adjustment in ADJUSTMENTS for regime in adjustment.regimes)
    day = scenario.measure_from_day
    return Context(
        start_day=scenario.start_day,
        measure_from_day=scenario.measure_from_day,
        end_day=scenario.end_day,
        weight=1.0 / scenario.sampling_fraction,
        boards=tuple(adjustment.code for adjustment in ADJUSTMENTS if not adjustment.needs_hearing),
        cost_per_day={place: _price(scenario, f"{PER_DAY}.{place}") for place in (CELL, *regimes)},
        counsellor_year=_price(scenario, COUNSELLOR_YEAR),
        reconviction=reconviction,
        hearing=_price(scenario, HEARING),
        lodging_day=_price(scenario, LODGING_DAY),
        judges=sum(scenario.number(f"{COURTS}.{name}", day) for name in ("judges", "extra_judges")),
        judge_hearings=scenario.number(f"{COURTS}.sittings_a_year", day) * scenario.number(f"{COURTS}.files_a_sitting", day),
        floor_factor=scenario.number("means.establishments.floor_factor", day),
        levers=_levers(scenario, day),
        lever_changes=tuple((later, _levers(scenario, later)) for later in _lever_days(scenario, day)),
        open_caseload=scenario.number("reconviction.open_caseload", day),
        contact=scenario.number("reconviction.contact", day),
        usual_load=scenario.number("means.open_setting.usual_load", day),
        first_appointment_days=scenario.number("means.open_setting.first_appointment_days", day),
    )


def _levers(scenario: Scenario, day: int) -> dict[str, float]:
    """θ of each lever for people who leave on a day."""
    return {name: scenario.timeline(f"{LEVERS}.{name}").at(day) for name in ("housing", "preparation")}


def _lever_days(scenario: Scenario, first: int) -> list[int]:
    """Days after the first measured on which one of them changes."""
    days = {day for name in ("housing", "preparation") for day in scenario.timeline(f"{LEVERS}.{name}").days}
    return sorted(day for day in days if first < day <= scenario.end_day)


def _price(scenario: Scenario, path: str) -> Price:
    """Price on the first measured day: euros of one date, so that a difference is not one of price."""
    day = scenario.measure_from_day
    central = scenario.number(path, day)
    leaves = scenario.parameters()
    parent, _, entry = path.rpartition(".")
    bounds = leaves[path].bounds(day) if path in leaves else leaves[parent].bounds(day, entry)
    if bounds is None:
        msg = (
            f"scenario '{scenario.name}': {path}: met {central:g} without a range, expected `range: [low, high]`, "
            f"because costs are given with a low and a high estimate."
        )
        raise ScenarioError(msg)
    return Price(low=bounds[0], central=central, high=bounds[1])
