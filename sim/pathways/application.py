"""The file of a request for an adjustment, from the counsellor to the judge, in a race with the end of the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import NEVER
from sim.institutions.luck import FILE_ASKED, FILE_EXTERNAL, FILE_HOURS, FILE_RELEASE, HEARING_INSTRUCTION
from sim.institutions.probation_service import next_newcomer, start_file, work
from sim.institutions.register import LIST, LODGE, date_step
from sim.institutions.system import draw, drawn, law_for, write
from sim.law.reckoning import first_day
from sim.pathways.custody import housed
from sim.pathways.hearing import date_referral
from sim.population.person import HELD, LODGED, NO_FILE, READY, SENTENCED, WANTED
from sim.records.moves import ASSIGNED, FILE_OPENED, FILE_READY, REQUESTED

if TYPE_CHECKING:
    from sim.institutions.probation_service import Antenna
    from sim.institutions.system import System
    from sim.population.person import Person

_WEEK = 7


def consider_file(person: Person, system: System) -> None:
    """Time to prepare: the file is opened if a counsellor is there, else wanted until one is."""
    day = system.nation.day
    if person.step_day != day or person.file != NO_FILE or person.status != SENTENCED or person.withdrawn:
        return
    if person.consents:
        want_file(person, system)


def want_file(person: Person, system: System) -> None:
    """Ask for a file: opened at once if a counsellor is there; not asked for when too little is left."""
    if person.end_day - system.nation.day < system.practice.shortest_days:
        return
    person.file = WANTED
    if person.counsellor == HELD:
        open_file(person, system)


def open_file(person: Person, system: System) -> None:
    """Choose what to ask for and start working on it; nothing is begun when too little is left."""
    day = system.nation.day
    practice = system.practice
    if person.end_day - day < practice.shortest_days:
        person.file = NO_FILE
        return
    asked = choose(person, system)
    if asked < 0:
        person.file = NO_FILE
        return
    occurrence = person.stay * 8 + person.hearings
    hours = drawn(practice.hours[asked], draw(system, FILE_HOURS, person, occurrence))
    wait = drawn(practice.external_days[asked], draw(system, FILE_EXTERNAL, person, occurrence))
    person.asked = asked
    person.opened_day = day
    person.external_day = day + int(wait)
    start_file(system, person, hours)
    write(system, FILE_OPENED, person, asked, -1)


def choose(person: Person, system: System) -> int:
    """Choose the adjustment to ask for, from the person's means: lodging leads to a tag, none to a place outside.

    Among those the law opens soon enough; weights are a practice parameter. Returns -1 if the law opens none.
    """
    practice = system.practice
    left = person.end_day - system.nation.day
    soon = practice.lead_days + _WEEK * 4
    latest = system.nation.day + (left if left < soon else soon)
    law = law_for(system, person)
    release = system.nation.release_code
    occurrence = person.stay * 8 + person.hearings
    if left > practice.long_remaining_days:
        # Mid-sentence with a project: conditional release, when the law opens it soon enough.
        likes = draw(system, FILE_RELEASE, person, occurrence) < practice.long_release_share
        if likes and first_day(release, person, law) < latest:
            return release
    luck = draw(system, FILE_ASKED, person, occurrence)
    weights = practice.weights_housed if housed(person, system.nation.day) else practice.weights_unhoused
    shut = 0
    while True:
        # Drawn by weight, then checked against the law; an adjustment the law keeps shut is drawn no more.
        total = 0.0
        for code in system.hearing_codes:
            if not shut >> code & 1:
                total += weights[code]
        if total <= 0:
            return -1
        edge, chosen = luck * total, -1
        for code in system.hearing_codes:
            if shut >> code & 1:
                continue
            chosen = code  # the last one, if rounding leaves none
            edge -= weights[code]
            if edge < 0:
                break
        if first_day(chosen, person, law) < latest:
            return chosen
        shut |= 1 << chosen


def weekly_plan(antenna: Antenna, system: System) -> None:
    """One week of an antenna: newcomers are taken while there is room, then hours go to the files open."""
    day = system.nation.day
    practice = system.practice
    before = day - practice.arrival_days
    hours = antenna.posts * practice.file_hours - antenna.held * practice.duty_hours
    slot = next_newcomer(system, antenna, before)
    while slot >= 0:
        person = system.people[slot]
        person.assigned_day = day
        if person.search_day < 0:
            person.search_day = day
        antenna.assigned += 1
        antenna.wait_days += day - person.enrolled_day
        hours -= practice.arrival_hours
        write(system, ASSIGNED, person, -1, day - person.enrolled_day)
        if person.file == WANTED:
            open_file(person, system)
        slot = next_newcomer(system, antenna, before)
    if hours > 0:
        antenna.hours_offered += hours
        if antenna.active:
            for slot in work(system, antenna, hours, practice.most_hours):
                finish_file(system.people[slot], system)


def finish_file(person: Person, system: System) -> None:
    """The counsellor's part is done; the request waits for the others' part and for the law to be near."""
    day = system.nation.day
    opens = first_day(person.asked, person, law_for(system, person))
    ready = person.external_day if person.external_day > day else day
    person.ready_day = ready
    ahead = opens - system.practice.ahead_days if opens < NEVER else ready
    person.step_day = max(day + 1, ready, ahead)
    date_step(system, person.step_day, LODGE, person)


def lodge(person: Person, system: System) -> None:
    """Lodge the request with the judge; its instruction begins."""
    day = system.nation.day
    if person.file != READY or person.step_day != day:
        return
    practice = system.practice
    person.file = LODGED
    person.requested_day = day
    luck = draw(system, HEARING_INSTRUCTION, person, person.stay * 8 + person.hearings)
    person.step_day = day + 1 + int(drawn(practice.instruction, luck))
    date_step(system, person.step_day, LIST, person)
    date_referral(person, system)
    write(system, FILE_READY, person, -1, int(person.hours * 10))
    write(system, REQUESTED, person, person.asked, -1)
