"""Values of a scenario as they stand on a day, each written once: its name, its path, how it is read, what it says.

A class whose attributes are made by :func:`value` is a table of values, and :func:`group` says where in the scenario they are.
An attribute is named by the last part of its path, unless it says another one. :func:`read` reads a table on a day;
:func:`paths_of` says which parameters each of its values is made of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sim.scenario.scenario import Scenario

Table = TypeVar("Table", bound=type)
TOPS = ("costs", "flows", "means", "population", "practices", "reconviction", "stock")
"""First parts of paths: a path that begins with one of them is whole."""
_WITHIN = "_within"


class Reading(NamedTuple):
    """A scenario on a day."""

    scenario: Scenario
    day: int
    about: Any = None
    """What else a reader may need to know: the adjustments of a run, for instance."""

    def number(self, path: str) -> float:
        """Value of a number; a whole one is a real one."""
        return float(self.scenario.number(path, self.day))

    def whole(self, path: str) -> int:
        """Value of a whole number, of days for instance."""
        return int(self.scenario.number(path, self.day))

    def table(self, path: str) -> Mapping[str, float]:
        """Values of a table, by name."""
        return self.scenario.table(path, self.day)

    def listed(self, path: str) -> list[float]:
        """Values of a list."""
        return [float(number) for number in self.scenario.numbers(path, self.day)]


class Value(NamedTuple):
    """A value of a table, before its place in the scenario is known."""

    says: str
    reader: Callable[..., Any]
    """Function of a :class:`Reading` and of the paths."""
    parts: tuple[str, ...]
    """Paths it is made of: whole, or within the group; empty for the name of the attribute."""


def value(says: str, reader: Callable[..., Any] = Reading.number, *parts: str) -> Any:
    """Write a value of a table.

    Parameters
    ----------
    says
        What it says, units included.
    reader
        Function of a :class:`Reading` and of a path for each of ``parts``.
    parts
        Paths it is made of, whole or within the group of the table; the name of the attribute if none is given.
    """
    return Value(says, reader, parts or ("",))


def group(within: str) -> Callable[[Table], Table]:
    """Say where in the scenario the values of a table are."""

    def placed(table: Table) -> Table:
        setattr(table, _WITHIN, within)
        return table

    return placed


def values_of(table: type) -> dict[str, Value]:
    """Values of a table, by name."""
    return {name: each for name, each in vars(table).items() if isinstance(each, Value)}


def paths_of(table: Any) -> dict[str, tuple[str, ...]]:
    """Paths in the scenario of each value of a table, by its name."""

    def path(name: str, part: str) -> str:
        return part if part.partition(".")[0] in TOPS else f"{getattr(table, _WITHIN)}.{part or name}"

    return {name: tuple(path(name, part) for part in each.parts) for name, each in values_of(table).items()}


def read(table: type, reading: Reading) -> dict[str, Any]:
    """Read the values of a table, by name."""
    paths = paths_of(table)
    return {name: each.reader(reading, *paths[name]) for name, each in values_of(table).items()}
