"""The ledger of causes: the one binding cause of each dry release (model.md §8).

The sentence ended first; the stage the person had reached is the cause. Of two routes that both failed, the one that came
nearer to success speaks: a measure held and lost, then a grant that found no place, then a decision against, then a request
not heard, a file not ready, no counsellor. Only when the classic route never opened do the law's own bars speak.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import NEVER
from sim.population.person import (
    DECLINED,
    EXCLUDED,
    GRANTED,
    HELD,
    LISTED,
    LODGED,
    NO_HOUSING,
    NO_PLACE,
    NOT_EXAMINED,
    OPEN,
    READY,
    REFUSED_PROJECT,
    REFUSED_RISK,
    REMOVAL_MEASURE,
)
from sim.records.codes import Cause

if TYPE_CHECKING:
    from sim.institutions.system import PenalSystem
    from sim.population.person import Person

_OF_OUTCOME = {
    REFUSED_PROJECT: Cause.REFUSED_PROJECT,
    REFUSED_RISK: Cause.REFUSED_RISK,
    NO_HOUSING: Cause.NO_HOUSING,
    REMOVAL_MEASURE: Cause.REMOVAL_MEASURE,
    DECLINED: Cause.DECLINED,
}
_WEEK = 7
_OF_POOL = {"SL": Cause.NO_PLACE_SL, "PE": Cause.NO_PLACE_PE}


def binding_cause(person: Person, system: PenalSystem) -> Cause:
    """Binding cause of a dry release that happens today."""
    if person.withdrawn:
        return Cause.MEASURE_WITHDRAWN
    if person.file == GRANTED:
        pool = system.regimes[person.granted_regime].places
        if person.waiting_place:
            return _OF_POOL.get(pool or "", Cause.NO_DEVICE)
        # Decided, but too late to take effect: the hearing came late, or the board's session left nothing worth a measure.
        by_hearing = system.adjustments[person.granted_adjustment].needs_hearing
        return Cause.NOT_HEARD if by_hearing else Cause.CALENDAR_TOO_SHORT
    if person.last_outcome == NO_PLACE:
        return _OF_POOL.get(system.regimes[person.refused_regime].places or "", Cause.NO_DEVICE)
    decided = _OF_OUTCOME.get(person.last_outcome)
    if decided is not None:
        return decided
    if person.file in (LODGED, LISTED):
        return Cause.NOT_HEARD
    return _never_asked(person, system)


def _never_asked(person: Person, system: PenalSystem) -> Cause:
    """Cause for someone whose request was never lodged."""
    if person.file in (OPEN, READY):
        return Cause.FILE_NOT_READY
    closed = person.board_right_outcome
    if closed == EXCLUDED or _barred(person, system):
        return _classic(person, system, Cause.EXCLUDED_BY_LAW)
    if not person.consents and _could_have_asked(person, system):
        return Cause.DECLINED
    if closed == NOT_EXAMINED or person.board_outcome == NOT_EXAMINED:
        return Cause.NO_COUNSELLOR if person.counsellor != HELD else Cause.FILE_NOT_READY
    return _classic(person, system, Cause.CALENDAR_TOO_SHORT)


def _barred(person: Person, system: PenalSystem) -> bool:
    """Whether a release as of right would have come in time but for an exclusion of the law."""
    law = system.law_for(person)
    for code in system.right_codes:
        adjustment = system.adjustments[code]
        if adjustment.excluded(person, law) and adjustment.opens(person, law) < person.end_day:
            return True
    return False


def _classic(person: Person, system: PenalSystem, otherwise: Cause) -> Cause:
    """Why the hearing route stayed shut, for someone no board could free either."""
    if not _could_have_asked(person, system):
        return otherwise
    if person.counsellor != HELD:
        return Cause.NO_COUNSELLOR
    if person.end_day - person.assigned_day >= system.practice.shortest_path_days:
        return Cause.FILE_NOT_READY
    # Taken too late for a request: for want of a counsellor, unless it was no later than the arrival unit and a week.
    waited = person.assigned_day - person.enrolled_day - system.practice.arrival_days
    return Cause.NO_COUNSELLOR if waited > _WEEK else otherwise


def _could_have_asked(person: Person, system: PenalSystem) -> bool:
    """Whether a hearing could have come in time without any queue.

    Shortest possible path: arrival, preparation and answers of others at their mean, instruction, deliberation, the day
    the prosecutor has; nothing waited for.
    """
    if person.eligible_day < 0 or person.eligible_day >= NEVER:
        return False
    begun = max(person.convicted_day, person.committed_day + system.practice.arrival_days)
    return person.end_day - begun >= system.practice.shortest_path_days
