"""Results kept in a folder of their own, and found again."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from sim.errors import RunFolderError, reason
from sim.experiments.compare import find_pairs
from sim.experiments.results_tree import read_index
from sim.records import json_text
from sim.records.atomic import write_atomically
from sim.records.run_folder import open_run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sim.records.run_folder import RunFolder

INDEX = "results.json"
FORMAT = 1


def save_runs(runs: Sequence[RunFolder], folder: Path, content: Mapping[str, Any]) -> Path:
    """Copy runs into a folder, with an index of them; what the folder holds besides is left alone.

    Raises
    ------
    RunFolderError
        If it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for run in runs:
            target = folder / run.scenario / run.run_id
            if target.resolve() != run.path.resolve():
                shutil.copytree(run.path, target, dirs_exist_ok=True)
        index = {"format": FORMAT, "runs": [f"{run.scenario}/{run.run_id}" for run in runs], **content}
        write_atomically(folder / INDEX, (json.dumps(index, ensure_ascii=False, indent=1) + "\n").encode())
    except OSError as problem:
        msg = f"{folder}: cannot be written ({reason(problem)}). Choose another folder."
        raise RunFolderError(msg) from problem
    return folder


def saved_runs(folder: Path) -> tuple[list[RunFolder], dict[str, Any]]:
    """Return the runs that :func:`save_runs` put into a folder, and what was kept with them.

    Raises
    ------
    RunFolderError
        If the index or a run is damaged.
    """
    file = folder / INDEX
    try:
        index = json_text.read(file)
        runs = [folder / str(name) for name in index["runs"]]
        lever, settings = str(index["lever"]), {str(name): float(value) for name, value in index["settings"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as problem:
        msg = f"{file}: not the index of saved results ({type(problem).__name__}). Save them again."
        raise RunFolderError(msg) from problem
    return [open_run(path) for path in runs], {"lever": lever, "settings": settings}


def experiment_runs(folder: Path) -> list[RunFolder]:
    """Return the runs of an experiment's arms, the base first, at the central values.

    Raises
    ------
    RunFolderError
        If its index or a run is damaged.
    """
    index = read_index(folder / "experiment.json")
    return [open_run(folder / row["arm"] / row["run"]) for row in index["runs"] if row["draw"] == 0]


def runs_in(folder: Path) -> list[RunFolder]:
    """Return what ``sortie run`` left in a folder of results: the latest run of each scenario that goes with the base's.

    The base is ``baseline`` if it is there, else the first by name.

    Raises
    ------
    RunFolderError
        If no finished run is there.
    """
    names = sorted(
        {path.parent.parent.name for path in folder.glob("*/*/manifest.json")}, key=lambda name: (name != "baseline", name)
    )
    runs = find_pairs(names, folder)
    if not runs:
        msg = f"{folder}: no finished run in this folder. Make one with sortie.run(...), or give the folder of one run."
        raise RunFolderError(msg)
    return runs
