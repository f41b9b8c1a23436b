"""Where the next month is: a folder that people save files in, a page that links to them, or the address of one.

A month is known by its file's name (``…_01032026.xlsx``, ``mars-2026.ods``), by the words of its link, else by what the
file itself says: now and then the ministry publishes one under another name.
"""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import Request, urlopen

from sim.errors import DataError, RequestError
from sim.scenario.months import cells
from sim.scenario.months.sheets import MOST_BYTES, SUFFIXES, decoded, read_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable

_SECONDS = 30
_LOOKED_INTO = 40
"""Files of a folder that are opened when no name is of the month."""
_TITLE_ROWS = 8
_GONE = (404, 410)


class Month(NamedTuple):
    """A file that holds a month."""

    path: Path
    url: str = ""
    """Address it was read at; empty for a file of this machine."""


def next_month(known: Iterable[str]) -> date:
    """First of the month after the last one known."""
    last = date.fromisoformat(max(known))
    return date(last.year + last.month // 12, last.month % 12 + 1, 1)


def is_address(where: str) -> bool:
    """Whether a place is an address of the web."""
    return where.startswith(("http://", "https://"))


def look_for(where: str, day: date, into: Path) -> Month | None:
    """Look for the file of a month; None if it is not there yet.

    Parameters
    ----------
    where
        A folder, or an address: of a page with links, of a file, or with ``{YYYY}`` and ``{MM}`` for year and month.
    into
        Folder in which what is fetched is kept.

    Raises
    ------
    DataError
        If the folder or the address cannot be read.
    RequestError
        If it is neither.
    """
    if is_address(where):
        return _at_address(where, day, into)
    folder = Path(where)
    if "://" in where or not folder.is_dir():
        message = f"--from: met '{where}', expected a folder, or an address that begins with https:// or http://."
        raise RequestError(message)
    files = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~"))
    )
    named = [path for path in files if is_of(path.name, day)]
    if named:
        return Month(named[0])
    unnamed = [path for path in files if not _names_a_month(path.name)][:_LOOKED_INTO]
    return next((Month(path) for path in unnamed if month_inside(path) == day), None)


def is_of(name: str, day: date) -> bool:
    """Whether a name is of a month: with its day in figures or its month in words."""
    text = cells.plain(unquote(name))
    figures = re.sub(r"[^0-9]+", " ", text).split()
    month, year = f"{day.month:02d}", str(day.year)
    if {f"01{month}{year}", f"{year}{month}01", f"{month}{year}", f"{year}{month}"} & set(figures):
        return True
    if any(figures[at : at + 2] in ([year, month], [month, year]) for at in range(len(figures))):
        return True
    return bool(re.search(rf"\b{cells.MONTHS[day.month - 1]} {year}\b", text))


def _names_a_month(name: str) -> bool:
    return any(is_of(name, date(year, month, 1)) for year in range(2012, 2041) for month in range(1, 13))


def month_inside(path: Path) -> date | None:
    """Month that the titles of a file name, None if they name none or it cannot be read."""
    try:
        sheets = read_sheets(path)
    except DataError:
        return None
    for sheet in sheets:
        for _, row in sheet.rows[:_TITLE_ROWS]:
            text = " ".join(row)
            if "capacite" not in cells.plain(text) and (found := cells.day_within(text)) is not None:
                return found
    return None


def _at_address(where: str, day: date, into: Path) -> Month | None:
    url = where
    for sign, text in (("{YYYY}", str(day.year)), ("{AAAA}", str(day.year)), ("{MM}", f"{day.month:02d}")):
        url = url.replace(sign, text)
    content = _get(url)
    if content is None:
        return None
    if Path(urlsplit(url).path).suffix.lower() not in SUFFIXES:
        links = _links(decoded(url, content), url)
        found = next((link for link, words in links if is_of(Path(urlsplit(link).path).name, day) or is_of(words, day)), None)
        content = _get(found) if found is not None else None
        if found is None or content is None:
            return None
        url = found
    path = into / Path(unquote(urlsplit(url).path)).name
    path.write_bytes(content)
    return Month(path, url)


def _get(url: str) -> bytes | None:
    """Return what is at an address, None if nothing is."""
    try:
        with urlopen(Request(url, headers={"User-Agent": "sortie"}), timeout=_SECONDS) as answer:  # noqa: S310 (http only)
            content: bytes = answer.read(MOST_BYTES + 1)
    except HTTPError as problem:
        if problem.code in _GONE:
            return None
        message = f"{url}: the server answers {problem.code} {problem.reason}."
        raise DataError(message) from problem
    except (URLError, OSError, ValueError) as problem:
        message = f"{url}: cannot be fetched ({getattr(problem, 'reason', None) or problem})."
        raise DataError(message) from problem
    if len(content) > MOST_BYTES:
        message = f"{url}: more than {MOST_BYTES / 1e6:.0f} MB, expected a monthly table."
        raise DataError(message)
    return content


class _Links(HTMLParser):
    """Links of a page, each with its words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and (href := dict(attrs).get("href")):
            self.found.append((href, ""))
            self._open = True

    def handle_data(self, data: str) -> None:
        if self._open:
            href, words = self.found[-1]
            self.found[-1] = href, f"{words} {data}"

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "a"


def _links(page: str, url: str) -> list[tuple[str, str]]:
    """Links of a page to tables, as full addresses, with their words."""
    parser = _Links()
    parser.feed(page)
    full = [(urljoin(url, href), words) for href, words in parser.found]
    return [(href, words) for href, words in full if is_address(href) and Path(urlsplit(href).path).suffix.lower() in SUFFIXES]
