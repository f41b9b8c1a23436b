"""A new month of the ministry's table by establishment: read as published, looked at, compared, written.

``sheets`` and ``cells`` read what people and the ministry write; ``layout`` finds lines and totals; ``identity`` follows
names; ``checks`` and ``series`` hold figures against each other; ``reading`` puts them together; ``changes`` compares two
months; ``writing`` adds one to the packaged tables; ``fetching`` looks for the next one. ``words`` holds every sentence.
"""

from sim.scenario.months.changes import Changes, compare
from sim.scenario.months.findings import Finding
from sim.scenario.months.reading import Asked, Published, Read, read_new
from sim.scenario.months.table import COLUMNS, Row, Tables, read_tables, total
from sim.scenario.months.writing import Use, write_month

__all__ = [
    "COLUMNS", "Asked", "Changes", "Finding", "Published", "Read", "Row", "Tables", "Use", "compare", "read_new", "read_tables",
    "total", "write_month",
]  # fmt: skip
