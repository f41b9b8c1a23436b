"""The dated life of one sentence: reductions, every eligibility, who decides, legal deadlines, end.

The same rows as ``sortie law timeline`` prints; each has its article and the operation that gives its day, so that a
magistrate or a probation counsellor can do it again with a pencil. The law is read day by day: a date is that of the first
day on which the condition is met under the texts then in force, with the reductions granted by then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.dates import NEVER, add_months, iso, parse_day
from sim.errors import LawError
from sim.law.adjustments.adjustment import ending_day
from sim.law.procedure import final_day
from sim.law.remission import caps, next_review, reduced_end, regime
from sim.law.rulebook import pencil
from sim.law.rulebook.allocation import transfer_due_day
from sim.law.rulebook.description import cited
from sim.law.rulebook.doubts import possible
from sim.law.rulebook.ending import endings
from sim.law.rulebook.execution import TOLD_SINCE, credited_end, withdrawn_days
from sim.law.rulebook.first_days import probation_months, threshold_months
from sim.law.rulebook.grounds import Left, joined, why_never
from sim.law.rulebook.minors import minor_at_facts, named
from sim.law.rulebook.openings import Telling, openings
from sim.law.rulebook.pregnancy import as_seen_on, counted_from
from sim.law.rulebook.words import dated
from sim.law.statutes import NoSuchRuleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.law.adjustments import Adjustment
    from sim.law.remission import Review
    from sim.law.rulebook.execution import Extract
    from sim.law.rulebook.openings import Opening
    from sim.law.rulebook.words import Language
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
    operation: str = ""
    """How the day is found: ``880 days ÷ 2 = 440``; empty when there is nothing to reckon."""

    def to_plain(self) -> dict[str, str]:
        """Return the row as text, with an ISO date (``never`` if the day does not come)."""
        return {
            "date": iso(self.day),
            "event": self.event,
            "label": self.label,
            "article": self.article,
            "decider": self.decider,
            "operation": self.operation,
            "note": self.note,
        }


def life_of(
    sentence: Sentence,
    statutes: Statutes,
    *,
    share_granted: float = 0.65,
    place: str = "MA",
    language: Language = "en",
    extracts: Sequence[Extract] = (),
) -> tuple[Row, ...]:
    """Tell the life of a sentence from committal to release, in order of dates.

    Parameters
    ----------
    sentence
        The sentence, or the sum of several, with no reduction granted yet (:meth:`sim.law.sentence.Sentence.of`,
        :func:`sim.law.rulebook.execution.under_committal`). It is not changed.
    statutes
        The texts, amended or not.
    share_granted
        Share of the maximum granted at each examination of the reductions, between 0 and 1.
    place
        Kind of prison, for the permissions: MA, MC, CSL, CD or SAS.
    language
        ``"en"`` or ``"fr"``.
    extracts
        The sentences that ``sentence`` is the sum of: the credit of before 2023 is that of each (D115-2 to D115-5).

    Raises
    ------
    LawError
        If the share is not between 0 and 1, the place unknown, or the dates of the sentence do not hold together.
    """
    if not 0 <= share_granted <= 1:
        msg = f"share granted: {share_granted}; expected a number between 0 and 1"
        raise LawError(msg)
    possible(sentence)
    return _Teller(replace(sentence), statutes.dated(), share_granted, place, language, tuple(extracts)).tell()


class _Teller:
    """Walks through the life of one sentence and writes its rows."""

    def __init__(
        self,
        sentence: Sentence,
        statutes: Statutes,
        share_granted: float,
        place: str,
        language: Language,
        extracts: tuple[Extract, ...],
    ) -> None:
        self.sentence = sentence
        self.statutes = statutes
        self.share = share_granted
        self.language: Language = language
        self.extracts = extracts
        self.withdrawn = withdrawn_days(extracts, sentence.start_day)
        """Days that come from withdrawals of reductions: served last (D212-5), no reduction is counted on them (D116-1)."""
        self.rows: list[Row] = []
        self.undated: set[str] = set()
        self.granted = 0
        # The texts of enforcement reach back to the courts of 2005: what came before is not told.
        self.since = statutes.rule(TOLD_SINCE).periods[0].from_day
        self.final_day = final_day(sentence.sentenced_day, self.at(sentence.sentenced_day))
        self.telling = Telling(place, self.final_day, language, share_granted, self.left)
        # Who is committed long after the judgment, called to serve it, has no board nor measure of prison before.
        self.begins = max(sentence.sentenced_day, sentence.committed_day, self.since)
        self.minor = minor_at_facts(sentence)
        self.settled = -1
        """Day up to which the boards are told: one may settle the next (D116-3)."""

    def say(self, en: str, fr: str) -> str:
        """Choose the text of the language."""
        return en if self.language == "en" else fr

    def on(self, day: int) -> str:
        """A day as the reader writes it."""
        return dated(day, self.language)

    def at(self, day: int) -> StatutesInForce:
        """Statutes in force on a day for this person; those of 2005 for the days before."""
        return self.sentence.law(self.statutes, max(day, self.since))

    def write(
        self, day: int, event: str, label: str, article: str, decider: str = "", note: str = "", operation: str = ""
    ) -> None:
        """Add a row, its article as it was numbered on the day."""
        reforms = self.at(day).regime_calendar
        if article.startswith("C. pénit.") and not reforms.prison_code:
            article = self.say(f"now {article}", f"auj. {article}")
        elif article.startswith("CPP 720 §") and not reforms.confidence_law:
            article = "CPP 720"
        if self.minor:
            decider = named(decider, self.sentence, day, self.at(day), self.language)
        self.rows.append(Row(day, event, label, cited(article, self.language), decider, note, operation))

    def tell(self) -> tuple[Row, ...]:
        """Write all the rows."""
        self.beginning()
        self.middle()
        self.ending()
        return tuple(sorted(self.rows, key=lambda row: row.day))

    def beginning(self) -> None:
        """Committal, judgment, finality, credit."""
        say, sentence = self.say, self.sentence
        law, assizes = self.at(sentence.committed_day), sentence.felony or sentence.life
        credited = sentence.committed_day - sentence.start_day
        self.write(
            sentence.committed_day,
            "committed",
            say("Committal", "Mise sous écrou"),
            "CPP 716-4",
            say("registry", "greffe"),
            say("remand credited", "détention provisoire déduite") if credited > 0 else "",
            pencil.days_before(sentence.committed_day, credited, self.language) if credited > 0 else "",
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
        self.write(
            sentence.sentenced_day,
            "judged",
            say("Judgment", "Jugement") if not assizes else say("Judgment of the assizes", "Arrêt de la cour d'assises"),
            "CPP 366" if assizes else "CPP 485",
        )
        self.write(
            self.final_day,
            "final",
            say("Judgment final if nobody appeals", "Jugement définitif sans appel"),
            "CPP 380-9" if assizes else "CPP 498",
            operation=say(
                f"{self.on(sentence.sentenced_day)} + 10 days, to the next day that is worked (801), then the day after",
                f"{self.on(sentence.sentenced_day)} + 10 jours, reportés au premier jour ouvrable (801), puis le lendemain",
            ),
        )
        # What is left when the sentence is final counts the credit, which is reckoned then.
        self.credit()
        self.transfer()

    def transfer(self) -> None:
        """Right to a prison for sentences, by what is left when the sentence is final and served; long final, at once."""
        since = max(self.final_day, self.sentence.committed_day)
        law = self.at(since)
        try:
            due = transfer_due_day(self.sentence, since, law)
        except NoSuchRuleError:
            return  # The right is told of the code pénitentiaire alone, in force since 2022.
        if due is not None:
            self.write(
                max(add_months(self.final_day, law.allocation.transfer_months), since),
                "transfer",
                self.say(
                    "Transfer to a prison for sentences, on request", "Transfèrement en établissement pour peines, sur demande"
                ),
                "C. pénit. L211-3",
                "DISP",
                self.say("last day of the right", "terme du délai"),
                pencil.after(self.final_day, law.allocation.transfer_months, self.language),
            )

    def credit(self) -> None:
        """Automatic credit of before 2023, on each sentence."""
        sentence = self.sentence
        law = self.at(sentence.sentenced_day)
        if sentence.life or regime(sentence.committed_day, law) == "NEW":
            return
        if max(self.final_day, sentence.committed_day) < self.since:
            # The law of 9 March 2004 made the credit, from 2005: of who already served these texts say nothing.
            self.undate(TOLD_SINCE, iso(self.since))
            return
        before = sentence.end_day
        end, operation = credited_end(sentence, self.extracts, self.statutes, self.language)
        end = reduced_end(sentence, before - end, law)
        if end == before:
            return
        if sentence.recidive:
            # Until 2014 conditional release was reckoned with the credit of who is no récidiviste (721 al. 2).
            first = [replace(extract, recidive=False) for extract in self.extracts]
            others, _ = credited_end(replace(sentence, recidive=False), first, self.statutes, self.language)
            sentence.release_advance_days = end - others
        sentence.end_day = end
        self.granted += before - end
        self.write(
            max(self.final_day, sentence.committed_day),
            "credit",
            self.say("Credit of reduction", "Crédit de réduction de peine"),
            "CPP 721 (former)",
            self.say("registry", "greffe"),
            self.say(
                f"{before - end} days: end moves from {self.on(before)} to {self.on(end)}",
                f"{before - end} jours : la fin de peine passe du {self.on(before)} au {self.on(end)}",
            ),
            operation,
        )

    def middle(self) -> None:
        """Reductions and openings, stretch by stretch: within one, neither the law nor the end changes."""
        sentence = self.sentence
        waiting = openings(sentence, self.telling)
        day = self.begins
        horizon = add_months(sentence.start_day, _LIFE_HORIZON_MONTHS) if sentence.life else NEVER
        while day < min(sentence.end_day, horizon):
            law = self.at(day)
            review = self.next_board(max(day, self.settled), law)
            turns = (*self.statutes.change_days(), sentence.child_due_day, counted_from(sentence.child_due_day, law))
            until = min(sentence.end_day, horizon, *(turn for turn in turns if turn > day))
            if review is not None and review.day < until:
                until = review.day
            waiting = [opening for opening in waiting if not self.opened(opening, day, until, law)]
            day = until
            if review is not None and review.day == day and day < sentence.end_day:
                self.board(review)
        for opening in waiting:
            self.closed(opening)

    def undate(self, path: str, since: str) -> None:
        """Remember a rule that was asked for before its first date."""
        label = self.statutes.rule(path).label[self.language]
        self.undated.add(self.say(f"{label}: dated from {since}", f"{label} : datée du {self.on(parse_day(since))}"))

    def opened(self, opening: Opening, day: int, until: int, law: StatutesInForce) -> bool:
        """Write the row of what opens within a stretch, and tell whether it did."""
        seen = as_seen_on(self.sentence, day, law)
        try:
            since = opening.opens(seen, law)
        except NoSuchRuleError as error:
            self.undate(error.path, error.since)
            return False
        opens = max(since, day)
        if opens >= until:
            return False
        if opening.event == "trial":
            self.sentence.probation_from_day = max(opens, self.final_day)
        said = opening.decide(seen, law, opens)
        note = said.note
        if since < day and day > self.begins:
            late = self.say(
                f"condition met since {self.on(since)} by what changed on this day",
                f"condition remplie depuis le {self.on(since)} par ce qui a changé ce jour",
            )
            note = joined((note, late), self.language)
        self.telling.opened[opening.event] = opens
        self.write(opens, opening.event, opening.label, opening.article, said.decider, note, said.operation)
        return True

    def left(self, adjustment: Adjustment, sentence: Sentence, day: int) -> Left | None:
        """When, from a day on, so little is left that a measure opens by itself: under the law that will be in force then."""
        if sentence.life or probation_months(adjustment, self.at(day)) is None:
            return None
        for turn in (*sorted(turn for turn in self.statutes.change_days() if turn > day), NEVER):
            months = threshold_months(adjustment, sentence, self.at(day))
            alone = max(ending_day(sentence, months), day)
            if alone < turn:
                return Left(months, alone)
            day = turn
        return None

    def next_board(self, after_day: int, law: StatutesInForce) -> Review | None:
        """Next examination of the reductions, on the sentences alone: withdrawals have none (D116-1)."""
        # A judgment of before the texts is one of their first day, as for the credit of each sentence.
        judged = max(self.sentence.sentenced_day, self.since)
        counted = replace(self.sentence, end_day=self.sentence.end_day - self.withdrawn, sentenced_day=judged)
        return next_review(counted, after_day, law)

    def board(self, review: Review) -> None:
        """One examination of the reductions, and that of the last period when the next board would settle it (D116-3)."""
        sentence, day = self.sentence, review.day
        before = sentence.end_day
        # Less than a year left: the whole of it is considered at once (D116-3).
        under_a_year = before < add_months(day, 12)
        cap = caps(sentence, self.at(review.day))
        most, granted, lost, operations = 0, 0, False, []
        last = review.last
        while True:
            days = round(self.share * review.max_days)
            end = sentence.end_day
            counted = reduced_end(sentence, days, self.at(day))
            lost = lost or counted > end - days
            operations.append(pencil.reduction(end - self.withdrawn, review.max_days, cap, self.language))
            most, granted = most + review.max_days, granted + days
            last = review.last
            sentence.end_day = max(counted, day)
            following = self.next_board(review.day, self.at(review.day))
            if following is None or not following.last or sentence.end_day <= day:
                break
            if following.day > day + 1 and not under_a_year:
                break
            review = following
        self.settled = review.day
        self.granted += before - sentence.end_day
        self.reviewed(day, before, (most, granted), joined(operations, self.language), last=last, lost=lost)

    def reviewed(self, day: int, before: int, days: tuple[int, int], operation: str, *, last: bool, lost: bool) -> None:
        """Row of an examination of the reductions: most days and days granted, end before."""
        sentence, say = self.sentence, self.say
        old = regime(sentence.committed_day, self.at(day)) == "OLD"
        most, granted = days
        if granted:
            note = say(
                f"{most} days at most, {granted} granted ({self.share:.0%}): "
                f"end moves from {self.on(before)} to {self.on(sentence.end_day)}",
                f"{most} jours au plus, {granted} accordés ({100 * self.share:.0f} %) : "
                f"la fin de peine passe du {self.on(before)} au {self.on(sentence.end_day)}",
            )
        else:
            note = say(f"{most} days at most, none granted", f"{most} jours au plus, aucun accordé")
        if lost:
            note += say(
                "; what would pass the minimum term is lost (CP 132-23)",
                " ; ce qui entamerait la période de sûreté est perdu (CP 132-23)",
            )
        if sentence.end_day <= day:
            note += say("; released at once", " ; libération immédiate")
        self.write(
            day,
            "reduction",
            say("Reductions examined, last period", "Examen des réductions de peine, dernière période")
            if last
            else say("Reductions examined", "Examen des réductions de peine"),
            "CPP 721-1 (former)" if old else "CPP 721",
            say("JAP, board", "JAP, CAP"),
            note,
            operation,
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
        """Release, what follows, and what the texts could not tell."""
        if not self.sentence.life:
            day = max(self.sentence.end_day, self.sentence.sentenced_day)
            for row in endings(self.sentence, self.granted, self.at(day), self.language):
                self.write(row.day, row.event, row.label, row.article, row.decider, row.note, row.operation)
        if self.sentence.sentenced_day < self.since or self.undated:
            said = self.say(
                f"nothing is told of before {self.on(self.since)}", f"rien n'est dit d'avant le {self.on(self.since)}"
            )
            early = self.sentence.sentenced_day < self.since
            self.write(
                self.sentence.sentenced_day,
                "undated",
                self.say("The texts do not reach back to this day", "Les textes ne remontent pas à ce jour"),
                "–",
                "",
                joined((said if early else "", *sorted(self.undated)), self.language),
            )
