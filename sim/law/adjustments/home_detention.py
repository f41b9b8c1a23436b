"""Home detention (*détention à domicile sous surveillance électronique*, DDSE)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.law.adjustments.adjustment import AT_HOME, Adjustment, Regime
from sim.law.adjustments.threshold import threshold_court, threshold_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce


class HomeDetention(Adjustment):
    """Home detention: total or remainder of two years at most, or probation ahead of conditional release."""

    __slots__ = ()

    code: ClassVar[str] = "DDSE"
    label: ClassVar[Mapping[str, str]] = {
        "en": "Home detention",
        "fr": "Détention à domicile sous surveillance électronique",
    }
    article: ClassVar[str] = "CPP 723-7"
    notion: ClassVar[str] = "home_detention"
    regimes: ClassVar[tuple[Regime, ...]] = (AT_HOME,)

    def opens(self, sentence: SentenceFacts, statutes: StatutesInForce) -> int:
        """Day when at most two years remain, or a year before conditional release opens.

        Source
        ------
        Code de procédure pénale, art. 723-7 (texts/home_detention.yaml).
        """
        return threshold_day(sentence, statutes.home_detention, statutes)

    def court(self, sentence: SentenceFacts, day: int, statutes: StatutesInForce) -> str:
        """Court that decides on a day: the judge, or the court of three for probation ahead of a release it decides."""
        return threshold_court(sentence, day, statutes.home_detention, statutes)

    def excluded(self, sentence: SentenceFacts, statutes: StatutesInForce) -> bool:
        """Whether it is closed to sentences for terrorism, or to persons under a removal measure (pending reform).

        Source
        ------
        Code de procédure pénale, art. 723-7 (texts/home_detention.yaml).
        """
        if sentence.terrorism and not statutes.home_detention.open_to_terrorism:
            return True
        return sentence.removal and bool(statutes.foreigners.removal_bars_measures)

    def barred_by_surety(self, statutes: StatutesInForce) -> bool:
        """Whether it must wait for the end of the *sûreté*: not named by art. 720-2, but so in practice.

        Source
        ------
        Code de procédure pénale, art. 720-2 (texts/surety.yaml).
        """
        return bool(statutes.surety.bars_home_detention)
