"""The threshold that semi-liberty, external placement and home detention have in common."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sim.dates import NEVER, add_months, day_within_months
from sim.law.adjustments.adjustment import ending_day
from sim.law.adjustments.conditional_release import parental_day, trial_end_under
from sim.law.sentence import competent_court, longest, total_at_most

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import Notion, StatutesInForce
    from sim.timeline import Timeline


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
    months: int = law.max_months_recidive.at(sentence.sentenced_day) if sentence.recidive else law.max_months
    return months


def threshold_day(sentence: SentenceFacts, law: Notion, release: Notion) -> int:
    """Day from which the measure may be granted: total or remainder at most two years, or as probation.

    As probation ahead of conditional release (*à titre probatoire*), it may begin a year before the trial period
    ends, or a year before the parental variant opens.

    Parameters
    ----------
    sentence
        The sentence.
    law
        Rules of the measure in force.
    release
        Rules of conditional release in force.

    Source
    ------
    Code de procédure pénale, art. 723-1 and 723-7.
    """
    return _within(sentence, _months(sentence, law), law.probation_months, release)


def _within(sentence: SentenceFacts, months: int, probation_months: int, release: Notion) -> int:
    """Day from which at most ``months`` months are left, or from which probation may begin."""
    if sentence.life:
        day = NEVER
    elif total_at_most(sentence, months):
        return sentence.start_day
    else:
        day = day_within_months(sentence.end_day, months)
    opens = trial_end_under(release)(sentence)
    if opens < sentence.surety_end_day:
        opens = sentence.surety_end_day
    if sentence.child_born_day < NEVER:
        opens = min(opens, parental_day(sentence, release))
    probation = add_months(opens, -probation_months)
    return probation if probation < day else day


@lru_cache(maxsize=64)
def threshold_under(
    most: int,
    most_recidive: Timeline[int],
    probation_months: int,
    release: Notion,
    *,
    closed_to_terrorism: bool,
    closed_to_removal: bool,
) -> Callable[[SentenceFacts], int]:
    """Return :func:`threshold_day` with the rules already read, NEVER for who is excluded.

    Nine sentences in ten are short enough to be open from the start, and are answered at once. The same rules give the same
    function, so that a caller can see that two measures open on the same day and ask once.
    """
    recidive = most_recidive.at

    def opening(sentence: SentenceFacts) -> int:
        if (closed_to_removal and sentence.removal) or (closed_to_terrorism and sentence.terrorism):
            return NEVER
        months: int = recidive(sentence.sentenced_day) if sentence.recidive else most
        total = sentence.total_months
        if (total < months or (total == months and sentence.total_days <= longest(months))) and not sentence.life:
            return sentence.start_day
        return _within(sentence, months, probation_months, release)

    return opening
