"""External placement (*placement à l'extérieur*, PE)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.law.adjustments.adjustment import PLACED_OUTSIDE, Adjustment, Regime
from sim.law.adjustments.threshold import threshold_court, threshold_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce


class ExternalPlacement(Adjustment):
    """External placement: total or remainder of two years at most, or probation ahead of conditional release."""

    __slots__ = ()

    code: ClassVar[str] = "PE"
    label: ClassVar[Mapping[str, str]] = {"en": "External placement", "fr": "Placement à l'extérieur"}
    article: ClassVar[str] = "CPP 723-1"
    notion: ClassVar[str] = "external_placement"
    regimes: ClassVar[tuple[Regime, ...]] = (PLACED_OUTSIDE,)

    def opens(self, sentence: SentenceFacts, statutes: StatutesInForce) -> int:
        """Day when at most two years remain, or a year before conditional release opens.

        Source
        ------
        Code de procédure pénale, art. 723-1 (texts/external_placement.yaml).
        """
        return threshold_day(sentence, statutes.external_placement, statutes)

    def court(self, sentence: SentenceFacts, day: int, statutes: StatutesInForce) -> str:
        """Court that decides on a day: the judge, or the court of three for probation ahead of a release it decides."""
        return threshold_court(sentence, day, statutes.external_placement, statutes)

    def excluded(self, sentence: SentenceFacts, statutes: StatutesInForce) -> bool:
        """Whether it is closed to sentences for terrorism, or to persons under a removal measure (pending reform).

        Source
        ------
        Code de procédure pénale, art. 723-1 (texts/external_placement.yaml).
        """
        if sentence.terrorism and not statutes.external_placement.open_to_terrorism:
            return True
        return sentence.removal and bool(statutes.foreigners.removal_bars_measures)
