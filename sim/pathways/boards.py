"""Releases under constraint (*libération sous contrainte*, art. 720): examined by the board, beside the hearing queue.

The one of § I is examined at two thirds of the sentence and may be refused, as may a request pending there; the one as of
right (§ II) fails for the law's exclusions, for want of information, of a file in time or of the person's wish, for a removal
measure not carried out, or for a material impossibility: no lodging, no place.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from sim.institutions.agenda import Step, schedule
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.enforcement_court import board_on_or_after, board_takes
from sim.institutions.placements import PlaceKind, free_places, pool_number
from sim.institutions.state import draw, law_for, parameters_for, write
from sim.law.reckoning import closed_by_law, first_day
from sim.law.two_thirds import pending_request_granted, refusal_is_reasoned
from sim.pathways.contact import contact, moved, willing
from sim.pathways.custody import drop_file, housed
from sim.pathways.hearing import decide_at_board, decision_logit, grant, record_decision, two_thirds_bonus
from sim.pathways.occurrences import of_measure, of_request
from sim.population.person import CounsellorState, FileState
from sim.records.codes import Movement, Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.institutions.parameter_readers import Row
    from sim.institutions.state import State
    from sim.population.person import Person


def examine(person: Person, state: State) -> None:
    """Examination at two thirds (§ I): refused to who does not want it, and when the board is not convinced."""
    if person.board_day != state.nation.day or person.status != Status.SENTENCED or person.withdrawn:
        return
    if person.board_outcome >= 0:
        return
    court = state.courts[person.site]
    pending = person.file in (FileState.LODGED, FileState.LISTED, FileState.SEIZED)
    decided_here = pending and _request_decided_here(person, state)
    # A request that is not decided here comes first, as does a grant: the examination goes to the next session.
    pending = person.file == FileState.GRANTED or (pending and not decided_here)
    if not pending and not _opens_in_time(state.board_codes, person, state):
        person.board_put_off = False
        person.board_since_day = -1
        return
    if pending or not board_takes(court, state.nation.day):
        person.board_put_off = not pending
        if person.board_since_day < 0:
            person.board_since_day = state.nation.day
        person.board_day = board_on_or_after(court, state.nation.day + 1)
        schedule(state, person.board_day, Step.BOARD, person)
        return
    person.board_put_off = False
    person.board_since_day = -1
    for code in state.board_codes:
        opens = first_day(code, person, law_for(state, person))
        if opens >= person.end_day:
            continue
        if decided_here:
            decide_at_board(person, state)
            person.board_outcome = person.last_outcome
            write(state, Movement.EXAMINED, person, person.last_outcome, code)
            return
        outcome, regime = _opinion_of_board(person, code, state)
        _conclude(person, code, regime, outcome, opens, state)
        person.board_outcome = outcome


def examine_of_right(person: Person, state: State) -> None:
    """Examination of the release as of right (§ II): whoever does not refuse it, a pending request does not prevent it."""
    if person.board_right_day != state.nation.day or person.status != Status.SENTENCED:
        return
    if person.withdrawn or person.board_right_outcome >= 0:
        return
    if person.file == FileState.GRANTED:
        # The chamber may still overturn what was granted: the examination goes to the next session.
        _put_off_of_right(person, state)
        return
    if not _opens_in_time(state.right_codes, person, state):
        person.board_right_put_off = False
        person.board_right_since_day = -1
        return
    if not board_takes(state.courts[person.site], state.nation.day):
        person.board_right_put_off = True
        _put_off_of_right(person, state)
        return
    person.board_right_put_off = False
    person.board_right_since_day = -1
    for code in state.right_codes:
        law = law_for(state, person)
        opens = first_day(code, person, law)
        if opens >= person.end_day:
            continue
        regime = -1
        if closed_by_law(code, person, law):
            outcome = Outcome.EXCLUDED
        else:
            outcome = _prevented(person, state)
            if outcome == Outcome.GRANTED:
                home, form = DecisionPoint.BOARD_RIGHT_HOME, DecisionPoint.BOARD_RIGHT_MODALITY
                outcome, regime = _modality(person, code, state, home, form)
        _conclude(person, code, regime, outcome, opens, state)
        person.board_right_outcome = outcome


def _put_off_of_right(person: Person, state: State) -> None:
    """Have the release as of right examined at the next session, in the turn of the first one it fell due at."""
    if person.board_right_since_day < 0:
        person.board_right_since_day = state.nation.day
    person.board_right_day = board_on_or_after(state.courts[person.site], state.nation.day + 1)
    schedule(state, person.board_right_day, Step.BOARD_OF_RIGHT, person)


def _request_decided_here(person: Person, state: State) -> bool:
    """Whether a pending request is decided at the examination at two thirds (art. 720 § I), as the law of the day asks."""
    share = parameters_for(state, person).boards.requests_decided_share
    return (
        share > 0
        and pending_request_granted(law_for(state, person))
        and draw(state, DecisionPoint.BOARD_REQUEST, person, of_request(person)) < share
    )


def _opens_in_time(codes: Sequence[int], person: Person, state: State) -> bool:
    """Whether anything opens before the end: if not the calendar is too short, and no slot of the board is taken."""
    law = law_for(state, person)
    for code in codes:  # noqa: SIM110 (compiled code has no generator)
        if first_day(code, person, law) < person.end_day:
            return True
    return False


def _opinion_of_board(person: Person, code: int, state: State) -> tuple[Outcome, int]:
    if not _reached(person, state, DecisionPoint.BOARD_REACHED, 1.0):
        return Outcome.NOT_EXAMINED, -1
    if not willing(person, state) and state.adjustments[code].consent_needed:
        return Outcome.DECLINED, -1
    parameters = parameters_for(state, person)
    against = parameters.hearings.unfavourable_share_removal if person.removal else parameters.hearings.unfavourable_share
    unfavourable = draw(state, DecisionPoint.BOARD_REQUISITION, person, of_measure(person)) < against
    at_home = housed(person, state)
    logit, ground = decision_logit(person, parameters.boards.decision, state.nation.day, state, at_home, unfavourable)
    if parameters.boards.same_standard > 0 and refusal_is_reasoned(law_for(state, person)):
        judge, ground = decision_logit(person, parameters.hearings.decision, state.nation.day, state, at_home, unfavourable)
        judge += two_thirds_bonus(person, state)
        logit += parameters.boards.same_standard * (judge - logit)
    # The judge of the establishment chairs the board.
    logit += state.courts[person.site].leaning * parameters.hearings.court_spread
    if draw(state, DecisionPoint.BOARD_GRANT, person, of_measure(person)) >= 1.0 / (1.0 + exp(-logit)):
        return ground, -1
    return _modality(person, code, state, DecisionPoint.BOARD_HOME, DecisionPoint.BOARD_MODALITY)


def _reached(person: Person, state: State, decision: DecisionPoint, factor: float) -> bool:
    """Whether the file reached the board in time; seldom without a counsellor."""
    boards = parameters_for(state, person).boards
    chance = (
        boards.examined_with_counsellor if person.counsellor == CounsellorState.HELD else boards.examined_without_counsellor
    )
    return draw(state, decision, person, of_measure(person)) < chance * factor


def _prevented(person: Person, state: State) -> Outcome:
    """What keeps somebody the law does not exclude from a release as of right before any form; GRANTED if nothing does.

    In the order of the steps: the person is told, the file reaches the board, the person does not refuse, the removal measure
    is carried out, there is a lodging where one is asked for (D147-21).
    """
    boards = parameters_for(state, person).boards
    if draw(state, DecisionPoint.BOARD_RIGHT_INFORMED, person, of_measure(person)) >= boards.right_informed_share:
        return Outcome.NOT_INFORMED
    if not _reached(person, state, DecisionPoint.BOARD_RIGHT_REACHED, boards.right_reached_factor):
        return Outcome.NOT_EXAMINED
    refusing = moved(boards.right_refused_share, -parameters_for(state, person).contact.consent * contact(person, state))
    if draw(state, DecisionPoint.BOARD_RIGHT_REFUSED, person, of_measure(person)) < refusing:
        return Outcome.DECLINED
    bars = law_for(state, person).release_under_constraint_as_of_right.removal_is_condition
    if person.removal and bars and not _removed(person, state):
        return Outcome.REMOVAL_MEASURE
    lodging = draw(state, DecisionPoint.BOARD_RIGHT_LODGING, person, of_measure(person))
    if lodging < boards.right_lodging_share and not housed(person, state):
        return Outcome.NO_HOUSING
    return Outcome.GRANTED


def _removed(person: Person, state: State) -> bool:
    return (
        draw(state, DecisionPoint.BOARD_REMOVAL, person, of_measure(person))
        < parameters_for(state, person).boards.removal_executed
    )


def _modality(person: Person, code: int, state: State, home: DecisionPoint, form: DecisionPoint) -> tuple[Outcome, int]:
    """Form the release takes: by lodging, consent to a tag, and the places there are.

    ``home`` decides whether a lodging suits a measure, ``form`` which of those possible is taken.
    """
    boards = parameters_for(state, person).boards
    at_home = housed(person, state) and draw(state, home, person, of_measure(person)) < boards.compatible_home
    weights = boards.modality_housed if at_home else boards.modality_unhoused
    luck = draw(state, form, person, of_measure(person))
    first = boards.form_first_share
    if first > 0 and draw(state, DecisionPoint.BOARD_FORM_FIRST, person, of_measure(person)) < first:
        return _form_then_place(person, code, weights, at_home, luck, state)
    total, full = 0.0, -1
    for regime in state.regimes_of_adjustment[code]:
        if _possible(person, regime, weights[regime], state):
            if _has_place(person, regime, state):
                total += weights[regime]
            elif full < 0 or weights[regime] > weights[full]:
                full = regime
    luck *= total + weights[len(state.regimes)]
    edge = 0.0
    for regime in state.regimes_of_adjustment[code]:
        if _possible(person, regime, weights[regime], state) and _has_place(person, regime, state):
            edge += weights[regime]
            if luck < edge:
                return Outcome.GRANTED, int(regime)
    return (Outcome.NO_PLACE, full) if full >= 0 and total <= 0 else (Outcome.NO_HOUSING, -1)


def _form_then_place(person: Person, code: int, weights: Row, at_home: bool, luck: float, state: State) -> tuple[Outcome, int]:
    """Form by weight, then a place for it: without one a share of the people with a home are tagged, the others stay.

    Whoever is drawn semi-liberty when it is full stays for want of a place there, not for want of a lodging.
    """
    total = weights[len(state.regimes)]
    for regime in state.regimes_of_adjustment[code]:
        if _possible(person, regime, weights[regime], state):
            total += weights[regime]
    luck *= total
    edge, chosen = 0.0, -1
    for regime in state.regimes_of_adjustment[code]:
        if _possible(person, regime, weights[regime], state):
            edge += weights[regime]
            if luck < edge:
                chosen = int(regime)
                break
    if chosen < 0:
        return Outcome.NO_HOUSING, -1
    if _has_place(person, chosen, state):
        return Outcome.GRANTED, chosen
    tag = int(state.nation.tag_regime)
    share = parameters_for(state, person).boards.turned_to_tag_share
    if (
        at_home
        and _possible(person, tag, weights[tag], state)
        and draw(state, DecisionPoint.BOARD_TURNED_TO_TAG, person, of_measure(person)) < share
        and _has_place(person, tag, state)
    ):
        return Outcome.GRANTED, tag
    return Outcome.NO_PLACE, chosen


def _possible(person: Person, regime: int, weight: float, state: State) -> bool:
    """Whether a form may be given at all: a tag needs consent."""
    return (
        regime >= 0
        and weight > 0
        and not state.regimes[regime].closed_by_cap
        and (state.regimes[regime].places != PlaceKind.DEVICES or willing(person, state))
    )


def _has_place(person: Person, regime: int, state: State) -> bool:
    """Whether a place of a regime is left for one who asks today, those who wait already being served first."""
    pool = pool_number(state, regime, person.home_quarter)
    return pool < 0 or free_places(state.pools[pool]) > state.queues[state.pools[pool].queue].length


def _conclude(person: Person, code: int, regime: int, outcome: Outcome, opens: int, state: State) -> None:
    day = state.nation.day
    record_decision(person, state, code, regime, outcome, opens, True)
    write(state, Movement.EXAMINED, person, outcome, code)
    if outcome == Outcome.GRANTED:
        drop_file(person, state)
        grant(person, state, code, regime, max(day + 1, opens))
    elif outcome in (Outcome.NO_HOUSING, Outcome.NO_PLACE, Outcome.REMOVAL_MEASURE) or (
        outcome in (Outcome.REFUSED_PROJECT, Outcome.REFUSED_RISK, Outcome.DECLINED) and person.file == FileState.NONE
    ):
        # The day of the judge's last decision stays: a request that is pending still waits for its hearing.
        person.last_outcome = outcome
        person.refused_regime = regime
