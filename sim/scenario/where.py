"""Where a change, or a behaviour, holds: the interregions, départements, establishments, kinds of quarter or courts it names.

A run reads most practices and means at a place: where a person sleeps, at the counsellors or the judge of an establishment, in
an interregion. ``places_read.yaml`` says which is read where; what is read once for the country has no place, and a change that
gives it one is refused, with the way out.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from unicodedata import combining, normalize

import yaml

from sim.errors import DataError, suggestion
from sim.scenario.document import shown
from sim.scenario.geography import KINDS, published_geography
from sim.scenario.observed import observed_file
from sim.scenario.values import EntryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sim.scenario.geography import Geography

Level = Literal["quarter", "judged", "establishment", "court", "home", "interregion", "country"]

WORDS = ("interregion", "departement", "establishment", "kind", "court")
"""What ``where:`` may name."""
_ALLOWED: Mapping[Level, tuple[str, ...]] = {
    "quarter": ("interregion", "departement", "establishment", "kind"),
    "judged": ("interregion", "departement", "establishment", "kind", "court"),
    "establishment": ("interregion", "departement", "establishment", "kind"),
    "court": ("interregion", "departement", "establishment", "kind", "court"),
    "home": ("interregion", "departement", "establishment"),
    "interregion": ("interregion",),
    "country": (),
}
_WHY_NOT: Mapping[Level, str] = {
    "quarter": "it is read where a person sleeps",
    "judged": "it is read where the person judged sleeps",
    "establishment": "it is read at the counsellors of an establishment",
    "court": "it is read at a court",
    "home": "it is read of people outside, where they come from: whoever comes from liberty has no kind of quarter",
    "interregion": "it is read by interregion",
    "country": "",
}
_FILE = Path(__file__).with_name("places_read.yaml")


class Where(NamedTuple):
    """Places that a change names: those that are in every list given, in any of its names."""

    interregion: tuple[str, ...] = ()
    departement: tuple[str, ...] = ()
    establishment: tuple[str, ...] = ()
    """Identifiers of establishments."""
    kind: tuple[str, ...] = ()
    court: tuple[str, ...] = ()
    """Identifiers of establishments, for their judge."""

    def given(self) -> dict[str, tuple[str, ...]]:
        """What is named, by word."""
        return {word: names for word, names in self._asdict().items() if names}

    def plain(self) -> dict[str, Any]:
        """Return the lines of a scenario file that say the same."""
        return {word: names[0] if len(names) == 1 else list(names) for word, names in self.given().items()}

    def quarters(self, places: Geography) -> frozenset[int]:
        """Quarters it names, by index."""
        of_site = departements(places)
        return frozenset(
            quarter.index
            for quarter in places.quarters
            if (not self.interregion or places.interregions[quarter.interregion] in self.interregion)
            and (not self.departement or of_site.get(places.site_ids[quarter.site]) in self.departement)
            and (not self.establishment or places.site_ids[quarter.site] in self.establishment)
            and (not self.kind or KINDS[quarter.kind] in self.kind)
            and (not self.court or places.site_ids[quarter.site] in self.court)
        )

    def regions(self, places: Geography) -> frozenset[int]:
        """Interregions it names as such, by index: for what belongs to an interregion."""
        if set(self.given()) != {"interregion"}:
            return frozenset()
        return frozenset(index for index, name in enumerate(places.interregions) if name in self.interregion)


def named_establishments() -> Mapping[str, str]:
    """Name of each published establishment, by its identifier; one that a scenario opens is its own identifier."""
    places = published_geography()
    return dict(zip(places.site_ids, places.sites, strict=True))


@cache
def _published_departements() -> Mapping[str, str]:
    path = observed_file("departements.yaml")
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))["establishments"]
        return {name: code for code, names in said.items() for name in names}
    except (OSError, KeyError, TypeError, AttributeError, yaml.YAMLError) as problem:
        message = f"{path}: cannot be read, expected 'establishments:' with a list of names for each code of a département"
        raise DataError(message) from problem


def departements(places: Geography) -> Mapping[str, str]:
    """Département (INSEE code) of each establishment, by its identifier."""
    published = _published_departements()
    found = {key: published.get(name, "") for key, name in zip(places.site_ids, places.sites, strict=True)}
    return found | dict(places.opened_in)


def where_of(raw: object, places: Geography) -> Where:
    """Return the places that were named.

    Raises
    ------
    EntryError
        If a word or a name is unknown, or if no quarter is in all that is named.
    """
    if not isinstance(raw, dict) or not raw:
        msg = f"expected places between braces, such as 'interregion: Lyon' or 'kind: MA', met {shown(raw)}"
        raise EntryError(msg)
    found: dict[str, tuple[str, ...]] = {}
    for word, named in raw.items():
        if word not in WORDS:
            msg = f"no word '{word}'.{suggestion(str(word), WORDS)} There are: {', '.join(WORDS)}"
            raise EntryError(msg)
        names = named if isinstance(named, list | tuple) else [named]
        if not names:
            msg = "met an empty list: expected names"
            raise EntryError(msg, str(word))
        found[word] = tuple(dict.fromkeys(_known(word, name, places) for name in names))
    where = Where(**found)
    if not where.quarters(places) and not where.regions(places):
        msg = f"no place is all of {shown(raw)}"
        raise EntryError(msg)
    return where


def _known(word: str, name: object, places: Geography) -> str:
    """Return the name as the geography has it, the identifier for an establishment."""
    if word == "departement" and isinstance(name, int | float) and not isinstance(name, bool):
        msg = f"met {shown(name)}: write the code between quotes, '{int(name):02d}'"
        raise EntryError(msg, word)
    text = str(int(name)) if isinstance(name, float) and name.is_integer() else str(name)
    by_name = {_plain(one): key for key, one in zip(places.site_ids, places.sites, strict=True)}
    called = {_plain(one): one for one in (*places.sites, *places.interregions)}
    by_name |= {_plain(key): key for key in places.site_ids}
    regions = {_plain(one): one for one in places.interregions}
    known: Mapping[str, str] = {
        "interregion": regions,
        "departement": {_plain(one): one for one in sorted(set(departements(places).values())) if one},
        "establishment": by_name,
        "kind": {_plain(one): one for one in KINDS},
        "court": by_name,
    }[word]
    found = known.get(_plain(text))
    if found is None:
        some = f" There are: {', '.join(known.values())}"
        near = suggestion(_plain(text), [one for one in known if one in called or word not in {"establishment", "court"}])
        for one in known:
            near = near.replace(f"'{one}'", f"'{called.get(one, known[one])}'")
        # One by one: with a blank for the word, the French would take any other "no …" for this.
        msg = {
            "interregion": f"no interregion '{text}'.{near}{some}",
            "departement": f"no departement '{text}'.{near}",
            "establishment": f"no establishment '{text}'.{near}",
            "kind": f"no kind '{text}'.{near}{some}",
            "court": f"no court '{text}'.{near}",
        }[word]
        raise EntryError(msg, word)
    return found


def _plain(name: str) -> str:
    letters = "".join(letter for letter in normalize("NFD", name) if not combining(letter))
    return " ".join(letters.casefold().replace("-", " ").replace("'", " ").split())


@cache
def _table() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


@cache
def _levels() -> Mapping[str, Level]:
    return {path: level for level in _ALLOWED for path in _table()[level]}


def level_of(path: str) -> Level:
    """Where a run reads a parameter, or an entry of one."""
    return _longest(path, _levels()) or "country"


def shared_by(path: str) -> str | None:
    """What an amount of the whole country is shared in proportion to, if it is shared between places."""
    found: str | None = _longest(path, {name: weights for weights, paths in _table()["shared"].items() for name in paths})
    return found


def _longest(path: str, table: Mapping[str, Any]) -> Any:
    parts = path.split(".")
    above = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((table[name] for name in above if name in table), None)


def why_nowhere(path: str, words: Iterable[str]) -> str | None:
    """Why a change of a value cannot say where, with the way out; None if it can.

    Parameters
    ----------
    path
        What is changed; a rule of law begins with ``law.``.
    words
        The words of ``where:`` that are used.
    """
    top = path.partition(".")[0]
    if top == "law":
        return (
            "the law is the same everywhere: leave 'where' out. For an experiment in a few places, change there the practice"
            " that the rule would change (practices.…)"
        )
    if top == "flows":
        return (
            "flows are drawn for the whole country, and shared between prisons by the people they hold: leave 'where' out."
            " To move people, open, close or resize an establishment (establishments:)"
        )
    if top in {"population", "stock", "costs", "reconviction"}:
        return f"'{top}' describes people or the country, not a place: leave 'where' out"
    level = level_of(path)
    if level == "country":
        return f"a run reads '{path}' once for the whole country: leave 'where' out"
    wrong = [word for word in words if word not in _ALLOWED[level]]
    if wrong:
        allowed = " or ".join(_ALLOWED[level])
        return f"'{path}' cannot differ by {wrong[0]}: {_WHY_NOT[level]}. Say where by {allowed}"
    return None


def share_of(where: Where, weights: str, places: Geography, by_kind: Mapping[str, float], entry: str | None, day: int) -> float:
    """Share of an amount of the whole country that the places named have, 0 to 1.

    Parameters
    ----------
    weights
        What it is shared in proportion to (:func:`shared_by`).
    by_kind
        Weight of the people of each kind of quarter (1 where a kind is not named).
    entry
        Kind of quarter, for what is shared between the places of a kind.
    """
    if weights in {"interregions", "long"}:
        region = places.region_shares(long=weights == "long", day=day)
        return sum(region[index] for index in where.regions(places))
    if weights == "places":
        every = {q.index: q.places_on(day) for q in places.quarters if KINDS[q.kind] == entry}
        named = where.quarters(places)
        return sum(places_there for index, places_there in every.items() if index in named) / (sum(every.values()) or 1)
    sites = sites_named(where, places)
    what = {"posts": "posts", "hearings": "hearing_slots"}.get(weights, "")
    shares = places.site_shares(by_kind, day, places.given(what, day))
    return sum(shares[site] for site in sites)


def sites_named(where: Where, places: Geography) -> list[int]:
    """Establishments that are named as a whole: those whose main quarter is."""
    named = where.quarters(places)
    return [site for site, main in enumerate(main_quarters(places)) if main in named]


def main_quarters(places: Geography) -> list[int]:
    """Quarter of each establishment that holds most people on the base date (most places, for one not open then).

    What is read once for an establishment, counsellors or a judge, is read there.
    """
    found: list[int] = [-1] * len(places.sites)
    size = [(-1.0, -1.0)] * len(places.sites)
    for quarter in places.quarters:
        mine = (float(quarter.base_detainees), float(max(quarter.places.values)))
        if mine > size[quarter.site]:
            size[quarter.site], found[quarter.site] = mine, quarter.index
    return found
