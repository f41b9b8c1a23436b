"""Commands that show results to others: ``explore`` (the explorer) and ``publish`` (a folder that describes itself)."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.command_tree import FIRST
from sim.cli.commands import app
from sim.cli.language import say, spoken

OBSERVED = Path("observed")


@app.command(rich_help_panel=FIRST)
def explore(
    *,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port it answers on.")] = 8501,
    address: Annotated[str, typer.Option(help="Address it listens on; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
    browser: Annotated[bool, typer.Option(help="Open a browser on it.")] = True,
) -> None:
    """Open the explorer in a browser: the library's figures, policies compared, scenarios built and run."""
    from sim.errors import RequestError  # noqa: PLC0415 (--help needs none of it)
    from sim.explorer.kept_runs import limits_of  # noqa: PLC0415

    limits_of(os.environ)  # a server that would refuse every run says so at once
    if find_spec("streamlit") is None:
        msg = "the explorer needs streamlit, which is not installed: pip install streamlit"
        raise RequestError(msg)
    # Streamlit's own words are English, and of Streamlit.
    settings = {
        "server.port": str(port),
        "server.address": address,
        "server.headless": str(not browser).lower(),
        "logger.hideWelcomeMessage": "true",
    }
    words = [sys.executable, "-m", "streamlit", "run", str(explorer_script())]
    words += [f"--{name}={value}" for name, value in settings.items()]
    print(say(f"The explorer: http://{address}:{port} (Ctrl-C stops it)"), file=sys.stderr, flush=True)
    if os.name == "posix":
        os.execv(words[0], words)  # noqa: S606 (words made here: signals reach the server itself, as a container sends them)
    raise typer.Exit(subprocess.run(words, check=False).returncode)  # noqa: S603 (words made here)


def explorer_script() -> Path:
    """Return the script that Streamlit runs, the one that has its settings beside it: a wheel's own, or a checkout's."""
    package = Path(__file__).resolve().parents[1]
    packaged = package / "explorer" / "entry"
    return packaged / "app.py" if (packaged / ".streamlit").is_dir() else package.parent / "app.py"


@app.command(rich_help_panel=FIRST)
def site(
    *,
    to: Annotated[Path, typer.Option(help="Folder to make, or to make again.")],
    reference: Annotated[Path | None, typer.Option(help="Folder of a reference; by default that of the library.")] = None,
    address: Annotated[str, typer.Option(help="Where it will be served (https://…): previews and code to paste name it.")] = "",
) -> None:
    """Write a static site from the library's figures: a page a question, in French and English, that asks no other machine."""
    from sim.errors import RequestError  # noqa: PLC0415 (--help needs none of it)
    from sim.library.read import open_reference, reference_folder  # noqa: PLC0415
    from sim.presentation.featured import ordered  # noqa: PLC0415
    from sim.presentation.question.shown import changes_in_words  # noqa: PLC0415
    from sim.presentation.site import Site  # noqa: PLC0415
    from sim.presentation.texts import LANGUAGES  # noqa: PLC0415

    if address and not address.startswith(("https://", "http://")):
        msg = f"--address: met '{address}', expected where the site will be served, as https://example.org/sortie/."
        raise RequestError(msg)
    told = open_reference(reference_folder() if reference is None else reference)
    changes = {name: {lang: changes_in_words(name, lang) for lang in LANGUAGES} for name in ordered(told)}
    written = Site(told, to, changes, address if address.endswith("/") or not address else f"{address}/").write(
        lambda page: print(page, file=sys.stderr, flush=True)
    )
    print(say(f"{to}: {len(written)} files. Open {to}/index.html"))


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
