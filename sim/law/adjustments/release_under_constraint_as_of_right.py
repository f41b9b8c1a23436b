"""Release under constraint as of right (*libération sous contrainte de plein droit*, art. 720 § II)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.dates import NEVER
from sim.law.adjustments.adjustment import AT_HOME, IN_SEMI_LIBERTY, PLACED_OUTSIDE, RELEASED, Adjustment, Regime
from sim.law.sentence import day_when_remaining, remaining, total_at_most

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import Notion, StatutesInForce


def closed(sentence: SentenceFacts, law: Notion) -> bool:
    """Whether art. 720 § III excludes the sentence from release as of right."""
    return (
        sentence.life
        or (sentence.felony and bool(law.excludes_felony))
        or (sentence.terrorism and bool(law.excludes_terrorism))
        or (sentence.lsc_excluded and bool(law.excludes_listed))
    )


def as_of_right_day(sentence: SentenceFacts, law: Notion) -> int:
    """Day from which release is due as of right, exclusions apart; NEVER if the total is too long."""
    if not law.in_force or not total_at_most(sentence, law.max_total_months):
        return NEVER
    return day_when_remaining(sentence.end_day, law.max_remaining_months)


class ReleaseUnderConstraintAsOfRight(Adjustment):
    """Release under constraint as of right: total of two years at most, three months at most remaining."""

    __slots__ = ()

    code: ClassVar[str] = "LSC-PD"
    label: ClassVar[Mapping[str, str]] = {
        "en": "Release under constraint as of right",
        "fr": "Libération sous contrainte de plein droit",
    }
    article: ClassVar[str] = "CPP 720 § II"
    notion: ClassVar[str] = "release_under_constraint_as_of_right"
    regimes: ClassVar[tuple[Regime, ...]] = (AT_HOME, IN_SEMI_LIBERTY, PLACED_OUTSIDE, RELEASED)
    needs_hearing: ClassVar[bool] = False
    consent_needed: ClassVar[bool] = False
    of_right: ClassVar[bool] = True

    def opens(self, sentence: SentenceFacts, statutes: StatutesInForce) -> int:
        """Day when at most three months remain of sentences of two years at most.

        Source
        ------
        Code de procédure pénale, art. 720 § II (texts/release_under_constraint_as_of_right.yaml).
        """
        return as_of_right_day(sentence, statutes.release_under_constraint_as_of_right)

    def excluded(self, sentence: SentenceFacts, statutes: StatutesInForce) -> bool:
        """Whether art. 720 § III closes it: felony, terrorism, listed offences, discipline.

        Source
        ------
        Code de procédure pénale, art. 720 § III (texts/release_under_constraint_as_of_right.yaml).
        """
        return closed(sentence, statutes.release_under_constraint_as_of_right)

    def conditional_on_removal(self, sentence: SentenceFacts, statutes: StatutesInForce) -> bool:
        """Whether it is conditional on a removal measure being executed (since 2024-01-28).

        Source
        ------
        Code de procédure pénale, art. 720; loi n° 2024-42.
        """
        return sentence.removal and bool(statutes.release_under_constraint_as_of_right.removal_is_condition)


def listed_exclusion(
    statutes: StatutesInForce,
    *,
    minor_under_15: bool = False,
    partner_violence: bool = False,
    public_official: bool = False,
    discipline: bool = False,
) -> bool:
    """Whether the offence or the conduct excludes from release as of right, felony and terrorism apart.

    Gives the fact ``lsc_excluded`` of a sentence. The list is recalled (uncertain point U3): each entry is a rule
    that a scenario may change.

    Source
    ------
    Code de procédure pénale, art. 720 § III (texts/release_under_constraint_as_of_right.yaml).
    """
    law = statutes.release_under_constraint_as_of_right
    return bool(
        (minor_under_15 and law.excludes_minor_under_15)
        or (partner_violence and law.excludes_partner_violence)
        or (public_official and law.excludes_public_officials)
        or (discipline and law.excludes_discipline)
    )


def open_from(measure: str, statutes: StatutesInForce) -> bool:
    """Whether release as of right is for a person already on a measure (``SL``, ``PE``, ``DDSE``; ``""`` for none).

    Source
    ------
    Code de procédure pénale, art. D147-24 (external placement: without surveillance only).
    """
    return not measure or not statutes.release_under_constraint_as_of_right.closed_to_those_on_a_measure


def breach_max_days(sentence: SentenceFacts, decided_day: int, reductions_days: int, statutes: StatutesInForce) -> int:
    """Most days of prison for a breach: what remained at the decision, and the reductions not withdrawn.

    Source
    ------
    Code de procédure pénale, art. 720 § II.
    """
    costs = statutes.release_under_constraint_as_of_right.breach_costs_reductions
    return remaining(sentence, decided_day) + (reductions_days if costs else 0)


def lawful_refusal(
    statutes: StatutesInForce, *, housed: bool, home_allowed: bool = True, places_left: bool = True
) -> str | None:
    """Return why release as of right may lawfully be refused, or ``None`` if it may not: material impossibility only.

    ``housed``: has a lodging. ``home_allowed``: it fits the bans on contact and places. ``places_left``:
    semi-liberty or external placement has a place in a compatible facility. A lodging makes home detention or
    conditional release possible, a place does without it.

    Source
    ------
    Code de procédure pénale, art. D147-21.
    """
    law = statutes.release_under_constraint_as_of_right
    if (housed and home_allowed) or places_left:
        return None
    if law.refused_for_want_of_places:
        return "no place" if law.refused_for_want_of_lodging else None
    return None
