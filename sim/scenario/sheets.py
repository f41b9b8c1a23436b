"""Rows of a table that somebody hands over: CSV as Excel or the ministry write it, or the first sheet of a workbook (.xlsx).

A workbook is read with the standard library: it is a ZIP of XML, of which only the cells' values are wanted.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sim.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 20_000_000
"""Larger files are no monthly table: refused before they fill the memory, packed or not."""

_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_EXCEL_BEGINS = date(1899, 12, 30)
_CELL = re.compile(r"([A-Z]+)(\d+)")


def read_rows(path: Path) -> list[tuple[int, list[str]]]:
    """Return the rows that hold something, as text, each with its number in the file (from 1).

    Raises
    ------
    DataError
        If the file cannot be read as a table.
    """
    if path.suffix.lower() not in {".csv", ".txt", ".xlsx"}:
        message = f"{path.name}: met a file in '{path.suffix}', expected .csv or .xlsx: save the table as one of these."
        raise DataError(message)
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as problem:
        message = f"{path}: cannot be read ({problem.strerror})."
        raise DataError(message) from problem
    if size > MOST_BYTES:
        message = (
            f"{path.name}: {size / 1e6:.0f} MB, expected {MOST_BYTES / 1e6:.0f} MB at most: is it the table by establishment?"
        )
        raise DataError(message)
    rows = _workbook(path.name, content) if path.suffix.lower() == ".xlsx" else _text(path.name, content)
    found = [(number, [cell.strip() for cell in row]) for number, row in rows if any(cell.strip() for cell in row)]
    if not found:
        message = f"{path.name}: the table is empty, expected a row of column names and a row for each quarter."
        raise DataError(message)
    return found


def _text(name: str, content: bytes) -> list[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        message = f"{name}: byte {problem.start} is not UTF-8: in Excel, save as « CSV UTF-8 (délimité par des virgules) »."
        raise DataError(message) from problem
    if "\0" in text:
        message = f"{name}: holds bytes that are no text; expected a CSV file."
        raise DataError(message)
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        return [(read.line_num, row) for row in read]
    except csv.Error as problem:
        message = f"{name}: line {read.line_num}: {problem}; a quotation mark may be open."
        raise DataError(message) from problem


def _workbook(name: str, content: bytes) -> list[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            if sum(entry.file_size for entry in book.infolist()) > 10 * MOST_BYTES:
                message = f"{name}: unpacked, this workbook is too large to be a monthly table."
                raise DataError(message)
            names = book.namelist()
            words = _strings(_xml(name, book.read("xl/sharedStrings.xml"))) if "xl/sharedStrings.xml" in names else []
            sheets = sorted(
                (entry for entry in names if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", entry)),
                key=lambda entry: int(re.sub(r"\D", "", entry)),
            )
            if not sheets:
                message = f"{name}: holds no sheet; expected a workbook of Excel or LibreOffice."
                raise DataError(message)
            return _cells(_xml(name, book.read(sheets[0])), words)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, KeyError, ValueError, IndexError) as problem:
        message = f"{name}: cannot be read as a workbook ({type(problem).__name__}: {problem}): save it anew, or as CSV."
        raise DataError(message) from problem


def _xml(name: str, content: bytes) -> ET.Element:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        message = f"{name}: its XML declares entities, which no spreadsheet does: not read."
        raise DataError(message)
    try:
        return ET.fromstring(content)  # noqa: S314 (without declarations there is nothing to expand)
    except ET.ParseError as problem:
        message = f"{name}: its XML is broken ({problem}): save the workbook anew, or as CSV."
        raise DataError(message) from problem


def _strings(root: ET.Element) -> list[str]:
    return ["".join(text.text or "" for text in item.iter(f"{_SPACE}t")) for item in root.iter(f"{_SPACE}si")]


def _cells(root: ET.Element, words: list[str]) -> list[tuple[int, list[str]]]:
    rows = []
    for place, row in enumerate(root.iter(f"{_SPACE}row"), start=1):
        number, texts = int(row.get("r") or place), dict[int, str]()
        for position, cell in enumerate(row.iter(f"{_SPACE}c")):
            at = _CELL.fullmatch(cell.get("r") or "")
            texts[_column(at[1]) if at else position] = _value(cell, words)
        rows.append((number, [texts.get(column, "") for column in range(max(texts, default=-1) + 1)]))
    return rows


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: ET.Element, words: list[str]) -> str:
    kind = cell.get("t")
    if kind == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{_SPACE}t"))
    value = cell.find(f"{_SPACE}v")
    text = "" if value is None or value.text is None else value.text
    if kind == "s":
        return words[int(text)]
    if kind in {None, "n"} and re.fullmatch(r"-?\d+\.0+", text):
        return text.partition(".")[0]
    return text


def day_of_excel(text: str) -> date | None:
    """Return the day that a workbook keeps as a number of days, None if it is no such number."""
    if not re.fullmatch(r"[3-6]\d{4}", text):
        return None
    return _EXCEL_BEGINS + timedelta(days=int(text))
