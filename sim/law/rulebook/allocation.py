"""Where a convict serves: who decides, what is a right, what is open (code pénitentiaire, art. L211-3 s.)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import add_months
from sim.law.sentence import day_when_less_remains, day_when_remaining, total_at_most

if TYPE_CHECKING:
    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce


def may_stay_in_remand_prison(sentence: SentenceFacts, day: int, statutes: StatutesInForce) -> bool:
    """Whether a convict may be kept in a remand prison (*maison d'arrêt*): two years at most, or less than a year left.

    Source
    ------
    Code pénitentiaire, art. L211-3.
    """
    law = statutes.allocation
    if sentence.life:
        return False
    if total_at_most(sentence, law.remand_prison_max_total_months):
        return True
    return day >= day_when_less_remains(sentence.end_day, law.remand_prison_max_remaining_months)


def transfer_due_day(sentence: SentenceFacts, final_day: int, statutes: StatutesInForce) -> int | None:
    """Last day for the transfer to a prison for sentences, on request, when it is a right; ``None`` when it is not.

    Nine months from finality if more than two years remain then.

    Source
    ------
    Code pénitentiaire, art. L211-3.
    """
    law = statutes.allocation
    return add_months(final_day, law.transfer_months) if _above(sentence, final_day, law.transfer_right_above_months) else None


def orientation_file_compulsory(sentence: SentenceFacts, final_day: int, statutes: StatutesInForce) -> bool:
    """Whether an orientation file must be opened (*dossier d'orientation*): more than two years left (D211-10)."""
    return _above(sentence, final_day, statutes.allocation.orientation_file_above_months)


def missing_papers_block(sentence: SentenceFacts, day: int, statutes: StatutesInForce) -> bool:
    """Whether missing papers hold the orientation file back: five years or more left (D211-12)."""
    if sentence.life:
        return True
    months = statutes.allocation.orientation_blocking_remaining_months
    return day < day_when_less_remains(sentence.end_day, months)


def decider(
    sentence: SentenceFacts,
    final_day: int,
    statutes: StatutesInForce,
    *,
    watched: bool = False,
    same_site: bool = False,
) -> str:
    """Who allocates: ``"minister"``, ``"prison head"`` or ``"regional director"``.

    ``watched``: particularly watched detainee (DPS); ``same_site``: the prison holds both kinds of quarters.

    Source
    ------
    Code pénitentiaire, art. D211-18 to D211-20.
    """
    law = statutes.allocation
    long_total = (
        sentence.life
        or not total_at_most(sentence, law.minister_min_total_months)
        or (sentence.total_months == law.minister_min_total_months)
    )
    if watched or sentence.terrorism:
        return "minister"
    if long_total and _above(sentence, final_day, law.minister_above_remaining_months):
        return "minister"
    if same_site and not _above(sentence, final_day, law.head_max_remaining_months):
        return "prison head"
    return "regional director"


def release_preparation_day(sentence: SentenceFacts, statutes: StatutesInForce) -> int | None:
    """First day on which a release-preparation unit is open (SAS): under two years left; none for life (D112-20)."""
    months: int | None = statutes.allocation.release_preparation_max_remaining_months
    if sentence.life or months is None:
        return None
    return max(sentence.start_day, day_when_less_remains(sentence.end_day, months))


def _above(sentence: SentenceFacts, day: int, months: int) -> bool:
    """Whether more than ``months`` remain on a day."""
    return sentence.life or day < day_when_remaining(sentence.end_day, months)
