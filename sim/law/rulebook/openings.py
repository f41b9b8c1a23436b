"""What may open during a sentence: adjustments, permissions, competences, duties to inform.

Each opening is told once, on the first day it is open; :mod:`sim.law.rulebook.timeline` puts them in order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.dates import NEVER, add_months
from sim.law.adjustments import ADJUSTMENTS
from sim.law.leave import leaves
from sim.law.procedure import decision_deadline
from sim.law.reinforced import probation_needed, reinforced
from sim.law.rulebook import pencil
from sim.law.rulebook.allocation import release_preparation_day
from sim.law.rulebook.first_days import court_of, first_day_of, release_without_probation
from sim.law.rulebook.foreigners import removal_said, without_measure
from sim.law.rulebook.grounds import Left, ground, joined
from sim.law.rulebook.silence import of_examination, of_two_thirds_hearing
from sim.law.rulebook.simplified import end_tagging_day
from sim.law.rulebook.words import dated
from sim.law.sentence import competent_court, day_when_less_remains, day_when_remaining, fraction_day, total_at_most

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.law.adjustments import Adjustment
    from sim.law.procedure import Form
    from sim.law.rulebook.words import Language
    from sim.law.sentence import Sentence
    from sim.law.statutes import StatutesInForce

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
class Said:
    """What a line says besides its day and its name."""

    decider: str = ""
    note: str = ""
    operation: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """Something that opens on a day."""

    event: str
    """Stable code of the row."""
    label: str
    article: str
    opens: Callable[[Sentence, StatutesInForce], int]
    """First day under the statutes in force; NEVER if none."""
    decide: Callable[[Sentence, StatutesInForce, int], Said]
    """Who decides, what to note and by what operation the day is found, on the day it opens."""
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
    left: Callable[[Adjustment, Sentence, int], Left | None] | None = None
    """When, from a day on, so little is left that a measure opens by itself, under the law then in force."""
    opened: dict[str, int] = field(default_factory=dict)
    """Day on which each event told so far opened."""


def openings(sentence: Sentence, telling: Telling) -> list[Opening]:
    """Everything that may open during a sentence."""
    place, final_day, language = telling.place, telling.final_day, telling.language
    share = telling.share_granted
    found = []
    if sentence.surety_end_day > sentence.sentenced_day:
        found.append(
            Opening(
                "surety",
                {"en": "End of the minimum term", "fr": "Fin de la période de sûreté"}[language],
                "CP 132-23",
                lambda s, _law: s.surety_end_day,
                lambda _s, _law, _day: Said(),
            )
        )
    found.append(
        Opening(
            "trial",
            {"en": "End of the trial period", "fr": "Fin du temps d'épreuve"}[language],
            "CPP 729",
            lambda s, law: release_without_probation(s, law, share) if probation_needed(s, law) else NEVER,
            lambda _s, _law, _day: Said(
                note={
                    "en": "the measure that must come before conditional release may begin",
                    "fr": "la mesure qui doit précéder la libération conditionnelle peut commencer",
                }[language]
            ),
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
            lambda s, law, day: _hearing_said(s, law, day, language),
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
            lambda s, law, _day: Said("JAP", "", _remainder(s, law.conditional_release.judge_max_remaining_months, language)),
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
            lambda _s, _law, _day: Said("DISP"),
        )
    )
    found.append(
        Opening(
            "SEFIP",
            {"en": "End of the sentence under a tag", "fr": "Surveillance électronique de fin de peine"}[language],
            "CPP 723-28 (former)",
            lambda s, law: _once_final(s, end_tagging_day(s, law), final_day),
            lambda _s, _law, _day: Said("SPIP"),
        )
    )
    return found + [_leave(kind, place, final_day, language) for kind in _LEAVES]


def _remainder(sentence: Sentence, months: int, language: Language) -> str:
    """Operation of the day from which so many months are left at most."""
    return pencil.before(sentence.end_day, months, day_when_remaining(sentence.end_day, months), language)


def _once_final(sentence: Sentence, day: int, final_day: int) -> int:
    """A day, or that on which the judgment is final if it comes later; NEVER if the sentence is over by then."""
    day = max(day, final_day)
    return day if day < sentence.end_day else NEVER


def _adjustment(adjustment: Adjustment, telling: Telling) -> Opening:
    """Opening of an adjustment: who decides, by when, on what ground and on what condition."""
    language = telling.language
    share = telling.share_granted

    def opens(sentence: Sentence, law: StatutesInForce) -> int:
        return _once_final(sentence, first_day_of(adjustment, sentence, law, share), telling.final_day)

    def decide(sentence: Sentence, law: StatutesInForce, day: int) -> Said:
        court = court_of(adjustment, sentence, day, law)
        form: Form = "order" if not adjustment.needs_hearing else "judgment" if court == "JAP" else "court judgment"
        if adjustment.of_right:
            note = {
                "en": "of right; refused only if materially impossible",
                "fr": "de plein droit ; refus seulement si impossibilité matérielle",
            }[language]
        elif adjustment.needs_hearing:
            last = dated(decision_deadline(day, form, law), language)
            note = {
                "en": f"a request filed this day is to be decided by {last}",
                "fr": f"requête déposée ce jour : décision avant le {last}",
            }[language]
        else:
            silence = of_examination(sentence, day, law)
            last, answer = dated(silence.last_day, language), dated(silence.answer_day, language)
            note = {
                "en": f"without a decision by {last}, the president of the chamber may be seized (D147-18), and decides within "
                f"the month, by {answer}",
                "fr": f"sans décision au {last}, le président de la chambre peut être saisi (D147-18), et statue dans le "
                f"mois, au {answer}",
            }[language]
        if adjustment.conditional_on_removal(sentence, law):
            note += removal_said(adjustment, law, language)
            if adjustment.code == "LC" and reinforced(sentence, law) and probation_needed(sentence, law):
                note += without_measure(dated(release_without_probation(sentence, law, share), language), law, language)
        left = telling.left(adjustment, sentence, day) if telling.left is not None else None
        why = ground(
            adjustment, sentence, day, law, language, share,
            left=left, final_day=telling.final_day, released=telling.opened.get("LC"),
        )  # fmt: skip
        return Said(f"{court}, {_FORMS[form][language]}", joined((why.words, note), language), why.operation)

    return Opening(
        adjustment.code,
        adjustment.label[language],
        adjustment.article,
        opens,
        decide,
        adjustment,
    )


def _information(adjustment: Adjustment, telling: Telling) -> Opening:
    """Last day for the probation service to inform the person that the board will examine the file."""
    language = telling.language

    def opens(sentence: Sentence, law: StatutesInForce) -> int:
        day = first_day_of(adjustment, sentence, law)
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
        lambda _s, _law, _day: Said("SPIP"),
    )


def _leave(kind: str, place: str, final_day: int, language: Language) -> Opening:
    """Opening of a kind of permission to go out."""

    def opens(sentence: Sentence, law: StatutesInForce) -> int:
        days = (leave.from_day for leave in leaves(sentence, place, final_day, law) if leave.kind == kind)
        return min(days, default=NEVER)

    def decide(sentence: Sentence, law: StatutesInForce, day: int) -> Said:
        days = next(leave.max_days for leave in leaves(sentence, place, final_day, law) if leave.kind == kind)
        operation = _leave_operation(kind, place, sentence, day, law, language)
        plural = "s" if days > 1 else ""
        if language == "fr":
            return Said("JAP, CAP", f"{days} jour{plural} au plus", operation)
        return Said("JAP, board", f"{days} day{plural} at most", operation)

    article = "CPP D143-4" if kind == "one_day" else _LEAVE_ARTICLES.get(place, "CPP D143")
    return Opening(f"leave {kind}", _LEAVES[kind][language], article, opens, decide)


def _leave_operation(kind: str, place: str, sentence: Sentence, day: int, law: StatutesInForce, language: Language) -> str:
    """Operation of the first day of a permission: a share of the sentence, or what is left of it."""
    rules = law.leave
    if kind == "one_day":
        share, short = rules.one_day_fraction_served, total_at_most(sentence, rules.one_day_max_total_months)
    elif place == "CD":
        share, short = rules.detention_centre_fraction_served, False
    else:
        share, short = rules.family_fraction_served, place == "SAS" or total_at_most(sentence, rules.family_short_total_months)
    if short:
        return ""
    if fraction_day(sentence, share) == day:
        return pencil.share_of(sentence, share, language)
    months: int = rules.family_max_remaining_months
    if kind != "one_day" and place != "CD" and day_when_less_remains(sentence.end_day, months) == day:
        return {"en": f"less than {months} months left", "fr": f"moins de {months} mois restants"}[language]
    return ""


def _two_thirds_hearing(sentence: Sentence, law: StatutesInForce) -> int:
    """Day of the compulsory hearing of art. 730-3, not during the *sûreté*; NEVER if the total is short or for life."""
    release = law.conditional_release
    above: int | None = release.hearing_min_total_months
    if above is None or sentence.life or total_at_most(sentence, above):
        return NEVER
    return max(fraction_day(sentence, release.hearing_fraction_served), sentence.surety_end_day)


def _hearing_said(sentence: Sentence, law: StatutesInForce, day: int, language: Language) -> Said:
    """Who holds the hearing of art. 730-3, until when the person says no, when the chamber may be seized (D523-1)."""
    asked = dated(add_months(day, -law.procedure.opposition_asked_months), language)
    silence = dated(of_two_thirds_hearing(day, law).last_day, language)
    note = {
        "en": f"by {asked} the probation service asks whether the person opposes any release; without hearing by {silence}, "
        "the chamber may be seized; not for those on a measure under committal",
        "fr": f"au plus tard le {asked}, le SPIP recueille l'opposition éventuelle à toute libération conditionnelle ; "
        f"sans débat au {silence}, la chambre peut être saisie ; non applicable aux aménagés sous écrou",
    }[language]
    share = law.conditional_release.hearing_fraction_served
    operation = pencil.share_of(sentence, share, language) if fraction_day(sentence, share) == day else ""
    court = "TAP" if reinforced(sentence, law) else competent_court(sentence, day, law)
    return Said(court, note, operation)


def _judge_alone(sentence: Sentence, law: StatutesInForce) -> int:
    """Day when the single judge becomes competent for conditional release; NEVER if from the start, or never."""
    release = law.conditional_release
    always = sentence.life or (sentence.terrorism and law.long_sentences.terrorism_court) or reinforced(sentence, law)
    if always or total_at_most(sentence, release.judge_max_total_months):
        return NEVER
    return day_when_remaining(sentence.end_day, release.judge_max_remaining_months)


def _release_preparation(sentence: Sentence, law: StatutesInForce) -> int:
    """Day when the release-preparation unit opens; NEVER for life."""
    day = release_preparation_day(sentence, law)
    return NEVER if day is None else day
