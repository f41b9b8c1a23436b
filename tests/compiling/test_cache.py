"""Where machine code is kept: one folder a version, pruned, never shared with other code; and what is never imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import FunctionType

import pytest

from sim.engine import cache_folder
from sim.engine import compile as compiler
from sim.experiments import readiness


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A cache of its own; what this process has compiled stays where it is."""
    monkeypatch.setenv(cache_folder.VARIABLE, str(tmp_path / "cache"))
    return compiler.code_folder.__wrapped__


def test_the_folder_is_that_of_the_sources(folder, monkeypatch, tmp_path):
    first = folder()
    assert first.parent == tmp_path / "cache"
    assert first == folder()
    source = tmp_path / "package" / "law.py"
    source.parent.mkdir()
    monkeypatch.setattr(compiler, "_ROOT", source.parent)
    source.write_text("a = 1\n")
    second = folder()
    source.write_text("a = 2\n")
    assert len({first, second, folder()}) == 3


def test_what_no_compiled_function_reads_is_left_out(root):
    names = {path.relative_to(root / "sim").parts[0] for path in compiler.sources()}
    assert {"law", "records", "institutions", "pathways", "population", "policies", "reconviction"} <= names
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
    assert left == {current.name, "reconviction-1.json", *(f"code-{age:016x}" for age in range(7))}


def halved(number):
    return number / 2 if number > 10 else number


def test_an_entry_is_made_for_the_types_of_its_arguments():
    whole, real = compiler.entry_of(halved, 0), compiler.entry_of(halved, 0.0)
    if compiler.PLAIN:
        assert whole is real is halved
        return
    assert whole is compiler.entry_of(halved, 7), "asked for again, it is the same"
    assert whole is not real
    assert (whole(12), real(12.5), real(3.5)) == (6.0, 6.25, 3.5)


def test_where_nothing_can_be_written_code_is_kept_apart_for_the_command(folder, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(cache_folder.VARIABLE, str(tmp_path / "file" / "below"))
    made = folder()
    assert made.is_dir()
    assert str(made.parent) == os.environ[cache_folder.VARIABLE], "processes started later use it too"
    assert made.parent.stat().st_mode & 0o077 == 0, "what is kept there is executed"
    compiler._forget(made.parent, os.getpid() + 1)
    assert made.is_dir(), "a fork leaves it to its parent"
    compiler._forget(made.parent, os.getpid())
    assert not made.exists()


def test_the_engine_is_compiled_once_and_the_user_told(monkeypatch, tmp_path):
    told, made = [], []
    mark = tmp_path / "ready"
    monkeypatch.setattr(compiler, "_mark", lambda: mark)
    monkeypatch.setattr(compiler, "PLAIN", False)
    monkeypatch.setattr("sim.simulation.run.simulate", lambda *_, **__: made.append(list(told)))
    assert readiness.make_ready(told.append)
    assert not readiness.make_ready(told.append)
    assert made == [told] == [[readiness.COMPILING]], "told before, not after"
    mark.unlink()
    monkeypatch.setattr(compiler, "PLAIN", True)
    assert not readiness.make_ready(told.append)


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

    found = compiler.twin(add_months)
    assert found is compiler.twin(add_months)
    assert found.py_func.__globals__["month_index"] is compiler.twin(month_index)
    assert found(19_000, 7) == add_months(19_000, 7)
    monkeypatch.setattr(compiler, "PLAIN", True)
    assert compiler.compiled(add_months) is add_months


def test_a_field_may_not_be_called_as_numpy_calls_its_own():
    class Bad:
        size: compiler.Count

    Bad.__annotations__ = {"size": "Count"}
    with pytest.raises(AssertionError, match=r"Bad.size is a word of NumPy's own"):
        compiler.fields_of(Bad)
