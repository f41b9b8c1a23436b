"""``note``: the one-page note of a policy, from the figures of the library."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import RequestError, suggestion
from sim.library.read import open_reference
from sim.presentation.policy_brief import note_html
from sim.presentation.texts import LANGUAGES, Texts
from sim.records.atomic import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 3
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_BY_HAND = "Write .html, and print it from any browser."


def write_note(policies: Sequence[str], *, lang: str, reference: Path, to: Path | None) -> None:
    """Write the note and say where it is.

    Raises
    ------
    RequestError
        For an unknown language or kind of file, more than three policies, or one that the figures do not hold.
    """
    if lang not in LANGUAGES:
        msg = f"--lang: met '{lang}', expected {' or '.join(LANGUAGES)}."
        raise RequestError(msg)
    if len(policies) > MOST:
        msg = f"met {len(policies)} policies: a note holds {MOST} at most."
        raise RequestError(msg)
    told = open_reference(reference)
    known = told.figures.scenarios[1:]
    for name in policies:
        if name not in known:
            held = ", ".join(known)
            msg = f"'{name}' is not in {reference}, which holds {held}.{suggestion(name, known)} Add it with: sortie library"
            raise RequestError(msg)
    text = note_html(Texts(lang), told.figures, policies, told.manifest)
    path = to if to is not None else reference.parent / f"note-{'-'.join(policies)}.html"
    if path.suffix not in {".html", ".pdf"}:
        msg = f"--to: met '{path.name}', expected a name in .html (any browser prints it on A4) or .pdf."
        raise RequestError(msg)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text.encode() if path.suffix == ".html" else _pdf(text))
    print(path)


def _pdf(text: str) -> bytes:
    """Print the page on A4 with the browser of the machine.

    Raises
    ------
    RequestError
        If there is none, or it fails.
    """
    given = os.environ.get("CHROMIUM")
    browser = given or next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        msg = f"--to: a PDF is printed by a browser, and none of {', '.join(BROWSERS)} is here. {_BY_HAND}"
        raise RequestError(msg)
    with tempfile.TemporaryDirectory() as folder:
        page, printed = Path(folder) / "note.html", Path(folder) / "note.pdf"
        page.write_text(text, encoding="utf-8")
        words = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={folder}/user"]
        words = [browser, *words, f"--print-to-pdf={printed}", page.as_uri()]
        made = subprocess.run(words, capture_output=True, check=False, timeout=60)  # noqa: S603 (its words are made here)
        if made.returncode or not printed.is_file():
            msg = f"--to: {browser} printed nothing (exit code {made.returncode}). {_BY_HAND}"
            raise RequestError(msg)
        return printed.read_bytes()
