"""The commands. Nothing heavy is imported before a command needs it: ``sortie --help`` answers at once."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.command_tree import ABOUT, FIRST, MAKING, MATERIAL, QUESTIONS
from sim.cli.data import data_app
from sim.cli.language import say
from sim.cli.law import law_app

app = typer.Typer(
    name="sortie",
    help="An open simulation of how people leave French prisons, and what a policy would change.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(law_app, name="law", rich_help_panel=MATERIAL)
app.add_typer(data_app, name="data", rich_help_panel=MATERIAL)


def _print_version(asked: bool) -> None:  # noqa: FBT001 (called by typer)
    if asked:
        version()
        raise typer.Exit


@app.callback()
def _sortie(
    *,
    _version: Annotated[
        bool, typer.Option("--version", "-V", is_eager=True, callback=_print_version, help="Print the version.")
    ] = False,
) -> None:
    """An open simulation of how people leave French prisons, and what a policy would change."""


def scenario_names(incomplete: str) -> list[str]:
    """Complete the name of a scenario."""
    from sim.scenario.library import files  # noqa: PLC0415

    return [name for name in files() if name.startswith(incomplete)]


class ProgressMode(StrEnum):
    """How ``run`` tells where it is, on standard error."""

    auto = "auto"
    bar = "bar"
    lines = "lines"
    json = "json"
    none = "none"


class BackendName(StrEnum):
    """Who runs the units of a batch."""

    local = "local"
    serial = "serial"
    dask = "dask"


class Pick(StrEnum):
    """A kind of life that ``story`` can find."""

    dry = "dry"
    adjusted = "adjusted"
    withdrawn = "withdrawn"
    removal = "removal"


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output, and nothing else.")]
Output = Annotated[Path, typer.Option("--output", "-o", help="Folder the results are kept under.")]


@app.command("list", rich_help_panel=FIRST)
def list_scenarios(*, as_json: AsJson = False) -> None:
    """List the scenarios, with the question each one asks."""
    from sim.cli.describing import list_cards  # noqa: PLC0415

    list_cards(as_json=as_json)


@app.command(rich_help_panel=FIRST)
def show(
    scenario: Annotated[str, typer.Argument(help="Name, or path of a YAML file.", autocompletion=scenario_names)],
    search: Annotated[str, typer.Argument(help="Only the parameters whose path holds this text.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Describe a scenario in words, then list its parameters with unit, kind and source."""
    from sim.cli.describing import show_scenario  # noqa: PLC0415

    show_scenario(scenario, search, as_json=as_json)


@app.command(rich_help_panel=FIRST)
def check(
    scenario: Annotated[str, typer.Argument(help="Name, or path of a YAML file.", autocompletion=scenario_names)] = "baseline",
    *,
    as_json: AsJson = False,
) -> None:
    """Check a file change by change (before, after, range, who reads it), or the sources and assumptions of a world."""
    from sim.cli.describing import check_scenario  # noqa: PLC0415

    check_scenario(scenario, as_json=as_json)


@app.command(rich_help_panel=FIRST)
def run(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            help="Names or paths; each is compared with the first.", metavar="SCENARIO", autocompletion=scenario_names
        ),
    ],
    *,
    replications: Annotated[int, typer.Option("--replications", "-n", help="Replications of each scenario.")] = 4,
    seed: Annotated[int, typer.Option(help="Chooses the luck: the same seed gives the same bytes.")] = 1,
    workers: Annotated[int | None, typer.Option("--workers", "-w", help="Processes; by default one per core.")] = None,
    output: Output = Path("results"),
    start: Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD or DD/MM/YYYY.")] = None,
    measure_from: Annotated[str | None, typer.Option(help="First day measured, YYYY-MM-DD or DD/MM/YYYY.")] = None,
    end: Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD or DD/MM/YYYY.")] = None,
    fraction: Annotated[float | None, typer.Option(help="Share of the country simulated, 0.05 for 1 in 20.")] = None,
    events: Annotated[
        bool | None, typer.Option("--events/--no-events", help="Keep events of all or none; by default of number 0.")
    ] = None,
    disk_check: Annotated[bool, typer.Option(help="Refuse to begin what the disk cannot hold.")] = True,
    progress: Annotated[ProgressMode, typer.Option(help="Shown on standard error.")] = ProgressMode.auto,
    as_json: AsJson = False,
) -> None:
    """Run scenarios, save the results, and print what each changes against the first.

    What is already there and intact is not run again: an interrupted run is resumed by the same command.
    """
    from sim.cli.running import run_scenarios  # noqa: PLC0415

    code = run_scenarios(
        scenarios,
        replications=replications,
        seed=seed,
        workers=workers,
        output=output,
        days={"start": start, "measure_from": measure_from, "end": end},
        fraction=fraction,
        events={None: "first", True: "all", False: "none"}[events],
        disk_check=disk_check,
        progress=progress.value,
        as_json=as_json,
    )
    sys.stdout.flush()
    raise typer.Exit(code)


@app.command(rich_help_panel=FIRST)
def compare(
    base: Annotated[str, typer.Argument(help="Scenario (its latest run) or run folder; or the folder of an experiment.")],
    policy: Annotated[str | None, typer.Argument(help="Scenario (its latest run) or run folder.")] = None,
    *,
    output: Output = Path("results"),
    csv: Annotated[Path | None, typer.Option(help="Folder to write the tables into, as CSV.")] = None,
    excel_fr: Annotated[bool, typer.Option("--excel-fr", help="CSV as a French Excel opens it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare two runs of one seed, replication by replication and person by person; or the arms of an experiment."""
    if policy is None:
        from sim.cli.asking import compare_experiment  # noqa: PLC0415

        compare_experiment(Path(base), form="json" if as_json else "table", csv=csv, french=excel_fr)
        return
    from sim.cli.running import compare_runs  # noqa: PLC0415

    compare_runs(base, policy, output=output, as_json=as_json, csv=csv, french=excel_fr)


@app.command(rich_help_panel=MAKING)
def remeasure(
    runs: Annotated[
        list[str], typer.Argument(metavar="RUN...", help="Run folders, folders of runs, or scenarios (latest run).")
    ],
    *,
    output: Output = Path("results"),
) -> None:
    """Measure runs already made with the indicators of this version, on the tables they kept; nothing is simulated.

    Exit code 1 if a run kept no tables, and would have to be made again.
    """
    from sim.cli.running import remeasure_runs  # noqa: PLC0415

    code = remeasure_runs(runs, output=output)
    sys.stdout.flush()
    raise typer.Exit(code)


@app.command(name="run-in", rich_help_panel=MAKING)
def run_in(
    run: Annotated[str, typer.Argument(help="Scenario (its latest run) or run folder.")] = "baseline",
    *,
    output: Output = Path("results"),
    as_json: AsJson = False,
) -> None:
    """Say how many months each monthly series of a run still shows how it began (MSER-5)."""
    from sim.cli.asking import run_in_of  # noqa: PLC0415

    run_in_of(run, output=output, as_json=as_json)


class Form(StrEnum):
    """How ``query`` prints its answer."""

    table = "table"
    csv = "csv"
    excel_fr = "excel-fr"
    json = "json"


@app.command(rich_help_panel=QUESTIONS)
def query(
    question: Annotated[str, typer.Argument(help="A question in SQL; `show views` lists what can be asked.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Results asked: a tree, an experiment or a run.")] = Path(
        "results"
    ),
    form: Annotated[Form, typer.Option("--form", "-f", help="How the answer is printed.")] = Form.table,
    to: Annotated[Path | None, typer.Option(help="File to write it into instead, .csv or .parquet, however large.")] = None,
    seconds: Annotated[float | None, typer.Option(help="Give up after so long; by default as long as it takes.")] = None,
) -> None:
    """Ask the results in SQL (DuckDB): one question, which reads these results and nothing else.

    Begin with the views that hold one row a replication: headline, headline_differences, measured. A question that would add
    runs of several samples, windows or versions together, or figures of several periods and groups, is refused, with the way
    out.
    """
    from sim.cli.asking import query as ask  # noqa: PLC0415

    ask(question, output=output, form=form.value, to=to, seconds=seconds)


@app.command(rich_help_panel=QUESTIONS)
def solve(
    scenario: Annotated[str, typer.Argument(help="Name, or path of a YAML file.", autocompletion=scenario_names)] = "baseline",
    *,
    lever: Annotated[str, typer.Option(help="Path of the number that is moved.")],
    target: Annotated[str, typer.Option(help="'indicator <= number', 'indicator[group] >= number'.")],
    on: Annotated[str | None, typer.Option(help="Day the target is about (its census, or its year).")] = None,
    moved: Annotated[str | None, typer.Option("--from", help="Day the lever moves; by default the first measured.")] = None,
    furthest: Annotated[float | None, typer.Option("--up-to", help="Furthest setting; by default four times today's.")] = None,
    tolerance: Annotated[float | None, typer.Option(help="Settings closer than this are not told apart.")] = None,
    replications: Annotated[int, typer.Option("--replications", "-n", help="Replications at each setting.")] = 10,
    seed: Annotated[int, typer.Option(help="Chooses the luck.")] = 1,
    workers: Annotated[int | None, typer.Option("--workers", "-w", help="Processes; by default one per core.")] = None,
    output: Output = Path("results"),
    start: Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD or DD/MM/YYYY.")] = None,
    measure_from: Annotated[str | None, typer.Option(help="First day measured, YYYY-MM-DD or DD/MM/YYYY.")] = None,
    end: Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD or DD/MM/YYYY.")] = None,
    fraction: Annotated[float | None, typer.Option(help="Share of the country simulated.")] = None,
    progress: Annotated[ProgressMode, typer.Option(help="Shown on standard error.")] = ProgressMode.none,
    as_json: AsJson = False,
) -> None:
    """Find the smallest change of a lever that reaches a target, with an interval; exit code 1 if none does."""
    from sim.cli.asking import solve as search  # noqa: PLC0415

    frame = {"start": start, "measure_from": measure_from, "end": end, "sampling_fraction": fraction}
    asked = {
        "scenario": scenario,
        "lever": lever,
        "on": on,
        "moved": moved,
        "furthest": furthest,
        "tolerance": tolerance,
        "replications": replications,
        "seed": seed,
        "frame": {key: value for key, value in frame.items() if value is not None},
    }
    code = search(asked, target, output=output, workers=workers, progress=progress.value, as_json=as_json)
    sys.stdout.flush()
    raise typer.Exit(code)


ExperimentFile = Annotated[Path, typer.Argument(help="Experiment file (YAML); see docs/experiments.md.")]
Workers = Annotated[int | None, typer.Option("--workers", "-w", help="Processes; by default one per core.")]
Scenarios = Annotated[list[str] | None, typer.Option("--scenario", help="Only these, the base first; by default all shipped.")]


@app.command(rich_help_panel=QUESTIONS)
def plan(
    experiment: ExperimentFile,
    *,
    output: Output = Path("results"),
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Say what an experiment would run, how long and on how much disk; nothing is run."""
    from sim.cli.experiments import plan_experiment  # noqa: PLC0415

    plan_experiment(experiment, output=output, workers=workers, as_json=as_json)


@app.command(rich_help_panel=QUESTIONS)
def batch(
    experiment: ExperimentFile,
    *,
    output: Output = Path("results"),
    workers: Workers = None,
    backend: Annotated[BackendName, typer.Option(help="Who runs the units.")] = BackendName.local,
    address: Annotated[str | None, typer.Option(help="Scheduler of a Dask cluster, tcp://host:8786.")] = None,
    memory: Annotated[int | None, typer.Option(help="Most private memory of a worker, MB.")] = None,
    disk_check: Annotated[bool, typer.Option(help="Refuse to begin what the disk cannot hold.")] = True,
    progress: Annotated[ProgressMode, typer.Option(help="Shown on standard error.")] = ProgressMode.auto,
    as_json: AsJson = False,
) -> None:
    """Run an experiment; the same command again runs only what is missing.

    Exit codes: 0 all done, 1 some units failed (the others are kept), 2 something to mend in the request.
    """
    from sim.cli.experiments import batch_experiment  # noqa: PLC0415

    code = batch_experiment(
        experiment,
        output=output,
        means={"workers": workers, "backend": backend.value, "address": address, "memory_mb": memory},
        disk_check=disk_check,
        progress=progress.value,
        as_json=as_json,
    )
    sys.stdout.flush()
    raise typer.Exit(code)


@app.command(rich_help_panel=MAKING)
def reference(
    *,
    output: Output = Path("results/reference"),
    work: Annotated[Path, typer.Option(help="Folder of the runs it is made of.")] = Path("results/reference-runs"),
    replications: Annotated[int, typer.Option("--replications", "-n", help="Of each scenario, central values.")] = 30,
    draws: Annotated[int, typer.Option(help="Draws of the uncertain values; 0 leaves them out.")] = 0,
    draw_replications: Annotated[int, typer.Option(help="Replications of each draw.")] = 4,
    people_replications: Annotated[int, typer.Option(help="Replications that keep people's exits.")] = 2,
    sweep_replications: Annotated[int, typer.Option(help="Replications of each setting of a sweep.")] = 10,
    fraction: Annotated[float, typer.Option(help="Share of the country simulated.")] = 1.0,
    most: Annotated[int, typer.Option(help="Add replications up to so many, until differences are known; 0: do not.")] = 0,
    seed: Annotated[int, typer.Option(help="Chooses the luck.")] = 1,
    workers: Workers = None,
    scenario: Scenarios = None,
    progress: Annotated[ProgressMode, typer.Option(help="Shown on standard error.")] = ProgressMode.auto,
) -> None:
    """Run the shipped scenarios and sweeps, and write the small tables that explorer, notes and notebooks read."""
    from sim.cli.reference import reference as make  # noqa: PLC0415
    from sim.library.build import Size  # noqa: PLC0415

    size = Size(fraction, replications, draws, draw_replications, people_replications, sweep_replications, seed, most)
    code = make(size, output=output, work=work, workers=workers, progress=progress.value, scenarios=scenario)
    sys.stdout.flush()
    raise typer.Exit(code)


@app.command(rich_help_panel=MAKING)
def library(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="1 person in 20, 4 replications: minutes.")] = False,
    workers: Workers = None,
    scenario: Scenarios = None,
    progress: Annotated[ProgressMode, typer.Option(help="Shown on standard error.")] = ProgressMode.auto,
) -> None:
    """Run every policy of the library: `reference` in its two usual sizes.

    In full: the whole country, replications until differences are known (30 to 200), draws of the uncertain values; into
    results/reference. With --quick: into results/library-quick, beside it.
    """
    from sim.cli.reference import reference as make  # noqa: PLC0415
    from sim.library.build import FULL, QUICK  # noqa: PLC0415

    size, name = (QUICK, "library-quick") if quick else (FULL, "reference")
    output, work = Path("results") / name, Path("results") / f"{name}-runs"
    code = make(size, output=output, work=work, workers=workers, progress=progress.value, scenarios=scenario)
    sys.stdout.flush()
    raise typer.Exit(code)


@app.command(rich_help_panel=FIRST)
def note(
    policies: Annotated[
        list[str],
        typer.Argument(help="One to three scenarios of the library.", metavar="SCENARIO", autocompletion=scenario_names),
    ],
    *,
    reference: Annotated[Path | None, typer.Option(help="Figures it is made of; by default those of the library.")] = None,
    to: Annotated[Path | None, typer.Option(help="File, .html, .pdf or .odt; by default results/note-SCENARIO.html.")] = None,
) -> None:
    """Write the one-page note of a policy: the finding, its numbers, why, what it leans on, how to cite and make it again."""
    from sim.cli.note import write_note  # noqa: PLC0415

    write_note(policies, reference=reference, to=to)


@app.command(rich_help_panel=FIRST)
def story(
    run: Annotated[Path, typer.Argument(help="Run folder.")],
    *,
    person: Annotated[int | None, typer.Option(help="Number of the person.")] = None,
    pick: Annotated[Pick | None, typer.Option(help="Find a life of this kind instead.")] = None,
    replication: Annotated[int | None, typer.Option(help="By default the first that kept its events.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell one simulated life in sentences, from the events of a run."""
    from sim.cli.story import tell  # noqa: PLC0415

    tell(run, person=person, pick=None if pick is None else pick.value, replication=replication, as_json=as_json)


@app.command("compile", rich_help_panel=ABOUT)
def compile_engine() -> None:
    """Compile the engine now, once for this version of the code (45 to 60 s of processor): runs then start at once."""
    from sim.cli.output import progress_of  # noqa: PLC0415
    from sim.experiments.readiness import precompile  # noqa: PLC0415

    with progress_of("auto") as listener:
        if not precompile(listener):
            print(say("the engine is compiled already"), file=sys.stderr)


@app.command(rich_help_panel=ABOUT)
def version() -> None:
    """Print the version."""
    from sim.records.manifest import package_version  # noqa: PLC0415

    print(package_version())


@app.command("help", rich_help_panel=ABOUT)
def help_on(
    ctx: typer.Context,
    command: Annotated[list[str] | None, typer.Argument(help="A command, such as run or law show.")] = None,
) -> None:
    """Print the help of a command."""
    from sim.cli.command_tree import help_of  # noqa: PLC0415

    print(help_of(ctx, command or []))
