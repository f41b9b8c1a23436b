"""Release under constraint (*libération sous contrainte*, LSC, art. 720 § I)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.dates import NEVER
from sim.law.adjustments.adjustment import AT_HOME, IN_SEMI_LIBERTY, PLACED_OUTSIDE, RELEASED, Adjustment, Regime
from sim.law.adjustments.release_under_constraint_as_of_right import as_of_right_day, closed
from sim.law.sentence import fraction_day, total_at_most

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce


class ReleaseUnderConstraint(Adjustment):
    """Release under constraint: examined by the board at two thirds of sentences of five years at most."""

    __slots__ = ()

    code: ClassVar[str] = "LSC"
    label: ClassVar[Mapping[str, str]] = {"en": "Release under constraint", "fr": "Libération sous contrainte"}
    article: ClassVar[str] = "CPP 720 § I"
    notion: ClassVar[str] = "release_under_constraint"
    regimes: ClassVar[tuple[Regime, ...]] = (AT_HOME, IN_SEMI_LIBERTY, PLACED_OUTSIDE, RELEASED)
    needs_hearing: ClassVar[bool] = False

    def opens(self, sentence: SentenceFacts, statutes: StatutesInForce) -> int:
        """Day when two thirds are served; NEVER if release as of right comes first, which makes the examination
        pointless.

        Source
        ------
        Code de procédure pénale, art. 720 § I and D147-24 (texts/release_under_constraint.yaml).
        """
        law = statutes.release_under_constraint
        if sentence.life or not law.in_force or not total_at_most(sentence, law.max_total_months):
            return NEVER
        day = fraction_day(sentence, law.fraction_served)
        if law.yields_to_as_of_right and not sentence.removal:
            right = statutes.release_under_constraint_as_of_right
            if not closed(sentence, right) and as_of_right_day(sentence, right) <= day:
                return NEVER
        return day


def examined(statutes: StatutesInForce, *, agreed: bool = False, refused: bool = False, request_pending: bool = False) -> bool:
    """Whether the wish of the person lets the board decide: an agreement until 2019, then the want of a refusal.

    ``request_pending``: the person has asked for an adjustment, and that request is decided instead.

    Source
    ------
    Code de procédure pénale, art. 720, before and from 1 June 2019 (texts/release_under_constraint.yaml).
    """
    law = statutes.release_under_constraint
    if request_pending and law.yields_to_a_request:
        return False
    return agreed if law.prior_agreement else not refused
