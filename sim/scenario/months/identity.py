"""Which establishment a line is of: by the ministry's number, by its name in any spelling, or by a name it had before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from sim.errors import RequestError
from sim.scenario.months import words
from sim.scenario.months.cells import name_key, name_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.scenario.months.table import Row, Tables

_ALIKE = 0.8
"""Share of letters two names have in common, beyond which they are one name written otherwise."""


class Known:
    """Establishments and quarters met so far: the last line of each, and every name it had."""

    def __init__(self, tables: Tables) -> None:
        self.site: dict[str, Row] = {}
        self.quarter: dict[tuple[str, str], Row] = {}
        self._named: dict[str, str] = {}
        for rows in tables.months.values():
            for row in rows:
                self.site[row.site] = row
                self.quarter[row.key] = row
                self._named[name_key(row.establishment)] = row.site

    def find(self, identity: str, name: str) -> Row | None:
        """Last line of an establishment, None if it is not known."""
        if identity in self.site:
            return self.site[identity]
        site = self._named.get(name_key(name))
        return None if site is None or (identity and self.site[site].establishment_id) else self.site[site]

    def learn(self, pairs: Sequence[str]) -> None:
        """Take new names from the command line: ``OLD=NEW``.

        Raises
        ------
        RequestError
            If a pair has no sign =, or the old name is not known.
        """
        for pair in pairs:
            old, equal, new = pair.partition("=")
            site = self._named.get(name_key(old))
            if not equal or not new.strip():
                raise RequestError(words.renamed_nothing(pair, "expected 'OLD NAME=NEW NAME'"))
            if site is None:
                raise RequestError(words.renamed_nothing(pair, f"'{old}' is the name of no establishment"))
            self._named[name_key(new)] = site


def spelling(name: str, known: Row | None) -> str:
    """Return the name to keep: the known spelling of the same name, and that of who has no number but a name."""
    if known is not None and (not known.establishment_id or name_key(name) == name_key(known.establishment)):
        return known.establishment
    return name


def _same_name(one: str, other: str) -> bool:
    """Whether two names differ by their kind, small words or letters only, or one adds a word to the other."""
    a, b = name_words(one), name_words(other)
    if not a or not b:
        return False
    if set(a) <= set(b) or set(b) <= set(a):
        return True
    return SequenceMatcher(None, " ".join(a), " ".join(b)).ratio() >= _ALIKE


def _same_figures(old: Sequence[Row], new: Sequence[Row]) -> bool:
    """Whether two establishments have the same kinds of quarter, with about the same places and people."""
    if {row.quarter_type for row in old} != {row.quarter_type for row in new}:
        return False
    pairs = [
        (sum(getattr(row, column) or 0 for row in old), sum(getattr(row, column) or 0 for row in new))
        for column in ("capacity_operational", "detainees")
    ]
    return all(abs(now - was) <= max(5, 0.1 * was) for was, now in pairs)


def follow_names(rows: Sequence[Row], known: Known, last: Sequence[Row]) -> tuple[list[Row], dict[str, list[str]]]:
    """Give establishments that changed their name the number they had.

    An establishment of the month before that is not there and one that was never met, in the same interregion, with names
    that are nearly one: the same, if only one such pair is possible. With figures that are alike and other names it is asked.

    Returns
    -------
    rows
        With numbers taken over.
    candidates
        By lost establishment: new names it could have.
    """
    fresh, gone = defaultdict(list), defaultdict(list)
    here = {row.site for row in rows}
    for row in rows:
        if row.site not in known.site:
            fresh[row.site].append(row)
    for row in last:
        if row.site not in here:
            gone[row.site].append(row)
    alike: dict[str, list[str]] = defaultdict(list)
    candidates: dict[str, list[str]] = defaultdict(list)
    for old, before in gone.items():
        for new, now in fresh.items():
            if before[0].region != now[0].region:
                continue
            if _same_name(before[0].establishment, now[0].establishment):
                alike[old].append(new)
            elif _same_figures(before, now):
                candidates[old].append(now[0].establishment)
    taken = {found[0]: old for old, found in alike.items() if len(found) == 1}
    taken = {new: old for new, old in taken.items() if sum(new in found for found in alike.values()) == 1}
    for old, found in alike.items():
        if old not in taken.values():
            candidates[old] += [fresh[new][0].establishment for new in found]
    return [_renamed(row, taken, known.site) for row in rows], candidates


def _renamed(row: Row, taken: Mapping[str, str], known: Mapping[str, Row]) -> Row:
    old = known.get(taken.get(row.site, ""))
    if old is None:
        return row
    return replace(
        row,
        establishment_id=old.establishment_id,
        establishment=spelling(row.establishment, old),
        city=row.city or old.city,
        latitude=row.latitude or old.latitude,
        longitude=row.longitude or old.longitude,
    )
