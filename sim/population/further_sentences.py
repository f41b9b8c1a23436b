"""Several sentences in one stay (*pluralité de peines*): how often another comes under committal, and how long it is.

The sentence a person is held for is one of those pronounced; others, pending elsewhere or pronounced since, and suspended
ones revoked, are put into execution during the stay. They come by a yearly rate that falls with the time since the judgment,
as what was pending is used up. What one does to the dates is :mod:`sim.pathways.further_sentences`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.dates import DAYS_PER_YEAR
from sim.population.attributes import STREAMS, LogNormal, lognormal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.randomness import Draws
    from sim.scenario import Scenario

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

PERIODS = ("first_quarter", "first_year", "later")
"""Periods of the stay since the judgment, and the days each ends at."""
UNTIL = (91.0, 365.0, 1e6)
MOST = 5
"""Further sentences looked for in the past of somebody found inside on the first day."""


class Further(NamedTuple):
    """How further sentences come, as they stand on a day."""

    rate: list[float]
    """A year, by stream."""
    record: list[float]
    """Factor on it: not in récidive, in récidive."""
    pace: list[float]
    """Factor on it in each of :data:`PERIODS`."""
    months: float
    variation: float
    absorbed: float
    """Share absorbed by the sentence under way (concurrent)."""
    longest: int
    """Longest sum of sentences, months."""

    @classmethod
    def read(cls, scenario: Scenario, day: int) -> Further:
        """Take the values in force on a day from a scenario."""

        def row(name: str, names: tuple[str, ...]) -> list[float]:
            values = scenario.table(f"population.further.{name}", day)
            return [values.get(entry, 0.0) for entry in names]

        return cls(
            row("per_year", STREAMS),
            row("record_factor", ("first", "recidive")),
            row("pace", PERIODS),
            float(scenario.number("population.further.months", day)),
            float(scenario.number("population.further.variation", day)),
            float(scenario.number("population.further.absorbed_share", day)),
            int(scenario.number("population.sentence.longest_months.felony", day)),
        )

    @property
    def spread(self) -> LogNormal:
        """Length of one, in months."""
        return LogNormal.of(self.months, self.variation)


class Past(NamedTuple):
    """Further sentences of people over a whole stay, shape ``(n, MOST)``."""

    day: Floats
    """Days from the judgment to each, infinite if it does not come."""
    months: Ints
    """What each adds, 0 if it is absorbed."""
    span: Floats
    """Days from the judgment to the exit with all of them, shape ``(n,)``."""


def past(draws: Draws, ids: Ints, columns: dict[str, NDArray[Any]], further: Further, span: Floats, days: float) -> Past:
    """Draw the further sentences of whole stays.

    Parameters
    ----------
    columns
        What was drawn for the people, their stream included.
    span
        Days from the judgment to the exit with the first sentence alone, 0 for those who do not serve; shape ``(n,)``.
    days
        Days in the cell that a month of sentence stands for.
    """
    people = len(ids)
    record = np.array(further.record)[columns["recidive"].astype(np.int64)]
    rate = np.array(further.rate)[columns["stream"]] * record / DAYS_PER_YEAR
    day = np.full((people, MOST), np.inf)
    months = np.zeros((people, MOST), dtype=np.int64)
    span, reached = span.copy(), np.zeros(people)
    # Whoever one no longer reaches before the exit is reached by none after it.
    rows = np.flatnonzero(rate > 0)
    for number in range(MOST):
        hazard = -np.log1p(-draws.uniform("stock.further", ids[rows], number))
        reached[rows] = _after(reached[rows], hazard / rate[rows], further.pace)
        rows = rows[reached[rows] < span[rows]]
        day[rows, number] = reached[rows]
        adds = rows[draws.uniform("stock.further.absorbed", ids[rows], number) >= further.absorbed]
        length = lognormal(draws.uniform("stock.further.months", ids[adds], number), further.months, further.variation)
        months[adds, number] = np.maximum(np.rint(length), 1)
        span[adds] += months[adds, number] * days
    return Past(day, months, span)


def _after(since: Floats, hazard: Floats, pace: list[float]) -> Floats:
    """Day on which so much hazard is used up, from a day on, at the pace of each period; infinite if it never is."""
    edges = np.array([0.0, *UNTIL])
    cumulated = np.concatenate([[0.0], np.cumsum(np.diff(edges) * pace)])
    reached = np.interp(since, edges, cumulated) + hazard
    return np.where(reached < cumulated[-1], np.interp(reached, cumulated, edges), np.inf)
