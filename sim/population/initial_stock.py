"""The stock on the first day, rebuilt from published totals.

How many people are on remand, serving in a cell, on each measure, is published (``stock.*``); who they are follows from the
flows. Of those who ever enter, the ones found inside on a given day are drawn in proportion to the time they stay
(length-biased), and the time already spent is uniform over that stay: elapsed and remaining time are then those of a
steady flow. The run-in fills files and queues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.population.attributes import STREAMS, Attributes, Stream, choose, draw_person, draw_stay
from sim.population.entrants import POOL_OUTCOMES, Cohort, FreeConvicts
from sim.population.further_sentences import Further, past

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.population.entrants import Entrants

    Chosen = tuple[dict[str, NDArray[Any]], NDArray[np.int64], NDArray[np.int64]]

_DAYS_PER_MONTH = 365.25 / 12
_TO_A_CELL = (Stream.FAST_TRACK, Stream.INVESTIGATION, Stream.SENTENCED, Stream.FREE_CONVICT)
_YEAR = 12
_POOL = 3
"""Candidates drawn for each person found inside."""


class Stock:
    """People found on the first day, group by group; identifiers follow one another from 0."""

    def __init__(self, entrants: Entrants, day: int) -> None:
        self.entrants = entrants
        self.day = day
        self.attributes = Attributes.read(entrants.scenario, day)
        self._next = 0

    def remand(self, number: int) -> Cohort:
        """People on remand."""
        return self._group("remand", number, (Stream.FAST_TRACK, Stream.INVESTIGATION), lambda c: c["remand_days"])

    def serving(self, number: int) -> Cohort:
        """People serving in a cell, with the time from judgment to exit as the length."""
        return self._found(*self.serving_columns(number))

    def serving_columns(self, number: int) -> Chosen:
        """Columns of the people serving in a cell."""
        scenario = self.entrants.scenario
        share = scenario.number("stock.served_share")
        kept = scenario.number("stock.cell_share")
        further = Further.read(scenario, self.day)

        def length(columns: dict[str, NDArray[Any]]) -> NDArray[Any]:
            served = columns["total_months"] * _DAYS_PER_MONTH * share - columns["remand_days"]
            span = np.where(columns["convicted"], np.maximum(served, 0.0) * kept, 0.0)
            others = past(self.entrants.draws, columns["ids"], columns, further, span, _DAYS_PER_MONTH * share * kept)
            columns["day_of_others"], columns["months_of_others"] = others.day, others.months
            return others.span

        drawn, stream, elapsed = self._chosen("serving", number, _TO_A_CELL, length)
        if len(stream):
            # Sentences already come are part of the total; those to come are drawn again as the stay goes on.
            come = drawn.pop("day_of_others") <= elapsed[:, None]
            drawn["further"] = come.sum(axis=1)
            others = drawn.pop("months_of_others") * come
            drawn["others_longer"] = np.where(others >= _YEAR, others, 0).sum(axis=1)
            drawn["others_shorter"] = others.sum(axis=1) - drawn["others_longer"]
            drawn["total_months"] = np.minimum(drawn["total_months"] + others.sum(axis=1), further.longest)
        return drawn, stream, elapsed

    def at_home(self, number: int) -> Cohort:
        """People on a measure begun from liberty."""
        return self._found(*self.at_home_columns(number))

    def at_home_columns(self, number: int) -> Chosen:
        """Columns of the people on a measure begun from liberty."""
        share = self.entrants.scenario.number("stock.served_share")
        return self._chosen(
            "home", number, (Stream.AB_INITIO, Stream.FREE_CONVICT), lambda c: c["total_months"] * _DAYS_PER_MONTH * share
        )

    def free_convicts(self, number: int) -> tuple[Cohort, FreeConvicts]:
        """Convicts awaiting the judge: who they are (``days``: those they have waited), and their place in the line."""
        entrants, draws, day = self.entrants, self.entrants.draws, self.day
        found = self._group(
            "pool", number, (Stream.FREE_CONVICT,), lambda c: 1 + entrants.delay(draws.uniform("pool.delay", c["ids"]), day)
        )
        ids = found.ids
        left = draws.uniform("pool.residual", ids) * entrants.delay(draws.uniform("pool.residual_delay", ids), day)
        outcome = choose(draws.uniform("pool.outcome", ids), entrants.scenario.table("flows.pool.outcome", day), POOL_OUTCOMES)
        since, due = day - found.days, day + 1 + left.astype(np.int64)
        return found, FreeConvicts(ids, since, due, entrants.summons(ids, due - since - 1, day), outcome)

    def _group(self, name: str, number: int, streams: tuple[int, ...], length: Any) -> Cohort:
        return self._found(*self._chosen(name, number, streams, length))

    def _found(self, drawn: dict[str, NDArray[Any]], stream: NDArray[np.int64], elapsed: NDArray[np.int64]) -> Cohort:
        ids = drawn.pop("ids", np.zeros(0, dtype=np.int64))
        return Cohort(ids, elapsed, stream, drawn)

    def _chosen(self, name: str, number: int, streams: tuple[int, ...], length: Any) -> Chosen:
        """Draw a group: its columns (identifiers among them), streams, and days elapsed."""
        if number <= 0:
            nobody = np.zeros(0, dtype=np.int64)
            return {}, nobody, nobody
        entrants, draws = self.entrants, self.entrants.draws
        candidates = np.arange(self._next, self._next + _POOL * number)
        self._next += _POOL * number
        weights = np.array([entrants.scenario.number(f"flows.committals.{STREAMS[s]}", self.day) for s in streams])
        if Stream.FREE_CONVICT in streams and Stream.SENTENCED in streams:
            enforced = entrants.scenario.table("flows.pool.outcome", self.day)
            weights[streams.index(Stream.FREE_CONVICT)] *= enforced["enforced"] / sum(enforced.values())
        if not weights.any():
            weights = np.ones(len(streams))  # no flow to take the mix from
        edges = np.cumsum(weights / weights.sum())
        luck = draws.uniform(f"stock.{name}.stream", candidates)
        stream = np.array(streams)[np.minimum(np.searchsorted(edges, luck, side="right"), len(streams) - 1)]
        columns = draw_stay(draws, candidates, 0, stream, self.attributes, returning=False)
        columns["ids"], columns["stream"] = candidates, stream
        spans = np.asarray(length(columns), dtype=np.float64)
        # Systematic sampling in proportion to the length: one uniform, evenly spaced marks on the cumulated lengths.
        cumulated = np.cumsum(spans)
        offset = draws.one(f"stock.{name}.offset", 0)
        marks = (np.arange(number) + offset) * cumulated[-1:].sum() / max(number, 1)
        chosen = np.minimum(np.searchsorted(cumulated, marks, side="right"), len(candidates) - 1)
        ids = candidates[np.arange(number) * _POOL]
        elapsed = (draws.uniform(f"stock.{name}.elapsed", ids) * spans[chosen]).astype(np.int64)
        columns.pop("ids")
        columns.pop("stream")
        drawn = {key: column[chosen] for key, column in columns.items()}
        # Who they are says nothing of how long they stay: drawn for those chosen only.
        days = np.full(number, self.day)
        drawn |= draw_person(draws, candidates[chosen], days, self.attributes.who, self.attributes.joint)
        drawn["home_quarter"] = entrants.home(drawn.pop("home_place"))
        drawn["luck"] = draws.luck(ids)
        drawn["birth_day"] = drawn["birth_day"] - elapsed
        return drawn | {"ids": ids}, stream[chosen], elapsed
