"""The day of judgment: may this firm part be pronounced, must it be adjusted at once, may custody begin.

All rules are those in force on the day of the *judgment*; pass any statutes of the run, the day is asked for.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from sim.dates import add_months
from sim.errors import LawError
from sim.law.calendar import working_days_after
from sim.law.sentence import after_share, nominal_end

if TYPE_CHECKING:
    from sim.law.statutes import StatutesInForce


class Duty(Enum):
    """What the court owes a firm part."""

    FORBIDDEN = "forbidden"
    """It may not be pronounced (art. 132-19 CP)."""
    MUST_ADJUST = "must adjust"
    """Home detention, semi-liberty or external placement for the whole, unless impossible (132-25 al. 1)."""
    ADJUST_IN_PRINCIPLE = "adjust in principle"
    """The same if personality and situation allow, for all or part (132-25 al. 2)."""
    MAY_ADJUST = "may adjust"
    """The court may, before 24 March 2020."""
    NO_ADJUSTMENT = "no adjustment"
    """No adjustment by the court, whatever the profile."""


class Committal(Enum):
    """Orders that may begin custody."""

    AT_HEARING = "committal at the hearing"
    """*Mandat de dépôt à l'audience* (465, 465-1, 397-4)."""
    DEFERRED = "deferred committal"
    """*Mandat de dépôt à effet différé* (464-2)."""
    DEFERRED_PROVISIONAL = "deferred committal with provisional execution"
    """The same, enforced in spite of an appeal."""


def duty(
    firm_months: int,
    sentenced_day: int,
    statutes: StatutesInForce,
    *,
    firm_days: int = 0,
    remand_days: int = 0,
    recidive: bool = False,
) -> Duty:
    """What the court owes a firm part of ``firm_months`` and ``firm_days``, revoked suspensions included.

    The remainder after remand counts like the firm part where the law says so (D45-2-2).

    Raises
    ------
    LawError
        If there is no firm part.

    Source
    ------
    Code pénal, art. 132-19, 132-25; code de procédure pénale, art. 464-2, D45-2-2 (texts/sentencing.yaml).
    """
    if firm_months < 0 or firm_days < 0 or firm_months + firm_days == 0:
        msg = f"a firm part of {firm_months} months {firm_days} days; expected something to serve"
        raise LawError(msg)
    law = statutes.sentencing
    end = nominal_end(sentenced_day, firm_months, firm_days)
    left = end - remand_days if law.remainder_counts.at(sentenced_day) else end

    def within(day: int, months: int) -> bool:
        return months > 0 and day <= nominal_end(sentenced_day, months)

    if within(end, law.banned_up_to_months.at(sentenced_day)):
        return Duty.FORBIDDEN
    if within(left, law.must_adjust_up_to_months.at(sentenced_day)):
        return Duty.MUST_ADJUST
    if within(left, law.adjust_in_principle_up_to_months.at(sentenced_day)):
        return Duty.ADJUST_IN_PRINCIPLE
    most = law.ab_initio_up_to_months_recidive if recidive else law.ab_initio_up_to_months
    return Duty.MAY_ADJUST if within(left, most.at(sentenced_day)) else Duty.NO_ADJUSTMENT


def committals(
    firm_months: int,
    sentenced_day: int,
    statutes: StatutesInForce,
    *,
    recidive: bool = False,
    fast_track: bool = False,
) -> frozenset[Committal]:
    """Orders the court may give so that custody begins, each with special reasons.

    Source
    ------
    Code de procédure pénale, art. 397-4, 464-2, 465, 465-1, D45-2-1-1 (texts/sentencing.yaml).
    """
    law = statutes.sentencing
    any_length = (recidive and law.committal_any_length_recidive.at(sentenced_day)) or (
        fast_track and law.committal_any_length_fast_track.at(sentenced_day)
    )
    long_enough = firm_months >= law.committal_min_months.at(sentenced_day)
    found = set()
    if any_length or long_enough:
        found.add(Committal.AT_HEARING)
    if law.deferred_committal.at(sentenced_day) and firm_months >= law.deferred_committal_min_months.at(sentenced_day):
        found.add(Committal.DEFERRED)
        if any_length or long_enough:
            found.add(Committal.DEFERRED_PROVISIONAL)
    return frozenset(found)


def deferred_summons_day(sentenced_day: int, statutes: StatutesInForce) -> int:
    """Last day for the prosecutor to summon the person and fix the day of prison (464-2, D45-2-3)."""
    return add_months(sentenced_day, statutes.sentencing.deferred_summons_months.at(sentenced_day))


def terms_day(enforceable_day: int, statutes: StatutesInForce, *, provisional: bool) -> int:
    """Last day for the enforcement judge to fix the terms of a measure ordered by the court.

    Five working days if the court ordered provisional execution for a person held, else four months.

    Source
    ------
    Code pénal, art. 132-25 al. 3; code de procédure pénale, art. 723-2.
    """
    law = statutes.sentencing
    if provisional:
        return working_days_after(enforceable_day, law.terms_working_days.at(enforceable_day))
    return add_months(enforceable_day, law.terms_months.at(enforceable_day))


def home_detention_sentence_allowed(
    days: int, sentenced_day: int, statutes: StatutesInForce, *, incurred_months: int | None = None
) -> bool:
    """Whether home detention of so many days may be pronounced as a sentence (*peine de DDSE*, 131-4-1 CP).

    ``incurred_months``: prison incurred, which it may not exceed; ``None`` when it is longer than any such sentence.
    """
    law = statutes.sentencing
    if not law.home_detention_sentence.at(sentenced_day):
        return False
    months: int = law.home_detention_max_months.at(sentenced_day)
    if incurred_months is not None:
        months = min(months, incurred_months)
    most = add_months(sentenced_day, months) - sentenced_day
    return bool(law.home_detention_min_days.at(sentenced_day) <= days <= most)


def home_detention_early_end_day(start_day: int, end_day: int, statutes: StatutesInForce) -> int:
    """First day on which the judge may end a home-detention sentence, reintegration being achieved (713-43 CPP)."""
    share = statutes.sentencing.home_detention_early_end.at(start_day)
    return after_share(start_day, end_day - start_day, share)


def suspension_allowed(
    prison_months: int, sentenced_day: int, statutes: StatutesInForce, *, prison_in_last_years: float | None
) -> bool:
    """Whether a prison sentence may be simply suspended (*sursis simple*).

    ``prison_in_last_years``: years since the last prison sentence, ``None`` if there was none.

    Source
    ------
    Code pénal, art. 132-30, 132-31 (texts/sentencing.yaml).
    """
    law = statutes.sentencing
    clean = prison_in_last_years is None or prison_in_last_years > law.suspended_trial_years.at(sentenced_day)
    return clean and bool(prison_months <= law.suspended_max_months.at(sentenced_day))


def probation_allowed(
    prison_months: int,
    probation_months: int,
    sentenced_day: int,
    statutes: StatutesInForce,
    *,
    firm_months: int = 0,
    recidives: int = 0,
) -> bool:
    """Whether a suspended sentence with probation may be pronounced (*sursis probatoire*).

    ``recidives``: 0 for none, 1 for récidive, 2 for récidive again.

    Source
    ------
    Code pénal, art. 132-41, 132-42 (texts/sentencing.yaml).
    """
    law = statutes.sentencing
    most = law.probation_max_prison_months_recidive if recidives else law.probation_max_prison_months
    longest = (
        law.probation_max_months,
        law.probation_max_months_recidive,
        law.probation_max_months_second_recidive,
    )[min(recidives, 2)]
    return bool(
        prison_months <= most.at(sentenced_day)
        and law.probation_min_months.at(sentenced_day) <= probation_months <= longest.at(sentenced_day)
        and firm_months <= law.probation_max_firm_months.at(sentenced_day)
    )


def shortest_felony_months(sentenced_day: int, statutes: StatutesInForce, *, life_incurred: bool) -> int:
    """Shortest prison sentence an assize court may pronounce for a felony, months (132-18 CP)."""
    law = statutes.sentencing
    found: int = (law.felony_min_months_life_incurred if life_incurred else law.felony_min_months).at(sentenced_day)
    return found
