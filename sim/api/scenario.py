"""A scenario: a world with sources, and what is changed in it from a day on."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from sim.api.arguments import checked
from sim.api.restoring import restoring
from sim.api.words import Dated, day_number, day_text, in_python, plain, plain_file, told_in_python
from sim.dates import iso
from sim.errors import RequestError, ScenarioError
from sim.experiments.run_options import adapted
from sim.policies import POLICIES
from sim.presentation.texts import LANGUAGES
from sim.scenario import Scenario as Loaded
from sim.scenario import available_scenarios, describe, lines_of_mix, load_scenario, read_scenario
from sim.scenario.document import read_bytes
from sim.scenario.library import files, find
from sim.scenario.writing import to_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from sim.scenario.describe import Language

_KNOWN = frozenset(POLICIES)
_LOOKS_LIKE_YAML = re.compile(r"\n|:\s|^\{")
_NO_NAME = re.compile(r"[^\w.+=×-]+")
_AT_CHANGE = re.compile(r"^(?P<label>.*?):\d+: (?:changes|policies)\[\d+\](?:\.\w+)*: ")


class Content(NamedTuple):
    """What a :class:`Scenario` holds."""

    file: dict[str, Any]
    """A scenario file that says it, as plain data."""
    loaded: Loaded
    again: frozenset[tuple[int, str]] = frozenset()
    """Changes (day, path) that give a value back once more, after the day a change ended."""


class Scenario:
    """A world, and what is changed in it. A scenario never changes: its methods return another one.

    Parameters
    ----------
    source
        A name (``"baseline"``; :func:`scenarios` lists them), the path of a YAML file, or YAML text.

    Raises
    ------
    ScenarioError
        If there is no such scenario, or something is wrong in it.

    Examples
    --------
    >>> base = sortie.Scenario("baseline")
    >>> posts = base.change("means.probation_service.posts", add=700, on="2026-07-01", name="700 more CPIP")
    """

    def __init__(self, source: str | Path | Scenario | Loaded = "baseline") -> None:
        with told_in_python():
            self._content = source.content if isinstance(source, Scenario) else _read(source)

    # ------------------------------------------------------------------ what it is

    @property
    def name(self) -> str:
        """Name: that of its file, or the one it was given."""
        return self.loaded.name

    @property
    def title(self) -> dict[str, str]:
        """Title by language, ``fr`` and ``en``."""
        return dict(self.loaded.title)

    @property
    def content(self) -> Content:
        """What it is made of: the file, and the scenario as the rooms below know it."""
        return self._content

    @property
    def loaded(self) -> Loaded:
        """The scenario as the rooms below know it (:class:`sim.scenario.Scenario`)."""
        return self._content.loaded

    def __repr__(self) -> str:
        loaded = self.loaded
        parts = [f"{len(loaded.changes)} change{'s' if len(loaded.changes) > 1 else ''}"] if loaded.changes else []
        parts += [", ".join(call.name for call in loaded.policies)] if loaded.policies else []
        made = " and ".join(parts) or "no change"
        return f"<Scenario {self.name}: {made}, {iso(loaded.start_day)} to {iso(loaded.end_day)}>"

    def describe(self, lang: str = "en") -> str:
        """Tell the scenario in prose: its question, its span, what changes, from when, for whom, before and after.

        Parameters
        ----------
        lang
            ``"en"`` or ``"fr"``.

        Examples
        --------
        >>> print(posts.describe())
        """
        return describe(self.loaded, language(lang))

    @checked("a text")
    def parameters(self, search: str = "", lang: str = "en") -> pd.DataFrame:
        """List what can be changed: the numbers and switches of the world, and the rules of law.

        Parameters
        ----------
        search
            Only those whose path, label, source or number (``HYP-12``) holds this text, accents and capitals apart.
        lang
            Language of the labels.

        Returns
        -------
            One row for each value, entries of tables and lists by themselves: ``path`` (what :meth:`change` takes),
            ``label, value, unit`` (on the first measured day), ``low, high`` (plausible range), ``kind``, ``source`` (for an
            assumption, why it was made so), ``hypothesis`` (number of an assumption), ``read_by``: *engine*; *first day*, once
            at the start; *measures*, on the first day measured; *measures by day*; *rule book only* and *nobody concerned*,
            for rules of law whose change no run would show (:meth:`change` refuses it); *nobody*.

        Examples
        --------
        >>> base.parameters("counsellor")[["path", "value", "unit", "source"]]
        """
        from sim.api.parameters import parameter_frame  # noqa: PLC0415 (the texts of law: only this asks for them)

        return parameter_frame(self.loaded, search, language(lang))

    def to_yaml(self) -> str:
        """Return a scenario file that says the same: short, it extends a scenario that has a name or a file.

        Examples
        --------
        >>> print(posts.to_yaml())
        """
        content = dict(self._content.file)
        given = content.get("extends") or ""
        extended = Path(given if isinstance(given, str) else "")
        if extended.is_absolute() and files().get(extended.stem, Path()).resolve() == extended:
            content["extends"] = extended.name
        content = {"extends": content.pop("extends", None), **_words(self.loaded), **content}
        return to_text({key: value for key, value in content.items() if value is not None})

    # ------------------------------------------------------------------ what is changed

    @checked("a text")
    def change(
        self,
        path: str,
        *,
        to: Any = ...,
        add: float | None = None,
        scale: float | None = None,
        on: Dated | None = None,
        until: Dated | None = None,
        where: Mapping[str, Any] | None = None,
        applies_to: str | None = None,
        name: str | None = None,
    ) -> Scenario:
        """Return the scenario with one value changed from a day on.

        Parameters
        ----------
        path
            A parameter, an entry of a table, or a rule of law (``law.…``); :meth:`parameters` lists them.
        to, add, scale
            One of them: the new value (None for a rule of law that is no longer in force), what is added to it, or what it is
            multiplied by.
        on
            Day of the change; by default the first measured day.
        until
            Day on which the value is again what it would have been without this change.
        where
            Places where alone it is made: ``interregion``, ``departement`` (INSEE code), ``establishment``, ``kind`` of quarter
            or ``court``, a name or a list of names each; the whole country by default.
        applies_to
            ``"everyone"`` or ``"new_committals"``; a change of the law must say it.
        name
            Name of the new scenario, and of its column in results.

        Raises
        ------
        LawError, RequestError, ScenarioError
            If the value does not exist, cannot take the change, or no run would show it.

        Examples
        --------
        >>> half = base.change("law.release_under_constraint.fraction_served", to=0.5, on="2026-07-01",
        ...                    applies_to="everyone", name="half-sentence")
        >>> summer = base.change("means.probation_service.posts", scale=0.8, on="2027-07-01", until="2027-09-01")
        >>> lyon = base.change("means.probation_service.posts", add=20, on="2026-07-01", where={"interregion": "Lyon"})
        """
        given = {word: value for word, value in (("add", add), ("scale", scale)) if value is not None}
        given |= {} if to is ... else {"set": to}
        if len(given) != 1:
            met = " and ".join("to" if word == "set" else word for word in given) or "none"
            msg = f"change of '{path}': met {met}, expected one of to, add, scale."
            raise RequestError(msg)
        ((word, value),) = given.items()
        day = iso(self.loaded.measure_from_day) if on is None else day_text(on, "on")
        line: dict[str, Any] = {"on": day, word: path, "to" if word == "set" else "by": plain(value)}
        after: list[dict[str, Any]] = []
        if until is not None:
            end = day_number(until, "until")
            if end <= day_number(day, "on"):
                msg = f"change of '{path}': until {iso(end)}, expected a day after the change, {day}."
                raise RequestError(msg)
            if where is None:
                with told_in_python():
                    after = restoring(self.loaded, path, end)
            else:
                line["until"] = iso(end)  # as a file says it: what it gives back differs from place to place
        if where is not None:
            line["where"] = plain(where)
        lines = [line, *after]
        if applies_to is not None:
            lines = [{**each, "applies_to": applies_to} for each in lines]
        called = name or f"{self.name}+{path.rpartition('.')[2]}{_short({'set': '=', 'add': '+', 'scale': '×'}[word], value)}"
        again = {(day_number(each["on"], "on"), path) for each in after[1:]}
        return self._with({"changes": lines}, called, f"change of '{path}'", again)

    @checked("a text")
    def policy(
        self,
        policy: str,
        *,
        on: Dated | None = None,
        until: Dated | None = None,
        where: Mapping[str, Any] | None = None,
        name: str | None = None,
        **settings: Any,
    ) -> Scenario:
        """Return the scenario with a behaviour that begins on a day.

        Parameters
        ----------
        policy
            ``"population_cap"``, … : those of docs/scenario.md.
        on
            Day it begins; by default the first measured day.
        until
            First day it no longer acts; by default it acts to the end.
        where
            Places where alone it acts, as for :meth:`change`.
        name
            Name of the new scenario.
        **settings
            Its settings, those left out keep their defaults.

        Raises
        ------
        RequestError, ScenarioError
            If there is no such behaviour or setting.

        Examples
        --------
        >>> cap = base.policy("population_cap", on="2027-01-01", density=1.3)
        >>> west = base.policy("population_cap", on="2027-01-01", until="2030-01-01", where={"interregion": "Rennes"},
        ...                    density=1.3, name="west")
        """
        day = iso(self.loaded.measure_from_day) if on is None else day_text(on, "on")
        if policy in POLICIES:
            known = POLICIES[policy].defaults
            unknown = next((word for word in settings if word not in known), None)
            if unknown is not None:
                msg = f"policy '{policy}': no setting '{unknown}', expected {', '.join(known)}."
                raise RequestError(msg)
        line: dict[str, Any] = {"name": policy, "on": day}
        if until is not None:
            line["until"] = iso(day_number(until, "until"))
        if where is not None:
            line["where"] = plain(where)
        if settings:
            line["with"] = {word: plain(value) for word, value in settings.items()}
        return self._with({"policies": [line]}, name or f"{self.name}+{policy}", f"policy '{policy}'")

    @checked("a text")
    def establishment(
        self,
        *,
        open: str | None = None,  # noqa: A002 (the word of files)
        close: str | None = None,
        resize: str | None = None,
        name: str | None = None,
        **settings: Any,
    ) -> Scenario:
        """Return the scenario with a prison that opens, closes or has other places.

        Parameters
        ----------
        open, close, resize
            One of them: the name of the establishment.
        name
            Name of the new scenario.
        **settings
            What a file says of it (docs/scenario.md): ``kind``, ``departement``, ``interregion``, ``on``, and ``places``,
            ``posts``, ``hearing_slots`` by day.

        Examples
        --------
        >>> vendee = base.establishment(open="MA VENDEE", kind="MA", departement="85", places={"2027-01-01": 250})
        >>> fewer = vendee.establishment(close="MA FONTENAY LE COMTE", on="2027-06-01")
        """
        verbs = {word: value for word, value in (("open", open), ("close", close), ("resize", resize)) if value is not None}
        line = {**verbs, **{word: plain(value) for word, value in settings.items()}}
        if len(verbs) != 1:
            msg = f"establishment: met {' and '.join(verbs) or 'none'}, expected one of open, close, resize."
            raise RequestError(msg)
        called = " ".join(f"{word} {value}" for word, value in verbs.items())
        return self._with({"establishments": [line]}, name or f"{self.name}+{_NO_NAME.sub('_', called)}", called)

    def _with(
        self,
        lines: Mapping[str, list[dict[str, Any]]],
        name: str,
        what: str,
        again: AbstractSet[tuple[int, str]] = frozenset(),
        *,
        kept: bool = False,
    ) -> Scenario:
        """Return the scenario with lines added to its file; the reader of files checks them, and refuses in its words."""
        if name != Path(name).name or name in {"", ".."} or "\\" in name:
            msg = f"name: met {name!r}, expected a name that can be a folder's, without '/'."
            raise RequestError(msg)
        if name.casefold() == "baseline" and not kept:
            msg = f"name: met {name!r}, the name of the world that others extend: give this scenario a name of its own."
            raise RequestError(msg)
        content = {**self._content.file, "name": name, "title": {"fr": name, "en": name}}
        for key, added in lines.items():
            content[key] = [*content.get(key, ()), *added]
        made = object.__new__(Scenario)
        try:
            loaded = read_scenario(to_text(content), name=name, known_policies=_KNOWN)
        except ScenarioError as problem:
            text = in_python(str(problem))
            said = _AT_CHANGE.match(text)
            raise ScenarioError(f"{what}: {text[said.end() :]}" if said and said["label"] == name else text) from None
        made._content = Content(content, loaded, self._content.again | again)
        return made

    def over(
        self,
        *,
        start: Dated | None = None,
        measure_from: Dated | None = None,
        end: Dated | None = None,
        fraction: float | None = None,
    ) -> Loaded:
        """Return what is run: the scenario over other dates, on a share of the country; what is None stays.

        Raises
        ------
        RequestError
            If a date or the fraction makes no sense, or a change would never come.
        """
        given = {"start": start, "measure_from": measure_from, "end": end}
        days = {word: None if value is None else day_text(value, word) for word, value in given.items()}
        loaded = self.loaded
        if days["end"] is not None:
            last = day_number(days["end"], "end")
            # What would have given a value back again after the run has no effect, as the change it answers has none.
            kept = [c for c in loaded.changes if not ((c.on_day, c.path) in self._content.again and c.on_day > last)]
            loaded = replace(loaded, changes=tuple(kept))
        with told_in_python():
            return adapted(loaded, days=days, fraction=fraction)


def moved(scenario: Scenario, path: str, value: float, on: Dated | None = None) -> Scenario:
    """Return a scenario with a value moved and its name kept: a search compares it with itself."""
    day = iso(scenario.loaded.measure_from_day) if on is None else day_text(on, "on")
    lines = [{"on": day, "set": path, "to": plain(value)}]
    return scenario._with({"changes": lines}, scenario.name, f"change of '{path}'", kept=True)  # noqa: SLF001 (its own module)


def read_law(source: str | Path | Scenario) -> Loaded:
    """Return a scenario of which the law alone is asked: it may change rules that no run reads (``told_only: true``)."""
    return source.loaded if isinstance(source, Scenario) else _read(source, law_alone=True).loaded


def _read(source: object, *, law_alone: bool = False) -> Content:
    if isinstance(source, Loaded):
        return Content(plain_file(read_bytes(source.to_yaml().encode(), source.name).data), source)
    if isinstance(source, str) and _LOOKS_LIKE_YAML.search(source.strip()):
        file = plain_file(read_bytes(source.encode(errors="surrogatepass"), "scenario").data)
        name = file.get("name") or "scenario"
        return Content(file, read_scenario(source, name=name, known_policies=_KNOWN, law_alone=law_alone))
    if isinstance(source, str | Path):
        loaded = load_scenario(source, known_policies=_KNOWN, law_alone=law_alone)
        return Content(lines_of_mix(source) or {"extends": str(find(source).resolve())}, loaded)
    msg = f"scenario: met {source!r}, expected a name, the path of a YAML file, or YAML text."
    raise RequestError(msg)


def scenarios(lang: str = "en") -> pd.DataFrame:
    """List the scenarios that have a name.

    Returns
    -------
        ``name, title, question, asked_by``, complete worlds first.

    Examples
    --------
    >>> sortie.scenarios()
    """
    tongue = language(lang)
    rows = [
        (card.name, *((words or {}).get(tongue, "") for words in (card.title, card.question, card.asked_by)))
        for card in available_scenarios()
        if card.problem is None
    ]
    return pd.DataFrame(rows, columns=["name", "title", "question", "asked_by"])


def language(lang: str) -> Language:
    """Return a language that there is.

    Raises
    ------
    RequestError
        If there is none of that name.
    """
    for known in LANGUAGES:
        if lang == known:
            return known
    msg = f"lang: met {lang!r}, expected 'en' or 'fr'."
    raise RequestError(msg)


def _words(loaded: Loaded) -> dict[str, Any]:
    return {"name": loaded.name, "title": dict(loaded.title)}


def _short(sign: str, value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{'' if sign == '+' and value < 0 else sign}{value:g}"
    return sign + _NO_NAME.sub("_", "changed" if isinstance(value, dict | list | tuple) else str(plain(value)))[:40]
