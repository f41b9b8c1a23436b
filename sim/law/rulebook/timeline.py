"""The dated life of one sentence: reductions, every eligibility, who decides, legal deadlines, end.

The same rows as ``sortie law timeline`` prints; each has its article, so that a magistrate or a probation counsellor
can check it with a pencil. The law is read day by day: a date is that of the first day on which the condition is met
under the texts then in force, with the reductions granted by then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.dates import NEVER, add_months, iso, parse_day
from sim.errors import LawError
from sim.law.procedure import final_day
from sim.law.remission import credit_days, next_review, reduced_end, regime
from sim.law.rulebook.allocation import transfer_due_day
from sim.law.rulebook.description import cited
from sim.law.rulebook.grounds import joined, why_never
from sim.law.rulebook.openings import Telling, openings
from sim.law.rulebook.pregnancy import as_seen_on, counted_from
from sim.law.rulebook.supervision import (
    judicial_supervision_end,
    judicial_supervision_open,
    no_contact_end,
    reduction_supervision_end,
    security_notice,
)

if TYPE_CHECKING:
    from sim.law.remission import Review
    from sim.law.rulebook.openings import Language, Opening
    from sim.law.sentence import Sentence
    from sim.law.statutes import Statutes, StatutesInForce

_LIFE_HORIZON_MONTHS = 12 * 40
_FIRST, _LAST = parse_day("1950-01-01"), parse_day("2100-12-31")
_LONGEST_YEARS = 80
"""Sentences added up may be long; the calendar of :mod:`sim.dates` has an end."""


@dataclass(frozen=True, slots=True)
class Row:
    """One dated line of the life of a sentence."""

    day: int
    event: str
    """Stable code: ``committed``, ``judged``, ``reduction``, ``LC`` … ``released``."""
    label: str
    article: str
    decider: str
    """Who decides: registry, JAP, TAP, prosecutor … ; empty when nobody does."""
    note: str

    def to_plain(self) -> dict[str, str]:
        """Return the row as text, with an ISO date (``never`` if the day does not come)."""
        return {
            "date": iso(self.day),
            "event": self.event,
            "label": self.label,
            "article": self.article,
            "decider": self.decider,
            "note": self.note,
        }


def life_of(
    sentence: Sentence,
    statutes: Statutes,
    *,
    share_granted: float = 0.65,
    place: str = "MA",
    ssj_incurred: bool = False,
    language: Language = "en",
) -> tuple[Row, ...]:
    """Tell the life of a sentence from committal to release, in order of dates.

    Parameters
    ----------
    sentence
        The sentence, with no reduction granted yet (:meth:`sim.law.sentence.Sentence.of`). It is not changed.
    statutes
        The texts, amended or not.
    share_granted
        Share of the maximum granted at each examination of the reductions, between 0 and 1.
    place
        Kind of prison, for the permissions: MA, MC, CSL, CD or SAS.
    ssj_incurred
        Whether socio-judicial supervision is incurred (*suivi socio-judiciaire*): reinforced procedure of release,
        judicial supervision after it.
    language
        ``"en"`` or ``"fr"``.

    Raises
    ------
    LawError
        If the share is not between 0 and 1, the place unknown, or the dates of the sentence do not hold together.
    """
    if not 0 <= share_granted <= 1:
        msg = f"share granted: {share_granted}; expected a number between 0 and 1"
        raise LawError(msg)
    _check(sentence)
    return _Teller(replace(sentence), statutes, share_granted, place, language, ssj_incurred=ssj_incurred).tell()


def _check(sentence: Sentence) -> None:
    """Refuse dates that cannot be those of one sentence."""
    days = {"committed": sentence.committed_day, "judged": sentence.sentenced_day, "begun": sentence.start_day}
    for what, day in days.items():
        if not _FIRST <= day <= _LAST:
            msg = f"{what} on {iso(day)}; expected a day from {iso(_FIRST)} to {iso(_LAST)}"
            raise LawError(msg)
    if sentence.birth_day > sentence.committed_day:
        msg = f"born on {iso(sentence.birth_day)}, after the committal of {iso(sentence.committed_day)}"
        raise LawError(msg)
    if not sentence.life and sentence.end_day > add_months(sentence.start_day, 12 * _LONGEST_YEARS):
        msg = f"a sentence that ends on {iso(sentence.end_day)}; expected {_LONGEST_YEARS} years at most"
        raise LawError(msg)
    surety = sentence.surety_end_day
    if surety != -1 and not sentence.start_day < surety <= sentence.end_day:
        msg = f"minimum term that ends on {iso(surety)}; expected a day of the sentence, {iso(sentence.start_day)} to "
        msg += iso(sentence.end_day)
        raise LawError(msg)


class _Teller:
    """Walks through the life of one sentence and writes its rows."""

    def __init__(
        self,
        sentence: Sentence,
        statutes: Statutes,
        share_granted: float,
        place: str,
        language: Language,
        *,
        ssj_incurred: bool,
    ) -> None:
        self.sentence = sentence
        self.statutes = statutes
        self.share = share_granted
        self.language: Language = language
        self.rows: list[Row] = []
        self.granted = 0
        self.final_day = final_day(sentence.sentenced_day, self.at(sentence.sentenced_day))
        self.telling = Telling(place, self.final_day, language, share_granted, ssj_incurred)

    def say(self, en: str, fr: str) -> str:
        """Choose the text of the language."""
        return en if self.language == "en" else fr

    def at(self, day: int) -> StatutesInForce:
        """Statutes in force on a day for this person."""
        return self.statutes.at(day, self.sentence.committed_day)

    def write(self, day: int, event: str, label: str, article: str, decider: str = "", note: str = "") -> None:
        """Add a row, its article as it was numbered on the day."""
        reforms = self.at(day).regime_calendar
        if article.startswith("C. pénit.") and not reforms.prison_code:
            article = self.say(f"now {article}", f"auj. {article}")
        elif article.startswith("CPP 720 §") and not reforms.confidence_law:
            article = "CPP 720"
        self.rows.append(Row(day, event, label, cited(article, self.language), decider, note))

    def tell(self) -> tuple[Row, ...]:
        """Write all the rows."""
        self.beginning()
        self.middle()
        self.ending()
        return tuple(sorted(self.rows, key=lambda row: row.day))

    def beginning(self) -> None:
        """Committal, judgment, finality, credit."""
        say, sentence = self.say, self.sentence
        law = self.at(sentence.committed_day)
        credited = sentence.committed_day - sentence.start_day
        note = say(
            f"{credited} days of remand credited, as if begun on {iso(sentence.start_day)}",
            f"{credited} jours de détention provisoire déduits, comme débutée le {iso(sentence.start_day)}",
        )
        self.write(
            sentence.committed_day,
            "committed",
            say("Committal", "Mise sous écrou"),
            "CPP 716-4",
            say("registry", "greffe"),
            note if credited > 0 else "",
        )
        old = regime(sentence.committed_day, law) == "OLD"
        self.write(
            sentence.committed_day,
            "regime",
            say("Regime of reductions", "Régime des réductions de peine"),
            "Loi 2021-1729, art. 59",
            "",
            say(
                "credit and supplements (committed before 2023)" if old else "single reduction (committed from 2023)",
                "crédit et réductions supplémentaires (écrou avant 2023)" if old else "régime unique (écrou depuis 2023)",
            ),
        )
        self.write(sentence.sentenced_day, "judged", say("Judgment", "Jugement"), "CPP 485")
        self.write(
            self.final_day,
            "final",
            say("Judgment final if nobody appeals", "Jugement définitif sans appel"),
            "CPP 498",
        )
        transfer = transfer_due_day(sentence, self.final_day, self.at(self.final_day))
        if transfer is not None:
            self.write(
                transfer,
                "transfer",
                say(
                    "Transfer to a prison for sentences, on request",
                    "Transfèrement en établissement pour peines, sur demande",
                ),
                "C. pénit. L211-3",
                "DISP",
                say("last day of the right", "terme du délai"),
            )
        credit = credit_days(sentence, self.at(sentence.sentenced_day))
        if credit:
            before = sentence.end_day
            sentence.end_day = reduced_end(sentence, credit, self.at(sentence.sentenced_day))
            self.granted += before - sentence.end_day
            self.write(
                self.final_day,
                "credit",
                say("Credit of reduction", "Crédit de réduction de peine"),
                "CPP 721 (former)",
                say("registry", "greffe"),
                say(
                    f"{credit} days: end moves from {iso(before)} to {iso(sentence.end_day)}",
                    f"{credit} jours : la fin de peine passe du {iso(before)} au {iso(sentence.end_day)}",
                ),
            )

    def middle(self) -> None:
        """Reductions and openings, stretch by stretch: within one, neither the law nor the end changes."""
        sentence = self.sentence
        waiting = openings(sentence, self.telling)
        day = sentence.sentenced_day
        horizon = add_months(sentence.start_day, _LIFE_HORIZON_MONTHS) if sentence.life else NEVER
        while day < min(sentence.end_day, horizon):
            law = self.at(day)
            review = next_review(sentence, day, law)
            turns = (*self.statutes.change_days(), sentence.child_due_day, counted_from(sentence.child_due_day, law))
            until = min(sentence.end_day, horizon, *(turn for turn in turns if turn > day))
            if review is not None and review.day < until:
                until = review.day
            waiting = [opening for opening in waiting if not self.opened(opening, day, until, law)]
            day = until
            if review is not None and review.day == day and day < sentence.end_day:
                self.review(review)
        for opening in waiting:
            self.closed(opening)

    def opened(self, opening: Opening, day: int, until: int, law: StatutesInForce) -> bool:
        """Write the row of what opens within a stretch, and tell whether it did."""
        seen = as_seen_on(self.sentence, day, law)
        since = opening.opens(seen, law)
        opens = max(since, day)
        if opens >= until:
            return False
        decider, note = opening.decide(seen, law, opens)
        if since < day and day > self.sentence.sentenced_day:
            late = self.say(
                f"condition met since {iso(since)} by what changed on this day",
                f"condition remplie depuis le {iso(since)} par ce qui a changé ce jour",
            )
            note = joined((note, late), self.language)
        self.write(opens, opening.event, opening.label, opening.article, decider, note)
        return True

    def review(self, review: Review) -> None:
        """One examination of the reductions."""
        sentence, say = self.sentence, self.say
        days = round(self.share * review.max_days)
        before = sentence.end_day
        counted = reduced_end(sentence, days, self.at(review.day))
        sentence.end_day = max(counted, review.day)
        self.granted += before - sentence.end_day
        old = regime(sentence.committed_day, self.at(review.day)) == "OLD"
        note = say(
            f"{review.max_days} days at most, {days} granted ({self.share:.0%}): "
            f"end moves from {iso(before)} to {iso(sentence.end_day)}",
            f"{review.max_days} jours au plus, {days} accordés ({100 * self.share:.0f} %) : "
            f"la fin de peine passe du {iso(before)} au {iso(sentence.end_day)}",
        )
        if counted > before - days:
            note += say(
                "; what would pass the minimum term is lost (CP 132-23)",
                " ; ce qui entamerait la période de sûreté est perdu (CP 132-23)",
            )
        if sentence.end_day > counted:
            note += say("; released at once", " ; libération immédiate")
        self.write(
            review.day,
            "reduction",
            say("Reductions examined, last period", "Examen des réductions de peine, dernière période")
            if review.last
            else say("Reductions examined", "Examen des réductions de peine"),
            "CPP 721-1 (former)" if old else "CPP 721",
            say("JAP, board", "JAP, CAP"),
            note,
        )

    def closed(self, opening: Opening) -> None:
        """Row of an adjustment that never opened; without a date for a sentence without an end."""
        sentence, adjustment = self.sentence, opening.adjustment
        if adjustment is None:
            return
        last = min(sentence.end_day, add_months(sentence.start_day, _LIFE_HORIZON_MONTHS))
        self.write(
            max(sentence.end_day, sentence.sentenced_day),
            f"never {opening.event}",
            self.say(f"Never open: {opening.label}", f"Jamais ouvert : {opening.label}"),
            opening.article,
            "",
            why_never(adjustment, as_seen_on(sentence, last, self.at(last)), self.at(last), self.language),
        )

    def ending(self) -> None:
        """Release and what follows."""
        say, sentence = self.say, self.sentence
        if sentence.life:
            return
        served = sentence.end_day <= sentence.sentenced_day
        end = max(sentence.end_day, sentence.sentenced_day)
        law = self.at(end)
        self.write(
            end,
            "released",
            say("End of the sentence if nothing was granted", "Fin de peine si rien n'a été accordé"),
            "CPP 716-4" if served else "C. pénit. R510-1",
            say("registry", "greffe"),
            say("remand covers the sentence", "la détention provisoire couvre la peine")
            if served
            else say(f"before noon; {self.granted} days of reductions", f"avant midi ; {self.granted} jours de réductions"),
        )
        if security_notice(sentence, law):
            self.write(
                end,
                "notice",
                say("Police or gendarmerie told of the release", "Police ou gendarmerie avisées"),
                "C. pénit. L512-2",
            )
        supervised = reduction_supervision_end(end, self.granted, law, adjusted=False)
        if supervised is not None:
            self.write(
                supervised,
                "supervision",
                say("Latest end of supervision for the time of the reductions", "Terme du suivi du temps des réductions"),
                "CPP 721-2 I",
                "JAP",
                say("only after a dry release", "seulement après une sortie sèche"),
            )
        ban = no_contact_end(end, self.granted, law)
        if ban is not None:
            self.write(
                ban,
                "no contact",
                say(
                    "Latest end of a ban on contact with the victim",
                    "Terme d'une interdiction de contact avec la victime",
                ),
                "CPP 721-2 II",
                "JAP",
            )
        judicial = None
        if judicial_supervision_open(sentence, law, ssj_incurred=self.telling.ssj_incurred):
            judicial = judicial_supervision_end(end, self.granted, law)
        if judicial is not None:
            self.write(
                judicial,
                "judicial supervision",
                say("Latest end of judicial supervision", "Terme d'une surveillance judiciaire"),
                "CPP 723-29",
                "TAP",
                say("if an expert finds the person dangerous", "si une expertise établit la dangerosité"),
            )
