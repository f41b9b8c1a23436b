"""What the tutorials and how-tos tell to type can be typed."""

from __future__ import annotations

import re
import shlex

import pytest
import typer

from sim.cli import main
from sim.cli.commands import app
from sim.scenario import load_scenario

from .conftest import ROOT

PAGES = ("docs/tutorial.md", "docs/tutoriel.md", "docs/howto.md")


def blocks(page, language):
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


LINES = [
    (page, line) for page in PAGES for block in blocks(page, "sh") for line in block.splitlines() if line.startswith("sortie ")
]
COMMANDS = typer.main.get_command(app).commands


@pytest.mark.parametrize(("page", "line"), LINES)
def test_a_command_of_a_tutorial_has_the_options_it_is_given(page, line):
    _, name, *words = shlex.split(line)
    known = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize(("page", "line"), [row for row in LINES if row[1].split()[1] in {"list", "show", "check"}])
def test_a_command_that_only_reads_works(page, line, tmp_path, monkeypatch, capsys):
    (tmp_path / "half_sentence.yaml").write_text(blocks("docs/tutorial.md", "yaml")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        main(shlex.split(line)[1:])
    assert not end.value.code
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("page", ["docs/tutorial.md", "docs/tutoriel.md", "docs/scenario.md"])
def test_the_scenario_of_a_page_changes_the_baseline(page, tmp_path):
    (example,) = blocks(page, "yaml")
    path = tmp_path / "example.yaml"
    path.write_text(example, encoding="utf-8")
    assert load_scenario(path).digest() != load_scenario("baseline").digest()
