"""What can be: a unit says which numbers are possible, at every door.

A value outside its own ``range:`` is allowed, since trying it may be the question, and is told (:mod:`sim.scenario.ranges`).
A value outside what its unit allows is refused when it is loaded: files, overrides, levers, designs, target seeking, the
explorer and the Python API all load scenarios through :mod:`sim.scenario.loading`, which asks here, and asks again once every
``scale`` and ``add`` of a day is made.

Upper bounds are not plausible values: they are far above all that has been, and catch a slip of the keyboard (a decimal point
read as a thousand, a percentage) before it is simulated. A unit that is not in the table is read by its first word.
"""

from __future__ import annotations

import csv
import math
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sim.scenario.observed import observed_file

if TYPE_CHECKING:
    from collections.abc import Mapping


class Possible(NamedTuple):
    """Lowest and highest number there can be, and what such a number is, in words."""

    low: float
    high: float
    what: str
    whole: bool = False
    """Whether only whole numbers are possible."""


_SHARE = Possible(0, 1, "a share goes from 0 to 1")
_PROBABILITY = Possible(0, 1, "a probability goes from 0 to 1")
_DENSITY = Possible(0, 5, "a density is people for one place, from 0 to 5")
_LOG = Possible(-100, 100, "a logarithm of odds or hazards stands between -100 (never) and 100 (always)")
_SPREAD = Possible(0, 10, "a coefficient of variation goes from 0 to 10")
_RATIO = Possible(0, 100, "a factor goes from 0 to 100")


def _many(high: float, noun: str, low: float = 0) -> Possible:
    return Possible(low, high, f"{noun} go from {low:,.0f} to {high:,.0f}")


POSSIBLE: Mapping[str, Possible] = {
    # People, posts and things: never fewer than none; the country has 69 million people and some 90,000 places of prison.
    "persons": _many(10_000_000, "persons"),
    "persons/year": _many(1_000_000, "persons a year"),
    "people": _many(10_000_000, "people"),
    "candidates/year": _many(1_000_000, "candidates a year"),
    "committals/year": _many(1_000_000, "committals a year"),
    "convictions/year": _many(1_000_000, "convictions a year"),
    "sentences/person/year": _RATIO._replace(what="sentences for one person a year go from 0 to 100"),
    "counsellors": _many(1_000_000, "counsellors"),
    "posts": _many(1_000_000, "posts"),
    "devices": _many(10_000_000, "devices"),
    "fittings/week": _many(1_000_000, "fittings a week"),
    "files/year": _many(100_000_000, "files a year"),
    "sittings/month": _many(100_000, "sittings a month"),
    "sittings/year": _many(366, "sittings a year"),
    "files/sitting": _many(1_000, "files of a sitting"),
    "posts added": _many(100_000, "posts added (below 0, posts fewer)", -100),
    "posts per post": _RATIO,
    "stays": _many(100, "stays"),
    "person-days/year": _many(200_000_000, "days of people a year"),
    "places": _many(1_000_000, "places"),
    "moves per interregion and kind": _many(100_000, "moves a week"),
    "incidents/withdrawal": _many(1_000, "incidents for one withdrawal"),
    "interviews/person/year": _many(366, "interviews of one person a year"),
    "persons/counsellor": Possible(1, 10_000, "people for one counsellor go from 1 to 10,000"),
    "persons/place": _DENSITY,
    "slots per person held": _RATIO,
    "order of service": Possible(0, 2, "an order is first_come (0), nearest_end (1) or nearest_opening (2)", whole=True),
    "order": Possible(0, 1, "an order is given (1) or not (0)"),
    "rank": Possible(1, 100, "a rank goes from 1 to 100"),
    # Time. 100,000 days stand for never, a thousand hours a week for no limit.
    "days": _many(100_000, "days"),
    "weeks": _many(5_200, "weeks"),
    "months": _many(1_200, "months"),
    "years": _many(150, "years"),
    "hours": _many(10_000, "hours"),
    "thousands of hours/year": _many(100_000, "thousands of hours a year"),
    "hours/file": _many(1_000, "hours for a file"),
    "hours/interview": _many(24, "hours for an interview"),
    "hours/person": _many(1_000, "hours for a person"),
    "hours/person/week": _many(168, "hours for a person and week"),
    "hours/report": _many(1_000, "hours for a report"),
    "hours/hearing": _many(1_000, "hours for a hearing"),
    "hours/opinion": _many(1_000, "hours for an opinion"),
    "hours/survey": _many(1_000, "hours for a survey"),
    "opinions/person/year": _many(366, "opinions about one person a year"),
    "interviews": _many(10_000, "interviews"),
    "days/week": Possible(0, 7, "a week has 7 days"),
    "hours/week": _many(10_000, "hours a week"),
    "times": _RATIO,
    # Money.
    "EUR": _many(1_000_000_000, "euros"),
    "EUR/day": _many(100_000, "euros a day"),
    "EUR/file": _many(1_000_000, "euros a file"),
    "EUR/person": _many(1_000_000, "euros a person"),
    "EUR/place": _many(10_000_000, "euros a place"),
    "EUR/year": _many(10_000_000, "euros a year"),
    "MEUR/year": _many(100_000, "million euros a year"),
    "euros": _many(1_000_000_000, "euros"),
    # Shares and what multiplies.
    "share": _SHARE,
    "probability": _PROBABILITY,
    "coefficient of variation": _SPREAD,
    "correlation": Possible(-1, 1, "a correlation goes from -1 to 1"),
    "factor": _RATIO,
    "weight": _RATIO._replace(what="a weight goes from 0 to 100"),
    "relative": _RATIO,
    "share of the mean": _RATIO,
    "power": Possible(0, 10, "a power goes from 0 to 10"),
    "per counsellor and year": Possible(0, 12, "a rate goes from 0 to 12 a year"),
    "per person and unit of density above 1": Possible(0, 10, "places on the floor for a person go from 0 to 10"),
    # Logarithms have both signs.
    "log-odds": _LOG,
    "log-hazard": _LOG,
    "log hazard ratio": _LOG,
    "log ratio": _LOG,
}
"""By unit, or by the first words of a unit (``share of the maximum`` is a share)."""

WORDS: Mapping[str, Mapping[str, float]] = {
    "order of service": {"first_come": 0.0, "nearest_end": 1.0, "nearest_opening": 2.0},
}
"""By unit, words that a file may write for its numbers."""

BY_ENTRY: Mapping[str, Mapping[str, Possible]] = {
    "shares, years and days": {
        "youngest_years": _many(100, "years of age", 10),
        "age_median": _many(100, "years of age", 10),
        "age_spread": _SPREAD,
        "lodging_search_days": POSSIBLE["days"],
        "score_sd": _SPREAD,
    },
    "share reconvicted, adjusted less dry; months since release": {
        "raw": Possible(-1, 1, "a difference of shares goes from -1 to 1"),
        "adjusted": Possible(-1, 1, "a difference of shares goes from -1 to 1"),
        "months": _many(1_200, "months"),
    },
}
"""Tables whose entries have several units: those that are not shares."""

UNKNOWN = Possible(-1e9, 1e9, "no value here is beyond a thousand million")
"""Of a unit that is not in the table (a world that somebody wrote): only what overflows is refused."""

EXTRA_PLACES = "means.establishments.extra_places"
"""Places added: below 0, places closed, but no more of them than there are."""

_KIND = {
    "MA/QMA": "MA", "CD/QCD": "CD", "MC/QMC": "MC", "SAS": "SAS", "CPA/QPA": "SAS", "CSL/QSL": "SL", "EPM": "EPM",
    "CNE": "CNE", "EPSN": "EPSN",
}  # fmt: skip
"""Kinds of the ministry's table, by the names of :class:`sim.institutions.prisons.QuarterKind` (a test compares them)."""


@cache
def in_table(unit: str) -> str | None:
    """Return the line of the table that a unit is read by: itself, or its longest beginning; None if there is none."""
    if unit in BY_ENTRY:
        return unit
    if unit in POSSIBLE:
        return unit
    known = [name for name in POSSIBLE if re.match(re.escape(name) + r"(?=[\s,;/(]|$)", unit)]
    return max(known, key=len, default=None)


def possible(unit: str | None, entry: str | None = None, path: str = "") -> Possible:
    """Return which numbers are possible in a unit, for an entry of a table that has several and for a path that is special."""
    if path == EXTRA_PLACES:
        there = places_there_are().get(entry or "", 0)
        held = held_by_kind().get(entry or "")
        if entry == NEVER_FULL and held is not None:
            most = min(there, held.places - math.ceil(held.people / _DENSITY.high))
            words = (
                f"whoever comes is held there: {held.people:,} people in {held.places:,} places on {held.day}, and a density "
                f"is {_DENSITY.high:g} at most. No more than {most:,} can be closed"
            )
            return Possible(-most, POSSIBLE["places"].high, words)
        return Possible(-there, POSSIBLE["places"].high, f"no more places can be closed than there are ({there:,})")
    line = in_table(unit or "")
    if line is None:
        return UNKNOWN
    if line in BY_ENTRY:
        return BY_ENTRY[line].get(entry or "", _SHARE)
    return POSSIBLE[line]


NEVER_FULL = "MA"
"""Kind that takes whoever comes: its density rises (:mod:`sim.institutions.prisons`); others have no more than places."""


class Held(NamedTuple):
    """Places of a kind of quarter, and people in them, at the last date of the ministry's table."""

    places: int
    people: int
    day: str


@cache
def held_by_kind() -> Mapping[str, Held]:
    """Return the places and people of each kind, at the last date of the ministry's table; masked counts are left out."""
    with observed_file("establishments.csv").open(encoding="utf-8", newline="") as rows:
        read = list(csv.DictReader(rows))
    last = max(row["date"] for row in read)
    found: dict[str, Held] = {}
    for row in read:
        if row["date"] == last:
            kind = _KIND.get(row["quarter_type"], row["quarter_type"])
            before = found.get(kind, Held(0, 0, last))
            places, people = (int(row[name] or 0) for name in ("capacity_operational", "detainees"))
            found[kind] = Held(before.places + places, before.people + people, last)
    return found


@cache
def places_there_are() -> Mapping[str, int]:
    """Fewest places of each kind of quarter over the dates of the ministry's table."""
    dates: dict[str, dict[str, int]] = {}
    with observed_file("establishments.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            places = dates.setdefault(row["date"], {})
            kind = _KIND.get(row["quarter_type"], row["quarter_type"])
            places[kind] = places.get(kind, 0) + int(row["capacity_operational"] or 0)
    kinds = {kind for places in dates.values() for kind in places}
    return {kind: min(places.get(kind, 0) for places in dates.values()) for kind in kinds}


def why_impossible(number: float, unit: str | None, entry: str | None = None, path: str = "") -> str | None:
    """Return why a finite number cannot be, with what was perhaps meant; None when it can."""
    limits = possible(unit, entry, path)
    if limits.low <= number <= limits.high and not (limits.whole and number % 1):
        return None
    named = f" [{entry}]" if entry else ""
    return f"{number:g}{named}, but {limits.what}{meant(number, limits)}"


def meant(number: float, limits: Possible) -> str:
    """Guess what was meant: a percentage typed for a share or a density, a difference typed with ``set``."""
    if limits.high in {1, _DENSITY.high} and limits.high < number <= 100 * limits.high:
        return f". If {number:g} % is meant, write {number / 100:g}"
    if number < 0 <= limits.low:
        return ". To take some away, use 'add:' with a negative 'by:', down to what there is"
    return ""
