"""What the pages tell to type can be typed."""

from __future__ import annotations

import re
import shlex

import pytest
import typer

from sim.cli import main
from sim.cli.commands import app
from sim.scenario import load_scenario

from .conftest import ROOT

PAGES = ["README.md", "CONTRIBUTING.md", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))]


def blocks(page, language):
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def lines(page):
    """Commands of a page: those of its blocks, lines that go on joined, and those of its sentences that have an option."""
    for block in blocks(page, "sh"):
        for line in block.replace("\\\n", " ").splitlines():
            found = re.match(r"(?:\.venv/bin/|\w+=\S+ )*(sortie .*)", line.strip())
            if found:
                yield found[1]
    text = re.sub(r"^```.*?^```$", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for told in re.findall(r"`(sortie [^`]+)`", text):
        line = " ".join(told.split())
        if " -" in line and "…" not in line and "COMMAND" not in line:
            yield line


LINES = [(page, line) for page in PAGES for line in lines(page)]
TUTORIALS = ("docs/tutorial.md", "docs/tutoriel.md", "docs/howto.md")


def command_of(words):
    """The command that words begin with, its group gone through, and the words left."""
    import sim.cli.fitting  # noqa: F401, PLC0415 (its commands join the others, as when the command is started)

    command = typer.main.get_command(app)
    while hasattr(command, "commands"):
        assert words[0] in command.commands, f"no command {words[0]}"
        command, words = command.commands[words[0]], words[1:]
    return command, words


@pytest.mark.parametrize(("page", "line"), LINES)
def test_a_command_of_a_page_exists_and_has_the_options_it_is_given(page, line):
    command, words = command_of(shlex.split(line, comments=True)[1:])
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    given = {word.partition("=")[0] for word in words if re.match(r"--?[A-Za-z]", word)}
    assert given <= known | {"--help", "-h", "--lang"}  # these, any command takes


def test_pages_tell_many_commands():
    assert len({line.split()[1] for _, line in LINES}) > 12


@pytest.mark.parametrize(
    ("page", "line"),
    [row for row in LINES if row[0] in TUTORIALS and row[1].split()[1] in {"list", "show", "check"}],
)
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


def test_the_adjustment_of_the_how_to_is_the_one_that_a_test_adds():
    (example,) = blocks("docs/howto.md", "python")
    assert example in (ROOT / "tests" / "law" / "test_new_adjustment.py").read_text(encoding="utf-8")
