"""What misconduct may cost of the reductions of sentence (*retrait de réduction de peine*), before 2023 and since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import add_months
from sim.law.remission import regime

if TYPE_CHECKING:
    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce

_YEAR = 12


def withdrawal_max_days(
    sentence: SentenceFacts, granted_day: int, granted_days: int, day: int, statutes: StatutesInForce
) -> int:
    """Most days that misconduct on a day may cost.

    New regime: all of the last reduction, within a year of its grant. Former regime: of the credit, at most three
    months a year (two in récidive until 2014), or seven days a month for a sentence below a year (five);
    ``granted_days`` is then the credit.

    Source
    ------
    Code de procédure pénale, art. 721, before and from 2023 (texts/remission.yaml, texts/special_remission.yaml).
    """
    if regime(sentence.committed_day, statutes) == "NEW":
        window = add_months(granted_day, statutes.special_remission.withdrawal_window_months)
        return granted_days if granted_day <= day <= window else 0
    law = statutes.remission
    if sentence.recidive:
        by_year, by_month = law.credit_withdrawal_months_per_year_recidive, law.credit_withdrawal_days_per_month_recidive
    else:
        by_year, by_month = law.credit_withdrawal_months_per_year, law.credit_withdrawal_days_per_month
    end = sentence.end_day
    most: int = end - add_months(end, -by_year) if sentence.total_months >= _YEAR else sentence.total_months * by_month
    return min(most, granted_days)
