"""What a scenario puts outside its plausible range, told beside its results: in the report, in the note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.errors import RunFolderError, ScenarioError
from sim.policies import POLICIES
from sim.scenario import load_scenario, read_scenario
from sim.scenario.library import files
from sim.scenario.ranges import Crowded, Outside, outside_ranges

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.presentation.texts import Texts
    from sim.records.run_folder import RunFolder


def outside_of_run(run: RunFolder) -> tuple[Outside, ...]:
    """Return what the scenario of a run puts outside its range; nothing of one that this version no longer reads."""
    try:
        return outside_ranges(read_scenario(run.scenario_text, name=run.scenario, known_policies=frozenset(POLICIES)))
    except (RunFolderError, ScenarioError):
        return ()


MOST = 3
"""Values outside their range that a note names; the others are counted."""


def outside_told(t: Texts, policies: Sequence[str], manifest: Mapping[str, Any]) -> str:
    """Return one sentence on the values that the policies of a note put outside their range; nothing if there are none.

    ``outside`` of the manifest, if it is there, holds them (:class:`~sim.scenario.ranges.Outside`); else the policies are those
    of the library, by name. :data:`MOST` are named, one of each parameter first; the others are counted, with the command that
    tells them.
    """
    found: Sequence[Outside] | None = manifest.get("outside")
    who = manifest.get("file")
    if found is None:
        known = files()
        by_name = {name: _of_name(name) for name in policies if name in known}
        found = list({(item.path, item.day, item.value): item for items in by_name.values() for item in items}.values())
        who = "; ".join(f"sortie check {name}" for name, items in by_name.items() if items)
    else:
        who = f"sortie check {who or 'FILE'}"
    closed = [item for item in found if isinstance(item, Crowded)]
    crowded = t("note.crowded", what=_listed(t, closed)) if closed else ""
    found = [item for item in found if item not in closed]
    if not found:
        return crowded
    first = list({item.parameter: item for item in reversed(found)}.values())[::-1]
    shown = [*first, *(item for item in found if item not in first)][:MOST]
    left = len(found) - len(shown)
    key = "note.outside" if left == 0 else "note.outside_one_more" if left == 1 else "note.outside_more"
    return " ".join(filter(None, (t(key, what=_listed(t, shown), n=left, command=who), crowded)))


def _listed(t: Texts, items: Sequence[Outside]) -> str:
    return (" ; " if t.lang == "fr" else "; ").join(item.briefly(t.lang) for item in items)


def _of_name(name: str) -> tuple[Outside, ...]:
    try:
        return outside_ranges(load_scenario(name, known_policies=frozenset(POLICIES)))
    except ScenarioError:
        return ()
