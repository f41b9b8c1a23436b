"""What may open during a sentence: adjustments, permissions, competences, duties to inform.

Each opening is told once, on the first day it is open; :mod:`sim.law.rulebook.timeline` puts them in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.dates import NEVER, add_months, iso
from sim.law.adjustments import ADJUSTMENTS
from sim.law.leave import leaves
from sim.law.long_sentences import life_trial_end
from sim.law.procedure import competence, decision_deadline
from sim.law.rulebook.allocation import release_preparation_day
from sim.law.rulebook.grounds import ground, joined
from sim.law.rulebook.simplified import end_tagging_day
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


@dataclass(frozen=True, slots=True)
class Telling:
    """How a life is told: what the openings depend on besides the sentence and the law."""

    place: str
    """Kind of prison: MA, MC, CSL, CD or SAS."""
    final_day: int
    """Day on which the judgment is final: no adjustment nor permission before."""
    language: Language = "en"
    share_granted: float = 0
    """Share granted of the reductions of the trial period of life."""
    ssj_incurred: bool = False
    """Whether socio-judicial supervision is incurred (730-2)."""


def openings(sentence: Sentence, telling: Telling) -> list[Opening]:
    """Everything that may open during a sentence."""
    place, final_day, language = telling.place, telling.final_day, telling.language
    found = []
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
    found += [_adjustment(adjustment, telling) for adjustment in ADJUSTMENTS]
    found += [_information(adjustment, telling) for adjustment in ADJUSTMENTS if not adjustment.needs_hearing]
    found.append(
        Opening(
            "two thirds hearing",
            {
                "en": "Hearing on conditional release at two thirds",
                "fr": "Débat sur la libération conditionnelle aux deux tiers",
            }[language],
            "CPP 730-3",
            _two_thirds_hearing,
            lambda s, law, day: (competent_court(s, day, law), _refusal_note(day, law, language)),
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
            lambda s, law: _once_final(s, _release_preparation(s, law), final_day),
            lambda _s, _law, _day: ("DISP", ""),
        )
    )
    found.append(
        Opening(
            "SEFIP",
            {"en": "End of the sentence under a tag", "fr": "Surveillance électronique de fin de peine"}[language],
            "CPP 723-28 (former)",
            lambda s, law: _once_final(s, end_tagging_day(s, law), final_day),
            lambda _s, _law, _day: ("SPIP", ""),
        )
    )
    return found + [_leave(kind, place, final_day, language) for kind in _LEAVES]


def _once_final(sentence: Sentence, day: int, final_day: int) -> int:
    """A day, or that on which the judgment is final if it comes later; NEVER if the sentence is over by then."""
    day = max(day, final_day)
    return day if day < sentence.end_day else NEVER


def _adjustment(adjustment: Adjustment, telling: Telling) -> Opening:
    """Opening of an adjustment: who decides, by when, on what ground and on what condition."""
    language = telling.language
    share = telling.share_granted

    def opens(sentence: Sentence, law: StatutesInForce) -> int:
        day = adjustment.eligible_from(sentence, law)
        if sentence.life and not adjustment.excluded(sentence, law):
            day = min(day, _life_opening(adjustment, sentence, law, share))
        return _once_final(sentence, day, telling.final_day)

    def decide(sentence: Sentence, law: StatutesInForce, day: int) -> tuple[str, str]:
        who = competence(adjustment, sentence, day, law)
        last = iso(decision_deadline(day, who.form, law))
        silence: int | None = vars(getattr(law, adjustment.notion)).get("silence_months")
        if silence is not None:
            last = iso(add_months(day, silence))
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
        why = ground(adjustment, sentence, day, law, language, share_granted=share, ssj_incurred=telling.ssj_incurred)
        return f"{who.court}, {_FORMS[who.form][language]}", joined((why, note), language)

    return Opening(
        adjustment.code,
        adjustment.label[language],
        adjustment.article,
        opens,
        decide,
        adjustment,
    )


def _life_opening(adjustment: Adjustment, sentence: Sentence, law: StatutesInForce, share: float) -> int:
    """Day of conditional release, or of the measure that prepares it, with reductions of the trial period of life."""
    release = life_trial_end(sentence, law, share=share)
    if adjustment.code == "LC":
        return release
    months: int | None = vars(getattr(law, adjustment.notion)).get("probation_months")
    if months is None:
        return NEVER
    day = add_months(release, -months)
    return max(day, sentence.surety_end_day) if adjustment.barred_by_surety(law) else day


def _information(adjustment: Adjustment, telling: Telling) -> Opening:
    """Last day for the probation service to inform the person that the board will examine the file."""
    language = telling.language

    def opens(sentence: Sentence, law: StatutesInForce) -> int:
        day = adjustment.eligible_from(sentence, law)
        rules = vars(getattr(law, adjustment.notion))
        months: int | None = rules.get("information_months_before")
        if day >= NEVER or months is None:
            return NEVER
        known = max(sentence.committed_day, telling.final_day)
        short: int | None = rules.get("information_short_total_months")
        if short is not None and total_at_most(sentence, short):
            return known
        return max(add_months(day, -months), known)

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
    """Day of the compulsory hearing of art. 730-3, not during the *sûreté*; NEVER if the total is short or for life."""
    release = law.conditional_release
    above: int | None = release.hearing_min_total_months
    if above is None or sentence.life or total_at_most(sentence, above):
        return NEVER
    return max(fraction_day(sentence, release.hearing_fraction_served), sentence.surety_end_day)


def _refusal_note(day: int, law: StatutesInForce, language: Language) -> str:
    """By when the probation service proposes a refusal, if it means to (D523-1)."""
    last = iso(add_months(day, -law.procedure.refusal_proposed_months))
    return {
        "en": f"a refusal is to be proposed by the probation service by {last}",
        "fr": f"proposition de refus du SPIP au plus tard le {last}",
    }[language]


def _judge_alone(sentence: Sentence, law: StatutesInForce) -> int:
    """Day when the single judge becomes competent for conditional release; NEVER if from the start, or never."""
    release = law.conditional_release
    always = sentence.life or (sentence.terrorism and law.long_sentences.terrorism_court)
    if always or total_at_most(sentence, release.judge_max_total_months):
        return NEVER
    return day_when_remaining(sentence.end_day, release.judge_max_remaining_months)


def _release_preparation(sentence: Sentence, law: StatutesInForce) -> int:
    """Day when the release-preparation unit opens; NEVER for life."""
    day = release_preparation_day(sentence, law)
    return NEVER if day is None else day
