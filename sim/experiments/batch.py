"""An experiment from its file to its folder: planned, run, resumed, stopped when it knows enough.

::

    results/<experiment>/
        experiment.json      arms, draws and where the run of each is; the file as it was written
        <arm>/<run_id>/      one run folder for each arm and draw (sim.records.run_folder)

Running the same file again runs only what is missing. A run folder is named by what it depends on, so a changed file adds
runs beside the old ones and ``experiment.json`` says which belong to it.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.dates import months_between
from sim.errors import RequestError, RunFolderError
from sim.experiments.execution import Backend
from sim.experiments.forking import parting_day
from sim.experiments.progress import NullListener
from sim.experiments.replicate import Filled, Retention, ScenarioRun, fill
from sim.experiments.results_tree import INDEX
from sim.experiments.stopping import Reached, progress
from sim.experiments.units import begin
from sim.records.atomic import clear_remains, write_atomically
from sim.records.manifest import describe_machine, engine_digest, run_identifier
from sim.records.run_folder import is_intact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.experiments.experiment import Experiment, Precision
    from sim.experiments.progress import Listener
    from sim.experiments.units import Failure
    from sim.scenario import Scenario

FORMAT = 1

# One unit of the compiled engine, measured in November 2026 on two cores: nine years of the whole country took 11 to 15 s
# on a slow machine, by what else it did; nearly a straight line in the years simulated times the fraction. They only feed the
# estimate of `sortie plan`; where the output folder already holds replications, theirs are used.
_SECONDS_AT_REST, _SECONDS_PER_YEAR = 0.7, 1.4
_MB_AT_REST, _MB_PER_YEAR = 160.0, 75.0
_BYTES_AT_REST = {"indicators": 50_000, "tables": 700_000, "events": 150_000}
_BYTES_PER_YEAR = {"indicators": 6_000, "tables": 4_200_000, "events": 4_100_000}
_MARGIN = 1.2


@dataclass(frozen=True)
class Plan:
    """What an experiment would run."""

    arms: int
    draws: int
    replications: tuple[int, int]
    """Fewest and most."""
    units: int
    """At the fewest replications."""
    waiting: int
    """Those that are not there yet."""
    months: int
    """Months those would simulate if each ran alone."""
    months_shared: int
    """Months spared by arms that share their past."""
    seconds: float
    """One worker, shared past taken off."""
    disk_bytes: int
    memory_mb: float
    """Of one worker."""
    free_bytes: int
    estimated_from: str

    def wall_seconds(self, workers: int) -> float:
        """Seconds with so many workers."""
        return self.seconds / max(1, workers)


@dataclass(frozen=True)
class Batch:
    """What running an experiment led to."""

    folder: Path
    failures: tuple[Failure, ...]
    simulated: int
    skipped: int
    replications: int
    reached: tuple[Reached, ...]
    """Where each output of the stopping rule stands; empty without one."""


def plan(experiment: Experiment, output: Path | str, *, current: bool = False) -> Plan:
    """Reckon what running an experiment would take; nothing is written. ``current`` as in :class:`Retention`."""
    root = Path(output) / experiment.name
    engine = engine_digest()
    kept = Retention(experiment.events, experiment.tables, current)
    seconds_a_month, bytes_here, memory, told = _rates(experiment, root)
    floor, draws = experiment.rule.floor, len(experiment.draws)
    waiting = months = shared = 0
    disk = 0.0
    # Draws move values, not dates: where nothing is there yet, every draw costs what the first does.
    alike = draws if not root.is_dir() else 1
    for draw in range(draws // alike):
        scenarios = experiment.scenarios(draw)
        for position, scenario in enumerate(scenarios):
            folder = root / scenario.name / run_identifier(scenario.digest(), experiment.seed, engine=engine)
            there = [
                number
                for number in _begun(folder)
                if number < floor
                and is_intact(folder, number, with_events=kept.with_events(number), tables=kept.tables, current=current)
            ]
            left = alike * (floor - len(there))
            waiting += left
            months += left * months_between(scenario.start_day, scenario.end_day + 1)
            shared += left * _shared_months(scenarios[0], scenario, experiment) if position else 0
            events = {"all": left, "first": 0 if 0 in there else alike}.get(kept.events, 0)
            disk += left * bytes_here + events * _bytes(scenario, "events")
    return Plan(
        arms=len(experiment.arms),
        draws=len(experiment.draws),
        replications=(experiment.rule.floor, experiment.rule.cap),
        units=len(experiment.arms) * draws * floor,
        waiting=waiting,
        months=months,
        months_shared=shared,
        seconds=seconds_a_month * (months - shared) + _SECONDS_AT_REST * waiting,
        disk_bytes=int(disk),
        memory_mb=memory,
        free_bytes=free_space(Path(output)),
        estimated_from=told,
    )


def _begun(folder: Path) -> list[int]:
    """Return the numbers of the replications that a run folder holds something of; none if there is no folder."""
    try:
        names = [item.name for item in (folder / "replications").iterdir()]
    except OSError:
        return []
    return sorted(int(name) for name in names if name.isascii() and name.isdigit())


def _shared_months(base: Any, arm: Any, experiment: Experiment) -> int:
    if not experiment.share_past:
        return 0
    return months_between(base.start_day, parting_day(base, arm))


def _years(scenario: Any) -> float:
    return float((scenario.end_day - scenario.start_day) / 365.25 * scenario.sampling_fraction)


def _bytes(scenario: Any, what: str) -> float:
    return _BYTES_AT_REST[what] + _BYTES_PER_YEAR[what] * _years(scenario)


def _rates(experiment: Experiment, root: Path) -> tuple[float, float, float, str]:
    """Seconds a month, bytes a unit, megabytes a worker, and what they were estimated from."""
    scenario = experiment.arms[0].scenario
    months = months_between(scenario.start_day, scenario.end_day + 1)
    met = list(_met(root))
    if met:
        seconds, sizes, memory = (sorted(column) for column in zip(*met, strict=True))
        middle = len(met) // 2
        rest = max(0.0, seconds[middle] - _SECONDS_AT_REST)
        return rest / months, float(sizes[middle]), memory[-1], f"{len(met)} replications already there"
    size = _bytes(scenario, "indicators")
    if experiment.tables is None or experiment.tables:
        size += _bytes(scenario, "tables")
    years = _years(scenario)
    return _SECONDS_PER_YEAR * years / months, size, _MB_AT_REST + _MB_PER_YEAR * years, "reference measurements"


def _met(root: Path) -> Iterator[tuple[float, int, float]]:
    for path in sorted(root.glob("*/*/replications/[0-9]*/unit.json"))[:200]:
        try:
            unit = json.loads(path.read_text(encoding="utf-8"))
            size = sum(record["bytes"] for record in unit["files"].values())
            yield unit["resources"]["wall_seconds"], size, unit["resources"]["peak_memory_mb"]
        except (OSError, ValueError, KeyError, TypeError):
            continue


def free_space(folder: Path) -> int:
    """Bytes free on the disk that will hold a folder, which need not exist yet."""
    here = folder.resolve()
    while not here.exists():
        here = here.parent
    return shutil.disk_usage(here).free


def check_disk(planned: Plan, output: Path | str) -> None:
    """Refuse to begin what the disk cannot hold.

    Raises
    ------
    RunFolderError
        With what is needed, what is free, and the ways out.
    """
    way_out = "write `keep: indicators` in the file (tables are most of it)"
    _refuse_if_full(planned.disk_bytes, planned.free_bytes, planned.waiting, Path(output), way_out)


def check_disk_of_run(scenarios: Sequence[Scenario], *, replications: int, seed: int, events: str, output: Path) -> None:
    """Refuse to begin replications of scenarios that the disk cannot hold.

    Raises
    ------
    RunFolderError
        With what is needed, what is free, and the ways out.
    """
    engine, kept = engine_digest(), Retention(events)
    waiting, disk = 0, 0.0
    for scenario in scenarios:
        folder = output / scenario.name / run_identifier(scenario.digest(), seed, engine=engine)
        there = [
            number
            for number in _begun(folder)
            if number < replications and is_intact(folder, number, with_events=kept.with_events(number))
        ]
        left = replications - len(there)
        waiting += left
        kept_events = {"all": left, "first": 0 if 0 in there else 1}.get(kept.events, 0)
        disk += left * sum(_bytes(scenario, what) for what in ("indicators", "tables"))
        disk += kept_events * _bytes(scenario, "events")
    _refuse_if_full(disk, free_space(output), waiting, output, "ask for --no-events or fewer --replications")


def _refuse_if_full(disk: float, free: int, waiting: int, output: Path, way_out: str) -> None:
    needed = disk * _MARGIN
    if needed > free:
        msg = (
            f"{output}: {_size(needed)} are needed for {waiting} replications, {_size(free)} are free. "
            f"Choose another --output, {way_out}, or --no-disk-check."
        )
        raise RunFolderError(msg)


def _size(number: float) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.1f} MB"


def run_experiment(
    experiment: Experiment,
    *,
    output: Path | str = "results",
    means: Backend | None = None,
    listener: Listener | None = None,
    current: bool = False,
) -> Batch:
    """Run what is missing of an experiment, round by round until its stopping rule is met.

    ``current`` as in :class:`Retention`.
    """
    listener = listener or NullListener()
    means = (means or Backend()).checked()
    root = Path(output) / experiment.name
    made = describe_machine()
    scenario_runs = [
        ScenarioRun(scenario, begin(scenario, experiment.seed, root.resolve(), made), draw)
        for draw in range(len(experiment.draws))
        for scenario in experiment.scenarios(draw)
    ]
    clear_remains(root)
    write_atomically(root / INDEX, _index(experiment, scenario_runs).encode())
    kept = Retention(experiment.events, experiment.tables, current)
    fork = experiment.share_past and means.backend != "serial"
    rule = experiment.rule
    wanted, begun = rule.floor, 0
    failures: list[Failure] = []
    simulated = skipped = 0
    reached: tuple[Reached, ...] = ()
    while True:
        filled: Filled = fill(
            scenario_runs, range(begun, wanted), seed=experiment.seed, kept=kept, means=means, listener=listener, fork=fork
        )
        failures += filled.failures
        simulated, skipped = simulated + filled.simulated, skipped + filled.skipped
        if failures or not rule.until:
            break
        reached = _reached(experiment, scenario_runs, wanted)
        if all(output.enough is not None for output in reached) or wanted >= rule.cap:
            break
        begun, wanted = wanted, min(wanted + rule.step, rule.cap)
    return Batch(root, tuple(failures), simulated, skipped, wanted, reached)


def _index(experiment: Experiment, scenario_runs: Sequence[ScenarioRun]) -> str:
    arms = [{"name": arm.name, "levers": dict(arm.levers), "title": dict(arm.scenario.title)} for arm in experiment.arms]
    content = {
        "format": FORMAT,
        "name": experiment.name,
        "title": dict(experiment.title),
        "seed": experiment.seed,
        "base": experiment.arms[0].name,
        "arms": arms,
        "draws": [dict(draw) for draw in experiment.draws],
        "weights": list(experiment.weights),
        "runs": [
            {"arm": scenario_run.scenario.name, "draw": scenario_run.draw, "run": scenario_run.run.run_id}
            for scenario_run in scenario_runs
        ],
        "file": experiment.text,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _reached(experiment: Experiment, scenario_runs: Sequence[ScenarioRun], n: int) -> tuple[Reached, ...]:
    """Where each output of the rule stands; a replication's value is the mean over the draws, which share its luck."""
    levels: dict[tuple[str, int], Any] = {}
    for scenario_run in scenario_runs:
        frame = scenario_run.run.indicators()
        levels[scenario_run.scenario.name, scenario_run.draw] = frame.set_index(
            ["period", "indicator", "group", "replication"]
        )["value"].sort_index()
    found = []
    base = experiment.arms[0].name
    for precision in experiment.rule.until:
        for arm in experiment.arms:
            if precision.of == "difference" and arm.name == base:
                continue
            per_draw = []
            for draw in range(len(experiment.draws)):
                series = _series(levels[arm.name, draw], precision, arm.name)
                if precision.of == "difference":
                    series = series - _series(levels[base, draw], precision, base)
                per_draw.append(series)
            values = sum(per_draw[1:], per_draw[0]) / len(per_draw)
            name = f"{arm.name}: {precision.of} of {precision.output} ({precision.group}, {precision.period})"
            values = [float(values.get(number, float("nan"))) for number in range(n)]
            found.append(
                progress(
                    name,
                    values,
                    floor=experiment.rule.floor,
                    half_width=precision.half_width,
                    relative=precision.relative,
                )
            )
    return tuple(found)


def _series(levels: Any, precision: Precision, arm: str) -> Any:
    key = (precision.period, precision.output, precision.group)
    try:
        return levels.loc[key]
    except KeyError:
        msg = (
            f"replications: until: '{precision.output}' has no group '{precision.group}' in period '{precision.period}' "
            f"under '{arm}'. The view `figures` of `sortie query` lists them."
        )
        raise RequestError(msg) from None
