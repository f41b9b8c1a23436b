"""What a row of each table of a run is, and each column with its type, unit and names, as a data package says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.publication.package import field
from sim.records.named import names_of
from sim.records.tables import SCHEMA, is_date

if TYPE_CHECKING:
    from sim.records.tables import Codebook

ROWS = {
    "events": "One row per movement of a person; kept only when a run is asked for it (`story` needs it).",
    "exits": "One row per exit from detention: a measure begins, or the committal ends from a cell.",
    "ends": "One row per end of committal (*levée d'écrou*), or entry into the measure that ends it.",
    "decisions": "One row per decision of a judge or a board.",
    "measures": "One row per measure that ended.",
    "leaves": "One row per request for a permission to go out that was decided.",
    "quarters": "One row per quarter and month: the census of the 1st at 0 h.",
    "services": "One row per establishment and month: probation service and court.",
    "panels": "One row per interregion and month: court of three.",
    "lists": "One row per waiting list and month, empty ones left out: the census of the 1st at 0 h.",
    "open_setting": "One row per interregion and month: counsellors outside prisons on the 1st at 0 h, and whom they follow.",
    "nation": "One row per month: the country on the 1st at 0 h.",
    "probation": "One row per month: people on probation or community work without a committal, and what became of them.",
    "free_convicts": "One row per month: free convicts before the judge (723-15), and what became of them in the month before.",
    "lodging": "One row per interregion, kind of place and month: places to live in and requests for them.",
    "jobs": "One row per quarter and month: jobs, who has one, who waits.",
    "care": "One row per establishment and month: care for addictions inside, who has it, who waits.",
    "flows": "One row per month: what moved in the month before.",
    "standing": "One row per regime and month: who is on it, who waits for it.",
}
"""What a row of each table is."""

_UNITS = {
    "age": "year",
    "months_free": "month",
    "quality": "share",
    "put_off": "session",
    "wait_days": "person-day",
    "waited_days": "person-day",
    "hours": "hour",
    "hours_waiting": "hour",
    "posts": "full-time post",
    "capacity": "place",
    "free_days": "person-day",
    "places": "place",
    "kept": "place",
    "jobs": "job",
    "expired": "place",
    "returned": "place",
    "unclaimed": "place",
    "refused": "refusal",
    "interviews": "interview",
    "slots": "hearing",
    "heard": "request",
    "adjourned": "hearing",
    "cancelled": "hearing",
    "beyond": "hearing",
    "legal_months": "month",
    "queue": "request",
    "files_open": "file",
    "files_done": "file",
    "files_lost": "file",
}
_PEOPLE = frozenset({
    "remand", "sentenced", "held", "waiting", "assigned", "followed", "background", "detained", "inside", "outside",
    "free_convicts", "entries", "home_starts", "exits", "returns", "recalls", "reminded", "widened", "remission_lost",
    "suspended", "turned", "converted", "enforced", "custody", "liberty",
    "came", "absent", "measures", "lapsed",
    "rivals", "lodged", "to_file", "with_siao", "asked", "filed", "queued", "unwritten", "dropped", "admitted",
    "moved_in", "moved_out", "vacated", "working", "started", "treated", "completed",
    "probation", "standing", "began", "not_done", "failed", "came_back", "more", "released", "soon",
    "removed",
})  # fmt: skip
_BELOW = {-2: "from liberty", -1: "none"}
"""Codes below 0, where the meaning of a column names them."""
_OF_PERSONS = ("events", "exits", "ends", "decisions", "measures", "leaves")
"""Tables whose rows are about one person: a number there is an attribute, not a count of people."""


def unit_of(table: str, column: str) -> str:
    """Return the unit of a column; empty for a code, a name, an identifier, a date or a score without one."""
    if column in _UNITS:
        return _UNITS[column]
    if column.startswith("hours_"):
        return "hour"
    if column.endswith("_days"):
        return "day"
    return "person" if column in _PEOPLE and table not in _OF_PERSONS else ""


def fields_of(table: str, book: Codebook) -> list[dict[str, Any]]:
    """Return the description of each column of a table of a run, codes with the names they stand for in that run.

    Parameters
    ----------
    table
        Of :data:`~sim.records.tables.SCHEMA`.
    book
        Lists of the run (:attr:`sim.records.run_folder.RunFolder.codebook`).
    """
    found = []
    for column in SCHEMA[table]:
        kind = "date" if is_date(column.name) else "number" if column.code == "f" else "integer"
        told = field(column.name, kind, column.meaning, required=kind != "date")
        names = names_of(column.name, book)
        if names is not None:
            below = {code: label for code, label in _BELOW.items() if str(code) in column.meaning}
            told["categories"] = [{"value": code, "label": label} for code, label in below.items()]
            told["categories"] += [{"value": code, "label": name} for code, name in enumerate(names) if name]
        unit = unit_of(table, column.name)
        if unit:
            told["unit"] = unit
        found.append(told)
    return found
