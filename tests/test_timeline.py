from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.timeline import Timeline

points = st.dictionaries(st.integers(-1000, 1000), st.integers(), min_size=1, max_size=8)


def value_on(pairs, day):
    """What a reader of the list would say: the last value begun, or the first one before any began."""
    begun = [d for d in pairs if d <= day]
    return pairs[max(begun)] if begun else pairs[min(pairs)]


@given(points, st.integers(-1100, 1100))
def test_a_value_holds_from_its_day_until_the_next(pairs, day):
    assert Timeline(pairs.items()).at(day) == value_on(pairs, day)


@given(points, st.integers(-1100, 1100), st.integers(-1100, 1100))
def test_a_change_touches_what_is_in_force_from_its_day_on(pairs, on, day):
    before = Timeline(pairs.items())
    after = before.changed(on, lambda value: value + 7)
    assert after.at(day) == before.at(day) + (7 if on <= day else 0)


@given(points, st.integers(-1100, 1100))
def test_changes_after_a_day_are_strictly_later_and_in_order(pairs, day):
    later = Timeline(pairs.items()).changes_after(day)
    assert later == sorted((d, v) for d, v in pairs.items() if d > day)


def test_a_constant_never_changes():
    assert Timeline.constant(3).at(-(10**6)) == Timeline.constant(3).at(10**6) == 3
    assert Timeline.constant(3).changes_after(0) == []


def test_order_of_writing_does_not_matter():
    assert Timeline([(5, "b"), (1, "a")]) == Timeline([(1, "a"), (5, "b")])
    assert hash(Timeline([(5, "b"), (1, "a")])) == hash(Timeline([(1, "a"), (5, "b")]))
    assert Timeline([(1, "a")]) != Timeline([(2, "a")])


@pytest.mark.parametrize(("pairs", "says"), [([], "at least one"), ([(1, 2), (1, 3)], "two values on one day")])
def test_a_timeline_that_cannot_be_is_refused(pairs, says):
    with pytest.raises(ValueError, match=says):
        Timeline(pairs)
