"""Conditional release (*libération conditionnelle*, LC)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.dates import NEVER, add_months
from sim.law.adjustments.adjustment import RELEASED, Adjustment, Regime, ending_day
from sim.law.reinforced import probation_from, probation_needed
from sim.law.sentence import competent_court, fraction_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import Notion, StatutesInForce

_DAYS_PER_MONTH_AT_LEAST = 28


def trial_end_day(sentence: SentenceFacts, law: Notion) -> int:
    """Day when the trial period of conditional release ends (*temps d'épreuve*), *sûreté* apart.

    A fraction of the sentence, capped; for life, a number of years.

    Source
    ------
    Code de procédure pénale, art. 729 (texts/conditional_release.yaml).
    """
    start = sentence.start_day
    if sentence.life:
        return add_months(start, law.life_trial_months_recidive if sentence.recidive else law.life_trial_months)
    if sentence.recidive:
        day = fraction_day(sentence, law.fraction_served_recidive)
        cap: int = law.trial_cap_months_recidive
    else:
        day = fraction_day(sentence, law.fraction_served)
        cap = law.trial_cap_months
    if day - start > cap * _DAYS_PER_MONTH_AT_LEAST:
        return min(day, add_months(start, cap))
    return day


def parental_day(sentence: SentenceFacts, law: Notion) -> int:
    """Day from which the parental variant is open (*libération conditionnelle parentale*); NEVER if it is not.

    Total or remainder at most four years, and a child under ten who lives with the person.

    Source
    ------
    Code de procédure pénale, art. 729-3 (texts/conditional_release.yaml).
    """
    born = sentence.child_born_day
    if born >= NEVER or (sentence.recidive and not law.parental_open_to_recidive):
        return NEVER
    day = max(ending_day(sentence, law.parental_max_months), born, sentence.sentenced_day, sentence.surety_end_day)
    return day if day < add_months(born, 12 * law.parental_child_age_years) else NEVER


def release_day(sentence: SentenceFacts, law: Notion) -> int:
    """Day of conditional release by its own conditions of time: trial period, child or age; *sûreté* and probation apart.

    Source
    ------
    Code de procédure pénale, art. 729, 729-3.
    """
    day = trial_end_day(sentence, law)
    if sentence.child_born_day < NEVER:
        day = min(day, parental_day(sentence, law))
    years: int = law.age_without_trial_years
    if day - sentence.birth_day > years * 365:
        day = min(day, add_months(sentence.birth_day, 12 * years))
    return day


def not_before_surety(day: int, sentence: SentenceFacts) -> int:
    """Bring a day of release after the start, the judgment and the *sûreté*."""
    return max(day, sentence.start_day, sentence.sentenced_day, sentence.surety_end_day)


class ConditionalRelease(Adjustment):
    """Conditional release: half of the sentence served, or earlier for parents and from the age of seventy."""

    __slots__ = ()

    code: ClassVar[str] = "LC"
    label: ClassVar[Mapping[str, str]] = {"en": "Conditional release", "fr": "Libération conditionnelle"}
    article: ClassVar[str] = "CPP 729"
    notion: ClassVar[str] = "conditional_release"
    regimes: ClassVar[tuple[Regime, ...]] = (RELEASED,)

    def opens(self, sentence: SentenceFacts, statutes: StatutesInForce) -> int:
        """Day when the trial period ends, or the day of the parental or age variant if it comes before.

        For the longest sentences the probation that must come first begins on that day at the earliest (730-2).

        Source
        ------
        Code de procédure pénale, art. 720-5, 729, 729-3, 730-2.
        """
        day = release_day(sentence, statutes.conditional_release)
        months = probation_needed(sentence, statutes)
        if months == 0 or day >= NEVER:
            return day
        return add_months(probation_from(not_before_surety(day, sentence), sentence, statutes), months)

    def court(self, sentence: SentenceFacts, day: int, statutes: StatutesInForce) -> str:
        """Court that decides on a day: the judge, or the court of three for long sentences, terrorism and life.

        Source
        ------
        Code de procédure pénale, art. 730.
        """
        return competent_court(sentence, day, statutes)

    def conditional_on_removal(self, sentence: SentenceFacts, statutes: StatutesInForce) -> bool:
        """Whether the release is conditional on a removal measure being executed (then without consent).

        Source
        ------
        Code de procédure pénale, art. 729-2.
        """
        return sentence.removal and bool(statutes.conditional_release.removal_is_condition)
