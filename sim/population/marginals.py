"""Published marginals beside those of the people the model draws, before any run: what ``docs/population.md`` shows.

Each row is one published figure and the same quantity reckoned on a cohort of the year it speaks of. What depends on the
pathways (adjusted releases, waits, stocks after the first day) is not here: those are results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.dates import parse_day
from sim.population.attributes import STREAMS, Attributes, Stream, draw_person, draw_stay
from sim.population.drawing import OFFENCES
from sim.population.entrants import Entrants
from sim.population.further_sentences import Further, past
from sim.population.initial_stock import Stock
from sim.population.risk import reconviction_model
from sim.randomness import Draws

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.scenario import Scenario

    Columns = dict[str, NDArray[Any]]

_PEOPLE = 40_000
_FOUND = 8_000
_CELL = ("fast_track", "investigation", "sentenced")
_MONTH = 365.25 / 12


class Row(NamedTuple):
    """One published figure beside the model's."""

    part: str
    what: str
    published: float
    model: float
    unit: str
    """``%``, ``months``, ``people/year`` or ``people``."""
    tolerance: float
    """Half-width within which the two are said to agree, in the unit."""
    source: str

    @property
    def agrees(self) -> bool:
        """Whether the model is within the tolerance."""
        return abs(self.model - self.published) <= self.tolerance


def marginals(scenario: Scenario, seed: int = 1) -> list[Row]:
    """Reckon every row."""
    return [
        *_who(scenario, seed),
        *_risk(scenario, seed),
        *_flows(scenario),
        *_sentences(scenario, seed),
        *_stock(scenario, seed),
    ]


def cohort(scenario: Scenario, day: int, streams: tuple[str, ...], seed: int = 1, *, enforced: bool = False) -> Columns:
    """Draw people in the mix of some streams on a day, with their stream: one column of shape ``(40000,)`` each.

    With ``enforced``, free convicts count by the share of them that goes to a cell.
    """
    attributes = Attributes.read(scenario, day)
    rates = np.array([scenario.number(f"flows.committals.{name}", day) if name in streams else 0.0 for name in STREAMS])
    if enforced:
        rates[Stream.FREE_CONVICT] *= scenario.table("flows.pool.outcome", day)["enforced"]
    ids = np.arange(_PEOPLE)
    stream = np.searchsorted(np.cumsum(rates / rates.sum()), (ids + 0.5) / _PEOPLE)
    draws = Draws(seed, 0)
    drawn = draw_person(draws, ids, np.full(_PEOPLE, day), attributes.who, attributes.joint)
    drawn |= draw_stay(draws, ids, 0, stream, attributes, returning=False)
    return drawn | {"stream": stream, "age": (day - drawn["birth_day"]) / 365.25}


def _percent(chosen: NDArray[np.bool_]) -> float:
    return 100.0 * float(chosen.mean())


def _who(scenario: Scenario, seed: int) -> Iterator[Row]:
    people = cohort(scenario, parse_day("2023-06-01"), _CELL, seed)
    yield Row("Who", "women", 3.7, _percent(people["female"]), "%", 0.3, "DAP, 2023 (stock)")
    yield Row("Who", "foreign nationals", 23.0, _percent(people["foreign"]), "%", 1.5, "DAP, March 2025 (stock)")
    yield Row("Who", "under 30", 50.0, _percent(people["age"] < 30), "%", 3.0, "SSER, releases of 2016")
    yield Row("Who", "homeless at entry", 9.0, _percent(people["homeless"]), "%", 0.5, "Aurore 2019")
    without = _percent(people["lodging_day"] > 0)
    yield Row("Who", "without a solution for lodging at exit", 23.0, without, "%", 1.0, "Aurore 2019")
    convicted = people["convicted"]
    for name, published in (("property", 35.0), ("drugs", 16.0)):
        found = _percent(people["offence"][convicted] == OFFENCES.index(name))
        yield Row("Who", f"{name} offences", published, found, "%", 3.0, "SSER, releases of 2016")
    persons = np.isin(people["offence"][convicted], [OFFENCES.index(n) for n in ("violence", "sexual", "homicide")])
    yield Row("Who", "offences against persons", 29.0, _percent(persons), "%", 4.0, "SSER, releases of 2016")


def _risk(scenario: Scenario, seed: int) -> Iterator[Row]:
    people = cohort(scenario, parse_day("2018-06-01"), _CELL, seed)
    model = reconviction_model(scenario)
    route = (np.zeros(_PEOPLE, dtype=np.int64), np.full(_PEOPLE, -1))
    columns = (people["score"], people["seen"], people["unseen"])
    within = {m: 100.0 * model.probability(*columns, *route, months=m, assumption="none") for m in (12, 36, 60)}
    for months, published in ((12, 34.6), (36, 55.4), (60, 62.9)):
        found = float(within[months].mean())
        yield Row("Reconviction", f"within {months} months", published, found, "%", 1.5, "SSER, releases of 2016")
    groups = (
        ("under 25, five years", 60, people["age"] < 25, 77.0),
        ("55 and over, five years", 60, people["age"] >= 55, 29.0),
        ("women, five years", 60, people["female"], 42.0),
        ("men, five years", 60, ~people["female"], 64.0),
        ("aged 18 to 20, one year", 12, (people["age"] >= 18) & (people["age"] < 21), 55.0),
        ("property offences, one year", 12, people["offence"] == OFFENCES.index("property"), 43.0),
        ("sexual offences, one year", 12, people["offence"] == OFFENCES.index("sexual"), 12.0),
    )
    for what, months, chosen, published in groups:
        found = float(within[months][chosen].mean())
        yield Row("Reconviction", what, published, found, "%", 3.0, "SSER, releases of 2016 (recidivism.md §1.1)")


def _flows(scenario: Scenario) -> Iterator[Row]:
    for year, published in ((2019, 78_742.0), (2023, 78_151.0), (2025, 79_600.0)):
        day = parse_day(f"{year}-06-01")
        committed = sum(scenario.number(f"flows.committals.{name}", day) for name in _CELL)
        committed += (
            scenario.number("flows.committals.free_convict", day) * scenario.table("flows.pool.outcome", day)["enforced"]
        )
        committed += (
            scenario.number("flows.committals.ab_initio", day) * scenario.table("flows.ab_initio.outcome", day)["enforced"]
        )
        source = "DAP (4 times the last quarter)" if year == 2025 else "DAP"
        what = f"entries into detention, {year} (recalls left out)"
        yield Row("Flows", what, published, committed, "people/year", 4_000.0, source)
    for year, published in ((2019, 3.0), (2023, 30.0)):
        day = parse_day(f"{year}-06-01")
        court = scenario.number("flows.committals.ab_initio", day) * scenario.table("flows.ab_initio.outcome", day)["DDSE"]
        total = 28_000.0 if year == 2019 else 40_000.0
        yield Row(
            "Flows", f"DDSE of the court among all, {year}", published, 100 * court / total, "%", 3.0, "Cour des comptes 2025"
        )
    day = parse_day("2023-06-01")
    firm = sum(
        scenario.number(f"flows.committals.{name}", day)
        * (1 - scenario.table("population.remand.no_sentence_share", day).get(name, 0))
        for name in STREAMS
    )
    yield Row("Flows", "firm prison sentences, 2023", 128_431.0, firm, "people/year", 8_000.0, "Ministry of Justice")
    none = sum(
        scenario.number(f"flows.committals.{name}", day) * share
        for name, share in scenario.table("population.remand.no_sentence_share", day).items()
    )
    yield Row("Flows", "exits without a sentence to serve", 18_000.0, none, "people/year", 3_000.0, "figures.md §7.4")


def _sentences(scenario: Scenario, seed: int) -> Iterator[Row]:
    for year, published in ((2020, 9.5), (2021, 9.6), (2022, 9.9), (2023, 10.2)):
        people = cohort(scenario, parse_day(f"{year}-10-01"), STREAMS, seed)
        firm = people["convicted"] | (people["stream"] == Stream.FREE_CONVICT)
        mean = float(people["total_months"][firm & ~people["felony"]].mean())
        yield Row("Sentences", f"mean firm part of délits, {year}", published, mean, "months", 1.0, "Ministry of Justice")
    people = cohort(scenario, parse_day("2018-06-01"), (*_CELL, "free_convict"), seed, enforced=True)
    free = people["stream"] == Stream.FREE_CONVICT
    remand, convicted = np.where(free, 0, people["remand_days"]), people["convicted"] | free
    share = scenario.number("stock.served_share")
    served = people["total_months"] * _MONTH * share
    span = np.where(convicted, np.maximum(served - remand, 0.0), 0.0)
    further = Further.read(scenario, parse_day("2018-06-01"))
    others = past(Draws(seed, 0), np.arange(_PEOPLE), people, further, span, _MONTH * share)
    held = remand + others.span
    for what, limit, published in (("under six months", 183, 40.0), ("under a year", 365, 67.0)):
        found = _percent(held < limit)
        yield Row("Sentences", f"time held {what}, without measures", published, found, "%", 6.0, "SSER, releases of 2016")


def _stock(scenario: Scenario, seed: int) -> Iterator[Row]:
    day = parse_day("2020-01-01")
    stock = Stock(Entrants(scenario, Draws(seed, 0), (np.array([1.0]), np.array([0]))), day)
    # In the proportions of the published stocks: people serving in a cell, and those at home under DDSE.
    cell, home = scenario.number("stock.serving", day), scenario.number("stock.measures.DDSE", day)
    at_home = round(_FOUND * home / (cell + home))
    months = np.concatenate(
        [stock.serving_columns(_FOUND - at_home)[0]["total_months"], stock.at_home_columns(at_home)[0]["total_months"]]
    )
    source = "figures.md §2.4, about 2019-2020, from memory"
    bands = (
        ("under 6 months", 0, 6, 17.0),
        ("6 to 12 months", 6, 12, 24.0),
        ("1 to 3 years", 12, 36, 28.0),
        ("3 to 5 years", 36, 60, 9.0),
        ("5 to 10 years", 60, 120, 11.0),
        ("10 years and over", 120, 9_999, 11.8),
    )
    for what, low, high, published in bands:
        found = _percent((months >= low) & (months < high))
        yield Row("First day", f"sentenced under committal, firm part {what}", published, found, "%", 5.0, source)
