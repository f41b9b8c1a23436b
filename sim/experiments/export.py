"""Tables for other programs: CSV as the standard has it, CSV as a French Excel opens it, files of any size.

A cell of text never begins as a formula does: a spreadsheet would run it. What begins with ``=``, ``+``, ``-``, ``@``, a
tabulation or a line break, and is no number, gets an apostrophe in front.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from sim.errors import RequestError, reason
from sim.records.atomic import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

SIGNIFICANT = 12
"""Digits written: more than any figure is worth, few enough to hide the last bit of a sum."""

_FORMULA = r"^[=+\-@\t\r\n]"
_NUMBER = r"^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$"
_PLAIN = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE",
          "BOOLEAN", "DATE")  # fmt: skip
"""Types of DuckDB whose values are written as they are."""


def harmless(cell: object) -> object:
    """Return a cell of CSV that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and re.match(_FORMULA, cell) and not re.match(_NUMBER, cell):
        return "'" + cell
    return cell


def to_csv(frame: pd.DataFrame, *, french: bool = False) -> bytes:
    """Return a table as CSV.

    With ``french``: semicolons, decimal commas and a byte-order mark, which a French Excel needs to see columns, numbers
    and accents on a double click. Without: RFC 4180 with commas and points, UTF-8.
    """
    safe = frame.copy(deep=False)
    for position, kind in enumerate(frame.dtypes):
        if not _is_number(kind):
            safe.isetitem(position, frame.iloc[:, position].map(harmless).array)
    safe.columns = safe.columns.map(harmless)
    text = safe.to_csv(
        index=False,
        sep=";" if french else ",",
        decimal="," if french else ".",
        float_format=f"%.{SIGNIFICANT}g",
        lineterminator="\r\n",
    )
    return text.encode("utf-8-sig" if french else "utf-8")


def _is_number(kind: Any) -> bool:
    from pandas.api import types  # noqa: PLC0415

    return types.is_numeric_dtype(kind) or types.is_bool_dtype(kind) or types.is_datetime64_any_dtype(kind)


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame], *, french: bool = False) -> list[Path]:
    """Write each table as ``<name>.csv`` into a folder, whole or not at all.

    Raises
    ------
    RequestError
        If a file cannot be written there.
    """
    paths = []
    for name, frame in tables.items():
        path = folder / f"{name}.csv"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_atomically(path, to_csv(frame, french=french))
        except OSError as problem:
            msg = f"{path}: cannot be written ({reason(problem)}). Name a folder that can be written."
            raise RequestError(msg) from problem
        paths.append(path)
    return paths


def csv_cells(columns: Mapping[str, str]) -> str:
    """Return the list of a SELECT that makes cells of CSV out of columns: name -> type of DuckDB.

    Times are written as XES has them (``2026-01-01T00:00:06``), what is no number is text, and text is :func:`harmless`.
    """
    told = []
    for name, kind in columns.items():
        column = '"' + name.replace('"', '""') + '"'
        if kind in _PLAIN:
            cell = column
        elif kind.startswith("TIMESTAMP"):
            cell = f"strftime({column}, '%Y-%m-%dT%H:%M:%S')"
        elif kind.startswith(("DECIMAL", "HUGEINT", "UHUGEINT")):
            cell = f"{column}::double"
        else:
            text = f"{column}::varchar"
            is_formula = f"regexp_matches({text}, '{_FORMULA}') and not regexp_matches({text}, '{_NUMBER}')"
            cell = f"case when {is_formula} then '''' || {text} else {text} end"
        header = str(harmless(name)).replace('"', '""')
        told.append(f'{cell} as "{header}"')
    return ", ".join(told)


def write_batches(reader: Any, path: Path) -> int:
    """Write the record batches of an Arrow reader into a file, ``.csv`` or ``.parquet``, whole or not at all.

    Returns
    -------
        Rows written.
    """
    import pyarrow.csv as pa_csv  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    rows = 0
    try:
        if path.suffix == ".csv":
            writer = pa_csv.CSVWriter(str(temporary), reader.schema, write_options=pa_csv.WriteOptions(quoting_style="needed"))
        else:
            writer = pq.ParquetWriter(str(temporary), reader.schema, compression="zstd")
        with writer:
            for batch in reader:
                writer.write_batch(batch)
                rows += batch.num_rows
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return rows
