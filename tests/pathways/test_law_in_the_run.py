"""Rules of law that a run applies by itself, each on a life whose dates are known by hand (plain engine)."""

from __future__ import annotations

from typing import Any

import pytest

from sim.dates import NEVER, add_months, iso, parse_day
from sim.engine.compile import twin
from sim.law.calendar import is_working_day, released_on
from sim.records.codes import Status
from tests.neutral import NO_BOARDS, NO_HEARINGS, OFF
from tests.pathways.lives import Small, prison

CLOSED = {**OFF, **NO_BOARDS, **NO_HEARINGS}


def _one(months: int = 10, start: str = "2023-02-01", law: dict[str, Any] | None = None, **facts: Any) -> tuple[Small, Any]:
    """One person, with some rules of law at another value."""
    small = prison(1, CLOSED, {"total_months": months, "consents": False, "share_granted": 0.0, **facts}, start, law)
    return small, small.state.people[small.slots[0]]


# ---- release, never on a Sunday or a public holiday (716-3) -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "leaves"),
    [
        ("2023-07-01", "2024-04-30"),  # ten months end on 1 May 2024, a holiday
        ("2023-03-17", "2024-01-17"),  # a Wednesday
        ("2023-05-09", "2024-03-09"),  # a Saturday: prisons free people on it
        ("2023-05-31", "2024-03-30"),  # 31 March 2024 is Easter Sunday: the Saturday before
        ("2023-06-01", "2024-03-30"),  # 1 April 2024 is Easter Monday
    ],
)
def test_nobody_leaves_on_a_sunday_or_a_holiday(start: str, leaves: str) -> None:
    small, person = _one(10, start)
    small.live(400)
    assert [iso(int(day)) for day in small.exits["day"]] == [leaves]
    assert iso(int(small.exits["end_day"][0])) == iso(add_months(parse_day(start), 10))


def test_without_the_rule_people_leave_on_the_end_itself() -> None:
    small, _ = _one(10, "2023-07-01", law={"sentence.no_release_on_holidays": False})
    small.live(400)
    assert [iso(int(day)) for day in small.exits["day"]] == ["2024-05-01"]


def test_conditional_release_ends_on_its_own_day() -> None:
    """Nobody leaves a prison on that day."""
    small, person = _one(10, "2023-07-01")
    person.status = Status.CONDITIONAL_RELEASE
    from sim.pathways.custody import leaving_day  # noqa: PLC0415

    assert iso(leaving_day(person, small.state)) == "2024-05-01"


def test_the_working_day_before_is_the_same_compiled() -> None:
    compiled = twin(released_on)
    first = parse_day("2018-01-01")
    for day in range(first, first + 20 * 365):
        assert compiled(day) == released_on(day) <= day
        assert is_working_day(released_on(day))
    assert compiled(NEVER) == released_on(NEVER) == NEVER
