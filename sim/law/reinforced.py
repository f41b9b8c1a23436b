"""Who must be on a measure before conditional release: the longest sentences (730-2), and a long *sûreté* (720-5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import add_months

if TYPE_CHECKING:
    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce

_YEAR = 12


def reinforced(sentence: SentenceFacts, statutes: StatutesInForce) -> bool:
    """Whether conditional release needs the court of three, the assessment centre, an expert and a probationary measure.

    Life; fifteen years or more where socio-judicial supervision is incurred; ten years or more for felonies of art.
    706-53-13. From 2012; terrorism had a procedure of its own from 2016, and has this one again since a ruling of 2025.

    Source
    ------
    Code de procédure pénale, art. 730-2 (texts/long_sentences.yaml).
    """
    law = statutes.long_sentences
    if not law.reinforced or (sentence.terrorism and not law.reinforced_covers_terrorism):
        return False
    if sentence.life or (sentence.listed_felony and sentence.total_months >= law.reinforced_min_months_listed):
        return True
    return bool(sentence.ssj_incurred and sentence.total_months >= law.reinforced_min_months)


def probation_needed(sentence: SentenceFacts, statutes: StatutesInForce) -> int:
    """Months of semi-liberty, placement or home detention that must come before conditional release; 0 if none must.

    Source
    ------
    Code de procédure pénale, art. 720-5, 730-2, 730-2-1 (texts/long_sentences.yaml).
    """
    law = statutes.long_sentences
    months = 0
    if not sentence.mobile_tag and reinforced(sentence, statutes):
        months = law.probation_min_months
    elif not sentence.mobile_tag and sentence.terrorism and law.terrorism_probation:
        months = _YEAR
    elif sentence.surety_end_day >= 0 and sentence.surety_end_day > add_months(
        sentence.start_day, law.surety_probation_above_months
    ):
        months = law.surety_probation_months
    return months


def probation_from(release_day: int, sentence: SentenceFacts, statutes: StatutesInForce) -> int:
    """First day of the measure that must come before the release, were it open on ``release_day`` by its own conditions.

    Not before the trial period is over (730-2), nor before the day the measure really began, once it has
    (``probation_from_day``). Art. 720-5 sets no other day than the end of the *sûreté*.
    """
    day = release_day
    if not reinforced(sentence, statutes) and not sentence.terrorism:
        day = max(sentence.surety_end_day, add_months(day, -_YEAR))
    return max(day, sentence.probation_from_day)
