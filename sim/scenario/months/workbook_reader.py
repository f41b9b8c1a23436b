"""Program of its own that reads a workbook on its input and writes its sheets, as text, on its output: JSON.

A damaged workbook can make calamine ask for a terabyte, or panic: it ends this process, not the one that asked. Imports
nothing of sortie, so that it starts at once.
"""

from __future__ import annotations

import io
import json
import sys
from datetime import date, datetime

from python_calamine import CalamineWorkbook

MOST_MEMORY, MOST_SECONDS = 768 << 20, 3
"""Bytes of addresses and seconds of processor: a month takes some 100 MB and 0.2 s."""
MOST_ROWS = 100_000


def told(cell: object) -> str:
    """Write a cell as somebody would type it: whole numbers without decimals, days as 2026-04-01."""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return str(cell)


def main() -> None:
    """Read, write, and say on standard error why not."""
    try:
        import resource  # noqa: PLC0415 (there is none on Windows)

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    except (ImportError, OSError, ValueError):
        pass
    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    sheets = []
    for name in book.sheet_names:
        rows = []
        for number, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1):
            cells = [told(cell) for cell in row]
            if any(cells):
                rows.append([number, cells])
            if len(rows) > MOST_ROWS:
                sys.exit("more rows than a table by establishment has")
        sheets.append([name, rows])
    sys.stdout.buffer.write(json.dumps(sheets).encode())


if __name__ == "__main__":
    main()
