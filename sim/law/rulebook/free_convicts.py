"""Convicted and free: short sentences go to the enforcement judge before any prison (723-15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.dates import add_months
from sim.law.sentence import day_when_remaining, total_at_most

if TYPE_CHECKING:
    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce


class Delays(NamedTuple):
    """Last days of the steps of a 723-15 file."""

    judge_summons_day: int
    """Summons before the enforcement judge."""
    probation_summons_day: int
    """Summons before the probation service."""
    study_day: int
    """Extra study by the probation service (723-15-1)."""
    decision_day: int
    """Decision; from then on the prosecutor may enforce (723-15-2)."""
    stale_day: int | None
    """Three years without enforcement since the sentence is final: a new summons (723-17-1); ``None`` before
    that rule, or if the day it is final is not given."""


def _limit(sentence: SentenceFacts, statutes: StatutesInForce) -> int:
    law = statutes.free_convicts
    rule = law.max_months_recidive if sentence.recidive else law.max_months
    found: int = rule.at(sentence.sentenced_day)
    return found


def eligible(
    sentence: SentenceFacts, statutes: StatutesInForce, *, deferred_committal: bool = False, free: bool = True
) -> bool:
    """Whether a sentence goes to the judge before any prison: total, or remainder after remand, short enough.

    The threshold is that of the day of judgment, even when the file is examined later, and the harsher one of 2020 binds
    only facts committed since.
    ``free``: at liberty, or already in semi-liberty, external placement or home detention.

    Source
    ------
    Code de procédure pénale, art. 723-15; CP 112-2, 3°; Crim. 20 October 2020 (texts/free_convicts.yaml).
    """
    if not free or deferred_committal or sentence.life or not statutes.free_convicts.in_force:
        return False
    months = _limit(sentence, statutes)
    if total_at_most(sentence, months):
        return True
    # The person is free: what remains does not shrink with time, it is what remand has left.
    return sentence.sentenced_day >= day_when_remaining(sentence.end_day, months)


def must_adjust(sentence: SentenceFacts, statutes: StatutesInForce) -> bool:
    """Whether the judge must adjust unless impossible: six months at most to serve (723-15)."""
    months: int = statutes.free_convicts.must_adjust_up_to_months.at(sentence.sentenced_day)
    return months > 0 and sentence.sentenced_day >= day_when_remaining(sentence.end_day, months)


def convertible(sentence: SentenceFacts, statutes: StatutesInForce) -> bool:
    """Whether the judge may convert the sentence into another penalty (747-1)."""
    return total_at_most(sentence, statutes.free_convicts.conversion_max_months)


def delays(informed_day: int, statutes: StatutesInForce, *, final_day: int | None = None) -> Delays:
    """Last days of each step, from the day the prosecutor sends the judgment; three years run from the day it is final.

    Source
    ------
    Code de procédure pénale, art. 723-15, 723-15-1, 723-15-2, 723-17-1 (texts/free_convicts.yaml).
    """
    law = statutes.free_convicts
    years: int | None = vars(law).get("stale_years")
    return Delays(
        judge_summons_day=informed_day + law.judge_summons_days,
        probation_summons_day=informed_day + law.probation_summons_days,
        study_day=add_months(informed_day, law.study_months),
        decision_day=add_months(informed_day, law.decision_months),
        stale_day=None if final_day is None or years is None else add_months(final_day, 12 * years),
    )


def measures_open(sentence: SentenceFacts, statutes: StatutesInForce) -> frozenset[str]:
    """Codes of what the judge may decide for a free convict: the measures, and above six months the rest.

    ``DDSE``, ``SL``, ``PE`` always; ``LC``, ``suspension`` and ``splitting`` where the judge need not adjust;
    ``conversion`` where art. 747-1 opens it.

    Source
    ------
    Code de procédure pénale, art. 723-15, 747-1 (texts/free_convicts.yaml).
    """
    found = {"DDSE", "SL", "PE"}
    if not must_adjust(sentence, statutes):
        found |= {"LC", "suspension", "splitting"}
    if convertible(sentence, statutes):
        found.add("conversion")
    return frozenset(found)


def may_be_enforced(
    informed_day: int, day: int, statutes: StatutesInForce, *, decided: bool = False, emergency: bool = False
) -> bool:
    """Whether the prosecutor may have the sentence served: no decision in time, or an emergency.

    ``decided``: the judge has ruled. ``emergency``: danger, new incarceration or risk of flight (723-16).

    Source
    ------
    Code de procédure pénale, art. 723-15-2, 723-16 (texts/free_convicts.yaml).
    """
    if emergency and statutes.free_convicts.urgent_enforcement:
        return True
    return not decided and day > delays(informed_day, statutes).decision_day
