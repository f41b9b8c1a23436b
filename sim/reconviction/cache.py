"""Solutions kept between runs, by a digest of what they were solved from.

A file holds plain JSON, is written whole or not at all, and may be deleted at any time: the same figures are then
solved again. The folder is that of :mod:`sim.engine.cache_folder`. Where nothing can be written nothing
is kept, and nothing else changes.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from sim.engine.cache_folder import folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def digest_of(inputs: Mapping[str, Any]) -> str:
    """SHA-256 of plain data, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def kept(kind: str, inputs: Mapping[str, Any], solve: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what was solved from these inputs, from the folder if it is there, else by solving it.

    Parameters
    ----------
    kind
        First word of the file's name.
    inputs
        Plain data the solution depends on, the version of the method included.
    solve
        Gives the solution as plain data.
    """
    digest = digest_of(inputs)
    path = folder() / f"{kind}-{digest[:24]}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["digest"] == digest:
            solution: dict[str, Any] = found["solution"]
            return solution
    # Through JSON in both cases, so that a kept solution and a fresh one are the same to the last bit and type.
    text = json.dumps({"digest": digest, "inputs": inputs, "solution": solve()})
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False, encoding="utf-8") as part:
            part.write(text)
        Path(part.name).replace(path)
    fresh: dict[str, Any] = json.loads(text)["solution"]
    return fresh
