"""The contract of a sentence adjustment (*aménagement de peine*) and of the measures it may take the form of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.dates import NEVER
from sim.law.remission import projected
from sim.law.sentence import day_when_remaining, total_at_most

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce


@dataclass(frozen=True, slots=True)
class Regime:
    """A form in which a sentence is served outside the ordinary cell."""

    code: str
    """What practitioners read: LC, SL, PE, DDSE."""
    label: Mapping[str, str]
    """English and French names."""
    ends_committal: bool = False
    """Whether it strikes the person off the register (*levée d'écrou*)."""
    sleeps_inside: bool = False
    """Whether nights are spent in prison: counted as detained."""
    places: str | None = None
    """Pool of scarce places it needs: ``SL``, ``PE``, ``devices``, or none."""

    def __hash__(self) -> int:
        return hash(self.code)


RELEASED = Regime("LC", {"en": "Conditional release", "fr": "Libération conditionnelle"}, ends_committal=True)
IN_SEMI_LIBERTY = Regime("SL", {"en": "Semi-liberty", "fr": "Semi-liberté"}, sleeps_inside=True, places="SL")
PLACED_OUTSIDE = Regime("PE", {"en": "External placement", "fr": "Placement à l'extérieur"}, places="PE")
AT_HOME = Regime(
    "DDSE", {"en": "Home detention", "fr": "Détention à domicile sous surveillance électronique"}, places="devices"
)


class Adjustment(ABC):
    """One sentence adjustment: who may have it, from what day, in what form, and who decides.

    A subclass says in :meth:`opens` from what day its own conditions are met; what holds for all of them
    (exclusions, *sûreté*, judgment passed, an end later than the opening) is said once, in :meth:`eligible_from`.
    """

    __slots__ = ()

    code: ClassVar[str]
    """Code of the column ``adjustment``: LC, SL, PE, DDSE, LSC, LSC-PD."""
    label: ClassVar[Mapping[str, str]]
    """English and French names."""
    article: ClassVar[str]
    """Where the texts say it."""
    notion: ClassVar[str]
    """File of its rules, in ``texts/``."""
    regimes: ClassVar[tuple[Regime, ...]]
    """Measures it may take the form of, in the order examined."""
    needs_hearing: ClassVar[bool] = True
    """Adversarial hearing (*débat contradictoire*, 712-6) if true; if not, board (*commission de l'application des
    peines*, 712-5)."""
    consent_needed: ClassVar[bool] = True
    """Whether the person must want it."""
    of_right: ClassVar[bool] = False
    """Whether it is granted unless impossible (*de plein droit*)."""

    @abstractmethod
    def opens(self, sentence: SentenceFacts, statutes: StatutesInForce) -> int:
        """Day from which its own conditions of time are met; NEVER if they never are."""

    def excluded(self, sentence: SentenceFacts, statutes: StatutesInForce) -> bool:  # noqa: ARG002  the rule of most
        """Whether the law closes it to this sentence, whatever the calendar."""
        return False

    def conditional_on_removal(self, sentence: SentenceFacts, statutes: StatutesInForce) -> bool:  # noqa: ARG002
        """Whether it may only be granted on condition that a removal measure is executed (*éloignement*)."""
        return False

    def court(self, sentence: SentenceFacts, day: int, statutes: StatutesInForce) -> str:  # noqa: ARG002
        """Court that decides on a day: ``"JAP"`` (enforcement judge) or ``"TAP"`` (court of three)."""
        return "JAP"

    def barred_by_surety(self, statutes: StatutesInForce) -> bool:  # noqa: ARG002
        """Whether it must wait for the end of the *période de sûreté* (CPP 720-2)."""
        return True

    def eligible_from(self, sentence: SentenceFacts, statutes: StatutesInForce) -> int:
        """First day on which the adjustment may be granted under the statutes in force.

        Never before the judgment nor before the end of the *période de sûreté* (CPP 720-2, CP 132-23).

        Returns
        -------
            Day number; NEVER if the law closes it, or if the day would not come before the end of the sentence.
        """
        if self.excluded(sentence, statutes):
            return NEVER
        if statutes.sentence.end_counted == "GRANTED":
            day = self.opens(sentence, statutes)
        else:
            day = self.opens(projected(sentence, statutes), statutes)
        return within_sentence(day, sentence, self.barred_by_surety(statutes))

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def within_sentence(day: int, sentence: SentenceFacts, barred_by_surety: bool) -> int:
    """Bring the day its own conditions open inside the sentence: not before the start, the judgment and the *sûreté*."""
    day = max(day, sentence.start_day, sentence.sentenced_day)
    if barred_by_surety and day < sentence.surety_end_day:
        day = sentence.surety_end_day
    return day if day < sentence.end_day else NEVER


def ending_day(sentence: SentenceFacts, months: int) -> int:
    """Day from which the total pronounced, or what remains of it, is at most so many months."""
    if sentence.life:
        return NEVER
    if total_at_most(sentence, months):
        return sentence.start_day
    return day_when_remaining(sentence.end_day, months)
