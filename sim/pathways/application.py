"""One request for an adjustment, from the counsellor's file to the judge's decision, in a race with the end of the sentence."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

from sim.dates import NEVER
from sim.institutions.enforcement_court import list_request, sit
from sim.institutions.luck import (
    FILE_ASKED,
    FILE_EXTERNAL,
    FILE_HOURS,
    FILE_RELEASE,
    HEARING_APPEAL,
    HEARING_GRANT,
    HEARING_INSTRUCTION,
)
from sim.institutions.probation_service import next_newcomer, start_file, work
from sim.institutions.register import EFFECT, FILE, LIST, LODGE, date_step
from sim.institutions.system import DECISIONS, draw, drawn, law_for, new_row, write
from sim.law.reckoning import first_day
from sim.pathways.custody import housed
from sim.population.person import (
    ACCEPTED,
    GRANTED,
    HELD,
    LODGED,
    NO_FILE,
    NO_HOUSING,
    READY,
    REFUSED,
    REFUSED_PROJECT,
    REFUSED_RISK,
    REMOVAL_MEASURE,
    SENTENCED,
    WANTED,
)
from sim.records.moves import ASSIGNED, FILE_OPENED, FILE_READY, HEARD, REQUESTED

if TYPE_CHECKING:
    from sim.institutions.enforcement_court import Court
    from sim.institutions.practice import Opinion
    from sim.institutions.probation_service import Antenna
    from sim.institutions.system import System
    from sim.population.person import Person

_DAYS_PER_MONTH = 365.25 / 12
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
    write(system, FILE_READY, person, -1, int(person.hours * 10))
    write(system, REQUESTED, person, person.asked, -1)


def list_for_hearing(person: Person, system: System) -> None:
    """Opinions and report are in: the request joins the hearing queue of the establishment."""
    if person.file == LODGED and person.step_day == system.nation.day:
        list_request(system, person)


def hold_sitting(court: Court, system: System) -> None:
    """Adversarial hearings (*débats contradictoires*): so many files a sitting, first come first served."""
    longest = system.practice.longest_wait_days
    overdue = system.nation.day - longest if longest < NEVER else -1
    for slot in sit(system, court, overdue):
        decide(system.people[slot], system)


def decide(person: Person, system: System) -> None:
    """The judge decides (recidivism.md §4.2); a grant is dated, a refusal may bar a new request for a while."""
    day = system.nation.day
    practice = system.practice
    occurrence = person.stay * 8 + person.hearings
    person.hearings += 1
    person.last_outcome_day = day
    opens = first_day(person.asked, person, law_for(system, person))
    at_home = housed(person, day)
    logit, ground = opinion(person, practice.decision, day, system, at_home)
    granted = opens < person.end_day and draw(system, HEARING_GRANT, person, occurrence) < 1.0 / (1.0 + exp(-logit))
    delay = practice.deliberation_days + 1
    if granted:
        luck = draw(system, HEARING_APPEAL, person, occurrence)
        if luck < practice.appeal_share * practice.appeal_reversed:
            granted, ground = False, REFUSED_RISK
        elif luck < practice.appeal_share:
            delay += practice.appeal_days
    outcome = ACCEPTED if granted else ground
    person.last_outcome = outcome
    regime = system.procedures[person.asked].form
    record_decision(person, system, person.asked, regime, outcome, person.requested_day)
    write(system, HEARD, person, outcome, day - person.requested_day)
    if granted:
        grant(person, system, person.asked, regime, max(day + delay, opens))
    else:
        person.file = REFUSED
        person.barred_until = day + practice.bar_days
        if person.end_day - person.barred_until >= practice.shortest_days:
            person.file = NO_FILE
            person.step_day = person.barred_until
            date_step(system, person.step_day, FILE, person)


def opinion(person: Person, weights: Opinion, day: int, system: System, at_home: bool) -> tuple[float, int]:
    """Log-odds of a grant, and the ground if it is refused: what weighs most against the person.

    ``weights`` are the coefficients of recidivism.md §4.2; months left count from today to the end of the sentence.
    """
    works = person.occupation < system.practice.occupation[system.quarters[person.quarter].kind]
    months = (person.end_day - day) / _DAYS_PER_MONTH
    if months < 0.5:
        months = 0.5
    risk = weights.score * person.score + weights.seen * person.seen
    housing, occupation = weights.housing, weights.occupation
    removal = weights.removal if person.removal else 0.0
    logit = weights.level + weights.months * log(months) - risk - removal
    # What weighs most against the person; when nothing does, the project did not convince.
    ground, against = REFUSED_PROJECT, 0.0
    if at_home:
        logit += housing
    else:
        ground, against = NO_HOUSING, housing
    if removal > against:
        ground, against = REMOVAL_MEASURE, removal
    if works:
        logit += occupation
    elif occupation > against:
        ground, against = REFUSED_PROJECT, occupation
    if person.felony:
        logit -= weights.felony
    return logit, REFUSED_RISK if risk > against else ground


def grant(person: Person, system: System, adjustment: int, regime: int, day: int) -> None:
    """Date the day a granted measure takes effect; whatever else was under way is closed."""
    fitting = int(system.practice.fitting_days[regime])
    person.file = GRANTED
    person.granted_adjustment = adjustment
    person.granted_regime = regime
    person.waiting_place = False
    person.effect_day = day + fitting
    date_step(system, person.effect_day, EFFECT, person)


def record_decision(person: Person, system: System, adjustment: int, regime: int, outcome: int, since: int) -> None:
    """Write a decision of the judge or the board."""
    row = system.decisions[new_row(system, DECISIONS, len(system.decisions))]
    row.day = system.nation.day
    row.person = person.id
    row.site = person.site
    row.adjustment = adjustment
    row.regime = regime + 1
    row.outcome = outcome
    row.requested_day = since
    row.foreign = person.foreign
    row.removal = person.removal
