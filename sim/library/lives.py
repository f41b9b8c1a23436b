"""A few simulated lives, the same people under every scenario of a reference.

They are found by rule, not by hand: the first people, by number, whose first exit is of each kind, and the first whose
route a policy changes. Luck is shared between scenarios, so a person met in two of them is the same person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.records.codes import Cause

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.records.run_folder import RunFolder

OF_EACH_KIND = 4
CHANGED = 4
"""People whose route changes, for each policy."""

KINDS: dict[str, str] = {
    "adjusted": "left on a measure granted by the judge",
    "as_of_right": "left by release under constraint",
    "not_heard": "left dry, the hearing came too late",
    "no_file": "left dry, without a counsellor or with a file not ready",
    "no_place": "left dry for want of a place or of lodging",
    "refused": "left dry after a refusal",
    "withdrawn": "left dry, the measure having been withdrawn",
    "changed": "leaves by another route under a policy",
}

_CAUSES = {
    "not_heard": (Cause.NOT_HEARD,),
    "no_file": (Cause.NO_COUNSELLOR, Cause.FILE_NOT_READY),
    "no_place": (Cause.NO_HOUSING, Cause.NO_PLACE_SL, Cause.NO_PLACE_PE, Cause.NO_DEVICE),
    "refused": (Cause.REFUSED_PROJECT, Cause.REFUSED_RISK),
    "withdrawn": (Cause.MEASURE_WITHDRAWN,),
}


def chosen_people(runs: Mapping[str, RunFolder], base: str, replication: int) -> pd.DataFrame:
    """Choose the people told: columns ``person, kind, policy`` (``policy`` for those whose route one changes)."""
    exits = {name: _whole_stays(run, replication) for name, run in runs.items()}
    first = exits[base]
    codebook = runs[base].codebook
    boards = [code for code, name in enumerate(codebook.adjustments) if name.startswith("LSC")]
    by_board = first["adjustment"].isin(boards)
    masks = {"adjusted": (first["regime"] >= 0) & ~by_board, "as_of_right": (first["regime"] >= 0) & by_board}
    masks |= {kind: (first["regime"] < 0) & first["cause"].isin([int(c) for c in causes]) for kind, causes in _CAUSES.items()}
    rows: list[tuple[int, str, str]] = []
    for kind, mask in masks.items():
        rows += [(int(person), kind, "") for person in first[mask]["person"].head(OF_EACH_KIND)]
    for name, other in exits.items():
        if name == base:
            continue
        both = first.merge(other, on=["person", "stay"], suffixes=("", "_policy"))
        moved = both[(both["regime"] < 0) & (both["regime_policy"] >= 0)]
        rows += [(int(person), "changed", name) for person in moved["person"].head(CHANGED)]
    return pd.DataFrame(rows, columns=["person", "kind", "policy"]).drop_duplicates(["person", "policy"])


def _whole_stays(run: RunFolder, replication: int) -> pd.DataFrame:
    """First exits, as sentenced, of people committed within the run and leaving in the measured window, by person."""
    columns = ["day", "person", "stay", "spell", "sentenced", "regime", "adjustment", "cause", "committed_day"]
    exits = run.table("exits", replication, columns)
    manifest = run.manifest
    found = exits[
        (exits["sentenced"] == 1)
        & (exits["spell"] == 0)
        & (exits["stay"] == 0)
        & (exits["committed_day"] > manifest.start_day)
        & (exits["day"] >= manifest.measure_from_day)
    ]
    return found.sort_values("person", kind="stable")


def events_of(run: RunFolder, replication: int, people: Sequence[int]) -> pd.DataFrame:
    """Movements of those people, in order."""
    events = run.table("events", replication)
    return events[events["person"].isin(np.asarray(people))].sort_values(["person", "day"], kind="stable")


def portraits_of(run: RunFolder, replication: int, people: Sequence[int]) -> pd.DataFrame:
    """Exits of those people, every column: what is known of them, and their legal dates."""
    exits = run.table("exits", replication)
    return exits[exits["person"].isin(np.asarray(people))].sort_values(["person", "day"], kind="stable")
