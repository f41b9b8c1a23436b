"""Supervision after release: time of the reductions, judicial supervision, first appointments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.law.calendar import working_days_after
from sim.law.sentence import remaining

if TYPE_CHECKING:
    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce


def reduction_supervision_end(
    released_day: int, reductions_days: int, statutes: StatutesInForce, *, adjusted: bool
) -> int | None:
    """Latest end of the supervision for the time of the reductions (721-2 I); ``None`` if it may not be ordered.

    Only for those who had neither release under constraint nor conditional release (``adjusted``), at most the
    reductions granted.
    """
    if adjusted or reductions_days <= 0 or not statutes.supervision.reduction_time:
        return None
    return released_day + reductions_days


def no_contact_end(released_day: int, reductions_days: int, statutes: StatutesInForce) -> int | None:
    """Latest end of the ban on contact with the victim for the time of the reductions (721-2 II), adjusted or not."""
    return released_day + reductions_days if reductions_days > 0 and statutes.supervision.no_contact_order else None


def judicial_supervision_open(sentence: SentenceFacts, statutes: StatutesInForce, *, ssj_incurred: bool) -> bool:
    """Whether judicial supervision may be ordered (*surveillance judiciaire*, 723-29).

    Seven years or more for an offence for which socio-judicial supervision is incurred, five in récidive; not for life.
    """
    if not ssj_incurred or sentence.life:
        return False
    law = statutes.supervision
    if sentence.total_months >= law.judicial_min_months:
        return True
    months: int | None = law.judicial_min_months_recidive
    return sentence.recidive and months is not None and sentence.total_months >= months


def revocation_max_days(sentence: SentenceFacts, released_day: int) -> int:
    """Most days of prison if conditional release is revoked: what remained on the day of release (733); NEVER for life.

    Source
    ------
    Code de procédure pénale, art. 733 (recalled).
    """
    return remaining(sentence, released_day)


def security_notice(sentence: SentenceFacts, statutes: StatutesInForce) -> bool:
    """Whether police or gendarmerie are told of the release (C. pénit. L512-2): three years or more."""
    return sentence.life or bool(sentence.total_months >= statutes.supervision.security_notice_months)


def first_appointment_day(released_day: int, adjustment: str, statutes: StatutesInForce) -> int | None:
    """Last day of the first appointment with the probation service after a release under constraint (D147-17-5,
    D147-22).

    ``None`` for other adjustments, whose summons is handed over before the release.
    """
    if adjustment == "LSC":
        days = statutes.release_under_constraint.first_appointment_working_days
    elif adjustment == "LSC-PD":
        days = statutes.release_under_constraint_as_of_right.first_appointment_working_days
    else:
        return None
    return working_days_after(released_day, days)


def judicial_supervision_end(released_day: int, reductions_days: int, statutes: StatutesInForce) -> int | None:
    """Latest end of judicial supervision: it lasts at most the reductions granted (723-29); ``None`` without any."""
    if reductions_days <= 0 or not statutes.supervision.judicial_duration_is_reductions:
        return None
    return released_day + reductions_days


def reduction_breach_max_days(reductions_days: int, statutes: StatutesInForce) -> int:
    """Most days of prison for a breach of the supervision for the time of the reductions: all of them (721-2)."""
    return reductions_days if statutes.supervision.breach_costs_reductions else 0
