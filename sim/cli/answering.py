"""Commands that say how far an answer holds: over draws (``answers``), and between two people's hypotheses (``hypotheses``)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.command_tree import QUESTIONS
from sim.cli.commands import AsJson, Output, ProgressMode, Workers, app, scenario_names


@app.command(rich_help_panel=QUESTIONS)
def answers(
    experiment: Annotated[
        Path, typer.Argument(help="Folder of an experiment with draws, or its file (YAML), which is then run or gone on with.")
    ],
    *,
    policy: Annotated[list[str] | None, typer.Option(help="Only these arms.")] = None,
    indicator: Annotated[str | None, typer.Option(help="Only this figure: 'indicator' or 'indicator[group]'.")] = None,
    period: Annotated[str, typer.Option(help="measured, a year, or the day of a census.")] = "measured",
    output: Output = Path("results"),
    workers: Workers = None,
    csv: Annotated[Path | None, typer.Option(help="Folder to write the tables into, as CSV.")] = None,
    excel_fr: Annotated[bool, typer.Option("--excel-fr", help="CSV as a French Excel opens it.")] = False,
    progress: Annotated[ProgressMode, typer.Option(help="Shown on standard error.")] = ProgressMode.auto,
    as_json: AsJson = False,
) -> None:
    """Say over all draws what each policy changes: median, 90 % interval, sign, what it hangs on and where it tips."""
    from sim.cli.answers_told import answers_of  # noqa: PLC0415

    code = answers_of(
        experiment,
        policies=policy,
        indicator=indicator,
        period=period,
        output=output,
        workers=workers,
        csv=csv,
        french=excel_fr,
        progress=progress.value,
        as_json=as_json,
    )
    sys.stdout.flush()
    raise typer.Exit(code)


Hypotheses = Annotated[str, typer.Argument(help="Name, or path of a YAML file.", autocompletion=scenario_names)]


@app.command(rich_help_panel=QUESTIONS)
def hypotheses(
    one: Hypotheses,
    other: Hypotheses,
    policy: Annotated[str, typer.Argument(help="The policy they disagree about: name, or path of a YAML file.")],
    *,
    indicator: Annotated[str | None, typer.Option(help="Only this figure: 'indicator' or 'indicator[group]'.")] = None,
    families: Annotated[bool, typer.Option(help="Take parameters of one part of the world together.")] = False,
    most: Annotated[int, typer.Option(min=1, max=12, help="Hypotheses taken apart exactly at most (2 to that power).")] = 8,
    replications: Annotated[int, typer.Option("--replications", "-n", help="Replications of each world.")] = 4,
    seed: Annotated[int, typer.Option(help="Chooses the luck: the same seed gives the same bytes.")] = 1,
    start: Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD or DD/MM/YYYY.")] = None,
    measure_from: Annotated[str | None, typer.Option(help="First day measured, YYYY-MM-DD or DD/MM/YYYY.")] = None,
    end: Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD or DD/MM/YYYY.")] = None,
    fraction: Annotated[float | None, typer.Option(help="Share of the country simulated, 0.05 for 1 in 20.")] = None,
    workers: Workers = None,
    output: Output = Path("results"),
    progress: Annotated[ProgressMode, typer.Option(help="Shown on standard error.")] = ProgressMode.auto,
    as_json: AsJson = False,
) -> None:
    """Say how far each hypothesis explains why two worlds give two answers about a policy; the same luck in all of them.

    The same command again runs only what is missing.
    """
    from sim.cli.answers_told import hypotheses_of  # noqa: PLC0415

    code = hypotheses_of(
        (one, other, policy),
        indicator=indicator,
        settings={"families": families, "most": most, "replications": replications, "seed": seed},
        days={"start": start, "measure_from": measure_from, "end": end},
        fraction=fraction,
        workers=workers,
        output=output,
        progress=progress.value,
        as_json=as_json,
    )
    sys.stdout.flush()
    raise typer.Exit(code)
