"""The simplified procedure and the end-of-sentence tagging, until 2014 (*PSAP*, *SEFIP*: former art. 723-19 to 723-28)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import NEVER
from sim.law.sentence import day_when_remaining, fraction_day, total_at_most

if TYPE_CHECKING:
    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce


def approval_day(proposed_day: int, statutes: StatutesInForce) -> int | None:
    """Last day for the judge to approve a proposal of the probation service; ``None`` once the procedure is abolished.

    Past it, the service may apply what it proposed.

    Source
    ------
    Code de procédure pénale, former art. 723-24 (texts/simplified_procedure.yaml).
    """
    law = statutes.simplified_procedure
    return proposed_day + int(law.approval_days) if law.in_force else None


def end_tagging_day(sentence: SentenceFacts, statutes: StatutesInForce) -> int:
    """First day of the end of a sentence served under a tag (*SEFIP*); NEVER if the law has none.

    The last four months of sentences of five years at most, from 2011 to 2014; from two thirds left for six months at most.
    Not before the end of the *sûreté*.

    Source
    ------
    Code de procédure pénale, former art. 723-28 (texts/simplified_procedure.yaml).
    """
    law = statutes.simplified_procedure
    months: int | None = law.end_tagging_months
    if months is None or sentence.life or not total_at_most(sentence, law.end_tagging_max_total_months):
        return NEVER
    opens = day_when_remaining(sentence.end_day, months)
    if total_at_most(sentence, law.end_tagging_short_total_months):
        opens = fraction_day(sentence, 1 - law.end_tagging_short_share_left)
    day = max(
        opens,
        sentence.start_day,
        sentence.sentenced_day,
        sentence.surety_end_day,
    )
    return day if day < sentence.end_day else NEVER
