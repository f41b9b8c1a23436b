"""``note``: the one-page note of a policy, from the figures of the library."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.language import spoken
from sim.errors import RequestError, suggestion
from sim.library.read import open_reference, reference_folder
from sim.presentation.one_page import one_page, one_page_html
from sim.presentation.one_page_odt import one_page_odt
from sim.presentation.policy_brief import note_html
from sim.presentation.question.shown import changes_in_words, of_reference
from sim.presentation.texts import Texts
from sim.records.atomic import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.library.read import Reference

MOST = 3
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE = 60
"""Seconds a browser is given to print a page."""
_BY_HAND = "Write .html, and print it from any browser."


def write_note(policies: Sequence[str], *, reference: Path | None, to: Path | None) -> None:
    """Write the note and say where it is.

    Raises
    ------
    RequestError
        For an unknown kind of file, more than three policies (one for a text to edit), or one that the figures do not hold.
    """
    if to is not None and to.suffix not in {".html", ".pdf", ".odt"}:
        msg = f"--to: met '{to.name}', expected a name in .html (any browser prints it on A4), .pdf or .odt."
        raise RequestError(msg)
    if to is not None and to.suffix == ".odt" and len(policies) > 1:
        msg = f"--to: met {len(policies)} policies: a text to edit (.odt) holds one."
        raise RequestError(msg)
    browser = _browser() if to is not None and to.suffix == ".pdf" else ""
    if len(policies) > MOST:
        msg = f"met {len(policies)} policies: a note holds {MOST} at most."
        raise RequestError(msg)
    figures = reference_folder() if reference is None else reference
    told = open_reference(figures)
    known = told.figures.scenarios[1:]
    for name in policies:
        if name not in known:
            held = ", ".join(known)
            msg = f"'{name}' is not in {figures}, which holds {held}.{suggestion(name, known)} Add it with: sortie library"
            raise RequestError(msg)
    path = (
        to
        if to is not None
        else (Path("results") if reference is None else reference.parent) / f"note-{'-'.join(policies)}.html"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, _content(told, policies, path.suffix, browser))
    print(path)


def _content(told: Reference, policies: Sequence[str], suffix: str, browser: str) -> bytes:
    """Return the note in its format: the page of one question, or a table of two or three policies side by side."""
    t = Texts(spoken())
    if len(policies) > 1:
        text = note_html(t, told.figures, policies, told.manifest)
    else:
        note = one_page(of_reference(t, told, policies[0], changes_in_words(policies[0], t.lang)), told.manifest)
        if suffix == ".odt":
            return one_page_odt(note)
        text = one_page_html(note)
    return text.encode() if suffix == ".html" else _pdf(text, browser)


def _browser() -> str:
    """Return the browser of the machine.

    Raises
    ------
    RequestError
        If there is none.
    """
    given = os.environ.get("CHROMIUM")
    browser = shutil.which(given) if given else next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if given and browser is None:
        msg = f"CHROMIUM: met '{given}', which is no program here. {_BY_HAND}"
        raise RequestError(msg)
    if browser is None:
        msg = f"--to: a PDF is printed by a browser, and none of {', '.join(BROWSERS)} is here. {_BY_HAND}"
        raise RequestError(msg)
    return browser


def _pdf(text: str, browser: str) -> bytes:
    """Print the page on A4 with a browser.

    Raises
    ------
    RequestError
        If it fails, or takes more than a minute.
    """
    with tempfile.TemporaryDirectory() as folder:
        page, printed = Path(folder) / "note.html", Path(folder) / "note.pdf"
        page.write_text(text, encoding="utf-8")
        words = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={folder}/user"]
        words = [browser, *words, f"--print-to-pdf={printed}", page.as_uri()]
        try:
            made = subprocess.run(words, capture_output=True, check=False, timeout=_PATIENCE)  # noqa: S603 (words made here)
        except (OSError, subprocess.TimeoutExpired) as problem:
            msg = f"--to: {browser} printed nothing ({type(problem).__name__}). {_BY_HAND}"
            raise RequestError(msg) from problem
        if made.returncode or not printed.is_file():
            msg = f"--to: {browser} printed nothing (exit code {made.returncode}). {_BY_HAND}"
            raise RequestError(msg)
        return printed.read_bytes()
