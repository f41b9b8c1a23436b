"""Reductions of sentence (*réductions de peine*): the credit and supplements of before, the single regime from 2023.

The regime is that of the day of committal. What the law gives is a *maximum*; the share granted is a practice, and
none of this module's business. Where the law leaves the base of the computation open, the texts hold a choice
(``remission.base_*``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.dates import DAYS_PER_MONTH, add_months, months_between
from sim.timeline import at

if TYPE_CHECKING:
    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce

_YEAR = 12
_SHORTEST_MONTH = 28


class Review(NamedTuple):
    """One examination of the reductions (*commission de l'application des peines*)."""

    day: int
    """Day of the board."""
    max_days: int
    """Most days it may take off the sentence."""
    last: bool
    """Whether no other examination follows it before the end (a caller in a loop need not ask again)."""


LAST, NOT_LAST = True, False


class Caps(NamedTuple):
    """Most that may be granted for a period of incarceration."""

    months_per_year: int
    """Calendar months for a full year."""
    days_per_month: int
    """Days for each month of a shorter period."""


def regime(committed_day: int, statutes: StatutesInForce) -> str:
    """Regime of reductions of a committal: ``"OLD"`` (credit and supplements) or ``"NEW"`` (single, art. 721).

    Source
    ------
    Loi n° 2021-1729, art. 59, transitional rule (texts/remission.yaml).
    """
    name: str = at(statutes.remission.regime, committed_day)
    return name


def caps(sentence: SentenceFacts, statutes: StatutesInForce) -> Caps:
    """Most that a review may grant to this person, by year and by month.

    Source
    ------
    Code de procédure pénale, art. 721, 721-1-1, 721-1-2; art. 721-1 before 2023 (texts/remission.yaml).
    """
    law = statutes.remission
    if regime(sentence.committed_day, statutes) == "OLD":
        if sentence.recidive:
            return Caps(law.supplement_months_per_year_recidive, law.supplement_days_per_month_recidive)
        return Caps(law.supplement_months_per_year, law.supplement_days_per_month)
    if sentence.terrorism:
        return Caps(law.months_per_year_terrorism, law.days_per_month_terrorism)
    if sentence.on_officials:
        if sentence.felony:
            return Caps(law.months_per_year_officials_felony, law.days_per_month_officials_felony)
        return Caps(law.months_per_year_officials, law.days_per_month_officials)
    return Caps(law.months_per_year, law.days_per_month)


def credit_days(sentence: SentenceFacts, statutes: StatutesInForce) -> int:
    """Days of automatic credit at finality (*crédit de réduction de peine*, CRP) of a sentence alone; 0 under the new regime.

    Source
    ------
    Code de procédure pénale, art. 721 before 2023 (texts/remission.yaml).
    """
    return credit_of(sentence.total_months, sentence.start_day + sentence.total_days, sentence, statutes)


def credit_of(months: int, end_day: int, sentence: SentenceFacts, statutes: StatutesInForce) -> int:
    """Days of automatic credit of one of the sentences under committal, of so many months, taken off an end.

    On the sentence pronounced: so many months for the first year and for each full year after it, so many days for
    each month of a part below a year, that part being capped when the sentence is longer than a year. 0 under the new regime.

    Source
    ------
    Code de procédure pénale, art. 721 before 2023, D115-1, D115-2 (texts/remission.yaml).
    """
    if sentence.life or regime(sentence.committed_day, statutes) == "NEW":
        return 0
    law = statutes.remission
    if sentence.terrorism and not law.credit_for_terrorism:
        return 0
    if sentence.recidive:
        judged = sentence.sentenced_day
        first = at(law.credit_months_first_year_recidive, judged)
        following = at(law.credit_months_following_years_recidive, judged)
        by_month = at(law.credit_days_per_month_recidive, judged)
        cap = at(law.credit_part_cap_months_recidive, judged)
    else:
        first, following = law.credit_months_first_year, law.credit_months_following_years
        by_month, cap = law.credit_days_per_month, law.credit_part_cap_months
    years, over = divmod(months, _YEAR)
    part: int = over * by_month
    if years:
        end_with_years = add_months(end_day, -(first + following * (years - 1)))
        part = min(part, end_with_years - add_months(end_with_years, -cap))
        return end_day - end_with_years + part
    return part


def credit_of_all(longer: int, shorter: int, sentence: SentenceFacts, statutes: StatutesInForce) -> int:
    """Days of automatic credit of all the sentences under committal, each on its own length.

    Parameters
    ----------
    longer
        Months of the sentence of a year or more that has come besides the first one, 0 if none has. Two of them are taken as
        one: a month less of credit for the second.
    shorter
        Months of those below a year, added up: each has so many days a month, and no cap.

    Source
    ------
    Code de procédure pénale, art. D115-2, D115-3 (texts/remission.yaml).
    """
    end = sentence.start_day + sentence.total_days
    first = sentence.total_months - longer - shorter
    if first >= sentence.total_months or first <= 0 or not statutes.remission.credit_on_each_sentence:
        return credit_days(sentence, statutes)
    found = credit_of(first, end, sentence, statutes)
    found += credit_of(longer, end - found, sentence, statutes)
    return found + shorter * credit_of(1, end, sentence, statutes)


def first_board_day(sentence: SentenceFacts, statutes: StatutesInForce) -> int:
    """First day a board may examine what has been served: two months from finality after a year of remand, else sooner.

    Who is committed long after judgment is seen by a board of the prison, not on the day of arrival.

    Source
    ------
    Code de procédure pénale, art. D116-2 (texts/remission.yaml); no text sets a delay after a shorter remand.
    """
    law = statutes.remission
    day = sentence.sentenced_day
    held_long = day > sentence.start_day and day >= add_months(sentence.start_day, law.first_review_remand_months)
    wait: int = law.first_review_days if held_long else law.first_review_short_days
    # The day after at the soonest: a review comes strictly after the day it is asked about.
    return max(day, sentence.committed_day) + max(wait, 1)


def next_review(sentence: SentenceFacts, after_day: int, statutes: StatutesInForce) -> Review | None:
    """Return the next examination strictly after a day, or ``None`` when none comes before the end.

    * A full year elapsed is examined at its anniversary, or shortly after judgment if it was spent on remand
      (years spent on remand are examined together).
    * When the most it may take off would overrun that anniversary, the year is examined ahead of it.
    * The last, incomplete year is examined once, ahead of the earliest end it makes possible.
    * With base ``NOMINAL`` that last examination bears on all that is left of the nominal period, with base ``TRANCHE``
      on the period left to serve.

    Source
    ------
    Code de procédure pénale, art. 721 and 721-1 before 2023, art. 721 since (texts/remission.yaml).
    """
    if sentence.life:
        return None
    law = statutes.remission
    cap = caps(sentence, statutes)
    earliest = first_board_day(sentence, statutes)
    base = law.base_up_to_one_year if sentence.total_months <= _YEAR else law.base_above_one_year
    if base == "NOMINAL":
        return _nominal(sentence, after_day, law.review_lead_days, cap, earliest, credit_days(sentence, statutes))
    start, end = sentence.start_day, sentence.end_day
    year = 1
    if earliest <= after_day:
        # Years already examined: those whose review fell on or before after_day.
        year += months_between(start, after_day if after_day < end else end - 1) // _YEAR
    anniversary = add_months(start, _YEAR * (year - 1)) if year > 1 else start
    turn = add_months(start, _YEAR * year)
    if turn < end:
        if turn > earliest and add_months(end, -cap.months_per_year) < turn:
            # Waiting for the anniversary would keep the person beyond the end: the board sits ahead of it.
            most = end - add_months(end, -cap.months_per_year)
            day = end - round(cap.months_per_year * DAYS_PER_MONTH) - law.review_lead_days
            day = max(day, max(anniversary, earliest) + (1 if year > 1 else 0))
            if day > after_day:
                return Review(day, most, NOT_LAST)
            year += 1
            anniversary = turn
        else:
            return _full_years(start, end, year, max(turn, earliest), earliest, cap)
    most = _for_period(anniversary, end, cap)
    # The day rests on real days, not on whole months: a reduction can then only bring it forward, never call
    # a second review.
    day = end - round((end - anniversary) / DAYS_PER_MONTH * cap.days_per_month) - law.review_lead_days
    # The board of the last full year sits first: the day after it at the earliest, so that the two are told apart.
    day = max(day, max(anniversary, earliest) + (1 if year > 1 else 0))
    return Review(day, most, LAST) if after_day < day < end and most > 0 else None


def examined_ahead(sentence: SentenceFacts, review: Review, statutes: StatutesInForce) -> bool:
    """Whether an examination bears on a period that is not over on its day.

    A sentence that comes under committal afterwards gives that period its own examination, with a new end: what the first
    one could grant is deducted there.
    """
    earliest = first_board_day(sentence, statutes)
    if review.last:
        return True
    months = months_between(sentence.start_day, review.day)
    return review.day > earliest and (months % _YEAR != 0 or add_months(sentence.start_day, months) != review.day)


def review_of_period(sentence: SentenceFacts, day: int, statutes: StatutesInForce) -> Review | None:
    """Examination of the period under way, even if its day has passed (a sentence has just been added), or the next."""
    earliest = first_board_day(sentence, statutes)
    if day < earliest:
        return next_review(sentence, day, statutes)
    years = months_between(sentence.start_day, day) // _YEAR
    after_day = earliest - 1
    if years > 0:
        after_day = max(add_months(sentence.start_day, _YEAR * years), earliest)
    return next_review(sentence, after_day, statutes)


def _full_years(start: int, end: int, year: int, day: int, earliest: int, cap: Caps) -> Review | None:
    """Examination of the ``year``-th year, with those after it that were over before the first board."""
    elapsed = 1
    following = add_months(start, _YEAR * (year + elapsed))
    while following <= earliest and following < end:
        elapsed += 1
        following = add_months(start, _YEAR * (year + elapsed))
    granted_to = end
    for _ in range(elapsed):
        granted_to = add_months(granted_to, -cap.months_per_year)
    return Review(day, end - granted_to, NOT_LAST) if day < end else None


def reduced_end(sentence: SentenceFacts, days: int, statutes: StatutesInForce) -> int:
    """End of a sentence once so many days of reduction are taken off, those of the *sûreté* on the part after it only.

    Reductions granted during the *période de sûreté* never bring the end before it: what exceeds the part after it is
    lost.

    Source
    ------
    Code pénal, art. 132-23, last paragraph (texts/surety.yaml).
    """
    end = sentence.end_day - days
    floor = sentence.surety_end_day
    if end < floor and at(statutes.surety.reductions_count_after_it_only, sentence.sentenced_day):
        return min(sentence.end_day, floor)
    return end


class Projected:
    """A sentence seen with an earlier end; every other fact is that of the sentence."""

    def __init__(self, sentence: SentenceFacts, end_day: int) -> None:
        self._sentence = sentence
        self.end_day = end_day

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sentence, name)


def projected(sentence: SentenceFacts, statutes: StatutesInForce, share: float | None = None) -> SentenceFacts:
    """Return the sentence with the end it would have if ``share`` of every reduction still possible were granted.

    ``share`` is that of the texts if not given (``sentence.projected_share``, uncertain point U7).
    """
    if share is None:
        share = statutes.sentence.projected_share
    seen: Any = Projected(sentence, sentence.end_day)
    pass_reviews(seen, statutes, share)
    found: SentenceFacts = seen
    return found


def pass_reviews(sentence: SentenceFacts, statutes: StatutesInForce, share: float) -> None:
    """Take ``share`` of every reduction still possible off the end of a sentence, in place."""
    review = next_review(sentence, sentence.sentenced_day, statutes)
    while review is not None:
        sentence.end_day = reduced_end(sentence, round(share * review.max_days), statutes)
        review = next_review(sentence, review.day, statutes)


def _nominal(sentence: SentenceFacts, after_day: int, lead_days: int, cap: Caps, earliest: int, credit: int) -> Review | None:
    """Next examination when the maximum is computed on the nominal period, credit deducted."""
    start = sentence.start_day
    end = start + sentence.total_days - credit
    most = _for_period(start, end, cap)
    last = max(end - most - lead_days, earliest, start)
    granted, year = 0, 1
    # An anniversary comes 365 days after the one before at the soonest: short sentences need not look for theirs.
    while last - start > 365 * year:
        turn = max(add_months(start, _YEAR * year), earliest)
        if turn >= last:
            break
        part = end - granted - add_months(end - granted, -cap.months_per_year)
        if turn > after_day:
            return Review(turn, part, NOT_LAST) if turn < sentence.end_day else None
        granted += part
        year += 1
    return Review(last, most - granted, LAST) if after_day < last < sentence.end_day and most > granted else None


def _for_period(start: int, end: int, cap: Caps) -> int:
    """Most days for the period from ``start`` to ``end``: calendar months for full years, days for each month over."""
    months = months_between(start, end)
    after_years = end
    if months >= _YEAR:
        years, months = divmod(months, _YEAR)
        after_years = add_months(end, -cap.months_per_year * years)
    part = months * cap.days_per_month
    if part > cap.months_per_year * _SHORTEST_MONTH:
        part = min(part, after_years - add_months(after_years, -cap.months_per_year))
    return end - after_years + part
