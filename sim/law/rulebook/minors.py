"""Minors: ceilings of remand and of prison, and who enforces the sentence (code de la justice pénale des mineurs, CJPM).

The engine judges those of 16 and 17 by the rules of adults; what this module says is told only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import add_months
from sim.errors import LawError

if TYPE_CHECKING:
    from sim.law.rulebook.words import Language
    from sim.law.sentence import Sentence
    from sim.law.statutes import StatutesInForce

OF_AGE = 18
_YOUNGEST = 13
OLDER = 16
_TEN_YEARS = 10


def longest_prison_years(incurred_years: float, statutes: StatutesInForce, *, life_incurred: bool = False) -> float:
    """Longest prison a court for minors may pronounce, years, unless it sets the halving aside from sixteen on.

    Source
    ------
    CJPM, art. L121-5 (texts/minors.yaml).
    """
    law = statutes.minors
    return float(law.max_years_for_life) if life_incurred else float(law.max_share_of_incurred * incurred_years)


def remand_terms(
    age: int, incurred_years: float, statutes: StatutesInForce, *, felony: bool, gang: bool = False
) -> tuple[tuple[int, str], ...]:
    """Terms of remand of a minor: the order, then each extension, as ``(number, "days" or "months")``; none if impossible.

    Parameters
    ----------
    age
        Age at the order, years.
    incurred_years
        Prison or réclusion incurred by an adult.
    statutes
        What is in force.
    felony
        Whether a felony is charged.
    gang
        Terrorism, or organised gang with ten years incurred.

    Raises
    ------
    LawError
        If the person is of age.

    Source
    ------
    CJPM, art. L334-1, L334-4, L334-5, L433-2 to L433-6 (texts/minors.yaml).
    """
    if age >= OF_AGE:
        msg = f"{age} years of age: of age; ask the rules of adults (145-1, 145-2)"
        raise LawError(msg)
    law = statutes.minors
    if age < _YOUNGEST and not law.remand_below_13:
        return ()
    if felony:
        if age < OLDER:
            return ((law.remand_felony_young_months, "months"),) * 2
        ceiling = law.remand_felony_gang_ceiling_months if gang else law.remand_felony_ceiling_months
        return _stepped(law.remand_felony_months, law.remand_felony_step_months, ceiling)
    if age < OLDER:
        # Only for who left a closed educational centre in breach of judicial supervision (L334-4, 2°).
        grave = incurred_years >= _TEN_YEARS
        return ((law.remand_short_grave_months, "months") if grave else (law.remand_short_days, "days"),) * 2
    if incurred_years < law.remand_min_incurred_years:
        return ()
    if incurred_years <= law.remand_above_years:
        return ((law.remand_months, "months"),) * 2
    ceiling = law.remand_gang_ceiling_months if gang else law.remand_grave_ceiling_months
    return _stepped(law.remand_grave_months, law.remand_grave_months, ceiling)


def _stepped(first: int, step: int, ceiling: int) -> tuple[tuple[int, str], ...]:
    terms = [first]
    while sum(terms) < ceiling:
        terms.append(min(step, ceiling - sum(terms)))
    return tuple((months, "months") for months in terms)


def enforced_by_until(birth_day: int, statutes: StatutesInForce) -> int:
    """Day from which the enforcement judge replaces the juge des enfants: the twenty-first birthday (L611-2)."""
    return add_months(birth_day, 12 * int(statutes.minors.judge_until_years))


def minor_at_facts(sentence: Sentence) -> bool:
    """Whether the person was a minor at the facts, or at the committal if these have no day; not if the birth is unknown."""
    since = sentence.facts_day if sentence.facts_day >= 0 else sentence.committed_day
    return 0 < sentence.birth_day < sentence.committed_day and since < add_months(sentence.birth_day, 12 * OF_AGE)


def named(decider: str, sentence: Sentence, day: int, statutes: StatutesInForce, language: Language) -> str:
    """Who decides for a minor: the juge des enfants and the court for minors until the age of twenty-one (L611-2)."""
    if day >= add_months(sentence.birth_day, 12 * int(statutes.minors.judge_until_years)):
        return decider
    judge, court = {"en": ("juge des enfants", "court for minors"), "fr": ("juge des enfants", "tribunal pour enfants")}[
        language
    ]
    return decider.replace("JAP", judge).replace("TAP", court)
