from __future__ import annotations

from sim import compiling


def test_machine_code_is_kept_under_the_key_of_the_whole_source_after_something_was_compiled():
    twin = compiling.jit(lambda number: number + 1)

    assert twin(1) == 2
    assert compiling._numba().config.CACHE_DIR == str(compiling.cache_folder())
