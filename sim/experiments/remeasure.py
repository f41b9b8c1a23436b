"""Indicators of runs already made, measured anew on the tables they kept: nothing is simulated.

An indicator that is added or mended changes neither what names a run nor its tables, so the run need not be made again. A
replication that kept its indicators only (``keep: indicators``) cannot be measured, and is told.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import RequestError, RunFolderError, ScenarioError, reason
from sim.experiments.compare import latest_run
from sim.experiments.measurement import context_for
from sim.records.run_folder import RunFolder, open_run
from sim.scenario import read_scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sim.indicators.context import Context

OLDER = "measured by another version of the indicators"
"""What is said of a run whose indicators are not those of this version."""


class Remeasured(NamedTuple):
    """What :func:`remeasure` did to one run."""

    run: RunFolder
    done: tuple[int, ...]
    """Replications measured anew."""
    left: tuple[int, ...]
    """Those that would have to be, and kept no tables."""


def remeasure(
    run: RunFolder | Path | str, numbers: Iterable[int] | None = None, *, tell: Callable[[str], None] | None = None
) -> Remeasured:
    """Measure a run anew where its indicators are of another version; each replication changes whole or not at all.

    Parameters
    ----------
    run
        Run folder; its ``manifest.json`` and ``indicators.csv`` are brought up to date too.
    numbers
        Replications looked at; by default all that are finished.
    tell
        Told each replication that is measured.

    Raises
    ------
    RunFolderError
        If the folder cannot be read or written, or its tables are not those of this version.
    """
    run = run if isinstance(run, RunFolder) else open_run(run)
    looked_at = set(run.replications if numbers is None else numbers)
    older = [number for number in run.older_measures if number in looked_at]
    left = tuple(number for number in older if not run.can_be_measured(number))
    waiting = [number for number in older if number not in left]
    if waiting:
        context = _context(run)
        for number in waiting:
            _measure(run, number, context)
            if tell is not None:
                tell(f"{run.scenario} #{number}: measured")
        run.manifest.context = context.to_plain()
        _write(run)
    return Remeasured(run, tuple(waiting), left)


def _context(run: RunFolder) -> Context:
    """Gather what the run is measured with from the scenario kept beside it, as this version reads it."""
    try:
        return context_for(read_scenario(run.scenario_text, name=run.scenario))
    except ScenarioError as problem:
        msg = f"{run.path / 'scenario.yaml'}: cannot be read by this version of sortie ({problem}). Run the scenario again."
        raise RunFolderError(msg) from problem


def _measure(run: RunFolder, number: int, context: Context) -> None:
    from sim.indicators.summary import TablesOnDisk, measure  # noqa: PLC0415 (pandas: only what measures needs it)

    try:
        run.replace_indicators(number, measure(TablesOnDisk(run, number), context))
    except (KeyError, IndexError) as problem:
        msg = (
            f"{run.path}: replication {number}: its tables are not those of this version of sortie "
            f"({type(problem).__name__}: {problem}). Run the scenario again."
        )
        raise RunFolderError(msg) from problem
    except OSError as problem:
        raise _unwritten(run, problem) from problem


def _write(run: RunFolder) -> None:
    try:
        run.write_summary()
    except OSError as problem:
        raise _unwritten(run, problem) from problem


def _unwritten(run: RunFolder, problem: OSError) -> RunFolderError:
    return RunFolderError(
        f"{run.path}: cannot be written ({reason(problem)}). What is measured is kept whole; give the same command again."
    )


def runs_meant(words: Iterable[str], output: Path) -> list[RunFolder]:
    """Return the runs that words mean: run folders, folders that hold some, or scenarios (their latest run).

    Raises
    ------
    RequestError
        If a folder holds no run, or a scenario has none.
    """
    found: dict[Path, RunFolder] = {}
    for word in words:
        folder = Path(word)
        if folder.is_dir() and not (folder / "manifest.json").is_file():
            inside = sorted(path.parent for depth in ("*", "*/*", "*/*/*") for path in folder.glob(f"{depth}/manifest.json"))
            if not inside:
                msg = f"{folder}: no run in this folder. Runs are under results/<scenario>/<run_id>."
                raise RequestError(msg)
            meant = [open_run(path) for path in inside]
        else:
            meant = [latest_run(word, output)]
        found |= {run.path.resolve(): run for run in meant}
    return list(found.values())
