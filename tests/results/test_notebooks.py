"""The notebooks: they execute, run nothing, type no number, and every number they show is recorded with its origin."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import runpy
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

from sim.presentation.texts import LANGUAGES, Texts
from sim.library.read import open_reference
from sim.library.tables import encoded

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "results" / "notebooks").glob("*.py"))
MAKE = runpy.run_path(str(ROOT / "results" / "make.py"))
FIGURES = ROOT / "results" / "reference"
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")

# Numbers that name a thing rather than measure one: titles of scenarios, years, articles, levels of decision.
NAMES = re.compile(r"HYP-\d+|\[[^\]]*\]\([^)]*\)|`[^`]*`|\b(19|20)\d\d\b|700 postes|700 vacant posts|130\s%|90\s%|limite de 60")


def prose(source):
    """Markdown cells, and the texts handed to the book, of a notebook."""
    text = source.read_text(encoding="utf-8")
    cells = re.split(r"^# %%", text, flags=re.MULTILINE)
    for cell in cells:
        if cell.startswith(" [markdown]"):
            yield re.sub(r"^# ?", "", cell.partition("\n")[2], flags=re.MULTILINE)
        else:
            yield from re.findall(r'"""(.*?)"""', cell, re.DOTALL)


@pytest.mark.parametrize("source", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_number_is_typed_in_prose(source):
    found = {}
    for text in prose(source):
        plain = NAMES.sub("", re.sub(r"\[\[[^\]]+\]\]", "", text))
        typed = re.findall(r"(?<![\w«])\d[\d  .,]*\d*", plain)
        if typed:
            found[text[:60]] = typed
    assert found == {}


@pytest.mark.parametrize("source", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_nothing_and_has_its_parts(source):
    text = source.read_text(encoding="utf-8")
    assert not re.search(r"run_experiment|run_scenario|subprocess|simpy", text)
    assert text.index("book.answer(") < text.index("## Sur quoi cela repose") < text.index("## Ce qui le renverserait")
    assert text.rstrip().endswith("book.close()")
    links = re.findall(r"\]\(([^)#]+)", text)
    assert [link for link in links if not (source.parent / link).exists()] == []


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The tenth and the second, executed on the figures that are in git: about fifteen seconds."""
    folder = tmp_path_factory.mktemp("notebooks")
    chosen = [path for path in NOTEBOOKS if path.stem[:2] in {"02", "10"}]
    return folder, {path.stem: MAKE["execute"](path, folder, FIGURES, page=path is chosen[0]) for path in chosen}


def shown(notebook):
    """Markdown that a notebook showed."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            yield "".join(output.get("data", {}).get("text/markdown", ""))


def test_what_is_in_git_is_what_they_say_on_the_figures_in_git(executed):
    folder, told = executed
    for name, numbers in told.items():
        kept = json.loads((ROOT / "results" / "notebooks" / f"{name}.numbers.json").read_text(encoding="utf-8"))
        assert numbers == kept, f"{name}: make results"
        committed = list(shown(ROOT / "results" / "notebooks" / f"{name}.ipynb"))
        assert committed == list(shown(folder / f"{name}.ipynb"))
        assert all(answer in "".join(committed) for answer in numbers["answer"].values())


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The figures that are in git, as if every scenario that is written were among them."""
    folder = tmp_path_factory.mktemp("whole") / "reference"
    shutil.copytree(FIGURES, folder)
    manifest = json.loads((folder / "reference.json").read_text(encoding="utf-8"))
    figures, routes = (pd.read_parquet(folder / f"{name}.parquet") for name in ("figures", "routes"))
    held = {row["name"] for row in manifest["scenarios"]}
    parts, ways = [figures], [routes]
    for path in sorted((ROOT / "scenarios").glob("*.yaml")):
        if path.stem not in held:
            parts.append(figures[figures["scenario"] == "fill_vacant_posts"].assign(scenario=path.stem))
            ways.append(routes[routes["scenario"] == "fill_vacant_posts"].assign(scenario=path.stem))
            manifest["scenarios"].append({**manifest["scenarios"][-1], "name": path.stem})
    for name, frames in (("figures", parts), ("routes", ways)):
        made = encoded(pd.concat(frames, ignore_index=True))
        (folder / f"{name}.parquet").write_bytes(made)
        manifest["files"][f"{name}.parquet"] = {"sha256": hashlib.sha256(made).hexdigest()}
    (folder / "reference.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.mark.parametrize("source", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_fills_itself_in_when_the_whole_library_is_there(source, whole, tmp_path, monkeypatch):
    said = []
    monkeypatch.setenv("SORTIE_REFERENCE", str(whole))
    monkeypatch.setenv("SORTIE_NUMBERS", str(tmp_path))
    monkeypatch.setattr("sim.presentation.notebook.display", lambda shown: said.append(getattr(shown, "data", "")))
    monkeypatch.setattr("sim.presentation.notebook.png", lambda *_args, **_kwargs: PIXEL)
    runpy.run_path(str(source))
    told = json.loads((tmp_path / f"{source.stem}.numbers.json").read_text(encoding="utf-8"))
    assert told["absent"] == []
    text = "\n".join(words for words in said if isinstance(words, str)) + "\n".join(told["answer"].values())
    for lang in LANGUAGES:
        for key in ("book.missing", "book.absent", "book.nobody"):
            assert Texts(lang)(key, names="", name="").strip(" ()").split(":")[0] not in text, key
    assert "[[" not in text
    if source.stem.startswith("10"):
        (table,) = (words for words in said if isinstance(words, str) and "`all_causal`" in words)
        assert re.search(r"\| Référence \| \d\d,\d", table), "a share is a share"
        assert len(re.findall(r"\(de .+? à .+?\), \d+\s%", table)) == 3 * (table.count("\n") - 2), "no difference without its interval"


def test_every_number_shown_is_one_of_the_figures():
    told_by = open_reference(FIGURES)
    figures = told_by.figures
    for source in NOTEBOOKS:
        told = json.loads(source.with_name(f"{source.stem}.numbers.json").read_text(encoding="utf-8"))
        assert told["numbers"], source.stem
        for row in told["numbers"]:
            if row["what"] == "reach":
                (found,) = [r for r in told_by.validation["tornado"][row["indicator"]] if r["path"] == row["group"]]
                assert [row["low"], row["high"]] == found["outputs"]
                continue
            figure = figures.get(row["scenario"], row["indicator"], row["group"])
            expected = figure.mean if row["what"] == "level" else figure.difference
            assert row["value"] == pytest.approx(expected, rel=1e-6, abs=1e-12), row


def test_the_numbers_of_an_answer_are_recorded():
    for source in NOTEBOOKS:
        told = json.loads(source.with_name(f"{source.stem}.numbers.json").read_text(encoding="utf-8"))
        recorded = "\n".join(row["text"] for row in told["numbers"])
        for lang in LANGUAGES:
            if told["absent"] and Texts(lang)("book.missing", names="").split(":")[0] in told["answer"][lang]:
                continue
            for number in re.findall(r"[+−]?\d[\d\u202f,.]*\d", NAMES.sub("", told["answer"][lang])):
                assert number in recorded, (source.stem, number)


def test_a_page_fetches_nothing(executed):
    folder, _ = executed
    (page,) = folder.glob("*.html")
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=\"https?:", text)
    assert 'lang="fr"' in text
    images = re.findall(r"<img\b[^>]*>", text)
    assert images
    assert [tag[-200:] for tag in images if not re.search(r'alt="[^"]+: [^"]*\d', tag)] == [], "a figure has no words"


def test_the_page_of_results_leads_to_every_notebook_and_says_what_it_is_made_of():
    text = (ROOT / "results" / "README.md").read_text(encoding="utf-8")
    numbers = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(NOTEBOOKS[0].parent.glob("*.numbers.json"))]
    assert text == MAKE["readme"](numbers)
    assert len(numbers) == len(NOTEBOOKS) == 10
    manifest = open_reference(FIGURES).manifest
    assert ("Provisional" in text) == (manifest["fraction"] < 1 or not manifest["draws"])


def test_the_scenarios_that_notebooks_name_are_written():
    written = {path.stem for path in (ROOT / "scenarios").glob("*.yaml")}
    named = set()
    for source in NOTEBOOKS:
        text = source.read_text(encoding="utf-8")
        named |= set(re.findall(r"\[\[(\w+) ·", text))
        for block in re.findall(r"book\.(?:policies|table|causes|routes)\((\[[^\]]*\]|\"\w+\")", text):
            named |= set(re.findall(r"\w+", yaml.safe_load(block) if block[0] == '"' else block.replace('"', "")))
    assert len(named) > 20
    assert named - written == set()
