from __future__ import annotations

from pathlib import Path

from sim.engine import compile as compiler
from sim.engine.keeping import code_folder
from sim.randomness import _fill


def test_machine_code_is_kept_under_the_key_of_the_source_whatever_numba_reads_again(monkeypatch):
    compiler.import_numba()
    monkeypatch.setenv("NUMBA_DEBUG_CACHE", "0")  # any change of its environment makes numba read its configuration again
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/nowhere")

    assert compiler.compiled_form(lambda number: number + 1)(1) == 2
    assert code_folder() == Path(compiler.compiled_form(_fill).stats.cache_path)
