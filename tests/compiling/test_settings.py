from __future__ import annotations

from sim.engine import compile as compiler


def test_machine_code_is_kept_under_the_key_of_the_whole_source_whatever_numba_reads_again(monkeypatch):
    numba = compiler.import_numba()
    monkeypatch.setenv("NUMBA_DEBUG_CACHE", "0")  # any change of its environment makes numba read its configuration again

    assert compiler.jit(lambda number: number + 1)(1) == 2
    assert str(compiler.code_folder()) == numba.config.CACHE_DIR
