from __future__ import annotations

from sim import compiling


def test_machine_code_is_kept_under_the_key_of_the_whole_source_whatever_numba_reads_again(monkeypatch):
    numba = compiling.import_numba()
    monkeypatch.setenv("NUMBA_DEBUG_CACHE", "0")  # any change of its environment makes numba read its configuration again

    assert compiling.jit(lambda number: number + 1)(1) == 2
    assert str(compiling.code_folder()) == numba.config.CACHE_DIR
