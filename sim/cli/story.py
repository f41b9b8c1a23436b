"""``story``: one simulated life, told from the event log in sentences with dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.cli.language import say, spoken
from sim.cli.output import console, print_json
from sim.dates import date_of, iso
from sim.errors import RequestError, RunFolderError
from sim.presentation.life_found import KINDS, find_life, life_of, replication_with_events
from sim.presentation.life_story import moments, portrait
from sim.presentation.texts import Texts
from sim.records.run_folder import open_run
from sim.scenario.days import day_in_figures

if TYPE_CHECKING:
    from pathlib import Path


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
    number = replication_with_events(run, replication)
    if (person is None) == (pick is None):
        found = ", ".join(str(find_life(run, number, kind)) for kind in KINDS[:2])
        msg = f"expected either --person N or --pick {'|'.join(KINDS)}. People of this run: {found} …"
        raise RequestError(msg)
    if person is None:
        assert pick is not None
        person = find_life(run, number, pick)
    life = life_of(run, number, person)
    exits = run.table("exits", number)
    t = Texts(spoken())
    try:
        told = moments(t, life, run.codebook, iso(run.manifest.start_day))
        who = portrait(t, exits[exits["person"] == person])
    except (IndexError, ValueError) as problem:
        msg = f"{run.path}: replication {number}: person {person}: a code stands for nothing ({problem}). Run it again."
        raise RunFolderError(msg) from problem
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
        out.print(f"{day_in_figures(sentence.day, spoken())}  {sentence.text}", markup=False)
