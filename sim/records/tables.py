"""Packed tables: one fixed-size row per fact, appended during the run, turned into NumPy columns once at the end.

The column lists below *are* the data dictionary (``docs/data.md`` is generated from them). A day that did not come is
-1 here, and null in a file, where days are dates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.records import columns_outside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

NO_DAY = -1  # a day that did not come

_NUMPY = {"b": "i1", "h": "<i2", "i": "<i4", "f": "<f4"}
ROWS_OF_BLOCK = 1 << 18
"""Rows that are compressed, and written to a file, at once: the columns of one block are copied at a time."""
_ROWS_AT_HAND = 1 << 12
"""Rows whose columns are taken one after the other: some 400 kB, which a processor keeps near."""


@cache
def _codec() -> Any:
    import pyarrow as pa  # noqa: PLC0415 (0.1 s, and `sortie --help` needs no table)

    # Events of a national run: 2.1 s to pack and unpack at level 1, in 53 MB; 1.1 s at this one, in 65.
    return pa.Codec("zstd", compression_level=-3)


class Column(NamedTuple):
    """One column: its name, its ``struct`` code (b, h, i: integers of 1, 2, 4 bytes; f: float32) and its meaning."""

    name: str
    code: str
    meaning: str


def is_date(name: str) -> bool:
    """Say whether a column holds days of the calendar (``day``, ``end_day``); ``…_days`` are lengths."""
    return name == "day" or name.endswith("_day")


def _columns(text: str) -> tuple[Column, ...]:
    rows = (line.split(None, 2) for line in text.strip().splitlines())
    return tuple(Column(name, code, meaning) for name, code, meaning in rows)


EVENTS = _columns("""
day           i  day of the movement
person        i  person
stay          h  nth time under committal in the run (0, 1, …)
movement      b  what happened (records.codes.Movement)
detail        b  depends on the movement
status        b  status after it (records.codes.Status)
quarter       h  quarter the person is in afterwards, -1 if in none
value         i  depends on the movement
""")

EXITS = _columns("""
day           i  day of the exit from detention (measure begins, or end of committal from the cell)
person        i  person
stay          h  nth time under committal in the run
spell         b  nth exit from detention within this stay (1 after a withdrawal)
stream        b  stream of committals (codebook)
sentenced     b  1 if the person leaves as sentenced, 0 if remand ends without a sentence to serve
felony        b  1 for a felony (crime), 0 for a délit
offence       b  offence family (records.codes.Offence)
female        b  1 for a woman
age           b  age in years at the exit
foreign       b  1 for a foreign national
removal       b  1 under a removal measure
recidive      b  1 in legal recidivism
homeless      b  1 without lodging at committal
housed        b  1 with lodging at the exit
lodging       b  where the person goes to live (records.codes.Lodging)
visited       b  1 if visited during the stay
jobs          h  jobs had in the stay; 0 where nobody waits for one
care          b  1 in need of care for an addiction
programme     b  programme after the release: 0 none, 1 no room, 2 begun
care_stage    b  treatment: 0 none, 1 waited for, 2 broken off by the exit, 3 completed
site          h  establishment left (codebook)
kind          b  kind of quarter left (codebook)
interregion   b  interregion of the establishment left (codebook)
committed_day i  committal
convicted_day i  final judgment, null if none
quantum_days  i  firm part in days, 0 if none
remand_days   i  remand credited
end_day       i  end of the sentence as it stood at the exit, null if none
regime        b  position of the regime in the codebook, -1 if dry
adjustment    b  -1 if none, else position of the adjustment (the procedure) in the codebook
cause         b  -1 if not a dry release of a sentenced person, else records.codes.Cause
eligible_day  i  first day on which any adjustment was open in law, null if none came before the end
assigned_day  i  a counsellor took the file, null if never
opened_day    i  preparation of the file began, null if never
leave_day     i  first permission to go out, null if none
ready_day     i  file complete, null if never
requested_day i  last request lodged, null if never
heard_day     i  last decision of the judge, null if never
hours         f  hours a counsellor spent on the file
contact       f  follow-up interviews more (below 0, fewer) than usual; 0 where contact does nothing
score         f  observed risk score x (log-hazard; recidivism.md §5.2)
seen          f  unobserved risk v that the judge sees through the file (standard normal)
unseen        f  unobserved risk w that nobody sees (standard normal)
months_free   f  months between this exit and the end of observation
by_design     b  1 if a policy released the person to make room, without a decision on them
""")

ENDS = _columns("""
day           i  end of committal (levée d'écrou), or entry into a measure that ends it (LC)
person        i  person
stay          h  nth time under committal in the run
stream        b  stream of committals (codebook)
felony        b  1 for a felony
sentenced     b  1 if the person ends as sentenced
regime        b  measure running at the end: position of the regime in the codebook, -1 if none
home          b  1 if the stay began at home (measure from liberty)
committed_day i  committal
measure_day   i  beginning of the measure running at the end, null if none
end_day       i  end of the sentence as it stood then, null if none
expected_day  i  end expected at the judgment (or the last sentence added), mean remission; null if judged before the run
credited      b  1 if the automatic credit of before 2023 applied
""")

DECISIONS = _columns("""
day           i  day of the decision
person        i  person
site          h  establishment of the court that decided
adjustment    b  procedure (codebook)
regime        b  position of the regime asked or examined in the codebook, -1 if none
outcome       b  records.codes.Outcome
board         b  1 if a board decided: a release under constraint, or a request pending at two thirds (art. 720 § I)
requested_day i  request lodged (for a release under constraint: day the law made the examination due)
legal_months  b  months the law gives to the hearing, the assessment it asks before included; 0 if none was asked for
quality       f  share of the hours the file needed that were spent when it was lodged; -1 if no request was
foreign       b  1 for a foreign national
removal       b  1 under a removal measure
""")

MEASURES = _columns("""
day           i  end of the measure
person        i  person
regime        b  position of the regime in the codebook
adjustment    b  procedure (codebook); -2 for a measure from liberty
start_day     i  beginning of the measure
withdrawn     b  0 if served to the end, 1 if withdrawn, 2 if suspended (a cell meanwhile), 3 if turned into another that day
incidents     b  incidents it met that did not end it, those of a measure it was turned from included
""")

LEAVES = _columns("""
day           i  day the permission was decided, and gone out on if granted
person        i  person
site          h  establishment
kind          b  kind of quarter (codebook)
purpose       b  records.codes.Purpose
result        b  records.codes.LeaveEnd
counsellor_against b  1 if the counsellor's opinion was unfavourable
prosecutor_against b  1 if the prosecutor's was
by_board      b  1 if the board decided, 0 if the head of the prison did
put_off       b  sessions it was put off for want of room
foreign       b  1 for a foreign national
measure       b  removal measure (records.codes.Removal)
""")

QUARTERS = _columns("""
day           i  first of the month, 0 h
quarter       h  quarter (codebook)
remand        i  people on remand
sentenced     i  sentenced people, those on measures that sleep there included
capacity      i  operational places
""")

SERVICES = _columns("""
day           i  first of the month: figures of the month before
site          h  establishment
posts         f  counsellors in post
held          i  people held on a caseload
waiting       i  people waiting for a counsellor
assigned      i  people assigned in the month
wait_days     i  days they had waited, added up
files_open    i  files being prepared
files_done    i  files completed in the month
hours_offered f  hours available for files in the month
hours_used    f  hours spent on files in the month
hours_duty    f  hours spent on call (letters, moves, urgent matters) in the month
hours_arrivals f  hours of arrival assessments in the month
hours_reports f  hours of reports to the judge in the month
hours_interviews f  hours of follow-up interviews in the month
hours_administration f  hours of meetings, mail and records in the month, the secretaries' work left to counsellors included
hours_travel  f  hours between sites, courts and partners in the month
hours_hearings f  hours of preparing and attending hearings in the month
hours_boards  f  hours of opinions for the board in the month, the managers' work left to counsellors included
hours_surveys f  hours of surveys for a tag in the month
hours_social  f  hours of social workers' work done by counsellors in the month
hours_unused  f  hours of counsellors present that no task asked for in the month
interviews    f  interviews held in the month, arrivals and files apart
files_lost    i  open files a new counsellor took up in the month
queue         i  requests waiting for a hearing
slots         i  hearing slots offered in the month
heard         i  requests called in the month, those put off included
adjourned     i  hearings put off in the month
cancelled     i  of these, because the person was not brought to the court
beyond        i  hearings held beyond the slots for a deadline that is kept, among slots and heard
""")

PANELS = _columns("""
day           i  first of the month: figures of the month before
interregion   b  interregion of the court of three (codebook)
queue         i  requests waiting for a hearing
slots         i  hearing slots offered in the month
heard         i  requests called in the month, those put off included
adjourned     i  hearings put off in the month
cancelled     i  of these, because the person was not brought to the court
beyond        i  hearings held beyond the slots for a deadline that is kept, among slots and heard
""")

LISTS = _columns("""
day           i  first of the month, 0 h
list          b  what is waited for (records.codes.WaitingList)
site          h  establishment whose list it is, -1 if it is that of an interregion or of the country
interregion   b  interregion of the list (codebook), -1 if it is that of the country
waiting       i  people on the list
waited_days   i  days they had waited by then, added up
""")

OPEN_SETTING = _columns("""
day           i  first of the month, 0 h
interregion   b  interregion (codebook)
posts         f  counsellors in post outside prisons who hold cases
followed      i  people of the model they follow: measures outside, conditional releases
background    f  other people they follow
probation     i  people on probation without a committal, more than without the changes of the scenario (below 0: fewer)
""")

NATION = _columns("""
day           i  first of the month, 0 h
detained      i  détenus
remand        i  prévenus
sentenced     i  sentenced people in a cell
inside        i  on a measure that sleeps in prison
outside       i  under committal, not detained
free_convicts i  convicted, free, waiting for the judge (723-15)
""")

LODGING = _columns(columns_outside.LODGING)
JOBS = _columns(columns_outside.JOBS)
CARE = _columns(columns_outside.CARE)

FREE_CONVICTS = _columns(columns_outside.FREE_CONVICTS)

PROBATION = _columns(columns_outside.PROBATION)

FLOWS = _columns("""
day           i  first of the month: figures of the month before
entries       i  entries into detention
home_starts   i  measures begun from liberty
exits         i  exits from detention
returns       i  entries that are returns of people the model released
released      i  of these, returns of people who left a cell in the run: those who were on probation apart
soon          i  of these, people who had left less than a year before
free_days     i  days they had been free, added up
removed       i  of exits and ends, people put out of the country at the end of their sentence, from the cell or from retention
programme_wanted i  people who leave directed to a programme, and who agree
programme_begun i  of these, those it took
recalls       i  returns to a cell from a measure withdrawn or suspended
incidents     i  incidents of measures under way
reminded      i  incidents answered by a reminder
widened       i  incidents answered by more hours out of the home
remission_lost i  incidents answered by a withdrawal of remission
suspended     i  measures suspended
turned        i  measures turned into another one
converted     i  measures from liberty that found no tag, converted into another sentence
enforced      i  measures from liberty that found no tag, enforced in a cell (in entries too)
""")

STANDING = _columns("""
day           i  first of the month, 0 h
regime        b  position of the regime in the codebook
custody       i  people on it who came from a cell
liberty       i  people on it who came from liberty
waiting       i  people waiting for a place of it
places        i  places or devices, -1 if not limited
""")

SCHEMA: dict[str, tuple[Column, ...]] = {
    "events": EVENTS,
    "exits": EXITS,
    "ends": ENDS,
    "decisions": DECISIONS,
    "measures": MEASURES,
    "leaves": LEAVES,
    "quarters": QUARTERS,
    "services": SERVICES,
    "panels": PANELS,
    "lists": LISTS,
    "open_setting": OPEN_SETTING,
    "nation": NATION,
    "lodging": LODGING,
    "jobs": JOBS,
    "care": CARE,
    "free_convicts": FREE_CONVICTS,
    "probation": PROBATION,
    "flows": FLOWS,
    "standing": STANDING,
}


class PackedTable:
    """An append-only table; :attr:`row` packs one row.

    ``table.rows += table.row(day, person, …)`` is the whole cost of recording a fact. Once the run has ended, columns may take
    the place of the rows (:meth:`turn_into_columns`).
    """

    __slots__ = ("_in_columns", "_packed", "columns", "dtype", "name", "row", "rows")

    def __init__(self, name: str) -> None:
        self.name = name
        self.columns = SCHEMA[name]
        self.dtype = np.dtype([(c.name, _NUMPY[c.code]) for c in self.columns])
        self.rows = bytearray()
        self.row: Callable[..., bytes] = Struct("<" + "".join(c.code for c in self.columns)).pack
        self._packed: list[Any] = []
        self._in_columns: dict[str, NDArray[Any]] | None = None

    def __len__(self) -> int:
        if self._in_columns is not None:
            return len(self._in_columns[self.columns[0].name])
        return len(self._packed) * ROWS_OF_BLOCK + len(self.rows) // self.dtype.itemsize

    def pack(self) -> None:
        """Put the whole blocks of the rows away, compressed: what a run writes down and does not read again."""
        block = ROWS_OF_BLOCK * self.dtype.itemsize
        while len(self.rows) >= block:
            # As bytes: a buffer of Arrow's keeps twice the memory of what is in it.
            self._packed.append(_codec().compress(self.rows[:block], asbytes=True))
            del self.rows[:block]

    def turn_into_columns(self) -> dict[str, NDArray[Any]]:
        """Put columns in the place of the rows, and return them: shape ``(n_rows,)`` each. Nothing can be written any more.

        Whatever reads a column then reads its own bytes only, and nobody needs a copy of it.
        """
        if self._in_columns is None:
            found = {column.name: np.empty(len(self), dtype=self.dtype[column.name]) for column in self.columns}
            start = 0
            for block in self._blocks_of_rows():
                # So few rows at a time that all their columns are taken while they are near at hand.
                for first in range(0, len(block), _ROWS_AT_HAND):
                    rows = block[first : first + _ROWS_AT_HAND]
                    for name, column in found.items():
                        column[start : start + len(rows)] = rows[name]
                    start += len(rows)
            self._in_columns = found
            del self.rows
            self._packed = []
        return self._in_columns

    def blocks(self) -> Iterator[NDArray[Any] | dict[str, NDArray[Any]]]:
        """Give the rows by blocks of :data:`ROWS_OF_BLOCK` rows and less for the last one; one at least.

        Structured arrays, or columns by name if the table was turned into columns. The open block is not copied: nothing may be
        written while it is looked at.
        """
        if self._in_columns is None:
            yield from self._blocks_of_rows()
            return
        for start in range(0, max(len(self), 1), ROWS_OF_BLOCK):
            yield {name: column[start : start + ROWS_OF_BLOCK] for name, column in self._in_columns.items()}

    def _blocks_of_rows(self) -> Iterator[NDArray[Any]]:
        for packed in self._packed:
            yield np.frombuffer(_codec().decompress(packed, ROWS_OF_BLOCK * self.dtype.itemsize), dtype=self.dtype)
        open_rows = np.frombuffer(self.rows, dtype=self.dtype)
        if len(open_rows) or not self._packed:
            for start in range(0, max(len(open_rows), 1), ROWS_OF_BLOCK):
                yield open_rows[start : start + ROWS_OF_BLOCK]

    def array(self) -> NDArray[Any]:
        """Return a copy of the rows as a structured array, shape ``(n_rows,)``."""
        if self._in_columns is None:
            return np.concatenate(list(self._blocks_of_rows()))
        found = np.empty(len(self), dtype=self.dtype)
        for name, column in self._in_columns.items():
            found[name] = column
        return found

    def view(self) -> NDArray[Any]:
        """Return the rows themselves, shape ``(n_rows,)``: nothing can be written while they are looked at."""
        if self._packed or self._in_columns is not None:
            return self.array()
        return np.frombuffer(self.rows, dtype=self.dtype)


@dataclass(frozen=True)
class Codebook:
    """The run's own lists: what a code of ``stream``, ``regime``, ``adjustment``, ``kind``, ``site`` … stands for."""

    streams: tuple[str, ...]
    """Streams of committals, in the order of their codes."""
    adjustments: tuple[str, ...]
    """Procedures, in the order the law lists them (codes of ``adjustment``)."""
    regimes: tuple[str, ...]
    """Regimes (DDSE, SL, PE, LC …), in the order of their codes; -1 is none."""
    kinds: tuple[str, ...]
    """Kinds of quarter (MA, CD, MC, SAS, SL …)."""
    interregions: tuple[str, ...]
    """*Directions interrégionales* (DISP)."""
    sites: tuple[str, ...]
    """Establishments by name."""
    site_ids: tuple[str, ...]
    """The ministry's identifier of each establishment."""
    site_interregion: tuple[int, ...]
    """Position of the interregion of each establishment."""
    quarters: tuple[str, ...]
    """Quarters, ``establishment — kind``."""
    quarter_kind: tuple[int, ...]
    """Position of the kind of each quarter."""
    quarter_site: tuple[int, ...]
    """Position of the establishment of each quarter."""


@dataclass
class Records:
    """Everything a run writes down."""

    codebook: Codebook
    tables: dict[str, PackedTable] = field(default_factory=lambda: {name: PackedTable(name) for name in SCHEMA})
    keep_events: bool = True
    """Without events a run is lighter; every indicator works without them, only ``story`` needs them."""

    def __getattr__(self, name: str) -> PackedTable:
        try:
            return self.__dict__["tables"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None
