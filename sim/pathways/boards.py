"""Releases under constraint (*libération sous contrainte*, art. 720): examined by the board, beside the hearing queue.

The one of § I is examined at two thirds of the sentence and may be refused; the one as of right (§ II) fails only for
the law's exclusions, a removal measure not carried out, or a material impossibility: no lodging, no place.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from sim.institutions.agenda import BOARD, BOARD_OF_RIGHT, date_step
from sim.institutions.decision_points import BOARD_GRANT, BOARD_REACHED, BOARD_REMOVAL, BOARD_REQUISITION, BOARD_RIGHT_REACHED
from sim.institutions.enforcement_court import board_on_or_after, board_takes
from sim.institutions.placements import DEVICES, free_places, pool_number
from sim.institutions.state import draw, law_for, write
from sim.law.reckoning import closed_by_law, first_day
from sim.pathways.custody import drop_file, housed, nth_measure
from sim.pathways.hearing import grant, opinion, record_decision
from sim.population.person import (
    ACCEPTED,
    DECLINED,
    EXCLUDED,
    GRANTED,
    HELD,
    LISTED,
    LODGED,
    NO_FILE,
    NO_HOUSING,
    NO_PLACE,
    NOT_EXAMINED,
    REFUSED_PROJECT,
    REFUSED_RISK,
    REMOVAL_MEASURE,
    SEIZED,
    SENTENCED,
)
from sim.records.moves import EXAMINED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.institutions.state import System
    from sim.population.person import Person


def examine(person: Person, system: System) -> None:
    """Examination at two thirds (§ I): refused to who does not want it, and when the board is not convinced."""
    if person.board_day != system.nation.day or person.status != SENTENCED or person.withdrawn:
        return
    if person.board_outcome >= 0:
        return
    court = system.courts[person.site]
    # A pending request is to be decided first: the examination goes to the next session.
    pending = person.file in (GRANTED, LODGED, LISTED, SEIZED)
    if not pending and not _opens_in_time(system.board_codes, person, system):
        person.board_put_off = False
        return
    if pending or not board_takes(court, system.nation.day):
        person.board_put_off = not pending
        person.board_day = board_on_or_after(court, system.nation.day + 1)
        date_step(system, person.board_day, BOARD, person)
        return
    person.board_put_off = False
    for code in system.board_codes:
        opens = first_day(code, person, law_for(system, person))
        if opens >= person.end_day:
            continue
        outcome, regime = _opinion_of_board(person, code, system)
        _conclude(person, code, regime, outcome, opens, system)
        person.board_outcome = outcome


def examine_of_right(person: Person, system: System) -> None:
    """Examination of the release as of right (§ II): no consent asked, a pending request does not prevent it."""
    if person.board_right_day != system.nation.day or person.status != SENTENCED or person.file == GRANTED:
        return
    if person.withdrawn or person.board_right_outcome >= 0:
        return
    if not _opens_in_time(system.right_codes, person, system):
        person.board_put_off = False
        return
    court = system.courts[person.site]
    if not board_takes(court, system.nation.day):
        person.board_put_off = True
        person.board_right_day = board_on_or_after(court, system.nation.day + 1)
        date_step(system, person.board_right_day, BOARD_OF_RIGHT, person)
        return
    person.board_put_off = False
    for code in system.right_codes:
        law = law_for(system, person)
        opens = first_day(code, person, law)
        if opens >= person.end_day:
            continue
        regime = -1
        if closed_by_law(code, person, law):
            outcome = EXCLUDED
        elif not _reached(person, system, BOARD_RIGHT_REACHED):
            outcome = NOT_EXAMINED
        elif person.removal and not _removed(person, system):
            outcome = REMOVAL_MEASURE
        else:
            outcome, regime = _modality(person, code, system, BOARD_RIGHT_REACHED)
        _conclude(person, code, regime, outcome, opens, system)
        person.board_right_outcome = outcome


def _opens_in_time(codes: Sequence[int], person: Person, system: System) -> bool:
    """Whether anything opens before the end: if not the calendar is too short, and no slot of the board is taken."""
    law = law_for(system, person)
    for code in codes:  # noqa: SIM110 (compiled code has no generator)
        if first_day(code, person, law) < person.end_day:
            return True
    return False


def _opinion_of_board(person: Person, code: int, system: System) -> tuple[int, int]:
    if not _reached(person, system, BOARD_REACHED):
        return NOT_EXAMINED, -1
    if not person.consents and system.procedures[code].consent_needed:
        return DECLINED, -1
    practice = system.practice
    against = practice.unfavourable_removal if person.removal else practice.unfavourable
    unfavourable = draw(system, BOARD_REQUISITION, person, nth_measure(person)) < against
    at_home = housed(person, system.nation.day)
    logit, ground = opinion(person, practice.board, system.nation.day, system, at_home, unfavourable)
    if draw(system, BOARD_GRANT, person, nth_measure(person)) >= 1.0 / (1.0 + exp(-logit)):
        return ground, -1
    return _modality(person, code, system, BOARD_REACHED)


def _reached(person: Person, system: System, decision: int) -> bool:
    """Whether the file reached the board in time; seldom without a counsellor."""
    practice = system.practice
    chance = practice.examined_held if person.counsellor == HELD else practice.examined_unheld
    return draw(system, decision, person, nth_measure(person)) < chance


def _removed(person: Person, system: System) -> bool:
    return draw(system, BOARD_REMOVAL, person, nth_measure(person)) < system.practice.removal_executed


def _modality(person: Person, code: int, system: System, decision: int) -> tuple[int, int]:
    """Form the release takes: by lodging, consent to a tag, and the places there are.

    ``decision`` is the first of three decision points that follow one another: reached, home, modality.
    """
    practice = system.practice
    at_home = (
        housed(person, system.nation.day) and draw(system, decision + 1, person, nth_measure(person)) < practice.compatible_home
    )
    weights = practice.modality_housed if at_home else practice.modality_unhoused
    total, full = 0.0, -1
    for regime in system.forms[code]:
        if _possible(person, regime, weights[regime], system):
            if _has_place(person, regime, system):
                total += weights[regime]
            elif full < 0 or weights[regime] > weights[full]:
                full = regime
    luck = draw(system, decision + 2, person, nth_measure(person)) * (total + weights[len(system.regimes)])
    edge = 0.0
    for regime in system.forms[code]:
        if _possible(person, regime, weights[regime], system) and _has_place(person, regime, system):
            edge += weights[regime]
            if luck < edge:
                return ACCEPTED, int(regime)
    return (NO_PLACE, full) if full >= 0 and total <= 0 else (NO_HOUSING, -1)


def _possible(person: Person, regime: int, weight: float, system: System) -> bool:
    """Whether a form may be given at all: a tag needs consent."""
    return (
        regime >= 0
        and weight > 0
        and not system.regimes[regime].shut
        and (system.regimes[regime].places != DEVICES or person.consents)
    )


def _has_place(person: Person, regime: int, system: System) -> bool:
    """Whether a place of a regime is left for one who asks today, those who wait already being served first."""
    pool = pool_number(system, regime, person.home_quarter)
    return pool < 0 or free_places(system.pools[pool]) > system.lines[system.pools[pool].waiting].length


def _conclude(person: Person, code: int, regime: int, outcome: int, opens: int, system: System) -> None:
    day = system.nation.day
    record_decision(person, system, code, regime, outcome, opens)
    write(system, EXAMINED, person, outcome, code)
    if outcome == ACCEPTED:
        drop_file(person, system)
        grant(person, system, code, regime, max(day + 1, opens))
    elif outcome in (NO_HOUSING, NO_PLACE, REMOVAL_MEASURE) or (
        outcome in (REFUSED_PROJECT, REFUSED_RISK, DECLINED) and person.file == NO_FILE
    ):
        person.last_outcome = outcome
        person.last_outcome_day = day
        person.refused_regime = regime
