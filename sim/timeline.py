"""A value that changes on given days: law, means and practices alike."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

_ALWAYS = -(2**31)
"""A day before any other."""


class Timeline(Generic[T]):
    """A step function of time: ``(day, value)`` pairs; each value holds from its day until the next.

    Before the first day the first value holds: sources seldom reach back as far as a run does, and the
    earliest known value is the least bad one (the assumption is named in ``docs/``).
    """

    __slots__ = ("days", "values")

    def __init__(self, points: Iterable[tuple[int, T]]) -> None:
        pairs = sorted(points, key=lambda point: point[0])
        if not pairs:
            msg = "a timeline needs at least one value"
            raise ValueError(msg)
        self.days: tuple[int, ...] = tuple(day for day, _ in pairs)
        self.values: tuple[T, ...] = tuple(value for _, value in pairs)
        if len(set(self.days)) != len(self.days):
            msg = "two values on one day"
            raise ValueError(msg)

    @classmethod
    def constant(cls, value: T) -> Timeline[T]:
        """Return the timeline that never changes."""
        return cls([(_ALWAYS, value)])

    def at(self, day: int) -> T:
        """Value in force on a day."""
        index = bisect_right(self.days, day)
        return self.values[index - 1 if index else 0]

    def changed(self, day: int, change: Callable[[T], T]) -> Timeline[T]:
        """Return the timeline in which every value in force from ``day`` on has been passed through ``change``."""
        points = [(d, v) for d, v in zip(self.days, self.values, strict=True) if d < day]
        if not points and day > _ALWAYS:  # the first value held before the change too, and still does
            points.append((_ALWAYS, self.values[0]))
        points.append((day, change(self.at(day))))
        points += [(d, change(v)) for d, v in zip(self.days, self.values, strict=True) if d > day]
        return Timeline(points)

    def changes_after(self, day: int) -> list[tuple[int, T]]:
        """List the changes strictly after a day, in order."""
        return [(d, v) for d, v in zip(self.days, self.values, strict=True) if d > day]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timeline) and self.days == other.days and self.values == other.values

    def __hash__(self) -> int:
        return hash((self.days, self.values))

    def __repr__(self) -> str:
        return f"Timeline({list(zip(self.days, self.values, strict=True))!r})"


def at(timeline: Timeline[T], day: int) -> T:
    """Value in force on a day: :meth:`Timeline.at` as a function, which the compiled engine has for its own timelines."""
    return timeline.at(day)
