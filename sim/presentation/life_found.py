"""Finding a simulated life in a run: by its number, or one of a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import RequestError, RunFolderError, suggestion
from sim.records.codes import Cause

if TYPE_CHECKING:
    import pandas as pd

    from sim.records.run_folder import RunFolder

KINDS = ("dry", "adjusted", "withdrawn", "removal")
"""Kinds of life that can be asked for."""


def life_of(run: RunFolder, replication: int, person: int) -> pd.DataFrame:
    """Return the movements of a person, in order: rows of ``events``.

    Raises
    ------
    RequestError
        If nobody has that number; near ones are told.
    """
    events = run.table("events", replication)
    life = events[events["person"] == person]
    if not len(life):
        known = events["person"].drop_duplicates().sort_values().to_numpy()
        place = int(known.searchsorted(person))
        near = ", ".join(str(n) for n in known[max(place - 2, 0) : place + 2].tolist())
        msg = f"{run.path}: nobody has number {person} in replication {replication}. Numbers that exist: {near or 'none'}."
        raise RequestError(msg)
    return life


def find_life(run: RunFolder, replication: int, kind: str) -> int:
    """Find the first person measured who left in that way and whose whole stay is in the run.

    Raises
    ------
    RequestError
        If there is none.
    """
    if kind not in KINDS:
        msg = f"no kind of life '{kind}'.{suggestion(kind, KINDS)} Kinds: {', '.join(KINDS)}."
        raise RequestError(msg)
    exits = run.table("exits", replication)
    sentenced = exits["sentenced"] == 1
    chosen = {
        "dry": sentenced & (exits["regime"] < 0) & (exits["requested_day"] >= 0),
        "adjusted": sentenced & (exits["regime"] >= 0),
        "withdrawn": sentenced & (exits["cause"] == Cause.MEASURE_WITHDRAWN),
        "removal": sentenced & (exits["removal"] == 1) & (exits["regime"] < 0),
    }[kind]
    whole = (exits["committed_day"] > run.manifest.start_day) & (exits["day"] >= run.manifest.measure_from_day)
    people = exits[chosen & whole]["person"]
    if not len(people):
        people = exits[chosen]["person"]
    if not len(people):
        msg = f"{run.path}: no life of kind '{kind}' in replication {replication}. Try: {', '.join(KINDS)}."
        raise RequestError(msg)
    return int(people.iloc[0])


def replication_with_events(run: RunFolder, asked: int | None) -> int:
    """Return the replication that is asked for, or the first, among those that kept their events.

    Raises
    ------
    RunFolderError
        If there is none.
    """
    kept = [n for n in run.replications if "events.parquet" in run.manifest.replications[n]]
    if asked is None:
        if not kept:
            msg = f"{run.path}: no replication kept its events. Make them with: sortie run {run.scenario} --events"
            raise RunFolderError(msg)
        return kept[0]
    if asked not in kept:
        has = ", ".join(map(str, kept)) or "none"
        msg = f"{run.path}: replication {asked} has no events (with events: {has}). Run again with --events."
        raise RunFolderError(msg)
    return asked
