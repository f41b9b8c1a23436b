"""What a removal measure changes (OQTF, ITF, return ban, expulsion)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.law.adjustments.adjustment import Adjustment
    from sim.law.rulebook.words import Language
    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce


class RemovalEffect(Enum):
    """How a removal measure bears on an adjustment."""

    NONE = "none"
    """No removal measure."""
    CONDITION = "condition"
    """Granted only if the removal is executed, without consent (729-2; 720 since 2024-01-28)."""
    PRACTICE = "practice"
    """No bar in law, very restrictive practice: a probability of the scenario."""
    BARRED = "barred"
    """Closed (pending reform)."""


def removal_effect(adjustment: Adjustment, sentence: SentenceFacts, statutes: StatutesInForce) -> RemovalEffect:
    """How the removal measure of a person bears on an adjustment.

    Source
    ------
    Code de procédure pénale, art. 720, 729-2 (texts/foreigners.yaml).
    """
    if not sentence.removal:
        return RemovalEffect.NONE
    if adjustment.excluded(sentence, statutes):
        return RemovalEffect.BARRED
    if adjustment.conditional_on_removal(sentence, statutes):
        return RemovalEffect.CONDITION
    return RemovalEffect.PRACTICE


def removal_said(adjustment: Adjustment, statutes: StatutesInForce, language: Language) -> str:
    """What the timeline adds to an adjustment that depends on a removal: the condition, the consent, the ban put off.

    Source
    ------
    Code de procédure pénale, art. 720 § II, 729-2 (every version of 2003 to 2016 read).
    """
    said = {"en": "; only if the removal is executed", "fr": " ; subordonné à l'exécution de l'éloignement"}[language]
    if adjustment.code != "LC":
        return said
    said += {"en": ", with or without consent (729-2)", "fr": ", avec ou sans consentement (729-2)"}[language]
    if statutes.foreigners.ban_may_be_suspended:
        said += {
            "en": "; or the judge puts off a judicial ban (ITF) for the time of the release: it lapses at its end, or is "
            "enforced if the release is revoked",
            "fr": " ; ou le juge suspend l'interdiction du territoire (ITF) le temps de la libération : relevée à son terme, "
            "de nouveau exécutoire en cas de révocation",
        }[language]
    return said


def without_measure(since: str, statutes: StatutesInForce, language: Language) -> str:
    """What the timeline adds where the measure of 730-2 comes first: a release for the removal needs none, ``since`` a day.

    Source
    ------
    Code de procédure pénale, art. D541 (2012, read).
    """
    if not statutes.foreigners.release_without_measure:
        return ""
    return {
        "en": f"; on condition of the removal no measure comes first: open from {since} (D541)",
        "fr": f" ; subordonnée à l'éloignement, aucune mesure préalable : possible dès le {since} (D541)",
    }[language]


def may_be_granted(
    adjustment: Adjustment,
    sentence: SentenceFacts,
    statutes: StatutesInForce,
    *,
    removal_executable: bool,
    ban_suspended: bool = False,
) -> bool:
    """Whether an adjustment may be granted in spite of a removal measure.

    ``ban_suspended``: the judge suspends the judicial ban for the time of a conditional release (729-2).
    """
    effect = removal_effect(adjustment, sentence, statutes)
    if effect is RemovalEffect.CONDITION:
        suspended = ban_suspended and adjustment.code == "LC" and bool(statutes.foreigners.ban_may_be_suspended)
        return removal_executable or suspended
    return effect is not RemovalEffect.BARRED
