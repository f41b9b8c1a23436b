"""``story``: one simulated life, told from the event log in sentences with dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.cli.language import say, spoken
from sim.cli.output import console, print_json
from sim.dates import date_of, iso
from sim.errors import RequestError, RunFolderError
from sim.presentation.life_story import moments, portrait
from sim.presentation.texts import Texts
from sim.records.codes import Cause
from sim.records.run_folder import RunFolder, open_run

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("dry", "adjusted", "withdrawn", "removal")
"""Kinds of life that can be asked for."""


def tell(path: Path, *, person: int | None, pick: str | None, replication: int | None, as_json: bool) -> None:
    """Print the life of a person of a run.

    Raises
    ------
    RequestError
        If nobody has that number, or no life is of that kind.
    RunFolderError
        If the run kept no events.
    """
    run = open_run(path)
    number = _replication_with_events(run, replication)
    if (person is None) == (pick is None):
        found = ", ".join(str(find_life(run, number, kind)) for kind in KINDS[:2])
        msg = f"expected either --person N or --pick {'|'.join(KINDS)}. People of this run: {found} …"
        raise RequestError(msg)
    if person is None:
        assert pick is not None
        person = find_life(run, number, pick)
    events = run.table("events", number)
    life = events[events["person"] == person]
    if not len(life):
        known = events["person"].drop_duplicates().sort_values().to_numpy()
        place = int(known.searchsorted(person))
        near = ", ".join(str(n) for n in known[max(place - 2, 0) : place + 2].tolist())
        msg = f"{run.path}: nobody has number {person} in replication {number}. Numbers that exist: {near or 'none'}."
        raise RequestError(msg)
    exits = run.table("exits", number)
    t = Texts(spoken())
    told = moments(t, life, run.codebook, iso(run.manifest.start_day))
    who = portrait(t, exits[exits["person"] == person])
    if as_json:
        print_json(
            {
                "run": str(run.path),
                "replication": number,
                "person": person,
                "portrait": who,
                "sentences": [{"date": date_of(s.day).isoformat(), "text": s.text} for s in told],
            }
        )
        return
    out = console()
    title = say(f"Person {person} of {run.scenario}, replication {number}: a simulated life, nobody's own.")
    out.print(title, markup=False)
    out.print(who, markup=False)
    out.print()
    for sentence in told:
        out.print(f"{date_of(sentence.day):%Y-%m-%d}  {sentence.text}", markup=False)


def find_life(run: RunFolder, replication: int, kind: str) -> int:
    """Find the first person measured who left in that way and whose whole stay is in the run.

    Raises
    ------
    RequestError
        If there is none.
    """
    exits = run.table("exits", replication)
    sentenced = exits["sentenced"] == 1
    chosen = {
        "dry": sentenced & (exits["regime"] == 0) & (exits["requested_day"] >= 0),
        "adjusted": sentenced & (exits["regime"] > 0),
        "withdrawn": sentenced & (exits["cause"] == Cause.MEASURE_WITHDRAWN),
        "removal": sentenced & (exits["removal"] == 1) & (exits["regime"] == 0),
    }[kind]
    whole = (exits["committed_day"] > run.manifest.start_day) & (exits["day"] >= run.manifest.measure_from_day)
    people = exits[chosen & whole]["person"]
    if not len(people):
        people = exits[chosen]["person"]
    if not len(people):
        msg = f"{run.path}: no life of kind '{kind}' in replication {replication}. Try: {', '.join(KINDS)}."
        raise RequestError(msg)
    return int(people.iloc[0])


def _replication_with_events(run: RunFolder, asked: int | None) -> int:
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
