"""The benchmarks are scripts that import one another: their folder is one to import from, after every other."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))
