"""Commands that fit practices to what is published, and say how far the model may be quoted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import sim.cli.answering
import sim.cli.sharing  # noqa: F401 (their commands join the others)
from sim.cli.command_tree import MAKING
from sim.cli.commands import AsJson, Output, ProgressMode, Workers, app, scenario_names
from sim.errors import RequestError

__all__ = ["app"]

Fraction = Annotated[float | None, typer.Option(help="Share of the country simulated; below 0.5 levels are biased.")]


def _spared(text: str) -> tuple[int, ...]:
    """Read ``2,1,0``.

    Raises
    ------
    RequestError
        If it is anything else than whole numbers from 0 to 1,000.
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and int(part[:5]) <= 1_000 for part in parts):
        msg = f"--spare: met '{text}', expected a whole number for each wave, as in 2,1,0."
        raise RequestError(msg)
    return tuple(int(part) for part in parts)


@app.command(rich_help_panel=MAKING)
def calibrate(
    scenario: Annotated[str, typer.Argument(help="Name, or path of a YAML file.", autocompletion=scenario_names)] = "baseline",
    *,
    waves: Annotated[int, typer.Option(help="Waves of runs, each where the last one left room.")] = 3,
    runs: Annotated[int, typer.Option(help="Runs of each wave.")] = 120,
    draws: Annotated[int, typer.Option(help="Plausible draws kept.")] = 100,
    spare: Annotated[
        str, typer.Option(help="Targets that may pass the limit before a point is ruled out, wave by wave.")
    ] = "2,1,0",
    seed: Annotated[int, typer.Option(help="Chooses the luck and the design.")] = 1,
    fraction: Annotated[float | None, typer.Option(help="Share of the country simulated; below 0.5 levels are biased.")] = None,
    output: Output = Path("results"),
    workers: Workers = None,
    progress: Annotated[ProgressMode, typer.Option(help="Shown on standard error.")] = ProgressMode.auto,
    as_json: AsJson = False,
) -> None:
    """Fit the practices no source gives to the published targets: plausible draws, and what the data do not tell.

    The same command again goes on where it stopped.
    """
    from sim.calibration.waves import Budget  # noqa: PLC0415
    from sim.cli.calibration import calibrate_baseline  # noqa: PLC0415

    budget = Budget(waves, runs, draws, seed, _spared(spare))
    code = calibrate_baseline(
        scenario,
        budget=budget,
        fraction=fraction,
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
    fraction: Fraction = None,
    seed: Annotated[int, typer.Option(help="Chooses the luck.")] = 1,
    output: Output = Path("results"),
    workers: Workers = None,
    progress: Annotated[ProgressMode, typer.Option(help="Shown on standard error.")] = ProgressMode.auto,
    as_json: AsJson = False,
) -> None:
    """Say which parameters move each headline, where its variance comes from, and which statistic is worth publishing."""
    from sim.cli.calibration import sensitivity_of  # noqa: PLC0415

    sensitivity_of(
        scenario,
        direct=direct,
        fraction=fraction,
        seed=seed,
        output=output,
        workers=workers,
        progress=progress.value,
        as_json=as_json,
    )
