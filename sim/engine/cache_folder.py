"""The folder of what is made once and kept between runs: solutions, machine code. It may be deleted at any time."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "SORTIE_CACHE"
"""Environment variable that names the folder."""


def folder() -> Path:
    """Return the folder; it need not exist."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.path.expanduser(base)) / "sortie"  # noqa: PTH111 (Path's own raises where there is no home)
