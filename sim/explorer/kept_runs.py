"""Runs that visitors asked for: how long they are kept and how much room they may take, on a server for others.

``SORTIE_RUNS_DAYS`` and ``SORTIE_RUNS_QUOTA_GB``; without them everything is kept, as on one's own machine. What goes first is
what nobody has looked at for longest. Only folders that are runs are removed, never one that is being made, nor one looked at
within the hour.
"""

from __future__ import annotations

import contextlib
import math
import os
import shutil
import time
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

DAYS, QUOTA = "SORTIE_RUNS_DAYS", "SORTIE_RUNS_QUOTA_GB"
_DAY, _HOUR, _GB = 86_400.0, 3_600.0, 1e9
_MANIFEST = "manifest.json"


class Limits(NamedTuple):
    """What a server keeps; None for no limit."""

    seconds: float | None = None
    """Since a run was made or last looked at."""
    bytes: float | None = None
    """Of all runs together."""


class Kept(NamedTuple):
    """A run that is kept."""

    path: Path
    used: float
    """When it was made or last looked at, seconds since 1970."""
    bytes: int


def limits_of(environment: Mapping[str, str]) -> Limits:
    """Read the limits of a server.

    Raises
    ------
    RequestError
        If one of them is no number above 0.
    """
    days, quota = (_number(environment, name) for name in (DAYS, QUOTA))
    return Limits(None if days is None else days * _DAY, None if quota is None else quota * _GB)


def _number(environment: Mapping[str, str], name: str) -> float | None:
    text = environment.get(name, "").strip()
    if not text:
        return None
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        found = math.nan
    if not 0 < found < math.inf:
        msg = f"{name}: met '{text}', expected a number above 0."
        raise RequestError(msg)
    return found


def kept(folder: Path) -> Iterator[Kept]:
    """Give the runs below a folder: ``<scenario>/<run>/manifest.json``, links left out."""
    for manifest in sorted(folder.glob(f"*/*/{_MANIFEST}")):
        run = manifest.parent
        if run.is_symlink() or run.parent.is_symlink() or not (run / "replications").is_dir():
            continue
        with contextlib.suppress(OSError):  # another process may be removing it
            yield Kept(run, manifest.stat().st_mtime, sum(file.stat().st_size for file in run.rglob("*") if file.is_file()))


def looked_at(run: Path) -> None:
    """Say that somebody looks at a run: it is kept for longer."""
    with contextlib.suppress(OSError):
        os.utime(run / _MANIFEST)


def make_room(folder: Path, limits: Limits, in_use: Collection[Path], now: float | None = None) -> list[Path]:
    """Remove what is kept for longer than the limits allow, then what nobody has looked at for longest.

    Parameters
    ----------
    folder
        Of the runs of visitors.
    in_use
        Runs that wait, or are being made.
    now
        Seconds since 1970; those of the clock by default.

    Returns
    -------
        What was removed.

    Raises
    ------
    RequestError
        If what may not be removed fills the quota.
    """
    if limits == Limits():
        return []
    now = time.time() if now is None else now
    runs = sorted(kept(folder), key=lambda run: run.used)
    free = [run for run in runs if run.path not in in_use and now - run.used > _HOUR]
    gone = [run for run in free if limits.seconds is not None and now - run.used > limits.seconds]
    left = sum(run.bytes for run in runs) - sum(run.bytes for run in gone)
    if limits.bytes is not None:
        for run in free:
            if left <= limits.bytes:
                break
            if run not in gone:
                gone.append(run)
                left -= run.bytes
    for run in gone:
        _remove(run.path)
    if limits.bytes is not None and left > limits.bytes:
        msg = "the runs of the last hour fill the room this server has: try again later, or run the command yourself."
        raise RequestError(msg)
    return [run.path for run in gone]


def _remove(run: Path) -> None:
    """Remove a run: out of sight first, so that nobody opens a half of it."""
    aside = run.with_name(f".{run.name}-gone")
    with contextlib.suppress(OSError):
        shutil.rmtree(aside, ignore_errors=True)
        run.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)
        run.parent.rmdir()  # the folder of the scenario, if it was the last
