"""A pipe or a device where a file is expected is refused, not waited for."""

from __future__ import annotations

import os
import sys

import pytest

from sim.errors import NOT_ORDINARY


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipes there")
@pytest.mark.parametrize(
    ("command", "name"), [(("check",), "f.yaml"), (("run",), "f.yaml"), (("plan",), "e.yaml"), (("data", "refresh"), "q.csv")]
)
def test_a_pipe_in_place_of_a_file_is_refused_at_once(sortie, tmp_path, command, name):
    os.mkfifo(tmp_path / name)
    answer = sortie(*command, str(tmp_path / name))
    assert answer.code == 2
    assert NOT_ORDINARY.partition(":")[0] in " ".join(answer.err.split())
