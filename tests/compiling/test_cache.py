"""Where machine code is kept: one folder a version, pruned, never shared with other code; and what is never imported."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from types import FunctionType

import pytest

from sim.engine import cache_folder, keeping
from sim.engine import compile as compiler
from sim.experiments import readiness
from sim.experiments.progress import Bar, Lines


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A cache of its own; what this process has compiled stays where it is."""
    monkeypatch.setenv(cache_folder.VARIABLE, str(tmp_path / "cache"))
    return keeping.code_folder.__wrapped__


def test_the_folder_is_that_of_the_sources(folder, monkeypatch, tmp_path):
    first = folder()
    assert first.parent == tmp_path / "cache"
    assert first == folder()
    source = tmp_path / "package" / "law.py"
    source.parent.mkdir()
    monkeypatch.setattr(keeping, "_ROOT", source.parent)
    source.write_text("a = 1\n")
    second = folder()
    source.write_text("a = 2\n")
    assert len({first, second, folder()}) == 3


LAW = '''"""A module."""
LIMIT = 2
"""What it limits."""


def served(days):
    """Say it."""
    return days > LIMIT
'''


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A module.", "Another text, of\nthree\nlines."),
        ("What it limits.", "What is limited."),
        ("Say it.", "Say whether it is so."),
        ("LIMIT = 2\n", "# Why two.\nLIMIT = 2  # of them\n\n"),
    ],
)
def test_docstrings_comments_and_places_are_not_in_the_key(before, after):
    assert before in LAW
    assert keeping.meaning(LAW.encode()) == keeping.meaning(LAW.replace(before, after).encode())


@pytest.mark.parametrize(("before", "after"), [("LIMIT = 2", "LIMIT = 3"), ("days > ", "days >= "), ("served", "spent")])
def test_what_is_executed_is_in_the_key(before, after):
    assert before in LAW
    assert keeping.meaning(LAW.encode()) != keeping.meaning(LAW.replace(before, after).encode())


def test_checkouts_that_mean_the_same_share_their_code(folder, monkeypatch, tmp_path):
    found = set()
    for checkout, text in (("here", LAW), ("there", LAW), ("elsewhere", LAW.replace("Say it.", "Tell."))):
        source = tmp_path / checkout / "law.py"
        source.parent.mkdir()
        source.write_text(text)
        monkeypatch.setattr(keeping, "_ROOT", source.parent)
        found.add(folder())
    assert len(found) == 1
    aliases = sorted((tmp_path / "cache").glob("alias-*"))
    assert len(aliases) == 2, "one for each text"
    monkeypatch.setattr(keeping, "meaning", None)
    assert {folder()} == found, "known by its bytes: no syntax tree is made"


def test_an_alias_that_holds_no_key_is_made_again(folder, tmp_path):
    first = folder()
    (alias,) = (tmp_path / "cache").glob("alias-*")
    alias.write_text("../elsewhere")
    assert folder() == first
    assert first.name == f"code-{alias.read_text()}"


@pytest.mark.parametrize("name", ["numba", "llvmlite", "numpy", "scipy"])
def test_the_versions_of_what_compiles_are_in_the_key(folder, monkeypatch, name):
    first = folder()
    real = keeping.version
    monkeypatch.setattr(keeping, "version", lambda asked: "0.0.1" if asked == name else real(asked))
    assert folder() != first


def test_what_no_compiled_function_reads_is_left_out(root):
    names = {path.relative_to(root / "sim").parts[0] for path in keeping.sources()}
    assert {"law", "records", "institutions", "pathways", "population", "policies", "reconviction"} <= names
    assert not any("rulebook" in path.parts for path in keeping.sources())
    assert not names & {"calibration", "cli", "experiments", "explorer", "indicators", "library", "presentation", "scenario"}


def test_versions_used_longest_ago_go_first(folder, tmp_path):
    base = tmp_path / "cache"
    for age in range(12):
        old = base / f"code-{age:016x}"
        old.mkdir(parents=True)
        os.utime(old, (1_000_000 - age, 1_000_000 - age))
    (base / "reconviction-1.json").write_text("{}")
    current = folder()
    left = {path.name for path in base.iterdir()}
    left = {name for name in left if not name.startswith("alias-")}
    assert left == {current.name, "reconviction-1.json", *(f"code-{age:016x}" for age in range(7))}


def halved(number):
    return number / 2 if number > 10 else number


def test_an_entry_is_made_for_the_types_it_was_declared_with(monkeypatch):
    with pytest.raises(TypeError, match=r"halved: Python calls it compiled; declare on what, with @entry"):
        compiler.entry_point(halved, 7)
    monkeypatch.setattr(compiler, "_ENTRIES", {})
    assert compiler.entry(0)(halved) is halved
    found = compiler.entry_point(halved, 7)
    assert found is compiler.entry_point(halved) is compiler.entry_point(halved, 9), "asked for again, it is the same"
    assert (found(12), found(5)) == (6.0, 5.0)
    with pytest.raises(TypeError, match=r"halved: argument 0: met float64, declared by @entry\(...\) as int64"):
        compiler.entry_point(halved, 7.0)
    monkeypatch.setattr(compiler, "PLAIN", True)
    assert compiler.entry_point(halved, 7) is halved


def test_where_nothing_can_be_written_code_is_kept_apart_for_the_command(folder, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(cache_folder.VARIABLE, str(tmp_path / "file" / "below"))
    made = folder()
    assert made.is_dir()
    assert str(made.parent) == os.environ[cache_folder.VARIABLE], "processes started later use it too"
    assert made.parent.stat().st_mode & 0o077 == 0, "what is kept there is executed"
    keeping._forget(made.parent, os.getpid() + 1)
    assert made.is_dir(), "a fork leaves it to its parent"
    keeping._forget(made.parent, os.getpid())
    assert not made.exists()


def test_the_engine_is_compiled_once_and_the_user_told(monkeypatch, tmp_path):
    made, mark = [], tmp_path / "ready"
    monkeypatch.setattr(keeping, "mark", lambda: mark)
    monkeypatch.setattr(compiler, "PLAIN", False)

    def compile_engine(tell):
        made.append(said.getvalue())
        for done in range(1, 21):
            tell(done, 20)
        mark.touch()

    monkeypatch.setattr("sim.simulation.run.compile_engine", compile_engine)
    said = StringIO()
    assert readiness.precompile(Lines(said, as_json=False))
    assert not readiness.precompile(Lines(said, as_json=False))
    assert made == [f"{readiness.COMPILING}\n"], "told before, and not after"
    lines = said.getvalue().splitlines()
    assert len(lines) == 6, "a few lines, not one for each function"
    assert lines[1].startswith("compiling the engine: 4 of 20 functions, about ")
    assert lines[-1] == "compiling the engine: 20 of 20 functions"
    mark.unlink()
    said = StringIO()
    assert readiness.precompile(Bar(said))
    assert said.getvalue().count("\r") == 20, "one line on a terminal, written again"
    assert said.getvalue().count("\n") == 2
    mark.unlink()
    monkeypatch.setattr(compiler, "PLAIN", True)
    assert not readiness.precompile(Lines(said, as_json=False))


@pytest.mark.parametrize("command", [["--help"], ["list"], ["law", "list"]])
def test_nothing_but_a_simulation_imports_numba(root, command):
    script = (
        "import sys\nfrom sim.cli import main\n"
        f"try:\n    main({command!r})\nexcept SystemExit:\n    pass\n"
        "print('numba' in sys.modules, 'llvmlite' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True).stdout
    assert said.endswith("False False\n")


def test_words_of_the_law_become_numbers_alone_and_in_tuples():
    number = compiler.number_of("NOMINAL")
    assert compiler._as_number("NOMINAL") == number
    assert compiler._as_number(("NOMINAL", 3, ("OLD",))) == (number, 3, (compiler.number_of("OLD"),))
    assert compiler._as_number("nominal") == "nominal"
    assert compiler._as_number(4) == 4


def test_only_functions_of_the_package_have_twins():
    assert compiler._is_ours(compiler.number_of, "benchmarks.network")
    assert not compiler._is_ours(int, "sim.dates")
    assert not compiler._is_ours(Path, "sim.dates")
    stranger = FunctionType((lambda: 0).__code__, {})
    stranger.__module__ = "simpy.core"
    assert not compiler._is_ours(stranger, "sim.dates")
    assert compiler._is_ours(stranger, "simpy.core")  # a module's own functions, when it asks to be compiled


def test_a_twin_is_made_once_and_calls_twins(monkeypatch):
    from sim.dates import add_months, month_index  # noqa: PLC0415

    found = compiler.compiled_form(add_months)
    assert found is compiler.compiled_form(add_months)
    assert found(19_000, 7) == add_months(19_000, 7)
    # What an entry calls is made when it is compiled.
    assert found.py_func.__globals__["month_index"] is compiler.part(month_index)
    monkeypatch.setattr(compiler, "PLAIN", True)
    assert compiler.compiled(add_months) is add_months


def test_a_field_may_not_be_called_as_numpy_calls_its_own():
    class Bad:
        size: compiler.Count

    Bad.__annotations__ = {"size": "Count"}
    with pytest.raises(AssertionError, match=r"Bad.size is a word of NumPy's own"):
        compiler.fields_of(Bad)
