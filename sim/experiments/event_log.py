"""The event log of a results tree, in the columns that process-mining tools read (XES, the standard of event logs).

A case is one stay of one person in one world: tools tell cases by their name alone. ``seq`` counts all the events of a
replication in the order in which they happened, and the times of a day are that order, one second from one to the next (less
on a day of more than 86,399 events), so that no tool need guess what came first. People who were there on the first day have
no committal in the run: their case begins with ``PRESENT_ON_FIRST_DAY``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.records.codes import Movement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PRESENT = "PRESENT_ON_FIRST_DAY"
DAYS = "create table internal.days (filename varchar, day date, first bigint, many bigint)"
"""First row of each day in each file, and how many there are; filled by :func:`days_of` once the log is asked for."""
_NAMED = ("movement_name", "quarter_name", "status_name", "detail_name")


def days_of(reading: str) -> str:
    """Return the statement that fills :data:`DAYS` from the files that ``reading`` reads."""
    return (
        f"insert into internal.days select filename, day, min(file_row_number), count(*) "  # noqa: S608
        f"from {reading} group by filename, day"
    )


def event_log(parts: Sequence[tuple[str, Mapping[str, str]]], unit: str) -> str:
    """Return the SELECT of the view.

    Parameters
    ----------
    parts
        For each codebook: what reads its files (numbered rows of ``events``), and the expressions of
        :func:`~sim.experiments.named_codes.names_of`.
    unit
        Columns that say which world a row is of, of ``internal.units``.
    """
    return " union all ".join(
        f"{_present(reading, unit)} union all {_events(reading, names, unit)}" for reading, names in parts
    )


def _columns(unit: str) -> str:
    case = "concat_ws('/', nullif(experiment, ''), run, draw, replication, person, stay)"
    return f'{unit}, 1 / fraction as weight, {case} as "case:concept:name"'


def _events(reading: str, names: Mapping[str, str], unit: str) -> str:
    name, quarter, status, detail = (names[name] for name in _NAMED)
    second = "(t.file_row_number - d.first + 1)"
    # A day holds 86,399 whole seconds; more events than that are spread over it.
    moment = f"case when d.many < 86399 then to_seconds({second}) else to_microseconds({second} * 86399000000 // d.many) end"
    return f"""
    select {_columns(unit)}, {name} as "concept:name", t.day + {moment} as "time:timestamp",
        t.file_row_number + 1 as seq, {quarter} as "org:resource", person, stay, {status} as status,
        detail::integer as detail, {detail} as detail_name, value
    from {reading} t
    join internal.days d on t.filename = d.filename and t.day = d.day
    join internal.units u on t.filename = u.folder || '/events.parquet'
    """  # noqa: S608


def _present(reading: str, unit: str) -> str:
    return f"""
    select {_columns(unit)}, '{PRESENT}' as "concept:name", start_date::timestamp as "time:timestamp",
        0::bigint as seq, null::varchar as "org:resource", person, stay, null::varchar as status,
        null::integer as detail, null::varchar as detail_name, null::integer as value
    from (
        select filename, person, stay from {reading} where stay = 0 group by filename, person, stay
        having arg_min(movement, file_row_number) <> {Movement.COMMITTED.value} order by filename, person
    ) t join internal.units u on t.filename = u.folder || '/events.parquet'
    """  # noqa: S608
