"""Permissions to go out (*permissions de sortir*): which, from what day, for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.dates import NEVER
from sim.errors import LawError, suggestion
from sim.law.sentence import day_when_less_remains, fraction_day, total_at_most

if TYPE_CHECKING:
    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce

PLACES = ("MA", "MC", "CSL", "CD", "SAS")
"""Remand prison, high-security prison, semi-liberty centre, detention centre, release-preparation unit."""


class Leave(NamedTuple):
    """One kind of permission."""

    kind: str
    """``family``, ``yearly``, ``one_day``, ``family_event``, ``obligation``."""
    article: str
    max_days: int
    from_day: int
    """First day on which it may be granted; NEVER if none comes before the end."""


def leaves(
    sentence: SentenceFacts,
    place: str,
    final_day: int,
    statutes: StatutesInForce,
    *,
    for_release: bool = False,
) -> tuple[Leave, ...]:
    """Permissions a person may have in a place, each with its first day.

    None before the sentence is final (``final_day``), during the *sûreté*, nor for life. ``for_release``: a
    condition that a conditional release sets.

    Raises
    ------
    LawError
        If the place is not one of :data:`PLACES`.

    Source
    ------
    Code de procédure pénale, art. D143 to D145, D535; code pénitentiaire, art. D424-27 to D424-30 (texts/leave.yaml).
    """
    if place not in PLACES:
        msg = f"'{place}' is no kind of prison; expected one of: {', '.join(PLACES)}."
        raise LawError(msg + suggestion(place, PLACES))
    if sentence.life or (sentence.removal and statutes.foreigners.removal_bars_leave):
        return ()
    law = statutes.leave
    floor = max(final_day, sentence.start_day, sentence.surety_end_day)

    def dated(kind: str, article: str, days: int, opens: int) -> Leave:
        day = max(opens, floor)
        return Leave(kind, article, days, day if day < sentence.end_day else NEVER)

    start = sentence.start_day
    found = []
    family = family_leave_opens(sentence, place, statutes)
    if place == "CD":
        found.append(dated("family", "CPP D143-1", law.detention_centre_days, family))
        found.append(dated("yearly", "CPP D143-1", law.detention_centre_yearly_days, family))
    elif place == "SAS":
        found.append(dated("family", "CPP D143-2", law.release_preparation_days, family))
    else:
        free = for_release and law.as_condition_of_release
        found.append(dated("family", "CPP D143", law.family_days, start if free else family))
    opens = one_day_leave_opens(sentence, statutes)
    found.append(dated("one_day", "CPP D143-4", law.one_day_days, opens))
    found.append(dated("family_event", "CPP D143-5", law.family_event_days, opens))
    found.append(dated("obligation", "CPP D145", law.obligation_days, start))
    return tuple(found)


def family_leave_opens(sentence: SentenceFacts, place: str, statutes: StatutesInForce) -> int:
    """Day on which the condition of time of a permission for family ties or reintegration is met in a place.

    Source
    ------
    Code de procédure pénale, art. D143, D143-1 and D143-2 (texts/leave.yaml).
    """
    law = statutes.leave
    if place == "CD":
        return fraction_day(sentence, law.detention_centre_fraction_served)
    if place == "SAS" or total_at_most(sentence, law.family_short_total_months):
        return sentence.start_day
    below = day_when_less_remains(sentence.end_day, law.family_max_remaining_months)
    half = fraction_day(sentence, law.family_fraction_served)
    return half if half > below else below


def one_day_leave_opens(sentence: SentenceFacts, statutes: StatutesInForce) -> int:
    """Day on which the condition of time of a day with an employer, a trainer or a care structure is met.

    Source
    ------
    Code de procédure pénale, art. D143-4 (texts/leave.yaml).
    """
    law = statutes.leave
    if total_at_most(sentence, law.one_day_max_total_months):
        return sentence.start_day
    return fraction_day(sentence, law.one_day_fraction_served)


def first_leave_day(sentence: SentenceFacts, place: str, final_day: int, statutes: StatutesInForce) -> int:
    """First day of a permission that helps to prepare a release, of either kind above; NEVER if none comes before the end.

    Same bars as :func:`leaves`.
    """
    if sentence.life or (sentence.removal and statutes.foreigners.removal_bars_leave):
        return NEVER
    day = one_day_leave_opens(sentence, statutes)
    if day > sentence.start_day:
        day = min(day, family_leave_opens(sentence, place, statutes))
    day = max(day, final_day, sentence.start_day, sentence.surety_end_day)
    return day if day < sentence.end_day else NEVER


def leave_decider(statutes: StatutesInForce, *, first: bool, delegated: bool, refused_by_head: bool = False) -> str:
    """Who decides on a permission: ``"JAP"``, or ``"prison head"`` for the next ones if the judge has said so.

    Source
    ------
    Code de procédure pénale, art. 723-3; code pénitentiaire, art. L424-5 (texts/leave.yaml).
    """
    by_head = delegated and not first and not refused_by_head and bool(statutes.leave.head_may_decide_next)
    return "prison head" if by_head else "JAP"


def leave_on_a_measure_from(sentence: SentenceFacts, final_day: int, statutes: StatutesInForce) -> int:
    """First day of permissions for who is in semi-liberty, external placement or home detention; NEVER if none.

    Week-ends and holidays, regular or not, with no condition of time nor length set by the text.

    Source
    ------
    Code de procédure pénale, art. D143-3 (texts/leave.yaml).
    """
    if not statutes.leave.on_a_measure or sentence.life:
        return NEVER
    day = max(final_day, sentence.start_day, sentence.surety_end_day)
    return day if day < sentence.end_day else NEVER
