"""Pregnancy, which opens conditional release as a child does (art. 729-3): the sentence as the article sees it on a day.

No national run knows of a pregnancy: it is a fact of :class:`~sim.law.sentence.Sentence` alone, absent by default, and
the functions of the law read ``child_born_day`` only. An unborn child is given to them as a child born on the day the
pregnancy passes its twelfth week; once born, by its birth.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.dates import NEVER

if TYPE_CHECKING:
    from sim.law.sentence import Sentence
    from sim.law.statutes import StatutesInForce

_WEEK = 7


def counted_from(child_due_day: int, statutes: StatutesInForce) -> int:
    """First day on which a pregnancy counts: the day after its twelfth week; NEVER before the law of 2014.

    ``child_due_day``: expected birth (*terme prévu*), 39 weeks of pregnancy (41 of amenorrhoea).

    Source
    ------
    Code de procédure pénale, art. 729-3: « enceinte de plus de douze semaines » (texts/conditional_release.yaml).
    """
    law = statutes.conditional_release
    weeks: int | None = law.parental_pregnancy_weeks
    if child_due_day >= NEVER or weeks is None:
        return NEVER
    return child_due_day - _WEEK * (int(law.parental_pregnancy_term_weeks) - weeks) + 1


def as_seen_on(sentence: Sentence, day: int, statutes: StatutesInForce) -> Sentence:
    """Return the sentence with the child that art. 729-3 counts on a day, the unborn one included.

    An older child counts as long as the pregnancy does not; the same sentence is returned if there is no pregnancy.
    """
    due = sentence.child_due_day
    if due >= NEVER:
        return sentence
    if day >= due:
        return replace(sentence, child_born_day=due)
    counted = counted_from(due, statutes)
    if sentence.child_born_day >= NEVER or counted <= day:
        return replace(sentence, child_born_day=counted)
    return sentence
