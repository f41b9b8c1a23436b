"""Parts are linked once, each compiled once; and what happens with a numba nobody tested."""

from __future__ import annotations

import os
import subprocess
import sys
from enum import IntEnum

import numpy as np
import pytest

from sim.dates import add_months
from sim.engine import compile as compiler
from sim.engine import keeping

compiler.import_numba()

from numba.core.codegen import JITCodeLibrary  # noqa: E402 (numba, told how to compile)


def first(number):
    return number + 1


def second(number):
    return first(number) + first(number + 1)


def whole(table):
    return second(3) + second(table[0]) + second(np.int16(4)) + first(table[1])


def test_only_what_python_calls_is_optimised_and_emitted(monkeypatch):
    compiler.compiled_form(identity)(1)  # the first of all makes numba's own run-time library
    emitted = []
    emit = JITCodeLibrary._finalize_specific
    monkeypatch.setattr(JITCodeLibrary, "_finalize_specific", lambda library: emitted.append(library.name) or emit(library))
    assert compiler.compiled_form(whole)(np.array([5, 6], dtype=np.int32)) == whole([5, 6])
    assert emitted == ["whole"]


def test_a_part_is_compiled_once_for_all_whole_numbers():
    compiler.compiled_form(whole)(np.array([5, 6], dtype=np.int32))
    for function in (first, second):
        assert [str(kind) for (kind,) in compiler.part(function).overloads] == ["int64"]


def same(number):
    return number


def kinds(key, share):
    return same(key), same(share), same(key > np.uint64(3))


def test_numbers_without_sign_reals_and_booleans_stay_what_they_are():
    key = 2**64 - 1
    assert compiler.compiled_form(kinds)(np.uint64(key), 0.5) == (key, 0.5, True)
    assert {str(kind) for (kind,) in compiler.part(same).overloads} == {"uint64", "float64", "bool"}


class Colour(IntEnum):
    RED = 4
    BLUE = 5


def identity(number):
    return number


def coloured(number):
    return identity(Colour.RED), identity(Colour.BLUE), identity(number)


def test_members_of_an_enumeration_are_whole_numbers():
    assert compiler.compiled_form(coloured)(7) == (4, 5, 7)
    assert [str(kind) for (kind,) in compiler.part(identity).overloads] == ["int64"]


def test_a_part_called_from_python_says_so():
    with pytest.raises(TypeError, match=r"first: called from Python, and compiled for compiled code only; call its co"):
        compiler.part(first)(3)


def test_the_engine_uses_the_version_tested():
    """Another version of numba is slow, and never wrong: the lock, and pyproject.toml, hold one that was tested."""
    assert keeping.is_tested()


def test_a_numba_nobody_tested_compiles_as_it_does_of_itself(root, tmp_path):
    script = (
        "from sim.engine import keeping\nkeeping.TESTED = ()\n"
        "from sim.engine import compile as compiler\nfrom sim.dates import add_months\n"
        "from sim.randomness import Draws\n"
        "made = compiler.compiled_form(add_months)\n"
        "print(type(compiler.part(add_months)).__name__, made(19_000, 7), Draws(1, 0).luck([5])[0])\n"
        "print(keeping.mark().name)"
    )
    settings = {**os.environ, "SORTIE_CACHE": str(tmp_path), "PYTHONPATH": str(root)}
    said = subprocess.run([sys.executable, "-c", script], env=settings, capture_output=True, text=True, check=True).stdout
    from sim.randomness import Draws  # noqa: PLC0415

    told, mark = said.splitlines()
    assert told == f"CPUDispatcher {add_months(19_000, 7)} {Draws(1, 0).luck(np.array([5]))[0]}"
    assert mark.startswith("ready-"), "numba's own folders are those of one checkout"
    assert list(tmp_path.glob("code-*/**/*_fill_luck*.nbc")), "kept all the same"
