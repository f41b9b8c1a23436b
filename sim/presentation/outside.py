"""What a scenario puts outside its plausible range, told beside its results: in the report, in the note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.errors import RunFolderError, ScenarioError
from sim.policies import POLICIES
from sim.scenario import load_scenario, read_scenario
from sim.scenario.library import files
from sim.scenario.ranges import Outside, outside_ranges

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


def outside_told(t: Texts, policies: Sequence[str], manifest: Mapping[str, Any]) -> list[str]:
    """Return one sentence for each value that the policies of a note put outside its range.

    ``outside`` of the manifest, if it is there, holds them (:class:`~sim.scenario.ranges.Outside`); else the policies are those
    of the library, by name.
    """
    found = manifest.get("outside")
    if found is None:
        known = files()
        found = [item for name in policies if name in known for item in _of_name(name)]
    return [t("note.outside", what=item.told(t.lang, named=True)) for item in found]


def _of_name(name: str) -> tuple[Outside, ...]:
    try:
        return outside_ranges(load_scenario(name, known_policies=frozenset(POLICIES)))
    except ScenarioError:
        return ()
