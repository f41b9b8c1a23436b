"""The dated life of one sentence: reductions, every eligibility, who decides, legal deadlines, end.

The same rows as ``sortie law timeline`` prints; each has its article, so that a magistrate or a probation counsellor
can check it with a pencil. The law is read day by day: a date is that of the first day on which the condition is met
under the texts then in force, with the reductions granted by then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sim.dates import NEVER, add_months, iso
from sim.errors import LawError
from sim.law.adjustments import ADJUSTMENTS
from sim.law.allocation import release_preparation_day, transfer_due_day
from sim.law.leave import leaves
from sim.law.procedure import Competence, competence, decision_deadline
from sim.law.remission import credit_days, next_review, regime
from sim.law.sentence import competent_court, day_when_remaining, fraction_day, total_at_most
from sim.law.supervision import no_contact_end, reduction_supervision_end, security_notice

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.law.adjustments import Adjustment
    from sim.law.sentence import Sentence
    from sim.law.statutes import Statutes, StatutesInForce

Language = Literal["en", "fr"]

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


@dataclass(frozen=True, slots=True)
class _Watch:
    """Something that opens on a day, told once, on the first day it is open."""

    event: str
    label: str
    article: str
    opens: Callable[[Sentence, StatutesInForce], int]
    decide: Callable[[Sentence, StatutesInForce, int], tuple[str, str]]
    """Who decides and what to note, on the day it opens."""


_FORMS = {
    "order": {"en": "order after the board", "fr": "ordonnance après CAP"},
    "judgment": {"en": "judgment after hearing", "fr": "jugement après débat"},
    "court judgment": {"en": "judgment of the court of three", "fr": "jugement du tribunal"},
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

    def __init__(
        self, sentence: Sentence, statutes: Statutes, share_granted: float, place: str, language: Language
    ) -> None:
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
                "crédit et réductions supplémentaires (écrou avant 2023)"
                if old
                else "régime unique (écrou depuis 2023)",
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
        waiting = self.watches()
        day = sentence.sentenced_day
        horizon = add_months(sentence.start_day, _LIFE_HORIZON_MONTHS) if sentence.life else NEVER
        while day < min(sentence.end_day, horizon):
            law = self.at(day)
            review = next_review(sentence, day, law)
            changes = [change for change in self.statutes.change_days() if change > day]
            until = min(sentence.end_day, horizon, changes[0] if changes else NEVER)
            if review is not None and review.day < until:
                until = review.day
            waiting = [watch for watch in waiting if not self.opened(watch, day, until, law)]
            day = until
            if review is not None and review.day == day and day < sentence.end_day:
                self.review(review.day, review.max_days)
        for watch in waiting:
            if watch.event in {adjustment.code for adjustment in ADJUSTMENTS}:
                self.closed(watch)

    def opened(self, watch: _Watch, day: int, until: int, law: StatutesInForce) -> bool:
        """Write the row of a watch that opens within a stretch, and tell whether it did."""
        since = watch.opens(self.sentence, law)
        opens = max(since, day)
        if opens >= until:
            return False
        decider, note = watch.decide(self.sentence, law, opens)
        if since < day and day > self.sentence.sentenced_day:
            late = self.say(
                f"condition met since {iso(since)} by what changed on this day",
                f"condition remplie depuis le {iso(since)} par ce qui a changé ce jour",
            )
            note = f"{note}; {late}" if note else late
        self.write(opens, watch.event, watch.label, watch.article, decider, note)
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

    def closed(self, watch: _Watch) -> None:
        """Row of an adjustment that never opened."""
        adjustment = next(a for a in ADJUSTMENTS if a.code == watch.event)
        end = min(self.sentence.end_day, add_months(self.sentence.start_day, _LIFE_HORIZON_MONTHS))
        by_law = adjustment.excluded(self.sentence, self.at(end))
        self.write(
            end,
            f"never {watch.event}",
            self.say(f"Never open: {watch.label}", f"Jamais ouvert : {watch.label}"),
            watch.article,
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
                say(
                    "Latest end of supervision for the time of the reductions", "Terme du suivi du temps des réductions"
                ),
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

    # What to watch ----------------------------------------------------------------------------------------------

    def watches(self) -> list[_Watch]:
        """Everything that may open during the sentence."""
        say = self.say
        found = [self.adjustment_watch(adjustment) for adjustment in ADJUSTMENTS]
        for code, notion in (
            ("LSC", "release_under_constraint"),
            ("LSC-PD", "release_under_constraint_as_of_right"),
        ):
            adjustment = next(a for a in ADJUSTMENTS if a.code == code)
            found.append(
                _Watch(
                    f"inform {code}",
                    say(f"Last day to inform the person of {code}", f"Terme pour informer la personne de la {code}"),
                    "CPP D147-17" if code == "LSC" else "CPP D147-20",
                    lambda s, law, a=adjustment, n=notion: _before(  # type: ignore[misc]
                        a.eligible_from(s, law), getattr(law, n).information_months_before
                    ),
                    lambda _s, _law, _day: ("SPIP", ""),
                )
            )
        found.append(
            _Watch(
                "two thirds hearing",
                say(
                    "Hearing on conditional release at two thirds",
                    "Débat sur la libération conditionnelle aux deux tiers",
                ),
                "CPP 730-3",
                _two_thirds_hearing,
                lambda s, law, day: (competent_court(s, day, law), ""),
            )
        )
        found.append(
            _Watch(
                "judge alone",
                say(
                    "The judge alone becomes competent for conditional release",
                    "Le JAP devient seul compétent pour la LC",
                ),
                "CPP 730",
                _judge_alone,
                lambda _s, _law, _day: ("JAP", ""),
            )
        )
        found.append(
            _Watch(
                "SAS",
                say("Release-preparation unit open", "Structure d'accompagnement vers la sortie ouverte"),
                "C. pénit. D112-20",
                lambda s, law: _or_never(release_preparation_day(s, law)),
                lambda _s, _law, _day: ("DISP", ""),
            )
        )
        if self.sentence.surety_end_day > self.sentence.sentenced_day:
            found.append(
                _Watch(
                    "surety",
                    say("End of the minimum term", "Fin de la période de sûreté"),
                    "CP 132-23",
                    lambda s, _law: s.surety_end_day,
                    lambda _s, _law, _day: ("", ""),
                )
            )
        found += [self.leave_watch(kind) for kind in ("family", "yearly", "one_day")]
        return found

    def adjustment_watch(self, adjustment: Adjustment) -> _Watch:
        """Watch for the opening of an adjustment."""

        def decide(sentence: Sentence, law: StatutesInForce, day: int) -> tuple[str, str]:
            who = competence(adjustment.code, sentence, day, law)
            return f"{who.court}, {_FORMS[who.form][self.language]}", self.deadline(adjustment, sentence, day, law, who)

        return _Watch(
            adjustment.code, adjustment.label[self.language], adjustment.article, adjustment.eligible_from, decide
        )

    def deadline(
        self, adjustment: Adjustment, sentence: Sentence, day: int, law: StatutesInForce, who: Competence
    ) -> str:
        """Note of an opening: the deadline of a request filed that day, the form, the condition of removal."""
        say = self.say
        last = iso(decision_deadline(max(day, self.final_day), who.form, law))
        if adjustment.of_right:
            note = say(
                "of right; refused only if materially impossible",
                "de plein droit ; refus seulement si impossibilité matérielle",
            )
        elif adjustment.needs_hearing:
            note = say(
                f"a request filed this day is to be decided by {last}",
                f"requête déposée ce jour : décision avant le {last}",
            )
        else:
            note = say(
                f"failing an examination by {last}, the chamber may be seized",
                f"sans examen au {last}, la chambre peut être saisie",
            )
        if adjustment.conditional_on_removal(sentence, law):
            note += say("; only if the removal is executed", " ; subordonné à l'exécution de l'éloignement")
        return note

    def leave_watch(self, kind: str) -> _Watch:
        """Watch for a kind of permission to go out."""
        names = {
            "family": ("Permission to go out, family ties", "Permission de sortir, liens familiaux"),
            "yearly": ("Yearly permission of ten days", "Permission annuelle de dix jours"),
            "one_day": ("Permission of one day", "Permission d'une journée"),
        }
        articles = {"MA": "CPP D143", "MC": "CPP D143", "CSL": "CPP D143", "CD": "CPP D143-1", "SAS": "CPP D143-2"}

        def opens(sentence: Sentence, law: StatutesInForce) -> int:
            return min(
                (x.from_day for x in leaves(sentence, self.place, self.final_day, law) if x.kind == kind), default=NEVER
            )

        def decide(sentence: Sentence, law: StatutesInForce, _day: int) -> tuple[str, str]:
            days = next(x.max_days for x in leaves(sentence, self.place, self.final_day, law) if x.kind == kind)
            plural = "s" if days > 1 else ""
            note = self.say(f"{days} day{plural} at most", f"{days} jour{plural} au plus")
            return self.say("JAP, board", "JAP, CAP"), note

        article = "CPP D143-4" if kind == "one_day" else articles.get(self.place, "CPP D143")
        return _Watch(f"leave {kind}", self.say(*names[kind]), article, opens, decide)


def _before(day: int, months: int) -> int:
    """So many months before a day; NEVER stays NEVER."""
    return day if day >= NEVER else add_months(day, -months)


def _or_never(day: int | None) -> int:
    return NEVER if day is None else day


def _two_thirds_hearing(sentence: Sentence, law: StatutesInForce) -> int:
    """Day of the compulsory hearing of art. 730-3; NEVER if the total is short or the sentence for life."""
    release = law.conditional_release
    if sentence.life or total_at_most(sentence, release.hearing_min_total_months):
        return NEVER
    return fraction_day(sentence, release.hearing_fraction_served)


def _judge_alone(sentence: Sentence, law: StatutesInForce) -> int:
    """Day when the single judge becomes competent for conditional release; NEVER if he is from the start, or never."""
    release = law.conditional_release
    if sentence.life or sentence.terrorism or total_at_most(sentence, release.judge_max_total_months):
        return NEVER
    return day_when_remaining(sentence.end_day, release.judge_max_remaining_months)
