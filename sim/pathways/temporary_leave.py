"""Permissions to go out (*permissions de sortir*, CPP art. D143 s.) that help to prepare a release.

The board grants them, to part of the people the law lets ask for one while their file is being prepared. A host who has met
the person agrees more often, some find an occupation, and lodging is found sooner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import NEVER
from sim.institutions.decision_points import DecisionPoint
from sim.institutions.enforcement_court import board_on_or_after
from sim.institutions.prisons import QuarterKind
from sim.institutions.state import draw, law_for
from sim.law.leave import first_leave_day
from sim.pathways.occurrences import of_request

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.population.person import Person


def ask_for_leave(person: Person, state: State) -> None:
    """Ask for a permission with the file that is opened: dated at the first board that may grant it, if it does."""
    parameters = state.parameters
    if person.leave_day >= 0 or parameters.leave.granted_share <= 0:
        return
    share = parameters.leave.granted_share * (parameters.leave.removal_factor if person.removal else 1.0)
    if draw(state, DecisionPoint.FILE_LEAVE, person, of_request(person)) >= share:
        return
    kind = state.quarters[person.quarter].kind
    place = "CD" if kind == QuarterKind.CD else "SAS" if kind == QuarterKind.SAS else "MA"
    opens = first_leave_day(person, place, person.convicted_day, law_for(state, person))
    if opens >= NEVER:
        return
    day = state.nation.day
    soonest = day + parameters.boards.notice_days
    session = board_on_or_after(state.courts[person.site], opens if opens > soonest else soonest)
    # One that would come after the file is of no use to it.
    if session < person.end_day and session <= day + parameters.files.lead_days:
        person.leave_day = session
        look_for_lodging(person, state)


def look_for_lodging(person: Person, state: State) -> None:
    """Shorten what is left of the search for a lodging on the day of the permission."""
    if person.lodging_day > 0 and person.search_day >= 0:
        left = person.search_day + person.lodging_day - person.leave_day
        if left > 0:
            person.lodging_day -= int(left * state.parameters.leave.lodging_gain)


def occupied(person: Person, state: State) -> bool:
    """Whether the person has an occupation to show: in prison, or found during a permission."""
    share = state.parameters.establishments.occupation[state.quarters[person.quarter].kind]
    if 0 <= person.leave_day <= state.nation.day:
        share += state.parameters.leave.occupation_gain * (1.0 - share)
    return bool(person.occupation < share)


def host_agrees(person: Person, state: State) -> float:
    """Chance that a host agrees to take the person: better for those it meets during a permission."""
    agreed = state.parameters.placements.external_agreed_share
    return agreed + state.parameters.leave.host_gain * (1.0 - agreed) if person.leave_day >= 0 else agreed
