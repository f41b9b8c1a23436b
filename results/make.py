"""Execute the notebooks on the figures that are there: ``python results/make.py``, or ``make results``.

Each ``notebooks/NN_name.py`` becomes ``NN_name.ipynb`` (with its outputs, for readers of a forge), ``NN_name.html`` (one page that
fetches nothing) and ``NN_name.numbers.json``; ``README.md`` here gathers their answers. Nothing is simulated.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import jupytext
import nbclient
from jupyter_client import AsyncKernelManager
from nbconvert import HTMLExporter

if TYPE_CHECKING:
    import nbformat

HERE = Path(__file__).resolve().parent
NOTEBOOKS = HERE / "notebooks"
SECONDS = 120
"""Most one cell may take."""

HEAD = """# Results

<!-- Written by results/make.py from the notebooks. Run it again after `sortie library`. -->

Ten questions, each answered in two sentences, with a 90 % interval on every difference. Behind each answer: one figure, the causes,
what it leans on and what would overturn it. / *Dix questions ; derrière chaque réponse, une figure, les causes, ce sur quoi elle
repose et ce qui la renverserait.*

{state}
"""
FULL = "Figures of the whole country, {replications} replications of each policy, {draws} draws of the uncertain values, version {version}."
PARTIAL = (
    "**Provisional.** These figures simulate {share} of the country, {replications} times for each policy, with {draws} draws of the uncertain"
    " values: they show what each page will say, and their levels are not to be cited. `sortie library` makes the full ones."
)


def execute(source: Path, output: Path, figures: Path, *, page: bool = True) -> dict[str, object]:
    """Execute one notebook, write what it becomes into ``output``, and return its numbers.

    Raises
    ------
    RuntimeError
        If it writes to standard error, as a warning would.
    """
    notebook = jupytext.read(source)
    environment = {
        **os.environ,
        "SORTIE_REFERENCE": str(figures),
        "SORTIE_NUMBERS": str(output),
        "PYTHONPATH": os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")]),
    }
    with tempfile.TemporaryDirectory() as folder:  # sockets of files, not of a network
        kernel = AsyncKernelManager(transport="ipc", kernel_name="python3", connection_file=f"{folder}/kernel.json")
        place = {"metadata": {"path": str(NOTEBOOKS)}}
        nbclient.NotebookClient(notebook, km=kernel, timeout=SECONDS, resources=place).execute(env=environment, cleanup_kc=True)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"{source.stem}-{number}"[-64:]
        cell.metadata.pop("execution", None)  # hours and minutes, which would change with each execution
        for told in cell.get("outputs", []):
            if told.get("name") == "stderr":
                msg = f"{source.name}: cell {number} wrote to standard error: {told['text'][:300]}"
                raise RuntimeError(msg)
    notebook.metadata = {key: notebook.metadata[key] for key in ("kernelspec",) if key in notebook.metadata}
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (output / f"{source.stem}.ipynb").write_text(text, encoding="utf-8")
    if page:
        write_page(notebook, output / f"{source.stem}.html")
    return json.loads((output / f"{source.stem}.numbers.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def write_page(notebook: nbformat.NotebookNode, target: Path) -> None:
    """Write an executed notebook as one page that fetches nothing, without its code."""
    exporter = HTMLExporter(
        template_name="classic", exclude_input=True, exclude_output_prompt=True, embed_images=True, language_code="fr"
    )
    for address in ("require_js_url", "mathjax_url", "jquery_url", "mermaid_js_url"):
        setattr(exporter, address, "")
    text, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": target.stem}})
    target.write_text(text, encoding="utf-8")


def readme(numbers: list[dict[str, object]]) -> str:
    """Gather the answers, each with the way to its notebook."""
    made = dict(numbers[0]["figures"])  # type: ignore[call-overload]
    form = FULL if made["fraction"] == 1 and made["draws"] else PARTIAL
    parts = [HEAD.format(state=form.format(share=f"{100 * made['fraction']:g} %", **made))]
    for told in numbers:
        name = str(told["notebook"])
        title = (NOTEBOOKS / f"{name}.py").read_text(encoding="utf-8").split("# %% [markdown]\n# # ")[1].splitlines()[0]
        answer = dict(told["answer"])  # type: ignore[call-overload]
        link = f"[{int(name[:2])}. {title}](notebooks/{name}.ipynb)"
        parts.append(f"## {link}\n\n{answer['fr']}\n\n*{answer['en']}*\n")
    return "\n".join(parts)


def main() -> None:
    """Execute every notebook, and write the page that leads to them."""
    figures = Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "reference").resolve()
    began, numbers = time.monotonic(), []
    for source in sorted(NOTEBOOKS.glob("*.py")):
        numbers.append(execute(source, NOTEBOOKS, figures))
        print(f"{source.stem}: {time.monotonic() - began:.0f} s", flush=True)
    (HERE / "README.md").write_text(readme(numbers), encoding="utf-8")


if __name__ == "__main__":
    main()
