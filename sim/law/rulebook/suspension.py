"""Splitting and suspension of a sentence, medical suspension (*fractionnement*, *suspension de peine*)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import NEVER, add_months
from sim.law.sentence import day_when_remaining

if TYPE_CHECKING:
    from sim.law.sentence import Sentence, SentenceFacts
    from sim.law.statutes import StatutesInForce


def court_may_split(
    firm_months: int,
    sentenced_day: int,
    statutes: StatutesInForce,
    *,
    recidive: bool,
    over_months: int = 0,
    shortest_days: int | None = None,
) -> bool:
    """Whether the court may order the sentence to be served in fractions (132-27 CP).

    ``over_months``: time over which they are served; ``shortest_days``: shortest of the fractions.
    """
    law = statutes.suspension
    rule = law.court_split_max_months_recidive if recidive else law.court_split_max_months
    if over_months > 12 * law.court_split_over_years.at(sentenced_day):
        return False
    if shortest_days is not None and shortest_days < law.court_split_min_days.at(sentenced_day):
        return False
    return bool(firm_months <= rule.at(sentenced_day))


def judge_may_suspend_from(sentence: Sentence, statutes: StatutesInForce, *, family: bool = False) -> int:
    """First day on which the judge may suspend or split what remains (720-1); NEVER if none.

    What counts is the remainder; not for felonies, nor terrorism since 2016, nor before the end of the *sûreté*.
    ``family``: on family grounds, for a parent of a child under ten or a pregnant woman.

    Source
    ------
    Code de procédure pénale, art. 720-1 (texts/suspension.yaml).
    """
    law = statutes.suspension
    closed = (sentence.felony and not law.judge_suspension_open_to_felony) or (
        sentence.terrorism and not law.judge_suspension_open_to_terrorism
    )
    if sentence.life or closed:
        return NEVER
    months: int = law.judge_max_remaining_months_family if family else law.judge_max_remaining_months
    day = max(
        day_when_remaining(sentence.end_day, months),
        sentence.start_day,
        sentence.sentenced_day,
        sentence.surety_end_day,
    )
    return day if day < sentence.end_day else NEVER


def longest_suspension_end_day(suspended_day: int, statutes: StatutesInForce) -> int:
    """Last day of a suspension ordered by the judge (720-1)."""
    return add_months(suspended_day, 12 * statutes.suspension.judge_max_suspension_years)


def medical_suspension_open(
    sentence: SentenceFacts,
    day: int,
    statutes: StatutesInForce,
    *,
    illness: str,
    hospitalised_without_consent: bool = False,
    grave_risk: bool = False,
) -> bool:
    """Whether medical suspension may be ordered (720-1-1): any length, even during the *sûreté*.

    ``illness``: ``"life-threatening"``, ``"physical"`` or ``"mental"`` (a state durably incompatible with
    detention), or ``"none"``.
    """
    if illness == "none" or hospitalised_without_consent or grave_risk:
        return False
    if day < sentence.surety_end_day and statutes.surety.bars_medical_suspension:
        return False
    return illness != "mental" or bool(statutes.suspension.medical_mental_state)


def medical_release_day(suspended_day: int, statutes: StatutesInForce) -> int:
    """First day on which conditional release may follow a medical suspension: a year later (729, last paragraph)."""
    return add_months(suspended_day, statutes.suspension.medical_to_release_months)


def medical_reports_needed(statutes: StatutesInForce, *, life_at_stake: bool) -> int:
    """How many expert reports a medical suspension needs: none in an emergency, the prison doctor certifying (720-1-1).

    The certificate is enough since 26 November 2009 only.
    """
    if life_at_stake and statutes.suspension.medical_emergency_without_expert:
        return 0
    return int(statutes.suspension.medical_experts)
