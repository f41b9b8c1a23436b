"""Commands that fit practices to what is published, and say how far the model may be quoted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import sim.cli.answering
import sim.cli.sharing  # noqa: F401 (their commands join the others)
from sim.cli.command_tree import MAKING
from sim.cli.commands import AsJson, Output, ProgressMode, Workers, app, scenario_names

if TYPE_CHECKING:
    from sim.cli.calibration import Asked

__all__ = ["app"]

Fraction = Annotated[float | None, typer.Option(help="Share of the country simulated; below 0.5 levels are biased.")]


@app.command(rich_help_panel=MAKING)
def calibrate(
    scenario: Annotated[str, typer.Argument(help="Name, or path of a YAML file.", autocompletion=scenario_names)] = "baseline",
    *,
    waves: Annotated[int, typer.Option(help="Waves of runs, each where the last one found what is published.")] = 3,
    runs: Annotated[int | None, typer.Option(help="Runs of each wave; by default ten for each parameter.")] = None,
    draws: Annotated[int, typer.Option(help="Points of the posterior that are run, weighted and kept.")] = 200,
    rounds: Annotated[int, typer.Option(help="How often that is done at most, the emulator learning each time.")] = 3,
    steps: Annotated[int, typer.Option(help="Steps of the sampler.")] = 4000,
    truths: Annotated[int, typer.Option(help="Synthetic truths to be found before the real figures are fitted.")] = 40,
    seed: Annotated[int, typer.Option(help="Chooses the luck and the design.")] = 1,
    fraction: Annotated[
        float | None, typer.Option(help="Share of the country in the runs of the waves; by default that of the settings.")
    ] = None,
    draws_fraction: Annotated[
        float | None, typer.Option(help="The same for the draws that are kept; by default that of the settings.")
    ] = None,
    settings: Annotated[
        Path | None,
        typer.Option(
            help="What is fitted, and the days simulated; by default scenarios/observed/calibration.yaml.", exists=True
        ),
    ] = None,
    output: Output = Path("results"),
    workers: Workers = None,
    progress: Annotated[ProgressMode, typer.Option(help="Shown on standard error.")] = ProgressMode.auto,
    as_json: AsJson = False,
) -> None:
    """Fit what no source gives to the published targets: draws of a posterior, and what the data do not tell.

    The same command again goes on where it stopped.
    """
    from sim.calibration.waves import Budget  # noqa: PLC0415
    from sim.cli.calibration import calibrate_baseline  # noqa: PLC0415

    code = calibrate_baseline(
        scenario,
        budget=Budget(waves, runs, draws, rounds, seed, steps, truths),
        fraction=fraction,
        draws_fraction=draws_fraction,
        settings=settings,
        output=output,
        workers=workers,
        progress=progress.value,
        as_json=as_json,
    )
    sys.stdout.flush()
    raise typer.Exit(code)


@app.command(rich_help_panel=MAKING)
def validate(
    run: Annotated[
        str | None, typer.Argument(help="Run folder or scenario (its latest run); by default the draws of the calibration.")
    ] = None,
    *,
    output: Output = Path("results"),
    page: Annotated[Path | None, typer.Option(help="Write the verdict page there instead (docs/validation.md).")] = None,
    figures: Annotated[
        Path | None,
        typer.Option(help="With --page: also write there what the explorer shows of it (results/reference/validation.json)."),
    ] = None,
    apply: Annotated[
        Path | None, typer.Option(help="Write the central draw into this baseline instead (scenarios/baseline.yaml).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Set every published target beside the model: median, 90 % interval, inside its tolerance or not."""
    from sim.cli.calibration import validate_run  # noqa: PLC0415

    validate_run(run, output=output, page=page, figures=figures, apply=apply, as_json=as_json)


@app.command(rich_help_panel=MAKING)
def backtest(
    scenario: Annotated[str, typer.Argument(help="Name, or path of a YAML file.", autocompletion=scenario_names)] = "baseline",
    *,
    draws: Annotated[int, typer.Option(help="Plausible draws run for the intervals, the central one included.")] = 1,
    fraction: Fraction = None,
    seed: Annotated[int, typer.Option(help="Chooses the luck.")] = 1,
    output: Output = Path("results"),
    workers: Workers = None,
    progress: Annotated[ProgressMode, typer.Option(help="Shown on standard error.")] = ProgressMode.auto,
    as_json: AsJson = False,
) -> None:
    """Start in the past and compare with what was published since; forecast from each January beside naive rivals."""
    from sim.cli.calibration import backtest_baseline  # noqa: PLC0415

    backtest_baseline(
        scenario,
        draws=draws,
        fraction=fraction,
        seed=seed,
        output=output,
        workers=workers,
        progress=progress.value,
        as_json=as_json,
    )


@app.command(rich_help_panel=MAKING)
def sensitivity(
    scenario: Annotated[str, typer.Argument(help="Name, or path of a YAML file.", autocompletion=scenario_names)] = "baseline",
    *,
    direct: Annotated[bool, typer.Option(help="Check by direct runs the parameters that matter.")] = True,
    differences: Annotated[
        bool, typer.Option("--differences", help="Screen every value that has a range on what the main policies change.")
    ] = False,
    points: Annotated[int, typer.Option(help="With --differences: points of the design.")] = 256,
    fraction: Fraction = None,
    seed: Annotated[int, typer.Option(help="Chooses the luck.")] = 1,
    output: Output = Path("results"),
    workers: Workers = None,
    progress: Annotated[ProgressMode, typer.Option(help="Shown on standard error.")] = ProgressMode.auto,
    as_json: AsJson = False,
) -> None:
    """Say which parameters move each headline, where its variance comes from, and which statistic is worth publishing.

    With --differences: before any fit, which of all values move what the main policies change. The same command goes on
    where it stopped.
    """
    from sim.cli.calibration import screen_differences, sensitivity_of  # noqa: PLC0415

    asked: Asked = {
        "fraction": fraction,
        "seed": seed,
        "output": output,
        "workers": workers,
        "progress": progress.value,
        "as_json": as_json,
    }
    if differences:
        screen_differences(scenario, points=points, **asked)
    else:
        sensitivity_of(scenario, direct=direct, **asked)
