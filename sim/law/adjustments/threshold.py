"""The threshold that semi-liberty, external placement and home detention have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import NEVER, add_months, day_within_months
from sim.law.adjustments.adjustment import ending_day
from sim.law.adjustments.conditional_release import not_before_surety, parental_day, release_day, trial_end_day
from sim.law.reinforced import probation_from, probation_needed
from sim.law.sentence import competent_court, total_at_most

if TYPE_CHECKING:
    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import Notion, StatutesInForce


def threshold_court(sentence: SentenceFacts, day: int, law: Notion, statutes: StatutesInForce) -> str:
    """Court that grants the measure on a day: the judge; for probation alone, that of the release it prepares.

    Source
    ------
    Code de procédure pénale, art. 712-6, 712-7, 730, 730-2 (derived: the release and its probation are one judgment).
    """
    if not sentence.life and ending_day(sentence, _months(sentence, law)) <= day:
        return "JAP"
    return competent_court(sentence, day, statutes)


def _months(sentence: SentenceFacts, law: Notion) -> int:
    """Longest total or remainder for this person."""
    if sentence.recidive:
        months: int = law.max_months_recidive
    else:
        months = law.max_months
    return months


def threshold_day(sentence: SentenceFacts, law: Notion, statutes: StatutesInForce) -> int:
    """Day from which the measure may be granted: total or remainder at most two years, or as probation.

    As probation ahead of conditional release (*à titre probatoire*), it may begin a year before the trial period
    ends, or a year before the parental variant opens; for the longest sentences, when the trial period is over (730-2).

    Parameters
    ----------
    sentence
        The sentence.
    law
        Rules of the measure in force.
    statutes
        What is in force: conditional release and the probation that must precede it among others.

    Source
    ------
    Code de procédure pénale, art. 723-1, 723-7 and 730-2.
    """
    months = _months(sentence, law)
    if sentence.life:
        day = NEVER
    elif total_at_most(sentence, months):
        return sentence.start_day
    else:
        day = day_within_months(sentence.end_day, months)
    release = statutes.conditional_release
    if probation_needed(sentence, statutes):
        return min(day, probation_from(not_before_surety(release_day(sentence, release), sentence), sentence, statutes))
    opens = trial_end_day(sentence, release)
    if opens < sentence.surety_end_day:
        opens = sentence.surety_end_day
    if sentence.child_born_day < NEVER:
        opens = min(opens, parental_day(sentence, release))
    return min(day, add_months(opens, -law.probation_months))
