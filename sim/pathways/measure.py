"""Serving a measure: it takes effect if there is a place, may be withdrawn, and ends with the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import add_months
from sim.institutions.agenda import AGAIN, END, PROBATION, WITHDRAWAL, date_step
from sim.institutions.decision_points import (
    MEASURE_ABSENT,
    MEASURE_AGAIN,
    MEASURE_HOSTED,
    MEASURE_PROBATION,
    MEASURE_SECOND,
    MEASURE_TURNED,
    MEASURE_WARNED,
    MEASURE_WITHDRAWN,
)
from sim.institutions.placements import SEMI_LIBERTY, free_places, next_waiting, pool_number, take_place, wait_for_place
from sim.institutions.prisons import SL, roomiest
from sim.institutions.state import MEASURES, draw, law_for, new_row, write
from sim.law.reckoning import first_day
from sim.pathways.custody import enter_cell, leave_cell, nth_measure, record_end, record_exit
from sim.pathways.hearing import overturn
from sim.population.person import CONDITIONAL_RELEASE, GRANTED, MEASURE_INSIDE, MEASURE_OUTSIDE, NO_FILE, SENTENCED
from sim.records.moves import PLACED, WITHDRAWN

if TYPE_CHECKING:
    from sim.institutions.placements import Pool
    from sim.institutions.state import System
    from sim.population.person import Person


def take_effect(person: Person, system: System) -> None:
    """A granted measure takes effect today, or waits for a place."""
    if person.effect_day != system.nation.day or person.file != GRANTED or person.waiting_place:
        return
    if person.overturned:
        overturn(person, system)
        return
    if person.end_day - system.nation.day < system.practice.shortest_measure_days[person.granted_regime]:
        return  # not begun for so little: the decision came too late
    pool = pool_of(person, system)
    if pool < 0:
        begin_measure(person, system)
    elif free_places(system.pools[pool]) > 0:
        take_place(system.pools[pool])
        begin_measure(person, system)
    else:
        wait_for_place(system, system.pools[pool], person)


def pool_of(person: Person, system: System) -> int:
    """Pool of the places the person's granted regime needs, in their interregion; -1 if they are not limited."""
    return pool_number(system, person.granted_regime, person.home_quarter)


def begin_measure(person: Person, system: System) -> None:
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
    person.left_day = system.nation.day
    person.effect_day = -1
    start_serving(person, system, quarter)
    if rule.ends_committal:
        # Remission is for people under committal: the end is now certain.
        person.review_day = -1
        date_step(system, person.end_day, END, person)
        record_end(person, system)
    elif system.procedures[person.adjustment].needs_hearing:
        date_probation(person, system)


def start_serving(person: Person, system: System, quarter: int) -> None:
    """Put a person on the regime granted, from a cell or from liberty, and date its possible withdrawal."""
    day = system.nation.day
    regime = person.granted_regime
    rule = system.regimes[regime]
    person.regime = regime
    person.measure_day = day
    if rule.ends_committal:
        person.status = CONDITIONAL_RELEASE
    else:
        inside = rule.sleeps_inside
        if rule.hosted:
            inside = draw(system, MEASURE_HOSTED, person, nth_measure(person)) < system.practice.hosted
        person.status = MEASURE_INSIDE if inside else MEASURE_OUTSIDE
        if not inside:
            system.nation.outside += 1
        else:
            system.nation.inside += 1
            region = system.quarters[person.home_quarter].region
            best = roomiest(system, SL, region) if rule.sleeps_inside else -1
            person.quarter = best if best >= 0 else (quarter if quarter >= 0 else person.home_quarter)
            system.quarters[person.quarter].sentenced += 1
    _count_on_measure(person, system, 1)
    rate = system.practice.withdrawn[regime]
    if person.adjustment >= 0 and not system.procedures[person.adjustment].needs_hearing:
        rate *= system.practice.withdrawn_lsc
    luck = draw(system, MEASURE_WITHDRAWN, person, nth_measure(person))
    if luck < rate:
        person.withdrawal_day = day + 1 + int(luck / rate * (person.end_day - day - 1))
        date_step(system, person.withdrawal_day, WITHDRAWAL, person)
    person.warned = False
    write(system, PLACED, person, regime, person.adjustment)


def from_liberty(person: Person) -> bool:
    """Whether the measure under way began at liberty: the first one of such a stay, not one granted after its withdrawal."""
    return person.home_stay and person.withdrawals == 0


def _count_on_measure(person: Person, system: System, change: int) -> None:
    rule = system.regimes[person.regime]
    if from_liberty(person):
        rule.from_liberty += change
    else:
        rule.from_cell += change


def date_probation(person: Person, system: System) -> None:
    """Date the conditional release a measure leads to (*mesure probatoire*, art. 723-1 al. 2), if it is worth it.

    A year at most; then, once the law opens it, the judge turns the measure into conditional release for those who kept
    to it. A withdrawal that comes first prevents it.
    """
    practice = system.practice
    if draw(system, MEASURE_PROBATION, person, nth_measure(person)) >= practice.probation_share:
        return
    opens = first_day(system.nation.release_code, person, law_for(system, person))
    day = max(opens, system.nation.day + int(practice.probation_days[person.regime]))
    if day + practice.probation_worth_days <= person.end_day:
        person.effect_day = day
        date_step(system, day, PROBATION, person)


def end_probation(person: Person, system: System) -> None:
    """Turn the measure into conditional release: its place is free, the committal ends."""
    if person.effect_day != system.nation.day or person.status not in (MEASURE_INSIDE, MEASURE_OUTSIDE):
        return
    close_measure(person, system, False)
    person.effect_day = -1
    person.withdrawal_day = -1
    person.review_day = -1
    person.granted_regime = person.regime = system.nation.release_regime
    person.measure_day = system.nation.day
    person.status = CONDITIONAL_RELEASE
    _count_on_measure(person, system, 1)
    date_step(system, person.end_day, END, person)
    write(system, PLACED, person, person.regime, system.nation.release_code)
    record_end(person, system)


def close_measure(person: Person, system: System, withdrawn: bool) -> None:
    """A measure ends, served or withdrawn: its place goes to the next person waiting."""
    row = system.measures[new_row(system, MEASURES, len(system.measures))]
    row.day = system.nation.day
    row.person = person.id
    row.regime = person.regime
    row.adjustment = -2 if from_liberty(person) else person.adjustment
    row.start_day = person.measure_day
    row.withdrawn = withdrawn
    _count_on_measure(person, system, -1)
    if person.status == MEASURE_OUTSIDE:
        system.nation.outside -= 1
    elif person.status == MEASURE_INSIDE:
        system.nation.inside -= 1
        system.quarters[person.quarter].sentenced -= 1
        person.quarter = -1
    pool = pool_of(person, system)
    if pool >= 0:
        system.pools[pool].used -= 1
        serve_next(system.pools[pool], system)


def serve_next(pool: Pool, system: System) -> None:
    """Give the free places of a pool to those who wait."""
    while free_places(pool) > 0:
        slot = next_waiting(system, pool)
        if slot < 0:
            return
        take_place(pool)
        begin_measure(system.people[slot], system)


def withdraw(person: Person, system: System) -> None:
    """Withdrawal (*retrait*, *révocation*): back to a cell for what is left of the sentence."""
    if person.withdrawal_day != system.nation.day or person.regime < 0 or person.end_day <= system.nation.day:
        return
    if _warned_instead(person, system) or _turned_into_semi_liberty(person, system):
        return
    absent = not from_liberty(person) and person.status == MEASURE_INSIDE
    absent = absent and draw(system, MEASURE_ABSENT, person, nth_measure(person)) < system.practice.absent[person.regime]
    write(system, WITHDRAWN, person, person.regime, -1)
    close_measure(person, system, True)
    person.status = SENTENCED
    person.withdrawn = True
    person.withdrawal_day = person.effect_day = -1
    person.regime = person.adjustment = person.granted_regime = person.granted_adjustment = -1
    system.nation.recalls += 1
    if absent:
        # Time at large is not served, and the failure to come back is punished.
        person.end_day += system.practice.absent_days
        date_step(system, person.end_day, END, person)
    enter_cell(person, person.home_quarter, system)
    date_second(person, system)
    person.withdrawals += 1


def date_second(person: Person, system: System) -> None:
    """Date the day a person back in a cell may ask again or be examined again, for those who do.

    No text bars a request after a withdrawal; nobody is heard at once, and the wait is no longer than the bar a judge may set
    (D49-33).
    """
    practice = system.practice
    person.step_day = -1
    if draw(system, MEASURE_SECOND, person, nth_measure(person)) >= practice.second_share:
        return
    day = system.nation.day
    longest = add_months(day, law_for(system, person).procedure.bar_hearing_months)
    again = day + max(1, practice.second_days)
    person.step_day = again if again < longest else longest
    if person.step_day < person.end_day:
        date_step(system, person.step_day, AGAIN, person)


def _warned_instead(person: Person, system: System) -> bool:
    """Answer the incident by a warning, once; the measure may fail again later."""
    practice = system.practice
    if person.warned or draw(system, MEASURE_WARNED, person, nth_measure(person)) >= practice.warned_share:
        return False
    day = system.nation.day
    person.warned = True
    luck = draw(system, MEASURE_AGAIN, person, nth_measure(person))
    person.withdrawal_day = -1
    if luck < practice.again_share:
        person.withdrawal_day = day + 1 + int(luck / practice.again_share * (person.end_day - day - 1))
        date_step(system, person.withdrawal_day, WITHDRAWAL, person)
    return True


def _turned_into_semi_liberty(person: Person, system: System) -> bool:
    """Turn a failing external placement into semi-liberty, if a place is free: the person does not go back to a cell."""
    practice = system.practice
    if practice.turned_share <= 0 or not system.regimes[person.regime].hosted:
        return False
    region = system.quarters[person.home_quarter].region
    pool = system.pools[region]
    if system.regimes[pool.regime].places != SEMI_LIBERTY or free_places(pool) <= system.lines[pool.waiting].length:
        return False
    if draw(system, MEASURE_TURNED, person, nth_measure(person)) >= practice.turned_share:
        return False
    regime = pool.regime
    close_measure(person, system, True)
    take_place(pool)
    person.withdrawal_day = person.effect_day = -1
    person.granted_regime = regime
    start_serving(person, system, -1)
    return True
