"""Command lines at random, half of them malformed: none breaks, none hangs, none answers without a word.

A thousand of them under the ``slow`` marker; a few in every run of the tests.
``SORTIE_FUZZ_SEED`` tries others.
"""

from __future__ import annotations

import os
import random
import sys
import time

import pytest

from sim.cli import boundary, language, main
from sim.cli.command_tree import commands_of
from sim.errors import RequestError
from tests.cli.test_language import english_in

FLAGS = {
    "--json", "--events", "--no-events", "--quick", "--disk-check", "--no-disk-check", "--direct", "--no-direct", "--excel-fr",
    "-h", "--help", "--recidive", "--felony", "--terrorism", "--excluded", "--removal", "--ssj",
}  # fmt: skip
WORDS = [
    "baseline", "baselin", "policy.yaml", "results", "e.yaml", "nowhere.yaml", "", "\0", "💥", "-1", "0", "1", "2", "1e999",
    " ", "nan", "0,5", "2/3", "01/06/2026", "2026-06-01", "31/02/2026", "$(id)", "../../etc", "{}", "[" * 2000, "x" * 5000,
    "--", "-", "--=", "1/0", "dry_share <= 0.4", "dry_share <= 40", "means.probation_service.posts", "select 1",
    "show views", "9" * 23, "fr", "de", "taken", "taken/x", "x.doc", "posts", "36 months", "life", "LC",
]  # fmt: skip


def a_command_line(luck: random.Random, commands: dict[str, tuple[int, list[str]]]) -> list[str]:
    """Half right: a command, mostly its arguments and its options (now and then another's), values good and bad."""
    name = luck.choice([*commands, "walk", ""])
    needed, known = commands.get(name, (0, ["--json"]))
    words = name.split()
    words += [luck.choice(WORDS) for _ in range(needed if luck.random() < 0.8 else luck.randrange(4))]
    for _ in range(luck.randrange(4)):
        option = luck.choice(known) if luck.random() < 0.95 else luck.choice(["--frobnicate", "-Z", "--version", "--help"])
        flag = option in FLAGS if luck.random() < 0.95 else luck.random() < 0.5
        words += [option] if flag else [option, luck.choice(WORDS)]
    if luck.random() < 0.05:
        luck.shuffle(words)
    return words


@pytest.mark.parametrize(("seed", "number"), [(17, 40), pytest.param(20, 1_000, marks=pytest.mark.slow)])
def test_command_lines_at_random_neither_break_nor_hang(capsys, engine, monkeypatch, tmp_path, root, unrun, seed, number):
    (tmp_path / "scenarios").symlink_to(root / "scenarios")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").write_text("a file")
    (tmp_path / "e.yaml").write_text("scenarios: [baseline]\nreplications: 2\n")
    monkeypatch.setattr("sim.experiments.readiness.precompile", lambda _listener: False)
    monkeypatch.setenv("SORTIE_LANG", "fr")
    missed: list[str] = []
    from sim.presentation import messages  # noqa: PLC0415

    def heard(text: str) -> str:
        if language.spoken() == "en" or not text:
            return text
        told = messages.french(text)
        if told is None:
            missed.append(text)
        return told or text

    monkeypatch.setattr(boundary, "say", heard)
    monkeypatch.setattr("sim.calibration.runs.Runner.run", _refuse)
    monkeypatch.setattr("sim.cli.reference.make_reference", _refuse)  # reads the whole library: long by design
    # `sortie explore` becomes the server: here it only says that it would.
    monkeypatch.setattr("sim.cli.sharing.os.execv", lambda _program, words: sys.exit(0 if "streamlit" in words else 3))
    from typer.main import get_command  # noqa: PLC0415

    from sim.cli.fitting import app  # noqa: PLC0415

    commands = {
        name: (
            sum(1 for parameter in command.params if parameter.param_type_name == "argument" and parameter.required),
            [option for parameter in command.params for option in parameter.opts if option.startswith("-")] or ["--help"],
        )
        for name, command in commands_of(get_command(app))
        if name
    }
    luck = random.Random(seed + int(os.environ.get("SORTIE_FUZZ_SEED", "0")))  # noqa: S311
    counts: dict[str, int] = {}
    slow, broken = [], []
    for _turn in range(number):
        words = a_command_line(luck, commands)
        began = time.process_time()
        with pytest.raises(SystemExit) as end:
            main(words)
        seconds = time.process_time() - began
        said = capsys.readouterr()
        code = int(end.value.code or 0)
        counts[f"exit {code}"] = counts.get(f"exit {code}", 0) + 1
        if seconds > 5:  # of processor: a busy machine is no hang
            slow.append((seconds, words))
        if "Traceback" in said.err + said.out or "erreur de sortie lui-même" in said.err or code not in {0, 1, 2}:
            broken.append((words, said.err[-400:]))
        elif code and not said.err and not said.out:
            broken.append((words, "said nothing"))
    with capsys.disabled():
        english = len({message for message in missed if english_in(message)})
        said = f"{counts}, {len(broken)} broken, {len(slow)} slow, {english} in English"
        print(f"\n{number} command lines: {said}")  # noqa: T201 (the counts are the result)
    assert not broken, broken
    assert not slow, slow
    # `sortie law` raises some errors in French already: what is not in the catalogue may not be English.
    untold = {text for text in missed if text != "begun" and english_in(text)}
    assert not untold, untold


def _refuse(*_arguments, **_options):
    message = "begun"
    raise RequestError(message)
