"""What comes at the end of a sentence: the release, never on a Sunday or a public holiday, and what may follow it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sim.law.calendar import released_on
from sim.law.rulebook.supervision import (
    judicial_supervision_end,
    judicial_supervision_open,
    no_contact_end,
    reduction_supervision_end,
    security_notice,
)
from sim.law.rulebook.words import dated
from sim.law.statutes import NoSuchRuleError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.law.rulebook.words import Language
    from sim.law.sentence import Sentence
    from sim.law.statutes import StatutesInForce

T = TypeVar("T")


class End(NamedTuple):
    """One line of the end: day, stable code, label, article, who decides, note, operation."""

    day: int
    event: str
    label: str
    article: str
    decider: str = ""
    note: str = ""
    operation: str = ""


def endings(sentence: Sentence, granted: int, law: StatutesInForce, language: Language) -> Iterator[End]:
    """Lines of the end of a sentence, ``granted`` days of reductions off it, under the law of that day."""

    def say(en: str, fr: str) -> str:
        return en if language == "en" else fr

    served = sentence.end_day <= sentence.sentenced_day
    end = max(sentence.end_day, sentence.sentenced_day)
    day = max(released_on(end), sentence.sentenced_day) if law.sentence.no_release_on_holidays and not served else end
    early = say(f"{dated(end, 'en')} is no working day (716-3)", f"le {dated(end, 'fr')} n'est pas ouvrable (716-3)")
    yield End(
        day,
        "released",
        say("End of the sentence without any adjustment", "Fin de peine si aucun aménagement"),
        "CPP 716-4" if served else "C. pénit. R510-1",
        say("registry", "greffe"),
        say("remand covers the sentence", "la détention provisoire couvre la peine")
        if served
        else say(f"before noon; {granted} days of reductions", f"avant midi ; {granted} jours de réductions"),
        early if day != end else "",
    )
    if _dated(lambda: security_notice(sentence, law)):
        yield End(
            day,
            "notice",
            say("Police or gendarmerie told of the release", "Police ou gendarmerie avisées"),
            "C. pénit. L512-2",
        )
    supervised = _dated(lambda: reduction_supervision_end(day, granted, law, adjusted=False))
    if supervised is not None:
        yield End(
            supervised,
            "supervision",
            say("Latest end of supervision for the time of the reductions", "Terme du suivi du temps des réductions"),
            "CPP 721-2 I",
            "JAP",
            say("only after a dry release", "seulement après une sortie sèche"),
        )
    ban = _dated(lambda: no_contact_end(day, granted, law))
    if ban is not None:
        yield End(
            ban,
            "no contact",
            say("Latest end of a ban on contact with the victim", "Terme d'une interdiction de contact avec la victime"),
            "CPP 721-2 II",
            "JAP",
        )
    judicial = None
    if _dated(lambda: judicial_supervision_open(sentence, law, ssj_incurred=sentence.ssj_incurred)):
        judicial = judicial_supervision_end(day, granted, law)
    if judicial is not None:
        yield End(
            judicial,
            "judicial supervision",
            say("Latest end of judicial supervision", "Terme d'une surveillance judiciaire"),
            "CPP 723-29",
            "TAP",
            say("if an expert finds the person dangerous", "si une expertise établit la dangerosité"),
        )


def _dated(ask: Callable[[], T]) -> T | None:
    """Answer of a rule, or ``None`` before its first date: what may follow a release is told only where a text says so."""
    try:
        return ask()
    except NoSuchRuleError:
        return None
