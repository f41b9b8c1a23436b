"""What may open during a sentence: adjustments, permissions, competences, duties to inform.

Each opening is told once, on the first day it is open; :mod:`sim.law.life_of_sentence` puts them in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.dates import NEVER, add_months, iso
from sim.law.adjustments import ADJUSTMENTS
from sim.law.allocation import release_preparation_day
from sim.law.leave import leaves
from sim.law.procedure import competence, decision_deadline
from sim.law.sentence import competent_court, day_when_remaining, fraction_day, total_at_most

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.law.adjustments import Adjustment
    from sim.law.sentence import Sentence
    from sim.law.statutes import StatutesInForce

Language = Literal["en", "fr"]

_FORMS = {
    "order": {"en": "order after the board", "fr": "ordonnance après CAP"},
    "judgment": {"en": "judgment after hearing", "fr": "jugement après débat"},
    "court judgment": {"en": "judgment of the court of three", "fr": "jugement du tribunal"},
}
_LEAVE_ARTICLES = {"CD": "CPP D143-1", "SAS": "CPP D143-2"}
_LEAVES = {
    "family": {"en": "Permission to go out, family ties", "fr": "Permission de sortir, liens familiaux"},
    "yearly": {"en": "Yearly permission of ten days", "fr": "Permission annuelle de dix jours"},
    "one_day": {"en": "Permission of one day", "fr": "Permission d'une journée"},
}


@dataclass(frozen=True, slots=True)
class Opening:
    """Something that opens on a day."""

    event: str
    """Stable code of the row."""
    label: str
    article: str
    opens: Callable[[Sentence, StatutesInForce], int]
    """First day under the statutes in force; NEVER if none."""
    decide: Callable[[Sentence, StatutesInForce, int], tuple[str, str]]
    """Who decides and what to note, on the day it opens."""
    adjustment: Adjustment | None = None
    """The adjustment that opens, if it is one."""


def openings(sentence: Sentence, place: str, final_day: int, language: Language) -> list[Opening]:
    """Everything that may open during a sentence served in a kind of prison (MA, MC, CSL, CD, SAS)."""
    found = [_adjustment(adjustment, final_day, language) for adjustment in ADJUSTMENTS]
    found += [_information(adjustment, language) for adjustment in ADJUSTMENTS if not adjustment.needs_hearing]
    found.append(
        Opening(
            "two thirds hearing",
            {
                "en": "Hearing on conditional release at two thirds",
                "fr": "Débat sur la libération conditionnelle aux deux tiers",
            }[language],
            "CPP 730-3",
            _two_thirds_hearing,
            lambda s, law, day: (competent_court(s, day, law), ""),
        )
    )
    found.append(
        Opening(
            "judge alone",
            {
                "en": "The judge alone becomes competent for conditional release",
                "fr": "Le JAP devient seul compétent pour la libération conditionnelle",
            }[language],
            "CPP 730",
            _judge_alone,
            lambda _s, _law, _day: ("JAP", ""),
        )
    )
    found.append(
        Opening(
            "SAS",
            {
                "en": "Release-preparation unit open",
                "fr": "Structure d'accompagnement vers la sortie ouverte",
            }[language],
            "C. pénit. D112-20",
            _release_preparation,
            lambda _s, _law, _day: ("DISP", ""),
        )
    )
    if sentence.surety_end_day > sentence.sentenced_day:
        found.append(
            Opening(
                "surety",
                {"en": "End of the minimum term", "fr": "Fin de la période de sûreté"}[language],
                "CP 132-23",
                lambda s, _law: s.surety_end_day,
                lambda _s, _law, _day: ("", ""),
            )
        )
    return found + [_leave(kind, place, final_day, language) for kind in _LEAVES]


def _adjustment(adjustment: Adjustment, final_day: int, language: Language) -> Opening:
    """Opening of an adjustment: who decides, by when, on what condition."""

    def decide(sentence: Sentence, law: StatutesInForce, day: int) -> tuple[str, str]:
        who = competence(adjustment, sentence, day, law)
        last = iso(decision_deadline(max(day, final_day), who.form, law))
        if adjustment.of_right:
            note = {
                "en": "of right; refused only if materially impossible",
                "fr": "de plein droit ; refus seulement si impossibilité matérielle",
            }[language]
        elif adjustment.needs_hearing:
            note = {
                "en": f"a request filed this day is to be decided by {last}",
                "fr": f"requête déposée ce jour : décision avant le {last}",
            }[language]
        else:
            note = {
                "en": f"failing an examination by {last}, the chamber may be seized",
                "fr": f"sans examen au {last}, la chambre peut être saisie",
            }[language]
        if adjustment.conditional_on_removal(sentence, law):
            note += {
                "en": "; only if the removal is executed",
                "fr": " ; subordonné à l'exécution de l'éloignement",
            }[language]
        return f"{who.court}, {_FORMS[who.form][language]}", note

    return Opening(
        adjustment.code,
        adjustment.label[language],
        adjustment.article,
        adjustment.eligible_from,
        decide,
        adjustment,
    )


def _information(adjustment: Adjustment, language: Language) -> Opening:
    """Last day for the probation service to inform the person that the board will examine the file."""

    def opens(sentence: Sentence, law: StatutesInForce) -> int:
        day = adjustment.eligible_from(sentence, law)
        months: int | None = vars(getattr(law, adjustment.notion)).get("information_months_before")
        return NEVER if day >= NEVER or months is None else add_months(day, -months)

    return Opening(
        f"inform {adjustment.code}",
        {
            "en": f"Last day to inform the person ({adjustment.code})",
            "fr": f"Terme pour informer la personne ({adjustment.code})",
        }[language],
        "CPP D147-20" if adjustment.of_right else "CPP D147-17",
        opens,
        lambda _s, _law, _day: ("SPIP", ""),
    )


def _leave(kind: str, place: str, final_day: int, language: Language) -> Opening:
    """Opening of a kind of permission to go out."""

    def opens(sentence: Sentence, law: StatutesInForce) -> int:
        days = (leave.from_day for leave in leaves(sentence, place, final_day, law) if leave.kind == kind)
        return min(days, default=NEVER)

    def decide(sentence: Sentence, law: StatutesInForce, _day: int) -> tuple[str, str]:
        days = next(leave.max_days for leave in leaves(sentence, place, final_day, law) if leave.kind == kind)
        plural = "s" if days > 1 else ""
        if language == "fr":
            return "JAP, CAP", f"{days} jour{plural} au plus"
        return "JAP, board", f"{days} day{plural} at most"

    article = "CPP D143-4" if kind == "one_day" else _LEAVE_ARTICLES.get(place, "CPP D143")
    return Opening(f"leave {kind}", _LEAVES[kind][language], article, opens, decide)


def _two_thirds_hearing(sentence: Sentence, law: StatutesInForce) -> int:
    """Day of the compulsory hearing of art. 730-3; NEVER if the total is short or the sentence for life."""
    release = law.conditional_release
    if sentence.life or total_at_most(sentence, release.hearing_min_total_months):
        return NEVER
    return fraction_day(sentence, release.hearing_fraction_served)


def _judge_alone(sentence: Sentence, law: StatutesInForce) -> int:
    """Day when the single judge becomes competent for conditional release; NEVER if from the start, or never."""
    release = law.conditional_release
    if sentence.life or sentence.terrorism or total_at_most(sentence, release.judge_max_total_months):
        return NEVER
    return day_when_remaining(sentence.end_day, release.judge_max_remaining_months)


def _release_preparation(sentence: Sentence, law: StatutesInForce) -> int:
    """Day when the release-preparation unit opens; NEVER for life."""
    day = release_preparation_day(sentence, law)
    return NEVER if day is None else day
