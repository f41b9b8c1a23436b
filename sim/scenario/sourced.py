"""A value of the world together with where it comes from and how far it could be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.dates import day_of, iso
from sim.scenario.values import ALWAYS, entries_of, merged, shape_of
from sim.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario.schema import Bounds, Kind, ParameterBlock, PriorBlock, RangeIs
    from sim.scenario.values import Shape, Value


@dataclass(frozen=True, slots=True)
class Sourced:
    """One parameter: its values by date, its unit, its source and its plausible range."""

    path: str
    """Dotted path, ``means.probation_service.posts``."""
    timeline: Timeline[Value]
    """Values by day: numbers, switches, tables or lists, of one shape."""
    unit: str | None
    kind: Kind
    """``law``, ``statistic``, ``study`` or ``assumption``."""
    source: str | None
    why: str | None
    """Reason of an assumption."""
    href: str | None
    date: str | None
    """Year, month, day or years (``2018-2025``) the source speaks of."""
    range: Bounds | Mapping[str, Bounds] | None
    range_is: RangeIs
    """``absolute``, or ``factor`` when the range multiplies the value."""
    label: Mapping[str, str] | None
    """Name for readers, by language."""
    note: str | None
    prior: PriorBlock | None = None
    """How the entries are drawn together."""
    total: float | None = None
    """What the entries of a table or list must sum to on every day, for shares of a whole."""

    @property
    def shape(self) -> Shape:
        """Sort of value, then the names of a table or the length of a list."""
        return shape_of(self.timeline.values[0])

    @property
    def last_year(self) -> int | None:
        """Latest year the source speaks of."""
        if self.date is None:
            return None
        return int(self.date[5:] if len(self.date) == len("2018-2025") else self.date[:4])

    def at(self, day: int) -> Value:
        """Value in force on a day."""
        return self.timeline.at(day)

    def bounds(self, day: int, entry: str | None = None) -> Bounds | None:
        """Plausible lowest and highest value on a day, in the unit of the value; None when no range is given.

        ``entry`` names one entry of a table or list, and is needed for those.
        """
        if self.range is None:
            return None
        low, high = self.range if isinstance(self.range, tuple) else self.range[entry or ""]
        if self.range_is == "absolute":
            return low, high
        value = self.at(day)
        if entry is not None:
            number = entries_of(value)[entry]
        else:
            assert isinstance(value, float), f"{self.path}: name one entry"
            number = value
        ends = (low * number, high * number)
        return min(ends), max(ends)

    def plain(self) -> dict[str, Any]:
        """Return the block of YAML data that says the same; only what is given is there."""
        block: dict[str, Any] = {}
        if len(self.timeline.days) == 1 and self.timeline.days[0] == ALWAYS:
            block["value"] = plain_value(self.timeline.values[0])
        else:
            block["values"] = {
                "1990-01-01" if day == ALWAYS else iso(day): plain_value(value)
                for day, value in zip(self.timeline.days, self.timeline.values, strict=True)
            }
        for key in ("unit", "kind", "source", "why", "href", "date"):
            if getattr(self, key) is not None:
                block[key] = getattr(self, key)
        if self.date is not None and self.date.isdigit():
            block["date"] = int(self.date)
        if self.range is not None:
            block["range"] = _plain_range(self.range)
            if self.range_is != "absolute":
                block["range_is"] = self.range_is
        if self.prior is not None:
            block["prior"] = self.prior.model_dump(mode="json", exclude_defaults=True)
        if self.total is not None:
            block["total"] = plain_number(self.total)
        if self.label is not None:
            block["label"] = dict(self.label)
        if self.note is not None:
            block["note"] = self.note
        return block


def sourced(path: str, block: ParameterBlock) -> Sourced:
    """Return the parameter that a block of the file describes."""
    if block.values is None:
        timeline: Timeline[Value] = Timeline([(ALWAYS, block.value)])
    else:
        timeline = merged(Timeline((day_of(on), value) for on, value in block.values.items()))
    label = None if block.label is None else {"fr": block.label.fr, "en": block.label.en}
    return Sourced(
        path=path,
        timeline=timeline,
        unit=block.unit,
        kind=block.kind,
        source=block.source,
        why=block.why,
        href=block.href,
        date=block.date,
        range=block.range,
        range_is=block.range_is,
        label=label,
        note=block.note,
        total=block.total,
        prior=block.prior,
    )


def plain_number(number: float) -> float | int:
    """Return an integer for a whole number, as people write it."""
    return int(number) if number == int(number) and abs(number) < 1e15 else number


def plain_value(value: Value | str | None) -> Any:
    """Return a value as YAML and JSON data."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, tuple):
        return [plain_number(item) for item in value]
    if isinstance(value, dict):
        return {name: plain_number(item) for name, item in value.items()}
    return plain_number(value)


def _plain_range(bounds: Bounds | Mapping[str, Bounds]) -> Any:
    if isinstance(bounds, tuple):
        return [plain_number(bounds[0]), plain_number(bounds[1])]
    return {name: [plain_number(low), plain_number(high)] for name, (low, high) in bounds.items()}
