"""Monthly cohorts: the people of one month, thinned from candidates that are the same in every scenario.

Each month and stream has a fixed list of candidates (their number is drawn once, from a ceiling no policy moves); a
candidate enters if its luck is below *rate ÷ ceiling* on its day. Ten per cent fewer committals therefore removes a tenth
of the persons and leaves the others themselves, and identifiers never depend on the scenario.

The rates of the scenario are those of the published totals. The people the model itself released come back by their own
hazard (``pathways.after_release``); what the baseline makes return is taken off the exogenous streams (decision 0008), by a
dated parameter measured on the baseline, so that a policy that changes returns changes entries. They are taken off the
candidates most like those who return (:mod:`sim.population.who_returns`).
"""

from __future__ import annotations

from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.dates import DAYS_PER_YEAR, first_of_month, first_of_next_month, iso, month_of_year, year_of
from sim.engine.special import pdtrik
from sim.errors import ScenarioError
from sim.law.adjustments import ADJUSTMENTS, regimes_of
from sim.population.attributes import STREAMS, Attributes, Stream, choose, draw_person, draw_stay, lognormal, normal
from sim.population.risk import reconviction_model
from sim.population.who_returns import kept_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.randomness import Draws
    from sim.reconviction import HazardTables
    from sim.scenario import Scenario

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

FIRST_ENTRANT = 1_000_000
"""Identifiers below belong to the initial stock."""

_PER_STREAM = 20_000
_PER_MONTH = _PER_STREAM * len(STREAMS)
_EPOCH_YEAR = 2010

_FIRST_FORMS = ("DDSE", "SL", "PE")
"""Forms of measure in the order luck chooses between them; any other comes next."""
_FORMS = {regime.code: None for regime in regimes_of(ADJUSTMENTS) if not regime.ends_committal}
POOL_OUTCOMES = (
    *(form for form in _FIRST_FORMS if form in _FORMS),
    *(form for form in _FORMS if form not in _FIRST_FORMS),
    *("converted", "lapsed", "enforced"),
)
"""What becomes of a free convict before the judge (art. 723-15): a measure, a conversion, nothing, or the cell."""
NOT_COMMITTED = ("converted", "lapsed")
"""Outcomes that lead to no committal."""
_LAPSED = POOL_OUTCOMES.index("lapsed")


class Cohort(NamedTuple):
    """People drawn together, one row each in every column."""

    ids: Ints
    days: Ints
    """Day of the committal; for the stock, days since it (or since the judgment, or the beginning of the measure)."""
    stream: Ints
    drawn: dict[str, NDArray[Any]]
    """Columns named by :data:`sim.population.person.ATTRIBUTES`."""

    def take(self, rows: Ints) -> Cohort:
        """Return some of them, in the order asked."""
        return Cohort(self.ids[rows], self.days[rows], self.stream[rows], {n: c[rows] for n, c in self.drawn.items()})

    def later(self, days: int) -> Cohort:
        """Return them so many days later."""
        return self._replace(days=self.days + days)


class FreeConvicts(NamedTuple):
    """People convicted free whose sentence goes to the enforcement judge (723-15), one row each in every column."""

    ids: Ints
    since: Ints
    """Day of the conviction."""
    due: Ints
    """Day they are decided on if everybody waits as usual."""
    summoned: Ints
    """Days from the conviction to the day they may be heard, at the usual load of the open setting."""
    outcome: Ints
    """What becomes of them if they wait as usual: position in :data:`POOL_OUTCOMES`."""

    def take(self, rows: Ints | NDArray[np.bool_]) -> FreeConvicts:
        """Return some of them."""
        return FreeConvicts(*(column[rows] for column in self))


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
        self.fewer = 0.0
        """Committals a year of sentenced people that do not come this month (:mod:`sim.pathways.probation`)."""
        self._read: tuple[Scenario, int, Attributes] | None = None

    def month(self, first_day: int) -> Cohort:
        """People committed to a cell in the month that begins on ``first_day``, returns and enforced sentences apart.

        Returns
        -------
            In the order of identifiers; ``stream`` says how they come.
        """
        ids, days, stream = self._cohort(first_day, (Stream.FAST_TRACK, Stream.INVESTIGATION, Stream.SENTENCED))
        return Cohort(ids, days, stream, self.columns(ids, days, stream, first_day))

    def by_court(self, first_day: int) -> tuple[Cohort, Ints]:
        """People the court gives a measure, or probation, at once in the month (*ab initio*): positions in POOL_OUTCOMES."""
        ids, days, stream = self._cohort(first_day, (Stream.AB_INITIO,))
        outcome = choose(
            self.draws.uniform("pool.outcome", ids), self.scenario.table("flows.ab_initio.outcome", first_day), POOL_OUTCOMES
        )
        comes = np.flatnonzero(outcome != _LAPSED)
        ids, days, stream = ids[comes], days[comes], stream[comes]
        return Cohort(ids, days, stream, self.columns(ids, days, stream, first_day)), outcome[comes]

    def free_convicts(self, first_day: int) -> FreeConvicts:
        """People convicted free in the month that begins on ``first_day``: all of them wait for the judge (723-15)."""
        ids, days, _ = self._cohort(first_day, (Stream.FREE_CONVICT,))
        luck = self.draws.uniform("pool.outcome", ids)
        outcome = choose(luck, self.scenario.table("flows.pool.outcome", first_day), POOL_OUTCOMES)
        delay = self.delay(self.draws.uniform("pool.delay", ids), first_day)
        return FreeConvicts(ids, days, days + 1 + delay, self.summons(ids, delay, first_day), outcome)

    def summons(self, ids: Ints, delay: Ints, day: int) -> Ints:
        """Days to the summons before the judge and the probation service, and its survey: at most the usual wait."""
        mean = self.scenario.number("flows.pool.summons_days", day)
        variation = self.scenario.number("flows.pool.delay_variation", day)
        drawn = lognormal(self.draws.uniform("pool.summons", ids), mean, variation)
        return np.minimum(drawn.astype(np.int64), delay)

    def delay(self, uniform: Floats, day: int) -> Ints:
        """Days a free convict waits for the judge's decision."""
        mean = self.scenario.number("flows.pool.delay_days", day)
        variation = self.scenario.number("flows.pool.delay_variation", day)
        return lognormal(uniform, mean, variation).astype(np.int64)

    def _cohort(self, first_day: int, streams: tuple[int, ...]) -> tuple[Ints, Ints, Ints]:
        """Identifiers, days and streams of those who come in a month by some streams."""
        end = first_of_next_month(first_day)
        columns = [self._candidates(code, first_day, end) for code in streams]
        stream = np.repeat(np.array(streams), [len(c[0]) for c in columns])
        return np.concatenate([c[0] for c in columns]), np.concatenate([c[1] for c in columns]), stream

    def columns(self, ids: Ints, days: Ints, stream: Ints, first_day: int) -> dict[str, NDArray[Any]]:
        """Draw every attribute of first-time entrants, one column of shape ``(n,)`` each."""
        attributes = self.attributes(first_day)
        drawn = draw_person(self.draws, ids, days, attributes.who, attributes.joint)
        drawn |= draw_stay(self.draws, ids, 0, stream, attributes, returning=False)
        drawn["home_quarter"] = self.home(drawn.pop("home_place"))
        return drawn

    def attributes(self, first_day: int) -> Attributes:
        """Shares and distributions in force in a month: its three streams of people read the same."""
        # A forked run goes on under another scenario.
        if self._read is None or self._read[0] is not self.scenario or self._read[1] != first_day:
            self._read = self.scenario, first_day, Attributes.read(self.scenario, first_day)
        return self._read[2]

    def home(self, place: Floats) -> Ints:
        """Quarter of the remand prison of each person's home."""
        found = np.searchsorted(self.home_shares, place, side="right")
        return np.asarray(self.home_quarters[np.minimum(found, len(self.home_quarters) - 1)])

    def returning(self, ids: Ints, stays: Ints, first_day: int) -> tuple[Ints, dict[str, NDArray[Any]]]:
        """Draw a new stay for people who come back in the month that begins on ``first_day``: streams and columns."""
        shares = self.scenario.table("flows.returns.stream_share", first_day)
        luck = self.draws.uniform("return.stream", ids, stays)
        weights = np.cumsum([shares.get(name, 0.0) for name in STREAMS])
        stream = np.minimum(np.searchsorted(weights / weights[-1], luck, side="right"), len(STREAMS) - 1)
        attributes = self.attributes(first_day)
        return stream, draw_stay(self.draws, ids, stays, stream, attributes, returning=True)

    def _candidates(self, stream: int, first_day: int, end: int) -> tuple[Ints, Ints]:
        """Identifiers and days of those who enter, for one stream and one month."""
        name = STREAMS[stream]
        length = end - first_day
        ceiling = self.scenario.number(f"flows.candidates.{name}")
        month = (year_of(first_day) - _EPOCH_YEAR) * 12 + month_of_year(first_day) - 1
        first = FIRST_ENTRANT + month * _PER_MONTH + stream * _PER_STREAM
        many = self.draws.one(f"flows.number.{name}", first)
        mean = ceiling * length / DAYS_PER_YEAR * self.fraction
        number = min(int(np.ceil(pdtrik(min(max(many, 1e-9), 1 - 1e-9), mean))), _PER_STREAM) if mean > 0 else 0
        ids = np.arange(first, first + number)
        rate = self.rate(stream, first_day)
        if rate > ceiling:
            message = (
                f"flows.committals.{name}: {rate:,.0f} a year in the month of {iso(first_day)}, season included, passes "
                f"the ceiling flows.candidates.{name} = {ceiling:,.0f}; raise the ceiling too (it draws other people)"
            )
            raise ScenarioError(message)
        luck = self.draws.luck(ids)
        chance = self.draws.column("flows.kept", luck)
        taken = self._taken_off(stream, first_day)
        share = taken / (rate + taken) if taken > 0.0 and rate > 0.0 else 0.0
        # Nobody's weight passes 1 / (1 - share): who they are is only asked of those who could enter.
        able = np.flatnonzero(chance < rate / ceiling * (1.0 / (1.0 - share)))
        ids, luck, chance = ids[able], luck[able], chance[able]
        if share > 0.0:
            keep = chance < rate / ceiling * self._like_those_who_return(luck, first_day, share)
            ids, luck = ids[keep], luck[keep]
        return ids, first_day + (self.draws.column("flows.day", luck) * length).astype(np.int64)

    def _like_those_who_return(self, luck: NDArray[np.uint64], first_day: int, share: float) -> Floats:
        """Weight of each candidate, 1 on average: less for those like the people whose returns, a share, were taken off."""
        tables = self._central
        score, seen, unseen = (normal(self.draws.column(f"person.{name}", luck)) for name in ("score", "seen", "unseen"))
        deviation = self.scenario.number("population.person.score_sd", first_day)
        risk = deviation * score + tables.on_seen * seen + tables.on_unseen * unseen
        spread = sqrt(deviation**2 + tables.on_seen**2 + tables.on_unseen**2)
        return kept_share(risk, share, spread, tables) / (1.0 - share)

    @cached_property
    def _central(self) -> HazardTables:
        return reconviction_model(self.scenario).tables("central")

    def rate(self, stream: int, day: int) -> float:
        """Committals a year of one stream at this time, season included, baseline returns taken off."""
        name = STREAMS[stream]
        yearly = self.scenario.number(f"flows.committals.{name}", day)
        yearly *= float(self.season[month_of_year(day) - 1])
        fewer = self.fewer if stream == Stream.SENTENCED else 0.0
        return max(0.0, yearly - self._taken_off(stream, day) - fewer)

    def _taken_off(self, stream: int, day: int) -> float:
        """Returns of the baseline a year by this stream (decision 0008)."""
        share = self.scenario.table("flows.returns.stream_share", day).get(STREAMS[stream], 0.0)
        by_half_year = self.scenario.numbers("flows.returns.expected_per_year")
        elapsed = max(0.0, (day - self.scenario.start_day) / DAYS_PER_YEAR)
        return share * by_half_year[min(int(2.0 * elapsed + 0.01), len(by_half_year) - 1)]


def month_starts(start_day: int, end_day: int) -> list[int]:
    """First days of the months that touch ``[start_day, end_day)``."""
    starts = [first_of_month(start_day)]
    while (following := first_of_next_month(starts[-1])) < end_day:
        starts.append(following)
    return starts
