"""Number of people in each queue and the days they have waited, counted person by person in one compiled pass.

The table of people and the queues are read, never written. Called once a month by :mod:`sim.simulation.queue_census`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.engine.compile import entry
from sim.engine.record import INTS
from sim.institutions.prisons import QuarterKind
from sim.institutions.queues import QueueKind
from sim.population.person import FileState
from sim.records.codes import Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.engine.compile import Day
    from sim.institutions.state import State
    from sim.population.person import Person

    Ints = NDArray[Any]


_COUNTED = (
    QueueKind.COUNSELLOR,
    QueueKind.HEARING,
    QueueKind.PLACE,
    QueueKind.TRANSFER,
    QueueKind.SUPPORT,
    QueueKind.LODGING,
    QueueKind.JOB,
    QueueKind.CARE,
)


def waits_since(kind: QueueKind, person: Person) -> Day:
    """Day from which someone in a line of this kind has waited."""
    if kind == QueueKind.COUNSELLOR:
        return person.enrolled_day
    if kind == QueueKind.HEARING:
        return person.requested_day
    if kind == QueueKind.PLACE:
        return person.place_wanted_day
    if kind == QueueKind.LODGING:
        return person.lodging_since_day
    if kind == QueueKind.JOB:
        return person.work_since_day
    if kind == QueueKind.CARE:
        return person.care_since_day
    return person.sentenced_day


@entry(0, INTS, INTS, INTS, INTS, on_tables=True)
def count_waiting(state: State, day: Day, waiting: Ints, waited: Ints, seized: Ints, since: Ints) -> None:
    """Count who waits, and the days they have waited by ``day``, in one pass.

    Parameters
    ----------
    waiting, waited
        People in each line, and their days: int64, shape ``(n_lines,)``, added to.
    seized, since
        Those who have seized the chamber, which has no line of ours, by the interregion they are held in: shape
        ``(n_interregions,)``.
    """
    for slot in range(len(state.people)):
        person = state.people[slot]
        if person.id < 0 or (person.status == Status.AT_LIBERTY and not person.waiting_place):
            continue
        for kind in _COUNTED:
            line = state.links[slot, kind].queue
            if line < 0:
                continue
            # Whoever was moved by one of the two transfer lines is struck off the other when their turn comes only.
            if kind in (QueueKind.TRANSFER, QueueKind.SUPPORT) and state.quarters[person.quarter].kind != QuarterKind.MA:
                continue
            waiting[line] += 1
            waited[line] += max(day - waits_since(kind, person), 0)
        if person.file == FileState.SEIZED:
            region = state.quarters[person.quarter].region
            seized[region] += 1
            since[region] += day - person.requested_day
