"""The adjustments as functions of their position in the law's list, for the engine to ask a million times.

In plain Python these only pass the question on. Their compiled twins are made from the same methods of the adjustments
(:mod:`sim.engine.compile`): a new adjustment is in both without a line here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.dates import NEVER
from sim.engine.compile import compiled_as, jit, number_of, part, switch
from sim.law.adjustments import ADJUSTMENTS
from sim.law.adjustments.adjustment import Adjustment, within_sentence
from sim.law.remission import pass_reviews

if TYPE_CHECKING:
    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce


def first_day(adjustment: int, sentence: SentenceFacts, statutes: StatutesInForce) -> int:
    """First day on which an adjustment may be granted (:meth:`Adjustment.eligible_from`); NEVER if it never may."""
    return ADJUSTMENTS[adjustment].eligible_from(sentence, statutes)


def opening_day(adjustment: int, sentence: SentenceFacts, statutes: StatutesInForce) -> int:
    """Day its own conditions of time are met (:meth:`Adjustment.opens`)."""
    return ADJUSTMENTS[adjustment].opens(sentence, statutes)


def closed_by_law(adjustment: int, sentence: SentenceFacts, statutes: StatutesInForce) -> bool:
    """Whether the law closes it to a sentence, whatever the calendar (:meth:`Adjustment.excluded`)."""
    return ADJUSTMENTS[adjustment].excluded(sentence, statutes)


def _method(adjustment: Adjustment, name: str) -> Any:
    """Compiled form of a method that reads nothing of ``self``: rules are in the statutes, never on an adjustment."""
    return part(getattr(type(adjustment), name))


@compiled_as(first_day)
def _first_day() -> Any:
    return switch([_eligible(adjustment) for adjustment in ADJUSTMENTS])


@compiled_as(opening_day)
def _opening_day() -> Any:
    return switch([_unbound(_method(adjustment, "opens")) for adjustment in ADJUSTMENTS])


@compiled_as(closed_by_law)
def _closed_by_law() -> Any:
    return switch([_unbound(_method(adjustment, "excluded")) for adjustment in ADJUSTMENTS])


def _unbound(method: Any) -> Any:
    return jit(lambda sentence, statutes: method(None, sentence, statutes))


def _eligible(adjustment: Adjustment) -> Any:
    """Compiled form of :meth:`Adjustment.eligible_from`, whose ``self`` is known."""
    own = type(adjustment).eligible_from is not Adjustment.eligible_from
    assert not own, f"{adjustment.code}: what it has of its own belongs in opens or excluded; the compiled engine asks those"
    excluded, opens = _method(adjustment, "excluded"), _method(adjustment, "opens")
    barred = _method(adjustment, "barred_by_surety")
    as_granted = number_of("GRANTED")
    within, reviewed = part(within_sentence), part(pass_reviews)

    def eligible_from(sentence: Any, statutes: Any) -> int:
        if excluded(None, sentence, statutes):
            return NEVER
        end = sentence.end_day
        if statutes.sentence.end_counted != as_granted:
            reviewed(sentence, statutes, statutes.sentence.projected_share)
        day = opens(None, sentence, statutes)
        sentence.end_day = end
        found: int = within(day, sentence, barred(None, statutes))
        return found

    return jit(eligible_from)
