"""A damaged run folder is told in words or read as it was: never a traceback, never another figure."""

from __future__ import annotations

import contextlib
import io
import shutil
import signal
from typing import TYPE_CHECKING

import pytest

from sim.cli import main
from sim.experiments.replicate import replicate
from tests import kept
from tests.cli.test_language import english_in
from tests.damage import harms
from tests.experiments.conftest import FakeScenario, fabricated_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HARMS = dict(harms())
BY_HAND = {"indicators.parquet: no rows", "events.parquet: an outcome of nobody"}
"""Files written anew and announced as they are: whoever does that has made another run, which is read as it is."""
LONGEST = 5
"""Seconds that no command may take."""


@pytest.fixture(scope="module", autouse=True)
def _commands_are_built_once():
    with pytest.MonkeyPatch.context() as patch:
        kept.commands(patch)
        yield


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    folder = tmp_path_factory.mktemp("damage")
    with pytest.MonkeyPatch.context() as patch:
        fabricated_engine(patch)
        replicate([FakeScenario("baseline"), FakeScenario("policy", grant=0.6)], replications=1, workers=1, output=folder)
    return folder


def commands(tree: Path) -> dict[str, list[str]]:
    base, policy = (str(next((tree / name).iterdir())) for name in ("baseline", "policy"))
    asked = {
        "compare": ["compare", base, policy, "--json"],
        "story": ["story", policy, "--pick", "dry", "--json"],
        "run-in": ["run-in", policy, "--json"],
        "headline": ["query", "from headline order by all", "--output", str(tree), "--form", "csv"],
        "exits": [
            "query", "select regime_name, cause_name, count(*) n from exits group by all order by all", "--output", str(tree),
            "--form", "csv",
        ],
    }  # fmt: skip
    return {name: [*arguments, "--lang", "fr"] for name, arguments in asked.items()}


@contextlib.contextmanager
def at_most(seconds: int) -> Iterator[None]:
    def too_long(*_: object) -> None:
        msg = f"no answer after {seconds} s"
        raise TimeoutError(msg)

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def said(arguments: list[str]) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command; a traceback is an error of the test."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    code = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), at_most(LONGEST * 6):
        try:
            main(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
    out.flush()
    return code, out.buffer.getvalue().decode(), err.getvalue()


def test_there_are_more_than_a_hundred_harms():
    assert len(HARMS) > 100


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_folder_is_told_or_read_as_it_was(tree, whole, harm, tmp_path):
    shutil.copytree(tree, tmp_path / "results")
    HARMS[harm](next((tmp_path / "results" / "policy").iterdir()))
    for name, arguments in commands(tmp_path / "results").items():
        if not harm.partition(":")[0].endswith(".parquet") and name != "headline":
            continue  # every command begins by opening the folder, and stops there; so much for the other files
        code, out, err = said(arguments)
        assert code in {0, 2}, (name, err)
        assert "DuckDB" in err or not english_in(err.replace(str(tmp_path), "")), err
        if code == 0 and harm not in BY_HAND:
            assert out.replace(str(tmp_path / "results"), "TREE") == whole[name], name
        elif code:
            assert out == "", "nothing is printed that a program could take for an answer"
            assert str(tmp_path) in err or "policy" in err, err
            assert "Traceback" not in err


@pytest.fixture(scope="module")
def whole(tree):
    answers = {}
    for name, arguments in commands(tree).items():
        code, out, err = said(arguments)
        assert code == 0, err
        answers[name] = out.replace(str(tree), "TREE")
    return answers
