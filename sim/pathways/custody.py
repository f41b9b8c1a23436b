"""Entering and leaving the cell: the counts, the counsellor, the lists one is struck off, and the exit that is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.population.person import GRANTED, NO_FILE, OPEN, REMAND

if TYPE_CHECKING:
    from sim.institutions.system import PenalSystem
    from sim.population.person import Person

_DAYS_PER_MONTH = 365.25 / 12


def enter_cell(person: Person, quarter: int, system: PenalSystem) -> None:
    """Put a person in a quarter and on the list of those who wait for a counsellor there."""
    prisons = system.establishments
    person.quarter = quarter
    person.site = prisons.site[quarter]
    if person.status == REMAND:
        prisons.remand[quarter] += 1
    else:
        prisons.sentenced[quarter] += 1
    system.antennae[person.site].enrol(person, system.day)


def leave_cell(person: Person, system: PenalSystem) -> None:
    """Take a person out of their quarter and off every list of the establishment."""
    prisons = system.establishments
    if person.status == REMAND:
        prisons.remand[person.quarter] -= 1
    else:
        prisons.sentenced[person.quarter] -= 1
    drop_file(person, system)
    system.antennae[person.site].leave(person)
    person.quarter = -1


def drop_file(person: Person, system: PenalSystem) -> None:
    """Close whatever is under way: the open file, the request on the list, the wait for a place."""
    file = person.file
    if file == OPEN:
        system.antennae[person.site].close(person)
    elif file == GRANTED and person.waiting_place:
        regime = system.regimes[person.granted_regime]
        pool = system.placements.pool(regime.places, system.establishments.region[person.home_quarter])
        assert pool is not None
        pool.leave(person)
    else:
        system.courts[person.site].leave(person)
    person.file = NO_FILE


def housed(person: Person, day: int) -> bool:
    """Whether lodging is found: at once for most; else by a search that runs while a counsellor follows the person."""
    search = person.lodging_day
    return search == 0 or (person.search_day >= 0 and day - person.search_day >= search)


def record_exit(person: Person, system: PenalSystem, regime: int, adjustment: int, cause: int) -> None:
    """Write the exit from detention; call before the person leaves the cell.

    Parameters
    ----------
    regime
        0 for a dry exit, else 1 + position of the regime.
    adjustment, cause
        -1 if none.
    """
    day = system.day
    prisons = system.establishments
    table = system.records.tables["exits"]
    quarter = person.quarter
    convicted = person.convicted_day
    sentenced = convicted >= 0
    system.exits += 1
    table.rows += table.row(
        day,
        person.id,
        person.stay,
        person.spell,
        person.stream,
        sentenced,
        person.felony,
        person.offence,
        person.female,
        (day - person.birth_day) // 365,
        person.foreign,
        person.removal,
        person.recidive,
        person.homeless,
        housed(person, day),
        person.site,
        prisons.kind[quarter],
        prisons.region[quarter],
        person.committed_day,
        convicted,
        person.total_days if sentenced else 0,
        person.remand_days,
        person.end_day if sentenced else -1,
        regime,
        adjustment,
        cause,
        person.eligible_day,
        person.assigned_day,
        person.opened_day,
        person.ready_day,
        person.requested_day,
        person.last_outcome_day,
        person.hours,
        person.score,
        person.seen,
        person.unseen,
        (system.end_day - day) / _DAYS_PER_MONTH,
    )
    person.spell += 1


def record_end(person: Person, system: PenalSystem) -> None:
    """Write the end of committal (*levée d'écrou*), with the measure running, if any."""
    table = system.records.tables["ends"]
    table.rows += table.row(
        system.day,
        person.id,
        person.stay,
        person.stream,
        person.felony,
        person.convicted_day >= 0,
        person.regime + 1,
        person.home_stay,
        person.committed_day,
        person.measure_day if person.regime >= 0 else -1,
    )
