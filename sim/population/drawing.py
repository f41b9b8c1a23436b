"""Drawing people one by one: who they are, and the sentence of one stay, from their luck (:mod:`sim.population.attributes`).

Plain functions of numbers and records, compiled (decision 0011). The same operations in the same order, and SciPy's
own quantiles, give the same numbers as whole columns of NumPy.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import NEVER
from sim.engine.compile import External, compiled_as
from sim.engine.record import tagged, wide
from sim.engine.special import ndtr, ndtri
from sim.population.person import Person
from sim.randomness import Keyed, uniform_of
from sim.records.codes import Offence

if TYPE_CHECKING:
    from sim.engine.compile import Luck

_TINY = 1e-12
_DAYS_PER_YEAR = 365.25
_CHILDHOOD = 3652
"""Days under ten years of age."""

OFFENCES = tuple(offence.name.lower() for offence in Offence)
BY_RISK = ("property", "road", "other", "violence", "drugs", "sexual", "homicide")
"""Offence families from the most to the least often followed by a reconviction (figures.md §5)."""
_BY_RISK_CODES = tuple(OFFENCES.index(name) for name in BY_RISK)


class LifePoint(Keyed):
    """Draws of a person."""

    SCORE = "person.score"
    SEEN = "person.seen"
    UNSEEN = "person.unseen"
    AGE = "person.age"
    MINOR = "person.minor"
    AGE_OF_MINOR = "person.age_of_minor"
    SEX = "person.sex"
    FOREIGN = "person.foreign"
    REMOVAL = "person.removal"
    CHILD = "person.child"
    CHILD_AGE = "person.child_age"
    HOME = "person.home"


class StayPoint(Keyed):
    """Draws of a stay, whose number is the occurrence."""

    FELONY = "stay.felony"
    OFFENCE = "stay.offence"
    RECIDIVE = "stay.recidive"
    QUANTUM = "stay.quantum"
    REMAND = "stay.remand"
    EXCLUDED = "stay.excluded"
    AGGRAVATED = "stay.aggravated"
    SUPERVISED = "stay.supervised"
    SURETY = "stay.surety"
    LIFE = "stay.life"
    DISCIPLINE = "stay.discipline"
    HOMELESS = "stay.homeless"
    LODGING = "stay.lodging"
    CONSENT = "stay.consent"
    OCCUPATION = "stay.occupation"
    CARE = "stay.care"
    REMISSION = "stay.remission"
    CONVICTION = "stay.conviction"
    VISITS = "stay.visits"


LIFE = np.dtype([*wide(Person, tagged(Person, drawn="life")), ("home_place", "f8")])
"""What a person keeps for life, and a uniform number that says where home is."""
STAY = np.dtype(wide(Person, tagged(Person, drawn="stay")))
"""The sentence and the circumstances of one stay."""


# ---- the normal distribution ----------------------------------------------------------------------------------------------


def quantile(share: float) -> float:
    """Value that a standard normal stays below with a probability."""
    return float(ndtri(share))


compiled_as(quantile)(External("scipy.special.cython_special", "ndtri"))


def cumulated(value: float) -> float:
    """Probability that a standard normal stays below a value."""
    return float(ndtr(value))


compiled_as(cumulated)(External("scipy.special.cython_special", "__pyx_fuse_1ndtr"))


def one_normal(uniform: float) -> float:
    """Standard normal by inversion, kept finite."""
    return quantile(min(max(uniform, _TINY), 1 - _TINY))


def correlated_normal(uniform: float, common: float, correlation: float) -> float:
    """Standard normal of a correlation with another, from a uniform: what a marginal is then read from."""
    return correlation * common + sqrt(1.0 - correlation * correlation) * one_normal(uniform)


def one_lognormal(uniform: float, mean: float, variation: float) -> float:
    """Log-normal of a mean and a coefficient of variation, by inversion."""
    variance = np.log1p(variation * variation)
    return float(np.exp(np.log(mean) - variance / 2 + sqrt(variance) * one_normal(uniform)))


def within(value: float, least: float, most: float) -> float:
    """Keep a number between two others."""
    return min(max(value, least), most)


def category(edges: Any, uniform: float) -> int:
    """Position of the category a uniform falls in, by the cumulated shares: the last one if rounding leaves none."""
    place = 0
    while place < len(edges) - 1 and edges[place] <= uniform:
        place += 1
    return place


# ---- one person, one stay ---------------------------------------------------------------------------------------------------


def draw_life(life: Any, keys: Any, luck: Luck, day: int, who: Any) -> None:
    """Draw what a person keeps for life, first committed on a day."""
    risk = one_normal(uniform_of(keys[LifePoint.SCORE], luck, 0))
    life.luck = luck
    if uniform_of(keys[LifePoint.MINOR], luck, 0) < who.minor:
        age = who.youngest_years + (18.0 - who.youngest_years) * uniform_of(keys[LifePoint.AGE_OF_MINOR], luck, 0)
    else:
        spread = who.age_spread * correlated_normal(uniform_of(keys[LifePoint.AGE], luck, 0), risk, who.age)
        age = within(who.age_median * np.exp(spread), 18.0, 80.0)
    life.birth_day = int(day - age * _DAYS_PER_YEAR)
    life.female = correlated_normal(uniform_of(keys[LifePoint.SEX], luck, 0), risk, -who.sex) < who.female_below
    life.foreign = uniform_of(keys[LifePoint.FOREIGN], luck, 0) < who.foreign
    life.removal = life.foreign and uniform_of(keys[LifePoint.REMOVAL], luck, 0) < who.removal_if_foreign
    life.child_born_day = NEVER
    if uniform_of(keys[LifePoint.CHILD], luck, 0) < who.child_under_10:
        life.child_born_day = day - int(uniform_of(keys[LifePoint.CHILD_AGE], luck, 0) * _CHILDHOOD)
    life.score = who.score_sd * risk
    life.seen = one_normal(uniform_of(keys[LifePoint.SEEN], luck, 0))
    life.unseen = one_normal(uniform_of(keys[LifePoint.UNSEEN], luck, 0))
    life.home_place = uniform_of(keys[LifePoint.HOME], luck, 0)


def draw_one_stay(
    stay: Any,
    keys: Any,
    score: Luck,
    luck: Luck,
    number: int,
    stream: int,
    law: Any,
    returning: bool,  # noqa: FBT001 (by place: compiled)
) -> None:
    """Draw the sentence and the circumstances of one stay, the person's ``number``-th, by a stream.

    Parameters
    ----------
    score
        Key of the draw of the person's score.
    law
        Shares and distributions in force (:class:`sim.population.attributes.Attributes`).
    returning
        Whether somebody comes back: always in récidive, never for a felony here.
    """
    risk = one_normal(uniform_of(score, luck, 0))
    felony = uniform_of(keys[StayPoint.FELONY], luck, number) < law.felony_share[stream] and not returning
    about = uniform_of(keys[StayPoint.OFFENCE], luck, number)
    if felony:
        offence = category(law.serious, about)
    else:
        offence = _BY_RISK_CODES[category(law.offence_edges[stream], cumulated(correlated_normal(about, risk, law.offence)))]
    recidive = (
        returning
        or correlated_normal(uniform_of(keys[StayPoint.RECIDIVE], luck, number), risk, -law.recidive) < law.recidive_below
    )
    stay.offence, stay.felony, stay.recidive = offence, felony, recidive

    if felony:
        mean, spread, longest = law.felony_mean, law.felony_spread, law.longest_felony
        held, cap, wide = law.felony_held, law.felony_cap, law.felony_wide
    else:
        record = law.record_recidive if recidive else law.record_first
        mean, spread = law.months_mean[stream] * law.offence_factor[offence] * record, law.months_spread[stream]
        longest = law.longest_delit
        held, cap, wide = law.held[stream], law.cap[stream], law.wide[stream]
    months = np.rint(one_lognormal(uniform_of(keys[StayPoint.QUANTUM], luck, number), mean * law.length_index, spread))
    stay.total_months = int(within(months, law.shortest, longest))
    remand = 0.0
    if held > 0:
        remand = min(one_lognormal(uniform_of(keys[StayPoint.REMAND], luck, number), max(held, 1.0), wide), cap)
    stay.remand_days = int(np.ceil(remand))

    about_whom = uniform_of(keys[StayPoint.EXCLUDED], luck, number)
    # Violence on public officials is among what excludes (L5252-4): the same draw, so that no share of it is lost.
    stay.on_officials = about_whom < law.on_officials[offence]
    barred = stay.on_officials or about_whom < law.excluded[offence]
    stay.lsc_excluded = barred or uniform_of(keys[StayPoint.DISCIPLINE], luck, number) < law.discipline
    stay.ssj_incurred = stay.listed_felony = stay.life = False
    stay.surety = 0
    if felony:
        draw_long_sentence(stay, keys, luck, number, law)
    lodging = uniform_of(keys[StayPoint.HOMELESS], luck, number)
    stay.homeless = lodging < law.no_lodging_at_entry
    stay.lodging_day = 0
    if lodging < law.no_lodging_at_exit:
        stay.lodging_day = int(np.ceil(-np.log1p(-uniform_of(keys[StayPoint.LODGING], luck, number)) * law.lodging_search_days))
    stay.consents = uniform_of(keys[StayPoint.CONSENT], luck, number) < law.consents
    stay.occupation = cumulated(correlated_normal(uniform_of(keys[StayPoint.OCCUPATION], luck, number), risk, -law.occupation))
    stay.visits = uniform_of(keys[StayPoint.VISITS], luck, number)
    stay.care = correlated_normal(uniform_of(keys[StayPoint.CARE], luck, number), risk, -law.care) < law.care_below
    granted = law.remission_mean + law.remission_spread * one_normal(uniform_of(keys[StayPoint.REMISSION], luck, number))
    stay.share_granted = within(granted, 0.0, 1.0)
    stay.convicted = felony or uniform_of(keys[StayPoint.CONVICTION], luck, number) >= law.no_sentence[stream]
    stay.further = stay.others_longer = stay.others_shorter = 0


def draw_long_sentence(stay: Any, keys: Any, luck: Luck, number: int, law: Any) -> None:
    """Draw what the law asks of a felony before its release: life, a *période de sûreté*, the procedure of art. 730-2."""
    offence = stay.offence
    # What aggravates a felony lists it in art. 706-53-13 and gives it a minimum term: the same draw.
    aggravated = uniform_of(keys[StayPoint.AGGRAVATED], luck, number)
    stay.ssj_incurred = uniform_of(keys[StayPoint.SUPERVISED], luck, number) < law.ssj_incurred[offence]
    stay.life = uniform_of(keys[StayPoint.LIFE], luck, number) < law.life[offence]
    stay.listed_felony = aggravated < law.listed[offence]
    if stay.life:
        stay.total_months = int(law.longest_felony)
    # Life is incurred for felonies that have one.
    if stay.life or aggravated < law.surety[offence]:
        stay.surety = 2 if uniform_of(keys[StayPoint.SURETY], luck, number) < law.surety_raised else 1


def draw_lives(lives: Any, keys: Any, luck: Any, days: Any, who: Any) -> None:
    """Draw :data:`LIFE` for each row; all arrays have its shape ``(n,)`` but ``keys``, by :class:`LifePoint`."""
    for row in range(len(lives)):
        draw_life(lives[row], keys, luck[row], days[row], who)


def draw_stays(
    stays: Any,
    keys: Any,
    score: Luck,
    luck: Any,
    number: Any,
    stream: Any,
    law: Any,
    returning: bool,  # noqa: FBT001 (by place: compiled)
) -> None:
    """Draw :data:`STAY` for each row; all arrays have its shape ``(n,)`` but ``keys``, by :class:`StayPoint`."""
    for row in range(len(stays)):
        draw_one_stay(stays[row], keys, score, luck[row], number[row], stream[row], law, returning)
