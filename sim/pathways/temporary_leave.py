"""Permissions to go out (*permissions de sortir*, CPP art. D143 s.) that help to prepare a release.

The board grants them, to part of the people the law lets ask for one while their file is being prepared. A host who has met
the person agrees more often, some find an occupation, and lodging is found sooner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import NEVER
from sim.institutions.decision_points import FILE_LEAVE
from sim.institutions.enforcement_court import board_on_or_after
from sim.institutions.prisons import CD, SAS
from sim.institutions.state import draw, law_for
from sim.law.leave import first_leave_day

if TYPE_CHECKING:
    from sim.institutions.state import System
    from sim.population.person import Person


def ask_for_leave(person: Person, system: System) -> None:
    """Ask for a permission with the file that is opened: dated at the first board that may grant it, if it does."""
    practice = system.practice
    if person.leave_day >= 0 or practice.leave_share <= 0:
        return
    share = practice.leave_share * (practice.leave_removal if person.removal else 1.0)
    if draw(system, FILE_LEAVE, person, person.stay * 8 + person.hearings) >= share:
        return
    kind = system.quarters[person.quarter].kind
    place = "CD" if kind == CD else "SAS" if kind == SAS else "MA"
    opens = first_leave_day(person, place, person.convicted_day, law_for(system, person))
    if opens >= NEVER:
        return
    day = system.nation.day
    soonest = day + practice.notice_days
    session = board_on_or_after(system.courts[person.site], opens if opens > soonest else soonest)
    # One that would come after the file is of no use to it.
    if session < person.end_day and session <= day + practice.lead_days:
        person.leave_day = session
        look_for_lodging(person, system)


def look_for_lodging(person: Person, system: System) -> None:
    """Shorten what is left of the search for a lodging on the day of the permission."""
    if person.lodging_day > 0 and person.search_day >= 0:
        left = person.search_day + person.lodging_day - person.leave_day
        if left > 0:
            person.lodging_day -= int(left * system.practice.leave_lodging)


def occupied(person: Person, system: System) -> bool:
    """Whether the person has an occupation to show: in prison, or found during a permission."""
    share = system.practice.occupation[system.quarters[person.quarter].kind]
    if 0 <= person.leave_day <= system.nation.day:
        share += system.practice.leave_work * (1.0 - share)
    return bool(person.occupation < share)


def host_agrees(person: Person, system: System) -> float:
    """Chance that a host agrees to take the person: better for those it meets during a permission."""
    agreed = system.practice.agreed_share
    return agreed + system.practice.leave_host * (1.0 - agreed) if person.leave_day >= 0 else agreed
