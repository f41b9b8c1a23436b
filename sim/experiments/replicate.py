"""Many replications, side by side: each is its own world of luck, saved by the process that ran it.

A *unit* is one replication of one scenario (:mod:`sim.experiments.units`). A unit that is already there and intact is
not run again, so a run that was interrupted is resumed by asking for it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.dates import months_between
from sim.errors import RequestError, RunFolderError, reason
from sim.experiments.execution import Backend, execute
from sim.experiments.progress import Listener, NullListener
from sim.experiments.remeasure import OLDER, remeasure
from sim.experiments.units import Failure, Unit, begin
from sim.records.atomic import clear_remains
from sim.records.manifest import describe_machine, source_digest
from sim.records.run_folder import RunFolder, is_intact, open_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.scenario import Scenario

EVENTS = ("first", "all", "none")
"""Which replications keep their events: ``story`` and process mining need them, nothing else does."""


@dataclass(frozen=True)
class Outcome:
    """What a set of replications led to."""

    runs: tuple[RunFolder, ...]
    """One per scenario, in the order they were asked for; each holds the replications that are finished."""
    failures: tuple[Failure, ...]
    simulated: int
    skipped: int


class ScenarioRun(NamedTuple):
    """A scenario, the folder of its run, and the parameter draw it belongs to (0: central values)."""

    scenario: Scenario
    run: RunFolder
    draw: int = 0


@dataclass(frozen=True)
class Retention:
    """What is kept of each unit beside its indicators."""

    events: str = "first"
    """``first`` keeps the events of replication 0, ``all`` of each, ``none`` of none."""
    tables: tuple[str, ...] | None = None
    """Names of tables; None keeps all."""
    current: bool = False
    """Whether a replication that kept no tables to measure, and was measured by another version of the indicators, is made
    again: what is reckoned from figures must not mix versions."""

    def with_events(self, replication: int) -> bool:
        """Whether a replication keeps its events."""
        return self.events == "all" or (self.events == "first" and replication == 0)


def replicate(
    scenarios: Sequence[Scenario],
    *,
    replications: int = 4,
    seed: int = 1,
    workers: int | None = None,
    output: Path | str = "results",
    events: str = "first",
    listener: Listener | None = None,
    means: Backend | None = None,
    fork: bool = False,
) -> Outcome:
    """Run each scenario ``replications`` times and save everything under ``output``.

    Parameters
    ----------
    scenarios
        Worlds to run; replication *k* of each has the same luck, person by person.
    replications
        How many of each, numbered from 0. Those already saved and intact are not run again.
    seed
        Chooses the luck.
    workers
        Processes at work; 1 runs everything in this one; by default one per core.
    events
        ``first`` keeps the events of replication 0, ``all`` of each, ``none`` of none.
    means
        Back end and its settings; ``workers`` is then not looked at.
    fork
        Whether scenarios share the days before they part (same bytes, less time).

    Returns
    -------
        Runs, and failures if some units failed: the other units are kept.

    Raises
    ------
    RequestError
        If a number makes no sense.
    RunFolderError
        If the results cannot be written.
    """
    listener = listener or NullListener()
    _check(scenarios, replications, events)
    means = (means or Backend(workers)).checked()
    made = describe_machine()
    scenario_runs = [ScenarioRun(scenario, begin(scenario, seed, Path(output).resolve(), made)) for scenario in scenarios]
    filled = fill(
        scenario_runs, range(replications), seed=seed, kept=Retention(events), means=means, listener=listener, fork=fork
    )
    # Reopened under the path that was given: a message or a report then names what the user wrote.
    paths = [Path(output) / scenario_run.run.scenario / scenario_run.run.run_id for scenario_run in scenario_runs]
    return Outcome(tuple(open_run(path) for path in paths), filled.failures, filled.simulated, filled.skipped)


class Filled(NamedTuple):
    """What :func:`fill` did."""

    failures: tuple[Failure, ...]
    simulated: int
    skipped: int


def fill(
    scenario_runs: Sequence[ScenarioRun],
    numbers: Iterable[int],
    *,
    seed: int,
    kept: Retention,
    means: Backend,
    listener: Listener,
    fork: bool = False,
) -> Filled:
    """Run the replications ``numbers`` of every world, but those that are there and intact."""
    numbers = tuple(numbers)
    source = source_digest()
    units = [
        Unit(scenario, seed, number, kept.with_events(number), run.path, kept.tables, source, draw)
        for number in numbers
        for scenario, run, draw in scenario_runs
    ]
    waiting = [
        unit
        for unit in units
        if not is_intact(unit.folder, unit.replication, with_events=unit.keep_events, tables=kept.tables, current=kept.current)
    ]
    months = max(
        (months_between(scenario_run.scenario.start_day, scenario_run.scenario.end_day + 1) for scenario_run in scenario_runs),
        default=0,
    )
    listener.begin(len(waiting), months, len(units) - len(waiting))
    failures: list[Failure] = []
    made: set[Path] = set()

    def on_result(unit: Unit, result: Failure | float) -> None:
        if isinstance(result, Failure):
            failures.append(result)
            listener.failed(unit.name, result.message)
        else:
            made.add(unit.folder)
            done.append(unit)
            listener.done(unit.name, result)

    done: list[Unit] = []
    try:
        execute(waiting, means, listener, on_result, fork=fork)
    finally:
        # Also after Ctrl-C or a crash: what is finished is announced, what is not is not.
        for scenario_run in scenario_runs:
            clear_remains(scenario_run.run.path / "replications")
            stale = set(numbers) & _on_disk(scenario_run.run) - set(scenario_run.run.replications)
            if scenario_run.run.path in made or stale or not scenario_run.run.replications:
                _announce(scenario_run.run)
    _bring_up_to_date(scenario_runs, numbers, listener)
    return Filled(tuple(failures), len(done), len(units) - len(waiting))


def _bring_up_to_date(scenario_runs: Sequence[ScenarioRun], numbers: Sequence[int], listener: Listener) -> None:
    """Measure anew the replications that were found finished and measured by other code; say which cannot be."""
    for scenario_run in scenario_runs:
        done = remeasure(scenario_run.run, numbers)
        if done.done:
            listener.note(f"{scenario_run.run.path}: {len(done.done)} replications were {OLDER}: measured anew")
        if done.left:
            listener.note(
                f"{scenario_run.run.path}: {len(done.left)} replications were {OLDER} and kept no tables to measure: their "
                f"figures are as they were. For those of this version, run again in another --output."
            )


def _on_disk(run: RunFolder) -> set[int]:
    return {int(folder.name) for folder in (run.path / "replications").glob("[0-9]*")}


def _announce(run: RunFolder) -> None:
    try:
        run.write_summary()
    except OSError as problem:
        msg = (
            f"{run.path}: the summary cannot be written ({reason(problem)}). The replications that are finished are "
            f"kept whole; free some space and give the same command again."
        )
        raise RunFolderError(msg) from problem


def _check(scenarios: Sequence[Scenario], replications: int, events: str) -> None:
    if replications < 1:
        msg = f"--replications: met {replications}, expected 1 or more."
        raise RequestError(msg)
    if events not in EVENTS:
        msg = f"events: met {events!r}, expected one of {', '.join(EVENTS)}."
        raise RequestError(msg)
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f"scenario '{twice[0]}' is asked for twice, expected each once."
        raise RequestError(msg)
