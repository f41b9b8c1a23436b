"""Record classes whose fields are each written once, with all that is derived from them.

A field is an annotated class attribute made by :func:`field`: its annotation says how wide it is (:func:`fields_of`), its value
what it is before anything has happened, and its tags what else is made of it: which functions reset it, which copy it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.engine.compile import fields_of
from sim.engine.generated import function
from sim.engine.prefetch import LINE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

INTS = np.zeros(1, dtype=np.int64)
"""A column of whole numbers, to declare what Python calls with (:func:`sim.engine.compile.entry`)."""


class Field(NamedTuple):
    """What is written of a field beside its name and its width."""

    default: float
    """Value before anything has happened."""
    hot: bool
    """Whether it lies in the first line of a row (:func:`in_whole_lines`)."""
    tags: Mapping[str, Any]


def field(default: float, *, hot: bool = False, **tags: Any) -> Any:
    """Write a field of a record class."""
    return Field(default, hot, tags)


def written_fields(record: type) -> dict[str, Field]:
    """Fields of a record class, by name, in the order they are written."""
    return {name: getattr(record, name) for name, _ in fields_of(record)}


def tagged(record: type, **tags: Any) -> tuple[str, ...]:
    """Names of the fields that bear these tags with these values."""
    return tuple(name for name, each in written_fields(record).items() if all(each.tags.get(tag) == tags[tag] for tag in tags))


def wide(record: type, names: Iterable[str]) -> list[tuple[str, Any]]:
    """Columns of some fields of a record, whole numbers 64 bits wide: for values that are yet to be put in their place."""
    kinds = dict(fields_of(record))
    return [(name, "i8" if str(kinds[name]).startswith("i") else kinds[name]) for name in names]


def in_whole_lines(record: type) -> np.dtype[Any]:
    """Lay a row out in whole lines of memory, the hot fields in the first, so that none lies across two.

    The order of the class is for readers. Fields that are read together cost one wait for memory if they share a line
    (decision 0011).
    """
    kinds = {name: np.dtype(kind) for name, kind in fields_of(record)}
    written = written_fields(record)
    names = sorted(kinds, key=lambda name: (not written[name].hot, -kinds[name].itemsize))
    sizes = [kinds[name].itemsize for name in names]
    hot = sum(size for name, size in zip(names, sizes, strict=True) if written[name].hot)
    assert hot == LINE, f"the first line of a row of {record.__name__} holds {hot} bytes, not {LINE}: mark fields hot, or less"
    offsets = [sum(sizes[:place]) for place in range(len(names))]
    lines = -(-sum(sizes) // LINE)
    formats = [kinds[name] for name in names]
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": lines * LINE})


def resetting(name: str, record: type, names: Iterable[str]) -> Callable[[Any], None]:
    """Make a function that gives some fields of a row of a record the value they have before anything has happened."""
    written = written_fields(record)
    return function(name, "row", [f"row.{each} = {_plain(written[each].default)!r}" for each in names])


def copying(name: str, names: Iterable[str]) -> Callable[[Any, Any], None]:
    """Make a function that copies fields to a row from another one."""
    return function(name, "to, row", [f"to.{each} = row.{each}" for each in names])


def _plain(value: Any) -> Any:
    """Value without the name an enumeration gives it."""
    return value if isinstance(value, bool | float) else int(value)


def taken(rows: NDArray[Any], which: NDArray[Any]) -> NDArray[Any]:
    """Return some rows of a table, by place or by a yes or no each, copied whole.

    Of itself NumPy copies them field by field: 34 ms for 60,000 rows of 36 fields, against 4 like this.
    """
    chosen: NDArray[Any] = _whole(rows)[which].view(rows.dtype)
    return chosen


def joined(rows: NDArray[Any], more: NDArray[Any]) -> NDArray[Any]:
    """Return the rows of a table, then those of another one of the same fields, copied whole (:func:`taken`)."""
    both: NDArray[Any] = np.concatenate((_whole(rows), _whole(more))).view(rows.dtype)
    return both


def _whole(rows: NDArray[Any]) -> NDArray[Any]:
    """The same rows as so many bytes each."""
    return rows.view(np.dtype((np.void, rows.dtype.itemsize)))
