"""Rows in whole lines of memory, and records asked for ahead: nothing but the time changes."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.compile import compiled_form, fields_of
from sim.engine.prefetch import LINE, in_lines, prefetch
from sim.population.person import PERSON, Person
from tests.worlds import bare_system


@pytest.mark.parametrize("number", [1, 7, 10_000])
def test_rows_begin_where_a_line_begins(number):
    rows = in_lines(number, PERSON)
    assert rows.shape == (number,)
    assert rows.__array_interface__["data"][0] % LINE == 0
    assert PERSON.itemsize % LINE == 0


def test_a_row_holds_every_field_once_and_none_lies_across_two_lines():
    assert sorted(PERSON.names) == sorted(name for name, _ in fields_of(Person))
    taken = np.zeros(PERSON.itemsize, dtype=np.int64)
    for kind, offset, *_ in PERSON.fields.values():
        taken[offset : offset + kind.itemsize] += 1
        assert offset // LINE == (offset + kind.itemsize - 1) // LINE
    assert taken.max() == 1


@pytest.mark.parametrize("name", ["id", "status", "file", "quarter", "home_quarter", "end_day", "sentenced_day"])
def test_what_every_count_looks_at_is_in_the_first_line(name):
    assert PERSON.fields[name][1] < LINE


@pytest.mark.parametrize("form", [lambda function: function, compiled_form], ids=["plain", "compiled"])
def test_a_record_asked_for_is_the_same_record(form):
    state, _ = bare_system(3)
    before = state.people.tobytes()
    for person in state.people:
        assert form(prefetch)(person) is None
    assert state.people.tobytes() == before
