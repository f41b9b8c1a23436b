"""Occurrences of a person are all different, and those that were ever met have kept their number."""

from __future__ import annotations

from itertools import product

import pytest

from sim.engine.compile import compiled_form
from sim.pathways import occurrences
from sim.population.person import blank

FORMS = [pytest.param(lambda function: function, id="plain"), pytest.param(compiled_form, id="compiled")]
SPREADS = [8, 64, 8192]


@pytest.mark.parametrize("numbers", SPREADS)
def test_no_two_times_of_any_stays_share_a_number(numbers):
    times = list(product(range(40), (*range(2 * numbers if numbers < 100 else 20), numbers - 1, numbers, 30_000)))
    times = list(dict.fromkeys(times))
    assert len({occurrences.within_stay(stay, number, numbers) for stay, number in times}) == len(times)


@pytest.mark.parametrize("form", FORMS)
def test_each_occurrence_has_its_number(form):
    person = blank()
    person.stay, person.hearings, person.further, person.assignments, person.withdrawals = 3, 5, 63, 2, 4
    found = {
        name: int(form(getattr(occurrences, name))(person))
        for name in ("of_request", "of_further_sentence", "of_counsellor", "of_measure")
    }
    assert found == {"of_request": 29, "of_further_sentence": 255, "of_counsellor": 194, "of_measure": 4099}
    assert form(occurrences.of_week)(person, 19_000) == 3 * 8192 + 19_000 // 7


@pytest.mark.parametrize("form", FORMS)
def test_a_ninth_request_does_not_share_its_luck_with_the_first_of_the_next_stay(form):
    ninth, first = blank(), blank()
    ninth.stay, ninth.hearings, first.stay = 1, 8, 2
    assert form(occurrences.of_request)(ninth) != form(occurrences.of_request)(first)
    with pytest.raises(AssertionError, match="numbered from 0"):
        form(occurrences.within_stay)(-1, 0, 8)
