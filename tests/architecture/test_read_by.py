"""Who reads each rule and each parameter is derived from the code, and written down where the scenario layer finds it."""

from __future__ import annotations

import subprocess
import sys


def test_the_code_is_still_read_as_it_is_written_down(root):
    """The derivation follows the engine's own code, uncompiled: in a process of its own."""
    command = [sys.executable, "docs/read_by.py", "--check"]
    found = subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)
    assert found.returncode == 0, f"python docs/generate.py writes anew: {found.stdout}{found.stderr}"
