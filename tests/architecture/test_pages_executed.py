"""Tutorials and how-tos, executed: every command of a page, in its order, as a reader types it, in both languages.

Commands that simulate are run on a smaller country (one person in five hundred); what would write into the packaged tables
writes into a copy. Nothing else is changed.
"""

from __future__ import annotations

import re
import shlex
import shutil
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pytest

from sim.cli import main
from tests.cli.test_language import english_in
from tests.ministry import month, own, text, workbook, xlsx

from .conftest import ROOT

FRACTION = "0.002"
LAST = "2026-05-01"
NEXT_MONTH = "2026-06-01"
"""The month after the last one of the packaged tables: the one that the pages take in."""
PAGES = {"docs/tutorial.md": "en", "docs/tutoriel.md": "fr", "docs/howto.md": "en", "docs/comment-faire.md": "fr"}
IN_ENGLISH = pytest.mark.slow
"""The French pages say the same steps, and are held to more."""
SAVED = re.compile(r"`([a-z_]+\.yaml)`[^`]*```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)


class Step(NamedTuple):
    """What a page says to do: write a file, or type a command."""

    file: str
    words: tuple[str, ...]
    content: str


def steps(page: str) -> list[Step]:
    """Files to save and commands to type, in the order of the page."""
    whole = (ROOT / page).read_text(encoding="utf-8")
    found = {match.start(2): Step(match[1], (), match[2]) for match in SAVED.finditer(whole)}
    for block in re.finditer(r"^```sh\n(.*?)^```", whole, re.MULTILINE | re.DOTALL):
        at = block.start(1)
        for line in block[1].replace("\\\n", " ").splitlines():
            at += 1
            if line.startswith("sortie "):
                found[at] = Step("", tuple(shlex.split(line, comments=True)[1:]), "")
    return [found[at] for at in sorted(found)]


def made_small(words: tuple[str, ...], folder) -> list[str]:
    """Return a command on a smaller country, in one process, which writes into a copy of the packaged tables."""
    words = tuple(FRACTION if before == "--fraction" else word for before, word in zip(("", *words), words, strict=False))
    if words[0] == "run":
        words = (*words, "--workers", "1")
    if words[0] == "data":
        words = (*words, "--into", str(folder / "observed"))
    # The shell opens a star; here nobody does.
    opened: list[str] = []
    for word in words:
        opened += [str(path.relative_to(folder)) for path in sorted(folder.glob(word))] if "*" in word else [word]
    return opened


def later(rows):
    """Rows of a month, under the date of the next."""
    return [replace(row, date=NEXT_MONTH) for row in rows]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A reader's folder: a checkout's results, and the files that the how-to speaks of, none of which it makes."""
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "reference").symlink_to(ROOT / "results" / "reference")
    shutil.copytree(ROOT / "scenarios" / "observed", tmp_path / "observed")
    rows = later(month(LAST))
    text(tmp_path / "with-the-new-one.csv", own(rows))
    day = date.fromisoformat(NEXT_MONTH)
    xlsx(tmp_path / f"statistique_etablissements_personnes_ecrouees_{day:%d%m%Y}.xlsx", workbook(rows))
    (tmp_path / "drop-box").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LC_ALL", raising=False)
    return tmp_path


def typed(capsys, words: list[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(words)
    said = capsys.readouterr()
    return int(end.value.code or 0), said.out, said.err


SMALL_COUNTRY = ("run", "baseline", "--fraction", FRACTION, "-n", "1", "-w", "1", "--start", "2025-10-01", "--measure-from",
                 "2026-01-01", "--end", "2026-12-31")  # fmt: skip


@pytest.mark.parametrize("page", [pytest.param(page, marks=IN_ENGLISH if lang == "en" else ()) for page, lang in PAGES.items()])
def test_a_page_runs_whole(page, folder, capsys, monkeypatch):
    monkeypatch.setenv("SORTIE_LANG", PAGES[page])
    if not page.startswith("docs/tuto"):
        # The how-to sets a month beside a run that its reader has.
        assert typed(capsys, list(SMALL_COUNTRY))[0] == 0
    done = []
    for step in steps(page):
        if step.file:
            (folder / step.file).write_text(step.content, encoding="utf-8")
            continue
        words = made_small(step.words, folder)
        code, out, err = typed(capsys, words)
        not_yet = "--from" in words  # the drop box of the page is empty: the month is not there yet
        assert code == (3 if not_yet else 0), (words, err)
        assert not_yet or out.strip() or step.words[0] == "note", words
        assert "Traceback" not in out + err
        if PAGES[page] == "fr" and step.words[0] != "show":  # where each value comes from is cited in the words of its source
            assert not english_in(out + err) - {"is", "not"}, (words, out, err)
        done.append(step.words[0])
    assert len(done) >= 6, done
    assert {"check", "show"} <= set(done)
    if page.startswith("docs/tuto"):
        assert done == ["list", "show", "run", "story", "check", "run", "note"]
        assert (folder / "note.html").stat().st_size > 5_000


@pytest.mark.parametrize("pages", [("docs/tutorial.md", "docs/tutoriel.md"), ("docs/howto.md", "docs/comment-faire.md")])
def test_the_french_page_says_what_the_english_one_does(pages):
    """But for the language that is asked for."""

    def said(page):
        asked = [(step.file, " ".join(step.words)) for step in steps(page)]
        return [(file, re.sub(r" --lang (en|fr)\b", "", words)) for file, words in asked]

    assert said(pages[0]) == said(pages[1])
