"""A program that asks for runs need not guard itself against its own workers."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

ASKS = """
from sim.experiments.execution import _Worker
print("asked", flush=True)
worker = _Worker(None)
worker.pipe.close()
worker.process.join()
print(worker.process.exitcode)
"""


@pytest.mark.parametrize("how", ["file", "standard input"])
def test_a_worker_does_not_run_the_program_that_starts_it(root, tmp_path, how):
    script = tmp_path / "asks.py"
    script.write_text(ASKS)
    words = [sys.executable, "-"] if how == "standard input" else [sys.executable, str(script)]
    env = {**os.environ, "PYTHONPATH": str(root)}
    said = subprocess.run(words, input=ASKS, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.split() == ["asked", "0"]
