"""Establishments that a scenario opens, closes or resizes, and the prisons there are with them.

An establishment that opens has a kind, a place, and places by date. Its counsellors and its judge are its part of the
country's, by the places it has, unless it is given its own. One that closes takes nobody from its day on, and those it holds
are moved to others, so many a week (``practices.allocation.transfers_per_week``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from sim.dates import day_of, iso
from sim.errors import suggestion
from sim.scenario.geography import KINDS, Geography, Quarter, published_geography
from sim.scenario.values import ALWAYS, EntryError
from sim.scenario.where import departements, where_of
from sim.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sim.scenario.schema import EstablishmentBlock

Done = Literal["open", "close", "resize"]
Steps = tuple[tuple[int, float], ...]
"""Days, and the number that holds from each on."""


@dataclass(frozen=True, slots=True)
class Establishment:
    """One establishment, or one quarter of it, that a scenario opens, closes or resizes."""

    done: Done
    name: str
    kind: str
    """Kind of the quarter; empty for every quarter of an establishment that closes."""
    departement: str
    """INSEE code; empty but for one that opens."""
    interregion: str
    places: Steps
    posts: Steps = ()
    """Counsellors of its own; none: its part of the country's."""
    hearing_slots: Steps = ()
    """Hearings a year of its own; none: its part of the country's."""

    def plain(self) -> dict[str, Any]:
        """Return the lines of a scenario file that say the same."""
        block: dict[str, Any] = {self.done: self.name}
        if self.done == "close":
            block["on"] = iso(self.places[0][0])
        for word in ("kind", "departement", "interregion"):
            if getattr(self, word):
                block[word] = getattr(self, word)
        for word in ("places", "posts", "hearing_slots"):
            steps: Steps = getattr(self, word)
            if steps and not (word == "places" and self.done == "close"):
                block[word] = {iso(day): int(number) if number == int(number) else number for day, number in steps}
        return block

    def days(self) -> set[int]:
        """Days on which something of it changes."""
        return {day for steps in (self.places, self.posts, self.hearing_slots) for day, _ in steps}


def establishment_of(block: EstablishmentBlock, places: Geography) -> Establishment:
    """Return what a block of the file opens, closes or resizes, among the prisons there are.

    Raises
    ------
    EntryError
        If there is no such establishment (or there is one already), or no such quarter of it.
    """
    done: Done = "open" if block.open else "close" if block.close else "resize"
    name = block.open or block.close or block.resize or ""
    if done == "open":
        return _opening(name, block, places)
    try:
        (site,) = where_of({"establishment": name}, places).establishment
    except EntryError as problem:
        raise EntryError(str(problem), done) from problem
    kinds = [KINDS[q.kind] for q in places.quarters if places.site_ids[q.site] == site]
    if block.kind is not None and block.kind not in kinds:
        msg = f"'{name}' has no quarter of kind {block.kind}; it has {', '.join(kinds)}"
        raise EntryError(msg, "kind")
    if done == "resize" and block.kind is None and len(kinds) > 1:
        msg = f"'{name}' has several quarters: say which by 'kind' ({', '.join(kinds)})"
        raise EntryError(msg, "resize")
    kind = block.kind or (kinds[0] if done == "resize" else "")
    steps = _steps(block.places) if block.on is None else ((day_of(block.on), 0.0),)
    known = dict(zip(places.site_ids, places.sites, strict=True))
    return Establishment(done, known[site], kind, "", "", steps, _steps(block.posts), _steps(block.hearing_slots))


def _opening(name: str, block: EstablishmentBlock, places: Geography) -> Establishment:
    taken = {one.casefold() for one in (*places.sites, *places.site_ids)}
    if name.casefold() in taken:
        msg = f"there is an establishment '{name}' already: give this one a name of its own, or use 'resize'"
        raise EntryError(msg, "open")
    kind = block.kind or ""
    if kind not in KINDS:
        msg = f"no kind '{kind}'.{suggestion(kind, KINDS)} There are: {', '.join(KINDS)}"
        raise EntryError(msg, "kind")
    code, region = block.departement or "", block.interregion or ""
    if kind == "MA" and not code:
        msg = "a remand prison receives the people of its département: say which, by 'departement' (INSEE code)"
        raise EntryError(msg, "open")
    words = {word: each for word, each in (("departement", code), ("interregion", region)) if each}
    if not words:
        msg = "say where it is, by 'departement' (INSEE code) or 'interregion'"
        raise EntryError(msg, "open")
    for word, each in words.items():
        where_of({word: each}, places)
    of_site = departements(places)
    around = {
        places.interregions[places.site_interregion[site]]
        for site, key in enumerate(places.site_ids)
        if code and of_site[key] == code
    }
    if not region and len(around) != 1:
        msg = f"the prisons of département {code} are of several interregions ({', '.join(sorted(around))}): say which"
        raise EntryError(msg, "departement")
    region = where_of({"interregion": region}, places).interregion[0] if region else next(iter(around))
    if around and region not in around:
        msg = f"the prisons of département {code} are of interregion {', '.join(sorted(around))}, met {region}"
        raise EntryError(msg, "interregion")
    return Establishment(
        "open", name, kind, code, region, _steps(block.places), _steps(block.posts), _steps(block.hearing_slots)
    )


def _steps(given: Mapping[date, float] | None) -> Steps:
    return tuple(sorted((day_of(day), float(number)) for day, number in (given or {}).items()))


@cache
def geography_of(establishments: tuple[Establishment, ...] = ()) -> Geography:
    """Return the prisons there are, those that are opened last."""
    places = published_geography()
    for each in establishments:
        places = _opened(places, each) if each.done == "open" else _resized(places, each)
    return places


def _opened(places: Geography, new: Establishment) -> Geography:
    site, region = len(places.sites), places.interregions.index(new.interregion)
    quarter = Quarter(
        index=len(places.quarters),
        name=f"{new.name} — {new.kind}",
        kind=KINDS.index(new.kind),
        site=site,
        interregion=region,
        places=Timeline([(ALWAYS, 0)]),
        base_detainees=0,
        steps=Timeline((day, int(number)) for day, number in new.places),
        opened=True,
    )
    return replace(
        places,
        quarters=(*places.quarters, quarter),
        sites=(*places.sites, new.name),
        site_ids=(*places.site_ids, new.name),
        site_interregion=(*places.site_interregion, region),
        opened_in=(*places.opened_in, (new.name, new.departement)),
        own=(*places.own, *_own(site, new)),
    )


def _resized(places: Geography, moved: Establishment) -> Geography:
    site = places.sites.index(moved.name)
    steps = Timeline((day, int(number)) for day, number in moved.places) if moved.places else None
    quarters = tuple(
        replace(quarter, steps=steps or quarter.steps, closes=moved.done == "close")
        if quarter.site == site and moved.kind in ("", KINDS[quarter.kind])
        else quarter
        for quarter in places.quarters
    )
    return replace(places, quarters=quarters, own=(*places.own, *_own(site, moved)))


def _own(site: int, each: Establishment) -> list[tuple[int, str, Timeline[float]]]:
    own = (("posts", each.posts), ("hearing_slots", each.hearing_slots))
    return [(site, word, Timeline(steps)) for word, steps in own if steps]
