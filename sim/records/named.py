"""Tables as people read them: names in place of codes, dates in place of day numbers, ``NA`` where there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.dates import NEVER
from sim.errors import RunFolderError
from sim.records.parquet import CODED, LISTED
from sim.records.tables import is_date

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.records.tables import Codebook

FLAGS = frozenset({
    "sentenced", "felony", "female", "foreign", "removal", "recidive", "homeless", "housed", "home", "withdrawn",
    "counsellor_against", "prosecutor_against", "by_board", "reserved", "visited", "board", "care",
})  # fmt: skip
"""Columns that are 1 for yes and 0 for no, where they are one byte wide (the census counts ``sentenced`` people in four)."""
LIBERTY = "from liberty"
"""Name of the procedure of a measure that no cell came before."""
UNSENTENCED = "unsentenced"
"""Way out of somebody who leaves without a sentence to serve: neither dry nor adjusted."""
_FROM_LIBERTY = -2
_NO_REGIME = {"exits": "dry", "ends": "none", "decisions": "none"}
"""Tables in which somebody may be on no regime, and what that is called."""
_OR_NOTHING = frozenset({"places", "quality"})
"""Other columns in which -1 is nothing."""


def named_table(name: str, frame: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return a table with names and dates.

    Parameters
    ----------
    name
        Table of :data:`~sim.records.tables.SCHEMA`.
    frame
        Its rows, as :meth:`~sim.records.run_folder.RunFolder.table` reads them; any of its columns.
    codebook
        What the codes stand for.

    Returns
    -------
        The same columns: codes as pandas categories, days as ``datetime64``, flags as booleans; ``NA`` (``NaT``, ``NaN``) for
        a code or a day of -1. A ``regime`` is ``dry`` only for people who had a sentence to serve, else ``unsentenced``.

    Raises
    ------
    RunFolderError
        If a code has no name: the table and the codebook are not of one run.
    """
    named = pd.DataFrame({column: _named(name, column, frame[column], codebook) for column in frame.columns}, index=frame.index)
    if name in _NO_REGIME and {"regime", "sentenced"} <= set(named.columns):
        named["regime"] = named["regime"].cat.add_categories(UNSENTENCED).mask(~named["sentenced"], UNSENTENCED)
    return named


def names_of(column: str, codebook: Codebook) -> tuple[str, ...] | None:
    """Return the names of the codes of a column, from code 0 on; None if it holds no codes."""
    if column == "regime":
        return codebook.regimes
    if column in LISTED:
        listed: tuple[str, ...] = getattr(codebook, LISTED[column])
        return listed
    if column in CODED:
        names = {member.value: member.name for member in CODED[column]}
        return tuple(names.get(code, "") for code in range(max(names) + 1))
    return None


def _named(table: str, column: str, values: pd.Series, codebook: Codebook) -> object:
    array = values.to_numpy()
    if is_date(column):
        return dates_of(array)
    names = names_of(column, codebook)
    if names is not None:
        codes = array.astype(np.int64)
        if table == "measures" and column == "adjustment":
            names, codes = (*names, LIBERTY), np.where(codes == _FROM_LIBERTY, len(names), codes)
        if column == "regime" and table in _NO_REGIME:
            names, codes = (_NO_REGIME[table], *names), codes + 1
        if len(codes) and codes.max() >= len(names):
            msg = f"table {table}: column {column}: code {codes.max()} has no name among the {len(names)} of the codebook."
            raise RunFolderError(msg)
        return _categories(codes, names)
    if column in FLAGS and array.dtype.itemsize == 1:
        return array != 0
    if column in _OR_NOTHING:
        return values.where(array >= 0)
    return array


def dates_of(days: NDArray[np.integer]) -> pd.Series:
    """Return day numbers as dates; ``NaT`` for a day that did not come."""
    came = (days >= 0) & (days < NEVER)
    dates = np.where(came, days, 0).astype("datetime64[D]")
    return pd.Series(np.where(came, dates, np.datetime64("NaT"))).astype("datetime64[s]")


def _categories(codes: NDArray[np.int64], names: tuple[str, ...]) -> pd.Series:
    unique = pd.Index(list(dict.fromkeys(name for name in names if name)))
    # Two establishments may bear one name: their codes meet in one category.
    place = np.array([*unique.get_indexer(pd.Index(names)), -1], dtype=np.int64)
    return pd.Series(pd.Categorical.from_codes(place[np.maximum(codes, -1)], categories=unique))
