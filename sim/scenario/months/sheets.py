"""Tables that somebody hands over, as text: sheets of a workbook (.xlsx, .xlsm, .ods, .xls) or a CSV in any usual encoding.

What a file holds is told from its first bytes, not from its name. Workbooks are read by calamine.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate

from sim.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 20_000_000
"""Larger files are no monthly table: refused before they fill the memory, packed or not."""
MOST_CELLS = 4_000_000
"""Cells of the rectangle a sheet spans: a single cell far away makes a reader fill all that lies between."""
MOST_ROWS = 100_000

SUFFIXES = (".xlsx", ".xlsm", ".ods", ".xls", ".csv", ".txt", ".tsv")

_PACKED, _COMPOUND = b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AT = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,4})(\d{1,9})"')


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
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except (OSError, ValueError) as problem:
        message = f"{path}: cannot be read ({getattr(problem, 'strerror', None) or problem})."
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
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 (only this command reads workbooks)

    if content.startswith(_PACKED):
        _not_too_large(name, content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            Sheet(
                sheet,
                [
                    (number, [_told(cell) for cell in row])
                    for number, row in enumerate(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False), start=1)
                ],
            )
            for sheet in book.sheet_names
        ]
    except BaseException as problem:  # a reader in Rust ends in a panic, which is no Exception
        if isinstance(problem, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        words = _trimmed(str(problem))[:160]
        message = f"{name}: cannot be read as a workbook ({words or type(problem).__name__}): save it anew, or as CSV."
        raise DataError(message) from None


def _not_too_large(name: str, content: bytes) -> None:
    """Refuse a package that would fill the memory: unpacked, or by a sheet that spans more than a table can."""
    message = f"{name}: unpacked, this workbook is too large to be a monthly table."
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            if sum(entry.file_size for entry in book.infolist()) > 10 * MOST_BYTES:
                raise DataError(message)
            spans = [_span(book.read(entry)) for entry in book.namelist() if entry.startswith("xl/worksheets/sheet")]
            spans += [_span_of_ods(book.read(entry)) for entry in book.namelist() if entry == "content.xml"]
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, IndexError, RuntimeError, zlib.error) as problem:
        message = f"{name}: cannot be read as a workbook ({type(problem).__name__}: {problem}): save it anew, or as CSV."
        raise DataError(message) from problem
    except ExpatError as problem:
        message = f"{name}: its XML is broken ({problem}): save the workbook anew, or as CSV."
        raise DataError(message) from problem
    if any(rows * columns > MOST_CELLS for rows, columns in spans):
        raise DataError(message)


def _span(sheet: bytes) -> tuple[int, int]:
    """Last row and column of an .xlsx sheet that hold a cell."""
    cells = _AT.findall(sheet)
    rows = max((int(row) for _, row in cells), default=0)
    return rows, max((_column(letters) for letters in {letters for letters, _ in cells}), default=0)


def _span_of_ods(content: bytes) -> tuple[int, int]:
    """Last row and column of an OpenDocument file that hold a cell; empty ones are written once, with how often they come."""
    last = [0, 0]
    row = column = width = 0

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, width
        if tag == "table:table":
            row = 0
        elif tag == "table:table-row":
            row += int(attributes.get("table:number-rows-repeated", 1))
            column = width = 0
        elif tag in {"table:table-cell", "table:covered-table-cell"}:
            column += int(attributes.get("table:number-columns-repeated", 1))
            if "office:value-type" in attributes:
                width = column
        elif tag == "text:p":
            width = column

    def end(tag: str) -> None:
        if tag == "table:table-row" and width:
            last[:] = max(last[0], row), max(last[1], width)

    parser = ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.EntityDeclHandler = _no_entities
    parser.Parse(content, True)
    return last[0], last[1]


def _no_entities(*_: object) -> None:
    message = "its XML declares entities, which no spreadsheet does"
    raise ValueError(message)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def _told(cell: object) -> str:
    """Write a cell as somebody would type it: whole numbers without decimals, days as 2026-04-01."""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return str(cell)
