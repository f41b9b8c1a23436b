"""Serving a measure: it takes effect if there is a place, may be withdrawn, and ends with the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.establishments import SL
from sim.institutions.register import END, PROBATION, WITHDRAWAL
from sim.pathways.custody import enter_cell, leave_cell, record_end, record_exit
from sim.population.person import CONDITIONAL_RELEASE, GRANTED, MEASURE_INSIDE, MEASURE_OUTSIDE, NO_FILE, SENTENCED
from sim.records.codes import Movement

if TYPE_CHECKING:
    from sim.institutions.placements import Pool
    from sim.institutions.system import PenalSystem
    from sim.population.person import Person


def take_effect(person: Person, system: PenalSystem) -> None:
    """A granted measure takes effect today, or waits for a place."""
    if person.effect_day != system.day or person.file != GRANTED or person.waiting_place:
        return
    shortest = system.practice.shortest_measure_days.get(system.regimes[person.granted_regime].code, 0.0)
    if person.end_day - system.day < shortest:
        return  # not begun for so little: the decision came too late
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
    if person.left_day < 0:
        person.left_regime, person.left_adjustment = regime + 1, person.granted_adjustment
    person.left_day = system.day
    person.effect_day = -1
    start_serving(person, system, quarter)
    if rule.ends_committal:
        # Remission is for people under committal: the end is now certain.
        person.review_day = -1
        system.register.on(person.end_day, END, person)
        record_end(person, system)
        del system.people[person.id]
    elif system.adjustments[person.adjustment].needs_hearing:
        date_probation(person, system)


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
        person.status = CONDITIONAL_RELEASE
    else:
        inside = rule.sleeps_inside
        if rule.places == "PE":
            inside = draws.of("measure.hosted", person.luck, person.stay) < system.practice.hosted
        person.status = MEASURE_INSIDE if inside else MEASURE_OUTSIDE
        if not inside:
            system.outside += 1
        else:
            system.inside += 1
            region = prisons.region[person.home_quarter]
            best = prisons.roomiest(SL, region) if rule.sleeps_inside else -1
            person.quarter = best if best >= 0 else (quarter if quarter >= 0 else person.home_quarter)
            prisons.sentenced[person.quarter] += 1
    system.on_measure[regime][person.home_stay] += 1
    rate = system.practice.withdrawn.get(rule.code, 0.0)
    if person.adjustment >= 0 and not system.adjustments[person.adjustment].needs_hearing:
        rate *= system.practice.withdrawn_lsc
    luck = draws.of("measure.withdrawn", person.luck, person.stay)
    if luck < rate:
        person.withdrawal_day = day + 1 + int(luck / rate * (person.end_day - day - 1))
        system.register.on(person.withdrawal_day, WITHDRAWAL, person)
    if system.writes:
        system.write(Movement.PLACED, person, regime, person.adjustment)


def date_probation(person: Person, system: PenalSystem) -> None:
    """Date the conditional release a measure leads to (*mesure probatoire*, art. 723-1 al. 2), if it is worth it.

    A year at most; then, once the law opens it, the judge turns the measure into conditional release for those who kept
    to it. A withdrawal that comes first prevents it.
    """
    practice = system.practice
    luck = system.draws.of("measure.probation", person.luck, person.stay)
    if luck >= practice.probation_share:
        return
    opens = system.reckoning_for(person).opens[system.release_code](person)
    day = max(opens, system.day + practice.probation_days)
    if day + practice.probation_worth_days <= person.end_day:
        person.effect_day = day
        system.register.on(day, PROBATION, person)


def end_probation(person: Person, system: PenalSystem) -> None:
    """Turn the measure into conditional release: its place is free, the committal ends."""
    if person.effect_day != system.day or person.status not in (MEASURE_INSIDE, MEASURE_OUTSIDE):
        return
    close_measure(person, system, withdrawn=False)
    person.effect_day = -1
    person.withdrawal_day = -1
    person.review_day = -1
    person.granted_regime = person.regime = system.release_regime
    person.measure_day = system.day
    person.status = CONDITIONAL_RELEASE
    system.on_measure[person.regime][person.home_stay] += 1
    system.register.on(person.end_day, END, person)
    if system.writes:
        system.write(Movement.PLACED, person, person.regime, system.release_code)
    record_end(person, system)
    del system.people[person.id]


def close_measure(person: Person, system: PenalSystem, *, withdrawn: bool) -> None:
    """A measure ends, served or withdrawn: its place goes to the next person waiting."""
    regime = person.regime
    table = system.records.tables["measures"]
    table.rows += table.row(
        system.day, person.id, regime, person.adjustment if not person.home_stay else -2, person.measure_day, withdrawn
    )
    system.on_measure[regime][person.home_stay] -= 1
    if person.status == MEASURE_OUTSIDE:
        system.outside -= 1
    elif person.status == MEASURE_INSIDE:
        system.inside -= 1
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
    if system.writes:
        system.write(Movement.WITHDRAWN, person, person.regime)
    close_measure(person, system, withdrawn=True)
    ended = person.status == CONDITIONAL_RELEASE
    person.status = SENTENCED
    person.withdrawn = True
    person.withdrawal_day = person.effect_day = -1
    person.regime = person.adjustment = person.granted_regime = person.granted_adjustment = -1
    system.recalls += 1
    if ended:
        system.people[person.id] = person
    enter_cell(person, person.home_quarter, system)
