"""Files written whole or not at all, by several processes side by side, and what a killed one leaves swept away.

A file, or the folder of a replication, is written under a temporary name that says which process of which machine writes it,
flushed to the disk, and renamed.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import time
from functools import lru_cache
from pathlib import Path

_DAY_OLD = 86_400.0
_SWEEPS = 5


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, flush it to the disk, and rename it: never half a file."""
    temporary = path.with_name(f".{path.name}-{machine()}-{os.getpid()}")
    try:
        write_flushed(temporary, content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    flush(path.parent)


def write_flushed(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def flush(folder: Path) -> None:
    """Make a rename in this folder last through a power cut (a folder is a file too, on POSIX)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def clear_remains(folder: Path) -> None:
    """Remove what a process that was killed left half written in a folder, under its temporary name."""
    for sweep in range(_SWEEPS):
        # Listed anew each time: a shared file system may still be finishing what a dead process asked of it.
        found = [left for left in folder.glob(".*-*-*") if not _alive(left)]
        if not found:
            return
        if sweep:
            time.sleep(0.05)
        for left in found:
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def machine() -> str:
    """Name of the space in which a process number means something: eight digits that say nothing else of the machine.

    Workers of several machines write under one shared folder; a number that is nobody's here may be somebody's there.
    """
    parts = []
    for source in ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"):
        try:
            path = Path(source)
            parts.append(str(path.readlink()) if path.is_symlink() else path.read_text())
        except OSError:  # not Linux
            parts.append(platform.node())
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:8]


def _alive(temporary: Path) -> bool:
    """Say whether the process that a temporary name ends with may still be writing there."""
    try:
        _, where, process = temporary.name.rsplit("-", 2)
        if where != machine():
            return time.time() - temporary.stat().st_mtime < _DAY_OLD
        os.kill(int(process), 0)
    except PermissionError:
        return True
    except (ValueError, OSError):
        return False
    return not _buried_by_nobody(int(process))


def _buried_by_nobody(process: int) -> bool:
    """Say whether a process has ended but still has a number, because its parent has not asked how it ended.

    Workers of a command that was killed go to the first process of the machine; in a container that may be any program, and
    most programs never ask.
    """
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:  # gone in between, or not Linux
        return False
    return status.rpartition(")")[2].split()[0] in {"Z", "X"}
