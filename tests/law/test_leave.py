"""The first permission that helps to prepare a release, against the list of all permissions."""

from __future__ import annotations

import pytest

from sim.dates import NEVER, parse_day
from sim.law.leave import PLACES, first_leave_day, leaves
from sim.law.sentence import Sentence
from sim.law.statutes import Statutes

DAY = parse_day("2024-03-01")
LAW = Statutes.load().at(DAY)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("months", [6, 12, 30, 60, 61, 120])
@pytest.mark.parametrize("facts", [{}, {"surety_end_day": DAY + 400}, {"life": True}, {"removal": True}], ids=str)
def test_it_is_the_first_of_the_family_and_one_day_permissions(place: str, months: int, facts: dict[str, int]) -> None:
    """Whatever the place and the sentence; never for who may have none."""
    sentence = Sentence.of(DAY, months, remand_days=20, **facts)
    kinds = {leave.kind: leave.from_day for leave in leaves(sentence, place, DAY + 10, LAW)}
    expected = min(kinds["family"], kinds["one_day"]) if kinds else NEVER
    assert first_leave_day(sentence, place, DAY + 10, LAW) == expected
