"""Tables that somebody hands over, as text: sheets of a workbook (.xlsx, .xlsm, .ods, .xls) or a CSV in any usual encoding.

What a file holds is told from its first bytes, not from its name. Workbooks are read by calamine.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

from sim.errors import DataError, ordinary_file, reason

MOST_BYTES = 20_000_000
"""Larger files are no monthly table: refused before they fill the memory, packed or not."""
MOST_ROWS = 100_000

_SECONDS = 30
_READER = Path(__file__).with_name("workbook_reader.py")

SUFFIXES = (".xlsx", ".xlsm", ".ods", ".xls", ".csv", ".txt", ".tsv")

_PACKED, _COMPOUND = b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Sheet(NamedTuple):
    """One sheet, or the only table of a CSV file."""

    name: str
    """Empty for a CSV file."""
    rows: list[tuple[int, list[str]]]
    """Rows that hold something: number in the file (from 1), cells."""


def read_sheets(path: Path) -> list[Sheet]:
    """Read every sheet that holds something.

    Raises
    ------
    DataError
        If the file cannot be read as a table.
    """
    if path.suffix.lower() not in SUFFIXES:
        message = f"{path.name}: met a file in '{path.suffix}', expected one of {', '.join(SUFFIXES)}."
        raise DataError(message)
    try:
        size = ordinary_file(path).stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except (OSError, ValueError) as problem:
        message = f"{path}: cannot be read ({reason(problem)})."
        raise DataError(message) from problem
    if size > MOST_BYTES:
        message = (
            f"{path.name}: {size / 1e6:.0f} MB, expected {MOST_BYTES / 1e6:.0f} MB at most: is it the table by establishment?"
        )
        raise DataError(message)
    if content.startswith((_PACKED, _COMPOUND)):
        sheets = _workbook(path.name, content)
    elif path.suffix.lower() in {".xlsx", ".xlsm", ".ods"}:
        message = f"{path.name}: cannot be read as a workbook (it is no ZIP file): save it anew, or as CSV."
        raise DataError(message)
    else:
        sheets = [Sheet("", _text(path.name, content))]
    found = []
    for sheet in sheets:
        rows = [(number, [_trimmed(cell) for cell in row]) for number, row in sheet.rows]
        rows = [(number, cells) for number, cells in rows if any(cells)]
        if rows:
            found.append(Sheet(sheet.name, rows))
    if not found:
        message = f"{path.name}: the table is empty, expected a row of column names and a row for each quarter."
        raise DataError(message)
    if max(len(sheet.rows) for sheet in found) > MOST_ROWS:
        message = f"{path.name}: more than {MOST_ROWS:,} rows: is it the table by establishment?"
        raise DataError(message)
    return found


def _trimmed(cell: str) -> str:
    return re.sub(r"[\s\u200b\ufeff]+", " ", cell).strip()


def decoded(name: str, content: bytes) -> str:
    """Return a text file's text: UTF-8, UTF-16 (« Texte Unicode » of Excel), else the code page of a French Windows.

    Raises
    ------
    DataError
        If it is none of these.
    """
    zeros = content[:4000].count(0)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        tried = ["utf-16"]
    elif zeros > len(content[:4000]) // 4:
        tried = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    else:
        tried = ["utf-8-sig", "cp1252"]
    for encoding in tried:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    message = f"{name}: holds bytes that are no text; expected a CSV file: in Excel, save as « CSV UTF-8 »."
    raise DataError(message)


def _text(name: str, content: bytes) -> list[tuple[int, list[str]]]:
    text = decoded(name, content)
    beginning = text[:20_000]
    separator = max(";,\t|", key=beginning.count)
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        return [(read.line_num, row) for row in read]
    except csv.Error as problem:
        message = f"{name}: line {read.line_num}: {problem}; a quotation mark may be open."
        raise DataError(message) from problem


def _workbook(name: str, content: bytes) -> list[Sheet]:
    """Read a workbook in a process of its own, which a damaged one may end."""
    if content.startswith(_PACKED):
        _not_too_large(name, content)
    try:
        answer = subprocess.run(  # noqa: S603 (this Python, a file of this package; the workbook goes to its input)
            [sys.executable, "-P", str(_READER)], input=content, capture_output=True, timeout=_SECONDS, check=False
        )
        problem = answer.stderr.decode("utf-8", "replace") if answer.returncode else ""
    except subprocess.TimeoutExpired:
        problem = f"not read in {_SECONDS} s"
    if problem or not answer.stdout:
        last = next((line for line in reversed(problem.splitlines()) if "Error" in line or "panicked" in line), "")
        message = f"{name}: cannot be read as a workbook ({_trimmed(last)[:160] or 'damaged'}): save it anew, or as CSV."
        raise DataError(message)
    return [Sheet(sheet, [(number, cells) for number, cells in rows]) for sheet, rows in json.loads(answer.stdout)]


def _not_too_large(name: str, content: bytes) -> None:
    """Refuse a package that would fill the memory unpacked, or that is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            size = sum(entry.file_size for entry in book.infolist())
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, IndexError) as problem:
        message = f"{name}: cannot be read as a workbook ({type(problem).__name__}: {problem}): save it anew, or as CSV."
        raise DataError(message) from problem
    if size > 10 * MOST_BYTES:
        message = f"{name}: unpacked, this workbook is too large to be a monthly table."
        raise DataError(message)
