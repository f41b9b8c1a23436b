"""What the silence of a judge, a board or an administration means, and from which day.

Silence never grants: it lets the chamber be seized, counts as a refusal, or lets the procedure go on without an opinion.
Delays of the code are prorogued to the next working day (801); that of the administration (R424-19) is not.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from sim.dates import add_months
from sim.law.calendar import prorogued
from sim.law.procedure import decision_deadline
from sim.law.sentence import day_when_remaining

if TYPE_CHECKING:
    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce


class Effect(Enum):
    """What follows when the delay is over and nobody has answered."""

    CHAMBER = "CHAMBER"
    """The person may seize the chamber of enforcement."""
    CHAMBER_BY_ANY = "CHAMBER_BY_ANY"
    """The chamber may be seized by the person or the prosecutor, or act of its own motion."""
    PRESIDENT = "PRESIDENT"
    """The person may seize the president of the chamber."""
    PRESIDENT_BY_ANY = "PRESIDENT_BY_ANY"
    """The president of the chamber may be seized by the person or the prosecutor, or act of his own motion."""
    REFUSED = "REFUSED"
    """Silence is a refusal."""
    OPINION_GIVEN = "OPINION_GIVEN"
    """The opinion is deemed given: the judge decides without it."""


class Silence(NamedTuple):
    """The end of a delay within which somebody had to answer."""

    last_day: int
    """Last day to answer."""
    effect: Effect
    article: str
    answer_day: int
    """Last day for whoever is then seized to decide; -1 if the texts set none."""


def of_examination(sentence: SentenceFacts, two_thirds_day: int, statutes: StatutesInForce) -> Silence:
    """No decision on the release under constraint: two months from two thirds, one if a year or less is left to serve then.

    The president of the chamber decides within a month of being seized.

    Source
    ------
    Code de procédure pénale, art. 720, D147-18, of 2015 (texts/release_under_constraint.yaml).
    """
    law = statutes.release_under_constraint
    long_left = two_thirds_day < day_when_remaining(sentence.end_day, law.silence_short_remaining_months)
    last = prorogued(add_months(two_thirds_day, law.silence_months if long_left else law.silence_short_months))
    return Silence(last, Effect.PRESIDENT_BY_ANY, "CPP D147-18", prorogued(add_months(last, law.chamber_answer_months)))


def of_request(filed_day: int, form: str, statutes: StatutesInForce) -> Silence:
    """No decision on a request: two months for an order, four for a judgment, six for the court of three.

    The person may then seize the chamber, or its president for an order.

    Source
    ------
    Code de procédure pénale, art. D49-32, D49-33, D49-36, D524; code pénitentiaire, art. D422-8 (texts/procedure.yaml).
    """
    article = {"order": "CPP D49-32", "judgment": "CPP D49-33", "court judgment": "CPP D49-36"}[form]
    effect = Effect.PRESIDENT if form == "order" else Effect.CHAMBER
    return Silence(decision_deadline(filed_day, form, statutes), effect, article, -1)  # type: ignore[arg-type]


def of_two_thirds_hearing(two_thirds_day: int, statutes: StatutesInForce) -> Silence:
    """No hearing on conditional release at two thirds of more than five years: the chamber, four months later (730-3)."""
    last = prorogued(add_months(two_thirds_day, statutes.procedure.two_thirds_silence_months))
    return Silence(last, Effect.CHAMBER_BY_ANY, "CPP 730-3, D523-1", -1)


def of_board_opinion(asked_day: int, statutes: StatutesInForce) -> Silence:
    """No opinion of the board: deemed given after a month (712-5)."""
    last = prorogued(add_months(asked_day, statutes.procedure.board_opinion_months))
    return Silence(last, Effect.OPINION_GIVEN, "CPP 712-5", -1)


def of_approval(asked_day: int, statutes: StatutesInForce, *, ad_hoc: bool = False) -> Silence:
    """No answer to a host that asks for approval (*agrément*): refused after four months, one for named persons alone.

    Source
    ------
    Code pénitentiaire, art. R424-18, R424-19 (texts/external_placement.yaml).
    """
    rules = statutes.external_placement
    last = add_months(asked_day, rules.approval_ad_hoc_months if ad_hoc else rules.approval_months)
    return Silence(last, Effect.REFUSED, "C. pénit. R424-18, R424-19" if ad_hoc else "C. pénit. R424-19", -1)
