"""What withdrawals of reductions may take back at most: the credit of the sentences, then the other reductions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sim.dates import add_months, months_between
from sim.errors import LawError
from sim.law.remission import next_review, reduced_end, regime
from sim.law.rulebook.execution import TOLD_SINCE, credited_end, merged, served_end, withdrawn_days
from sim.law.withdrawal import withdrawal_max_days

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.law.rulebook.execution import Extract
    from sim.law.rulebook.words import Language
    from sim.law.sentence import Sentence
    from sim.law.statutes import Statutes, StatutesInForce


class Reductions(NamedTuple):
    """Days of reduction that the sentences under committal may have had."""

    credit: int
    """Automatic credit, of committals before 2023."""
    others: int
    """Most that the boards may have granted besides."""


def reductions_of(sentence: Sentence, extracts: Sequence[Extract], statutes: Statutes) -> Reductions:
    """Credit of the sentences, and the most that every board could grant besides, withdrawals left out.

    Source
    ------
    Code de procédure pénale, art. 721, 721-1 before 2023, 721 since (texts/remission.yaml).
    """
    statutes = statutes.dated()
    served = merged(extracts)
    # The credit of each does not depend on the order: without withdrawals, positions in the list would no longer hold.
    alone = tuple(replace(extract, revoked_by=None) for extract in served if not extract.withdrawal)
    since = statutes.rule(TOLD_SINCE).periods[0].from_day
    seen = replace(sentence, end_day=served_end(sentence.start_day, served, withdrawals=False))
    credit = 0
    if regime(sentence.committed_day, sentence.law(statutes, max(sentence.sentenced_day, since))) == "OLD":
        end, _ = credited_end(seen, alone, statutes, "en")
        credit = seen.end_day - end
        seen.end_day = end
    before, day = seen.end_day, max(sentence.sentenced_day, sentence.committed_day, since)
    while review := next_review(seen, day, sentence.law(statutes, day)):
        day = review.day
        law = sentence.law(statutes, day)
        seen.end_day = reduced_end(seen, review.max_days, law)
    return Reductions(credit, before - seen.end_day)


def of_detention(sentence: Sentence, examined_from: int, misconduct_day: int, granted_days: int, law: StatutesInForce) -> int:
    """Most days of credit that misconduct may cost, counted on the detention examined; before 2015, the most of a year.

    Parameters
    ----------
    examined_from
        First day of the detention examined to judge the conduct.
    granted_days
        Credit of the sentence.

    Source
    ------
    Code de procédure pénale, art. 721 before 2023, D115-14-1 (2015; texts/special_remission.yaml).
    """
    rules, credit = law.special_remission, law.remission
    if not rules.credit_withdrawal_by_detention:
        return withdrawal_max_days(sentence, examined_from, granted_days, misconduct_day, law)
    years, months = divmod(months_between(examined_from, misconduct_day), 12)
    if not years and not months:
        return min(int(rules.credit_withdrawal_least_days), granted_days)
    by_year, by_month = credit.credit_withdrawal_months_per_year, credit.credit_withdrawal_days_per_month
    end = sentence.end_day
    most: int = end - add_months(end, -by_year * years) + months * by_month
    return min(most, granted_days)


def refuse_excess(sentence: Sentence, extracts: Sequence[Extract], statutes: Statutes, language: Language) -> None:
    """Refuse withdrawals of more than the sentences ever had of reductions.

    Raises
    ------
    LawError
        If they take back more days than the credit and every other reduction come to.

    Source
    ------
    Code de procédure pénale, art. D115-2, D115-14-1 before 2023; 721 since.
    """
    lost = withdrawn_days(extracts, sentence.start_day)
    if not lost:
        return
    had = reductions_of(sentence, extracts, statutes)
    most = had.credit + had.others
    if lost > most:
        msg = {
            "en": f"withdrawals of {lost} days; the sentences have {had.credit} days of credit and {had.others} at most of "
            f"other reductions: expected {most} days at most (721, D115-2)",
            "fr": f"retraits de {lost} jours ; les peines ont {had.credit} jours de crédit et {had.others} au plus d'autres "
            f"réductions : attendu {most} jours au plus (721, D115-2)",
        }[language]
        raise LawError(msg)


def beyond_credit(sentence: Sentence, extracts: Sequence[Extract], statutes: Statutes, language: Language) -> Iterator[str]:
    """Say that withdrawals take back more than the credit: the rest is of other reductions (721-2, 723-5), or an error.

    Source
    ------
    Code de procédure pénale, art. D115-2 (*ne saurait être supérieur à ce quantum*), D115-14-1; 721-2, 723-5.
    """
    lost = withdrawn_days(extracts, sentence.start_day)
    if not lost:
        return
    had = reductions_of(sentence, extracts, statutes)
    if 0 < had.credit < lost:
        yield {
            "en": f"Withdrawals of {lost} days, of which {had.credit} of credit at most (D115-2, D115-14-1): "
            f"{lost - had.credit} days must come from other reductions (721-2, 723-5), or the file is wrong.",
            "fr": f"Retraits de {lost} jours, dont {had.credit} de crédit au plus (D115-2, D115-14-1) : {lost - had.credit} "
            "jours doivent venir d'autres réductions (721-2, 723-5), sinon le dossier est erroné.",
        }[language]
