"""Releases under constraint (*libération sous contrainte*, art. 720): examined by the board, beside the hearing queue.

The one of § I is examined at two thirds of the sentence and may be refused; the one as of right (§ II) fails only for
the law's exclusions, a removal measure not carried out, or a material impossibility: no lodging, no place.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from sim.institutions.register import Step
from sim.pathways.application import grant, opinion, record_decision
from sim.pathways.custody import drop_file, housed
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
    SENTENCED,
)
from sim.records.codes import Movement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.institutions.system import PenalSystem
    from sim.population.person import Person


def examine(person: Person, system: PenalSystem) -> None:
    """Examination at two thirds (§ I): refused to who does not want it, and when the board is not convinced."""
    if person.board_day != system.day or person.status != SENTENCED or person.withdrawn:
        return
    if person.board_outcome >= 0:
        return
    if person.file in (GRANTED, LODGED, LISTED):
        # A pending request is to be decided first: the examination goes to the next session.
        person.board_day = system.courts[person.site].board_on_or_after(system.day + 1)
        system.register.on(person.board_day, Step.BOARD, person)
        return
    for code in system.board_codes:
        opens = system.reckoning_for(person).opens[code](person)
        if opens >= person.end_day:
            continue
        outcome, regime = _opinion_of_board(person, code, system)
        _conclude(person, code, regime, outcome, opens, system)
        person.board_outcome = outcome


def examine_of_right(person: Person, system: PenalSystem) -> None:
    """Examination of the release as of right (§ II): no consent asked, a pending request does not prevent it."""
    if person.board_right_day != system.day or person.status != SENTENCED or person.file == GRANTED:
        return
    if person.withdrawn or person.board_right_outcome >= 0:
        return
    for code in system.right_codes:
        adjustment = system.adjustments[code]
        law = system.law_for(person)
        opens = system.reckoning_for(person).opens[code](person)
        if opens >= person.end_day:
            continue
        regime = -1
        if adjustment.excluded(person, law):
            outcome = EXCLUDED
        elif not _reached(person, system, "board.right"):
            outcome = NOT_EXAMINED
        elif person.removal and not _removed(person, system):
            outcome = REMOVAL_MEASURE
        else:
            outcome, regime = _modality(person, code, system, "board.right")
        _conclude(person, code, regime, outcome, opens, system)
        person.board_right_outcome = outcome


def _opinion_of_board(person: Person, code: int, system: PenalSystem) -> tuple[int, int]:
    if not _reached(person, system, "board"):
        return NOT_EXAMINED, -1
    if not person.consents and system.adjustments[code].consent_needed:
        return DECLINED, -1
    practice = system.practice
    logit, ground = opinion(person, practice.board, system.day, system, at_home=housed(person, system.day))
    luck = system.draws.of("board.grant", person.luck, person.stay)
    if luck >= 1.0 / (1.0 + exp(-logit)):
        return ground, -1
    return _modality(person, code, system, "board")


def _reached(person: Person, system: PenalSystem, decision: str) -> bool:
    """Whether the file reached the board in time; seldom without a counsellor."""
    practice = system.practice
    chance = practice.examined_held if person.counsellor == HELD else practice.examined_unheld
    return system.draws.of(f"{decision}.reached", person.luck, person.stay) < chance


def _removed(person: Person, system: PenalSystem) -> bool:
    luck = system.draws.of("board.removal", person.luck, person.stay)
    return luck < system.practice.removal_executed


def _modality(person: Person, code: int, system: PenalSystem, decision: str) -> tuple[int, int]:
    """Form the release takes: by lodging, consent to a tag, and the places there are."""
    practice = system.practice
    one = system.draws.of
    at_home = housed(person, system.day) and (one(f"{decision}.home", person.luck, person.stay) < practice.compatible_home)
    weights: Mapping[str, float] = practice.modality_housed if at_home else practice.modality_unhoused
    region = system.establishments.region[person.home_quarter]
    options = []
    total, full = 0.0, -1
    for rule in system.adjustments[code].regimes:
        weight = weights.get(rule.code, 0.0)
        if weight <= 0 or (rule.places == "devices" and not person.consents):
            continue
        pool = system.placements.pool(rule.places, region)
        if pool is not None and pool.free() - pool.waiting <= 0:
            if full < 0 or weight > weights.get(system.regimes[full].code, 0.0):
                full = system.regime_code[rule.code]
            continue
        total += weight
        options.append((total, system.regime_code[rule.code]))
    nothing = weights.get("none", 0.0)
    luck = one(f"{decision}.modality", person.luck, person.stay) * (total + nothing)
    for edge, regime in options:
        if luck < edge:
            return ACCEPTED, regime
    return (NO_PLACE, full) if full >= 0 and not options else (NO_HOUSING, -1)


def _conclude(person: Person, code: int, regime: int, outcome: int, opens: int, system: PenalSystem) -> None:
    day = system.day
    record_decision(person, system, code, regime, outcome, opens)
    if system.writes:
        system.write(Movement.EXAMINED, person, outcome, code)
    if outcome == ACCEPTED:
        drop_file(person, system)
        grant(person, system, code, regime, max(day + 1, opens))
    elif outcome in (NO_HOUSING, NO_PLACE, REMOVAL_MEASURE) or (
        outcome in (REFUSED_PROJECT, REFUSED_RISK, DECLINED) and person.file == NO_FILE
    ):
        person.last_outcome = outcome
        person.last_outcome_day = day
        person.refused_regime = regime
