"""Semi-liberty (*semi-liberté*, SL)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.law.adjustments.adjustment import IN_SEMI_LIBERTY, Adjustment, Regime
from sim.law.adjustments.threshold import threshold_court, threshold_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce


class SemiLiberty(Adjustment):
    """Semi-liberty: total or remainder of two years at most, or probation ahead of conditional release."""

    __slots__ = ()

    code: ClassVar[str] = "SL"
    label: ClassVar[Mapping[str, str]] = {"en": "Semi-liberty", "fr": "Semi-liberté"}
    article: ClassVar[str] = "CPP 723-1"
    notion: ClassVar[str] = "semi_liberty"
    regimes: ClassVar[tuple[Regime, ...]] = (IN_SEMI_LIBERTY,)

    def opens(self, sentence: SentenceFacts, statutes: StatutesInForce) -> int:
        """Day when at most two years remain, or a year before conditional release opens.

        Source
        ------
        Code de procédure pénale, art. 723-1 (texts/semi_liberty.yaml).
        """
        return threshold_day(sentence, statutes.semi_liberty, statutes)

    def court(self, sentence: SentenceFacts, day: int, statutes: StatutesInForce) -> str:
        """Court that decides on a day: the judge, or the court of three for probation ahead of a release it decides."""
        return threshold_court(sentence, day, statutes.semi_liberty, statutes)

    def excluded(self, sentence: SentenceFacts, statutes: StatutesInForce) -> bool:
        """Whether it is closed to sentences for terrorism, or to persons under a removal measure (pending reform).

        Source
        ------
        Code de procédure pénale, art. 723-1 (texts/semi_liberty.yaml).
        """
        if sentence.terrorism and not statutes.semi_liberty.open_to_terrorism:
            return True
        return sentence.removal and bool(statutes.foreigners.removal_bars_measures)
