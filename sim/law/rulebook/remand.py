"""Remand (*détention provisoire*) and the fast track (*comparution immédiate*): ceilings and delays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.dates import add_months
from sim.law.calendar import working_days_after

if TYPE_CHECKING:
    from sim.law.statutes import StatutesInForce

_FELONY_GRAVE_YEARS = 20


class FastTrack(NamedTuple):
    """Delays of one fast-track case."""

    adjournment_from_day: int
    """First day to which the hearing may be adjourned."""
    adjournment_until_day: int
    """Last day to which it may be."""
    detention_until_day: int
    """Last day of detention without a judgment."""


def remand_possible(incurred_years: float, statutes: StatutesInForce, *, felony: bool) -> bool:
    """Whether remand is possible: any felony, a misdemeanour of three years or more (143-1)."""
    return felony or incurred_years >= statutes.remand.min_incurred_years


def ceiling_months(
    incurred_years: float,
    statutes: StatutesInForce,
    *,
    felony: bool,
    prior_firm_months: int = 0,
    grave: bool = False,
    abroad: bool = False,
    exceptional: int = 0,
) -> int:
    """Longest remand during the investigation, months, extensions included.

    Parameters
    ----------
    incurred_years
        Prison or réclusion incurred.
    statutes
        What is in force.
    felony
        Whether a felony is charged.
    prior_firm_months
        Longest firm sentence before.
    grave
        Drugs, conspiracy, pimping, extortion, organised gang (with ten years incurred), terrorism, several felonies.
    abroad
        Whether an act was committed outside France.
    exceptional
        How many exceptional extensions the chamber granted: at most one for a misdemeanour of the grave kind, two
        for a felony.

    Source
    ------
    Code de procédure pénale, art. 145-1, 145-2 (texts/remand.yaml).
    """
    if felony:
        return _felony_ceiling(incurred_years, statutes, grave=grave, abroad=abroad, exceptional=exceptional)
    return _misdemeanour_ceiling(incurred_years, prior_firm_months, statutes, grave=grave or abroad, exceptional=exceptional)


def _felony_ceiling(incurred_years: float, statutes: StatutesInForce, *, grave: bool, abroad: bool, exceptional: int) -> int:
    """Ceiling of art. 145-2, months."""
    law = statutes.remand
    long = incurred_years >= _FELONY_GRAVE_YEARS
    months: int
    if grave or (long and abroad):
        # What is charged is enough, whatever is incurred; what was done abroad adds a year to the ceiling.
        months = law.felony_gravest_ceiling_months
    elif long:
        months = law.felony_grave_ceiling_months
    else:
        months = law.felony_abroad_ceiling_months if abroad else law.felony_ceiling_months
    return months + sum(exceptional_terms(exceptional, statutes, felony=True))


def exceptional_terms(granted: int, statutes: StatutesInForce, *, felony: bool) -> tuple[int, ...]:
    """Months of each exceptional extension by the chamber (*chambre de l'instruction*): four, twice at most for a felony.

    Source
    ------
    Code de procédure pénale, art. 145-1 al. 3, 145-2 al. 3 (texts/remand.yaml).
    """
    law = statutes.remand
    if felony:
        return (int(law.felony_exceptional_months),) * min(granted, 2)
    return (int(law.misdemeanour_exceptional_months),) * min(granted, 1)


def _misdemeanour_ceiling(
    incurred_years: float,
    prior_firm_months: int,
    statutes: StatutesInForce,
    *,
    grave: bool,
    exceptional: int,
) -> int:
    """Ceiling of art. 145-1, months."""
    law = statutes.remand
    if grave:
        return int(law.misdemeanour_grave_ceiling_months) + sum(exceptional_terms(exceptional, statutes, felony=False))
    short = incurred_years <= law.short_ceiling_max_incurred_years and prior_firm_months <= law.short_ceiling_max_prior_months
    return int(law.short_ceiling_months if short else law.misdemeanour_ceiling_months)


def trial_deadline_months(court: str, statutes: StatutesInForce, *, extensions: int = 0) -> int:
    """Longest remand after the investigation until the trial begins, months.

    ``court``: ``correctional`` (extendable twice by two months), ``assizes`` (twice by six), ``criminal court``
    (once by six).

    Source
    ------
    Code de procédure pénale, art. 179, 181, 181-1 (texts/remand.yaml).
    """
    law = statutes.remand
    if court == "correctional":
        return int(law.referred_misdemeanour_months) * (1 + min(extensions, 2))
    if court == "assizes":
        return int(law.referred_assizes_months) + int(law.felony_step_months) * min(extensions, 2)
    return int(law.referred_criminal_court_months) + int(law.felony_step_months) * min(extensions, 1)


def fast_track_open(incurred_years: float, statutes: StatutesInForce, *, flagrant: bool) -> bool:
    """Whether the fast track is open: two years incurred, six months when caught in the act (395)."""
    law = statutes.remand
    if flagrant:
        return 12 * incurred_years >= int(law.fast_track_min_incurred_months_flagrant)
    return incurred_years >= int(law.fast_track_min_incurred_years)


def fast_track_hearing_day(referred_day: int, statutes: StatutesInForce) -> int:
    """Last day for the hearing of a person detained until then: third working day (396)."""
    return working_days_after(referred_day, statutes.remand.before_fast_track_working_days)


def fast_track(hearing_day: int, incurred_years: float, statutes: StatutesInForce) -> FastTrack:
    """Delays when the hearing of a fast-track case is adjourned.

    Source
    ------
    Code de procédure pénale, art. 397-1, 397-3; law of 20 November 2023 from 30 September 2024 (texts/remand.yaml).
    """
    law = statutes.remand
    above: int | None = law.adjournment_grave_above_years
    if above is not None and incurred_years > above:
        return FastTrack(
            add_months(hearing_day, law.adjournment_grave_min_months),
            add_months(hearing_day, law.adjournment_grave_max_months),
            add_months(hearing_day, law.detention_grave_months),
        )
    return FastTrack(
        hearing_day + 7 * law.adjournment_min_weeks,
        hearing_day + 7 * law.adjournment_max_weeks,
        add_months(hearing_day, law.detention_months),
    )


def deferred_hearing_day(referred_day: int, statutes: StatutesInForce) -> int | None:
    """Last day for a deferred fast-track hearing (*comparution à délai différé*); ``None`` before it existed."""
    months: int | None = statutes.remand.deferred_hearing_months
    return None if months is None else add_months(referred_day, months)


def deferred_hearing_open(incurred_years: float, statutes: StatutesInForce) -> bool:
    """Whether a person may be remanded until a deferred fast-track hearing: three years incurred (397-1-1)."""
    law = statutes.remand
    return law.deferred_hearing_months is not None and bool(incurred_years >= law.deferred_hearing_min_incurred_years)


def remand_terms(ceiling: int, statutes: StatutesInForce, *, felony: bool, organised_crime: bool = False) -> tuple[int, ...]:
    """Months of the order and of each extension that lead to a ceiling (:func:`ceiling_months`), exceptional ones apart.

    A year then six months at a time for a felony, four months at a time for a misdemeanour; six for those of
    organised crime since 15 June 2025 (``organised_crime``).

    Source
    ------
    Code de procédure pénale, art. 145-1, 145-1-1, 145-2 (texts/remand.yaml).
    """
    law = statutes.remand
    if felony:
        first, step = law.felony_first_months, law.felony_step_months
    elif organised_crime:
        first, step = law.organised_first_months, law.organised_step_months
    else:
        first, step = law.misdemeanour_step_months, law.misdemeanour_step_months
    terms = [min(first, ceiling)]
    while sum(terms) < ceiling:
        terms.append(min(step, ceiling - sum(terms)))
    return tuple(terms)
