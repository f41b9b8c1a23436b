"""Tables for other programs: CSV as the standard has it, CSV as a French Excel opens it, JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.records.atomic import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

SIGNIFICANT = 12
"""Digits written: more than any figure is worth, few enough to hide the last bit of a sum."""


def to_csv(frame: pd.DataFrame, *, french: bool = False) -> bytes:
    """Return a table as CSV.

    With ``french``: semicolons, decimal commas and a byte-order mark, which a French Excel needs to see columns, numbers
    and accents on a double click. Without: RFC 4180 with commas and points, UTF-8.
    """
    form = f"%.{SIGNIFICANT}g"
    text = frame.to_csv(
        index=False,
        sep=";" if french else ",",
        decimal="," if french else ".",
        float_format=form,
        lineterminator="\r\n",
    )
    return text.encode("utf-8-sig" if french else "utf-8")


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame], *, french: bool = False) -> list[Path]:
    """Write each table as ``<name>.csv`` into a folder, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, frame in tables.items():
        path = folder / f"{name}.csv"
        write_atomically(path, to_csv(frame, french=french))
        paths.append(path)
    return paths
