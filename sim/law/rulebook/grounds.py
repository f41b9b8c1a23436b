"""On what ground an adjustment opens, or why it never does: what a reader needs to check its date.

The dates are those of the adjustments themselves; this module only words them, for :mod:`sim.law.rulebook.openings`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sim.dates import NEVER, iso
from sim.law.adjustments import ADJUSTMENTS
from sim.law.adjustments.adjustment import ending_day
from sim.law.adjustments.conditional_release import parental_day, trial_end_day
from sim.law.long_sentences import life_trial_end, reinforced_procedure
from sim.law.rulebook.pregnancy import counted_from
from sim.law.sentence import total_at_most

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.law.adjustments import Adjustment
    from sim.law.sentence import Sentence
    from sim.law.statutes import StatutesInForce

Language = Literal["en", "fr"]


def joined(notes: Iterable[str], language: Language) -> str:
    """Notes in one line, the empty ones left out; French puts a space before the semicolon."""
    return {"en": "; ", "fr": " ; "}[language].join(note for note in notes if note)


def ground(
    adjustment: Adjustment,
    sentence: Sentence,
    day: int,
    law: StatutesInForce,
    language: Language,
    *,
    share_granted: float = 0,
    ssj_incurred: bool = False,
) -> str:
    """Return the ground on which an adjustment opens on a day, when it is not the ordinary one; else an empty text."""
    if adjustment.code == "LC":
        notes = [
            _ground_of_release(sentence, day, law, language, share_granted),
            _reinforced(sentence, law, language, ssj_incurred=ssj_incurred),
        ]
        return joined(notes, language)
    rules = vars(getattr(law, adjustment.notion))
    if "probation_months" not in rules or "max_months" not in rules:
        return ""
    months: int = rules["max_months"]
    if sentence.recidive and "max_months_recidive" in rules:
        months = rules["max_months_recidive"].at(sentence.sentenced_day)
    alone = ending_day(sentence, months)
    if alone <= day:
        return ""
    # The release that probation prepares is that of the end of the trial period, or of parents: not that of age.
    release = max(trial_end_day(sentence, law.conditional_release), sentence.surety_end_day)
    release = min(release, parental_day(sentence, law.conditional_release))
    if sentence.life:
        release = min(release, life_trial_end(sentence, law, share=share_granted))
        return {
            "en": f"as probation ahead of a conditional release open from {iso(release)}",
            "fr": f"à titre probatoire, avant une libération conditionnelle possible le {iso(release)}",
        }[language]
    return {
        "en": f"as probation ahead of a conditional release open from {iso(release)}; {months} months left on {iso(alone)}",
        "fr": f"à titre probatoire, avant une libération conditionnelle possible le {iso(release)} ; "
        f"reliquat de {months} mois le {iso(alone)}",
    }[language]


def _ground_of_release(sentence: Sentence, day: int, law: StatutesInForce, language: Language, share: float) -> str:
    """Parents, pregnancy, age, or the reductions of the trial period of life."""
    release = law.conditional_release
    trial = max(trial_end_day(sentence, release), sentence.surety_end_day)
    if day >= trial:
        return ""
    if sentence.child_born_day < NEVER and parental_day(sentence, release) <= day:
        if counted_from(sentence.child_due_day, law) <= day < sentence.child_due_day:
            found = {"en": "pregnancy of more than twelve weeks (729-3)", "fr": "grossesse de plus de douze semaines (729-3)"}
        else:
            found = {"en": "as a parent (729-3)", "fr": "libération conditionnelle parentale (729-3)"}
    elif sentence.life and life_trial_end(sentence, law, share=share) <= day:
        found = {
            "en": f"trial period less {share:.0%} of its reductions (729-1)",
            "fr": f"temps d'épreuve diminué de {100 * share:.0f} % de ses réductions (729-1)",
        }
    else:
        found = {"en": "from seventy years of age", "fr": "âge de soixante-dix ans"}
    end = {"en": f"; else from {iso(trial)}", "fr": f" ; sinon le {iso(trial)}"}
    return found[language] + end[language]


def _reinforced(sentence: Sentence, law: StatutesInForce, language: Language, *, ssj_incurred: bool) -> str:
    """What the reinforced procedure asks before a release (730-2)."""
    if not reinforced_procedure(sentence, law, ssj_incurred=ssj_incurred):
        return ""
    least, most = law.long_sentences.probation_min_months, law.long_sentences.probation_max_months
    return {
        "en": f"after the assessment centre, an expert, and {least} to {most} months of SL, PE or DDSE (730-2)",
        "fr": f"après le CNE, une expertise, et {least} à {most} mois de SL, PE ou DDSE (730-2)",
    }[language]


def why_never(adjustment: Adjustment, sentence: Sentence, law: StatutesInForce, language: Language) -> str:
    """Return why an adjustment did not open before the end of a sentence, under the statutes then in force."""
    rules = vars(getattr(law, adjustment.notion))
    most = rules.get("max_total_months")
    if adjustment.excluded(sentence, law):
        found = {"en": "excluded by law", "fr": "exclu par la loi"}
    elif not rules.get("in_force", True):
        found = {"en": "the measure did not exist yet", "fr": "la mesure n'existait pas encore"}
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
    return of_right.eligible_from(sentence, law) < NEVER
