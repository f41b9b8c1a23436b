"""Dating the reviews of remission: the next one, and again when something other than a review moves the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.agenda import Step, schedule
from sim.institutions.state import law_for
from sim.law.remission import examined_ahead, next_review, review_of_period
from sim.pathways.custody import date_end

if TYPE_CHECKING:
    from sim.institutions.state import State
    from sim.law.remission import Review
    from sim.population.person import Person


def next_board(person: Person, state: State, after_day: int) -> Review | None:
    """Next review of the remission: on the sentences alone, what was withdrawn has none."""
    lost = person.remission_lost
    person.end_day -= lost
    review = next_review(person, after_day, law_for(state, person))
    person.end_day += lost
    return review


def board_of_period(person: Person, state: State, day: int) -> Review | None:
    """Review of the period under way, even if its day has passed, or the next; on the sentences alone."""
    lost = person.remission_lost
    person.end_day -= lost
    review = review_of_period(person, day, law_for(state, person))
    person.end_day += lost
    return review


def date_review(person: Person, state: State, after_day: int) -> None:
    """Date the next review of the remission, tomorrow at the earliest."""
    set_review(person, state, next_board(person, state, after_day))


def set_review(person: Person, state: State, review: Review | None) -> None:
    """Put a review of the remission in the register, tomorrow at the earliest."""
    if review is not None:
        person.review_days = review.max_days
        person.review_deducted = 0
        person.review_last = review.last
        person.review_ahead = review.max_days if examined_ahead(person, review, law_for(state, person)) else 0
        person.review_day = max(review.day, state.nation.day + 1)
        schedule(state, person.review_day, Step.REMISSION, person)


def review_period_again(person: Person, state: State) -> None:
    """Date the review of the period under way again: the end has been put off, by a sentence or by time at large.

    What the last review could grant for a period not over is deducted from this one.
    """
    person.review_day = -1
    set_review(person, state, board_of_period(person, state, state.nation.day))
    if person.review_day >= 0:
        person.review_days = max(person.review_days - person.ahead_days, 0)
        person.review_deducted = person.ahead_days


def date_end_moved(person: Person, state: State) -> None:
    """Date the end that something other than a review has brought nearer, and the review, which comes nearer with it."""
    if person.review_day >= state.nation.day:
        review_again(person, state)
    # Whatever review was to come first, the sentence cannot end later than this.
    date_end(person, state)


def review_again(person: Person, state: State) -> None:
    """Reckon the review to come under the new text: what a board may grant is what the law of its own day allows (721).

    A board that sits today keeps its day; one that should have sat already under the new text sits tomorrow.
    """
    day, deducted = state.nation.day, person.review_deducted
    law = law_for(state, person)
    review = next_board(person, state, day - 1)
    if review is None or (person.review_day == day and review.day != day):
        # None, or a later one: the board of today sits for the period under way, whose day had passed when a sentence came.
        review = board_of_period(person, state, day)
        # It may bear on a period that the last review examined ahead, or on what a sentence that came has reopened.
        deducted = max(deducted, person.ahead_days)
    if review is None:
        person.review_days = 0  # nothing may be granted any more
        return
    if person.review_day > day and review.day != person.review_day:
        set_review(person, state, review)
    else:
        person.review_days, person.review_last = review.max_days, review.last
        person.review_ahead = review.max_days if examined_ahead(person, review, law) else 0
    person.review_days = max(person.review_days - deducted, 0)
    person.review_deducted = deducted
