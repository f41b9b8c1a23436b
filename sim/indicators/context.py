"""What an indicator must be told besides the tables: window, weight, prices, the model of reconviction."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import DAYS_PER_YEAR, date_of, parse_day, year_of
from sim.reconviction import ReconvictionModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

MEASURED = "measured"
"""Label of the default window, from ``measure_from`` to the end of the run."""


@dataclass(frozen=True)
class Price:
    """A cost in euros, with its plausible range."""

    low: float
    central: float
    high: float


@dataclass(frozen=True)
class Prices:
    """What is paid for beside the days of people (:mod:`sim.indicators.costs`)."""

    marginal_day: Mapping[str, Price]
    """Euros that one day more costs, by place."""
    contracts: Mapping[str, str]
    """Regimes whose days are bought under contract, and the item of the means that they are."""
    supervised: str
    """Regime of who is supervised and nothing more, as people on probation are."""
    staff_year: Mapping[str, Price]
    """Euros a year of a post of each other grade of the probation service."""
    idle_inside: Price
    """Posts of counsellors who hold no files, for one who does, inside prisons."""
    idle_outside: Price
    building: Mapping[str, Price]
    """Euros to build a place, by kind of quarter."""
    place_years: Price
    """Years that a place lasts."""
    budget: Mapping[str, float]
    """Million euros a year of budget lines."""

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Prices:
        """Rebuild from the manifest."""
        tables, alone = ("marginal_day", "staff_year", "building"), ("idle_inside", "idle_outside", "place_years")
        fields: dict[str, Any] = {name: {key: Price(**price) for key, price in plain[name].items()} for name in tables}
        fields |= {name: Price(**plain[name]) for name in alone}
        return cls(**fields, **{name: plain[name] for name in ("contracts", "supervised", "budget")})


@dataclass(frozen=True)
class Window:
    """A span of days over which an indicator is taken."""

    label: str
    start_day: int
    """First day, included."""
    stop_day: int
    """Day after the last."""
    years: float
    """Its length, by which yearly figures are divided: exactly 1 for a calendar year."""


@dataclass(frozen=True)
class Context:
    """What the tables of one run do not say themselves. Plain data, kept in the run's manifest."""

    start_day: int
    measure_from_day: int
    end_day: int
    """Last day of the run, included."""
    weight: float
    """Real people for one simulated person: 1 / sampling fraction."""
    boards: tuple[str, ...]
    """Procedures decided by the board (CAP): the others are heard by the judge (art. 712-6)."""
    cost_per_day: Mapping[str, Price]
    """Euros per person and day, by place: ``cell`` and each regime of the run."""
    counsellor_year: Price | None
    """Euros per counsellor's post and year."""
    reconviction: ReconvictionModel | None
    levers: Mapping[str, float] = field(default_factory=lambda: {"housing": 0.0, "preparation": 0.0})
    """θ of lodging found by someone who had none, and of a file prepared, under ``central`` (0: off)."""
    lever_changes: tuple[tuple[int, Mapping[str, float]], ...] = ()
    """The same of people who leave from a later day on, in the order of days."""
    open_caseload: float = 0.0
    """Effect of the load of the open setting on the log hazard, per ln(load / usual load), under ``central`` (0: off)."""
    contact: float = 0.0
    """Effect of an interview more than usual on the log hazard, under ``central`` (0: off)."""
    usual_load: float = 97.0
    """People for one counsellor of the open setting at which the published curve of reconviction holds."""
    first_appointment_days: float = 18.0
    """Wait for the first appointment in the open setting at that load."""
    prison: Mapping[str, float] = field(default_factory=dict)
    """What time inside and earlier stays do to the log hazard, under ``central``; nothing: off."""
    programmes: Mapping[str, float] = field(default_factory=dict)
    """What a programme does to the log hazard, under ``central``: ``at_risk`` from ``risk_score`` on, ``low_risk`` below."""
    programme: Price | None = None
    """Euros for one person whom a programme takes."""
    hearing: Price | None = None
    """Euros per hearing slot offered."""
    lodging_day: Price | None = None
    """Euros per place to live in and day."""
    judges: float = 0.0
    """Enforcement judges in post, those that a scenario adds included."""
    judge_hearings: float = 0.0
    """Files one of them hears in a year; 0 if it is not known."""
    floor_factor: float = 0.345
    """People on the floor for one above capacity, per unit of density above 1 (figures.md §7.8)."""

    def lever(self, name: str, day: NDArray[np.int64]) -> NDArray[np.float64]:
        """θ of a lever for people who leave on some days, shape of ``day``."""
        days = np.array([since for since, _ in self.lever_changes], dtype=np.int64)
        values = np.array([self.levers[name], *(levers[name] for _, levers in self.lever_changes)])
        found: NDArray[np.float64] = values[np.searchsorted(days, day, side="right")]
        return found

    prices: Prices | None = None
    """Prices of what is paid for beside days, if they are known."""
    steps: Mapping[str, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    """What the tables do not hold, by name: from which day on, how many (other grades, hearings of extra judges elsewhere)."""

    def mean_of(self, name: str, window: Window) -> float:
        """Mean over a window of one of :attr:`steps`; 0 of what is not there."""
        steps = self.steps.get(name, ())
        total = 0.0
        for position, (day, number) in enumerate(steps):
            until = steps[position + 1][0] if position + 1 < len(steps) else window.stop_day
            first = window.start_day if position == 0 else max(day, window.start_day)
            total += number * max(0, min(until, window.stop_day) - first)
        return total / (window.stop_day - window.start_day)

    def windows(self) -> tuple[Window, ...]:
        """List the windows: the measured one, then each calendar year that the run covers whole."""
        measured_days = self.end_day + 1 - self.measure_from_day
        found = [Window(MEASURED, self.measure_from_day, self.end_day + 1, measured_days / DAYS_PER_YEAR)]
        for year in range(year_of(self.start_day), year_of(self.end_day) + 1):
            first, after = parse_day(f"{year}-01-01"), parse_day(f"{year + 1}-01-01")
            if self.start_day <= first and after <= self.end_day + 1:
                found.append(Window(str(year), first, after, 1.0))
        return tuple(found)

    def to_plain(self) -> dict[str, Any]:
        """Return plain data for the manifest."""
        plain = asdict(self)
        plain["boards"] = list(self.boards)
        plain["lever_changes"] = [[day, dict(levers)] for day, levers in self.lever_changes]
        plain["reconviction"] = None if self.reconviction is None else self.reconviction.to_plain()
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Context:
        """Rebuild from the manifest."""
        fields = dict(plain)
        fields["boards"] = tuple(fields["boards"])
        fields["lever_changes"] = tuple((day, levers) for day, levers in fields.get("lever_changes", ()))
        fields["cost_per_day"] = {place: Price(**price) for place, price in fields["cost_per_day"].items()}
        if fields["counsellor_year"] is not None:
            fields["counsellor_year"] = Price(**fields["counsellor_year"])
        if fields["hearing"] is not None:
            fields["hearing"] = Price(**fields["hearing"])
        for name in ("lodging_day", "programme"):
            if fields.get(name) is not None:
                fields[name] = Price(**fields[name])
        if fields.get("prices") is not None:
            fields["prices"] = Prices.from_plain(fields["prices"])
        fields["steps"] = {name: tuple((day, n) for day, n in steps) for name, steps in fields.get("steps", {}).items()}
        if fields["reconviction"] is not None:
            fields["reconviction"] = ReconvictionModel.from_plain(fields["reconviction"])
        return cls(**fields)

    def describe_window(self) -> str:
        """Say what the measured window is, in dates."""
        return f"{date_of(self.measure_from_day).isoformat()} to {date_of(self.end_day).isoformat()}"
