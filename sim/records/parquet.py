"""Tables as Parquet files that describe themselves, the same tables always giving the same bytes.

The codebook, the meaning of each column and the names behind its codes are in the file's own metadata: a file taken out
of its folder can still be read. Nothing that varies from one making to the next (times, machine) is written in it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import RunFolderError, reason
from sim.records.codes import Cause, LeaveEnd, Lodging, Movement, Offence, Outcome, Purpose, Removal, Status, WaitingList
from sim.records.tables import NO_DAY, ROWS_OF_BLOCK, SCHEMA, Codebook, PackedTable, is_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from enum import IntEnum
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

CODED: dict[str, type[IntEnum]] = {
    "movement": Movement,
    "status": Status,
    "outcome": Outcome,
    "cause": Cause,
    "offence": Offence,
    "list": WaitingList,
    "lodging": Lodging,
    "purpose": Purpose,
    "result": LeaveEnd,
    "measure": Removal,
}
LISTED = {
    "stream": "streams",
    "adjustment": "adjustments",
    "site": "sites",
    "kind": "kinds",
    "interregion": "interregions",
    "quarter": "quarters",
}
_METADATA = b"sortie"
# On a national run's exits (722,000 rows): 0.42 s and 24.8 MB like this, 0.81 s and 29.1 MB with dictionaries for days,
# persons and scores too, 0.42 s and 32.1 MB with Snappy.
_COMPRESSION, _LEVEL, _CODE_BITS = "zstd", 1, 16


def encode(name: str, blocks: Iterable[NDArray[Any] | Mapping[str, NDArray[Any]]], codebook: Codebook) -> bytes:
    """Return a table as the bytes of a Parquet file.

    Parameters
    ----------
    name
        Table of :data:`~sim.records.tables.SCHEMA`.
    blocks
        One after the other, structured arrays, shape ``(n_rows,)``, whose fields are the columns of that table, or its columns
        by name (:meth:`~sim.records.tables.PackedTable.blocks`); one at least, and each a group of rows of the file.
    codebook
        The run's own lists, written into the file.
    """
    import pyarrow as pa  # noqa: PLC0415 (0.1 s, and `sortie --help` needs no table)
    import pyarrow.parquet as pq  # noqa: PLC0415

    fields = []
    dtype = PackedTable(name).dtype
    for column in SCHEMA[name]:
        described = {"meaning": column.meaning, **_names_of(column.name)}
        kind = type_of(column.name, dtype[column.name])
        fields.append(pa.field(column.name, kind, nullable=is_date(column.name), metadata=described))
    about = {"table": name, "codebook": asdict(codebook)}
    schema = pa.schema(fields, metadata={_METADATA: json.dumps(about, ensure_ascii=False, sort_keys=True)})
    sink = pa.BufferOutputStream()
    codes = [field.name for field in fields if field.type.bit_width <= _CODE_BITS]
    with pq.ParquetWriter(sink, schema, compression=_COMPRESSION, compression_level=_LEVEL, use_dictionary=codes) as writer:
        for rows in blocks:
            columns = [_column(np.ascontiguousarray(rows[field.name]), field.type) for field in fields]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema), row_group_size=ROWS_OF_BLOCK)
    encoded: bytes = sink.getvalue().to_pybytes()
    return encoded


def type_of(column: str, dtype: np.dtype[Any]) -> pa.DataType:
    """Return the type that a column of a table has in a file."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.date32() if is_date(column) else pa.from_numpy_dtype(dtype)


def codes_of(column: str, book: Codebook) -> Sequence[str] | None:
    """Return the names that the codes of a column stand for, in order; nothing for a column that holds no code."""
    if column in CODED:
        return [member.name for member in CODED[column]]
    named = {**LISTED, "regime": "regimes"}
    return getattr(book, named[column]) if column in named else None


def _column(values: NDArray[Any], kind: pa.DataType) -> pa.Array:
    """Return one column for Arrow: of a date, null where the day did not come."""
    import pyarrow as pa  # noqa: PLC0415

    if not pa.types.is_date32(kind):
        return pa.array(values, type=kind)
    return pa.array(values, type=kind, mask=values == NO_DAY)


def _names_of(column: str) -> dict[str, str]:
    if column in CODED:
        return {"codes": json.dumps([member.name for member in CODED[column]])}
    if column in LISTED:
        return {"codes": f"codebook.{LISTED[column]}"}
    return {}


def read_frame(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a table, or some of its columns, as a data frame; small integers stay small, dates are day numbers.

    A date of the file is an ``int32`` of the frame, days since 1970-01-01, and :data:`~sim.records.tables.NO_DAY` where it is
    null: what the tables of a run that has just ended hold.

    Raises
    ------
    RunFolderError
        If the file is missing or damaged.
    """
    frame: pd.DataFrame = _as_day_numbers(_read(path, columns)).to_pandas()
    return frame


def _as_day_numbers(table: pa.Table) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415

    for position, field in enumerate(table.schema):
        if pa.types.is_date32(field.type):
            days = table.column(position).cast(pa.int32()).fill_null(NO_DAY)
            table = table.set_column(position, field.name, days)
    return table


def read_codebook(path: Path) -> Codebook:
    """Read the run's own lists from the metadata of one of its tables.

    Raises
    ------
    RunFolderError
        If the file is missing, damaged, or was not written by sortie.
    """
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        metadata = pq.read_schema(path).metadata or {}
        lists = json.loads(metadata[_METADATA])["codebook"]
        return Codebook(**{key: tuple(entries) for key, entries in lists.items()})
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as problem:
        raise _unreadable(path, problem) from problem


def _read(path: Path, columns: Sequence[str] | None) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        # One thread: replications are read side by side, and a table is read faster than threads are started.
        return pq.read_table(path, columns=list(columns) if columns else None, use_threads=False)
    except (OSError, pa.ArrowException) as problem:
        raise _unreadable(path, problem) from problem


def _unreadable(path: Path, problem: Exception) -> RunFolderError:
    return RunFolderError(
        f"{path}: cannot be read as a table of sortie ({cause(problem)}). "
        f"Run the same scenario and seed again with the same --output: the replications that are intact are kept."
    )


def cause(problem: Exception) -> str:
    """Return why a file cannot be read as a table: the system's reason, or that it is no whole Parquet file of sortie."""
    return reason(problem) if isinstance(problem, OSError) and problem.errno else "damaged, or not Parquet"
