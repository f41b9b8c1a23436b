"""Whether a Parquet file is the table it should be: its columns, its lists, and codes that stand for something.

All is read in what the file says of itself (schema, codebook, least and greatest value of each column): no row is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.errors import RunFolderError
from sim.records.parquet import cause, codes_of, read_codebook, type_of
from sim.records.tables import SCHEMA, PackedTable

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

INDICATORS = "indicators"
_WAY_OUT = "Run the same scenario and seed again with the same --output: the replications that are intact are kept."
_LEAST = -2
"""Least code there is: a measure from liberty (``measures.adjustment``); -1 is nothing."""


def check_table(path: Path, rows: int) -> None:
    """Refuse a file that is not the table its name says.

    Parameters
    ----------
    path
        ``<table>.parquet`` or ``indicators.parquet``.
    rows
        Rows that were announced.

    Raises
    ------
    RunFolderError
        Naming the column, what was met and what was expected.
    """
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        found = pq.read_metadata(path)
        met = found.schema.to_arrow_schema()
    except (OSError, pa.ArrowException, ValueError) as problem:
        msg = f"{path}: cannot be read as a table of sortie ({cause(problem)}). {_WAY_OUT}"
        raise RunFolderError(msg) from problem
    name = path.stem
    wanted = _indicators(met) if name == INDICATORS else _table(name)
    if dict(zip(met.names, met.types, strict=True)) != wanted:
        differs = next((column for column in [*wanted, *met.names] if _kind(met, column) != wanted.get(column)), "columns")
        found_kind, wanted_kind = _kind(met, differs) or "nothing", wanted.get(differs, "no such column")
        msg = f"{path}: {differs}: met {found_kind}, expected {wanted_kind}. {_WAY_OUT}"
        raise RunFolderError(msg)
    if found.num_rows != rows:
        msg = f"{path}: met {found.num_rows} rows, {rows} were announced. {_WAY_OUT}"
        raise RunFolderError(msg)
    if name != INDICATORS:
        _codes_stand_for_something(path, found)


def _kind(schema: pa.Schema, column: str) -> pa.DataType | None:
    return schema.field(column).type if column in schema.names else None


def _table(name: str) -> dict[str, pa.DataType]:
    dtype = PackedTable(name).dtype
    return {column.name: type_of(column.name, dtype[column.name]) for column in SCHEMA[name]}


def _indicators(met: pa.Schema) -> dict[str, pa.DataType]:
    """Text is one type of Arrow or another, as pandas has it."""
    import pyarrow as pa  # noqa: PLC0415

    words = {name: pa.string() for name in ("period", "indicator", "group")}
    for name in words:
        kind = _kind(met, name)
        if kind is not None and (pa.types.is_large_string(kind) or pa.types.is_string(kind)):
            words[name] = kind
    return {**words, "value": pa.float64()}


def _codes_stand_for_something(path: Path, found: pa.parquet.FileMetaData) -> None:
    book = read_codebook(path)
    for column in SCHEMA[path.stem]:
        names = codes_of(column.name, book)
        if names is None:
            continue
        position = found.schema.names.index(column.name)
        for group in range(found.num_row_groups):
            told = found.row_group(group).column(position).statistics
            if told is None or not told.has_min_max:
                continue
            least, greatest = np.int64(told.min), np.int64(told.max)
            if least < _LEAST or greatest > len(names):
                code = least if least < _LEAST else greatest
                msg = f"{path}: {column.name}: met {code}, expected a code of one of {len(names)}. {_WAY_OUT}"
                raise RunFolderError(msg)
