"""Asking for runs: scenarios side by side, a lever moved through settings, a target sought, an experiment file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.api.arguments import checked, several
from sim.api.results import Results
from sim.api.saved import INDEX, experiment_runs, runs_in, saved_runs
from sim.api.scenario import Scenario, moved
from sim.api.words import Dated, day_text, in_python, told_in_python
from sim.engine.cache_folder import folder as cache_folder
from sim.errors import RequestError, SimError
from sim.experiments import levers
from sim.experiments.batch import check_disk_of_run, run_experiment
from sim.experiments.execution import Backend
from sim.experiments.experiment import read_experiment
from sim.experiments.progress import MODES, progress_on
from sim.experiments.replicate import replicate
from sim.experiments.solve import read_target
from sim.records.run_folder import open_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.api.held import Which
    from sim.experiments.solve import Answer as Found
    from sim.experiments.units import Failure
    from sim.scenario import Scenario as Loaded

Progress = bool | str


@checked()
def run(
    scenarios: Which | Sequence[Which],
    *,
    replications: int = 4,
    fraction: float | None = None,
    seed: int = 1,
    start: Dated | None = None,
    measure_from: Dated | None = None,
    end: Dated | None = None,
    workers: int | None = None,
    output: str | Path | None = None,
    progress: Progress = True,
) -> Results:
    """Run scenarios, all with the same luck; the first is the base of every comparison.

    What is already in the folder and intact is not run again: a call that was interrupted goes on from there.

    Parameters
    ----------
    scenarios
        Scenarios, their names, or paths of their files; one, or several.
    replications
        How many of each. An interval needs two, a figure of decision thirty or more.
    fraction
        Share of the country simulated: 0.05 is one person in twenty; by default the scenario's own (all of it).
    seed
        Chooses the luck: the same seed gives the same bytes.
    start, measure_from, end
        Other dates than the scenarios' own.
    workers
        Processes at work; 1 runs everything in this one; by default one per core.
    output
        Folder the runs are kept under; by default the cache folder (``SORTIE_CACHE``, else ``~/.cache/sortie``), which may be
        emptied at any time: :meth:`Results.save` keeps them.
    progress
        A bar on standard error (lines of text where it is not a terminal); False for silence, or ``"bar"``, ``"lines"``,
        ``"json"``.

    Raises
    ------
    RequestError, RunFolderError, ScenarioError
        If the request makes no sense, a replication failed (the others are kept), or nothing can be written.

    Examples
    --------
    >>> results = sortie.run([base, posts, half], replications=4, fraction=0.05, seed=1)
    """
    asked = [scenarios] if isinstance(scenarios, str | Path | Scenario) else several("scenarios", scenarios)
    if not asked:
        msg = "run: met no scenario, expected at least one."
        raise RequestError(msg)
    worlds = [Scenario(one).over(start=start, measure_from=measure_from, end=end, fraction=fraction) for one in asked]
    return Results(_made(worlds, replications, seed, workers, output_of(output, "runs"), progress))


def _made(
    worlds: Sequence[Loaded], replications: int, seed: int, workers: int | None, output: Path, progress: Progress
) -> Sequence[Any]:
    with told_in_python(), progress_on(mode_of(progress)) as listener:
        if replications >= 1:
            check_disk_of_run(worlds, replications=replications, seed=seed, events="first", output=output)
        done = replicate(
            worlds,
            replications=replications,
            seed=seed,
            workers=workers,
            output=output,
            listener=listener,
            fork=workers != 1,  # which keeps everything in this process
        )
    refuse(done.failures)
    return done.runs


def refuse(failures: Sequence[Failure]) -> None:
    """Raise what made replications fail: results with holes would be read as whole."""
    if not failures:
        return
    first = failures[0]
    said = f"{len(failures)} replications failed, the others are kept and the same call goes on from there. {first.unit}: "
    if first.mendable:
        raise RequestError(said + in_python(first.message))
    raise SimError(said + in_python(first.message) + (f"\n{first.details}" if first.details else ""))


def mode_of(progress: Progress) -> str:
    """Return how progress is told; refuse a word that says nothing."""
    mode = {True: "auto", False: "none"}.get(progress, progress) if isinstance(progress, bool) else progress
    if mode not in MODES:
        msg = f"progress: met {progress!r}, expected True, False or one of {', '.join(MODES)}."
        raise RequestError(msg)
    return str(mode)


def output_of(output: str | Path | None, name: str) -> Path:
    """Return the folder that runs are kept under: the one given, or a part of the cache."""
    return cache_folder() / name if output is None else Path(output)


@checked()
def open(path: str | Path) -> Results:  # noqa: A001 (sortie.open, as gzip.open)
    """Open results made before: what :meth:`Results.save` wrote, one run, an experiment, or a folder of ``sortie run``.

    Raises
    ------
    RunFolderError
        If nothing finished is there, or a folder is damaged.

    Examples
    --------
    >>> results = sortie.open("results/mine")
    """
    folder = Path(path)
    with told_in_python():
        if (folder / INDEX).is_file():
            runs, kept = saved_runs(folder)
            return Results(runs, lever=kept["lever"], settings=kept["settings"])
        if (folder / "experiment.json").is_file():
            return Results(experiment_runs(folder), experiment=folder)
        if (folder / "manifest.json").is_file() or not folder.is_dir():
            return Results([open_run(folder)])
        return Results(runs_in(folder))


@checked("a text")
def sweep(
    scenario: Which,
    path: str,
    to: Sequence[float] | None = None,
    *,
    add: Sequence[float] | None = None,
    scale: Sequence[float] | None = None,
    on: Dated | None = None,
    until: Dated | None = None,
    applies_to: str | None = None,
    **options: Any,
) -> Results:
    """Move one value through settings, and run each: results whose levels have the ``setting`` beside them.

    Parameters
    ----------
    scenario
        The base; it is run too.
    path, on, until, applies_to
        As for :meth:`Scenario.change`; without a day, the first one measured.
    to, add, scale
        One of them: a list of values, of differences or of factors. A setting that changes nothing is the base itself.
    **options
        Those of :func:`run`.

    Examples
    --------
    >>> posts_swept = sortie.sweep(base, "means.probation_service.posts", add=[350, 700], replications=2, fraction=0.05)
    >>> posts_swept.levels("dry_rate_exits")[["setting", "mean", "low", "high"]]
    """
    base, on = Scenario(scenario), on or options.get("measure_from")
    given = {word: values for word, values in (("to", to), ("add", add), ("scale", scale)) if values is not None}
    if len(given) != 1:
        msg = f"sweep of '{path}': met {' and '.join(given) or 'none'}, expected a list as one of to, add, scale."
        raise RequestError(msg)
    ((word, values),) = given.items()
    arms: dict[str, float] = {}
    made: list[Scenario] = [base]
    settings = several(word, values)
    if not settings:
        msg = f"sweep of '{path}': met no setting, expected at least one in {word}."
        raise RequestError(msg)
    for value in settings:
        arm = base.change(path, on=on, until=until, applies_to=applies_to, **{word: value})
        if arm.loaded.digest() == base.loaded.digest():
            arms[base.name] = float(value)
        else:
            arms[arm.name] = float(value)
            made.append(arm)
    arms.setdefault(base.name, _today(base, path, word, on))
    found = run(made, **options)
    return Results(list(found.runs), lever=_lever(base, path, word), settings=arms)


def _today(base: Scenario, path: str, word: str, on: Dated | None) -> float:
    """Return the setting at which the base stands."""
    if word != "to":
        return 0.0 if word == "add" else 1.0
    frame = base.parameters()
    value = frame.loc[frame["path"] == path, "value"].iloc[0]
    if on is None or path not in base.loaded.leaves:
        return float(value)
    from sim.dates import parse_day  # noqa: PLC0415

    return base.loaded.number(path, parse_day(day_text(on, "on")))


def _lever(base: Scenario, path: str, word: str) -> str:
    frame = base.parameters()
    label = str(frame.loc[frame["path"] == path, "label"].iloc[0])
    return f"{label}{ {'to': '', 'add': ', added', 'scale': ', times'}[word] }"


class Answer:
    """The smallest setting of a lever that reaches a target. Made by :func:`solve`."""

    def __init__(self, found: Found, lever: str, target: str) -> None:
        self.reached: bool = found.reached
        """Whether some setting reaches it."""
        self.setting: float = found.setting
        """The smallest that does, on the mean curve; NaN if none does."""
        self.low: float = found.low
        """Lower end of its 90 % interval."""
        self.high: float = found.high
        """Upper end; infinite if the target may be missed even at the furthest setting."""
        self.one_way: bool = found.one_way
        """Whether the output moved one way with the lever over the settings tried, chance aside."""
        self.words: str = found.words
        """Why, in one sentence."""
        self.tried = pd.DataFrame(
            [(setting, mean, mean - width, mean + width) for setting, mean, width in found.tried],
            columns=["setting", "mean", "low", "high"],
        )
        """Settings simulated: ``setting, mean, low, high``."""
        self._asked = f"{lever} for {target}"

    def __repr__(self) -> str:
        return f"<Answer {self._asked}: {self.words}; 90 % interval {self.low:g} to {self.high:g}>"


@checked()
def solve(
    scenario: Which,
    lever: str,
    target: str,
    *,
    on: Dated | None = None,
    at: Dated | None = None,
    up_to: float | None = None,
    tolerance: float | None = None,
    replications: int = 10,
    fraction: float | None = None,
    seed: int = 1,
    start: Dated | None = None,
    measure_from: Dated | None = None,
    end: Dated | None = None,
    workers: int | None = None,
    output: str | Path | None = None,
    progress: Progress = True,
) -> Answer:
    """Find the smallest change of a lever that reaches a target, with an interval on the answer.

    Parameters
    ----------
    lever
        Path of the number that is moved.
    target
        ``"dry_rate_exits <= 0.40"``, ``"density[kind=MA] <= 1.2"``.
    on
        Day the lever moves; by default the first measured day.
    at
        Day the target is about (its census, or its year); by default the whole measured window.
    up_to
        Furthest setting tried; by default four times today's.
    tolerance
        Settings closer than this are not told apart; by default a two-hundredth of the way.

    Other parameters are those of :func:`run`.

    Examples
    --------
    >>> answer = sortie.solve(base, "means.probation_service.posts", "caseload <= 60", up_to=2000, tolerance=200,
    ...                       replications=2, fraction=0.05)
    >>> answer.tried
    """
    base, on = Scenario(scenario), on or measure_from

    def changed(setting: float | None) -> Loaded:
        world = base if setting is None else moved(base, lever, setting, on)
        return world.over(start=start, measure_from=measure_from, end=end, fraction=fraction)

    with told_in_python(), progress_on(mode_of(progress)) as listener:
        search = levers.Search(
            scenario=base.name,
            lever=lever,
            target=read_target(target),
            on=None if at is None else day_text(at, "at"),
            moved=None if on is None else day_text(on, "on"),
            furthest=up_to,
            tolerance=tolerance,
            replications=replications,
            seed=seed,
        )
        means = Backend(workers).checked()
        found = levers.seek(search, changed, output=output_of(output, "runs"), means=means, listener=listener)
    return Answer(found, lever, target)


@checked()
def experiment(
    file: str | Path, *, workers: int | None = None, output: str | Path | None = None, progress: Progress = True
) -> Results:
    """Run an experiment file (docs/experiments.md): levers, designs, draws of the uncertain values, stopping rules.

    Returns
    -------
        Results of its arms at the central values; :meth:`Results.differences` gives the intervals that hold the draws too.

    Raises
    ------
    RequestError, RunFolderError, ScenarioError
        If something in the file is wrong, or a replication failed.

    Examples
    --------
    >>> arms = sortie.experiment("posts.yaml")
    """
    with told_in_python(), progress_on(mode_of(progress)) as listener:
        asked = read_experiment(Path(file))
        done = run_experiment(asked, output=output_of(output, "experiments"), means=Backend(workers), listener=listener)
    refuse(done.failures)
    return Results(experiment_runs(done.folder), experiment=done.folder)
