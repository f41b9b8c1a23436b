"""Entering and leaving the cell: the counts, the counsellor, the lists one is struck off, and the exit that is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import NEVER
from sim.engine.record import copying
from sim.institutions.agenda import Step, schedule
from sim.institutions.placements import give_up_waiting
from sim.institutions.probation_service import leave_counsellor, stop_file
from sim.institutions.queues import QueueKind, leave_queue
from sim.institutions.state import Table, law_for, new_row, parameters_for
from sim.law.calendar import released_on
from sim.law.remission import credit_days
from sim.pathways.care import ask_for_care, leave_care
from sim.pathways.contact import contact
from sim.pathways.lodging import has_home, leave_for
from sim.pathways.programmes import join_programme
from sim.pathways.ties import visited
from sim.pathways.work import ask_for_job, has_activity, leave_job
from sim.population.person import PUBLISHED, FileState, LodgingStage
from sim.records.codes import Lodging, Status

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.population.person import Person

_DAYS_PER_MONTH = 365.25 / 12

copy_published = copying("copy_published", PUBLISHED)
"""Copy the attributes of a person that an exit publishes into its row."""


def enter_cell(person: Person, quarter: int, state: State) -> None:
    """Put a person in a quarter; whoever does so enrols them with the probation service there."""
    place = state.quarters[quarter]
    person.quarter = quarter
    person.site = place.site
    if person.status == Status.REMAND:
        place.remand += 1
    else:
        place.sentenced += 1
    ask_for_job(person, state)
    ask_for_care(person, state)


def leave_cell(person: Person, state: State) -> None:
    """Take a person out of their quarter and off every list of the establishment."""
    place = state.quarters[person.quarter]
    if person.status == Status.REMAND:
        place.remand -= 1
    else:
        place.sentenced -= 1
    drop_file(person, state)
    leave_counsellor(state, person)
    leave_queue(state, QueueKind.TRANSFER, person)
    leave_queue(state, QueueKind.SUPPORT, person)
    leave_job(person, state)
    leave_care(person, state)
    person.quarter = -1


def leaving_day(person: Person, state: State) -> int:
    """Day a person leaves at the end of the sentence: a working day for whoever is under committal (716-3).

    Conditional release ends on its own day: nobody leaves a prison then.
    """
    return released_on(person.end_day) if _on_working_days(person, state) else person.end_day


def _on_working_days(person: Person, state: State) -> bool:
    """Whether the end of a person's sentence frees them on a working day only (716-3)."""
    return person.status != Status.CONDITIONAL_RELEASE and bool(law_for(state, person).sentence.no_release_on_holidays)


def date_end(person: Person, state: State) -> None:
    """Date the end of the sentence, tomorrow at the earliest: what comes to light today frees nobody yesterday.

    Nobody is freed on a Sunday or a public holiday for all that: when the working day before is past, the next is the first
    left.
    """
    leaves = leaving_day(person, state)
    tomorrow = state.nation.day + 1
    if leaves < tomorrow:
        leaves = tomorrow
        if _on_working_days(person, state):
            while released_on(leaves) != leaves:
                leaves += 1
            if person.end_day < leaves:
                person.end_day = leaves
    schedule(state, leaves, Step.END, person)


def drop_file(person: Person, state: State) -> None:
    """Close whatever is under way: the open file, the request on the list, the wait for a place."""
    file = person.file
    if file == FileState.OPEN:
        stop_file(state, person)
    elif file == FileState.GRANTED and person.waiting_place:
        give_up_waiting(state, person)
    elif file == FileState.LISTED:
        leave_queue(state, QueueKind.HEARING, person)
    person.file = FileState.NONE
    person.hours_left = -1.0
    person.overturned = False
    person.adjourned = False
    person.chamber_day = -1


def housed(person: Person, state: State) -> bool:
    """Whether there is somewhere to live at the exit: a home, or a place that is kept for the person."""
    return has_home(person, state) or bool(person.lodging_stage >= LodgingStage.KEPT)


def lodging_at_exit(person: Person, state: State) -> Lodging:
    """Where the person goes to live."""
    if person.lodging_day == 0:
        return Lodging.HOME
    if has_home(person, state):
        return Lodging.FOUND
    return Lodging.PLACE if person.lodging_stage >= LodgingStage.KEPT else Lodging.NOWHERE


def remitted(person: Person, state: State, most: int) -> int:
    """Days granted of the most a review may grant: the person's share, more with work or an activity, less without.

    What those who have one are granted more is taken from those who have none, at the usual share of people who have one.
    Whoever does not sleep in prison is granted their share.
    """
    remission = parameters_for(state, person).remission
    share = person.share_granted
    if remission.work_gain > 0 and person.quarter >= 0:
        share += remission.work_gain * ((1.0 if has_activity(person, state) else 0.0) - remission.work_usual)
        share = min(max(share, 0.0), 1.0)
    return int(share * most)


def record_exit(person: Person, state: State, regime: int, adjustment: int, cause: int) -> None:
    """Write the exit from detention; call before the person leaves the cell.

    Parameters
    ----------
    regime
        -1 for a dry exit.
    adjustment, cause
        -1 if none.
    """
    day = state.nation.day
    place = state.quarters[person.quarter]
    sentenced = person.convicted_day >= 0
    state.nation.exits += 1
    row = state.exits[new_row(state, Table.EXITS, len(state.exits))]
    row.day = day
    if sentenced and person.spell == 0:
        join_programme(person, state)
    copy_published(row, person)
    row.person = person.id
    row.sentenced = sentenced
    row.age = (day - person.birth_day) // 365
    row.housed = housed(person, state)
    row.lodging = lodging_at_exit(person, state)
    row.visited = visited(person, state)
    row.contact = contact(person, state)
    row.kind = place.kind
    row.interregion = place.region
    row.quantum_days = person.total_days if sentenced else 0
    row.end_day = person.end_day if sentenced and person.end_day < NEVER else -1
    row.regime = regime
    row.adjustment = adjustment
    row.cause = cause
    row.by_design = False  # a row is taken again once what it said was collected
    row.leave_day = person.leave_day if person.leave_day <= day else -1
    row.heard_day = person.last_outcome_day
    row.months_free = (state.nation.end_day - day) / _DAYS_PER_MONTH
    person.spell += 1
    leave_for(person, state, regime)


def record_end(person: Person, state: State) -> None:
    """Write the end of committal (*levée d'écrou*), with the measure running, if any."""
    row = state.ends[new_row(state, Table.ENDS, len(state.ends))]
    row.day = state.nation.day
    row.person = person.id
    row.stay = person.stay
    row.stream = person.stream
    row.felony = person.felony
    row.sentenced = person.convicted_day >= 0
    row.regime = person.regime
    row.home = person.home_stay
    row.committed_day = person.committed_day
    row.measure_day = person.measure_day if person.regime >= 0 else -1
    row.end_day = person.end_day if person.convicted_day >= 0 and person.end_day < NEVER else -1
    row.expected_day = person.expected_day
    row.credited = person.convicted_day >= 0 and credit_days(person, law_for(state, person)) > 0
