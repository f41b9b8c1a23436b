"""First day of an adjustment as a jurist asks it: the ordinary conditions, and what the engine's people never have.

The adjustments say their own conditions (:mod:`sim.law.adjustments`); this module adds the reinforced procedure of the longest
sentences (730-2), the semi-liberty that follows a *sûreté* of more than fifteen years (720-5), the reductions of the trial
period of life (729-1), and the credit by which conditional release is reckoned for récidivistes until 2014 (721 al. 2).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.dates import NEVER, add_months
from sim.law.adjustments.adjustment import ending_day, within_sentence
from sim.law.adjustments.conditional_release import parental_day, trial_end_day
from sim.law.long_sentences import life_trial_end
from sim.law.reinforced import probation_from, probation_needed, reinforced
from sim.law.sentence import competent_court

if TYPE_CHECKING:
    from sim.law.adjustments import Adjustment
    from sim.law.sentence import Sentence
    from sim.law.statutes import StatutesInForce


def exists(adjustment: Adjustment, law: StatutesInForce) -> bool:
    """Whether the measure exists under the law of a day."""
    return vars(getattr(law, adjustment.notion)).get("in_force", True) is not False


def excluded(adjustment: Adjustment, sentence: Sentence, law: StatutesInForce) -> bool:
    """Whether the law closes an existing measure to a sentence."""
    return exists(adjustment, law) and adjustment.excluded(sentence, law)


def reckoned(sentence: Sentence) -> Sentence:
    """The sentence with the end by which conditional release is reckoned: the credit of who is no récidiviste (721 al. 2)."""
    advance = sentence.release_advance_days
    return replace(sentence, end_day=sentence.end_day - advance) if advance else sentence


def trial_end(sentence: Sentence, law: StatutesInForce, share: float = 0) -> int:
    """Day when the trial period of art. 729 is over, *sûreté* passed; a ``share`` of its reductions granted for life."""
    if sentence.life:
        return life_trial_end(sentence, law, share=share)
    return max(trial_end_day(reckoned(sentence), law.conditional_release), sentence.surety_end_day)


def release_without_probation(sentence: Sentence, law: StatutesInForce, share: float = 0) -> int:
    """First day of conditional release by its own conditions of time: trial period, child, age; *sûreté* passed."""
    release = law.conditional_release
    days = [trial_end(sentence, law, share)]
    if sentence.child_born_day < NEVER:
        days.append(parental_day(sentence, release))
    seventy = add_months(sentence.birth_day, 12 * release.age_without_trial_years)
    days.append(max(seventy, sentence.surety_end_day))
    return max(min(days), sentence.start_day, sentence.sentenced_day)


def first_day_of(adjustment: Adjustment, sentence: Sentence, law: StatutesInForce, share: float = 0) -> int:
    """First day on which an adjustment may be granted to a sentence under the law of a day; NEVER if it never may.

    Source
    ------
    Code de procédure pénale, art. 720, 720-5, 723-1, 723-7, 729 to 730-2-1.
    """
    if not exists(adjustment, law) or adjustment.excluded(sentence, law):
        return NEVER
    months = probation_months(adjustment, law)
    day = _first_day_of(adjustment, sentence, law, share, months)
    child = sentence.child_born_day
    if months is not None and day < child < NEVER:
        # Probation ahead of the release of a parent waits for the pregnancy or the birth: nobody knows of it before.
        without = _first_day_of(adjustment, replace(sentence, child_born_day=NEVER), law, share, months)
        return min(without, child if child < sentence.end_day else NEVER)
    return day


def _first_day_of(adjustment: Adjustment, sentence: Sentence, law: StatutesInForce, share: float, months: int | None) -> int:
    special = sentence.life or sentence.release_advance_days or probation_needed(sentence, law)
    if special and adjustment.code == "LC":
        return _release(adjustment, sentence, law, share)
    if special and months is not None:
        return _measure(adjustment, sentence, law, share, months)
    return adjustment.eligible_from(sentence, law)


def probation_months(adjustment: Adjustment, law: StatutesInForce) -> int | None:
    """Months by which a measure may precede conditional release as probation; ``None`` if it cannot be probation."""
    found: int | None = vars(getattr(law, adjustment.notion)).get("probation_months")
    return found


def threshold_months(adjustment: Adjustment, sentence: Sentence, law: StatutesInForce) -> int:
    """Longest total or remainder that opens a measure by itself to this person."""
    rules = getattr(law, adjustment.notion)
    months: int = rules.max_months_recidive if sentence.recidive else rules.max_months
    return months


def _release(adjustment: Adjustment, sentence: Sentence, law: StatutesInForce, share: float) -> int:
    day = release_without_probation(sentence, law, share)
    needed = probation_needed(sentence, law)
    if needed and day < NEVER:
        # The probation may begin when the trial period is over, a sûreté above fifteen years passed.
        day = add_months(probation_from(day, sentence, law), needed)
    return within_sentence(day, sentence, adjustment.barred_by_surety(law))


def _measure(adjustment: Adjustment, sentence: Sentence, law: StatutesInForce, share: float, months: int) -> int:
    day = ending_day(sentence, threshold_months(adjustment, sentence, law))
    if probation_needed(sentence, law):
        probation = probation_from(release_without_probation(sentence, law, share), sentence, law)
    else:
        opens = trial_end(sentence, law, share)
        if sentence.child_born_day < NEVER:
            opens = min(opens, parental_day(sentence, law.conditional_release))
        probation = opens if opens >= NEVER else add_months(opens, -months)
    return within_sentence(min(day, probation), sentence, adjustment.barred_by_surety(law))


def court_of(adjustment: Adjustment, sentence: Sentence, day: int, law: StatutesInForce) -> str:
    """Court that decides on a day: ``"JAP"``, or ``"TAP"`` for the releases of art. 730-2 and the measures that prepare them.

    Source
    ------
    Code de procédure pénale, art. 730, 730-2 1° (« quelle que soit la durée de la détention restant à subir »), 720-5.
    """
    if adjustment.code == "LC":
        return "TAP" if reinforced(sentence, law) else competent_court(sentence, day, law)
    if probation_months(adjustment, law) is None:
        return adjustment.court(sentence, day, law)
    if not sentence.life and ending_day(sentence, threshold_months(adjustment, sentence, law)) <= day:
        return "JAP"
    return "TAP" if reinforced(sentence, law) else competent_court(sentence, day, law)
