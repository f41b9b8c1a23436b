"""The ledger of causes: the one binding cause of each dry release (model.md §8).

The sentence ended first; the stage the person had reached is the cause. Of two routes that both failed, the one that came
nearer to success speaks: a measure held and lost (unless something was asked for again since), then a grant that found no
place, then a decision against, then a request not heard, a file not ready, no counsellor. Only when the classic route never
opened do the law's own bars speak.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import NEVER
from sim.institutions.placements import DEVICES, EXTERNAL, SEMI_LIBERTY
from sim.institutions.state import law_for
from sim.law.reckoning import closed_by_law, opening_day
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
    SEIZED,
    WANTED,
)
from sim.records.codes import Cause

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.population.person import Person

# The causes as plain integers, for compiled code.
CALENDAR_TOO_SHORT, NO_COUNSELLOR, FILE_NOT_READY, NOT_HEARD = map(int, list(Cause)[:4])
_PROJECT, _RISK, _HOUSING, NO_PLACE_SL, NO_PLACE_PE, NO_DEVICE = map(int, list(Cause)[4:10])
_REMOVAL, EXCLUDED_BY_LAW, _DECLINED, MEASURE_WITHDRAWN = map(int, list(Cause)[10:])
_WEEK = 7


def binding_cause(person: Person, state: State) -> int:
    """Binding cause of a dry release that happens today."""
    if person.withdrawn:
        return MEASURE_WITHDRAWN
    if person.file == GRANTED:
        if person.waiting_place:
            return _no_place(state.regimes[person.granted_regime].places)
        if state.regimes[person.granted_regime].places == DEVICES and _only_fitting_was_missing(person, state):
            return NO_DEVICE
        # Decided, but too late to take effect: the hearing came late, or the board's session left nothing worth a measure.
        return NOT_HEARD if state.adjustments[person.granted_adjustment].needs_hearing else CALENDAR_TOO_SHORT
    if person.last_outcome == NO_PLACE:
        return _no_place(state.regimes[person.refused_regime].places)
    decided = _decided(person.last_outcome)
    if decided >= 0:
        return decided
    if person.file in (LODGED, LISTED, SEIZED):
        return NOT_HEARD
    return _never_asked(person, state)


def _only_fitting_was_missing(person: Person, state: State) -> bool:
    """Whether a grant came in time for a measure, had the tag been fitted on the day it was due."""
    worth = state.parameters.shortest_measure_days[person.granted_regime]
    return not person.overturned and person.end_day - person.due_day >= worth > person.end_day - person.effect_day


def _no_place(places: int) -> int:
    """Cause for want of a kind of places."""
    if places == SEMI_LIBERTY:
        return NO_PLACE_SL
    return NO_PLACE_PE if places == EXTERNAL else NO_DEVICE


def _decided(outcome: int) -> int:
    """Cause that a decision against is; -1 if there was none, or if it says nothing."""
    if outcome == REFUSED_PROJECT:
        return _PROJECT
    if outcome == REFUSED_RISK:
        return _RISK
    if outcome == NO_HOUSING:
        return _HOUSING
    if outcome == REMOVAL_MEASURE:
        return _REMOVAL
    return _DECLINED if outcome == DECLINED else -1


def _never_asked(person: Person, state: State) -> int:
    """Cause for someone whose request was never lodged."""
    if person.file in (OPEN, READY):
        return FILE_NOT_READY
    if person.board_put_off:
        return NOT_HEARD
    closed = person.board_right_outcome
    if person.withdrawals and closed != NOT_EXAMINED and person.board_outcome != NOT_EXAMINED:
        # Back from a lost measure, free to ask again: what followed speaks, and if nothing did, the loss.
        return NO_COUNSELLOR if person.file == WANTED else MEASURE_WITHDRAWN
    if closed == EXCLUDED or _barred(person, state):
        return _classic(person, state, EXCLUDED_BY_LAW)
    if not person.consents and _could_have_asked(person, state):
        return _DECLINED
    if closed == NOT_EXAMINED or person.board_outcome == NOT_EXAMINED:
        return NO_COUNSELLOR if person.counsellor != HELD else FILE_NOT_READY
    return _classic(person, state, CALENDAR_TOO_SHORT)


def _barred(person: Person, state: State) -> bool:
    """Whether a release as of right would have come in time but for an exclusion of the law."""
    law = law_for(state, person)
    for code in state.right_codes:
        if closed_by_law(code, person, law) and opening_day(code, person, law) < person.end_day:
            return True
    return False


def _classic(person: Person, state: State, otherwise: int) -> int:
    """Why the hearing route stayed shut, for someone no board could free either."""
    if not _could_have_asked(person, state):
        return otherwise
    if person.counsellor != HELD:
        return NO_COUNSELLOR
    if person.end_day - person.assigned_day >= state.parameters.shortest_path_days:
        return FILE_NOT_READY
    # Taken too late for a request: for want of a counsellor, unless it was no later than the arrival unit and a week.
    waited = person.assigned_day - person.enrolled_day - state.parameters.arrival_days
    return NO_COUNSELLOR if waited > _WEEK else otherwise


def _could_have_asked(person: Person, state: State) -> bool:
    """Whether a hearing could have come in time without any queue.

    Shortest possible path: arrival, preparation and answers of others at their mean, instruction, deliberation, the day
    the prosecutor has; nothing waited for.
    """
    if person.eligible_day < 0 or person.eligible_day >= NEVER:
        return False
    begun = max(person.convicted_day, person.committed_day + state.parameters.arrival_days)
    return person.end_day - begun >= state.parameters.shortest_path_days
