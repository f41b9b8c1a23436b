"""Exceptional reductions of sentence; what their withdrawal may cost is in :mod:`sim.law.withdrawal`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import add_months
from sim.law.remission import Caps, caps, regime
from sim.law.sentence import total_at_most

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce


def withdrawal_order_end_day(
    sentence: SentenceFacts, misconduct_day: int, granted_day: int, statutes: StatutesInForce, *, remand_enforced_day: int = -1
) -> int:
    """Last day on which the judge may order a withdrawal for misconduct.

    Committals before 2023: a year from the last event; on remand, four months from the day the sentence is put into
    execution (``remand_enforced_day``), whatever that of the event. Committals from 2023: a year from the grant.

    Source
    ------
    Code de procédure pénale, art. 721, D115-9, D115-10 before 2023 (texts/special_remission.yaml).
    """
    law = statutes.special_remission
    if regime(sentence.committed_day, statutes) == "NEW":
        return add_months(granted_day, law.withdrawal_window_months)
    if remand_enforced_day >= 0 and law.credit_order_remand_months is not None:
        return add_months(remand_enforced_day, law.credit_order_remand_months)
    return add_months(misconduct_day, law.credit_order_months)


def exceptional_max_days(sentence: SentenceFacts, statutes: StatutesInForce, *, cooperation: bool = False) -> int:
    """Most days of an exceptional reduction: a third of the sentence (721-4; 721-3 for cooperation); 0 for life."""
    if sentence.life:
        return 0
    law = statutes.special_remission
    share: float = law.cooperation_fraction if cooperation else law.exceptional_fraction
    return int(share * sentence.total_days + 1e-6)


def exceptional_court(sentence: SentenceFacts, statutes: StatutesInForce, *, cooperation: bool = False) -> str:
    """Court of an exceptional reduction: ``"TAP"`` above seven years, else ``"JAP"`` (721-4); always TAP for 721-3."""
    if cooperation:
        return "TAP"
    months: int = statutes.special_remission.exceptional_court_above_months
    return "JAP" if not sentence.life and total_at_most(sentence, months) else "TAP"


def strictest_caps(sentences: Sequence[SentenceFacts], statutes: StatutesInForce) -> Caps:
    """Most that a review may grant to a person who serves several sentences: the strictest of their caps.

    Raises
    ------
    ValueError
        If there is no sentence.

    Source
    ------
    Décret n° 2022-1261 (texts/special_remission.yaml).
    """
    found = [caps(sentence, statutes) for sentence in sentences]
    choose = min if statutes.special_remission.strictest_applies else max
    return Caps(choose(cap.months_per_year for cap in found), choose(cap.days_per_month for cap in found))


def reductions_open(
    statutes: StatutesInForce, *, ssj_incurred: bool, care_refused: bool, judge_decides_otherwise: bool = False
) -> bool:
    """Whether reductions may be granted to a person who refuses the care proposed, socio-judicial supervision incurred.

    Source
    ------
    Code de procédure pénale, art. 721 (texts/special_remission.yaml).
    """
    barred = ssj_incurred and care_refused and bool(statutes.special_remission.care_refusal_bars)
    return judge_decides_otherwise or not barred


def lost_on_leave_max_days(granted_days: int, statutes: StatutesInForce) -> int:
    """Most days of reduction that a conviction for an offence committed on permission may cost: all those granted.

    Source
    ------
    Code de procédure pénale, art. 723-5 (texts/special_remission.yaml).
    """
    return granted_days if statutes.special_remission.offence_on_permission_costs else 0
