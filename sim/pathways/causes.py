"""The ledger of causes: the one binding cause of each dry release (model.md §8).

The sentence ended first; the stage the person had reached is the cause. Of two routes that both failed, the one that came
nearer to success speaks: a measure held and lost (unless something was asked for again since), then a grant that found no
place, then a decision against, then a request not heard, a file not ready, no counsellor. Only when the classic route never
opened do the law's own bars speak.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import NEVER
from sim.institutions.placements import PlaceKind
from sim.institutions.state import law_for, parameters_at_office, parameters_for
from sim.law.reckoning import closed_by_law, opening_day
from sim.pathways.contact import willing
from sim.population.person import CounsellorState, FileState
from sim.records.codes import Cause, Outcome

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.population.person import Person

_WEEK = 7
_AGAINST = (Outcome.REFUSED_PROJECT, Outcome.REFUSED_RISK, Outcome.NO_HOUSING, Outcome.REMOVAL_MEASURE, Outcome.DECLINED)
"""Decisions that are a cause by themselves."""


def binding_cause(person: Person, state: State) -> int:
    """Binding cause of a dry release that happens today."""
    if person.withdrawn:
        return Cause.MEASURE_WITHDRAWN
    if person.file == FileState.GRANTED:
        if person.waiting_place:
            return state.place_kinds[state.regimes[person.granted_regime].places].cause
        if state.regimes[person.granted_regime].places == PlaceKind.DEVICES and _only_fitting_was_missing(person, state):
            return Cause.NO_DEVICE
        # The hearing came late, or the board's session left nothing worth a measure.
        return Cause.GRANTED_TOO_LATE
    if person.last_outcome == Outcome.NO_PLACE:
        return state.place_kinds[state.regimes[person.refused_regime].places].cause
    if person.last_outcome in _AGAINST:
        if person.last_outcome == Outcome.DECLINED and person.board_right_outcome == Outcome.DECLINED:
            return Cause.DECLINED_RELEASE
        if person.last_outcome == Outcome.DECLINED and person.board_outcome == Outcome.DECLINED:
            return Cause.DECLINED_EXAMINED
        return _decided(person.last_outcome)
    if person.file in (FileState.LODGED, FileState.LISTED, FileState.SEIZED):
        return Cause.NOT_HEARD
    return _never_asked(person, state)


def _only_fitting_was_missing(person: Person, state: State) -> bool:
    """Whether a grant came in time for a measure, had the tag been fitted on the day it was due."""
    worth = parameters_for(state, person).placements.shortest_measure_days[person.granted_regime]
    return not person.overturned and person.end_day - person.due_day >= worth > person.end_day - person.effect_day


def _decided(outcome: int) -> Cause:
    """Cause that a decision of :data:`_AGAINST` is."""
    if outcome == Outcome.REFUSED_PROJECT:
        return Cause.REFUSED_PROJECT
    if outcome == Outcome.REFUSED_RISK:
        return Cause.REFUSED_RISK
    if outcome == Outcome.NO_HOUSING:
        return Cause.NO_HOUSING
    if outcome == Outcome.REMOVAL_MEASURE:
        return Cause.REMOVAL_MEASURE
    return Cause.DECLINED


def _never_asked(person: Person, state: State) -> Cause:
    """Cause for someone whose request was never lodged."""
    if person.file in (FileState.OPEN, FileState.READY):
        return Cause.FILE_NOT_READY
    if person.board_put_off or person.board_right_put_off:
        return Cause.NOT_HEARD
    closed = person.board_right_outcome
    not_reached = closed in (Outcome.NOT_EXAMINED, Outcome.NOT_INFORMED) or person.board_outcome == Outcome.NOT_EXAMINED
    if person.withdrawals and not not_reached:
        # Back from a lost measure, free to ask again: what followed speaks, and if nothing did, the loss.
        return Cause.NO_COUNSELLOR if person.file == FileState.WANTED else Cause.MEASURE_WITHDRAWN
    if closed == Outcome.EXCLUDED or _barred(person, state):
        return _classic(person, state, Cause.EXCLUDED_BY_LAW)
    if not willing(person, state) and _could_have_asked(person, state):
        return Cause.PREFERS_TO_SERVE if _little_to_gain(person, state) else Cause.DECLINED
    if closed == Outcome.NOT_INFORMED:
        return Cause.NOT_INFORMED
    if closed == Outcome.NOT_EXAMINED or person.board_outcome == Outcome.NOT_EXAMINED:
        return Cause.NO_COUNSELLOR if person.counsellor != CounsellorState.HELD else Cause.FILE_NOT_READY
    return _classic(person, state, Cause.CALENDAR_TOO_SHORT)


def _little_to_gain(person: Person, state: State) -> bool:
    """Whether a measure would have saved an unwilling person little, from the day one was first open."""
    saved = person.end_day - max(person.eligible_day, person.convicted_day)
    return bool(saved < parameters_for(state, person).files.serve_out_days)


def _barred(person: Person, state: State) -> bool:
    """Whether a release as of right would have come in time but for an exclusion of the law."""
    law = law_for(state, person)
    for code in state.right_codes:
        if closed_by_law(code, person, law) and opening_day(code, person, law) < person.end_day:
            return True
    return False


def _classic(person: Person, state: State, otherwise: Cause) -> Cause:
    """Why the hearing route stayed shut, for someone no board could free either."""
    if not _could_have_asked(person, state):
        return otherwise
    if person.counsellor != CounsellorState.HELD:
        return Cause.NO_COUNSELLOR
    if person.end_day - person.assigned_day >= parameters_for(state, person).files.shortest_path_days:
        return Cause.FILE_NOT_READY
    # Taken too late for a request: for want of a counsellor, unless it was no later than the arrival unit and a week.
    waited = person.assigned_day - person.enrolled_day - parameters_at_office(state, person).probation_service.arrival_days
    return Cause.NO_COUNSELLOR if waited > _WEEK else otherwise


def _could_have_asked(person: Person, state: State) -> bool:
    """Whether a hearing could have come in time without any queue.

    Shortest possible path: arrival, preparation and answers of others at their mean, instruction, deliberation, the day
    the prosecutor has; nothing waited for.
    """
    if person.eligible_day < 0 or person.eligible_day >= NEVER:
        return False
    begun = max(person.convicted_day, person.committed_day + parameters_at_office(state, person).probation_service.arrival_days)
    return person.end_day - begun >= parameters_for(state, person).files.shortest_path_days
