"""Parameters as changes are made to them one after another, in order of date, without writing the whole timeline each time.

A file with three thousand dated changes of one value is small (220 kB): made one by one on whole timelines they would take
the square of that.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.scenario.values import ALWAYS, merged
from sim.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.scenario.sourced import Sourced
    from sim.scenario.values import Value


class Growing:
    """One parameter being changed; :meth:`sourced` gives what it has become."""

    def __init__(self, leaf: Sourced) -> None:
        self.leaf = leaf
        self.days = list(leaf.timeline.days)
        self.values = list(leaf.timeline.values)
        self._first = self.days[0]

    def at(self, day: int) -> Value:
        """Value in force on a day."""
        return self.values[max(bisect_right(self.days, day) - 1, 0)]

    def change(self, day: int, step: Callable[[Value], Value], until: int | None = None) -> None:
        """Pass every value in force from a day on, and before another if one is given, through ``step``."""
        if until is not None:
            self._split(until)
        if day < self.days[0] and day > ALWAYS:  # the first value held before the change too, and still does
            self.days.insert(0, ALWAYS)
            self.values.insert(0, self.values[0])
        self._split(day)
        last = len(self.days) if until is None else bisect_left(self.days, until)
        for position in range(bisect_left(self.days, day), last):
            self.values[position] = step(self.values[position])

    def _split(self, day: int) -> None:
        """Have a value begin on a day: the one in force."""
        place = bisect_left(self.days, day)
        if place == len(self.days) or self.days[place] != day:
            before = self.at(day)
            self.days.insert(place, day)
            self.values.insert(place, before)

    def sourced(self) -> Sourced:
        """Return the parameter as it is after the changes made so far."""
        timeline = Timeline(zip(self.days, self.values, strict=True))
        return replace(self.leaf, timeline=merged(timeline, self._first))
