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
from math import exp, log, sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from sim.dates import NEVER
from sim.randomness import normal_quantile
from sim.records.codes import Offence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.randomness import Draws
    from sim.scenario import Scenario

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

STREAMS = ("fast_track", "investigation", "sentenced", "ab_initio", "free_convict")
"""The five streams of committals (model.md §3): *comparution immédiate*, *information judiciaire*, committed on a sentence,
sentenced to a measure by the court (*ab initio*), and free convicts awaiting the judge (art. 723-15)."""

FAST_TRACK, INVESTIGATION, SENTENCED, AB_INITIO, FREE_CONVICT = range(5)

_TINY = 1e-12


def normal(uniform: Floats) -> Floats:
    """Standard normal by inversion, kept finite."""
    return np.asarray(ndtri(np.minimum(np.maximum(uniform, _TINY), 1 - _TINY)))


def lognormal(uniform: Floats, mean: Floats | float, variation: Floats | float) -> Floats:
    """Log-normal of a mean and a coefficient of variation, by inversion."""
    variance = np.log1p(np.square(variation))
    return np.asarray(np.exp(np.log(mean) - variance / 2 + np.sqrt(variance) * normal(uniform)))


def tied(uniform: Floats, common: Floats, correlation: float) -> Floats:
    """Standard normal of a correlation with another, from a uniform: what a marginal is then read from."""
    return np.asarray(correlation * common + sqrt(1.0 - correlation * correlation) * normal(uniform))


def below(latent: Floats, share: float) -> NDArray[np.bool_]:
    """Whether a standard normal falls in the lowest ``share`` of its distribution."""
    return np.asarray(latent < ndtri(share))


def choose(uniform: Floats, shares: Mapping[str, float], names: tuple[str, ...]) -> Ints:
    """Position in ``names`` of the category each uniform falls in; shares are scaled to add up to one."""
    weights = np.array([shares.get(name, 0.0) for name in names])
    edges = np.cumsum(weights / weights.sum())
    return np.minimum(np.searchsorted(edges, uniform, side="right"), len(names) - 1)


OFFENCES = tuple(offence.name.lower() for offence in Offence)

_BY_RISK = ("property", "road", "other", "violence", "drugs", "sexual", "homicide")
"""Offence families from the most to the least often followed by a reconviction (figures.md §5)."""
_BY_RISK_CODES = np.array([OFFENCES.index(name) for name in _BY_RISK])


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
            remission=(number("practices.remission.share", day), number("practices.remission.spread", day)),
        )


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
        One column of shape ``(n,)`` for each lasting attribute.
    """
    luck = draws.luck(ids)

    def u(name: str) -> Floats:
        return draws.column(f"person.{name}", luck)

    risk = normal(u("score"))
    age = np.clip(who["age_median"] * np.exp(who["age_spread"] * tied(u("age"), risk, joint["age"])), 18.0, 80.0)
    young = who["youngest_years"] + (18.0 - who["youngest_years"]) * u("age_of_minor")
    age = np.where(u("minor") < who["minor"], young, age)
    foreign = u("foreign") < who["foreign"]
    parent = u("child") < who["child_under_10"]
    return {
        "luck": luck,
        "birth_day": (days - age * 365.25).astype(np.int64),
        "female": below(tied(u("sex"), risk, -joint["female"]), who["female"]),
        "foreign": foreign,
        "removal": foreign & (u("removal") < who["removal_if_foreign"]),
        "child_born_day": np.where(parent, days - (u("child_age") * 3652).astype(np.int64), NEVER),
        "score": who["score_sd"] * risk,
        "seen": normal(u("seen")),
        "unseen": normal(u("unseen")),
        "home_place": u("home"),
    }


def draw_stay(
    draws: Draws, ids: Ints, stay: Ints | int, stream: Ints, attributes: Attributes, *, returning: bool
) -> dict[str, NDArray[Any]]:
    """Draw the sentence and the circumstances of one stay.

    Parameters
    ----------
    ids, stream
        Person and stream, shape ``(n,)``.
    stay
        How-manieth stay of each: the occurrence of every draw.
    returning
        Whether these are people who come back (always in *récidive* or reiteration, never for a felony here).

    Returns
    -------
        One column of shape ``(n,)`` for each attribute of the stay.
    """
    person = draws.luck(ids)

    def u(name: str) -> Floats:
        return draws.column(f"stay.{name}", person, stay)

    def by_stream(values: tuple[float, ...]) -> Floats:
        return np.array(values)[stream]

    who, joint = attributes.who, attributes.joint
    risk = normal(draws.column("person.score", person))
    felony = (u("felony") < by_stream(attributes.felony_share)) & (not returning)
    luck = u("offence")
    place = ndtr(tied(luck, risk, joint["offence"]))
    offence = np.zeros(len(ids), dtype=np.int64)
    for code, shares in enumerate(attributes.offence):
        mine = stream == code
        if mine.any():
            offence[mine] = _BY_RISK_CODES[choose(place[mine], shares, _BY_RISK)]
    serious = choose(luck, {"homicide": 0.45, "sexual": 0.35, "violence": 0.10, "drugs": 0.10}, OFFENCES)
    offence = np.where(felony, serious, offence)

    mean = by_stream(tuple(m for m, _ in attributes.months))
    spread = by_stream(tuple(s for _, s in attributes.months))
    factor = np.array([attributes.offence_factor.get(name, 1.0) for name in OFFENCES])[offence]
    recidive = np.ones(len(ids), bool) if returning else below(tied(u("recidive"), risk, -joint["recidive"]), who["recidive"])
    record = np.where(recidive, attributes.record_factor[1], attributes.record_factor[0])
    mean = np.where(felony, attributes.felony_months[0], mean * factor * record) * attributes.length_index
    spread = np.where(felony, attributes.felony_months[1], spread)
    longest = np.where(felony, attributes.longest_months[1], attributes.longest_months[0])
    months = np.clip(np.rint(lognormal(u("quantum"), mean, spread)), attributes.shortest_months, longest)

    held = np.array([r[0] for r in attributes.remand])[stream]
    cap = np.where(felony, attributes.felony_remand[1], np.array([r[1] for r in attributes.remand])[stream])
    wide = np.where(felony, attributes.felony_remand[2], np.array([r[2] for r in attributes.remand])[stream])
    held = np.where(felony, attributes.felony_remand[0], held)
    remand = np.zeros(len(ids))
    some = np.flatnonzero(held > 0)
    remand[some] = np.minimum(lognormal(u("remand")[some], np.maximum(held[some], 1.0), wide[some]), cap[some])

    excluded = np.array([attributes.excluded.get(name, 0.0) for name in OFFENCES])[offence]
    barred = (u("excluded") < excluded) | (u("discipline") < attributes.excluded["discipline"])
    homeless = u("homeless") < who["no_lodging_at_entry"]
    unhoused = u("homeless") < who["no_lodging_at_exit"]
    search = np.ceil(-np.log1p(-u("lodging")) * who["lodging_search_days"])
    share, deviation = attributes.remission
    return {
        "offence": offence,
        "felony": felony,
        "recidive": recidive,
        "homeless": homeless,
        "lodging_day": np.where(unhoused, search, 0).astype(np.int64),
        "consents": u("consent") < who["consents"],
        "lsc_excluded": barred,
        "occupation": ndtr(tied(u("occupation"), risk, -joint["occupation"])),
        "care": below(tied(u("care"), risk, -joint["care"]), who["care_need"]),
        "share_granted": np.clip(share + deviation * normal(u("remission")), 0.0, 1.0),
        "total_months": months.astype(np.int64),
        "remand_days": np.ceil(remand).astype(np.int64),
        "convicted": felony | (u("conviction") >= by_stream(attributes.no_sentence)),
        "further": np.zeros(len(ids), dtype=np.int64),
    }


class LogNormal(NamedTuple):
    """A log-normal distribution, ready to be inverted for one person (plain Python, ~0.5 µs)."""

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
