"""What the pages promise can be done."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sim.dates import parse_day
from sim.law import Statutes
from sim.scenario import available_scenarios, load_scenario

from .conftest import ROOT


def blocks(page, language):
    """Code blocks of a page, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_scenario_of_the_readme_does_what_it_says(tmp_path):
    (example,) = blocks("README.md", "yaml")
    path = tmp_path / "half_sentence.yaml"
    path.write_text(example, encoding="utf-8")
    scenario = load_scenario(path)
    assert scenario.digest() != load_scenario("baseline").digest()
    statutes = Statutes.load().amended(scenario.amendments)
    before, after = (statutes.value("release_under_constraint.fraction_served", parse_day(day)) for day in DAYS)
    assert (before, after) == (2 / 3, 0.5)


DAYS = ("2026-06-30", "2026-07-01")


def test_the_scenarios_of_the_pages_ship(root):
    known = {card.name for card in available_scenarios()}
    named = set()
    for text in [*blocks("README.md", "sh"), (root / "Makefile").read_text(encoding="utf-8")]:
        for line in re.findall(r"sortie run ([^\n]*)", text):
            named |= {word for word in shlex.split(line.split(" --")[0], comments=True) if word.isidentifier()}
    assert {"baseline", "fill_vacant_posts"} <= named
    assert named <= known


def test_the_commands_of_the_pages_exist(root):
    command = [Path(sys.executable).with_name("sortie"), "--help"]
    said = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    pages = "\n".join((root / page).read_text(encoding="utf-8") for page in ("README.md", "CONTRIBUTING.md"))
    named = set(re.findall(r"(?:`|^)sortie ([a-z]+)", pages, re.MULTILINE))
    assert {"list", "show", "check", "run", "compare", "story"} <= named
    assert [name for name in sorted(named) if not re.search(rf"\b{name}\b", said)] == []


def lines_that_only_read():
    """Commands of the README that neither run nor compare, without their comments."""
    for block in blocks("README.md", "sh"):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["sortie"] and words[1] in {"list", "show", "check", "law"}:
                yield words[1:]


@pytest.mark.parametrize("words", list(lines_that_only_read()), ids=" ".join)
def test_the_reading_commands_of_the_readme_work(root, words):
    command = [Path(sys.executable).with_name("sortie"), *words]
    said = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert said.stdout.strip()


def test_the_readme_shows_how_to_read():
    assert {words[0] for words in lines_that_only_read()} == {"list", "show", "check", "law"}


def test_the_reading_of_the_model_names_what_is_there(root):
    """A function is in one of the files that its section links to: whoever renames one is told here."""
    sections = (root / "docs" / "reading.md").read_text(encoding="utf-8").split("\n## ")[1:]
    assert sum(bool(re.match(r"[1-6]\. ", section)) for section in sections) == 6
    lost, found = [], 0
    for section in sections:
        files = [root / "docs" / link for link in re.findall(r"\]\((\.\./[^)]+\.py)\)", section)]
        defined = set(re.findall(r"^ *def (\w+)", "\n".join(file.read_text(encoding="utf-8") for file in files), re.MULTILINE))
        named = set(re.findall(r"`(\w+)\(\)`", section))
        lost += sorted(named - defined)
        found += len(named)
    assert found > 40
    assert lost == []
