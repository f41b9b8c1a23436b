"""What a question in SQL reads, and what it would add together that must not be added.

A tree of results may hold a try on a sample beside the whole country, runs over other windows or by another version, and
each run has figures of several periods and groups. An average over all of them is a number, plausible and wrong. A question
that adds rows up therefore names a column that tells them apart, or is refused with the way out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LISTS = ("views", "units", "parameters", "levers")
"""Views that say what there is; counting their rows adds no figure to another."""
LONG = ("figures", "differences")
"""Views in which the rows of one run are of several periods and groups."""
HIDING = ("query", "query_table")
"""Functions that read a view whose name is a text: what they read cannot be known beforehand."""
WHOLE = ("run", "experiment")
"""Columns each of which tells frames apart by itself."""

FRAMES: dict[str, tuple[str, ...]] = {
    "fraction": ("fraction",),
    "window": ("start_date", "measure_from", "end_date"),
    "version": ("version", "code"),
}
"""What makes two runs of one name different worlds, and the columns that say so."""


@dataclass(frozen=True)
class Question:
    """What one SELECT reads."""

    text: str
    tables: frozenset[str]
    """Names in FROM, in small letters; those of a WITH among them."""
    columns: frozenset[str]
    functions: frozenset[str]

    def adds_up(self, aggregates: frozenset[str]) -> bool:
        """Say whether rows are added together somewhere in it."""
        return bool(self.functions & aggregates)


@dataclass
class _Found:
    tables: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)


def read_question(text: str, tree: str) -> Question:
    """Read what DuckDB's own parser made of a SELECT (``json_serialize_sql``).

    Raises
    ------
    RequestError
        If it reads a view whose name is not written in it.
    """
    found = _Found()
    for node in _nodes(json.loads(tree)):
        if node.get("type") == "BASE_TABLE":
            found.tables.add(str(node.get("table_name", "")).lower())
        kind = node.get("class")
        if kind == "COLUMN_REF":
            found.columns.add(str(node["column_names"][-1]).lower())
        elif kind in {"FUNCTION", "WINDOW", "AGGREGATE"}:
            found.functions.add(str(node.get("function_name", "")).lower())
        found.columns |= {str(name).lower() for name in node.get("using_columns") or ()}
    if hiding := found.functions & set(HIDING):
        msg = f"met {min(hiding)}(…): name the view itself, so that what is read can be known."
        raise RequestError(msg)
    return Question(text, frozenset(found.tables), frozenset(found.columns), frozenset(found.functions))


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def must_not_pool(question: Question, units: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a question that adds up rows of different worlds without telling them apart.

    Parameters
    ----------
    question
        One whose rows are added up.
    units
        The replications it reads, rows of the view ``units``.

    Raises
    ------
    RequestError
        Naming what differs, the values met, and what to write.
    """
    if not question.columns & set(WHOLE):
        for what, columns in FRAMES.items():
            met = {tuple(unit[column] for column in columns) for unit in units}
            if len(met) > 1 and not question.columns & set(columns):
                column = next(name for number, name in enumerate(columns) if len({row[number] for row in met}) > 1)
                values = sorted({unit[column] for unit in units})
                msg = (
                    f"the runs here are of more than one {what} ({column}: {', '.join(map(str, values[:4]))}), and this "
                    f"question would add them together. Choose one, as in `where {column} = {_written(values[-1])}`, or tell "
                    f"them apart with `group by {column}`; or ask one folder with --output."
                )
                raise RequestError(msg)
        if twice := _two_worlds(units):
            msg = (
                f"'{twice}' was run from more than one file of that name, and this question would add them together. "
                f"Choose one by its `run`, or ask one folder with --output."
            )
            raise RequestError(msg)
    if question.tables & set(LONG) and question.functions - {"count", "count_star"}:
        lacking = [name for name in ("period", "group") if name not in question.columns]
        if lacking:
            words = {"period": "period = 'measured'", "group": "\"group\" = 'all'"}
            msg = (
                f"the rows of {', '.join(sorted(question.tables & set(LONG)))} are of several periods and groups, and this "
                f"question would add them together: it names no {' and no '.join(lacking)}. Write "
                f"`where {' and '.join(words[name] for name in lacking)}`, or ask the views `headline`, `headline_differences` "
                f"and `measured`, which hold one row a replication."
            )
            raise RequestError(msg)


def _two_worlds(units: Sequence[Mapping[str, Any]]) -> str:
    """Return the name of a scenario that stands for two different ones in one experiment, draw and frame, if there is one."""
    digests: dict[tuple[Any, ...], set[str]] = {}
    for unit in units:
        frame = tuple(unit[column] for columns in FRAMES.values() for column in columns)
        digests.setdefault((unit["scenario"], unit["experiment"], unit["draw"], *frame), set()).add(unit["digest"])
    return next((str(key[0]) for key, met in digests.items() if len(met) > 1), "")


def _written(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else f"'{value}'"
