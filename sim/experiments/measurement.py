"""What the indicators of a scenario must be told, read from the scenario and the law."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.errors import ScenarioError
from sim.indicators.context import Context, Price, Prices
from sim.indicators.costs import CELL, DEVICES, EXTERNAL
from sim.institutions.working_week import GRADES
from sim.law.adjustments import ADJUSTMENTS, regimes_of
from sim.population.risk import reconviction_model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.reconviction import ReconvictionModel
    from sim.scenario import Scenario

PER_DAY = "costs.per_day"
MARGINAL = "costs.marginal_day"
COUNSELLOR_YEAR = "costs.counsellor_year"
HEARING = "costs.hearing"
LODGING_DAY = "costs.lodging_day"
PROGRAMME = "costs.programme"
LEVERS = "reconviction.levers"
STAFF = "means.support.posts"
BOUGHT = {"devices": DEVICES, "PE": EXTERNAL}
"""Kinds of places whose days are bought from others, and the item of the means that they are."""
PRISON = ("per_month", "per_stay", "usual_months", "usual_stays", "most_months", "most_stays")
PROGRAMMES = ("at_risk", "low_risk", "risk_score")
COURTS = "means.enforcement_courts"
JUDGES = tuple(f"{COURTS}.{name}" for name in ("extra_judges", "sittings_a_year", "files_a_sitting", "extra_judges_share"))


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
        prison={name: scenario.number(f"reconviction.prison.{name}", day) for name in PRISON},
        programmes={name: scenario.number(f"reconviction.programmes.{name}", day) for name in PROGRAMMES},
        programme=_price(scenario, PROGRAMME),
        usual_load=scenario.number("means.open_setting.usual_load", day),
        prices=_prices(scenario, (CELL, *regimes)),
        steps={
            **{grade: _steps(scenario, (STAFF,), partial(_entry, scenario, STAFF, grade)) for grade in GRADES},
            "hearings_elsewhere": _steps(scenario, JUDGES, partial(_hearings_elsewhere, scenario)),
        },
        first_appointment_days=scenario.number("means.open_setting.first_appointment_days", day),
    )


def _levers(scenario: Scenario, day: int) -> dict[str, float]:
    """θ of each lever for people who leave on a day."""
    return {name: scenario.timeline(f"{LEVERS}.{name}").at(day) for name in ("housing", "preparation")}


def _lever_days(scenario: Scenario, first: int) -> list[int]:
    """Days after the first measured on which one of them changes."""
    days = {day for name in ("housing", "preparation") for day in scenario.timeline(f"{LEVERS}.{name}").days}
    return sorted(day for day in days if first < day <= scenario.end_day)


def _prices(scenario: Scenario, places: Sequence[str]) -> Prices:
    """What is paid for beside the days of people, in prices of the first measured day."""
    day = scenario.measure_from_day

    def table(path: str) -> dict[str, Price]:
        return {entry: _price(scenario, f"{path}.{entry}") for entry in scenario.table(path, day)}

    return Prices(
        contracts={regime.code: BOUGHT[regime.places] for regime in regimes_of(ADJUSTMENTS) if regime.places in BOUGHT},
        supervised=next(regime.code for regime in regimes_of(ADJUSTMENTS) if regime.ends_committal),
        marginal_day={place: _price(scenario, f"{MARGINAL}.{place}") for place in places},
        staff_year=table("costs.staff_year"),
        idle_inside=_price(scenario, "costs.posts_without_files.inside"),
        idle_outside=_price(scenario, "costs.posts_without_files.outside"),
        building=table("costs.place_building"),
        place_years=_price(scenario, "costs.place_years"),
        budget=dict(scenario.table("costs.budget", day)),
    )


def _steps(scenario: Scenario, paths: Sequence[str], value: Callable[[int], float]) -> tuple[tuple[int, float], ...]:
    """Values that hold from a day on, on every day one of some parameters changes."""
    leaves = scenario.parameters()
    days = sorted({scenario.start_day, *(day for path in paths for day in leaves[path].timeline.days)})
    return tuple((day, value(day)) for day in days if scenario.start_day <= day <= scenario.end_day)


def _entry(scenario: Scenario, path: str, entry: str, day: int) -> float:
    return float(scenario.table(path, day)[entry])


def _hearings_elsewhere(scenario: Scenario, day: int) -> float:
    """Hearings a year that extra judges hold of free convicts and of the open setting; those in prisons are in the tables."""
    extra, sittings, files, shares = JUDGES
    added = scenario.number(extra, day) * scenario.number(sittings, day) * scenario.number(files, day)
    table = scenario.table(shares, day)
    return added * (1.0 - table["prisons"] / (sum(table.values()) or 1.0))


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
