"""On what ground an adjustment opens and by what operation its day is found, or why it never does.

The dates are those of :mod:`sim.law.rulebook.first_days`; this module only words them, for :mod:`sim.law.rulebook.openings`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.dates import NEVER, add_months
from sim.law.adjustments import ADJUSTMENTS
from sim.law.adjustments.adjustment import ending_day
from sim.law.adjustments.conditional_release import parental_day
from sim.law.reinforced import probation_from, probation_needed, reinforced
from sim.law.rulebook import pencil
from sim.law.rulebook.first_days import (
    excluded,
    exists,
    first_day_of,
    probation_months,
    reckoned,
    release_without_probation,
    threshold_months,
    trial_end,
)
from sim.law.rulebook.pregnancy import counted_from
from sim.law.rulebook.words import dated, spanned
from sim.law.sentence import day_when_remaining, total_at_most

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.law.adjustments import Adjustment
    from sim.law.rulebook.words import Language
    from sim.law.sentence import Sentence
    from sim.law.statutes import StatutesInForce


class Ground(NamedTuple):
    """Why an adjustment opens on a day."""

    words: str
    """The ground, when it is not the ordinary one; else empty."""
    operation: str
    """How the day is found."""


def joined(notes: Iterable[str], language: Language) -> str:
    """Notes in one line, the empty ones left out; French puts a space before the semicolon."""
    return {"en": "; ", "fr": " ; "}[language].join(note for note in notes if note)


class Left(NamedTuple):
    """From when so little is left to serve that a measure opens by itself."""

    months: int
    """Remainder that opens it, under the law of that day."""
    day: int


def ground(
    adjustment: Adjustment,
    sentence: Sentence,
    day: int,
    law: StatutesInForce,
    language: Language,
    share: float = 0,
    *,
    left: Left | None = None,
    final_day: int = 0,
    released: int | None = None,
) -> Ground:
    """Ground on which an adjustment opens on a day, and the operation that gives the day.

    ``left``: when its own remainder is reached, under the law then in force; that of the day if not given.
    ``final_day``: when the judgment is final, before which nothing opens. ``released``: day on which conditional release was
    already told to open, which a measure ahead of it names.
    """
    if adjustment.code == "LC":
        return _release(sentence, day, law, language, share)
    if probation_months(adjustment, law) is not None:
        return _measure(adjustment, sentence, day, law, language, share, left, final_day=final_day, released=released)
    rules = vars(getattr(law, adjustment.notion))
    if "fraction_served" in rules:
        return Ground("", pencil.share_of(sentence, rules["fraction_served"], language))
    months: int | None = rules.get("max_remaining_months")
    if months is None:
        return Ground("", "")
    return Ground("", pencil.before(sentence.end_day, months, day_when_remaining(sentence.end_day, months), language))


def _release(sentence: Sentence, day: int, law: StatutesInForce, language: Language, share: float) -> Ground:
    """Ground of conditional release: trial period, child, pregnancy, age, reductions of life; then 730-2 and 720-5."""
    trial = trial_end(sentence, law, share)
    base = release_without_probation(sentence, law, share)
    needed = probation_needed(sentence, law)
    notes = [_variant(sentence, base, law, language, share) if base < trial or sentence.life else ""]
    operation = _trial(sentence, law, language, share) if base >= trial else ""
    if sentence.release_advance_days:
        notes.append(
            {
                "en": f"reckoned with the credit of a first offender, {sentence.release_advance_days} days more (721 al. 2)",
                "fr": f"calculée sur le crédit d'un non-récidiviste, {sentence.release_advance_days} jours de plus (721 al. 2)",
            }[language]
        )
    if needed:
        since = probation_from(release_without_probation(sentence, law, share), sentence, law)
        least, article = spanned(needed, language), "730-2" if reinforced(sentence, law) else "720-5"
        if sentence.terrorism and article == "720-5":
            article = "730-2-1"
        measures = _probationary(sentence, law, article, language)
        notes.append(
            {
                "en": f"after at least {least} of {measures}, from the end of the trial period on ({article})",
                "fr": f"après au moins {least} de {measures}, à compter de la fin du temps d'épreuve ({article})",
            }[language]
        )
        operation = joined((operation, pencil.after(since, needed, language)), language)
    if reinforced(sentence, law):
        notes.append(
            {
                "en": "stay at the assessment centre, opinion of the commission, expert report",
                "fr": "après passage au CNE, avis de la commission et expertise",
            }[language]
        )
    if day < trial and not needed and not notes[0]:
        notes[0] = _variant(sentence, day, law, language, share)
    return Ground(joined(notes, language), operation)


def _probationary(sentence: Sentence, law: StatutesInForce, article: str, language: Language) -> str:
    """Codes of the measures that may come before the release: no placement under 720-5, nor what is closed to the person."""
    found = [
        adjustment.code
        for adjustment in ADJUSTMENTS
        if probation_months(adjustment, law) is not None
        and not excluded(adjustment, sentence, law)
        and not (article == "720-5" and adjustment.code == "PE")
    ]
    final = {"en": " or ", "fr": " ou "}[language]
    return final.join(part for part in (", ".join(found[:-1]), *found[-1:]) if part)


def _trial(sentence: Sentence, law: StatutesInForce, language: Language, share: float) -> str:
    """Operation of the end of the trial period: a share of the sentence, a cap, years for life; or the *sûreté*."""
    release = law.conditional_release
    if trial_end(sentence, law, share) == sentence.surety_end_day:
        return {"en": "end of the minimum term", "fr": "fin de la période de sûreté"}[language]
    recidive = sentence.recidive
    start = sentence.start_day
    if sentence.life:
        months = release.life_trial_months_recidive if recidive else release.life_trial_months
        return pencil.after(start, months, language)
    cap = release.trial_cap_months_recidive if recidive else release.trial_cap_months
    if trial_end(sentence, law, share) == add_months(start, cap):
        return pencil.after(start, cap, language)
    fraction = release.fraction_served_recidive if recidive else release.fraction_served
    return pencil.share_of(reckoned(sentence), fraction, language)


def _variant(sentence: Sentence, day: int, law: StatutesInForce, language: Language, share: float) -> str:
    """Parents, pregnancy, age, or the reductions of the trial period of life; else empty."""
    release = law.conditional_release
    trial = trial_end(sentence, law)
    if day >= trial:
        return ""
    if sentence.child_born_day < NEVER and parental_day(sentence, release) <= day:
        if counted_from(sentence.child_due_day, law) <= day < sentence.child_due_day:
            found = {"en": "pregnancy of more than twelve weeks (729-3)", "fr": "grossesse de plus de douze semaines (729-3)"}
        else:
            found = {"en": "as a parent (729-3)", "fr": "libération conditionnelle parentale (729-3)"}
    elif sentence.life and trial_end(sentence, law, share) <= day:
        found = {
            "en": f"trial period less {share:.0%} of its reductions (729-1)",
            "fr": f"temps d'épreuve diminué de {100 * share:.0f} % de ses réductions (729-1)",
        }
    else:
        found = {"en": "from seventy years of age (729)", "fr": "âge de soixante-dix ans (729)"}
    else_from = {"en": f"; else from {dated(trial, 'en')}", "fr": f" ; sinon le {dated(trial, 'fr')}"}
    return found[language] + else_from[language]


def _measure(
    adjustment: Adjustment,
    sentence: Sentence,
    day: int,
    law: StatutesInForce,
    language: Language,
    share: float,
    left: Left | None,
    *,
    final_day: int,
    released: int | None,
) -> Ground:
    """Ground of a measure: short enough in all, short enough a remainder, or probation ahead of conditional release."""
    months = threshold_months(adjustment, sentence, law)
    alone = ending_day(sentence, months)
    if alone <= day:
        if total_at_most(sentence, months):
            words = {"en": "total of at most", "fr": "total d'au plus"}[language]
            return Ground("", f"{words} {spanned(months, language)}")
        return Ground("", pencil.before(sentence.end_day, months, alone, language))
    needed = probation_needed(sentence, law)
    ahead = probation_months(adjustment, law) or 0
    if needed:
        since = probation_from(release_without_probation(sentence, law, share), sentence, law)
        release = add_months(since, needed)
        operation = joined((_trial(sentence, law, language, share), dated(since, language)), language)
    else:
        release = trial_end(sentence, law, share)
        parental = parental_day(sentence, law.conditional_release)
        operation = _trial(sentence, law, language, share) if release <= parental else ""
        # The day of the line of conditional release, later than its conditions if the law or the appeal made it wait.
        # That of seventy years of age comes before, and no measure is reckoned from it (723-1).
        release = max(min(release, parental), final_day, released or 0)
        operation = joined((operation, pencil.before(release, ahead, add_months(release, -ahead), language)), language)
    words = {
        "en": f"as probation ahead of a conditional release open from {dated(release, 'en')}",
        "fr": f"à titre probatoire, avant une libération conditionnelle possible le {dated(release, 'fr')}",
    }[language]
    if not sentence.life:
        months, alone = left or Left(months, alone)
        on = dated(alone, language)
        words += {"en": f"; {months} months left on {on}", "fr": f" ; reliquat de {months} mois le {on}"}[language]
    if sentence.removal and law.conditional_release.removal_is_condition:
        words += {
            "en": "; the release it prepares depends on the removal, or on the ban put off (729-2)",
            "fr": " ; la libération qu'elle prépare dépend de l'éloignement, ou de la suspension de l'ITF (729-2)",
        }[language]
    return Ground(words, operation)


def why_never(adjustment: Adjustment, sentence: Sentence, law: StatutesInForce, language: Language) -> str:
    """Return why an adjustment did not open before the end of a sentence, under the statutes then in force."""
    rules = vars(getattr(law, adjustment.notion))
    most = rules.get("max_total_months")
    if not exists(adjustment, law):
        found = {"en": "the measure did not exist yet", "fr": "la mesure n'existait pas encore"}
    elif excluded(adjustment, sentence, law):
        found = {"en": "excluded by law", "fr": "exclu par la loi"}
    elif most is not None and (sentence.life or not total_at_most(sentence, most)):
        found = {"en": f"total above {most} months", "fr": f"total de plus de {most} mois"}
    elif _yields(rules, sentence, law):
        found = {
            "en": "release under constraint as of right comes first (D147-24)",
            "fr": "la libération sous contrainte de plein droit vient avant (D147-24)",
        }
    else:
        found = {"en": "its conditions are not met before the end", "fr": "conditions non remplies avant la fin de peine"}
    return found[language]


def _yields(rules: dict[str, object], sentence: Sentence, law: StatutesInForce) -> bool:
    """Whether the measure yields to release as of right, which is open to this sentence."""
    if not rules.get("yields_to_as_of_right"):
        return False
    of_right = next(adjustment for adjustment in ADJUSTMENTS if adjustment.of_right)
    return first_day_of(of_right, sentence, law) < NEVER
