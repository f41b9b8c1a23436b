"""One individual, as a record of plain numbers.

The attributes are those the register and the judge know; ``sim.law`` reads them directly (they satisfy its
``SentenceFacts``), so that no object is built to ask what the law allows. Days that have not come are -1, except those the
law compares (``NEVER``). A run holds its people in one table, a slot each, taken again by others once nothing more can
happen to the person (:mod:`sim.institutions.people`): the state is plain data, and can be saved, copied and forked.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import NEVER
from sim.engine.compile import fields_of
from sim.engine.prefetch import LINE
from sim.records.codes import Status

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


class CounsellorState(IntEnum):
    """Where a person stands with the counsellors of the establishment (``Person.counsellor``)."""

    NONE = 0
    """On no list."""
    WAITING = 1
    """On the list of those who wait for one."""
    HELD = 2
    """On the caseload of one."""


class Person:
    """One individual and the stay under way: one row of the table of people."""

    slot: Count
    """Row of the table."""
    id: Count
    stay: Code
    """How-manieth time under committal in the run."""
    stream: Code
    luck: Luck
    """The person's half of every draw (:meth:`sim.randomness.Draws.luck`)."""

    # drawn with the cohort
    birth_day: Day
    female: bool
    foreign: bool
    removal: bool
    offence: Code
    felony: bool
    recidive: bool
    homeless: bool
    lodging_day: Day
    """Days of search for a lodging, 0 if there is one."""
    consents: bool
    child_born_day: Day
    lsc_excluded: bool
    occupation: float
    care: bool
    """Whether there is a need of care for an addiction."""
    score: float
    seen: float
    unseen: float
    home_quarter: Code
    share_granted: float
    total_months: Count
    remand_days: Count
    convicted: bool
    further: Code
    """Further sentences brought under committal so far during the stay."""
    total_days: Count

    # where the stay stands
    spell: Code
    status: Code
    quarter: Code
    site: Code
    home_stay: bool
    hosted: bool
    withdrawn: bool
    """Back from a measure that was withdrawn, and nothing may be asked for (yet)."""
    withdrawals: Code
    """Measures lost in this stay."""

    # sentence
    committed_day: Day
    convicted_day: Day
    sentenced_day: Day
    start_day: Day
    end_day: Day
    review_day: Day
    review_days: Count
    review_last: bool
    review_ahead: Count
    """Most days of the next review, if it bears on a period not over by then; else 0."""
    ahead_days: Count
    """Most days of the last review held, if it bore on a period not over by then; else 0."""
    further_day: Day
    """Day a further sentence is put into execution."""
    early_days: Count
    """Days of the exceptional reduction of spring 2020."""
    terrorism: bool
    life: bool
    surety_end_day: Day

    # counsellor and file
    counsellor: Code
    enrolled_day: Day
    assigned_day: Day
    assignments: Code
    """Counsellors the person has had in this stay."""
    successor_day: Day
    """Day the counsellor who holds the person leaves the post, -1 if not before the end."""
    search_day: Day
    file: Code
    asked: Code
    opened_day: Day
    external_day: Day
    leave_day: Day
    """First permission to go out, to prepare the release; -1 if none was granted."""
    ready_day: Day
    requested_day: Day
    step_day: Day
    file_place: Count
    """Row of the table of open files, while the file is being prepared."""
    work_from: float
    hours: float
    needed: float
    """Hours of work the file needs."""
    quality: float
    """Share of those hours spent when the request was lodged."""
    hearings: Code
    hours_left: float
    """Hours a file left without a counsellor still needs, the work lost included; -1 if none was left so."""
    adjourned: bool
    chamber_day: Day
    overturned: bool
    barred_until: Day
    eligible_day: Day
    last_outcome: Code
    last_outcome_day: Day

    # boards and measures
    board_day: Day
    board_outcome: Code
    board_put_off: bool
    board_right_day: Day
    board_right_outcome: Code
    granted_regime: Code
    granted_adjustment: Code
    due_day: Day
    """Day a granted measure could have begun, had a place and a fitting been there."""
    effect_day: Day
    waiting_place: bool
    regime: Code
    adjustment: Code
    measure_day: Day
    refused_regime: Code
    withdrawal_day: Day
    """Day of the incident that ends the measure, or of one that is answered by a warning."""
    warned: bool

    # how and when the person first left the cell, and a return to come
    left_day: Day
    left_regime: Code
    left_adjustment: Code
    return_day: Day


_TOGETHER = (
    *("luck", "id", "slot", "end_day", "step_day", "enrolled_day", "requested_day", "sentenced_day", "effect_day"),
    *("committed_day", "status", "file", "quarter", "home_quarter", "site", "counsellor", "stay", "stream"),
    *("withdrawn", "home_stay", "convicted", "waiting_place"),
)
"""What nearly every step and every count of the whole table looks at: one line of memory at the head of a row."""


def _row() -> np.dtype[Any]:
    """Lay a row out in whole lines, the fields of :data:`_TOGETHER` in the first: each line is a wait of 0.1 µs.

    The order of the class is for readers: in that order, packed, a count of the whole table took over twice as long.
    """
    kinds = {name: np.dtype(kind) for name, kind in fields_of(Person)}
    others = sorted((name for name in kinds if name not in _TOGETHER), key=lambda name: -kinds[name].itemsize)
    names = [*_TOGETHER, *others]
    sizes = [kinds[name].itemsize for name in names]
    offsets = [sum(sizes[:place]) for place in range(len(names))]
    assert offsets[len(_TOGETHER)] == LINE, "the first line of a row is not full, or too full"
    lines = -(-sum(sizes) // LINE)
    formats = [kinds[name] for name in names]
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": lines * LINE})


PERSON = _row()
"""Row of the table of people."""


def begin(person: Person) -> None:
    """Forget the stay before: nothing asked, nothing granted, in no quarter."""
    person.spell = 0
    person.status = Status.AT_LIBERTY
    person.quarter = -1
    person.site = -1
    person.home_stay = False
    person.hosted = False
    person.withdrawn = False
    person.withdrawals = 0
    person.committed_day = -1
    person.convicted_day = -1
    person.sentenced_day = -1
    person.start_day = -1
    person.end_day = NEVER
    forget_reviews(person)
    person.further_day = -1
    person.early_days = 0
    person.terrorism = False
    person.life = False
    person.surety_end_day = -1
    forget_counsellor(person)
    forget_file(person)
    person.leave_day = -1
    person.barred_until = -1
    person.eligible_day = -1
    person.last_outcome = -1
    person.last_outcome_day = -1
    person.board_day = -1
    person.board_outcome = -1
    person.board_put_off = False
    person.board_right_day = -1
    person.board_right_outcome = -1
    person.granted_regime = -1
    person.granted_adjustment = -1
    person.due_day = -1
    person.effect_day = -1
    person.waiting_place = False
    person.regime = -1
    person.adjustment = -1
    person.measure_day = -1
    person.refused_regime = -1
    person.withdrawal_day = -1
    person.warned = False
    person.left_day = -1
    person.left_regime = 0
    person.left_adjustment = -1
    person.return_day = -1


def forget_reviews(person: Person) -> None:
    """No review of the remission is dated, none was held."""
    person.review_day = -1
    person.review_days = 0
    person.review_last = True
    person.review_ahead = 0
    person.ahead_days = 0


def forget_counsellor(person: Person) -> None:
    """Nobody follows the person, and nothing was done with one."""
    person.counsellor = CounsellorState.NONE
    person.enrolled_day = -1
    person.assigned_day = -1
    person.assignments = 0
    person.successor_day = -1
    person.search_day = -1
    person.hours = 0.0
    person.hearings = 0


def forget_file(person: Person) -> None:
    """Close the file: the next request starts from nothing."""
    person.file = FileState.NONE
    person.asked = -1
    person.opened_day = -1
    person.external_day = -1
    person.ready_day = -1
    person.requested_day = -1
    person.step_day = -1
    person.file_place = -1
    person.work_from = 0.0
    person.needed = 0.0
    person.quality = 1.0
    person.hours_left = -1.0
    person.adjourned = False
    person.chamber_day = -1
    person.overturned = False


ATTRIBUTES: tuple[str, ...] = (
    "luck",
    "birth_day",
    "female",
    "foreign",
    "removal",
    "offence",
    "felony",
    "recidive",
    "homeless",
    "lodging_day",
    "consents",
    "child_born_day",
    "lsc_excluded",
    "occupation",
    "care",
    "score",
    "seen",
    "unseen",
    "home_quarter",
    "share_granted",
    "total_months",
    "remand_days",
    "convicted",
    "further",
)
"""What a cohort draws for each person, besides the stream."""


def blank() -> Any:
    """Return a row for somebody about whom nothing has happened yet."""
    row = np.zeros(1, dtype=PERSON).view(np.recarray)[0]
    begin(row)
    return row
