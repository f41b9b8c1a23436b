"""Who decides, in what time, and what happens on appeal or silence (712-5 to 712-14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.dates import add_months
from sim.errors import LawError, suggestion
from sim.law.calendar import prorogued
from sim.law.sentence import day_when_remaining, total_at_most

if TYPE_CHECKING:
    from sim.law.adjustments import Adjustment
    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce

Form = Literal["order", "judgment", "court judgment"]
"""Order after the board (712-5), judgment of the judge (712-6), judgment of the court of three (712-7)."""

_ARTICLES: dict[str, str] = {"order": "CPP 712-5", "judgment": "CPP 712-6", "court judgment": "CPP 712-7"}
_BOARD_MATTERS = frozenset({"remission", "leave", "escort", "modification"})
_HEARING_MATTERS = frozenset({"splitting", "revocation", "supervision", "medical suspension"})
_COURT_MATTERS = frozenset({"surety", "judicial supervision"})
MATTERS: frozenset[str] = _BOARD_MATTERS | _HEARING_MATTERS | _COURT_MATTERS
"""What an enforcement court is asked, adjustments apart."""


@dataclass(frozen=True, slots=True)
class Competence:
    """Who decides a matter, and how."""

    court: str
    """``"JAP"`` (enforcement judge) or ``"TAP"`` (court of three)."""
    form: Form
    article: str


def competence(matter: str | Adjustment, sentence: SentenceFacts, day: int, statutes: StatutesInForce) -> Competence:
    """Who decides an adjustment, or another matter of :data:`MATTERS`, on a day, and in what form.

    Raises
    ------
    LawError
        If no enforcement court decides such a matter.

    Source
    ------
    Code de procédure pénale, art. 712-5, 712-6, 712-7, 720-1-1, 730.
    """
    if not isinstance(matter, str):
        court, hearing = matter.court(sentence, day, statutes), matter.needs_hearing
    elif matter in MATTERS:
        court, hearing = "JAP", matter not in _BOARD_MATTERS
        if matter in _COURT_MATTERS:
            court = "TAP"
        elif matter == "medical suspension":
            court = medical_court(sentence, day, statutes)
    else:
        msg = f"'{matter}' is no matter of an enforcement court; expected one of: {', '.join(sorted(MATTERS))}."
        raise LawError(msg + suggestion(matter, MATTERS))
    form: Form = "order"
    if hearing:
        form = "judgment" if court == "JAP" else "court judgment"
    # Conditions are changed by order as well, but without the board.
    return Competence(court, form, "CPP 712-8" if matter == "modification" else _ARTICLES[form])


def medical_court(sentence: SentenceFacts, day: int, statutes: StatutesInForce, *, emergency: bool = False) -> str:
    """Court that decides on medical suspension: the judge up to ten years, or three years left; else of three.

    In an emergency the judge, whatever the sentence, since 1 October 2014.

    Source
    ------
    Code de procédure pénale, art. 720-1-1 al. 3 (texts/suspension.yaml).
    """
    law = statutes.suspension
    if emergency and law.medical_judge_in_emergency:
        return "JAP"
    if sentence.life:
        return "TAP"
    if total_at_most(sentence, law.medical_judge_max_total_months):
        return "JAP"
    return "JAP" if day >= day_when_remaining(sentence.end_day, law.medical_judge_max_remaining_months) else "TAP"


def decision_deadline(filed_day: int, form: Form, statutes: StatutesInForce) -> int:
    """Last day to decide on a request filed on a day; once past, the person may seize the chamber directly.

    Two months after the board (D49-32), four to the hearing of the judge (D49-33), six for the court of three
    (D49-36, D524); prorogued (801).
    """
    law = statutes.procedure
    months = {"order": law.board_months, "judgment": law.hearing_months, "court judgment": law.court_months}[form]
    return prorogued(add_months(filed_day, months))


def appeal_end_day(notified_day: int, form: Form, statutes: StatutesInForce, *, incident: bool = False) -> int:
    """Last day to appeal from a decision notified on a day.

    Twenty-four hours, that is to midnight of the next day, from an order; ten days from a judgment; prorogued to the
    next day that is no Saturday, Sunday or public holiday (801). ``incident``: the prosecutor's answer to the appeal of
    the person, a little later.

    Source
    ------
    Code de procédure pénale, art. 712-11, 801, D49-39 (texts/procedure.yaml).
    """
    law = statutes.procedure
    if form == "order":
        days, more = int(law.appeal_order_days), int(law.incident_appeal_order_days)
    else:
        days, more = int(law.appeal_judgment_days), int(law.incident_appeal_judgment_days)
    return prorogued(notified_day + days + (more if incident else 0))


def final_day(sentenced_day: int, statutes: StatutesInForce) -> int:
    """First day on which a correctional judgment is final if nobody appeals: the day after the delay of appeal.

    Ten days, the last of which runs on to the next day that is no Saturday, Sunday or public holiday.

    Source
    ------
    Code de procédure pénale, art. 498, 801 (texts/sentence.yaml).
    """
    return prorogued(sentenced_day + int(statutes.sentence.appeal_days)) + 1


def yearly_review_day(examined_day: int, statutes: StatutesInForce) -> int:
    """Last day to examine again a file open to conditional release: at least once a year (730)."""
    return add_months(examined_day, statutes.conditional_release.review_months)


def enforceable_day(notified_day: int, statutes: StatutesInForce, *, prosecutor_waives: bool = False) -> int:
    """First day on which a favourable decision may take effect, if the prosecutor does not suspend it.

    Decisions are enforced at once (*exécutoires par provision*), but the prosecutor has until midnight of the day
    after notification to appeal with suspensive effect (712-14, D49-40), prorogued (801).
    """
    return notified_day if prosecutor_waives else prorogued(notified_day + int(statutes.sentence.exit_lag_days))


def appeal_suspends(appeal_day: int, notified_day: int, statutes: StatutesInForce) -> bool:
    """Whether the prosecutor's appeal is early enough to suspend the decision: to midnight of the next day (712-14, 801)."""
    return notified_day <= appeal_day <= prorogued(notified_day + int(statutes.procedure.suspensive_days))


def suspensive_lapse_day(appeal_day: int, statutes: StatutesInForce) -> int:
    """Last day for the chamber to rule on a suspensive appeal; the next day the appeal lapses (*non avenu*, 712-14)."""
    return add_months(appeal_day, statutes.procedure.suspensive_lapse_months)


def has_lapsed(appeal_day: int, day: int, statutes: StatutesInForce) -> bool:
    """Whether a suspensive appeal left without a ruling has lapsed by a day: the measure is then enforced."""
    return day > suspensive_lapse_day(appeal_day, statutes)


def bar_end_day(rejected_day: int, form: Form, statutes: StatutesInForce) -> int:
    """Last day on which a like request may be barred after a rejection.

    Six months by order, a year by the judge, two years by the court of three (D49-32, D49-33, D49-36).
    """
    law = statutes.procedure
    months = {"order": law.bar_board_months, "judgment": law.bar_hearing_months, "court judgment": law.bar_court_months}[form]
    return add_months(rejected_day, months)


def earliest_hearing_day(notice_day: int, statutes: StatutesInForce) -> int:
    """First day on which a hearing may be held after its notice (D49-15)."""
    return notice_day + int(statutes.procedure.notice_days)


def provisional_hearing_day(incarcerated_day: int, court: str, statutes: StatutesInForce) -> int:
    """Last day for the hearing after a provisional incarceration, failing which the person is released (712-19).

    Fifteen days, or a month before the court of three: for a conditional release, a suspension or a probation breached.
    """
    law = statutes.procedure
    if court == "TAP":
        return add_months(incarcerated_day, law.provisional_incarceration_court_months)
    return incarcerated_day + int(law.provisional_incarceration_days)


def incident_deadline(returned_day: int, statutes: StatutesInForce) -> int:
    """Last day for the judge to rule after a provisional return inside (C. pénit. D424-6)."""
    return returned_day + int(statutes.procedure.incident_days)


def undignified_conditions_deadline(found_day: int, statutes: StatutesInForce) -> int | None:
    """Last day to remedy undignified conditions once found (803-8); ``None`` before the remedy existed."""
    law = statutes.procedure
    return add_months(found_day, law.undignified_conditions_months) if law.undignified_conditions_remedy else None
