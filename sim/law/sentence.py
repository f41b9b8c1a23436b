"""The arithmetic of one sentence: end, time served and remaining, half and two thirds, who decides.

Conventions C1 to C5 of the rule book: months are calendar months (*de quantième à quantième*), days of reduction are
real days, the time served counts remand credited and measures under committal, the time remaining counts the
reductions already granted, and the thresholds apply to the **sum** of the sentences under committal.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Protocol

from sim.dates import NEVER, add_months, day_within_months
from sim.errors import LawError

if TYPE_CHECKING:
    from sim.law.statutes import Statutes, StatutesInForce

EPSILON = 1e-6
DAYS_OF_A_MONTH = 30
"""Days of a sentence of one month (CPP 716-1): the rule ``sentence.days_of_a_month``, which no law has ever changed."""


class SentenceFacts(Protocol):
    """What the law needs to know of a sentence. The person of the engine has these attributes itself."""

    committed_day: int
    """*Mise sous écrou*: chooses the regime of reductions."""
    sentenced_day: int
    """Judgment."""
    start_day: int
    """Start of execution, remand credit included: time served on a day is ``day - start_day``."""
    end_day: int
    """End, with the reductions granted so far; :data:`~sim.dates.NEVER` for life."""
    total_months: int
    """Firm parts summed over the sentences under committal, whole months."""
    total_days: int
    """The same in days."""
    felony: bool
    recidive: bool
    terrorism: bool
    life: bool
    lsc_excluded: bool
    """Excluded from release as of right by art. 720 III, felony and terrorism apart."""
    removal: bool
    """Under a removal measure (OQTF, ITF, expulsion)."""
    birth_day: int
    child_born_day: int
    """Youngest child living with the person; NEVER if none, or if art. 729-3 is closed (offence on a minor)."""
    surety_end_day: int
    """End of the *période de sûreté*, -1 if none."""
    on_officials: bool
    """Violence on the public officials of art. 721-1-2: lower reductions."""
    ssj_incurred: bool
    """Socio-judicial supervision is incurred (*suivi socio-judiciaire*), for fifteen years or more: art. 730-2."""
    listed_felony: bool
    """A felony of art. 706-53-13, for ten years or more: art. 730-2."""
    mobile_tag: bool
    """Conditional release would be under a mobile tag (*PSEM*): no probation before it (730-2)."""
    probation_from_day: int
    """Day from which the measure that must precede conditional release could really begin, or began; -1 if not yet."""


@dataclass(slots=True)
class Sentence:
    """A sentence written by hand: the facts of :class:`SentenceFacts`, with usual defaults."""

    committed_day: int
    sentenced_day: int
    start_day: int
    end_day: int
    total_months: int
    total_days: int
    felony: bool = False
    recidive: bool = False
    terrorism: bool = False
    life: bool = False
    lsc_excluded: bool = False
    removal: bool = False
    birth_day: int = 0
    child_born_day: int = NEVER
    surety_end_day: int = -1
    child_due_day: int = NEVER
    """Expected birth, for a pregnant person who will live with the child; read by :mod:`sim.law.rulebook.pregnancy` alone."""
    facts_day: int = -1
    """Day of the facts, of the last of them if there are several; -1 if not known. Read by the rule book alone: laws of
    enforcement that are harsher bind later facts only (CP 112-2, 3°)."""

    ssj_incurred: bool = False
    """Socio-judicial supervision is incurred (*suivi socio-judiciaire*), for fifteen years or more: art. 730-2."""
    listed_felony: bool = False
    """A felony of art. 706-53-13, for ten years or more: art. 730-2."""
    mobile_tag: bool = False
    """Conditional release would be under a mobile tag (*PSEM*): no probation before it (730-2)."""
    on_officials: bool = False
    """Violence on the public officials of art. 721-1-2: lower reductions."""
    probation_from_day: int = -1
    """Day from which the measure that must precede conditional release could really begin (730-2), once it is past; -1 if not:
    a reduction granted later brings the end of the trial period back in time, never the measure."""
    release_advance_days: int = 0
    """Days by which the end that conditional release is reckoned from precedes the end: récidive until 2014 (721 al. 2)."""

    def law(self, statutes: Statutes, day: int) -> StatutesInForce:
        """What is in force on a day for this sentence: its committal, its facts; no rule before the first date of its text."""
        return statutes.dated().at(day, self.committed_day, self.facts_day if self.facts_day >= 0 else None)

    @classmethod
    def of(
        cls,
        committed_day: int,
        months: int,
        *,
        days: int = 0,
        remand_days: int = 0,
        sentenced_day: int | None = None,
        life: bool = False,
        **facts: int | bool,
    ) -> Sentence:
        """Return a sentence served from a committal, with the remand served before it credited."""
        start = committed_day - remand_days
        end = NEVER if life else nominal_end(start, months, days)
        return cls(
            committed_day=committed_day,
            sentenced_day=committed_day if sentenced_day is None else sentenced_day,
            start_day=start,
            end_day=end,
            total_months=months,
            total_days=0 if life else end - start,
            life=life,
            **facts,  # type: ignore[arg-type]
        )


def nominal_end(start_day: int, months: int, days: int = 0, remand_days: int = 0) -> int:
    """Day of release of a sentence begun on ``start_day``, before any reduction (*fin de peine*).

    Months are added first, then days; remand to be credited is taken off in real days (CPP 716-4). One month is thirty
    days; more than a month is counted *de quantième à quantième*.

    Raises
    ------
    LawError
        If a duration is negative, or if there is nothing to serve.

    Source
    ------
    Code de procédure pénale, art. 716-1, 716-4 (texts/sentence.yaml).
    """
    if months < 0 or days < 0 or remand_days < 0:
        msg = f"a sentence of {months} months {days} days less {remand_days} days of remand: durations cannot be negative"
        raise LawError(msg)
    if months == 0 and days == 0:
        msg = "a sentence of no month and no day: expected a quantum"
        raise LawError(msg)
    if days == 0:
        return term_end(start_day, months) - remand_days
    return add_months(start_day, months) + days - remand_days


def term_end(start_day: int, months: int) -> int:
    """Day on which so many months begun on ``start_day`` end: thirty days for one, *de quantième à quantième* for more.

    Source
    ------
    Code de procédure pénale, art. 716-1 (texts/sentence.yaml).
    """
    return start_day + DAYS_OF_A_MONTH if months == 1 else add_months(start_day, months)


def served(sentence: SentenceFacts, day: int) -> int:
    """Days served on a day, remand credited and measures under committal included; 0 before the start."""
    return day - sentence.start_day if day > sentence.start_day else 0


def remaining(sentence: SentenceFacts, day: int) -> int:
    """Days that remain on a day (*reliquat*), reductions granted deducted; 0 from the end on, NEVER for life."""
    if sentence.life:
        return NEVER
    return sentence.end_day - day if day < sentence.end_day else 0


def after_share(start_day: int, days: int, share: float) -> int:
    """First day on which ``share`` of ``days`` days begun on ``start_day`` has gone by."""
    return start_day + ceil(share * days - EPSILON)


def fraction_day(sentence: SentenceFacts, fraction: float) -> int:
    """First day on which ``fraction`` of the sentence is served (served ÷ (served + remaining)); NEVER for life."""
    if sentence.life:
        return NEVER
    start = sentence.start_day
    return start + ceil(fraction * (sentence.end_day - start) - EPSILON)


def half_day(sentence: SentenceFacts) -> int:
    """First day when time served is at least time remaining (*mi-peine*)."""
    return fraction_day(sentence, 0.5)


def two_thirds_day(sentence: SentenceFacts) -> int:
    """First day when time served is at least twice the time remaining (*deux tiers de peine*)."""
    return fraction_day(sentence, 2 / 3)


def day_when_remaining(end_day: int, months: int) -> int:
    """First day on which at most ``months`` calendar months remain before ``end_day``."""
    return day_within_months(end_day, months)


def day_when_less_remains(end_day: int, months: int) -> int:
    """First day on which *less* than ``months`` calendar months remain before ``end_day``."""
    day = day_when_remaining(end_day, months)
    while add_months(day, months) <= end_day:
        day += 1
    return day


def total_at_most(sentence: SentenceFacts, months: int) -> bool:
    """Whether the sentences under committal add up to ``months`` at most (C5: the total, not each sentence).

    Compared in months and days: a day over so many months is over them, whatever the year. The days over are what
    ``total_days`` has beyond the whole months from the start of execution.
    """
    total = sentence.total_months
    if total != months:
        return total < months
    return sentence.total_days <= term_end(sentence.start_day, months) - sentence.start_day


def competent_court(sentence: SentenceFacts, day: int, statutes: StatutesInForce) -> str:
    """Court that decides on conditional release: ``"JAP"`` or ``"TAP"``.

    The enforcement judge (*juge de l'application des peines*) if the sentence or what remains of it is short enough;
    else the court of three (*tribunal de l'application des peines*), always for life, and for terrorism since 2016.

    Source
    ------
    Code de procédure pénale, art. 730, 730-2, 730-2-1 (texts/conditional_release.yaml, texts/long_sentences.yaml).
    """
    law = statutes.conditional_release
    if sentence.life or (sentence.terrorism and statutes.long_sentences.terrorism_court):
        return "TAP"
    if total_at_most(sentence, law.judge_max_total_months):
        return "JAP"
    return "JAP" if day >= day_when_remaining(sentence.end_day, law.judge_max_remaining_months) else "TAP"
