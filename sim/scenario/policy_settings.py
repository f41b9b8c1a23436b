"""Settings of the behaviours a scenario may begin, with what each may be: asked for when a file is read.

The behaviours themselves stand above this layer (:mod:`sim.policies`); a test compares the names with theirs. A setting that no
behaviour has would otherwise pass ``sortie check`` and be refused when a unit runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.errors import suggestion
from sim.scenario.bounds import possible, why_impossible
from sim.scenario.document import shown
from sim.scenario.slips import thousands_meant
from sim.scenario.values import EntryError, number_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sim.scenario.document import Document, Place


@dataclass(frozen=True)
class Setting:
    """What a setting may be: a number of a unit, within limits of its own, or one of a few numbers."""

    unit: str
    """A unit of :mod:`sim.scenario.bounds`."""
    high: float | None = None
    """Highest number, where it is lower than the unit's."""
    also: tuple[float, ...] = field(default=())
    """Numbers outside the unit's that have a meaning of their own."""
    only: tuple[float, ...] = field(default=())
    """The only numbers it may be, if they are few."""
    meaning: str = ""
    """What those numbers mean, for messages."""


_CAPPED = Setting("persons", also=(-1.0,), meaning="-1 for no cap")

SETTINGS: Mapping[str, Mapping[str, Setting]] = {
    "collective_remission": {
        "days_a_month": Setting("days", high=31),
        "longest_days": Setting("days"),
        "felonies": Setting("flag", only=(0.0, 1.0), meaning="0: without them, 1: with them"),
    },
    "population_cap": {
        "density": Setting("persons/place"),
        "within_days": Setting("days"),
        "reserve": Setting("places"),
        "agreed_share": Setting("share"),
    },
    "type_cap": {
        "DDSE": _CAPPED,
        "SL": _CAPPED,
        "PE": _CAPPED,
        "to_DDSE": Setting("share"),
        "to_SL": Setting("share"),
        "to_PE": Setting("share"),
    },
}
"""By behaviour, then by setting."""

SHARES_OF_ONE: Mapping[str, tuple[str, ...]] = {"type_cap": ("to_DDSE", "to_SL", "to_PE")}
"""Settings of a behaviour that share one whole out: they sum to 1 at most, the rest going nowhere."""


PLACED: Mapping[str, tuple[str, ...]] = {
    "population_cap": ("interregion", "departement", "establishment", "kind"),
}
"""Behaviours that may act in some places alone, and how those may be said: they act on people where they sleep."""


ON_ONE_DAY = frozenset({"collective_remission"})
"""Behaviours that act once, on their day: they have no end."""


def why_not_there(policy: str, words: Iterable[str]) -> str | None:
    """Why a behaviour cannot act where these words of ``where:`` say; None if it can."""
    given = list(words)
    if not given or policy not in SETTINGS:
        return None
    if policy not in PLACED:
        some = ", ".join(PLACED)
        return f"'{policy}' acts on the whole country at once: leave 'where' out. Those that may act somewhere: {some}"
    wrong = [word for word in given if word not in PLACED[policy]]
    return f"'{policy}' cannot act by {wrong[0]}. Say where by {' or '.join(PLACED[policy])}" if wrong else None


def check_settings(policy: str, settings: Mapping[str, Any]) -> None:
    """Check what a scenario sets under ``with:``; a behaviour that is not in the table is left alone.

    Raises
    ------
    EntryError
        With the name of the setting as its place, for one that does not exist, is no number, or cannot be that number.
    """
    known = SETTINGS.get(policy)
    if known is None:
        return
    for name, raw in settings.items():
        setting = known.get(name)
        if setting is None:
            message = f"'{policy}' has no setting '{name}'.{suggestion(name, known)} It has: {', '.join(known)}"
            raise EntryError(message, name)
        reason = _why_not(setting, number_of(raw, name))
        if reason is not None:
            message = f"met {shown(raw)}: {reason}"
            raise EntryError(message, name)
    shared = [name for name in SHARES_OF_ONE.get(policy, ()) if name in settings]
    total = sum(float(settings[name]) for name in shared)
    if total > 1 + 1e-9:
        message = f"{', '.join(shared)} sum to {total:g}, but they share out the same people: expected 1 at most"
        raise EntryError(message, shared[-1])


def check_setting_typed(document: Document, place: Place, policy: str) -> None:
    """Ask about a setting that was typed as thousands are by some.

    Raises
    ------
    EntryError
        If it was.
    """
    name = str(place[-1])
    setting = SETTINGS.get(policy, {}).get(name)
    question = None if setting is None else thousands_meant(document, place, setting.unit)
    if question is not None:
        raise EntryError(question, name)


def _why_not(setting: Setting, number: float) -> str | None:
    if setting.only:
        if number in setting.only:
            return None
        return f"expected {' or '.join(f'{one:g}' for one in setting.only)} ({setting.meaning})"
    if number in setting.also:
        return None
    reason = why_impossible(number, setting.unit)
    if reason is not None:
        return reason + (f" ({setting.meaning})" if setting.meaning else "")
    if setting.high is not None and number > setting.high:
        return f"{possible(setting.unit).what.split(' go')[0]} here go from 0 to {setting.high:g}"
    return None
