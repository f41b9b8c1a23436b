"""What was read from a text, kept between commands: a YAML file takes ten times longer to parse than its data to be loaded.

A reading is kept under a digest of everything it depends on: the bytes read, the sources of the code that reads, the versions
of Python and of the parser. It cannot be stale; a file that was cut short or changed on the disk is not what its own digest
says, and is made anew. Several processes may write one at once: each writes its own file and renames it. Where nothing can be
written, texts are read each time. As with machine code, what is kept is trusted as much as the folder is
(:mod:`sim.engine.cache_folder`): only its user should be able to write there.
"""

from __future__ import annotations

import pickle
import sys
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, TypeVar

from sim.engine import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

_SIZE = 16
_KEPT = 512
"""How many readings stay on disk, some ten kilobytes each; those made first go first."""


def kept(kind: str, depends_on: Iterable[bytes], read: Callable[[], T]) -> T:
    """Return what ``read`` gives, from the disk if it was read before; what it raises is not kept.

    Parameters
    ----------
    kind
        First word of the file's name.
    depends_on
        Everything the reading depends on: texts, sources of the code that reads them (:func:`sources`), versions.
    """
    key = blake2b(repr(sys.version_info).encode(), digest_size=_SIZE)
    for part in depends_on:
        key.update(b"%d\0" % len(part))
        key.update(part)
    path = cache_folder.folder() / "readings" / f"{kind}-{key.hexdigest()}"
    with suppress(Exception):  # absent, cut short, or made by a class that is no longer there
        digest, packed = path.read_bytes().split(b"\n", 1)
        if digest == _digest(packed):
            found: T = pickle.loads(packed)  # noqa: S301 (see above)
            return found
    fresh = read()
    with suppress(OSError):
        _write(path, pickle.dumps(fresh, protocol=5))
    return fresh


def sources(*files: str) -> list[bytes]:
    """Bytes of the sources of some modules, by their ``__file__``."""
    return [Path(file).read_bytes() for file in files]


def _digest(packed: bytes) -> bytes:
    return blake2b(packed, digest_size=_SIZE).hexdigest().encode()


def _write(path: Path, packed: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(_digest(packed) + b"\n" + packed)
    Path(file.name).replace(path)
    made = sorted(path.parent.iterdir(), key=_made, reverse=True)
    for old in made[_KEPT:]:
        old.unlink(missing_ok=True)


def _made(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another process has just deleted it
        return 0.0
