"""What a scenario file may say: frozen models in which every key that is not listed is an error.

These models describe the *file*. The rest of the project uses :class:`~sim.scenario.sourced.Sourced` and
:class:`~sim.scenario.scenario.Scenario`, which are made from them.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, model_validator

from sim.scenario.document import shown
from sim.scenario.values import (
    EntryError,
    date_of_file,
    impossible,
    number_of,
    numeral,
    shape_in_words,
    shape_of,
    value_of,
)

if TYPE_CHECKING:
    from sim.scenario.values import Value

Kind = Literal["law", "statistic", "study", "assumption"]
RangeIs = Literal["absolute", "factor"]
AppliesTo = Literal["everyone", "new_committals"]
Bounds = tuple[float, float]

_VINTAGE = re.compile(r"(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-[0-3][0-9])?|-(?P<last>(19|20)[0-9]{2}))?")


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        msg = f"expected a text, met {shown(raw)}"
        raise EntryError(msg)
    if not raw.strip():
        msg = "met an empty text: say it in words, or take the line out"
        raise EntryError(msg)
    return raw


def _link(raw: object) -> str:
    text = _text(raw)
    if not text.startswith(("https://", "http://")) or " " in text:
        msg = f"expected a link that begins with https://, met {shown(text)}"
        raise EntryError(msg)
    return text


def _vintage(raw: object) -> str:
    text = raw.isoformat() if isinstance(raw, date) else str(raw)
    period = _VINTAGE.fullmatch(text)
    if isinstance(raw, bool | float) or period is None or (period["last"] is not None and period["last"] < text[:4]):
        msg = f"expected the year (2025), month (2025-10), day or years (2018-2025) of the source, met {shown(raw)}"
        raise EntryError(msg)
    return text


def in_both(raw: object) -> object:
    """Return a text for readers of both languages where one was written."""
    return {"fr": raw, "en": raw} if isinstance(raw, str) else raw


def _bounds(raw: object) -> Bounds:
    if not isinstance(raw, list | tuple) or len(raw) != 2:
        msg = f"expected [low, high], met {shown(raw)}"
        raise EntryError(msg)
    low, high = number_of(raw[0], 0), number_of(raw[1], 1)
    if low > high:
        msg = f"expected [low, high], met low {low:g} above high {high:g}"
        raise EntryError(msg)
    return low, high


def _ranges(raw: object) -> Bounds | dict[str, Bounds]:
    if not isinstance(raw, dict):
        return _bounds(raw)
    found: dict[str, Bounds] = {}
    for name, item in raw.items():
        try:
            found[str(name)] = _bounds(item)
        except EntryError as problem:
            raise EntryError(str(problem), str(name), *problem.place) from problem
    return found


def _new_value(raw: object) -> Value | str | None:
    """Return the value a change sets; a text or nothing may only go to the law, whose own check follows."""
    if isinstance(raw, str):
        return numeral(raw)
    return raw if raw is None else value_of(raw)


def _places(raw: object) -> dict[str, Any]:
    """Return the words of ``where:`` as they were written: what they name is looked up once the whole file is read."""
    if not isinstance(raw, dict) or not raw:
        msg = f"expected places between braces, such as 'interregion: Lyon' or 'kind: MA', met {shown(raw)}"
        raise EntryError(msg)
    return {str(word): names for word, names in raw.items()}


def country_share(raw: object) -> float:
    """Return the share of the country that is simulated, above 0 and up to 1, else raise :class:`EntryError`."""
    fraction = number_of(raw)
    if not 0 < fraction <= 1:
        msg = f"expected a number above 0 and up to 1 (0.1 simulates one person in ten), met {shown(raw)}"
        raise EntryError(msg)
    return fraction


def _settings(raw: object) -> dict[str, Any]:
    if not isinstance(raw, dict):
        msg = f"expected 'name: value' settings, met {shown(raw)}"
        raise EntryError(msg)
    settings: dict[str, Any] = {}
    for name, item in raw.items():
        try:
            settings[str(name)] = numeral(item) if isinstance(item, str) else value_of(item)
        except EntryError as problem:
            raise EntryError(str(problem), str(name), *problem.place) from problem
    return settings


Text = Annotated[str, PlainValidator(_text)]
Link = Annotated[str, PlainValidator(_link)]
Day = Annotated[date, PlainValidator(date_of_file)]
Places = Annotated[dict[str, Any], PlainValidator(_places)]
AnyValue = Annotated[Any, PlainValidator(value_of)]


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Bilingual(_Block):
    """A text in both languages of the project."""

    fr: Text
    en: Text


class Reference(_Block):
    """Where something was said: a title that identifies the document, and a link."""

    title: Text
    href: Link | None = None


def _reference(raw: object) -> object:
    return {"title": raw} if isinstance(raw, str) else raw


def _as_tuple(raw: object) -> object:
    return tuple(raw) if isinstance(raw, list) else raw


def _numbers_of(raw: object) -> object:
    return tuple(number_of(item) for item in raw) if isinstance(raw, list) else raw


class PriorBlock(_Block):
    """How the entries of a table are drawn together, their ranges being 5th to 95th percentiles (``experiments.draws``)."""

    normal: Annotated[tuple[Text, ...], BeforeValidator(_as_tuple)] = ()
    """Entries that are normal."""
    correlation: Annotated[float, BeforeValidator(number_of)] = 0.0
    """Between any two of those."""
    share_of: dict[Text, Text] = {}
    """Entries that are a share of another one, the same share for all, plus an error of their own."""
    beta: Annotated[tuple[float, float] | None, BeforeValidator(_numbers_of)] = None
    """Parameters of that share."""
    error_sd: Annotated[float, BeforeValidator(number_of)] = 0.0

    @model_validator(mode="after")
    def _whole(self) -> PriorBlock:
        if not 0 <= self.correlation < 1:
            msg = f"expected a correlation from 0 to below 1, met {self.correlation:g}"
            raise EntryError(msg, "correlation")
        if self.share_of and self.beta is None:
            msg = "a share needs its 'beta: [a, b]'"
            raise EntryError(msg, "beta")
        strangers = sorted(set(self.share_of.values()) - set(self.normal))
        if strangers:
            msg = f"a share is of an entry under 'normal', met {', '.join(strangers)}"
            raise EntryError(msg, "share_of")
        return self


class ParameterBlock(_Block):
    """One value, with where it comes from and how far it could be wrong."""

    value: AnyValue = None
    values: dict[Day, AnyValue] | None = None
    unit: Text | None = None
    kind: Kind
    source: Text | None = None
    why: Text | None = None
    href: Link | None = None
    date: Annotated[str | None, BeforeValidator(_vintage)] = None
    range: Annotated[Any, PlainValidator(_ranges)] = None
    range_is: RangeIs = "absolute"
    prior: PriorBlock | None = None
    total: Annotated[float | None, BeforeValidator(number_of)] = None
    label: Bilingual | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> ParameterBlock:
        if (self.value is None) == (self.values is None):
            msg = "give either 'value' (the same on every day) or 'values' (date: value lines)"
            raise EntryError(msg)
        if self.values is not None and not self.values:
            msg = "met no date: expected 'date: value' lines"
            raise EntryError(msg, "values")
        shape = self._one_shape()
        if self.kind == "assumption" and self.why is None:
            msg = "an assumption says why it was made: add 'why:'"
            raise EntryError(msg)
        if self.kind != "assumption" and self.source is None:
            msg = f"a value of kind '{self.kind}' needs a 'source:'; without one it is 'kind: assumption' with 'why:'"
            raise EntryError(msg)
        if shape[0] != "switch":
            self._measured()
        self._ranged(shape)
        return self

    def _one_shape(self) -> tuple[str, ...]:
        values = list(self.values.items()) if self.values is not None else [(None, self.value)]
        shape = shape_of(values[0][1])
        for day, value in values:
            if shape_of(value) != shape:
                msg = f"expected {shape_in_words(shape)} as on {values[0][0]}, met {shape_in_words(shape_of(value))}"
                raise EntryError(msg, "values", str(day))
        if self.total is not None and shape[0] not in {"table", "list"}:
            msg = "only a table or a list has a total"
            raise EntryError(msg, "total")
        for day, value in values:
            reason = impossible(value, self.unit, self.total if shape[0] in {"table", "list"} else None)
            if reason is not None:
                msg = f"the value is {reason}"
                raise EntryError(msg, *(["value"] if day is None else ["values", str(day)]))
        for name in shape[1:]:
            if not name or "." in name:
                msg = f"a name in a table holds no point and is not empty, met {shown(name)}"
                raise EntryError(msg)
        return shape

    def _measured(self) -> None:
        if self.unit is None:
            msg = "a number needs a 'unit:' (persons, days, share, hours/file …)"
            raise EntryError(msg)
        if self.kind in {"assumption", "study"} and self.range is None:
            msg = f"a value of kind '{self.kind}' needs a plausible 'range: [low, high]'"
            raise EntryError(msg)

    def _ranged(self, shape: tuple[str, ...]) -> None:
        if self.range is None:
            return
        if shape[0] == "switch":
            msg = "true or false has no range"
            raise EntryError(msg, "range")
        if isinstance(self.range, dict) and set(self.range) != set(shape[1:] if shape[0] == "table" else ()):
            names = ", ".join(shape[1:]) if shape[0] == "table" else "none: the value is no table"
            msg = f"expected one [low, high] for each name of the table ({names}), met {', '.join(self.range)}"
            raise EntryError(msg, "range")
        if self.prior is not None:
            named = {*self.prior.normal, *self.prior.share_of}
            if named != set(shape[1:]) or not isinstance(self.range, dict) or self.range_is != "absolute":
                msg = "a prior speaks of every entry of a table that has an absolute range for each"
                raise EntryError(msg, "prior")
        bounds = self.range.values() if isinstance(self.range, dict) else [self.range]
        if self.range_is == "factor" and any(not low <= 1 <= high or low < 0 for low, high in bounds):
            msg = "with 'range_is: factor' the range multiplies the value: expected one that holds 1"
            raise EntryError(msg, "range")


LEAF_KEYS = frozenset(ParameterBlock.model_fields)
"""Words that make a block of parameters a value; none of them can name a group."""


def _extended(raw: object) -> object:
    """One file that is extended, or several."""
    if not isinstance(raw, list):
        return raw
    if not raw or not all(isinstance(name, str) for name in raw):
        msg = f"met {shown(raw)}: expected the name of a file, or a list of names"
        raise EntryError(msg)
    if len({name.removesuffix(".yaml") for name in raw}) < len(raw):
        msg = f"met {shown(raw)}: one file is named twice"
        raise EntryError(msg)
    return raw


MOST_FACTOR = 50
"""Most by which a value may be multiplied: a percentage typed for a factor (110 for 1.1) is told, not simulated."""


class ChangeBlock(_Block):
    """A value that changes on a date."""

    on: Day
    set: Text | None = None
    scale: Text | None = None
    add: Text | None = None
    to: Annotated[Any, PlainValidator(_new_value)] = None
    by: Annotated[float | None, BeforeValidator(number_of)] = None
    unit: Text | None = None
    applies_to: AppliesTo | None = None
    until: Day | None = None
    where: Places | None = None
    told_only: bool = False
    """Whether the change is for ``sortie law`` alone: a rule of law that no run reads may then be changed."""

    @model_validator(mode="after")
    def _one_operation(self) -> ChangeBlock:
        named = [name for name in ("set", "scale", "add") if getattr(self, name) is not None]
        if len(named) != 1:
            met = " and ".join(named) or "none"
            msg = f"expected one of 'set: PATH', 'scale: PATH' or 'add: PATH', met {met}"
            raise EntryError(msg)
        wanted, other = ("to", "by") if named[0] == "set" else ("by", "to")
        if other in self.model_fields_set:
            msg = f"'{named[0]}' goes with '{wanted}', not with '{other}'"
            raise EntryError(msg)
        if wanted not in self.model_fields_set:
            msg = f"'{named[0]}' needs '{wanted}:' (the {'new value' if wanted == 'to' else 'number'})"
            raise EntryError(msg)
        if self.scale is not None and self.by is not None and abs(self.by) > MOST_FACTOR:
            msg = f"met {self.by:g}: expected a factor, {MOST_FACTOR} at most (1.1 for ten per cent more)."
            if abs(self.by) <= MOST_FACTOR * 100:
                msg += f" If {self.by:g} % of the value is meant, write {self.by / 100:g}"
            raise EntryError(msg, "by")
        if self.until is not None and self.until <= self.on:
            msg = f"met {self.until}: expected a day after the change, {self.on}"
            raise EntryError(msg, "until")
        return self


class PolicyBlock(_Block):
    """A behaviour that begins on a date, with its settings."""

    name: Text
    on: Day
    until: Day | None = None
    where: Places | None = None
    with_: Annotated[dict[str, Any], PlainValidator(_settings)] = Field(default={}, alias="with")

    @model_validator(mode="after")
    def _ends_later(self) -> PolicyBlock:
        if self.until is not None and self.until <= self.on:
            msg = f"met {self.until}: expected a day after the behaviour begins, {self.on}"
            raise EntryError(msg, "until")
        return self


def _dated_numbers(raw: object) -> dict[date, float]:
    if not isinstance(raw, dict) or not raw:
        msg = f"expected 'date: number' lines, met {shown(raw)}"
        raise EntryError(msg)
    found: dict[date, float] = {}
    for day, number in raw.items():
        found[date_of_file(day)] = number_of(number, str(day))
        if not 0 <= found[date_of_file(day)] <= MOST_PLACES:
            msg = f"met {shown(number)}: expected a number from 0 to {MOST_PLACES:,}"
            raise EntryError(msg, str(day))
    return found


MOST_PLACES = 100_000
"""Most places, posts or hearings of one establishment."""
DatedNumbers = Annotated[dict[date, float], PlainValidator(_dated_numbers)]


class EstablishmentBlock(_Block):
    """An establishment, or a quarter of one, that opens, closes or has other places."""

    open: Text | None = None
    close: Text | None = None
    resize: Text | None = None
    kind: Text | None = None
    departement: Text | None = None
    interregion: Text | None = None
    on: Day | None = None
    places: DatedNumbers | None = None
    posts: DatedNumbers | None = None
    hearing_slots: DatedNumbers | None = None

    @model_validator(mode="after")
    def _one_verb(self) -> EstablishmentBlock:
        named = [name for name in ("open", "close", "resize") if getattr(self, name) is not None]
        if len(named) != 1:
            met = " and ".join(named) or "none"
            msg = f"expected one of 'open: NAME', 'close: NAME' or 'resize: NAME', met {met}"
            raise EntryError(msg)
        (done,) = named
        if done == "close" and (self.on is None or self.places or self.posts or self.hearing_slots):
            msg = "what closes has its day, 'on:', and no places or posts: its people are moved, so many a week"
            raise EntryError(msg, "close")
        if done != "close" and (self.on is not None or self.places is None):
            msg = "say how many places there are from each day on, with 'places: {2027-01-01: 60, 2027-07-01: 120}'"
            raise EntryError(msg, done)
        if done == "open" and self.kind is None:
            msg = "say of which 'kind' it is (MA, CD, MC, SAS, SL, EPM)"
            raise EntryError(msg, "open")
        return self


class FileBlock(_Block):
    """A scenario file but for its parameters, which have no fixed names."""

    extends: Annotated[list[Text] | Text | None, BeforeValidator(_extended)] = None
    name: Text | None = None
    title: Annotated[Bilingual, BeforeValidator(in_both)]
    question: Annotated[Bilingual | None, BeforeValidator(in_both)] = None
    asked_by: Annotated[Bilingual | None, BeforeValidator(in_both)] = None
    source: Annotated[Reference | None, BeforeValidator(_reference)] = None
    start: Day | None = None
    measure_from: Day | None = None
    end: Day | None = None
    sampling_fraction: Annotated[float | None, PlainValidator(country_share)] = None
    told_only: bool = False
    """Whether the whole file is for ``sortie law`` alone."""
    parameters: dict[Any, Any] | None = None
    overrides: dict[Any, Any] | None = None
    policies: list[PolicyBlock] = Field(default=[])
    changes: list[ChangeBlock] = Field(default=[])
    establishments: list[EstablishmentBlock] = Field(default=[])

    @model_validator(mode="after")
    def _whole(self) -> FileBlock:
        if self.extends is None:
            missing = [k for k in ("start", "measure_from", "end", "parameters") if getattr(self, k) is None]
            if missing:
                msg = f"missing {', '.join(missing)}: a file either says 'extends: baseline.yaml' or describes a complete world"
                raise EntryError(msg)
        elif self.parameters is not None:
            msg = "a file that extends another says 'changes' (what, from when, for whom), not 'parameters'"
            raise EntryError(msg, "parameters")
        if self.asked_by is not None and self.source is None:
            msg = "say where it was asked, with 'source: {title: …, href: …}'"
            raise EntryError(msg, "asked_by")
        return self
