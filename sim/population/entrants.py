"""Monthly cohorts: the people of one month, thinned from candidates that are the same in every scenario.

Each month and stream has a fixed list of candidates (their number is drawn once, from a ceiling no policy moves); a
candidate enters if its luck is below *rate ÷ ceiling* on its day. Ten per cent fewer committals therefore removes a tenth
of the persons and leaves the others themselves, and identifiers never depend on the scenario.

The rates of the scenario are those of the published totals. The people the model itself released come back by their own
hazard (``pathways.after_release``); what the baseline makes return is taken off the exogenous streams (decision 0008), by a
dated parameter measured on the baseline, so that a policy that changes returns changes entries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import pdtrik

from sim.dates import DAYS_PER_YEAR, day_of, first_of_next_month, month_of_year, year_of
from sim.population.attributes import (
    STREAMS,
    Attributes,
    draw_person,
    draw_stay,
)
from sim.population.person import ATTRIBUTES, Person, fill

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.randomness import Draws
    from sim.scenario import Scenario

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

FIRST_ENTRANT = 1_000_000
"""Identifiers below belong to the initial stock."""

_PER_STREAM = 20_000
_PER_MONTH = _PER_STREAM * len(STREAMS)
_EPOCH_YEAR = 2010

POOL_OUTCOMES = ("DDSE", "SL", "PE", "converted", "lapsed", "enforced")
"""What becomes of a free convict before the judge (art. 723-15): a measure, a conversion, nothing, or the cell."""


class Entrants:
    """The flows of one replication.

    Parameters
    ----------
    home_shares
        Cumulative shares of the remand prisons people are committed to, shape ``(n_quarters,)``, with their quarters.
    """

    def __init__(self, scenario: Scenario, draws: Draws, home_shares: tuple[Floats, Ints]) -> None:
        self.scenario = scenario
        self.draws = draws
        self.home_shares, self.home_quarters = home_shares
        self.fraction = scenario.sampling_fraction
        season = np.array(scenario.numbers("flows.season"))
        self.season = season / season.mean()

    def month(self, first_day: int) -> list[tuple[int, Person]]:
        """People committed, or convicted free, in the month that begins on ``first_day``.

        Returns
        -------
            ``(day, person)`` pairs in the order of identifiers; ``person.stream`` says how they come.
        """
        end = first_of_next_month(first_day)
        columns = [self._candidates(code, first_day, end) for code in range(len(STREAMS))]
        ids = np.concatenate([c[0] for c in columns])
        days = np.concatenate([c[1] for c in columns])
        stream = np.repeat(np.arange(len(STREAMS)), [len(c[0]) for c in columns])
        if not len(ids):
            return []
        attributes = Attributes.read(self.scenario, first_day)
        drawn = draw_person(self.draws, ids, days, attributes.who)
        drawn |= draw_stay(self.draws, ids, 0, stream, attributes, returning=False)
        drawn["home_quarter"] = self.home(drawn.pop("home_place"))
        return list(zip(days.tolist(), people(ids, stream, drawn), strict=True))

    def home(self, place: Floats) -> Ints:
        """Quarter of the remand prison of each person's home."""
        found = np.searchsorted(self.home_shares, place, side="right")
        return np.asarray(self.home_quarters[np.minimum(found, len(self.home_quarters) - 1)])

    def returning(self, persons: Sequence[Person], first_day: int) -> None:
        """Draw a new stay, in place, for people who come back in the month that begins on ``first_day``."""
        if not persons:
            return
        ids = np.array([p.id for p in persons])
        stays = np.array([p.stay for p in persons])
        shares = self.scenario.table("flows.returns.stream_share", first_day)
        luck = self.draws.uniform("return.stream", ids, stays)
        weights = np.cumsum([shares.get(name, 0.0) for name in STREAMS])
        stream = np.minimum(np.searchsorted(weights / weights[-1], luck, side="right"), len(STREAMS) - 1)
        attributes = Attributes.read(self.scenario, first_day)
        drawn = draw_stay(self.draws, ids, stays, stream, attributes, returning=True)
        names = list(drawn)
        rows = zip(*(drawn[name].tolist() for name in names), strict=True)
        for person, code, row in zip(persons, stream.tolist(), rows, strict=True):
            person.stream = code
            for name, value in zip(names, row, strict=True):
                setattr(person, name, value)

    def _candidates(self, stream: int, first_day: int, end: int) -> tuple[Ints, Ints]:
        """Identifiers and days of those who enter, for one stream and one month."""
        name = STREAMS[stream]
        length = end - first_day
        ceiling = self.scenario.number(f"flows.candidates.{name}")
        month = (year_of(first_day) - _EPOCH_YEAR) * 12 + month_of_year(first_day) - 1
        first = FIRST_ENTRANT + month * _PER_MONTH + stream * _PER_STREAM
        luck = self.draws.one(self.draws.key(f"flows.number.{name}"), first)
        mean = ceiling * length / DAYS_PER_YEAR * self.fraction
        number = min(int(np.ceil(pdtrik(min(max(luck, 1e-9), 1 - 1e-9), mean))), _PER_STREAM) if mean > 0 else 0
        ids = np.arange(first, first + number)
        days = first_day + (self.draws.uniform("flows.day", ids) * length).astype(np.int64)
        keep = self.draws.uniform("flows.kept", ids) < self.rate(stream, first_day) / ceiling
        return ids[keep], days[keep]

    def rate(self, stream: int, day: int) -> float:
        """Committals a year of one stream at this time, season included, baseline returns taken off."""
        name = STREAMS[stream]
        yearly = self.scenario.number(f"flows.committals.{name}", day)
        yearly *= float(self.season[month_of_year(day) - 1])
        share = self.scenario.table("flows.returns.stream_share", day).get(name, 0.0)
        return max(0.0, yearly - share * self.scenario.number("flows.returns.expected_per_year", day))


def people(ids: Ints, stream: Ints, drawn: dict[str, NDArray[Any]]) -> list[Person]:
    """Turn columns into persons, in the order given (plain Python values: no NumPy scalar enters the loop)."""
    columns = [drawn[name].tolist() for name in ATTRIBUTES]
    found = []
    for identifier, code, values in zip(ids.tolist(), stream.tolist(), zip(*columns, strict=True), strict=True):
        person = Person(identifier)
        person.stream = code
        fill(person, values)
        found.append(person)
    return found


def month_starts(start_day: int, end_day: int) -> list[int]:
    """First days of the months that touch ``[start_day, end_day)``."""
    from sim.dates import first_of_month  # noqa: PLC0415 - one caller, keeps the header short

    starts = [first_of_month(start_day)]
    while (following := first_of_next_month(starts[-1])) < end_day:
        starts.append(following)
    return starts


__all__ = ["FIRST_ENTRANT", "POOL_OUTCOMES", "Entrants", "day_of", "month_starts", "people"]
