"""What is drawn for a person: who they are, and the sentence of one stay.

Everything is a whole column for a whole cohort, from uniforms by inverse distribution: a share moved from 0.30 to 0.35
changes only the persons between. Attributes of the person keep occurrence 0 for life; those of a stay use the number of
the stay, so that a return to prison is a new occurrence of the same person.

What goes with what: the observed score is normal, and age, sex, récidive, offence family and activity are each tied to it by
one correlation (a Gaussian copula with the score as common factor, ``population.joint``). Every marginal stays exactly
its own; two attributes are related as far as both are related to the score, and no further.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from math import exp, log, sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.engine.compile import entry, entry_point
from sim.engine.record import INTS
from sim.engine.special import ndtri
from sim.population.drawing import BY_RISK, LIFE, OFFENCES, STAY, LifePoint, StayPoint, draw_lives, draw_stays, quantile
from sim.randomness import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from sim.randomness import Draws, Keyed
    from sim.scenario import Scenario

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


class Stream(IntEnum):
    """The five streams of committals (model.md §3)."""

    FAST_TRACK = 0
    """*Comparution immédiate*."""
    INVESTIGATION = 1
    """*Information judiciaire*."""
    SENTENCED = 2
    """Committed on a sentence."""
    AB_INITIO = 3
    """Sentenced to a measure by the court (*ab initio*)."""
    FREE_CONVICT = 4
    """Free convicts awaiting the judge (art. 723-15)."""


STREAMS = tuple(stream.name.lower() for stream in Stream)

_TINY = 1e-12
_LONG_SENTENCES = ("ssj_incurred", "listed", "surety", "life")


def normal(uniform: Floats) -> Floats:
    """Standard normal by inversion, kept finite."""
    return np.asarray(ndtri(np.minimum(np.maximum(uniform, _TINY), 1 - _TINY)))


def lognormal(uniform: Floats, mean: Floats | float, variation: Floats | float) -> Floats:
    """Log-normal of a mean and a coefficient of variation, by inversion."""
    variance = np.log1p(np.square(variation))
    return np.asarray(np.exp(np.log(mean) - variance / 2 + np.sqrt(variance) * normal(uniform)))


def choose(uniform: Floats, shares: Mapping[str, float], names: tuple[str, ...]) -> Ints:
    """Position in ``names`` of the category each uniform falls in; shares are scaled to add up to one."""
    return np.minimum(np.searchsorted(_edges(shares, names), uniform, side="right"), len(names) - 1)


def _edges(shares: Mapping[str, float], names: tuple[str, ...]) -> Floats:
    weights = np.array([shares.get(name, 0.0) for name in names])
    return np.asarray(np.cumsum(weights / weights.sum()))


@dataclass(frozen=True)
class Attributes:
    """Shares and distributions a cohort is drawn from, as they stand on a day."""

    who: Mapping[str, float]
    joint: Mapping[str, float]
    """Correlation of each attribute with the score."""
    offence: tuple[Mapping[str, float], ...]
    """Offence families by stream."""
    felony_share: tuple[float, ...]
    """Share of felonies among those convicted, by stream."""
    months: tuple[tuple[float, float], ...]
    """Firm part of a délit by stream: mean in months, coefficient of variation."""
    felony_months: tuple[float, float]
    length_index: float
    offence_factor: Mapping[str, float]
    record_factor: tuple[float, float]
    """Factor on the firm part: not in récidive, in récidive."""
    shortest_months: int
    longest_months: tuple[int, int]
    """Longest firm part: délit, felony."""
    remand: tuple[tuple[float, float, float], ...]
    """Remand by stream: mean and longest in days, coefficient of variation."""
    felony_remand: tuple[float, float, float]
    no_sentence: tuple[float, ...]
    """Share whose remand ends without a sentence to serve, by stream."""
    excluded: Mapping[str, float]
    """Share excluded from LSC as of right, by offence family, and ``discipline`` on top."""
    on_officials: Mapping[str, float]
    """Share of sentences for violence on public officials, by offence family."""
    long_sentences: Mapping[str, Mapping[str, float]]
    """Share of felonies for which supervision is incurred, listed, with a minimum term, or for life, by offence family."""
    surety_raised: float
    """Share of minimum terms raised to the longest."""
    remission: tuple[float, float]
    """Granted share of the remission: mean, standard deviation between persons."""

    @classmethod
    def read(cls, scenario: Scenario, day: int) -> Attributes:
        """Take the values in force on a day from a scenario."""
        number, table = scenario.number, scenario.table

        def by_stream(path: str) -> tuple[float, ...]:
            values = table(path, day)
            return tuple(values.get(stream, 0.0) for stream in STREAMS)

        lengths = table("population.sentence.mean_months", day)
        spreads = table("population.sentence.variation", day)
        remand = table("population.remand.mean_days", day)
        longest = table("population.remand.longest_days", day)
        variation = table("population.remand.variation", day)
        return cls(
            who=table("population.person", day),
            joint=table("population.joint", day),
            offence=tuple(table(f"population.offence.{stream}", day) for stream in STREAMS),
            felony_share=by_stream("population.felony_share"),
            months=tuple((lengths[stream], spreads[stream]) for stream in STREAMS),
            felony_months=(lengths["felony"], spreads["felony"]),
            length_index=number("population.sentence.length_index", day),
            offence_factor=table("population.sentence.offence_factor", day),
            record_factor=(
                number("population.sentence.record_factor.first", day),
                number("population.sentence.record_factor.recidive", day),
            ),
            shortest_months=int(number("population.sentence.shortest_months", day)),
            longest_months=(
                int(number("population.sentence.longest_months.delit", day)),
                int(number("population.sentence.longest_months.felony", day)),
            ),
            remand=tuple((remand.get(s, 0.0), longest.get(s, 0.0), variation.get(s, 1.0)) for s in STREAMS),
            felony_remand=(remand["felony"], longest["felony"], variation["felony"]),
            no_sentence=by_stream("population.remand.no_sentence_share"),
            excluded=table("population.excluded_from_lsc", day),
            on_officials=table("population.on_officials", day),
            long_sentences={name: table(f"population.long_sentences.{name}", day) for name in _LONG_SENTENCES},
            surety_raised=number("population.long_sentences.surety_raised_share", day),
            remission=(number("practices.remission.share", day), number("practices.remission.spread", day)),
        )

    @cached_property
    def numbers(self) -> Any:
        """The same as :func:`~sim.population.drawing.draw_one_stay` reads them: by stream, by offence, as limits."""
        return _record({name: value_of(self) for name, (_, value_of) in _OF_A_STAY.items()}, _LAW)


def draw_person(
    draws: Draws, ids: Ints, days: Ints, who: Mapping[str, float], joint: Mapping[str, float]
) -> dict[str, NDArray[Any]]:
    """Draw what a person keeps for life.

    Parameters
    ----------
    ids, days
        Person and day of the first committal, shape ``(n,)``.

    Returns
    -------
        One column of shape ``(n,)`` for each lasting attribute (:data:`~sim.population.drawing.LIFE`).
    """
    numbers = _record({**who, "age": joint["age"], "sex": joint["female"], "female_below": quantile(who["female"])}, _WHO)
    lives = np.zeros(len(ids), dtype=LIFE)
    keys = _keys(draws, LifePoint)
    entry_point(draw_lives)(lives.view(np.recarray), keys, draws.luck(ids), _ints(days, len(ids)), numbers)
    return {name: lives[name] for name in LIFE.names or ()}


def draw_stay(
    draws: Draws, ids: Ints, stay: Ints | int, stream: Ints, attributes: Attributes, *, returning: bool
) -> dict[str, NDArray[Any]]:
    """Draw the sentence and the circumstances of one stay.

    Parameters
    ----------
    ids, stream
        Person and stream, shape ``(n,)``.
    stay
        nth stay of each: the occurrence of every draw.
    returning
        Whether these are people who come back (always in *récidive* or reiteration, never for a felony here).

    Returns
    -------
        One column of shape ``(n,)`` for each attribute of the stay (:data:`~sim.population.drawing.STAY`).
    """
    keys, score = _keys(draws, StayPoint), np.uint64(draws.key(LifePoint.SCORE.key))
    stays = np.zeros(len(ids), dtype=STAY)
    numbers, streams = _ints(stay, len(ids)), _ints(stream, len(ids))
    luck, law = draws.luck(ids), attributes.numbers
    entry_point(draw_stays)(stays.view(np.recarray), keys, score, luck, numbers, streams, law, returning)
    return {name: stays[name] for name in STAY.names or ()}


def _keys(draws: Draws, points: type[Keyed]) -> NDArray[np.uint64]:
    return np.array([draws.key(point.key) for point in points], dtype=np.uint64)


def _ints(values: Ints | int, number: int) -> Ints:
    return np.ascontiguousarray(np.broadcast_to(values, number), dtype=np.int64)


_WHO = np.dtype(
    [
        (name, "f8")
        for name in (
            *("minor", "youngest_years", "age_median", "age_spread", "age", "sex", "female_below", "foreign"),
            *("removal_if_foreign", "child_under_10", "score_sd"),
        )
    ]
)
_SERIOUS = {"homicide": 0.45, "sexual": 0.35, "violence": 0.10, "drugs": 0.10}
"""Offence families of felonies: set, no table of them was found (docs/model.md, what is simplified)."""


def _mix(shares: Mapping[str, float]) -> Floats:
    """Cumulated shares of the offence families of a stream; a stream nobody comes by may have no shares."""
    return _edges(shares, BY_RISK) if any(shares.values()) else np.ones(len(BY_RISK))


_BY_STREAM, _BY_OFFENCE, _BY_BOTH = (len(STREAMS),), (len(OFFENCES),), (len(STREAMS), len(BY_RISK))
_OF_A_STAY: Mapping[str, tuple[tuple[int, ...], Callable[[Attributes], Any]]] = {
    # correlations with the score
    "offence": ((), lambda of: of.joint["offence"]),
    "recidive": ((), lambda of: of.joint["recidive"]),
    "occupation": ((), lambda of: of.joint["occupation"]),
    "care": ((), lambda of: of.joint["care"]),
    # circumstances
    "no_lodging_at_entry": ((), lambda of: of.who["no_lodging_at_entry"]),
    "no_lodging_at_exit": ((), lambda of: of.who["no_lodging_at_exit"]),
    "lodging_search_days": ((), lambda of: of.who["lodging_search_days"]),
    "consents": ((), lambda of: of.who["consents"]),
    "recidive_below": ((), lambda of: quantile(of.who["recidive"])),
    "care_below": ((), lambda of: quantile(of.who["care_need"])),
    # the sentence
    "felony_share": (_BY_STREAM, lambda of: of.felony_share),
    "offence_edges": (_BY_BOTH, lambda of: [_mix(shares) for shares in of.offence]),
    "serious": (_BY_OFFENCE, lambda _: _edges(_SERIOUS, OFFENCES)),
    "record_first": ((), lambda of: of.record_factor[0]),
    "record_recidive": ((), lambda of: of.record_factor[1]),
    "length_index": ((), lambda of: of.length_index),
    "shortest": ((), lambda of: of.shortest_months),
    "longest_delit": ((), lambda of: of.longest_months[0]),
    "longest_felony": ((), lambda of: of.longest_months[1]),
    "months_mean": (_BY_STREAM, lambda of: [mean for mean, _ in of.months]),
    "months_spread": (_BY_STREAM, lambda of: [spread for _, spread in of.months]),
    "felony_mean": ((), lambda of: of.felony_months[0]),
    "felony_spread": ((), lambda of: of.felony_months[1]),
    "offence_factor": (_BY_OFFENCE, lambda of: [of.offence_factor.get(name, 1.0) for name in OFFENCES]),
    # remand: mean, longest, variation
    "held": (_BY_STREAM, lambda of: [held for held, _, _ in of.remand]),
    "cap": (_BY_STREAM, lambda of: [cap for _, cap, _ in of.remand]),
    "wide": (_BY_STREAM, lambda of: [wide for _, _, wide in of.remand]),
    "felony_held": ((), lambda of: of.felony_remand[0]),
    "felony_cap": ((), lambda of: of.felony_remand[1]),
    "felony_wide": ((), lambda of: of.felony_remand[2]),
    "no_sentence": (_BY_STREAM, lambda of: of.no_sentence),
    # exclusions and remission
    "excluded": (_BY_OFFENCE, lambda of: [of.excluded.get(name, 0.0) for name in OFFENCES]),
    "on_officials": (_BY_OFFENCE, lambda of: [of.on_officials.get(name, 0.0) for name in OFFENCES]),
    "discipline": ((), lambda of: of.excluded["discipline"]),
    # long sentences
    "ssj_incurred": (_BY_OFFENCE, lambda of: [of.long_sentences["ssj_incurred"].get(name, 0.0) for name in OFFENCES]),
    "listed": (_BY_OFFENCE, lambda of: [of.long_sentences["listed"].get(name, 0.0) for name in OFFENCES]),
    "surety": (_BY_OFFENCE, lambda of: [of.long_sentences["surety"].get(name, 0.0) for name in OFFENCES]),
    "life": (_BY_OFFENCE, lambda of: [of.long_sentences["life"].get(name, 0.0) for name in OFFENCES]),
    "surety_raised": ((), lambda of: of.surety_raised),
    "remission_mean": ((), lambda of: of.remission[0]),
    "remission_spread": ((), lambda of: of.remission[1]),
}
"""Numbers :func:`~sim.population.drawing.draw_one_stay` reads: the shape of each, and how it is had."""
_LAW = np.dtype([(name, "f8", shape) for name, (shape, _) in _OF_A_STAY.items()])


def _record(values: Mapping[str, Any], numbers: np.dtype[Any]) -> Any:
    """Record of the values that have a place in it."""
    row = np.zeros(1, dtype=numbers).view(np.recarray)
    for name in numbers.names or ():
        row[name] = values[name]
    return row[0]


class LogNormal(NamedTuple):
    """A log-normal distribution, ready to be inverted for one person."""

    location: float
    scale: float

    @classmethod
    def of(cls, mean: float, variation: float) -> LogNormal:
        """Log-normal of a mean and a coefficient of variation."""
        variance = log(1.0 + variation * variation)
        return cls(log(mean) - variance / 2, sqrt(variance))

    def at(self, uniform: float) -> float:
        """Value a uniform number stands for; the same as :func:`lognormal` gives."""
        return exp(self.location + self.scale * normal_quantile(uniform if uniform > _TINY else _TINY))


def _declare() -> None:
    """Declare the two functions that draw people, and the records they are called on."""

    def rows(kind: np.dtype[Any]) -> Any:
        return np.zeros(1, dtype=kind).view(np.recarray)

    lucks = np.zeros(1, dtype=np.uint64)
    entry(rows(LIFE), lucks, lucks, INTS, rows(_WHO)[0])(draw_lives)
    entry(rows(STAY), lucks, np.uint64(0), lucks, INTS, INTS, rows(_LAW)[0], False)(draw_stays)


_declare()
