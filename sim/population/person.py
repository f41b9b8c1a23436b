"""One individual, as a slotted record.

The attributes are those the register and the judge know; ``sim.law`` reads them directly (they satisfy its
``SentenceFacts``), so that no object is built to ask what the law allows. Days that have not come are -1, except those the
law compares (``NEVER``). Everything here is plain data: a run can be saved, resumed and forked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.dates import NEVER
from sim.records.codes import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

# States of a file at the probation service (``Person.file``).
NO_FILE, WANTED, OPEN, READY, LODGED, LISTED, GRANTED, REFUSED = range(8)
# States at the counsellor (``Person.counsellor``).
UNKNOWN, WAITING, HELD = range(3)
# Where a person stands (``Person.status``), as plain integers: reading ``Status.REMAND`` costs 110 ns in Python 3.11, a name
# of a module 10, and every step does it several times.
AT_LIBERTY, REMAND, SENTENCED, MEASURE_INSIDE, MEASURE_OUTSIDE, CONDITIONAL_RELEASE = map(int, Status)
# What was decided (``Person.last_outcome``, ``board_outcome``), likewise; ``ACCEPTED`` is ``Outcome.GRANTED``.
_DECIDED = tuple(map(int, Outcome))
ACCEPTED, REFUSED_PROJECT, REFUSED_RISK, NO_HOUSING, NO_PLACE = _DECIDED[:5]
REMOVAL_MEASURE, EXCLUDED, DECLINED, NOT_EXAMINED = _DECIDED[5:]


class Person:
    """One individual and the stay under way."""

    __slots__ = (
        "adjustment",
        "asked",
        "assigned_day",
        "barred_until",
        "birth_day",
        "board_day",
        "board_outcome",
        "board_right_day",
        "board_right_outcome",
        "child_born_day",
        "committed_day",
        "consents",
        "convicted",
        "convicted_day",
        "counsellor",
        "effect_day",
        "eligible_day",
        "end_day",
        "enrolled_day",
        "external_day",
        "felony",
        "female",
        "file",
        "foreign",
        "granted_adjustment",
        "granted_regime",
        "hearings",
        "home_quarter",
        "home_stay",
        "homeless",
        "hosted",
        "hours",
        "id",
        "last_outcome",
        "last_outcome_day",
        "left_adjustment",
        "left_day",
        "left_regime",
        "life",
        "lodging_day",
        "lsc_excluded",
        "luck",
        "measure_day",
        "occupation",
        "offence",
        "opened_day",
        "quarter",
        "ready_day",
        "recidive",
        "refused_regime",
        "regime",
        "remand_days",
        "removal",
        "requested_day",
        "review_day",
        "review_days",
        "review_last",
        "score",
        "search_day",
        "seen",
        "sentenced_day",
        "share_granted",
        "site",
        "spell",
        "start_day",
        "status",
        "stay",
        "step_day",
        "stream",
        "surety_end_day",
        "terrorism",
        "total_days",
        "total_months",
        "unseen",
        "waiting_place",
        "withdrawal_day",
        "withdrawn",
        "work_from",
        "work_until",
    )

    # Drawn with the cohort (``fill``), so that nothing is set twice.
    stream: int
    luck: int
    """The person's half of every draw (:meth:`sim.randomness.Draws.luck`)."""
    birth_day: int
    female: bool
    foreign: bool
    removal: bool
    offence: int
    felony: bool
    recidive: bool
    homeless: bool
    lodging_day: int
    consents: bool
    child_born_day: int
    lsc_excluded: bool
    occupation: float
    score: float
    seen: float
    unseen: float
    home_quarter: int
    share_granted: float
    total_months: int
    remand_days: int
    convicted: bool
    total_days: int

    def __init__(self, identifier: int) -> None:
        self.id: int = identifier
        self.stay: int = 0
        self.begin()

    def begin(self) -> None:
        """Forget the stay before: nothing asked, nothing granted, in no quarter."""
        self.spell: int = 0
        self.status: int = AT_LIBERTY
        self.quarter: int = -1
        self.site: int = -1
        self.home_stay: bool = False
        self.hosted: bool = False
        self.withdrawn: bool = False
        # sentence
        self.committed_day: int = -1
        self.convicted_day: int = -1
        self.sentenced_day: int = -1
        self.start_day: int = -1
        self.end_day: int = NEVER
        self.review_day: int = -1
        self.review_days: int = 0
        self.review_last: bool = True
        self.terrorism: bool = False
        self.life: bool = False
        self.surety_end_day: int = -1
        # counsellor and file
        self.counsellor: int = UNKNOWN
        self.enrolled_day: int = -1
        self.assigned_day: int = -1
        self.search_day: int = -1
        self.forget_file()
        self.hours: float = 0.0
        self.hearings: int = 0
        self.barred_until: int = -1
        self.eligible_day: int = -1
        self.last_outcome: int = -1
        self.last_outcome_day: int = -1
        # boards and measures
        self.board_day: int = -1
        self.board_outcome: int = -1
        self.board_right_day: int = -1
        self.board_right_outcome: int = -1
        self.granted_regime: int = -1
        self.granted_adjustment: int = -1
        self.effect_day: int = -1
        self.waiting_place: bool = False
        self.regime: int = -1
        self.adjustment: int = -1
        self.measure_day: int = -1
        self.refused_regime: int = -1
        # how and when the person first left the cell
        self.left_day: int = -1
        self.left_regime: int = 0
        self.left_adjustment: int = -1
        self.withdrawal_day: int = -1

    def forget_file(self) -> None:
        """Close the file: the next request starts from nothing."""
        self.file: int = NO_FILE
        self.asked: int = -1
        self.opened_day: int = -1
        self.external_day: int = -1
        self.ready_day: int = -1
        self.requested_day: int = -1
        self.step_day: int = -1
        self.work_from: float = 0.0
        self.work_until: float = 0.0


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
    "score",
    "seen",
    "unseen",
    "home_quarter",
    "share_granted",
    "total_months",
    "remand_days",
    "convicted",
)
"""What a cohort draws for each person, in the order of :func:`fill` (where the stream comes first)."""


def fill(person: Person, values: Sequence[Any]) -> None:
    """Write the stream and the drawn attributes of :data:`ATTRIBUTES` on a person."""
    (
        person.stream,
        person.luck,
        person.birth_day,
        person.female,
        person.foreign,
        person.removal,
        person.offence,
        person.felony,
        person.recidive,
        person.homeless,
        person.lodging_day,
        person.consents,
        person.child_born_day,
        person.lsc_excluded,
        person.occupation,
        person.score,
        person.seen,
        person.unseen,
        person.home_quarter,
        person.share_granted,
        person.total_months,
        person.remand_days,
        person.convicted,
    ) = values
