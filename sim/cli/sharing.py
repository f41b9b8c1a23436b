"""Commands that hand results to others: ``publish`` (a run, or the observed tables, as a folder that describes itself)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.command_tree import FIRST
from sim.cli.commands import app
from sim.cli.language import say, spoken

OBSERVED = Path("observed")


@app.command(rich_help_panel=FIRST)
def publish(
    run: Annotated[Path, typer.Argument(help="Run folder; or 'observed', the published tables that the model starts from.")],
    *,
    to: Annotated[Path, typer.Option(help="Folder to make.")],
    licence: Annotated[str | None, typer.Option(help="Licence of the run, by SPDX identifier; by default CC-BY-4.0.")] = None,
    by: Annotated[list[str] | None, typer.Option(help="Who publishes the run. May be repeated.")] = None,
) -> None:
    """Copy a run into a folder that others can use: tables described, licence, version, origin (Frictionless, RO-Crate)."""
    from sim.errors import RequestError  # noqa: PLC0415 (--help needs none of it)
    from sim.publication.observed import publish_observed  # noqa: PLC0415
    from sim.publication.run import LICENCE, publish_run  # noqa: PLC0415
    from sim.records.run_folder import open_run  # noqa: PLC0415
    from sim.scenario.observed import observed_file  # noqa: PLC0415

    if run == OBSERVED:
        if licence is not None or by:
            msg = "--licence and --by are for a run: the observed tables keep those of their publishers."
            raise RequestError(msg)
        written = publish_observed(observed_file("establishments.csv").parent, to)
    else:
        written = publish_run(open_run(run), to, licence=licence or LICENCE, authors=by or [], lang=spoken())
    print(say(f"{to}: {len(written)} files, described in datapackage.json and ro-crate-metadata.json"))
