"""One individual, as a record of plain numbers.

The attributes are those the register and the judge know; ``sim.law`` reads them directly (they satisfy its
``SentenceFacts``), so that no object is built to ask what the law allows. Days that have not come are -1, except those the
law compares (``NEVER``). A run holds its people in one table, a slot each, taken again by others once nothing more can
happen to the person (:mod:`sim.institutions.people`): the state is plain data, and can be saved, copied and forked.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from sim.dates import NEVER
from sim.engine import record
from sim.engine.record import in_whole_lines, resetting, tagged
from sim.records.codes import Status
from sim.records.tables import SCHEMA

if TYPE_CHECKING:
    from sim.engine.compile import Code, Count, Day, Luck


class FileState(IntEnum):
    """How far the file of a request has come at the probation service and before the judge (``Person.file``)."""

    NONE = 0
    """Nothing is asked for."""
    WANTED = 1
    """A request is wanted, and waits for a counsellor."""
    OPEN = 2
    """A counsellor prepares it."""
    READY = 3
    """The counsellor's part is done."""
    LODGED = 4
    """The judge has it; opinions and report are awaited."""
    LISTED = 5
    """It waits for a hearing."""
    GRANTED = 6
    """Granted; the measure has not begun."""
    REFUSED = 7
    """Refused, and too little is left to ask again."""
    SEIZED = 8
    """The chamber has it, for want of a hearing in the legal delay."""


class LodgingStage(IntEnum):
    """How far somebody's request for a place to live in has come (``Person.lodging_stage``)."""

    NONE = 0
    """Nothing is asked for."""
    TO_FILE = 1
    """Asked for; somebody must find the hours to write the request."""
    FILED = 2
    """The SIAO has it."""
    WAITING = 3
    """On the line of the interregion."""
    KEPT = 4
    """A host has agreed, and keeps a place for the day of release."""
    LODGED = 5
    """Lives there."""


class WorkState(IntEnum):
    """Where a person stands with the jobs of the quarter (``Person.work``)."""

    NONE = 0
    WAITING = 1
    """On the line for one."""
    WORKING = 2


class CareStage(IntEnum):
    """How far the treatment of somebody in need of care has come (``Person.care_stage``)."""

    NONE = 0
    WAITING = 1
    """On the line of the establishment."""
    TREATED = 2
    DONE = 3
    """Completed in this stay."""


class Programme(IntEnum):
    """A programme after the release (``Person.programme``)."""

    NONE = 0
    FULL = 1
    """Directed there and agreed, and there was no room."""
    BEGUN = 2


class CounsellorState(IntEnum):
    """Where a person stands with the counsellors of the establishment (``Person.counsellor``)."""

    NONE = 0
    """On no list."""
    WAITING = 1
    """On the list of those who wait for one."""
    HELD = 2
    """On the caseload of one."""


Draw = Literal["life", "home", "stay"]
"""What an attribute is drawn with: once for life, with the home, or anew for each stay."""
Reset = Literal["stay", "file"]
"""What an attribute is forgotten with: the stay, or the file of a request."""


def field(
    default: float = 0, *, drawn: Draw | None = None, reset: Reset | None = None, published: bool = False, hot: bool = False
) -> Any:
    """Write an attribute of a person.

    Parameters
    ----------
    default
        Value before anything has happened.
    drawn
        What a cohort draws it with, if it does.
    reset
        What makes it take its default again, if anything does.
    published
        Whether an exit from detention copies it.
    hot
        Whether nearly every step or every count of the whole table looks at it.
    """
    return record.field(default, hot=hot, drawn=drawn, reset=reset, published=published)


class Person:
    """One individual and the stay under way: one row of the table of people.

    This is the only place where an attribute is written; its width, where it lies in a row, what resets it, whether a cohort
    draws it and whether an exit copies it are derived from here.
    """

    slot: Count = field(0, hot=True)
    """Row of the table."""
    id: Count = field(0, hot=True)
    stay: Code = field(0, hot=True, published=True)
    """nth time under committal in the run (0, 1, …)."""
    stream: Code = field(0, hot=True, published=True)
    luck: Luck = field(0, drawn="life", hot=True)
    """The person's half of every draw (:meth:`sim.randomness.Draws.luck`)."""

    # who the person is, and what is drawn for each stay
    birth_day: Day = field(0, drawn="life")
    female: bool = field(False, drawn="life", published=True)
    foreign: bool = field(False, drawn="life", published=True)
    removal: bool = field(False, drawn="life", published=True)
    offence: Code = field(0, drawn="stay", published=True)
    felony: bool = field(False, drawn="stay", published=True)
    recidive: bool = field(False, drawn="stay", published=True)
    homeless: bool = field(False, drawn="stay", published=True)
    lodging_day: Day = field(0, drawn="stay")
    """Days of search for a lodging, 0 if there is one."""
    consents: bool = field(False, drawn="stay")
    child_born_day: Day = field(0, drawn="life")
    lsc_excluded: bool = field(False, drawn="stay")
    on_officials: bool = field(False, drawn="stay")
    ssj_incurred: bool = field(False, drawn="stay")
    listed_felony: bool = field(False, drawn="stay")
    life: bool = field(False, drawn="stay")
    """Sentenced to life: no end day; ``total_months`` are the thirty years it is counted as where lengths are added up."""
    surety: Code = field(0, drawn="stay")
    """*Période de sûreté*: 0 for none, 1 if it is automatic, 2 if the court raised it to the longest."""
    occupation: float = field(0.0, drawn="stay")
    visits: float = field(1.0, drawn="stay")
    """Luck of being visited during the stay: those above the share who never are, are."""
    care: bool = field(False, drawn="stay", published=True)
    """Whether there is a need of care for an addiction."""
    score: float = field(0.0, drawn="life", published=True)
    seen: float = field(0.0, drawn="life", published=True)
    unseen: float = field(0.0, drawn="life", published=True)
    home_quarter: Code = field(0, drawn="home", hot=True)
    share_granted: float = field(0.0, drawn="stay")
    total_months: Count = field(0, drawn="stay")
    remand_days: Count = field(0, drawn="stay", published=True)
    convicted: bool = field(False, drawn="stay", hot=True)
    further: Code = field(0, drawn="stay")
    """Further sentences brought under committal so far during the stay."""
    others_longer: Count = field(0, drawn="stay")
    """Months of the sentences of a year or more that had come besides the first one, for somebody found on the first day."""
    others_shorter: Count = field(0, drawn="stay")
    """The same of those below a year."""
    total_days: Count = field(0)

    # where the stay stands
    spell: Code = field(0, reset="stay", published=True)
    status: Code = field(Status.AT_LIBERTY, reset="stay", hot=True)
    quarter: Code = field(-1, reset="stay", hot=True)
    site: Code = field(-1, reset="stay", hot=True, published=True)
    home_stay: bool = field(False, reset="stay", hot=True)
    hosted: bool = field(False, reset="stay")
    withdrawn: bool = field(False, reset="stay", hot=True)
    """Back from a measure that was withdrawn, and nothing may be asked for (yet)."""
    withdrawals: Code = field(0, reset="stay")
    """Measures lost in this stay."""

    # sentence
    committed_day: Day = field(-1, reset="stay", hot=True, published=True)
    convicted_day: Day = field(-1, reset="stay", published=True)
    sentenced_day: Day = field(-1, reset="stay", hot=True)
    start_day: Day = field(-1, reset="stay")
    end_day: Day = field(NEVER, reset="stay", hot=True)
    review_day: Day = field(-1, reset="stay")
    foreseen_days: Code = field(0, reset="stay")
    """Days of remission still expected from the end as it stands (:mod:`sim.institutions.expected_end`)."""
    expected_day: Day = field(-1, reset="stay")
    """End that was expected on the day of the judgment, or of the last sentence added to it."""
    review_days: Count = field(0, reset="stay")
    review_last: bool = field(True, reset="stay")
    review_ahead: Count = field(0, reset="stay")
    """Most days of the next review, if it bears on a period not over by then; else 0."""
    review_deducted: Count = field(0, reset="stay")
    """Days taken off what the next review may grant: the last one bore on the same period."""
    ahead_days: Count = field(0, reset="stay")
    """Most days of the last review held, if it bore on a period not over by then; else 0."""
    remission_lost_day: Day = field(-1, reset="stay")
    """Day misconduct costs part of the remission."""
    remission_loss: Code = field(0, reset="stay")
    """Days it then costs."""
    remission_lost: Code = field(0, reset="stay")
    """Days it has cost in this stay: served last, and no reduction is counted on them."""
    further_day: Day = field(-1, reset="stay")
    """Day a further sentence is put into execution."""
    early_days: Count = field(0, reset="stay")
    """Days of the exceptional reduction of spring 2020."""
    terrorism: bool = field(False, reset="stay")
    surety_end_day: Day = field(-1, reset="stay")
    mobile_tag: bool = field(False, reset="stay")
    probation_from_day: Day = field(-1, reset="stay")

    # counsellor and file
    counsellor: Code = field(CounsellorState.NONE, reset="stay", hot=True)
    enrolled_day: Day = field(-1, reset="stay", hot=True)
    assigned_day: Day = field(-1, reset="stay", published=True)
    assignments: Code = field(0, reset="stay")
    """Counsellors the person has had in this stay."""
    successor_day: Day = field(-1, reset="stay")
    """Day the counsellor who holds the person leaves the post, -1 if not before the end."""
    contact: float = field(0.0, reset="stay")
    """Follow-up interviews more than usual, as told by :func:`sim.pathways.contact.contact`."""
    search_day: Day = field(-1, reset="stay")
    work: Code = field(WorkState.NONE, reset="stay")
    work_step_day: Day = field(-1, reset="stay")
    """Day the person is put on the line for a job, or a job ends."""
    work_since_day: Day = field(-1, reset="stay")
    """Day since which a job is waited for, or had."""
    jobs: Count = field(0, reset="stay", published=True)
    """Jobs had in this stay."""
    care_stage: Code = field(CareStage.NONE, reset="stay", published=True)
    """How far treatment has come."""
    care_step_day: Day = field(-1, reset="stay")
    """Day the person is put on the line for care, or treatment is completed."""
    care_since_day: Day = field(-1, reset="stay")
    """Day since which care is waited for."""
    care_courses: Count = field(0, reset="stay")
    """Treatments begun in this stay."""
    programme: Code = field(Programme.NONE, reset="stay", published=True)
    """Programme after the release."""
    search_extra: float = field(0.0, reset="stay")
    """Days that searches for a home had gained when this one began."""
    lodging_stage: Code = field(LodgingStage.NONE, reset="stay")
    """How far the request for a place to live in at the exit has come."""
    lodging_step_day: Day = field(-1, reset="stay")
    """Day it is asked for, directed by the SIAO, or no longer kept."""
    lodging_since_day: Day = field(-1, reset="stay")
    """Day the person came on the list they are on, for somebody to write the request or for a place."""
    lodging_until_day: Day = field(-1, reset="stay")
    """Day by which a place taken at the exit is free again."""
    lodging_pool: Code = field(-1, reset="stay")
    """Lot of the place that is kept or taken."""
    lodging_offers: Code = field(0, reset="stay")
    """Hosts asked in this stay."""
    file: Code = field(FileState.NONE, reset="file", hot=True)
    asked: Code = field(-1, reset="file")
    opened_day: Day = field(-1, reset="file", published=True)
    external_day: Day = field(-1, reset="file")
    host_refused: bool = field(False, reset="file")
    """Whether semi-liberty is asked for because no host agreed."""
    leave_day: Day = field(-1, reset="stay")
    """First permission to go out; -1 if none was granted."""
    leave_asked_day: Day = field(-1, reset="stay")
    """Session before which a request for one comes next."""
    leave_requests: Code = field(0, reset="stay")
    """Requests decided so far in this stay."""
    leave_put_off: Code = field(0, reset="stay")
    """Sessions the request under way was put off."""
    leave_marks: Code = field(0, reset="stay")
    """What permissions kept to were for, a bit a purpose, and a last bit for one not come back from."""
    ready_day: Day = field(-1, reset="file", published=True)
    requested_day: Day = field(-1, reset="file", hot=True, published=True)
    open_day: Day = field(-1, reset="file", hot=True)
    """Day it may be time to open a file; past, it was."""
    lodge_day: Day = field(-1, reset="file")
    """Day the request may be lodged."""
    list_day: Day = field(-1, reset="file")
    """Day the request is ready to be heard, and joins the hearing queue."""
    again_day: Day = field(-1, reset="file")
    """Day something may be asked for again after a withdrawn measure."""
    file_place: Count = field(-1, reset="file")
    """Row of the table of open files, while the file is being prepared."""
    work_from: float = field(0.0, reset="file")
    hours: float = field(0.0, reset="stay", published=True)
    needed: float = field(0.0, reset="file")
    """Hours of work the file needs."""
    quality: float = field(1.0, reset="file")
    """Share of those hours spent when the request was lodged."""
    hearings: Code = field(0, reset="stay")
    hours_left: float = field(-1.0, reset="file")
    """Hours a file left without a counsellor still needs, the work lost included; -1 if none was left so."""
    adjourned: bool = field(False, reset="file")
    chamber_day: Day = field(-1, reset="file")
    overturned: bool = field(False, reset="file")
    barred_until: Day = field(-1, reset="stay")
    eligible_day: Day = field(-1, reset="stay", published=True)
    last_outcome: Code = field(-1, reset="stay")
    last_outcome_day: Day = field(-1, reset="stay")

    # boards and measures
    board_day: Day = field(-1, reset="stay")
    board_outcome: Code = field(-1, reset="stay")
    board_put_off: bool = field(False, reset="stay")
    board_since_day: Day = field(-1, reset="stay")
    """Day the examination under way first fell due, once it has been put off; -1 before."""
    board_right_day: Day = field(-1, reset="stay")
    board_right_outcome: Code = field(-1, reset="stay")
    board_right_put_off: bool = field(False, reset="stay")
    board_right_since_day: Day = field(-1, reset="stay")
    """The same of the release as of right."""
    granted_regime: Code = field(-1, reset="stay")
    granted_adjustment: Code = field(-1, reset="stay")
    due_day: Day = field(-1, reset="stay")
    """Day a granted measure could have begun, had a place and a fitting been there."""
    effect_day: Day = field(-1, reset="stay", hot=True)
    """Day a granted measure takes effect, if there is a place."""
    place_wanted_day: Day = field(-1, reset="stay")
    """Day since which a place is waited for."""
    waiting_place: bool = field(False, reset="stay", hot=True)
    regime: Code = field(-1, reset="stay")
    adjustment: Code = field(-1, reset="stay")
    measure_day: Day = field(-1, reset="stay")
    refused_regime: Code = field(-1, reset="stay")
    release_day: Day = field(-1, reset="stay")
    """Day a measure served as probation turns into conditional release."""
    withdrawal_day: Day = field(-1, reset="stay")
    """Day of the incident that ends the measure, or of one that is answered by a warning."""
    warned: bool = field(False, reset="stay")
    incidents: Code = field(0, reset="stay")
    """Incidents since the last withdrawal that did not end the measure."""
    hours_changed: bool = field(False, reset="stay")
    """Whether the judge has added hours out of the home."""

    # how and when the person first left the cell, and a return to come
    left_day: Day = field(-1, reset="stay")
    left_regime: Code = field(-1, reset="stay")
    left_adjustment: Code = field(-1, reset="stay")
    return_day: Day = field(-1, reset="stay")
    freed_day: Day = field(0)
    """Day of the last stay on which the cell was left for good; 0 of whoever never was released in the run."""


PERSON = in_whole_lines(Person)
"""Row of the table of people."""
ATTRIBUTES = tuple(name for draw in get_args(Draw) for name in tagged(Person, drawn=draw))
"""What a cohort draws for each person, besides the stream."""
PUBLISHED = tagged(Person, published=True)
"""Attributes that an exit from detention copies into its row (:data:`sim.records.tables.EXITS`)."""
assert set(PUBLISHED) <= {column.name for column in SCHEMA["exits"]}, "an attribute is published in a column of exits"

reset_stay = resetting("reset_stay", Person, (*tagged(Person, reset="stay"), *tagged(Person, reset="file")))
"""Forget the stay before: nothing asked, nothing granted, in no quarter."""
reset_file = resetting("reset_file", Person, tagged(Person, reset="file"))
"""Close the file: the next request starts from nothing."""


def blank() -> Any:
    """Return a row for somebody about whom nothing has happened yet."""
    row = np.zeros(1, dtype=PERSON).view(np.recarray)[0]
    reset_stay(row)
    return row
