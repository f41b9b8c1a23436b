"""One request for an adjustment, from the counsellor's file to the judge's decision, in a race with the end of the sentence."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

from sim.dates import NEVER
from sim.institutions.register import EFFECT, FILE, LIST, LODGE
from sim.pathways.custody import housed
from sim.population.person import (
    ACCEPTED,
    GRANTED,
    HELD,
    LODGED,
    NO_FILE,
    NO_HOUSING,
    OPEN,
    READY,
    REFUSED,
    REFUSED_PROJECT,
    REFUSED_RISK,
    REMOVAL_MEASURE,
    SENTENCED,
    WANTED,
)
from sim.records.codes import Movement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.institutions.enforcement_court import Court
    from sim.institutions.probation_service import Antenna
    from sim.institutions.system import PenalSystem
    from sim.population.person import Person

_DAYS_PER_MONTH = 365.25 / 12
_WEEK = 7


def consider_file(person: Person, system: PenalSystem) -> None:
    """Time to prepare: the file is opened if a counsellor is there, else wanted until one is."""
    day = system.day
    if person.step_day != day or person.file != NO_FILE or person.status != SENTENCED or person.withdrawn:
        return
    if person.consents:
        want_file(person, system)


def want_file(person: Person, system: PenalSystem) -> None:
    """Ask for a file: opened at once if a counsellor is there; not asked for when too little is left."""
    if person.end_day - system.day < system.practice.shortest_days:
        return
    person.file = WANTED
    if person.counsellor == HELD:
        open_file(person, system)


def open_file(person: Person, system: PenalSystem) -> None:
    """Choose what to ask for and start working on it; nothing is begun when too little is left."""
    day = system.day
    practice = system.practice
    if person.end_day - day < practice.shortest_days:
        person.file = NO_FILE
        return
    asked = choose(person, system)
    if asked < 0:
        person.file = NO_FILE
        return
    one = system.draws.of
    occurrence = person.stay * 8 + person.hearings
    code = system.adjustments[asked].code
    hours = practice.hours[code].at(one("file.hours", person.luck, occurrence))
    wait = practice.external_days[code].at(one("file.external", person.luck, occurrence))
    person.file = OPEN
    person.asked = asked
    person.opened_day = day
    person.external_day = day + int(wait)
    system.antennae[person.site].open(person, hours)
    if system.writes:
        system.write(Movement.FILE_OPENED, person, asked)


def choose(person: Person, system: PenalSystem) -> int:
    """Choose the adjustment to ask for, from the person's means: lodging leads to a tag, none to a place outside.

    Among those the law opens soon enough; weights are a practice parameter. Returns -1 if the law opens none.
    """
    practice = system.practice
    left = person.end_day - system.day
    soon = practice.lead_days + _WEEK * 4
    latest = system.day + (left if left < soon else soon)
    asked = system.reckoning_for(person).opens
    occurrence = person.stay * 8 + person.hearings
    if left > practice.long_remaining_days:
        # Mid-sentence with a project: conditional release, when the law opens it soon enough.
        likes = system.draws.of("file.release", person.luck, occurrence) < practice.long_release_share
        if likes and asked[system.release_code](person) < latest:
            return system.release_code
    luck = system.draws.of("file.asked", person.luck, occurrence)
    options = system.options_housed if housed(person, system.day) else system.options_unhoused
    while (total := sum(options.values())) > 0:
        # Drawn by weight, then checked against the law, so that most people cost one question and not one per adjustment.
        edge, chosen = luck * total, -1
        for chosen, weight in options.items():  # noqa: B007  the last one, if rounding leaves none
            edge -= weight
            if edge < 0:
                break
        if asked[chosen](person) < latest:
            return chosen
        options = {code: weight for code, weight in options.items() if code != chosen}
    return -1


def weekly_plan(antenna: Antenna, system: PenalSystem) -> None:
    """One week of an antenna: newcomers are taken while there is room, then hours go to the files open."""
    day = system.day
    practice = system.practice
    before = day - practice.arrival_days
    hours = antenna.posts * practice.file_hours - antenna.held * practice.duty_hours
    while (person := antenna.take(before)) is not None:
        person.assigned_day = day
        if person.search_day < 0:
            person.search_day = day
        antenna.assigned += 1
        antenna.wait_days += day - person.enrolled_day
        hours -= practice.arrival_hours
        if system.writes:
            system.write(Movement.ASSIGNED, person, value=day - person.enrolled_day)
        if person.file == WANTED:
            open_file(person, system)
    if hours > 0:
        antenna.hours_offered += hours
        if antenna.active:
            for person in antenna.work(hours, practice.most_hours):
                finish_file(person, system)


def finish_file(person: Person, system: PenalSystem) -> None:
    """The counsellor's part is done; the request waits for the others' part and for the law to be near."""
    day = system.day
    opens = system.reckoning_for(person).opens[person.asked](person)
    ready = person.external_day if person.external_day > day else day
    person.ready_day = ready
    ahead = opens - system.practice.ahead_days if opens < NEVER else ready
    person.step_day = max(day + 1, ready, ahead)
    system.register.on(person.step_day, LODGE, person)


def lodge(person: Person, system: PenalSystem) -> None:
    """Lodge the request with the judge; its instruction begins."""
    day = system.day
    if person.file != READY or person.step_day != day:
        return
    practice = system.practice
    person.file = LODGED
    person.requested_day = day
    luck = system.draws.of("hearing.instruction", person.luck, person.stay * 8 + person.hearings)
    person.step_day = day + 1 + int(practice.instruction.at(luck))
    system.register.on(person.step_day, LIST, person)
    if system.writes:
        system.write(Movement.FILE_READY, person, value=int(person.hours * 10))
    if system.writes:
        system.write(Movement.REQUESTED, person, person.asked)


def list_for_hearing(person: Person, system: PenalSystem) -> None:
    """Opinions and report are in: the request joins the hearing queue of the establishment."""
    if person.file == LODGED and person.step_day == system.day:
        system.courts[person.site].enter(person, system.day)


def hold_sitting(court: Court, system: PenalSystem) -> None:
    """Adversarial hearings (*débats contradictoires*): so many files a sitting, first come first served."""
    longest = system.practice.longest_wait_days
    overdue = system.day - longest if longest < NEVER else -1
    for person in court.sitting(overdue):
        decide(person, system)


def decide(person: Person, system: PenalSystem) -> None:
    """The judge decides (recidivism.md §4.2); a grant is dated, a refusal may bar a new request for a while."""
    day = system.day
    practice = system.practice
    one = system.draws.of
    occurrence = person.stay * 8 + person.hearings
    person.hearings += 1
    person.last_outcome_day = day
    opens = system.reckoning_for(person).opens[person.asked](person)
    at_home = housed(person, day)
    logit, ground = opinion(person, practice.decision, day, system, at_home=at_home)
    granted = opens < person.end_day and one("hearing.grant", person.luck, occurrence) < 1.0 / (1.0 + exp(-logit))
    delay = practice.deliberation_days + 1
    if granted:
        luck = one("hearing.appeal", person.luck, occurrence)
        if luck < practice.appeal_share * practice.appeal_reversed:
            granted, ground = False, REFUSED_RISK
        elif luck < practice.appeal_share:
            delay += practice.appeal_days
    outcome = ACCEPTED if granted else ground
    person.last_outcome = outcome
    regime = system.form_of[person.asked]
    record_decision(person, system, person.asked, regime, outcome, person.requested_day)
    if system.writes:
        system.write(Movement.HEARD, person, outcome, day - person.requested_day)
    if granted:
        grant(person, system, person.asked, regime, max(day + delay, opens))
    else:
        person.file = REFUSED
        person.barred_until = day + practice.bar_days
        if person.end_day - person.barred_until >= practice.shortest_days:
            person.file = NO_FILE
            person.step_day = person.barred_until
            system.register.on(person.step_day, FILE, person)


def opinion(person: Person, weights: Mapping[str, float], day: int, system: PenalSystem, *, at_home: bool) -> tuple[float, int]:
    """Log-odds of a grant, and the ground if it is refused: what weighs most against the person.

    ``weights`` are the coefficients of recidivism.md §4.2; months left count from today to the end of the sentence.
    """
    works = person.occupation < system.occupation[system.establishments.kind[person.quarter]]
    months = (person.end_day - day) / _DAYS_PER_MONTH
    if months < 0.5:
        months = 0.5
    risk = weights["score"] * person.score + weights["seen"] * person.seen
    housing, occupation = weights["housing"], weights["occupation"]
    removal = weights["removal"] if person.removal else 0.0
    logit = weights["level"] + weights["months"] * log(months) - risk - removal
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
        logit -= weights["felony"]
    return logit, REFUSED_RISK if risk > against else ground


def grant(person: Person, system: PenalSystem, adjustment: int, regime: int, day: int) -> None:
    """Date the day a granted measure takes effect; whatever else was under way is closed."""
    fitting = int(system.practice.fitting_days.get(system.regimes[regime].code, 0.0))
    person.file = GRANTED
    person.granted_adjustment = adjustment
    person.granted_regime = regime
    person.waiting_place = False
    person.effect_day = day + fitting
    system.register.on(person.effect_day, EFFECT, person)


def record_decision(person: Person, system: PenalSystem, adjustment: int, regime: int, outcome: int, since: int) -> None:
    """Write a decision of the judge or the board."""
    table = system.records.tables["decisions"]
    table.rows += table.row(
        system.day,
        person.id,
        person.site,
        adjustment,
        regime + 1,
        outcome,
        since,
        person.foreign,
        person.removal,
    )
