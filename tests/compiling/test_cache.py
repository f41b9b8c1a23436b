"""Where machine code is kept: one folder a version, pruned, never shared with other code; and what is never imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import FunctionType

import pytest

from sim import caches, compiling
from sim.experiments import readiness


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A cache of its own; what this process has compiled stays where it is."""
    monkeypatch.setenv(caches.VARIABLE, str(tmp_path / "cache"))
    return compiling.code_folder.__wrapped__


def test_the_folder_is_that_of_the_sources(folder, monkeypatch, tmp_path):
    first = folder()
    assert first.parent == tmp_path / "cache"
    assert first == folder()
    source = tmp_path / "package" / "law.py"
    source.parent.mkdir()
    monkeypatch.setattr(compiling, "_ROOT", source.parent)
    source.write_text("a = 1\n")
    second = folder()
    source.write_text("a = 2\n")
    assert len({first, second, folder()}) == 3


def test_what_no_compiled_function_reads_is_left_out(root):
    names = {path.relative_to(root / "sim").parts[0] for path in compiling.sources()}
    assert {"law", "records", "institutions", "pathways", "population", "policies", "reconviction"} <= names
    assert not names & {"cli", "experiments", "indicators", "scenario"}


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
    whole, real = compiling.entry_of(halved, 0), compiling.entry_of(halved, 0.0)
    if compiling.PLAIN:
        assert whole is real is halved
        return
    assert whole is compiling.entry_of(halved, 7), "asked for again, it is the same"
    assert whole is not real
    assert (whole(12), real(12.5), real(3.5)) == (6.0, 6.25, 3.5)


def test_where_nothing_can_be_written_code_is_kept_apart_for_the_command(folder, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(caches.VARIABLE, str(tmp_path / "file" / "below"))
    made = folder()
    assert made.is_dir()
    assert str(made.parent) == os.environ[caches.VARIABLE], "processes started later use it too"
    assert made.parent.stat().st_mode & 0o077 == 0, "what is kept there is executed"
    compiling._forget(made.parent, os.getpid() + 1)
    assert made.is_dir(), "a fork leaves it to its parent"
    compiling._forget(made.parent, os.getpid())
    assert not made.exists()


def test_the_engine_is_compiled_once_and_the_user_told(monkeypatch, tmp_path):
    told, made = [], []
    mark = tmp_path / "ready"
    monkeypatch.setattr(compiling, "_mark", lambda: mark)
    monkeypatch.setattr(compiling, "PLAIN", False)
    monkeypatch.setattr("sim.experiments.run.simulate", lambda *_, **__: made.append(list(told)))
    assert readiness.make_ready(told.append)
    assert not readiness.make_ready(told.append)
    assert made == [told] == [[readiness.COMPILING]], "told before, not after"
    mark.unlink()
    monkeypatch.setattr(compiling, "PLAIN", True)
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
    number = compiling.number_of("NOMINAL")
    assert compiling._as_number("NOMINAL") == number
    assert compiling._as_number(("NOMINAL", 3, ("OLD",))) == (number, 3, (compiling.number_of("OLD"),))
    assert compiling._as_number("nominal") == "nominal"
    assert compiling._as_number(4) == 4


def test_only_functions_of_the_package_have_twins():
    assert compiling._is_ours(compiling.number_of, "benchmarks.network")
    assert not compiling._is_ours(int, "sim.dates")
    assert not compiling._is_ours(Path, "sim.dates")
    stranger = FunctionType((lambda: 0).__code__, {})
    stranger.__module__ = "simpy.core"
    assert not compiling._is_ours(stranger, "sim.dates")
    assert compiling._is_ours(stranger, "simpy.core")  # a module's own functions, when it asks to be compiled


def test_a_twin_is_made_once_and_calls_twins(monkeypatch):
    from sim.dates import add_months, month_index  # noqa: PLC0415

    found = compiling.twin(add_months)
    assert found is compiling.twin(add_months)
    assert found.py_func.__globals__["month_index"] is compiling.twin(month_index)
    assert found(19_000, 7) == add_months(19_000, 7)
    monkeypatch.setattr(compiling, "PLAIN", True)
    assert compiling.compiled(add_months) is add_months


def test_a_field_may_not_be_called_as_numpy_calls_its_own():
    class Bad:
        size: compiling.Count

    Bad.__annotations__ = {"size": "Count"}
    with pytest.raises(AssertionError, match=r"Bad.size is a word of NumPy's own"):
        compiling.fields_of(Bad)
