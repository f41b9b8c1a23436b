"""Early releases of spring 2020: an exceptional reduction, and the last two months confined at home.

People sentenced for a felony or terrorism, and those excluded for violence within a couple or on a minor, have neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import add_months
from sim.law.sentence import total_at_most

if TYPE_CHECKING:
    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce


def barred_from_early_release(sentence: SentenceFacts) -> bool:
    """Whether the ordinance leaves a sentence out.

    Source
    ------
    Ordonnance n° 2020-303, art. 27 and 28 (texts/early_release.yaml).
    """
    return sentence.felony or sentence.terrorism or sentence.life or sentence.lsc_excluded


def early_reduction_days(sentence: SentenceFacts, statutes: StatutesInForce) -> int:
    """Most days of the reduction linked to the exceptional circumstances; 0 out of its time.

    Source
    ------
    Ordonnance n° 2020-303, art. 27 (texts/early_release.yaml).
    """
    months: int = statutes.early_release.reduction_months
    if months == 0 or barred_from_early_release(sentence):
        return 0
    return sentence.end_day - add_months(sentence.end_day, -months)


def home_confinement_open(sentence: SentenceFacts, day: int, statutes: StatutesInForce) -> bool:
    """Whether what is left on a day may be spent confined at home (*assignation à domicile*).

    Source
    ------
    Ordonnance n° 2020-303, art. 28 (texts/early_release.yaml).
    """
    months: int = statutes.early_release.home_remaining_months
    if months == 0 or barred_from_early_release(sentence):
        return False
    return total_at_most(sentence, statutes.early_release.home_total_months) and sentence.end_day <= add_months(day, months)
