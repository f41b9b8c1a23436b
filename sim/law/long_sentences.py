"""Felonies and life: *sûreté*, the reinforced procedure of conditional release, the trial period of life."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import NEVER, add_months
from sim.law.adjustments.adjustment import ending_day
from sim.law.adjustments.conditional_release import trial_end_day
from sim.law.reinforced import reinforced
from sim.law.sentence import after_share
from sim.timeline import at

if TYPE_CHECKING:
    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce


def automatic_surety_end(sentence: SentenceFacts, statutes: StatutesInForce, *, listed: bool) -> int:
    """End of the automatic *période de sûreté*; -1 if there is none.

    Half of a sentence of ten years or more for an offence the law lists, eighteen years for life.

    Source
    ------
    Code pénal, art. 132-23 (texts/surety.yaml).
    """
    if not listed:
        return -1
    if sentence.life:
        return surety_end_of_life(sentence, statutes)
    return surety_end(sentence.total_months, sentence.total_days, sentence, statutes)


def surety_end(months: int, days: int, sentence: SentenceFacts, statutes: StatutesInForce, raised: bool = False) -> int:
    """End of the *période de sûreté* of the sentence that has one, of so many months or days; -1 if it is too short.

    Parameters
    ----------
    months, days
        Length of that sentence, which may be one of several under committal and is the first to be served.
    raised
        Whether the court raised it to the longest share by special decision.

    Source
    ------
    Code pénal, art. 132-23 (texts/surety.yaml).
    """
    law = statutes.surety
    day = sentence.sentenced_day
    if months < at(law.automatic_min_months, day):
        return -1
    share = at(law.max_fraction, day) if raised else at(law.automatic_fraction, day)
    return after_share(sentence.start_day, days, share)


def surety_end_of_life(sentence: SentenceFacts, statutes: StatutesInForce, raised: bool = False) -> int:
    """End of the *période de sûreté* of life: eighteen years, or the twenty-two of a special decision (CP 132-23)."""
    law = statutes.surety
    day = sentence.sentenced_day
    return add_months(sentence.start_day, at(law.max_life_months, day) if raised else at(law.automatic_life_months, day))


def longest_surety_end(sentence: SentenceFacts, statutes: StatutesInForce, *, exceptional: bool = False) -> int:
    """Latest end of a *période de sûreté* that the court may fix by special decision; -1 if it may fix none.

    Two thirds, or twenty-two years for life; thirty years for life in the exceptional cases of art. 221-3 and 221-4.

    Source
    ------
    Code pénal, art. 132-23, 221-3 (texts/surety.yaml).
    """
    law = statutes.surety
    day = sentence.sentenced_day
    if sentence.life:
        months = law.exceptional_life_months if exceptional else law.max_life_months
        return add_months(sentence.start_day, months.at(day))
    if sentence.total_months <= law.optional_above_months.at(day):
        return -1
    return after_share(sentence.start_day, sentence.total_days, law.max_fraction.at(day))


def measure_before_three_judges(sentence: SentenceFacts, day: int, statutes: StatutesInForce) -> bool:
    """Whether the court of three grants a measure on a day: as the probation of art. 730-2, while nothing else opens it.

    Two years left open any of the three measures (723-1, 723-7), and the judge then grants it alone.

    Source
    ------
    Code de procédure pénale, art. 712-6, 712-7, 730-2 1°.
    """
    return reinforced(sentence, statutes) and ending_day(sentence, statutes.semi_liberty.max_months) > day


def probation_window(trial_end_day: int, statutes: StatutesInForce) -> tuple[int, int]:
    """First and last day of conditional release after a probationary measure begun when the trial period is over (730-2).

    One to three years of semi-liberty, external placement or home detention, which may not begin before the end of the
    trial period (``trial_end_day``).
    """
    law = statutes.long_sentences
    return add_months(trial_end_day, law.probation_min_months), add_months(trial_end_day, law.probation_max_months)


def assessment_deadline(referred_day: int, statutes: StatutesInForce) -> int:
    """Last day for the report of the national assessment centre (D527-1)."""
    return add_months(referred_day, statutes.long_sentences.assessment_months)


def life_trial_end(
    sentence: SentenceFacts, statutes: StatutesInForce, *, share: float = 1.0, exceptional_months: int = 0
) -> int:
    """Day when the trial period of life ends, with reductions of it granted for a ``share`` of their maximum.

    At most one month a year, twenty days in récidive, for the years served up to that day (729-1);
    ``exceptional_months`` at most five years (721-4). Not before the end of the *sûreté*. NEVER if the sentence is
    not for life.
    """
    if not sentence.life:
        return NEVER
    law = statutes.special_remission
    start = sentence.start_day
    end = trial_end_day(sentence, statutes.conditional_release)
    if exceptional_months:
        end = add_months(end, -min(exceptional_months, law.exceptional_life_months))
    year = 1
    # Each year served takes its part off the end, until the end is reached.
    while (turn := add_months(start, 12 * year)) < end:
        days = law.life_trial_days_per_year if sentence.recidive else 0
        months = 0 if sentence.recidive else law.life_trial_months_per_year
        most = end - add_months(end, -months) + days
        end = max(end - round(share * most), turn)
        year += 1
    return max(end, sentence.surety_end_day)


def supervision_end_range(sentence: SentenceFacts, release_day: int, statutes: StatutesInForce) -> tuple[int, int]:
    """Earliest and latest end of the supervision that follows conditional release (732).

    At least what remains to serve, up to a year more, ten years at most in all; for life, five to ten years.
    """
    law = statutes.long_sentences
    if sentence.life:
        return (
            add_months(release_day, law.supervision_life_min_months),
            add_months(release_day, law.supervision_life_max_months),
        )
    latest = add_months(release_day, law.supervision_max_months)
    return (
        min(sentence.end_day, latest),
        min(add_months(sentence.end_day, law.supervision_extra_months), latest),
    )


def release_barred_by_refusal_of_care(statutes: StatutesInForce, *, ssj_incurred: bool, care_refused: bool) -> bool:
    """Whether the refusal of care bars conditional release: it does when socio-judicial supervision is incurred.

    Source
    ------
    Code de procédure pénale, art. 729 (texts/conditional_release.yaml).
    """
    return ssj_incurred and care_refused and bool(statutes.conditional_release.care_refusal_bars)
