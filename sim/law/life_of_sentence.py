"""The dated life of one sentence: reductions, every eligibility, who decides, legal deadlines, end.

The same rows as ``sortie law timeline`` prints; each has its article, so that a magistrate or a probation counsellor
can check it with a pencil. The law is read day by day: a date is that of the first day on which the condition is met
under the texts then in force, with the reductions granted by then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.dates import NEVER, add_months, iso
from sim.errors import LawError
from sim.law.allocation import transfer_due_day
from sim.law.openings import openings
from sim.law.remission import credit_days, next_review, regime
from sim.law.supervision import no_contact_end, reduction_supervision_end, security_notice

if TYPE_CHECKING:
    from sim.law.openings import Language, Opening
    from sim.law.sentence import Sentence
    from sim.law.statutes import Statutes, StatutesInForce

_LIFE_HORIZON_MONTHS = 12 * 40


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
    language
        ``"en"`` or ``"fr"``.

    Raises
    ------
    LawError
        If the share is not between 0 and 1, or the place unknown.
    """
    if not 0 <= share_granted <= 1:
        msg = f"share granted: {share_granted}; expected a number between 0 and 1"
        raise LawError(msg)
    return _Teller(replace(sentence), statutes, share_granted, place, language).tell()


class _Teller:
    """Walks through the life of one sentence and writes its rows."""

    def __init__(self, sentence: Sentence, statutes: Statutes, share_granted: float, place: str, language: Language) -> None:
        self.sentence = sentence
        self.statutes = statutes
        self.share = share_granted
        self.place = place
        self.language: Language = language
        self.rows: list[Row] = []
        self.granted = 0
        self.final_day = sentence.sentenced_day + int(self.at(sentence.sentenced_day).sentence.appeal_days)

    def say(self, en: str, fr: str) -> str:
        """Choose the text of the language."""
        return en if self.language == "en" else fr

    def at(self, day: int) -> StatutesInForce:
        """Statutes in force on a day for this person."""
        return self.statutes.at(day, self.sentence.committed_day)

    def write(self, day: int, event: str, label: str, article: str, decider: str = "", note: str = "") -> None:
        """Add a row."""
        self.rows.append(Row(day, event, label, article, decider, note))

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
            sentence.end_day -= credit
            self.granted += credit
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
        waiting = openings(sentence, self.place, self.final_day, self.language)
        day = sentence.sentenced_day
        horizon = add_months(sentence.start_day, _LIFE_HORIZON_MONTHS) if sentence.life else NEVER
        while day < min(sentence.end_day, horizon):
            law = self.at(day)
            review = next_review(sentence, day, law)
            changes = [change for change in self.statutes.change_days() if change > day]
            until = min(sentence.end_day, horizon, changes[0] if changes else NEVER)
            if review is not None and review.day < until:
                until = review.day
            waiting = [opening for opening in waiting if not self.opened(opening, day, until, law)]
            day = until
            if review is not None and review.day == day and day < sentence.end_day:
                self.review(review.day, review.max_days)
        for opening in waiting:
            if opening.adjustment is not None:
                self.closed(opening)

    def opened(self, opening: Opening, day: int, until: int, law: StatutesInForce) -> bool:
        """Write the row of what opens within a stretch, and tell whether it did."""
        since = opening.opens(self.sentence, law)
        opens = max(since, day)
        if opens >= until:
            return False
        decider, note = opening.decide(self.sentence, law, opens)
        if since < day and day > self.sentence.sentenced_day:
            late = self.say(
                f"condition met since {iso(since)} by what changed on this day",
                f"condition remplie depuis le {iso(since)} par ce qui a changé ce jour",
            )
            note = f"{note}; {late}" if note else late
        self.write(opens, opening.event, opening.label, opening.article, decider, note)
        return True

    def review(self, day: int, max_days: int) -> None:
        """One examination of the reductions."""
        sentence = self.sentence
        days = round(self.share * max_days)
        before = sentence.end_day
        sentence.end_day = max(before - days, day)
        self.granted += days
        old = regime(sentence.committed_day, self.at(day)) == "OLD"
        self.write(
            day,
            "reduction",
            self.say("Reductions examined", "Examen des réductions de peine"),
            "CPP 721-1 (former)" if old else "CPP 721",
            self.say("JAP, board", "JAP, CAP"),
            self.say(
                f"{max_days} days at most, {days} granted ({self.share:.0%}): "
                f"end moves from {iso(before)} to {iso(sentence.end_day)}",
                f"{max_days} jours au plus, {days} accordés ({self.share:.0%}) : "
                f"la fin de peine passe du {iso(before)} au {iso(sentence.end_day)}",
            ),
        )

    def closed(self, opening: Opening) -> None:
        """Row of an adjustment that never opened."""
        adjustment = opening.adjustment
        end = min(self.sentence.end_day, add_months(self.sentence.start_day, _LIFE_HORIZON_MONTHS))
        by_law = adjustment is not None and adjustment.excluded(self.sentence, self.at(end))
        self.write(
            end,
            f"never {opening.event}",
            self.say(f"Never open: {opening.label}", f"Jamais ouvert : {opening.label}"),
            opening.article,
            "",
            self.say("excluded by law", "exclu par la loi")
            if by_law
            else self.say("its conditions are not met before the end", "conditions non remplies avant la fin de peine"),
        )

    def ending(self) -> None:
        """Release and what follows."""
        say, sentence = self.say, self.sentence
        if sentence.life:
            return
        end = sentence.end_day
        law = self.at(end)
        self.write(
            end,
            "released",
            say("End of the sentence if nothing was granted", "Fin de peine si rien n'a été accordé"),
            "C. pénit. R510-1",
            say("registry", "greffe"),
            say(f"before noon; {self.granted} days of reductions", f"avant midi ; {self.granted} jours de réductions"),
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
