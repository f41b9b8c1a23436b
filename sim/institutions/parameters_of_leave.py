"""What holds on a day of permissions to go out and of release-preparation units (:mod:`sim.institutions.parameters`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.parameter_readers import row_of
from sim.scenario.values_of_day import Reading, group, value

if TYPE_CHECKING:
    from sim.institutions.parameter_readers import Row

number, whole = Reading.number, Reading.whole
REMOVALS = ("none", "administrative", "judicial")
"""Entries of a table by removal measure, in the order of :class:`sim.records.codes.Removal`."""
PURPOSES = ("family", "employer", "host", "lodging", "papers")
"""Entries of a table by purpose, in the order of :class:`sim.records.codes.Purpose`."""


class LeaveOpinion:
    """Coefficients of the decision on a permission, in log-odds."""

    level: float
    counsellor: float
    """Of the counsellor's unfavourable opinion, against."""
    prosecutor: float
    """Of the prosecutor's, against."""
    score: float
    seen: float
    failed: float
    """Of a permission of the stay the person did not come back from, against."""


def leave_opinion(reading: Reading, path: str) -> dict[str, float]:
    """Coefficients of :class:`LeaveOpinion`."""
    weights = reading.table(path)
    return {name: float(weights[name]) for name in LeaveOpinion.__annotations__}


@group("practices.removal")
class RemovalOfDay:
    """Removal measures at the end of a sentence."""

    executed: Row = value("Share carried out from the cell or from retention, by removal measure.", row_of(*REMOVALS[1:]))
    """Of those that there are: nobody is put out of the country under none."""


@group("practices.leave")
class LeaveOfDay:
    """Permissions to go out."""

    asking_share: float = value("Share of people who ask for permissions in a stay, once the law lets them; 0: nobody.")
    with_file_share: float = value("Share of the files opened with which a permission is asked for; 0: none.")
    first_days: float = value("Days from the day the law opens one to the first request, on average.")
    interval_days: float = value("Days from a decision to the next request, on average.")
    judicial_share: float = value("Share of removal measures that are a court's (ITF), not the administration's (OQTF).")
    counsellor_against: Row = value("Share of unfavourable opinions of counsellors, by removal measure.", row_of(*REMOVALS))
    ordered_against: Row = value("1 where services are told to give none but unfavourable opinions.", row_of(*REMOVALS))
    order_followed_share: float = value("Share of counsellors who follow such an order.")
    prosecutor_against: Row = value("Share of unfavourable opinions of the prosecutor, by removal measure.", row_of(*REMOVALS))
    decision: LeaveOpinion = value("Coefficients of the decision on a permission.", leave_opinion)
    purposes: Row = value("Weight of each purpose among those the person has.", row_of(*PURPOSES))
    board_places: float = value("Places of a session of the board that a permission takes; 0: none.")
    session_share: float = value("Most of a session's places that permissions may take.")
    head_share: float = value(
        "Share of the permissions after the first that the head of the prison decides, without the board."
    )
    non_return_share: float = value("Share of permissions the person does not come back from.")
    host_gain: float = value("Share of the hosts' refusals that meeting the person turns into agreements.")
    occupation_gain: float = value("Share of the people without an activity who find one at an employer's.")
    lodging_gain: float = value("Share of what is left of the search for a lodging that looking on the spot saves.")
    papers_gain: float = value("Share of what is left of the wait for others' answers that papers obtained save.")
    decision_gain: float = value("Log-odds a permission kept to adds to the judge's opinion of a measure; 0: none.")
    failure_factor: float = value("Factor of a permission kept to on the chance that a measure fails; 1: none.")


@group("practices.release_units")
class ReleaseUnitsOfDay:
    """Release-preparation units (*structures d'accompagnement vers la sortie*)."""

    file_kept: float = value("Share of the work on an open file kept by a move there; 0: the file is begun again.")
    chosen_share: float = value("Share of moves there that ask for the person's agreement; 0: none.")
    hours_factor: float = value("Hours of a counsellor a file begun there needs, relative to elsewhere: partners do the rest.")
    answers_factor: float = value("Days others take to answer about a file begun there, relative to elsewhere.")
    leave_gain: float = value("Log-odds added there to the decision on a permission; 0: none.")
