"""What a court may pronounce besides prison to be served, and how heavy each penalty may be (code pénal, art. 131-1 s.).

All rules are those in force on the day of the *judgment*; pass any statutes of the run, the day is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import add_months

if TYPE_CHECKING:
    from sim.law.statutes import StatutesInForce


def longest_prison_months(incurred_years: float, sentenced_day: int, statutes: StatutesInForce, *, recidive: bool) -> int:
    """Longest prison sentence for a misdemeanour, months: what is incurred, doubled in récidive.

    What is incurred without récidive is ten years at most, the top of the scale (*échelle des peines*).

    Source
    ------
    Code pénal, art. 131-4, 132-9, 132-10 (texts/sentencing.yaml).
    """
    law = statutes.sentencing
    longest: int = law.misdemeanour_max_years.at(sentenced_day)
    factor: int = law.recidive_factor.at(sentenced_day) if recidive else 1
    return round(12 * min(incurred_years, longest)) * factor


def felony_sentence_allowed(years: float, incurred_years: float, sentenced_day: int, statutes: StatutesInForce) -> bool:
    """Whether so many years of *réclusion criminelle* may be pronounced: ten at least, no more than incurred.

    Below ten years it is prison, of which :func:`sim.law.rulebook.sentencing.shortest_felony_months` gives the minimum.

    Source
    ------
    Code pénal, art. 131-1 (texts/sentencing.yaml).
    """
    return bool(statutes.sentencing.felony_min_reclusion_years.at(sentenced_day) <= years <= incurred_years)


def felony_committed_at_once(sentenced_day: int, statutes: StatutesInForce, *, reclusion: bool) -> bool:
    """Whether an assize sentence commits a free person by itself: *réclusion* does, prison needs a reasoned order.

    Source
    ------
    Code de procédure pénale, art. 367, D45-2 (texts/sentencing.yaml).
    """
    return reclusion and bool(statutes.sentencing.assize_committal_automatic.at(sentenced_day))


def community_work_allowed(hours: int, sentenced_day: int, statutes: StatutesInForce) -> bool:
    """Whether so many hours of community work may be pronounced (*travail d'intérêt général*, TIG).

    Source
    ------
    Code pénal, art. 131-8 (texts/sentencing.yaml).
    """
    law = statutes.sentencing
    return bool(law.community_work_min_hours.at(sentenced_day) <= hours <= law.community_work_max_hours.at(sentenced_day))


def day_fines_allowed(count: int, euros: float, sentenced_day: int, statutes: StatutesInForce) -> bool:
    """Whether so many day-fines of so many euros may be pronounced (*jours-amende*).

    Source
    ------
    Code pénal, art. 131-5 (texts/sentencing.yaml).
    """
    law = statutes.sentencing
    return bool(0 < count <= law.day_fines_max.at(sentenced_day) and 0 < euros <= law.day_fine_max_euros.at(sentenced_day))


def reinforced_probation_allowed(sentenced_day: int, statutes: StatutesInForce) -> bool:
    """Whether a reinforced probation order may be pronounced (*sursis probatoire renforcé*, 132-41-1 CP)."""
    return bool(statutes.sentencing.reinforced_probation.at(sentenced_day))


def contrainte_penale_allowed(months: int, incurred_years: float, sentenced_day: int, statutes: StatutesInForce) -> bool:
    """Whether a *contrainte pénale* of so many months may be pronounced, from October 2014 to March 2020.

    Source
    ------
    Code pénal, art. 131-4-1 of that time (texts/sentencing.yaml).
    """
    law = statutes.sentencing
    if not law.contrainte_penale.at(sentenced_day):
        return False
    long_enough = law.contrainte_penale_min_months.at(sentenced_day) <= months
    short_enough = months <= law.contrainte_penale_max_months.at(sentenced_day)
    return bool(long_enough and short_enough and incurred_years <= law.contrainte_penale_max_offence_years.at(sentenced_day))


def longest_socio_judicial_years(
    sentenced_day: int,
    statutes: StatutesInForce,
    *,
    felony: bool,
    reasoned: bool = False,
    thirty_years_incurred: bool = False,
    life_incurred: bool = False,
) -> int | None:
    """Longest socio-judicial supervision, years (*suivi socio-judiciaire*, SSJ); ``None`` for no limit.

    ``reasoned``: by a specially reasoned decision, for a misdemeanour, or without limit where life is incurred.

    Source
    ------
    Code pénal, art. 131-36-1 (texts/sentencing.yaml).
    """
    law = statutes.sentencing
    if felony and life_incurred and reasoned:
        return None
    if felony:
        gravest = thirty_years_incurred or life_incurred
        rule = law.socio_judicial_max_years_gravest if gravest else law.socio_judicial_max_years_felony
    else:
        rule = law.socio_judicial_max_years_reasoned if reasoned else law.socio_judicial_max_years
    years: int = rule.at(sentenced_day)
    return years


def socio_judicial_breach_months(sentenced_day: int, statutes: StatutesInForce, *, felony: bool) -> int:
    """Longest prison for a breach of socio-judicial supervision, months (131-36-1 CP)."""
    law = statutes.sentencing
    rule = law.socio_judicial_breach_months_felony if felony else law.socio_judicial_breach_months
    months: int = rule.at(sentenced_day)
    return months


def community_work_end_day(enforceable_day: int, sentenced_day: int, statutes: StatutesInForce) -> int:
    """Last day to do the community work (131-22 CP)."""
    return add_months(enforceable_day, statutes.sentencing.community_work_months.at(sentenced_day))
