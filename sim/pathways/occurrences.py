"""Which time a person meets a decision point: the occurrence a draw is keyed by (decision 0003).

What happens several times within a stay is numbered through the stays, so many numbers to each. What goes beyond them has
numbers of its own, far from those of any stay: no two occurrences of a person share their luck.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.engine.compile import Day
    from sim.population.person import Person

_REQUESTS = 1 << 3
_SENTENCES = _COUNSELLORS = 1 << 6
_YEARS = 1 << 6
_LEAVES = 1 << 7
_OFFERS = 1 << 8
_JOBS = 1 << 8
_COURSES = 1 << 6
_WEEKS = 1 << 13
_STAYS = 1 << 10
_MEASURES = 1 << 26
_BEYOND = 1 << 40
_MOST = 1 << 16
"""More than any count of a person may be: they are 16 bits wide."""


def within_stay(stay: int, number: int, numbers: int) -> int:
    """Occurrence of the ``number``-th time in a stay, where each stay has so many numbers."""
    assert 0 <= stay < _MOST, "a stay is numbered from 0"
    assert 0 <= number < _MOST, "what happens in a stay is numbered from 0"
    if number < numbers:
        return int(stay) * numbers + int(number)
    return _BEYOND + int(stay) * _MOST + int(number)


def of_request(person: Person) -> int:
    """Which request of all stays is prepared, heard, decided."""
    return within_stay(person.stay, person.hearings, _REQUESTS)


def of_further_sentence(person: Person) -> int:
    """Which further sentence of all stays comes next."""
    return within_stay(person.stay, person.further, _SENTENCES)


def of_counsellor(person: Person) -> int:
    """Which counsellor of all stays takes the person."""
    return within_stay(person.stay, person.assignments, _COUNSELLORS)


def of_leave(person: Person) -> int:
    """Which request for a permission to go out of all stays is decided next."""
    return within_stay(person.stay, person.leave_requests, _LEAVES)


def of_offer(person: Person) -> int:
    """Which host of all stays is asked next for a place to live in."""
    return within_stay(person.stay, person.lodging_offers, _OFFERS)


def of_job(person: Person) -> int:
    """Which job of all stays is had."""
    return within_stay(person.stay, person.jobs, _JOBS)


def of_course(person: Person) -> int:
    """Which treatment of all stays is had."""
    return within_stay(person.stay, person.care_courses, _COURSES)


def of_week(person: Person, day: Day) -> int:
    """Which week the person is looked at in: the same luck whatever was decided before."""
    return within_stay(person.stay, day // 7, _WEEKS)


def of_year_served(person: Person, day: Day) -> int:
    """Which year of all stays is under way on a day: what a board examines."""
    return within_stay(person.stay, max(day - person.start_day, 0) // 365, _YEARS)


def of_measure(person: Person) -> int:
    """Which measure of the stay is granted, or examined by a board: a new one after each withdrawal."""
    assert 0 <= person.stay < _STAYS, "more stays than have a number"
    return int(person.stay) + _STAYS * int(person.withdrawals)


def of_incident(person: Person) -> int:
    """Which incident of which measure of the stay comes next."""
    assert 0 <= person.incidents < 1 << 14, "more incidents than have a number"
    return of_measure(person) + _MEASURES * int(person.incidents)
