"""The event log of a results tree, in the columns that process-mining tools read (XES, the standard of event logs).

A case is one stay of one person in one world: tools tell cases by their name alone. ``seq`` counts all the events of a
replication in the order in which they happened, and the times of a day are that order, one second from one to the next (less
on a day of more than 86,399 events), so that no tool need guess what came first. People who were there on the first day have
no committal in the run: their case begins with ``PRESENT_ON_FIRST_DAY``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.experiments.named_codes import quoted
from sim.records.codes import Movement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

PRESENT = "PRESENT_ON_FIRST_DAY"
_NAMED = ("movement_name", "quarter_name", "status_name", "detail_name")


class LogOfUnit(NamedTuple):
    """The events of one replication."""

    number: int
    """Of the unit: names the variable that holds where its days begin."""
    reading: str
    """What reads its file, rows numbered."""
    names: Mapping[str, str]
    """Expressions of :func:`~sim.experiments.named_codes.names_of`."""
    unit: str
    """Values of the columns that say which world a row is of, as a SELECT lists them."""
    case: str
    """What the name of a case begins with, as a text of SQL."""
    start: date


def first_rows(log: LogOfUnit) -> str:
    """Return the question whose answer :func:`variable` needs: the day, counted from the first, and the row it begins at."""
    first = quoted(log.start.isoformat())
    return f"select day - date {first} as day, min(file_row_number) as first from {log.reading} group by all order by all"  # noqa: S608


def variable(log: LogOfUnit, rows: Sequence[tuple[int, int]], last: int) -> str:
    """Return the statement that keeps the first row of each day since the first one, and after them ``last``, of all rows."""
    firsts: list[int] = []
    for day, first in [*rows, (rows[-1][0] + 1 if rows else 0, last)]:
        firsts += [first] * (day + 1 - len(firsts))
    return f"set variable days_of_{log.number} = {firsts}::bigint[]"


def event_log(logs: Sequence[LogOfUnit]) -> str:
    """Return the SELECT of the view: no join and no sort, so that rows keep the order of the files, which is that of events."""
    return " union all ".join(f"({_present(log)}) union all ({_events(log)})" for log in logs)


def _columns(log: LogOfUnit) -> str:
    case = f"concat_ws('/', {log.case}, person, stay)"
    return f'{log.unit}, {case} as "case:concept:name"'


def _events(log: LogOfUnit) -> str:
    name, quarter, status, detail = (log.names[name] for name in _NAMED)
    days, day = f"getvariable('days_of_{log.number}')::bigint[]", f"(t.day - date {quoted(log.start.isoformat())})::integer"
    first, after = f"list_extract({days}, {day} + 1)", f"list_extract({days}, {day} + 2)"
    second = f"(t.file_row_number - {first} + 1)"
    # A day holds 86,399 whole seconds; more events than that are spread over it.
    spread = f"to_microseconds({second} * 86399000000 // ({after} - {first}))"
    moment = f"case when {after} - {first} < 86399 then to_seconds({second}) else {spread} end"
    return f"""
    select {_columns(log)}, {name} as "concept:name", t.day + {moment} as "time:timestamp",
        t.file_row_number + 1 as seq, {quarter} as "org:resource", person, stay, {status} as status,
        detail::integer as detail, {detail} as detail_name, value
    from {log.reading} t
    """  # noqa: S608


def _present(log: LogOfUnit) -> str:
    return f"""
    select {_columns(log)}, '{PRESENT}' as "concept:name", date {quoted(log.start.isoformat())}::timestamp as "time:timestamp",
        0::bigint as seq, null::varchar as "org:resource", person, stay, null::varchar as status,
        null::integer as detail, null::varchar as detail_name, null::integer as value
    from (
        select person, stay from {log.reading} where stay = 0 group by person, stay
        having arg_min(movement, file_row_number) <> {Movement.COMMITTED.value} order by person
    )
    """  # noqa: S608
