"""Serving a measure: it takes effect if there is a place, may be withdrawn, and ends with the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.establishments import SL
from sim.institutions.register import Step
from sim.pathways.custody import enter_cell, leave_cell, record_end, record_exit
from sim.population.person import GRANTED, NO_FILE
from sim.records.codes import Movement, Status

if TYPE_CHECKING:
    from sim.institutions.placements import Pool
    from sim.institutions.system import PenalSystem
    from sim.population.person import Person


def take_effect(person: Person, system: PenalSystem) -> None:
    """A granted measure takes effect today, or waits for a place."""
    if person.effect_day != system.day or person.file != GRANTED or person.waiting_place:
        return
    pool = pool_of(person, system)
    if pool is None:
        begin_measure(person, system)
    elif pool.free() > 0:
        pool.used += 1
        begin_measure(person, system)
    else:
        pool.wait(person, system.day)


def pool_of(person: Person, system: PenalSystem) -> Pool | None:
    """Pool of the places the person's granted regime needs, in their interregion."""
    places = system.regimes[person.granted_regime].places
    return system.placements.pool(places, system.establishments.region[person.home_quarter])


def begin_measure(person: Person, system: PenalSystem) -> None:
    """Leave the cell for a measure; the exit is recorded with its regime and procedure."""
    regime = person.granted_regime
    rule = system.regimes[regime]
    record_exit(person, system, regime + 1, person.granted_adjustment, -1)
    quarter = person.quarter
    person.waiting_place = False
    person.file = NO_FILE
    leave_cell(person, system)
    person.adjustment = person.granted_adjustment
    start_serving(person, system, quarter)
    if rule.ends_committal:
        record_end(person, system)
        del system.people[person.id]


def start_serving(person: Person, system: PenalSystem, quarter: int) -> None:
    """Put a person on the regime granted, from a cell or from liberty, and date its possible withdrawal."""
    day = system.day
    regime = person.granted_regime
    rule = system.regimes[regime]
    person.regime = regime
    person.measure_day = day
    prisons = system.establishments
    draws = system.draws
    if rule.ends_committal:
        person.status = Status.CONDITIONAL_RELEASE
    else:
        inside = rule.sleeps_inside
        if rule.places == "PE":
            inside = draws.one(draws.key("measure.hosted"), person.id, person.stay) < system.practice.hosted
        person.status = Status.MEASURE_INSIDE if inside else Status.MEASURE_OUTSIDE
        if inside:
            region = prisons.region[person.home_quarter]
            best = prisons.roomiest(SL, region) if rule.sleeps_inside else -1
            person.quarter = best if best >= 0 else (quarter if quarter >= 0 else person.home_quarter)
            prisons.sentenced[person.quarter] += 1
    system.on_measure[regime][person.home_stay] += 1
    rate = system.practice.withdrawn.get(rule.code, 0.0)
    if person.adjustment >= 0 and not system.adjustments[person.adjustment].needs_hearing:
        rate *= system.practice.withdrawn_lsc
    luck = draws.one(draws.key("measure.withdrawn"), person.id, person.stay)
    if luck < rate:
        person.withdrawal_day = day + 1 + int(luck / rate * (person.end_day - day - 1))
        system.register.on(person.withdrawal_day, Step.WITHDRAWAL, person)
    system.write(Movement.PLACED, person, regime, person.adjustment)


def close_measure(person: Person, system: PenalSystem, *, withdrawn: bool) -> None:
    """A measure ends, served or withdrawn: its place goes to the next person waiting."""
    regime = person.regime
    table = system.records.tables["measures"]
    table.rows += table.row(
        system.day, person.id, regime, person.adjustment if not person.home_stay else -2, person.measure_day, withdrawn
    )
    system.on_measure[regime][person.home_stay] -= 1
    if person.status == Status.MEASURE_INSIDE:
        system.establishments.sentenced[person.quarter] -= 1
        person.quarter = -1
    pool = pool_of(person, system)
    if pool is not None:
        pool.used -= 1
        serve_next(pool, system)


def serve_next(pool: Pool, system: PenalSystem) -> None:
    """Give the free places of a pool to those who wait."""
    while pool.waiting and pool.free() > 0:
        waiting = pool.next()
        if waiting is None:
            return
        pool.used += 1
        begin_measure(waiting, system)


def withdraw(person: Person, system: PenalSystem) -> None:
    """Withdrawal (*retrait*, *révocation*): back to a cell for what is left of the sentence."""
    if person.withdrawal_day != system.day or person.regime < 0 or person.end_day <= system.day:
        return
    system.write(Movement.WITHDRAWN, person, person.regime)
    close_measure(person, system, withdrawn=True)
    ended = person.status == Status.CONDITIONAL_RELEASE
    person.status = Status.SENTENCED
    person.withdrawn = True
    person.withdrawal_day = -1
    person.regime = person.adjustment = person.granted_regime = person.granted_adjustment = -1
    system.recalls += 1
    if ended:
        system.people[person.id] = person
    enter_cell(person, person.home_quarter, system)
